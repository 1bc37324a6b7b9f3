// Beside each field: what the applicant states, what the department says, what was measured, and the
// material. Over all of them what is stated of the applicant as a whole.

class Reading {
  constructor(sheet, applicant) {
    Object.assign(this, { sheet, applicant, ledger: sheet.ledger, t: sheet.t, stands: [], sign: null });
    this.root = h("div", { class: "ek-whole" });
    this.contents = Contents.of(sheet.ledger);
    this.contents.load(applicant.id);
  }

  /** Rows get their part once it has come; they are those of other sections. */
  update() {
    const found = this.contents.get(this.applicant.id);
    const sign = JSON.stringify([found, this.contents.problem(this.applicant.id)]);
    if (sign !== this.sign) {
      this.sign = sign;
      this.build(found);
    }
    for (const stand of this.stands) stand.update();
  }

  build(found) {
    const problem = this.contents.problem(this.applicant.id);
    const whole = (found?.statements[""] ?? []).flatMap((row) => statementParts(row, this.sheet, this.applicant.id));
    if (problem) whole.push(h("p", { class: "ek-problem" }, problem), this.again());
    this.root.replaceChildren(...whole);
    this.root.hidden = !whole.length;
    for (const node of this.sheet.root.querySelectorAll(".ek-beside")) node.remove();
    this.stands = [];
    for (const row of found ? this.sheet.rows : []) this.besides(row, found);
  }

  again() {
    return button("", this.t("read_again"), () => this.contents.load(this.applicant.id, true));
  }

  besides(row, { statements, measured, recognised }) {
    const { indicator } = row.field;
    const parts = (statements[indicator] ?? []).flatMap((one) => statementParts(one, this.sheet, this.applicant.id));
    const value = measured.find(({ id }) => id === indicator);
    if (value) {
      const stand = new Stand(this.sheet, this.applicant, value);
      this.stands.push(stand);
      parts.push(stand.root);
    }
    const given = recognised[indicator];
    if (given) parts.push(h("p", { class: "ek-recognised" }, this.t("recognised", given)));
    if (parts.length) row.root.append(h("div", { class: "ek-beside" }, ...parts));
  }

  issues() {
    return this.stands.flatMap((stand) => stand.issues());
  }
}

SECTIONS.push({
  name: "reading",
  order: 20,
  make: (sheet, applicant) => (applicant.conflict ? null : new Reading(sheet, applicant)),
});
