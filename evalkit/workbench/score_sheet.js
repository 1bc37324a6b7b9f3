// The score sheets of one expert: all applicants in one form, one message for each change.
//
// The log behind Python is the record; this form only shows it. A change is "saved" when Python
// answers that it is committed. Until then its message also waits in this browser (localStorage)
// and is sent again, under the same event_id, when the page or the kernel comes back.
// Every visible string comes from view.texts. score_sheet.py is the other end of the messages.

const LATE = 3000; // ms without an answer until the expert is warned
const RETRY = 5000; // ms between attempts after that
const EMPTY = { state: "", points: "", text: "", seq: 0 };
const DECLARED = ["unscored", "recused"]; // instead of a score, with a reason
let forms = 0; // for ids that are unique on the page

// ---- numbers: exact, as whole multiples of 10^-n -----------------------------------------------

/** What was typed as a number, in plain ASCII, as evalkit.text.normalise_number does it. */
const normalise = (text) => text.replaceAll("。", ".").normalize("NFKC").trim();
const fraction = (text) => (text.split(".")[1] ?? "").replace(/0+$/, "");
const places = (...numbers) => Math.max(0, ...numbers.map((number) => fraction(number).length));
const units = (text, n) => BigInt(text.split(".")[0] + fraction(text).padEnd(n, "0"));
const plain = (text) => format(units(text, places(text)), places(text));

function format(number, n) {
  const digits = String(number).padStart(n + 1, "0");
  return n ? `${digits.slice(0, -n)}.${digits.slice(-n)}`.replace(/\.?0+$/, "") : digits;
}

/** The sum of decimal strings; null for none of them: nothing is not zero. */
function sum(numbers) {
  const n = places(...numbers);
  return numbers.length ? format(numbers.reduce((total, x) => total + units(x, n), 0n), n) : null;
}

function less(a, b) {
  const n = places(a, b);
  return units(a, n) < units(b, n);
}

/** Why `text` is no score for a field, as [text key, values]; null when it is one. */
function problemWith(text, { min, max, step }) {
  if (/^-\d+(\.\d+)?$/.test(text)) return ["below_zero"];
  if (!/^\d{1,12}(\.\d{1,6})?$/.test(text)) return ["not_a_number"];
  const limits = { min: plain(min), max: plain(max), step: plain(step) };
  const outside = less(max, text) || (less(text, min) && less("0", text));
  if (outside) return [less("0", min) ? "outside_claim" : "above_maximum", limits];
  const n = places(text, step);
  return units(text, n) % units(step, n) ? ["off_step", limits] : null;
}

// ---- small helpers -----------------------------------------------------------------------------

/** An element; strings among the children become text, never markup. */
function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

const button = (kind, text, onclick, label = text) =>
  h("button", { type: "button", class: `ek-button ${kind}`, "aria-label": label, onclick }, text);

/** Write only what differs: a screen reader repeats a live text that is written again. */
function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
  node.hidden = !text;
}

/** Build the children of `node` anew, but only when what they show has changed. */
function rebuild(node, shows, children) {
  const sign = JSON.stringify(shows);
  if (node.sign === sign) return;
  node.sign = sign;
  node.replaceChildren(...children());
  node.hidden = !node.hasChildNodes();
}

function newId() {
  if (crypto.randomUUID) return crypto.randomUUID(); // absent on plain http to another machine
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A browser store. It may be forbidden or full: then nothing is kept, and the form still works. */
class Store {
  constructor(kind, prefix) {
    this.prefix = prefix;
    try {
      this.storage = globalThis[kind];
    } catch {
      this.storage = null;
    }
    this.set("probe", null);
    this.remove("probe");
  }
  get(name) {
    try {
      return JSON.parse(this.storage.getItem(this.prefix + name));
    } catch {
      return null;
    }
  }
  set(name, value) {
    try {
      this.storage.setItem(this.prefix + name, JSON.stringify(value));
    } catch {
      this.storage = null;
    }
  }
  remove(name) {
    this.storage?.removeItem(this.prefix + name);
  }
  names() {
    const keys = Object.keys(this.storage ?? {}).filter((key) => key.startsWith(this.prefix));
    return keys.map((key) => key.slice(this.prefix.length));
  }
}

// ---- the ledger: what the log holds, what is on its way to it, what is being typed ---------------
// A key is "applicant/field"; "applicant/" stands for the submission of the applicant's sheet.

const content = ({ state, points, text }) => ({ state, points, text });
const same = (a, b) => a.state === b.state && a.points === b.points && a.text === b.text;

/** What a draft asks the log to hold, or the problem with it. A blank is no score, not 0. */
function read(draft, field) {
  const text = draft.text.trim();
  const points = normalise(draft.points);
  if (DECLARED.includes(draft.state)) {
    return text ? { wanted: { state: draft.state, points: "", text } } : { problem: ["reason_missing"] };
  }
  if (!points) return { wanted: { state: "", points: "", text } };
  const problem = problemWith(points, field);
  return problem ? { problem } : { wanted: { state: "scored", points: plain(points), text } };
}

class Ledger {
  constructor(model, view, changed) {
    Object.assign(this, { model, changed });
    this.cells = new Map(); // key -> the cell in the log
    this.pending = new Map(); // key -> the message on its way, and what to ask for after it
    this.drafts = new Map(); // key -> what is typed, and what is wrong with it
    this.refusals = new Map(); // applicant -> why its submission was refused
    const prefix = `evalkit/${view.panel.id}/${view.expert.id}/`;
    this.queue = new Store("localStorage", prefix);
    this.session = new Store("sessionStorage", prefix);
    for (const key of this.queue.names()) {
      const kept = this.queue.get(key);
      if (kept?.message) this.pending.set(key, { ...kept, since: Date.now() });
    }
    this.adopt(view);
    for (const waiting of this.pending.values()) this.send(waiting);
  }

  t(key, values = {}) {
    return (this.view.texts[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  }

  /** Take over a view of the log. What is on its way or being typed is left alone. */
  adopt(view) {
    this.view = view;
    this.cells.clear();
    for (const { id, cells } of view.applicants)
      for (const [name, cell] of Object.entries(cells)) this.cells.set(`${id}/${name}`, cell);
    this.expire();
  }

  applicant(id) {
    return this.view.applicants.find((applicant) => applicant.id === id);
  }

  /** Whether nothing can be entered for an applicant any more. */
  closed(id) {
    const applicant = this.applicant(id);
    return this.view.locked || !applicant || applicant.submitted || Boolean(applicant.conflict);
  }

  /** After a lock or a submission nothing waits in the browser; what was lost stays on screen. */
  expire() {
    for (const key of new Set([...this.pending.keys(), ...this.drafts.keys()])) {
      if (!this.closed(key.split("/")[0])) continue;
      const typed = this.shown(key);
      this.settle(key);
      this.drafts.delete(key);
      if (key.endsWith("/") || same(typed, this.cells.get(key) ?? EMPTY)) continue;
      this.drafts.set(key, { ...typed, problem: ["lapsed"] });
    }
    if (!this.view.applicants.every(({ id }) => this.closed(id))) return;
    for (const store of [this.queue, this.session]) store.names().forEach((name) => store.remove(name));
  }

  /** What the expert has decided for a cell: on its way, or else in the log. */
  wanted(key) {
    const waiting = this.pending.get(key);
    return waiting ? (waiting.next ?? waiting.message) : (this.cells.get(key) ?? EMPTY);
  }

  /** What the form shows in a cell: what is typed over what is decided. */
  shown(key) {
    return content(this.drafts.get(key) ?? this.wanted(key));
  }

  /** "saved", "saving", "late" (no answer), "typing", "problem" (bad or refused) or "blank". */
  status(key) {
    const draft = this.drafts.get(key);
    if (draft) return draft.problem ? "problem" : "typing";
    const waiting = this.pending.get(key);
    if (waiting) return Date.now() - waiting.since < LATE ? "saving" : "late";
    return this.cells.get(key)?.seq ? "saved" : "blank";
  }

  type(key, changes) {
    const { problem, ...draft } = { ...this.drafts.get(key), ...this.shown(key) };
    this.drafts.set(key, { ...draft, ...changes, fresh: true });
    this.changed();
  }

  /** Decide what was typed: one message when it changes something, none otherwise. */
  commit(field) {
    const draft = this.drafts.get(field.key);
    if (!draft?.fresh || this.closed(field.applicant)) return;
    const { problem, wanted } = read(draft, field);
    if (problem) {
      this.drafts.set(field.key, { ...draft, problem, fresh: false });
    } else {
      this.drafts.delete(field.key);
      this.request(field, wanted);
    }
    this.changed();
  }

  /** Give up what is typed. */
  revert(key) {
    this.drafts.delete(key);
    this.changed();
  }

  /** Ask for a cell to be stored. One message a cell is on its way: the next needs its number. */
  request({ key, applicant, indicator }, wanted) {
    const waiting = this.pending.get(key);
    const cell = this.cells.get(key) ?? EMPTY;
    if (waiting) {
      waiting.next = same(wanted, waiting.message) ? null : wanted;
      this.queue.set(key, waiting);
    } else if (!same(wanted, cell)) {
      this.post(key, { type: "save", event_id: newId(), applicant, indicator, ...wanted, seen: cell.seq });
    }
  }

  submit(applicant) {
    this.refusals.delete(applicant);
    this.post(`${applicant}/`, { type: "submit", event_id: newId(), applicant });
    this.changed();
  }

  post(key, message) {
    const waiting = { message, next: null, since: Date.now() };
    this.pending.set(key, waiting);
    this.queue.set(key, waiting);
    this.send(waiting);
  }

  send(waiting) {
    waiting.tried = Date.now();
    this.tell(waiting.message);
  }

  tell(message) {
    try {
      this.model.send(message);
    } catch {
      // no connection: what waits for an answer is tried again, and the expert is warned
    }
  }

  settle(key) {
    this.pending.delete(key);
    this.queue.remove(key);
  }

  late() {
    return [...this.pending.values()].filter((waiting) => Date.now() - waiting.since >= LATE);
  }

  retry(pause) {
    for (const waiting of this.late()) if (Date.now() - waiting.tried >= pause) this.send(waiting);
  }

  receive(answer) {
    const found = [...this.pending].find(([, { message }]) => message.event_id === answer.event_id);
    const [key, waiting] = found ?? [];
    if (found) this.settle(key);
    if (answer.type === "saved") this.saved(answer, waiting);
    if (answer.type === "submitted") this.submitted(answer);
    if (answer.type === "refused" && found) this.refused(answer, key, waiting);
    if (found) this.retry(1000); // the kernel answers again
    this.changed();
  }

  saved({ applicant, indicator, cell }, waiting) {
    const key = `${applicant}/${indicator}`;
    this.cells.set(key, cell);
    if (waiting?.next) this.request({ key, applicant, indicator }, waiting.next);
  }

  submitted({ applicant }) {
    if (this.applicant(applicant)) this.applicant(applicant).submitted = true;
    this.expire();
  }

  /** What was typed stays, with the reason; `theirs` is a newer entry of another window. */
  refused({ applicant, message, cell }, key, { message: sent, next }) {
    if (sent.type === "submit") return this.refusals.set(applicant, message);
    if (cell) this.cells.set(key, cell);
    const theirs = cell && cell.seq !== sent.seen ? cell : null;
    const mine = { ...content(next ?? sent), ...this.drafts.get(key) };
    this.drafts.set(key, { ...mine, problem: [message], theirs, refused: true });
    this.tell({ type: "refresh" }); // perhaps because of a lock, or of another window
  }
}

// ---- what an applicant is scored on --------------------------------------------------------------

function indicatorField(indicator, applicant, step) {
  const { id, number, name, points, guidance } = indicator;
  const words = { number, name, label: `${number} ${name}`, note: guidance };
  return { key: `${applicant.id}/${id}`, indicator: id, ...words, min: "0", max: points, step };
}

function claimField(bonus, claim, applicant, step, t) {
  const indicator = `${bonus.id}.${claim.id}`;
  const notes = [t(`level_${claim.level}`), claim.evidence, ...(claim.eligible ? [] : [t("not_eligible")])];
  const label = `${claim.title} ${claim.evidence}`;
  const words = { number: "+", name: claim.title, label, note: notes.join(t("dot")) };
  const shut = bonus.once || !claim.eligible; // shown, but not for this expert to score
  const { min, max } = bonus;
  return { key: `${applicant.id}/${indicator}`, indicator, ...words, min, max, step, shut };
}

/** Dimensions, then bonuses, each with its fields; none where the expert has a conflict. */
function groupsOf(view, applicant, t) {
  if (applicant.conflict) return [];
  const dimensions = view.dimensions.map((dimension) => ({
    ...dimension,
    fields: dimension.indicators.map((indicator) => indicatorField(indicator, applicant, view.step)),
  }));
  const bonuses = view.bonuses.map((bonus) => ({
    ...bonus,
    bonus: true,
    number: "+",
    fields: applicant.claims.map((claim) => claimField(bonus, claim, applicant, view.step, t)),
  }));
  const groups = [...dimensions, ...bonuses];
  for (const field of groups.flatMap((group) => group.fields)) field.applicant = applicant.id;
  return groups;
}

const openFields = (groups) => groups.flatMap((group) => group.fields).filter((field) => !field.shut);

// ---- one row: a field with its guidance, points, comment and state ---------------------------------

class Row {
  constructor(field, label, ledger, id) {
    Object.assign(this, { field, label, ledger, id, t: ledger.t.bind(ledger) });
    this.root = h(
      "div",
      { class: "ek-row", role: "group", "aria-labelledby": `${id}-name` },
      h("span", { class: "ek-number", "aria-hidden": "true" }, field.number),
      h("h3", { class: "ek-name", id: `${id}-name` }, field.name),
      h("p", { class: "ek-guidance", id: `${id}-note` }, field.note),
    );
    if (!field.shut) this.buildInputs(id);
  }

  buildInputs(id) {
    this.points = this.input("input", "points", { type: "text", inputmode: "decimal", maxlength: 40 });
    this.points.setAttribute("aria-label", this.named("points_label"));
    this.points.setAttribute("aria-describedby", `${id}-problem ${id}-state ${id}-note`);
    this.comment = this.input("textarea", "text", { rows: 1, maxlength: 4000 });
    this.comment.setAttribute("aria-describedby", `${id}-problem`);
    this.word = h("strong", { class: "ek-word" });
    this.max = h("span", { class: "ek-max", "aria-hidden": "true" }, `/ ${plain(this.field.max)}`);
    this.state = h("p", { class: "ek-state", id: `${id}-state` });
    this.problem = h("p", { class: "ek-problem", id: `${id}-problem`, "aria-live": "polite" });
    this.choices = h("div", { class: "ek-choices" });
    const score = h("div", { class: "ek-score" }, this.points, this.word, this.max);
    this.toggles = DECLARED.map((state) => {
      return button("ek-toggle", this.t(state), () => this.toggle(state), this.named(`${state}_label`));
    });
    this.declare = h("div", { class: "ek-declare" }, ...this.toggles);
    this.root.append(score, this.state, this.problem, this.choices, this.comment, this.declare);
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
    const { min, max } = this.field;
    const range = `${less("0", min) ? `0, ${plain(min)}` : "0"}–${plain(max)}`;
    return this.t(key, { name: this.label, range });
  }

  type(part, value) {
    const state = part === "points" ? { state: normalise(value) ? "scored" : "" } : {};
    this.ledger.type(this.field.key, { [part]: value, ...state });
  }

  commit() {
    this.ledger.commit(this.field);
  }

  /** Declare that there is no score, or take that back. A reason is asked for where none is given. */
  toggle(state) {
    const shown = this.ledger.shown(this.field.key);
    const back = shown.state === state;
    const kept = DECLARED.includes(this.ledger.wanted(this.field.key).state) ? { points: "", text: "" } : {};
    this.ledger.type(this.field.key, back ? { state: shown.points ? "scored" : "", ...kept } : { state });
    if (back || shown.text.trim()) this.commit();
    (back ? this.points : this.comment).focus();
  }

  focus() {
    (this.points.hidden ? this.comment : this.points).focus();
  }

  get typed() {
    return Boolean(this.points) && !this.points.hidden && !this.points.readOnly;
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
    write(this.state, this.stateText());
    write(this.problem, problem ? t(...problem) : "");
    rebuild(this.choices, [open && refused, theirs], () => (open && refused ? this.offer(theirs) : []));
  }

  stateText() {
    const status = this.ledger.status(this.field.key);
    const { state, text } = this.ledger.shown(this.field.key);
    if (status === "saved" && this.ledger.closed(this.field.applicant)) return ""; // all of it is, then
    if (status === "saved" && !state) return this.t(text ? "comment_saved" : "cleared");
    if (status === "blank") return "";
    return this.t(["saved", "saving"].includes(status) ? status : "unsaved");
  }

  /** After a refusal: what the log holds now, and the choice between the two. */
  offer(theirs) {
    const { ledger, field, t } = this;
    const then = (action) => () => {
      action();
      this.focus();
    };
    const keep = then(() => {
      ledger.drafts.get(field.key).fresh = true;
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

// ---- the form --------------------------------------------------------------------------------------

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

  scores(fields) {
    const cells = fields.filter(({ key }) => this.counts(key)).map(({ key }) => this.ledger.wanted(key));
    return cells.filter(({ state }) => state === "scored").map(({ points }) => points);
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

/** What a view shows apart from scores and states; a change of it builds the form anew. */
function shapeOf({ locked, applicants, ...rest }) {
  return JSON.stringify([rest, applicants.map(({ cells, submitted, ...others }) => others)]);
}

export default {
  render({ model, el }) {
    const sheet = new Sheet(model, el);
    const { ledger } = sheet;
    const adopt = () => sheet.adopt(model.get("view"));
    const receive = (answer) => ledger.receive(answer);
    const leave = () => sheet.commit(); // what is typed goes on its way before the page goes
    const watch = () => {
      ledger.retry(RETRY);
      if (ledger.pending.size) sheet.update();
    };
    model.on("change:view", adopt);
    model.on("msg:custom", receive);
    window.addEventListener("pagehide", leave);
    const timer = setInterval(watch, 500);
    ledger.tell({ type: "refresh" }); // a page that is shown again may hold an old view
    if (document.activeElement === document.body) requestAnimationFrame(() => sheet.focusFirst());
    return () => {
      leave();
      clearInterval(timer);
      window.removeEventListener("pagehide", leave);
      model.off("change:view", adopt);
      model.off("msg:custom", receive);
    };
  },
};
