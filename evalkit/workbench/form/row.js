// One row of the sheet: guidance, points, comment and state.

/** The scale beside a field: "/ 10", "-5 … 5", "0, 2–3", "/ 100" over "× 0.05". */
function scaleOf({ min, max, factor, zero }) {
  const [low, high] = [plain(min), plain(max)];
  const ends = zero && low !== "0" ? `0, ${low}–${high}` : low === "0" ? `/ ${high}` : `${low} … ${high}`;
  return plain(factor) === "1" ? ends : `${ends}\n× ${plain(factor)}`;
}

class Row {
  constructor(field, label, ledger, id, level) {
    Object.assign(this, { field, label, ledger, id, t: ledger.t.bind(ledger) });
    const note = h("p", { class: "ek-guidance", id: `${id}-note` }, field.note);
    const number = h("span", { class: "ek-number" }, h("span", { "aria-hidden": "true" }, field.number));
    this.root = h(
      "div",
      { class: "ek-row", role: "group", "aria-labelledby": `${id}-name` },
      number,
      h("div", { class: "ek-what" }, h(`h${level}`, { class: "ek-name", id: `${id}-name` }, field.name), note),
    );
    if (field.shut) return;
    this.star = toggle("ek-star", "☆", () => this.mark(), this.named("mark_label"));
    this.star.title = this.t("mark_word");
    number.append(this.star);
    this.buildInputs(id);
  }

  buildInputs(id) {
    this.points = this.input("input", "points", { type: "text", inputmode: "decimal", maxlength: 40 });
    this.points.setAttribute("aria-label", this.named("points_label"));
    this.points.setAttribute("aria-describedby", `${id}-problem ${id}-state ${id}-step ${id}-note`);
    this.comment = this.input("textarea", "text", { rows: 1 });
    this.comment.setAttribute("aria-describedby", `${id}-problem`);
    this.word = h("strong", { class: "ek-word" });
    this.max = h("span", { class: "ek-max", "aria-hidden": "true" }, scaleOf(this.field));
    this.state = h("p", { class: "ek-state", id: `${id}-state` });
    this.problem = h("p", { class: "ek-problem", id: `${id}-problem`, "aria-live": "polite" });
    this.choices = h("div", { class: "ek-choices" });
    const score = h("div", { class: "ek-score" }, this.points, this.word, this.max);
    this.step = h("span", { class: "ek-step", id: `${id}-step` }, this.t("step", { step: plain(this.field.step) }));
    const foot = h("div", { class: "ek-foot" }, this.step, this.state);
    this.root.append(score, foot, this.problem, this.choices, this.comment, this.buildDeclare(id));
  }

  /** The two ways to give no score, each with what it means; `explain` says it of the chosen one. */
  buildDeclare(id) {
    this.toggles = DECLARED.map((state) => {
      const node = toggle("ek-toggle", this.t(state), () => this.toggle(state), this.named(`${state}_label`));
      node.setAttribute("aria-describedby", `${id}-${state}`);
      node.addEventListener("mousedown", (event) => event.preventDefault()); // no leaving of the comment
      return node;
    });
    const pairs = this.toggles.map((node, n) => {
      const tip = { class: "ek-tip", id: `${id}-${DECLARED[n]}`, role: "tooltip" };
      return h("span", { class: "ek-tipped" }, node, h("span", tip, this.t(`${DECLARED[n]}_means`)));
    });
    this.explain = h("p", { class: "ek-explain" });
    this.declare = h("div", { class: "ek-declare" }, ...pairs);
    return h("div", { class: "ek-declaring" }, this.declare, this.explain);
  }

  mark() {
    this.ledger.mark(this.field.key);
  }

  input(tag, part, attributes) {
    const node = h(tag, { class: `ek-${part}`, id: `${this.id}-${part}`, autocomplete: "off", ...attributes });
    node.dataset[part === "points" ? "indicator" : "comment"] = this.field.indicator;
    node.addEventListener("input", () => this.type(part, node.value));
    node.addEventListener("blur", () => this.commit());
    return node;
  }

  /** A text that names this field: no two fields of the form share a name. */
  named(key) {
    const { min, max, zero } = this.field;
    const range = `${zero ? "0, " : ""}${plain(min)}–${plain(max)}`;
    return this.t(key, { name: this.label, range });
  }

  type(part, value) {
    const state = part === "points" ? { state: normalise(value) ? "scored" : "" } : {};
    this.ledger.type(this.field.key, { [part]: value, ...state });
  }

  commit() {
    this.ledger.commit(this.field);
  }

  /**
   * Declare that there is no score, or take that back. A comment may not do as a reason, so it is
   * offered for editing, and stored when the expert moves on; until then a second press undoes it.
   */
  toggle(state) {
    const { ledger, field } = this;
    if (!DECLARED.includes(ledger.shown(field.key).state)) this.commit();
    if (ledger.shown(field.key).state !== state) {
      ledger.type(field.key, { state });
      this.comment.focus();
      this.comment.select();
      return;
    }
    if (DECLARED.includes(ledger.wanted(field.key).state)) {
      ledger.type(field.key, { state: "", points: "", text: "" });
      this.commit();
    } else ledger.revert(field.key);
    this.points.focus();
  }

  focus() {
    (this.points.hidden ? this.comment : this.points).focus();
  }

  get typed() {
    return Boolean(this.points) && !this.root.hidden && !this.points.hidden && !this.points.readOnly;
  }

  update() {
    if (this.field.shut) return;
    const { ledger, t } = this;
    const { key, applicant } = this.field;
    const { state, points, text } = ledger.shown(key);
    const { problem, refused, theirs } = ledger.drafts.get(key) ?? {};
    const open = !ledger.closed(applicant) && !ledger.pending.has(`${applicant}/`);
    const declared = DECLARED.includes(state);
    this.root.dataset.state = ledger.status(key);
    if (this.points.value !== points) this.points.value = points;
    if (this.comment.value !== text) this.comment.value = text;
    this.points.readOnly = this.comment.readOnly = !open;
    this.points.hidden = this.max.hidden = declared;
    (declared ? this.points : this.comment).removeAttribute("aria-invalid");
    (declared ? this.comment : this.points).setAttribute("aria-invalid", String(Boolean(problem)));
    this.comment.setAttribute("aria-label", this.named(declared ? "reason_label" : "comment_label"));
    this.comment.placeholder = open ? t(declared ? "reason" : "comment") : "";
    this.declare.hidden = !open;
    this.toggles.forEach((node, i) => node.setAttribute("aria-pressed", String(state === DECLARED[i])));
    write(this.word, declared ? t(state) : "");
    write(this.explain, declared && open ? t(`${state}_means`) : "");
    this.step.hidden = declared || !open;
    const marked = ledger.marked.has(key);
    this.star.textContent = marked ? "★" : "☆";
    this.star.setAttribute("aria-pressed", String(marked));
    write(this.state, this.stateText());
    const lapsed = ledger.lapsed.get(key);
    write(this.problem, lapsed ? t("lapsed", { value: this.say(lapsed) }) : problem ? t(...problem) : "");
    const offers = lapsed ? () => this.forget() : open && refused ? () => this.offer(theirs) : () => [];
    rebuild(this.choices, [open && refused, theirs, lapsed], offers);
  }

  /** What was typed too late has been seen. */
  forget() {
    const seen = () => {
      this.ledger.lapsed.delete(this.field.key);
      this.ledger.changed();
      this.focus();
    };
    return [button("", this.t("seen"), seen, this.named("seen_label"))];
  }

  stateText() {
    const status = this.ledger.status(this.field.key);
    const { state, text } = this.ledger.shown(this.field.key);
    if (status === "typing" && this.readAs()) return this.readAs();
    if (status === "saved" && this.ledger.closed(this.field.applicant)) return ""; // all of it is, then
    if (status === "saved" && !state) return this.t(text ? "comment_saved" : "cleared");
    if (status === "blank") return "";
    return this.t(["saved", "saving"].includes(status) ? status : "unsaved");
  }

  /** How a number is understood that is not typed as it will be stored: "8,5" as 8.5. */
  readAs() {
    const typed = this.ledger.shown(this.field.key).points;
    const { wanted } = read({ state: "scored", points: typed, text: "" }, this.field);
    return wanted?.points && wanted.points !== typed.trim() ? this.t("read_as", { points: wanted.points }) : "";
  }

  /** After a refusal: what the log holds now, and the choice between the two. */
  offer(theirs) {
    const { ledger, field, t } = this;
    const then = (action) => () => {
      action();
      this.focus();
    };
    const keep = then(() => {
      ledger.type(field.key, {});
      ledger.commit(field);
    });
    const take = then(() => ledger.revert(field.key));
    const choice = (key, action) => button("", t(key), action, this.named(`${key}_label`));
    if (!theirs) return [choice("try_again", keep)];
    const holds = h("p", {}, t("log_holds", { value: this.say(theirs) }));
    return [holds, choice("take_theirs", take), choice("keep_mine", keep)];
  }

  say({ state, points, text }) {
    const value = state === "scored" ? points : this.t(state || "blank");
    return text ? this.t("value_with_text", { value, text }) : value;
  }
}
