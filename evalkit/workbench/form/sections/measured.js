// Measured values with the points that follow from them: the expert has no objection, or says why.

const STANDS = ["confirmed", "disputed"];

/** A stand as the log is to hold it: a dispute says why. */
function readStand({ state, text }) {
  const reason = text.trim();
  if (state !== "disputed") return { wanted: { state: state ? "confirmed" : "", points: "", text: "" } };
  return reason ? { wanted: { state, points: "", text: reason } } : { problem: ["reason_missing"] };
}

/** One measured value: what it is, what it comes to, how the expert stands to it. */
class Stand {
  constructor(sheet, applicant, value) {
    Object.assign(this, { value, ledger: sheet.ledger, t: sheet.t });
    const indicator = `stand:${value.id}`;
    this.field = { key: `${applicant.id}/${indicator}`, applicant: applicant.id, indicator, read: readStand };
    const name = `${value.number} ${value.name}`.trim();
    this.name = name;
    this.buttons = STANDS.map((state) => {
      return button("ek-toggle", this.t(state), () => this.press(state), this.t(`${state}_label`, { name }));
    });
    this.reason = new TextCell(sheet.ledger, this.field, this.t("dispute_label", { name }), `${sheet.id}-${indicator}`);
    this.reason.box.placeholder = this.t("dispute_why");
    this.said = h("p", { class: "ek-stand-said" });
    this.words = h("div", { class: "ek-stand-reason" }, ...this.reason.parts);
    this.choice = h("div", { class: "ek-stand-choice" }, ...this.buttons, this.said);
    this.root = h("div", { class: "ek-stand" }, this.facts(value), this.choice, this.words);
  }

  facts({ value, unit, evidence, points, max, why, how }) {
    const { t } = this;
    const shown = /[0-9]$/.test(value) && unit ? `${value} ${unit}` : value;
    const parts = [h("b", {}, value ? t("measured_value", { value: shown }) : t("measured"))];
    parts.push(h("span", { class: "ek-computed" }, points === null ? why : t("measured_points", { points, max: plain(max) })));
    if (evidence) parts.push(h("span", { class: "ek-evidence" }, t("measured_by", { evidence })));
    return h("p", { class: "ek-measured" }, ...parts, h("span", { class: "ek-how" }, how));
  }

  press(state) {
    const { ledger, field } = this;
    if (state === "disputed") {
      ledger.type(field.key, { state });
      this.reason.focus();
    } else {
      ledger.type(field.key, { state, text: "" });
      ledger.commit(field);
    }
  }

  update() {
    const { ledger, field, t } = this;
    const { state } = ledger.shown(field.key);
    const open = !ledger.closed(field.applicant) && Boolean(this.value.value);
    this.buttons.forEach((node, n) => {
      node.setAttribute("aria-pressed", String(state === STANDS[n]));
      node.disabled = !open;
      node.hidden = !open && state !== STANDS[n];
    });
    this.words.hidden = state !== "disputed";
    this.reason.update();
    const status = ledger.status(field.key);
    const { answer } = this.value;
    const saved = state === "confirmed" && !ledger.closed(field.applicant) ? this.reason.statusWord(status) : "";
    write(this.said, answer && state === "disputed" ? t("dispute_answered", { answer }) : saved);
  }

  issues() {
    return this.reason.issues();
  }
}

/** Those that experts give no points beside: they have no row among the scores. */
class Measured {
  constructor(sheet, applicant) {
    Object.assign(this, { sheet, applicant, ledger: sheet.ledger, t: sheet.t, items: [], sign: null });
    this.sum = h("span", { class: "ek-group-sum" });
    this.list = h("ul", { class: "ek-values" });
    const head = h("div", { class: "ek-group-head" }, h("h2", { class: "ek-group-name" }, this.t("measured_title")), this.sum);
    this.root = h("section", { class: "ek-group ek-measures", "data-depth": "0" }, head, h("p", { class: "ek-note" }, this.t("measured_note")), this.list);
    this.root.hidden = true;
  }

  update() {
    const found = Contents.of(this.ledger).get(this.applicant.id);
    const alone = found?.measured.filter((value) => value.alone) ?? [];
    const sign = JSON.stringify([alone, found?.statements]);
    if (sign !== this.sign) {
      this.sign = sign;
      this.root.hidden = !alone.length;
      this.items = alone.map((value) => new Stand(this.sheet, this.applicant, value));
      this.list.replaceChildren(...this.items.map((item) => this.line(item, found.statements[item.value.id] ?? [])));
    }
    for (const item of this.items) item.update();
    const points = alone.map((value) => value.points).filter((value) => value !== null);
    write(this.sum, alone.length ? this.t("measured_sum", { n: sum(points) ?? "–", known: points.length, total: alone.length }) : "");
  }

  line(item, statements) {
    const stated = statements.flatMap((one) => statementParts(one, this.sheet, this.applicant.id));
    return h("li", { class: "ek-value" }, h("h3", { class: "ek-name" }, item.name), ...stated, item.root);
  }

  issues() {
    return this.items.flatMap((item) => item.issues());
  }
}

SECTIONS.push({
  name: "measured",
  order: 60,
  make: (sheet, applicant) => (applicant.conflict ? null : new Measured(sheet, applicant)),
});
