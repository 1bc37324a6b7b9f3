// The list of applicants at the side, with how far each of them is.

const FEW = 6; // applicants that need no search
const STATES = ["all", "open", "submitted", "marked"];

class ApplicantList {
  constructor(frame) {
    Object.assign(this, { frame, ledger: frame.ledger, t: frame.t });
    const { panel, expert, applicants } = this.ledger.view;
    this.count = h("p", { class: "ek-count" });
    this.next = button("ek-next", this.t("next_unfinished"), () => frame.openNext());
    this.items = applicants.map((applicant) => this.buildItem(applicant));
    for (const item of this.items) item.line = h("li", {}, item.root);
    const list = h("ul", {}, ...this.items.map(({ line }) => line));
    this.root = h(
      "div",
      { class: "ek-side", id: `${frame.id}-side` },
      h("p", { class: "ek-title" }, panel.title),
      h("p", { class: "ek-expert" }, this.t("expert", { name: expert.name, role: this.t(expert.role) })),
      h("div", { class: "ek-side-head" }, this.count, this.next),
      this.buildFilter(applicants),
      h("nav", { "aria-label": this.t("applicants") }, list),
    );
  }

  /** Words and a state to look for; a few applicants are found by the eye. */
  buildFilter(applicants) {
    const filter = () => this.filter();
    const words = { type: "search", class: "ek-search", placeholder: this.t("find_applicants"), autocomplete: "off" };
    this.words = h("input", { ...words, "aria-label": this.t("find_applicants"), oninput: filter });
    const options = STATES.map((state) => h("option", { value: state }, this.t(`only_${state}`)));
    this.only = h("select", { class: "ek-select", "aria-label": this.t("only"), onchange: filter }, ...options);
    this.none = h("p", { class: "ek-note", role: "status" });
    const root = h("div", { class: "ek-filter", role: "search", "aria-label": this.t("find_applicants") }, this.words, this.only, this.none);
    root.hidden = applicants.length < FEW;
    this.none.hidden = true;
    return root;
  }

  filter() {
    for (const { id, line, root } of this.items) line.hidden = !this.wants(this.ledger.applicant(id), root.dataset);
    write(this.none, this.items.every(({ line }) => line.hidden) ? this.t("none_found") : "");
  }

  wants(applicant, { kind, marked }) {
    const { name, lead, partners, industry, city } = applicant;
    const all = [name, lead, ...partners, industry, city].join(" ").toLowerCase();
    if (!all.includes(this.words.value.trim().toLowerCase())) return false;
    const only = this.only.value;
    if (only === "open") return !["submitted", "conflict"].includes(kind);
    return only === "all" || (only === "marked" ? marked === "true" : kind === only);
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
    root.dataset.marked = String(keys.some((key) => ledger.marked.has(key)));
    root.setAttribute("aria-current", String(id === this.frame.current));
    root.tabIndex = id === this.frame.current ? 0 : -1;
  }

  focus() {
    this.items.find(({ id }) => id === this.frame.current)?.root.focus();
  }

  key(event) {
    const items = this.items.filter(({ line }) => !line.hidden);
    const at = items.findIndex(({ root }) => root === event.target);
    const down = event.target === this.words ? 0 : at + 1; // from the search into what it found
    const to = { ArrowDown: down, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to === undefined || (at < 0 && !(event.target === this.words && event.key === "ArrowDown"))) return;
    event.preventDefault();
    items[to]?.root.focus();
  }
}
