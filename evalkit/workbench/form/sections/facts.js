// Who the applicant is, in one line.

function facts({ t }, { lead, partners, industry, city }) {
  const all = { lead, partners: partners.join(t("comma")), industry, city };
  const known = Object.entries(all).filter(([, value]) => value);
  const parts = known.map(([key, value]) => h("span", {}, h("b", {}, t(key)), ` ${value}`));
  return { root: h("p", { class: "ek-facts" }, ...parts) };
}

SECTIONS.push({ name: "facts", order: 10, make: facts });
