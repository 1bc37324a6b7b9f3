// The expert's own sheets on paper: to sign, and to keep. They stand beside the page for as long as
// it is printed, so that nothing around the form can cut them off (`paper.css`).

class Paper {
  constructor(frame) {
    Object.assign(this, { frame, ledger: frame.ledger, t: frame.t, all: false });
    this.before = () => this.lay();
    this.after = () => this.clear();
    window.addEventListener("beforeprint", this.before);
    window.addEventListener("afterprint", this.after);
  }

  end() {
    this.clear();
    window.removeEventListener("beforeprint", this.before);
    window.removeEventListener("afterprint", this.after);
  }

  print(all) {
    this.all = all;
    window.print(); // asks for the printer, after `beforeprint`
  }

  clear() {
    this.root?.remove();
    this.root = null;
    this.all = false;
  }

  /** Lay out what is printed: what the view prints itself, this sheet, or all sheets. */
  lay() {
    const there = document.querySelector(".ek-paper");
    if (!this.frame.root.checkVisibility() || (there && there !== this.root)) return; // another's page
    this.root?.remove();
    const { all } = this;
    const { applicants } = this.ledger.view;
    const wanted = applicants.filter(({ id }) => (all ? !this.ledger.applicant(id).conflict : id === this.frame.current));
    const own = all ? null : this.frame.view.print?.();
    this.root = h("div", { class: "ek-paper", lang: this.frame.root.lang }, ...(own ?? wanted.map((one) => this.sheet(one))));
    document.body.append(this.root);
  }

  sheet(applicant) {
    const { view } = this.ledger;
    const groups = groupsOf(view, applicant, this.t);
    const cell = ({ key }) => this.ledger.cells.get(key) ?? EMPTY; // what is stored, nothing else
    const others = byOrder(SECTIONS).flatMap((section) => section.print?.(this.ledger, applicant, this.t) ?? []);
    return h(
      "article",
      {},
      h("p", { class: "ek-paper-panel" }, view.panel.title),
      h("h1", {}, this.t("paper_title", { name: applicant.name })),
      this.facts(applicant),
      ...(applicant.conflict ? [h("p", {}, this.t("conflict", { reason: applicant.conflict }))] : [this.table(groups, cell)]),
      ...others,
      this.unsaved(groups),
      this.signature(),
    );
  }

  facts(applicant) {
    const { view } = this.ledger;
    const expert = this.t("expert", { name: view.expert.name, role: this.t(view.expert.role) });
    const state = this.t(view.locked ? "paper_locked" : applicant.submitted ? "paper_submitted" : "paper_draft");
    const lines = [["paper_expert", expert], ["paper_state", state], ["lead", applicant.lead], ["partners", applicant.partners.join(this.t("comma"))], ["industry", applicant.industry], ["city", applicant.city]];
    const known = lines.filter(([, value]) => value);
    return h("dl", {}, ...known.map(([key, value]) => h("div", {}, h("dt", {}, this.t(key)), h("dd", {}, value))));
  }

  table(groups, cell) {
    const heads = ["number", "item", "paper_range", "points_word", "comment_word"].map((key) => h("th", { scope: "col" }, this.t(key)));
    const worth = sheetWorth(groups, cell);
    const total = h("tr", { class: "ek-paper-total" }, h("th", { colspan: "3", scope: "row" }, this.t("paper_total")), h("td", {}, worth.total ?? "–"), h("td"));
    const bodies = groups.map((group) => h("tbody", {}, ...this.groupLines(group, cell)));
    return h("table", { class: "ek-paper-scores" }, h("thead", {}, h("tr", {}, ...heads)), ...bodies, h("tbody", {}, total));
  }

  groupLines(group, cell) {
    const { n } = groupWorth(group, cell);
    const head = h("tr", { class: "ek-paper-group" }, h("th", { colspan: "3", scope: "rowgroup" }, `${group.number} ${group.name}`), h("td", {}, group.once ? "" : (n ?? "–")), h("td", {}, group.once ? this.t("panel_decides") : `/ ${plain(group.points)}`));
    return [...(group.rest ? [] : [head]), ...group.fields.map((field) => this.line(field, cell(field)))];
  }

  line(field, { state, points, text }) {
    const score = DECLARED.includes(state) ? this.t(state) : points || (field.shut ? "" : this.t("paper_blank"));
    const cells = [field.number, field.name, field.shut ? "" : this.range(field), score, text];
    return h("tr", {}, ...cells.map((words) => h("td", {}, words)));
  }

  range({ min, max, factor, zero }) {
    const ends = `${zero && plain(min) !== "0" ? "0, " : ""}${plain(min)}–${plain(max)}`;
    return plain(factor) === "1" ? ends : `${ends} × ${plain(factor)}`;
  }

  unsaved(groups) {
    const keys = openFields(groups).map(({ key }) => key);
    const n = keys.filter((key) => this.ledger.pending.has(key) || this.ledger.drafts.has(key)).length;
    return n ? h("p", { class: "ek-paper-warning" }, this.t("paper_unsaved", { n })) : null;
  }

  signature() {
    const line = (key) => h("span", {}, this.t(key), h("i"));
    return h("p", { class: "ek-paper-sign" }, line("paper_sign"), line("paper_date"));
  }
}

const printable = (frame) => Boolean(frame.current);

TOOLS.push(
  { name: "print", order: 50, title: "print", act: (frame) => frame.paper.print(false), when: printable },
  { name: "print-all", order: 51, title: "print_all", act: (frame) => frame.paper.print(true), when: printable, more: true },
);
