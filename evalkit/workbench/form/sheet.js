// The form: the list of applicants, the head that is always in view, the rows, submitting.

let forms = 0; // for ids that are unique on the page

class Sheet {
  constructor(model, el) {
    this.id = `ek${(forms += 1)}`;
    this.root = h("section", { class: "evalkit-sheet", "data-lm-suppress-shortcuts": "true" });
    this.ledger = new Ledger(model, model.get("view"), () => this.update());
    this.t = this.ledger.t.bind(this.ledger);
    this.root.addEventListener("keydown", (event) => this.key(event));
    this.root.addEventListener("mousedown", (event) => this.press(event));
    this.root.addEventListener("focusin", (event) => this.enter(event));
    this.build();
    el.replaceChildren(this.root);
  }

  // -- what is on screen

  build() {
    const { view, session } = this.ledger;
    const open = view.applicants.find(({ id }) => !this.ledger.closed(id)) ?? view.applicants[0];
    this.current = [this.current, session.get("last")].find((id) => id && this.ledger.applicant(id)) ?? open?.id;
    this.shape = shapeOf(view);
    this.root.lang = view.language === "zh" ? "zh-CN" : view.language;
    this.root.setAttribute("aria-label", this.t("sheet", { title: view.panel.title }));
    this.root.replaceChildren(h("div", { class: "ek-frame" }, this.buildSide(view), ...this.buildMain()));
    this.show();
  }

  buildSide({ panel, expert, applicants }) {
    this.count = h("p", { class: "ek-count" });
    this.next = button("ek-next", this.t("next_unfinished"), () => this.openNext());
    this.items = applicants.map((applicant) => this.buildItem(applicant));
    const list = h("ul", {}, ...this.items.map(({ root }) => h("li", {}, root)));
    return h(
      "div",
      { class: "ek-side", id: `${this.id}-side` },
      h("p", { class: "ek-title" }, panel.title),
      h("p", { class: "ek-expert" }, this.t("expert", { name: expert.name, role: this.t(expert.role) })),
      h("div", { class: "ek-side-head" }, this.count, this.next),
      h("nav", { "aria-label": this.t("applicants") }, list),
    );
  }

  buildItem(applicant) {
    const { id, name } = applicant;
    const progress = h("span", { class: "ek-progress" });
    const attributes = { type: "button", class: "ek-applicant", "data-applicant": id, onclick: () => this.open(id) };
    const root = h("button", attributes, h("span", {}, name), " ", progress);
    const keys = openFields(groupsOf(this.ledger.view, applicant, this.t)).map((field) => field.key);
    return { id, keys, root, progress };
  }

  buildMain() {
    this.menu = button("ek-menu", this.t("menu"), () => this.list(!this.listing));
    this.menu.setAttribute("aria-controls", `${this.id}-side`);
    this.menu.setAttribute("aria-expanded", "false");
    this.title = h("h1", { class: "ek-who", tabindex: "-1" });
    this.total = h("span", { class: "ek-total" });
    this.parts = h("span", { class: "ek-parts" });
    this.saved = h("span", { class: "ek-saved", role: "status" });
    this.submit = button("ek-solid ek-submit", this.t("submit"), () => this.ask());
    this.done = h("span", { class: "ek-done" });
    this.banner = h("p", { class: "ek-banner", role: "alert" });
    this.notice = h("div", { class: "ek-notice", role: "status" });
    this.body = h("div", { class: "ek-body" });
    const sums = h("div", { class: "ek-sums" }, this.total, this.parts, this.saved);
    const head = h("div", { class: "ek-head" }, this.menu, this.title, sums, this.submit, this.done);
    return [head, this.banner, this.notice, this.body];
  }

  /** Put the fields of the current applicant on screen. */
  show() {
    const applicant = this.ledger.applicant(this.current);
    this.asked = false;
    this.rows = [];
    this.groups = applicant ? groupsOf(this.ledger.view, applicant, this.t) : [];
    this.panel = h("div", { class: "ek-panel", role: "group", tabindex: "-1", "aria-label": this.t("submission") });
    const groups = this.groups.map((group) => this.buildGroup(group));
    this.body.replaceChildren(this.panel, ...(applicant ? [this.facts(applicant)] : []), ...groups);
    this.body.scrollTop = 0;
    write(this.title, applicant?.name ?? this.t("no_applicants"));
    this.update();
  }

  facts({ lead, partners, industry, city }) {
    const facts = { lead, partners: partners.join(this.t("comma")), industry, city };
    const known = Object.entries(facts).filter(([, value]) => value);
    const parts = known.map(([key, value]) => h("span", {}, h("b", {}, this.t(key)), ` ${value}`));
    return h("p", { class: "ek-facts" }, ...parts);
  }

  buildGroup(group) {
    group.sum = h("span", { class: "ek-group-sum" });
    const number = h("span", { class: "ek-number", "aria-hidden": "true" }, group.number);
    const head = h("div", { class: "ek-group-head" }, number, h("h2", {}, group.name), group.sum);
    const notes = group.bonus ? [h("p", { class: "ek-guidance" }, group.guidance)] : [];
    if (group.once) notes.push(h("p", { class: "ek-note" }, this.t("panel_decides")));
    if (!group.fields.length) notes.push(h("p", { class: "ek-note" }, this.t("no_claims")));
    for (const field of group.fields) {
      const twins = this.rows.filter((row) => row.field.label === field.label).length;
      const label = twins ? `${field.label} (${twins + 1})` : field.label;
      this.rows.push(new Row(field, label, this.ledger, `${this.id}-${field.indicator}`));
    }
    const rows = this.rows.slice(this.rows.length - group.fields.length);
    return h("section", { class: "ek-group" }, head, ...notes, ...rows.map((row) => row.root));
  }

  // -- bringing the screen up to date

  adopt(view) {
    this.ledger.adopt(view);
    this.ledger.retry(0);
    if (shapeOf(view) === this.shape) return this.update();
    const { id, selectionStart, selectionEnd } = document.activeElement ?? {};
    this.build();
    const same = id && document.getElementById(id);
    if (!same || !this.root.contains(same)) return;
    same.focus();
    same.setSelectionRange?.(selectionStart, selectionEnd);
  }

  update() {
    if (!this.rows) return; // not built yet
    const applicant = this.ledger.applicant(this.current);
    for (const row of this.rows) row.update();
    this.updateList();
    this.updateHead(applicant);
    this.updateNotices(applicant);
    this.updatePanel();
  }

  updateList() {
    const { view } = this.ledger;
    for (const { id, keys, root, progress } of this.items) {
      const applicant = this.ledger.applicant(id);
      const done = keys.filter((key) => this.counts(key) && this.ledger.wanted(key).state).length;
      const unsaved = keys.filter((key) => ["late", "problem"].includes(this.ledger.status(key))).length;
      const kind = applicant.conflict ? "conflict" : applicant.submitted ? "submitted" : unsaved ? "unsaved" : "open";
      const fraction = this.t("fraction", { n: done, total: keys.length });
      write(progress, kind === "open" ? fraction : this.t(`item_${kind}`, { n: unsaved }));
      root.dataset.kind = kind === "open" && done === keys.length ? "full" : kind;
      root.setAttribute("aria-current", String(id === this.current));
      root.tabIndex = id === this.current ? 0 : -1;
    }
    const [n, total] = [(a) => a.submitted, (a) => !a.conflict].map((of) => view.applicants.filter(of).length);
    write(this.count, this.t("submitted_count", { n, total }));
    this.next.hidden = !this.unfinished();
  }

  /** A cell counts towards totals unless something is wrong with what it shows. */
  counts(key) {
    return this.ledger.status(key) !== "problem";
  }

  /** What is scored, in points: each score times the factor of its scale. */
  scores(fields) {
    const cells = fields.filter(({ key }) => this.counts(key)).map((field) => [this.ledger.wanted(field.key), field]);
    return cells.filter(([{ state }]) => state === "scored").map(([{ points }, { factor }]) => times(points, factor));
  }

  updateHead(applicant) {
    const sums = { base: [], bonus: [] };
    for (const group of this.groups) {
      const scored = sum(this.scores(group.fields));
      const capped = scored !== null && group.bonus && less(group.points, scored);
      const value = capped ? plain(group.points) : scored;
      if (value !== null) sums[group.bonus ? "bonus" : "base"].push(value);
      const values = { n: value ?? "–", points: plain(group.points), sum: scored };
      const key = capped ? "capped" : group.bonus ? "of_at_most" : "of";
      write(group.sum, group.once ? "" : this.t(key, values));
    }
    write(this.total, this.groups.length ? this.t("total", { n: sum([...sums.base, ...sums.bonus]) ?? "–" }) : "");
    write(this.parts, this.groups.length ? this.partsText(sums) : "");
    write(this.saved, this.groups.length ? this.savedText() : "");
    const closed = this.ledger.closed(this.current);
    this.submit.hidden = closed;
    write(this.done, applicant?.submitted ? this.t("item_submitted") : "");
  }

  partsText({ base, bonus }) {
    const fields = openFields(this.groups);
    const points = plain(this.ledger.view.points);
    const done = fields.filter(({ key }) => this.counts(key) && this.ledger.wanted(key).state);
    const declared = done.filter(({ key }) => DECLARED.includes(this.ledger.wanted(key).state)).length;
    const parts = [this.t("scored", { n: done.length - declared, total: fields.length })];
    if (declared) parts.push(this.t("declared", { n: declared }));
    const sums = [this.t("base", { n: sum(base) ?? "–", points }), this.t("bonus", { n: sum(bonus) })];
    return [...(bonus.length ? sums : []), ...parts].join(this.t("dot"));
  }

  savedText() {
    const states = openFields(this.groups).map(({ key }) => this.ledger.status(key));
    const count = (...kinds) => states.filter((state) => kinds.includes(state)).length;
    const unsaved = count("late", "problem");
    this.saved.dataset.state = unsaved ? "unsaved" : "fine";
    if (unsaved) return this.t("unsaved_count", { n: unsaved });
    if (count("saving")) return this.t("saving");
    return count("saved") ? this.t("all_saved") : "";
  }

  updateNotices(applicant) {
    const late = this.ledger.late().length;
    write(this.banner, late ? this.t(this.ledger.queue.storage ? "not_stored" : "not_kept", { n: late }) : "");
    const { locked } = this.ledger.view;
    const shows = [locked, applicant?.conflict, applicant?.submitted, this.unfinished()];
    rebuild(this.notice, shows, () => this.noticeParts(applicant, locked));
  }

  noticeParts(applicant, locked) {
    const parts = [];
    if (locked) parts.push(h("p", {}, this.t("locked")));
    if (applicant?.conflict) parts.push(h("p", {}, this.t("conflict", { reason: applicant.conflict })));
    else if (applicant?.submitted && !locked) parts.push(h("p", {}, this.t("submitted")));
    if (!parts.length || locked) return parts;
    const next = this.unfinished();
    if (!next) return [...parts, h("p", {}, this.t("all_submitted"))];
    return [...parts, button("", this.t("next_unfinished"), () => this.openNext())];
  }

  // -- moving between applicants and fields

  open(id) {
    this.commit();
    this.list(false);
    this.current = id;
    this.ledger.session.set("last", id);
    this.show();
    this.focusFirst();
  }

  /** The first applicant after the current one, all round, that can still be scored. */
  unfinished() {
    const { applicants } = this.ledger.view;
    const at = applicants.findIndex(({ id }) => id === this.current);
    const others = [...applicants.slice(at + 1), ...applicants.slice(0, Math.max(at, 0))];
    return others.find(({ id }) => !this.ledger.closed(id));
  }

  openNext() {
    this.open(this.unfinished().id);
  }

  get listing() {
    return this.root.classList.contains("ek-listing");
  }

  /** On narrow screens the list of applicants takes the place of the sheet. */
  list(listing) {
    this.root.classList.toggle("ek-listing", listing);
    this.menu.setAttribute("aria-expanded", String(listing));
    if (listing) this.items.find(({ id }) => id === this.current)?.root.focus();
  }

  focusFirst() {
    const fields = this.rows.filter((row) => row.typed);
    const blank = fields.find((row) => !row.points.value) ?? fields[0];
    (blank?.points ?? this.title).focus({ preventScroll: !blank });
  }

  rowOf(node) {
    return this.rows.find((row) => row.root.contains(node));
  }

  commit() {
    this.rowOf(document.activeElement)?.commit?.();
  }

  /** To the points of the next (or previous) field; after the last one, to the submit button. */
  move(row, by) {
    const at = this.rows.indexOf(row);
    const rows = by > 0 ? this.rows.slice(at + 1) : this.rows.slice(0, at).reverse();
    const next = rows.find((other) => other.typed);
    row.commit();
    if (next) next.points.focus();
    else if (by > 0) this.submit.focus();
  }

  /** Keys stay in the form: JupyterLab would take many of them for commands. */
  key(event) {
    event.stopPropagation();
    if (event.isComposing) return; // Enter ends a composition of the input method
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      event.preventDefault(); // everything is saved anyway: no "save page as"
      return this.commit();
    }
    const row = this.rowOf(event.target);
    if (row?.points === event.target) this.pointsKey(event, row);
    else if (row?.comment === event.target) this.commentKey(event, row);
    else if (event.target.classList.contains("ek-applicant")) this.listKey(event);
    if (event.key === "Escape" && this.listing) {
      this.list(false);
      this.menu.focus();
    }
  }

  pointsKey(event, row) {
    const by = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) {
      event.preventDefault();
      this.move(row, by);
    } else if (event.key === "Escape") {
      this.ledger.revert(row.field.key);
      row.points.select();
    }
  }

  /** Enter goes on, as in the points; with Shift, Alt or Ctrl it breaks the line. */
  commentKey(event, row) {
    if (event.key === "Escape") return this.ledger.revert(row.field.key);
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    if (!event.altKey && !event.ctrlKey) return this.move(row, 1);
    row.comment.setRangeText("\n", row.comment.selectionStart, row.comment.selectionEnd, "end");
    row.type("text", row.comment.value);
  }

  listKey(event) {
    const at = this.items.findIndex(({ root }) => root === event.target);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: this.items.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.items[to]?.root.focus();
  }

  /** A first click selects the points, like the keyboard does, instead of placing the caret. */
  press(event) {
    if (!event.target.matches(".ek-points") || event.target === document.activeElement) return;
    event.preventDefault();
    event.target.focus();
  }

  enter(event) {
    const row = this.rowOf(event.target);
    if (!row?.points || event.target !== row.points) return;
    row.points.select();
    if (row.root.offsetHeight < this.body.clientHeight) row.root.scrollIntoView({ block: "nearest" });
  }

  // -- submitting

  /** What stands in the way of submitting: [kind, field] pairs. */
  issues() {
    return openFields(this.groups).flatMap((field) => {
      const status = this.ledger.status(field.key);
      if (status === "problem") return [["invalid", field.indicator]];
      if (status === "saving" || status === "late") return [["waiting", field.indicator]];
      const blank = !this.ledger.wanted(field.key).state;
      return blank && !this.ledger.view.blanks ? [["missing", field.indicator]] : [];
    });
  }

  ask(asked = true) {
    this.commit();
    this.asked = asked;
    this.update();
    if (asked) this.body.scrollTop = 0;
    (asked ? this.panel : this.submit).focus();
  }

  updatePanel() {
    const asked = this.asked && !this.ledger.closed(this.current);
    const shows = { asked, sent: this.ledger.pending.has(`${this.current}/`), issues: this.issues() };
    shows.refusal = this.ledger.refusals.get(this.current);
    const focused = this.panel.contains(document.activeElement);
    rebuild(this.panel, shows, () => (asked ? this.panelParts(shows) : []));
    if (focused && !this.panel.contains(document.activeElement)) this.panel.focus(); // what had it has gone
    if (focused && this.panel.hidden) this.title.focus();
  }

  panelParts({ sent, issues, refusal }) {
    const close = button("", this.t("go_on"), () => this.ask(false));
    if (sent) return [h("p", {}, this.t("submitting"))];
    if (issues.length) return [h("h2", {}, this.t("not_yet")), ...this.issueParts(issues), close];
    const applicant = this.ledger.applicant(this.current).name;
    return [
      h("h2", {}, this.t("ask_submit", { name: applicant, total: this.total.textContent })),
      ...(refusal ? [h("p", { class: "ek-problem" }, refusal)] : []),
      h("p", {}, this.parts.textContent),
      h("p", {}, this.t("final")),
      button("ek-solid ek-confirm", this.t("confirm_submit"), () => this.confirm()),
      close,
    ];
  }

  issueParts(issues) {
    return ["missing", "invalid", "waiting"].flatMap((kind) => {
      const rows = this.rows.filter((row) => issues.some(([k, id]) => k === kind && id === row.field.indicator));
      if (!rows.length) return [];
      const links = rows.map((row) => h("li", {}, button("ek-link", row.label, () => row.focus())));
      return [h("p", {}, this.t(`issue_${kind}`, { n: rows.length })), h("ul", {}, ...links)];
    });
  }

  confirm() {
    if (!this.issues().length) this.ledger.submit(this.current);
  }
}
