// The frame: the list of applicants, the head with its tools, what is said above the body, and the
// body itself, which one of the VIEWS fills.

const SAID = 8000; // ms for which a word about what was done stays
let frames = 0; // for ids that are unique on the page

class Frame {
  constructor(model, el) {
    this.id = `ek${(frames += 1)}`;
    this.root = h("section", { class: "evalkit-sheet", "data-lm-suppress-shortcuts": "true" });
    this.ledger = new Ledger(model, model.get("view"), () => this.update());
    this.t = this.ledger.t.bind(this.ledger);
    this.connection = new Connection(this.ledger);
    this.paper = new Paper(this);
    this.root.addEventListener("keydown", (event) => this.key(event));
    this.inner = h("div");
    this.root.append(this.inner);
    this.build();
    el.replaceChildren(this.root);
    this.look = new Look(this);
  }

  end() {
    this.view.leave?.();
    this.paper.end();
    this.look.end();
  }

  /** Everything anew: at the beginning, and when more than scores and states has changed. */
  build() {
    const { view, session } = this.ledger;
    const open = view.applicants.find(({ id }) => !this.ledger.closed(id)) ?? view.applicants[0];
    this.current = [this.current, session.get("last")].find((id) => id && this.ledger.applicant(id)) ?? open?.id;
    this.shape = shapeOf(view);
    this.root.lang = view.language === "zh" ? "zh-CN" : view.language;
    this.root.setAttribute("aria-label", this.t("sheet", { title: view.panel.title }));
    this.list = new ApplicantList(this);
    this.views = byOrder(VIEWS).map((entry) => ({ ...entry, view: entry.make(this) }));
    const inner = h("div", { class: "ek-frame" }, h("div", { class: "ek-grid" }, this.list.root, ...this.buildMain()));
    this.inner.replaceWith(inner);
    this.inner = inner;
    this.nameTab(view);
    this.turn(session.get("view") ?? "");
    this.look?.again();
  }

  /** The form's own page is named after it; a page of JupyterLab is not the form's. */
  nameTab({ expert, panel }) {
    if (this.connection.place.lab) return;
    document.title = this.t("tab", { name: expert.name, title: panel.title });
    document.documentElement.lang = this.root.lang;
  }

  buildMain() {
    this.menu = button("ek-menu", this.t("menu"), () => this.showList(!this.listing));
    this.menu.setAttribute("aria-controls", `${this.id}-side`);
    this.menu.setAttribute("aria-expanded", "false");
    this.place = h("div", { class: "ek-place" }); // the view's own part of the head
    this.tools = new ToolBar(this);
    this.banner = h("div", { class: "ek-banner", role: "alert" });
    this.notice = h("div", { class: "ek-notice", role: "status" });
    this.body = h("div", { class: "ek-body" });
    this.said = h("p", { class: "ek-toast", role: "status" });
    const head = h("div", { class: "ek-head" }, this.menu, this.tools.opener, this.place, this.tools.root);
    return [head, this.banner, this.notice, this.body, this.said];
  }

  get view() {
    return this.shown.view;
  }

  /** Show the view of this name, or the first. */
  turn(name) {
    this.shown?.view.leave?.();
    this.shown = this.views.find((entry) => entry.name === name) ?? this.views[0];
    this.ledger.session.set("view", this.shown.name);
    this.body.replaceChildren(this.view.root);
    this.place.replaceChildren(this.view.head);
    this.show();
  }

  show() {
    this.ready = false; // a view that is being built is not brought up to date
    this.view.show();
    this.ready = true;
    this.body.scrollTop = 0;
    this.update();
  }

  adopt(view) {
    this.ledger.adopt(view);
    this.ledger.retry(0);
    if (shapeOf(view) === this.shape) return this.update();
    const { id, selectionStart, selectionEnd } = document.activeElement ?? {};
    this.build();
    const same = id && document.getElementById(id);
    if (!same || !this.root.contains(same)) return;
    same.focus();
    if (typeof selectionStart === "number") same.setSelectionRange(selectionStart, selectionEnd);
  }

  update() {
    if (!this.ready) return;
    this.view.update();
    this.list.update();
    this.tools.update();
    this.updateBanner();
    const [shows, parts] = this.view.notice?.() ?? [null, () => []];
    rebuild(this.notice, [this.shown.name, this.current, shows], parts);
  }

  /** What is not stored, why, and what can be done about it. */
  updateBanner() {
    const { ledger, connection } = this;
    const n = ledger.late().length;
    const cause = connection.cause === "kernel" && connection.place.lab ? "kernel_lab" : connection.cause || "waiting";
    rebuild(this.banner, [n, cause, this.cleared], () => {
      if (this.cleared) return [h("p", {}, this.t("cleared_computer"))];
      if (!n) return [];
      const kept = this.t(ledger.queue.storage ? "kept_here" : "not_kept");
      const words = h("p", {}, h("b", {}, this.t("not_stored", { n })), " ", this.t(`cause_${cause}`), " ", kept);
      return [words, button("ek-now", this.t("try_now"), () => connection.now())];
    });
  }

  /** A word about what was done, for eyes and ears. */
  say(key, values) {
    clearTimeout(this.saying);
    this.said.textContent = ""; // said twice, it is heard twice
    requestAnimationFrame(() => (this.said.textContent = this.t(key, values)));
    this.saying = setTimeout(() => (this.said.textContent = ""), SAID);
  }

  /** Undo or redo the last step, wherever it was. */
  step(which) {
    this.view.leave?.();
    const changes = this.ledger.steps[which]();
    if (!changes?.length) return this.say(changes ? "step_lost" : `no_${which}`);
    const [{ field, now }] = changes;
    if (field.applicant !== this.current || this.shown.name !== "sheet") this.open(field.applicant);
    const row = this.view.rows.find((one) => one.field.key === field.key);
    if (!row) return this.say(`${which}_done`); // a text of its own, not a score
    row.focus();
    this.say(`${which}_said`, { name: row.label, value: row.say(now) });
  }

  // -- moving between applicants

  /** Show an applicant's sheet. */
  open(id) {
    this.view.leave?.();
    this.showList(false);
    this.current = id;
    this.ledger.session.set("last", id);
    this.turn("sheet");
    this.view.focus();
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
  showList(listing) {
    this.root.classList.toggle("ek-listing", listing);
    this.menu.setAttribute("aria-expanded", String(listing));
    if (listing) this.list.focus();
  }

  /** To the applicant before or after the current one. */
  pass(by) {
    const { applicants } = this.ledger.view;
    const to = applicants[applicants.findIndex(({ id }) => id === this.current) + by];
    if (to) this.open(to.id);
  }

  /** Keys stay in the form: JupyterLab would take many of them for commands. */
  key(event) {
    event.stopPropagation();
    if (event.isComposing) return; // Enter ends a composition of the input method
    if (event.target.closest("dialog")) return;
    if (shortcut(this, event)) return event.preventDefault();
    if (this.body.contains(event.target)) this.view.key?.(event);
    else if (this.list.root.contains(event.target)) this.list.key(event);
    if (event.key === "Escape" && this.listing) {
      this.showList(false);
      this.menu.focus();
    }
  }
}
