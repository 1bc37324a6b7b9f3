// The expert's own statement that this applicant is not for them to score. It cannot be taken back.

class Recusal {
  constructor(sheet, applicant) {
    Object.assign(this, { id: applicant.id, ledger: sheet.ledger, t: sheet.t, asking: false, problem: "" });
    this.root = h("section", { class: "ek-group ek-recusal", "aria-label": this.t("recuse") });
  }

  update() {
    const { locked } = this.ledger.view;
    this.root.hidden = locked;
    rebuild(this.root, [locked, this.asking, this.problem], () => (this.asking ? this.form() : this.offer()));
  }

  offer() {
    return [h("div", { class: "ek-actions" }, button("ek-recuse", this.t("recuse"), () => this.ask(true)))];
  }

  form() {
    const { t } = this;
    const why = h("input", { class: "ek-text", type: "text", maxlength: 400, autocomplete: "off", "aria-label": t("recuse_why") });
    why.placeholder = t("recuse_why");
    const problem = this.problem ? [h("p", { class: "ek-problem", role: "alert" }, this.problem)] : [];
    const yes = button("ek-solid ek-recuse-yes", t("recuse_yes"), () => this.state(why.value));
    return [h("p", {}, t("recuse_ask")), why, ...problem, h("div", { class: "ek-actions" }, yes, button("", t("recuse_no"), () => this.ask(false)))];
  }

  ask(asking) {
    Object.assign(this, { asking, problem: "" });
    this.update();
    this.root.querySelector(asking ? "input" : ".ek-recuse")?.focus();
  }

  async state(text) {
    try {
      await request(this.ledger, { type: "conflict", applicant: this.id, text });
      this.ledger.tell({ type: "refresh" });
    } catch (problem) {
      this.problem = String(problem);
      this.update();
    }
  }
}

SECTIONS.push({
  name: "recusal",
  order: 95,
  make: (sheet, applicant) => (applicant.conflict ? null : new Recusal(sheet, applicant)),
});
