// The view of one applicant's sheet: its sections, with the total and state always in the head.

class SheetView {
  constructor(frame) {
    Object.assign(this, { frame, ledger: frame.ledger, t: frame.t, id: frame.id });
    this.title = h("h1", { class: "ek-who", tabindex: "-1" });
    this.total = h("span", { class: "ek-total" });
    this.parts = h("span", { class: "ek-parts" });
    this.saved = h("span", { class: "ek-saved", role: "status" });
    this.done = h("span", { class: "ek-done" });
    this.submission = new Submission(this);
    this.find = new Find(this);
    const sums = h("div", { class: "ek-sums" }, this.total, this.parts, this.saved);
    this.head = h("div", { class: "ek-place-sheet" }, this.title, sums, this.submission.button, this.done, this.find.root);
    this.root = h("div", { class: "ek-sheet" });
    this.root.addEventListener("mousedown", (event) => this.press(event));
    this.root.addEventListener("focusin", (event) => this.enter(event));
    this.root.addEventListener("paste", (event) => this.paste(event));
  }

  get applicant() {
    return this.ledger.applicant(this.frame.current);
  }

  show() {
    const { applicant, ledger, t } = this;
    this.groups = applicant ? groupsOf(ledger.view, applicant, t) : [];
    this.fields = openFields(this.groups);
    const made = applicant ? byOrder(SECTIONS).map((section) => section.make(this, applicant)) : [];
    this.sections = made.filter((section) => section !== null);
    this.rows = this.sections.flatMap((section) => section.rows ?? []);
    this.submission.close();
    this.find.reset();
    this.inHand = null; // the row that had the focus last
    this.root.replaceChildren(this.submission.root, ...this.sections.map(({ root }) => root));
    write(this.title, applicant?.name ?? t("no_applicants"));
  }

  update() {
    for (const section of this.sections) section.update?.();
    const shown = this.groups.length > 0;
    const worth = sheetWorth(this.groups, ({ key }) => this.ledger.counted(key));
    write(this.total, shown ? this.t("total", { n: worth.total ?? "–" }) : "");
    write(this.parts, shown ? this.partsText(worth) : "");
    write(this.saved, shown ? this.savedText() : "");
    write(this.done, this.applicant?.submitted ? this.t("item_submitted") : "");
    this.submission.update();
  }

  partsText({ base, bonus }) {
    const done = this.fields.map(({ key }) => this.ledger.counted(key)).filter(({ state }) => state);
    const declared = done.filter(({ state }) => DECLARED.includes(state)).length;
    const parts = [this.t("scored", { n: done.length - declared, total: this.fields.length })];
    if (declared) parts.push(this.t("declared", { n: declared }));
    const points = plain(this.ledger.view.points);
    const sums = [this.t("base", { n: base ?? "–", points }), this.t("bonus", { n: bonus })];
    return [...(bonus === null ? [] : sums), ...parts].join(this.t("dot"));
  }

  savedText() {
    const states = this.fields.map(({ key }) => this.ledger.status(key));
    const count = (...kinds) => states.filter((state) => kinds.includes(state)).length;
    const unsaved = count("late", "problem");
    this.saved.dataset.state = unsaved ? "unsaved" : "fine";
    if (unsaved) return this.t("unsaved_count", { n: unsaved });
    if (count("saving")) return this.t("saving");
    return count("saved") ? this.t("all_saved") : "";
  }

  notice() {
    const { applicant, frame } = this;
    const { locked } = this.ledger.view;
    const others = this.sections.map((section) => section.notice?.()).filter(Boolean);
    const shows = [locked, applicant?.conflict, applicant?.submitted, frame.unfinished()?.id];
    const parts = () => [...this.noticeParts(applicant, locked), ...others.flatMap(([, make]) => make())];
    return [[shows, others.map(([values]) => values)], parts];
  }

  noticeParts(applicant, locked) {
    const parts = [];
    if (locked) parts.push(h("p", {}, this.t("locked")));
    if (applicant?.conflict) parts.push(h("p", {}, this.t("conflict", { reason: applicant.conflict })));
    else if (applicant?.submitted && !locked) parts.push(h("p", {}, this.t(this.ledger.view.withdrawal === null ? "submitted_for_now" : "submitted")));
    if (!parts.length || locked) return parts;
    const leave = button("", this.t("clear"), () => openClear(this.frame));
    if (!this.frame.unfinished()) return [...parts, h("p", {}, this.t("all_submitted")), leave];
    return [...parts, button("", this.t("next_unfinished"), () => this.frame.openNext())];
  }

  // -- moving between fields

  focus() {
    const fields = this.rows.filter((row) => row.typed);
    const blank = fields.find((row) => !row.points.value) ?? fields[0];
    (blank?.points ?? this.title).focus({ preventScroll: !blank });
  }

  rowOf(node) {
    return this.rows.find((row) => row.root.contains(node));
  }

  leave() {
    this.rowOf(document.activeElement)?.commit?.();
  }

  /** To the points of the next (or previous) field; after the last one, to the submit button. */
  move(row, by) {
    const at = this.rows.indexOf(row);
    const rows = by > 0 ? this.rows.slice(at + 1) : this.rows.slice(0, at).reverse();
    const next = rows.find((other) => other.typed);
    row.commit();
    if (next) next.points.focus();
    else if (by > 0) this.submission.button.focus();
  }

  key(event) {
    const row = this.rowOf(event.target);
    if (row?.points === event.target) this.pointsKey(event, row);
    else if (row?.comment === event.target) this.commentKey(event, row);
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

  /** A first click selects the points, like the keyboard does, instead of placing the caret. */
  press(event) {
    if (!event.target.matches(".ek-points") || event.target === document.activeElement) return;
    event.preventDefault();
    event.target.focus();
  }

  enter(event) {
    const row = this.rowOf(event.target);
    if (row?.points) this.inHand = row;
    if (!row?.points || event.target !== row.points) return;
    row.points.select();
    if (row.root.offsetHeight < this.frame.body.clientHeight) row.root.scrollIntoView({ block: "nearest" });
  }

  /** Several cells are looked at first; a single one is typed by the browser as ever. */
  paste(event) {
    const row = this.rowOf(event.target);
    const text = event.clipboardData.getData("text/plain");
    if (!row?.typed || event.target !== row.points || !/[\n\t]/.test(text.trim())) return;
    event.preventDefault();
    new PasteLook(this, row, text);
  }
}

VIEWS.push({ name: "sheet", order: 10, title: "view_sheet", make: (frame) => new SheetView(frame) });
