// After submitting: the receipt to keep, and where the panel allows it, the way back.

class Receipt {
  constructor(sheet, applicant) {
    Object.assign(this, { sheet, id: applicant.id, ledger: sheet.ledger, t: sheet.t, asking: false, problem: "" });
    this.root = h("section", { class: "ek-receipt", "aria-label": this.t("receipt") });
  }

  update() {
    const { view } = this.ledger;
    const { receipt, submitted } = this.ledger.applicant(this.id) ?? {};
    const shows = [submitted && receipt, view.locked, view.withdrawal, this.asking, this.problem, this.copied];
    rebuild(this.root, shows, () => (submitted && receipt ? this.parts(receipt, view) : []));
  }

  parts(receipt, { locked, withdrawal }) {
    const { t } = this;
    const line = h("code", { class: "ek-receipt-line" }, receipt.line);
    const copy = button("", t("copy_receipt"), async () => {
      this.copied = await copyText(receipt.line);
      this.update();
      this.root.querySelector(".ek-copy")?.focus();
    });
    copy.classList.add("ek-copy");
    const said = h("p", { role: "status" }, this.copied ? t("receipt_copied") : "");
    const head = h("p", {}, h("b", {}, t("receipt_code", receipt)), ` ${t("receipt_at", receipt)}`);
    const way = locked ? [] : withdrawal ? [h("p", { class: "ek-note" }, withdrawal)] : this.wayBack();
    return [head, h("p", { class: "ek-note" }, t("receipt_note")), line, h("div", { class: "ek-actions" }, copy, said), ...way];
  }

  wayBack() {
    const { t } = this;
    if (!this.asking) return [button("ek-withdraw", t("withdraw"), () => this.ask(true))];
    const why = h("input", { class: "ek-text", type: "text", maxlength: 400, autocomplete: "off", "aria-label": t("withdraw_why") });
    why.placeholder = t("withdraw_why");
    const problem = this.problem ? [h("p", { class: "ek-problem", role: "alert" }, this.problem)] : [];
    const yes = button("ek-solid ek-withdraw-yes", t("withdraw_yes"), () => this.withdraw(why.value));
    return [h("p", {}, t("withdraw_ask")), why, ...problem, h("div", { class: "ek-actions" }, yes, button("", t("withdraw_no"), () => this.ask(false)))];
  }

  ask(asking) {
    Object.assign(this, { asking, problem: "" });
    this.update();
    this.root.querySelector(asking ? "input" : ".ek-withdraw")?.focus();
  }

  async withdraw(text) {
    try {
      await request(this.ledger, { type: "withdraw", applicant: this.id, text });
      this.asking = false;
      this.ledger.changed();
      this.sheet.focus?.();
    } catch (problem) {
      this.problem = String(problem);
      this.update();
    }
  }
}

/** The receipt on paper. */
function printedReceipt(_ledger, { submitted, receipt }, t) {
  if (!submitted || !receipt) return [];
  const words = `${t("receipt_code", receipt)} ${t("receipt_at", receipt)}`;
  return [h("h2", {}, t("receipt")), h("p", {}, words), h("p", { class: "ek-paper-line" }, receipt.line)];
}

SECTIONS.push({
  name: "receipt",
  order: 5,
  make: (sheet, applicant) => (applicant.conflict ? null : new Receipt(sheet, applicant)),
  print: printedReceipt,
});
