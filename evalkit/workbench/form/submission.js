// Submitting a sheet: what still stands in the way, or one question, and then nothing can change.

class Submission {
  constructor(sheet) {
    Object.assign(this, { sheet, ledger: sheet.ledger, t: sheet.t, asked: false });
    this.button = button("ek-solid ek-submit", this.t("submit"), () => this.ask());
    this.root = h("div", { class: "ek-panel", role: "group", tabindex: "-1", "aria-label": this.t("submission") });
  }

  /** What stands in the way: { kind, label, focus() } of each. */
  issues() {
    return this.sheet.sections.flatMap((section) => section.issues?.() ?? []);
  }

  close() {
    this.asked = false;
  }

  ask(asked = true) {
    this.sheet.leave();
    this.asked = asked;
    this.sheet.update();
    if (asked) this.sheet.frame.body.scrollTop = 0;
    (asked ? this.root : this.button).focus();
  }

  update() {
    const { ledger, sheet } = this;
    const { current } = sheet.frame;
    this.button.hidden = ledger.closed(current);
    const asked = this.asked && !ledger.closed(current);
    const issues = asked ? this.issues() : [];
    const shows = { asked, current, sent: ledger.pending.has(`${current}/`), refusal: ledger.refusals.get(`${current}/`) };
    const listed = issues.map(({ kind, label }) => [kind, label]);
    const focused = this.root.contains(document.activeElement);
    rebuild(this.root, { ...shows, listed, total: sheet.total.textContent }, () => (asked ? this.contents(shows, issues) : []));
    if (focused && !this.root.contains(document.activeElement)) this.root.focus(); // what had it has gone
    if (focused && this.root.hidden) sheet.title.focus();
  }

  contents({ sent, refusal }, issues) {
    const close = button("", this.t("go_on"), () => this.ask(false));
    if (sent) return [h("p", {}, this.t("submitting"))];
    if (issues.length) return [h("h2", {}, this.t("not_yet")), ...this.issueParts(issues), close];
    const { applicant, total, parts } = this.sheet;
    return [
      h("h2", {}, this.t("ask_submit", { name: applicant.name, total: total.textContent })),
      ...(refusal ? [h("p", { class: "ek-problem" }, refusal)] : []),
      h("p", {}, parts.textContent),
      h("p", {}, this.t(this.ledger.view.withdrawal === null ? "final_at_lock" : "final")),
      button("ek-solid ek-confirm", this.t("confirm_submit"), () => this.confirm()),
      close,
    ];
  }

  issueParts(issues) {
    return [...new Set(issues.map(({ kind }) => kind))].flatMap((kind) => {
      const found = issues.filter((issue) => issue.kind === kind);
      const links = found.map((issue) => h("li", {}, button("ek-link", issue.label, () => issue.focus())));
      return [h("p", {}, this.t(`issue_${kind}`, { n: found.length })), h("ul", {}, ...links)];
    });
  }

  confirm() {
    if (!this.issues().length) this.ledger.submit(this.sheet.frame.current);
  }
}
