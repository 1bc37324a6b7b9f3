// The frame: the list of applicants, the head with its tools, what is said above the body, and the
// body itself, which one of the VIEWS fills.

let frames = 0; // for ids that are unique on the page

class Frame {
  constructor(model, el) {
    this.id = `ek${(frames += 1)}`;
    this.root = h("section", { class: "evalkit-sheet", "data-lm-suppress-shortcuts": "true" });
    this.ledger = new Ledger(model, model.get("view"), () => this.update());
    this.t = this.ledger.t.bind(this.ledger);
    this.root.addEventListener("keydown", (event) => this.key(event));
    this.build();
    el.replaceChildren(this.root);
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
    this.root.replaceChildren(h("div", { class: "ek-frame" }, this.list.root, ...this.buildMain()));
    this.turn(session.get("view") ?? "");
  }

  buildMain() {
    this.menu = button("ek-menu", this.t("menu"), () => this.showList(!this.listing));
    this.menu.setAttribute("aria-controls", `${this.id}-side`);
    this.menu.setAttribute("aria-expanded", "false");
    this.place = h("div", { class: "ek-place" }); // the view's own part of the head
    this.tools = new ToolBar(this);
    this.banner = h("p", { class: "ek-banner", role: "alert" });
    this.notice = h("div", { class: "ek-notice", role: "status" });
    this.body = h("div", { class: "ek-body" });
    const head = h("div", { class: "ek-head" }, this.menu, this.place, this.tools.root);
    return [head, this.banner, this.notice, this.body];
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
    same.setSelectionRange?.(selectionStart, selectionEnd);
  }

  update() {
    if (!this.ready) return;
    this.view.update();
    this.list.update();
    this.tools.update();
    const late = this.ledger.late().length;
    write(this.banner, late ? this.t(this.ledger.queue.storage ? "not_stored" : "not_kept", { n: late }) : "");
    const [shows, parts] = this.view.notice?.() ?? [null, () => []];
    rebuild(this.notice, [this.shown.name, this.current, shows], parts);
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

  /** Keys stay in the form: JupyterLab would take many of them for commands. */
  key(event) {
    event.stopPropagation();
    if (event.isComposing) return; // Enter ends a composition of the input method
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      event.preventDefault(); // everything is saved anyway: no "save page as"
      return this.view.leave?.();
    }
    if (this.body.contains(event.target)) this.view.key?.(event);
    else if (event.target.classList.contains("ek-applicant")) this.list.key(event);
    if (event.key === "Escape" && this.listing) {
      this.showList(false);
      this.menu.focus();
    }
  }
}
