// Confidence and keeping apart, promised once for all applicants; above everything until it is.

class Commitment {
  constructor(sheet) {
    Object.assign(this, { sheet, ledger: sheet.ledger, t: sheet.t, problem: "" });
    this.root = h("section", { class: "ek-commitment", "aria-label": this.t("commitment") });
  }

  update() {
    const asked = this.ledger.view.commitment;
    const waits = asked && !asked.at && !this.ledger.view.locked;
    this.root.hidden = !waits;
    rebuild(this.root, [waits, asked?.text, this.problem], () => (waits ? this.parts(asked) : []));
  }

  parts({ text, first }) {
    const { t } = this;
    const problem = this.problem ? [h("p", { class: "ek-problem", role: "alert" }, this.problem)] : [];
    const yes = button("ek-solid ek-commit", t("commit_yes"), () => this.give());
    const note = h("p", { class: "ek-note" }, t(first ? "commit_first" : "commit_later"));
    const words = h("p", { class: "ek-commitment-text" }, text);
    return [h("h2", {}, t("commitment")), words, note, ...problem, h("div", { class: "ek-actions" }, yes)];
  }

  async give() {
    try {
      await request(this.ledger, { type: "commit", digest: this.ledger.view.commitment.digest });
      this.ledger.tell({ type: "refresh" });
      this.sheet.focus?.();
    } catch (problem) {
      this.problem = String(problem);
      this.update();
    }
  }
}

SECTIONS.push({
  name: "commitment",
  order: 1,
  make: (sheet, applicant) => (applicant.conflict ? null : new Commitment(sheet)),
});
