// A word to the secretary about this applicant. It stays in its box until it is known to be stored.

class MessageBox {
  constructor(sheet, applicant) {
    Object.assign(this, { ledger: sheet.ledger, t: sheet.t, id: applicant.id, key: `message:${applicant.id}` });
    const label = this.t("message");
    const attributes = { class: "ek-text ek-own-text", id: `${sheet.id}-message`, rows: 2, maxlength: 4000, "aria-label": label };
    this.box = h("textarea", { ...attributes, placeholder: this.t("message_hint"), autocomplete: "off" });
    const kept = this.ledger.session.get(this.key);
    this.box.value = kept?.text ?? "";
    this.event_id = kept?.event_id ?? newId();
    this.said = h("p", { class: "ek-note", role: "status" });
    this.send = button("ek-send", this.t("message_send"), () => this.post());
    this.box.addEventListener("input", () => this.typed());
    const head = h("div", { class: "ek-group-head" }, h("h2", { class: "ek-group-name" }, label));
    this.root = h("section", { class: "ek-group ek-message", "data-depth": "0" }, head, this.box, h("div", { class: "ek-actions" }, this.send, this.said));
  }

  /** Another text is another message; the same one sent again is stored once. */
  typed() {
    this.event_id = newId();
    this.ledger.session.set(this.key, { text: this.box.value, event_id: this.event_id });
    write(this.said, "");
  }

  update() {
    this.root.hidden = this.ledger.view.locked;
  }

  async post() {
    const { event_id } = this;
    if (!this.box.value.trim()) return this.box.focus();
    write(this.said, this.t("saving"));
    try {
      const sent = { type: "message", applicant: this.id, text: this.box.value, event_id };
      const { answer } = await request(this.ledger, sent);
      if (this.event_id === event_id) {
        this.box.value = "";
        this.ledger.session.remove(this.key);
      }
      this.event_id = newId();
      write(this.said, this.t("message_sent", answer));
    } catch (problem) {
      write(this.said, String(problem));
    }
  }
}

SECTIONS.push({ name: "message", order: 90, make: (sheet, applicant) => new MessageBox(sheet, applicant) });
