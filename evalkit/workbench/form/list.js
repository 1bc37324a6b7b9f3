// The list of applicants at the side, with how far each of them is.

class ApplicantList {
  constructor(frame) {
    Object.assign(this, { frame, ledger: frame.ledger, t: frame.t });
    const { panel, expert, applicants } = this.ledger.view;
    this.count = h("p", { class: "ek-count" });
    this.next = button("ek-next", this.t("next_unfinished"), () => frame.openNext());
    this.items = applicants.map((applicant) => this.buildItem(applicant));
    const list = h("ul", {}, ...this.items.map(({ root }) => h("li", {}, root)));
    this.root = h(
      "div",
      { class: "ek-side", id: `${frame.id}-side` },
      h("p", { class: "ek-title" }, panel.title),
      h("p", { class: "ek-expert" }, this.t("expert", { name: expert.name, role: this.t(expert.role) })),
      h("div", { class: "ek-side-head" }, this.count, this.next),
      h("nav", { "aria-label": this.t("applicants") }, list),
    );
  }

  buildItem(applicant) {
    const { id, name } = applicant;
    const progress = h("span", { class: "ek-progress" });
    const onclick = () => this.frame.open(id);
    const attributes = { type: "button", class: "ek-applicant", "data-applicant": id, onclick };
    const own = h("span", { class: "ek-own" });
    const root = h("button", attributes, h("span", {}, name), " ", own, " ", progress);
    const groups = groupsOf(this.ledger.view, applicant, this.t);
    const keys = openFields(groups).map((field) => field.key);
    return { id, keys, root, progress, own, groups };
  }

  update() {
    const { applicants } = this.ledger.view;
    for (const item of this.items) this.updateItem(item);
    const [n, total] = [(a) => a.submitted, (a) => !a.conflict].map((of) => applicants.filter(of).length);
    write(this.count, this.t("submitted_count", { n, total }));
    this.next.hidden = !this.frame.unfinished();
  }

  updateItem({ id, keys, root, progress, own, groups }) {
    const { ledger, t } = this;
    const { total } = sheetWorth(groups, ({ key }) => ledger.counted(key));
    write(own, total === null ? "" : t("own_total", { n: total }));
    const applicant = ledger.applicant(id);
    const done = keys.filter((key) => ledger.counted(key).state).length;
    const unsaved = keys.filter((key) => ["late", "problem"].includes(ledger.status(key))).length;
    const kind = applicant.conflict ? "conflict" : applicant.submitted ? "submitted" : unsaved ? "unsaved" : "open";
    const fraction = t("fraction", { n: done, total: keys.length });
    write(progress, kind === "open" ? fraction : t(`item_${kind}`, { n: unsaved }));
    root.dataset.kind = kind === "open" && done === keys.length ? "full" : kind;
    root.setAttribute("aria-current", String(id === this.frame.current));
    root.tabIndex = id === this.frame.current ? 0 : -1;
  }

  focus() {
    this.items.find(({ id }) => id === this.frame.current)?.root.focus();
  }

  key(event) {
    const at = this.items.findIndex(({ root }) => root === event.target);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: this.items.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    this.items[to]?.root.focus();
  }
}
