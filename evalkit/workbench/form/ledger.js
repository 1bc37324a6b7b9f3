// The ledger: what the log holds, what is on its way to it, what is being typed.
//
// The log behind Python is the record; the form only shows it. A change is "saved" when Python
// answers that it is committed. Until then its message also waits in this browser (localStorage)
// and is sent again, under the same event_id, when the page or the kernel comes back.

const LATE = 3000; // ms without an answer until the expert is warned
const RETRY = 5000; // ms between attempts after that
const DRAFT = "draft:"; // before the keys of what is being typed, in the session's store
const EMPTY = { state: "", points: "", text: "", seq: 0 };
const DECLARED = ["unscored", "recused"]; // instead of a score, with a reason

// A key is "applicant/field"; "applicant/" stands for the submission of the applicant's sheet.

const content = ({ state, points, text }) => ({ state, points, text });
const same = (a, b) => a.state === b.state && a.points === b.points && a.text === b.text;

/** What a draft asks the log to hold, or the problem with it. A blank is no score, not 0. */
function read(draft, field) {
  if (field.read) return field.read(draft); // a cell that is no score
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
    this.lapsed = new Map(); // key -> what was typed after a submission or lock; nowhere else
    this.refusals = new Map(); // key -> why a message that is no "save" was refused
    const prefix = `evalkit/${view.panel.round}/${view.expert.id}/`;
    this.queue = new Store("localStorage", prefix);
    this.session = new Store("sessionStorage", prefix);
    this.marks = new Store("localStorage", `evalkit-marks/${view.panel.round}/${view.expert.id}/`);
    this.marked = new Set(this.marks.names()); // keys to look at again; of no concern to the log
    this.steps = new Steps(this);
    this.restore();
    this.adopt(view);
    for (const waiting of this.pending.values()) this.send(waiting);
  }

  /** What a page before this one left on its way, or half typed. */
  restore() {
    for (const key of this.queue.names()) {
      const kept = this.queue.get(key);
      if (kept?.message) this.pending.set(key, { ...kept, since: Date.now() });
    }
    for (const name of this.session.names().filter((one) => one.startsWith(DRAFT)))
      this.drafts.set(name.slice(DRAFT.length), this.session.get(name));
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

  /**
   * After a lock or a submission nothing waits in the browser. What is stored is shown; beside it
   * stands what had been typed, until the expert has seen it.
   */
  expire() {
    for (const key of new Set([...this.pending.keys(), ...this.drafts.keys()])) {
      if (!this.closed(key.split("/")[0])) continue;
      const typed = this.shown(key);
      this.settle(key);
      this.draft(key, null);
      if (key.endsWith("/") || same(typed, this.cells.get(key) ?? EMPTY)) continue;
      this.lapsed.set(key, typed);
    }
    if (!this.view.applicants.every(({ id }) => this.closed(id))) return;
    for (const store of [this.queue, this.session]) store.empty();
  }

  /** What the expert has decided for a cell: on its way, or else in the log. */
  wanted(key) {
    const waiting = this.pending.get(key);
    return waiting ? (waiting.next ?? waiting.message) : (this.cells.get(key) ?? EMPTY);
  }

  /** What counts of a cell: nothing where something is wrong with what it shows. */
  counted(key) {
    return this.status(key) === "problem" ? EMPTY : this.wanted(key);
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

  /** Set what is being typed; null for nothing. It outlives a reload of this window. */
  draft(key, typed) {
    if (!typed) {
      this.drafts.delete(key);
      return this.session.remove(DRAFT + key);
    }
    this.drafts.set(key, typed);
    this.session.set(DRAFT + key, typed);
  }

  /** Mark a cell to look at again, or take the mark off. */
  mark(key) {
    if (this.marked.delete(key)) this.marks.remove(key);
    else {
      this.marked.add(key);
      this.marks.set(key, true);
    }
    this.changed();
  }

  type(key, changes) {
    const { problem, ...draft } = { ...this.drafts.get(key), ...this.shown(key) };
    this.draft(key, { ...draft, ...changes, fresh: true });
    this.changed();
  }

  /** Decide what was typed: one message when it changes something, none otherwise. */
  commit(field) {
    const draft = this.drafts.get(field.key);
    if (!draft?.fresh || this.closed(field.applicant)) return;
    const { problem, wanted } = read(draft, field);
    if (problem) this.draft(field.key, { ...draft, problem, fresh: false });
    else this.steps.take([[field, wanted]]);
    this.changed();
  }

  /** Give up what is typed. */
  revert(key) {
    this.draft(key, null);
    this.changed();
  }

  /** Ask for a cell to be stored. One message a cell is on its way: the next needs its number. */
  request({ key, applicant, indicator }, wanted) {
    this.draft(key, null);
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
    this.post(`${applicant}/`, { type: "submit", event_id: newId(), applicant });
    this.changed();
  }

  /** Send a message with an `event_id`, until it is answered. */
  post(key, message) {
    this.refusals.delete(key);
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
    if (answer.type !== "refused") ANSWERS[answer.type]?.(this, answer, waiting);
    else if (found) this.refused(answer, key, waiting);
    if (found) this.retry(1000); // the kernel answers again
    this.changed();
  }

  saved({ applicant, indicator, cell }, waiting) {
    const key = `${applicant}/${indicator}`;
    this.cells.set(key, cell);
    if (waiting?.next) this.follow({ key, applicant, indicator }, waiting.next);
  }

  /** Ask for what was wanted meanwhile; what is being typed by now stays. */
  follow(place, wanted) {
    const typed = this.drafts.get(place.key);
    this.request(place, wanted);
    if (typed) this.draft(place.key, typed);
  }

  submitted({ applicant, receipt }) {
    if (this.applicant(applicant)) Object.assign(this.applicant(applicant), { submitted: true, receipt });
    this.expire();
  }

  /** What was typed stays, with the reason; `theirs` is a newer entry of another window. */
  refused({ message, cell }, key, { message: sent, next }) {
    if (sent.type !== "save") return this.refusals.set(key, message);
    if (cell) this.cells.set(key, cell);
    const theirs = cell && cell.seq !== sent.seen ? cell : null;
    const mine = { ...content(next ?? sent), ...this.drafts.get(key) };
    this.draft(key, { ...mine, problem: [message], theirs, refused: true });
    this.tell({ type: "refresh" }); // perhaps because of a lock, or of another window
  }
}

ANSWERS.saved = (ledger, answer, waiting) => ledger.saved(answer, waiting);
ANSWERS.submitted = (ledger, answer) => ledger.submitted(answer);
