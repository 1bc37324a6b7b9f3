// What is read beside the fields of an applicant: asked for when its sheet is opened, and kept.

const STALE = 5000; // ms until an applicant that is opened again is asked for anew

class Contents {
  constructor(ledger) {
    this.ledger = ledger;
    this.known = new Map(); // applicant -> { statements, measured, recognised }
    this.asked = new Map(); // applicant -> when
    this.problems = new Map(); // applicant -> why it cannot be read
  }

  /** Those of a ledger. */
  static of(ledger) {
    ledger.contents ??= new Contents(ledger);
    return ledger.contents;
  }

  get(applicant) {
    return this.known.get(applicant) ?? null;
  }

  problem(applicant) {
    return this.problems.get(applicant) ?? "";
  }

  async load(applicant, now = false) {
    if (!now && Date.now() - (this.asked.get(applicant) ?? -STALE) < STALE) return;
    this.asked.set(applicant, Date.now());
    try {
      const { answer } = await request(this.ledger, { type: "read", applicant });
      this.known.set(applicant, answer);
      this.problems.delete(applicant);
    } catch (problem) {
      this.asked.delete(applicant);
      this.problems.set(applicant, String(problem));
    }
    this.ledger.changed();
  }
}

/** A text that is long: its beginning, and the rest when it is asked for. */
function readable(text, t) {
  if (text.length <= 160) return h("span", { class: "ek-quoted" }, text);
  const head = h("summary", {}, `${text.slice(0, 80)}…`, h("span", { class: "ek-unfold" }, t("whole_text")));
  return h("details", { class: "ek-quoted" }, head, h("p", {}, text));
}

/** One statement: what is stated, what the department says, a note, and where it is proved. */
function statementParts(row, sheet, applicant) {
  const { t } = sheet;
  const parts = ["statement", "verdict", "note"].filter((name) => row[name]).map((name) => {
    return h("div", { class: `ek-stated ek-${name}` }, h("dt", {}, t(`stated_${name}`)), h("dd", {}, readable(row[name], t)));
  });
  const list = parts.length ? [h("dl", {}, ...parts)] : [];
  if (!row.file) return list;
  const text = row.page ? t("material_page", row) : t("material", row);
  return [...list, button("ek-link ek-file", text, () => new Material(sheet.frame, applicant, row).open())];
}
