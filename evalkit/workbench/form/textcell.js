// A cell that is only a text: a remark, or the reason of a dispute. The ledger keeps it like a score.

class TextCell {
  /** `field` is { key, applicant, indicator, read? }, `label` names the box for everybody. */
  constructor(ledger, field, label, id) {
    Object.assign(this, { ledger, field, label, id, t: ledger.t.bind(ledger) });
    const attributes = { class: "ek-text ek-own-text", id, rows: 2, autocomplete: "off", "aria-label": label };
    this.box = h("textarea", { ...attributes, "aria-describedby": `${id}-problem ${id}-state` });
    this.state = h("p", { class: "ek-state", id: `${id}-state` });
    this.problem = h("p", { class: "ek-problem", id: `${id}-problem`, "aria-live": "polite" });
    this.choices = h("div", { class: "ek-choices" });
    this.box.addEventListener("input", () => ledger.type(field.key, { text: this.box.value }));
    this.box.addEventListener("blur", () => ledger.commit(field));
    this.box.addEventListener("keydown", (event) => event.key === "Escape" && ledger.revert(field.key));
    this.parts = [this.box, this.state, this.problem, this.choices];
  }

  focus() {
    this.box.focus();
  }

  named(key) {
    return this.t(key, { name: this.label });
  }

  say({ state, text }) {
    const value = state ? this.t(state) : "";
    return [value, text].filter(Boolean).join(this.t("dot")) || this.t("blank");
  }

  update() {
    const { ledger, field, t } = this;
    const { text } = ledger.shown(field.key);
    const { problem, refused, theirs } = ledger.drafts.get(field.key) ?? {};
    const open = !ledger.closed(field.applicant);
    if (this.box.value !== text) this.box.value = text;
    this.box.readOnly = !open;
    this.box.setAttribute("aria-invalid", String(Boolean(problem)));
    write(this.state, this.stateText());
    const lapsed = ledger.lapsed.get(field.key);
    write(this.problem, lapsed ? t("lapsed", { value: this.say(lapsed) }) : problem ? t(...problem) : "");
    const { offer, forget } = Row.prototype;
    const offers = lapsed ? () => forget.call(this) : () => (open && refused ? offer.call(this, theirs) : []);
    rebuild(this.choices, [open && refused, theirs, lapsed], offers);
  }

  stateText() {
    const status = this.ledger.status(this.field.key);
    if (this.ledger.closed(this.field.applicant)) return "";
    const { state, text } = this.ledger.shown(this.field.key);
    return status === "saved" && !state && !text ? this.t("cleared") : this.statusWord(status);
  }

  statusWord(status) {
    if (status === "blank") return "";
    return this.t(["saved", "saving"].includes(status) ? status : "unsaved");
  }

  /** What stands in the way of submitting, as of a section. */
  issues() {
    const status = this.ledger.status(this.field.key);
    const kind = { problem: "invalid", saving: "waiting", late: "waiting" }[status];
    return kind ? [{ kind, label: this.label, focus: () => this.focus() }] : [];
  }
}
