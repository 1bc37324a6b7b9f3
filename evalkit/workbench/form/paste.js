// A column of scores from a spreadsheet: it goes down the fields, and is looked at before anything
// is stored. Numbers go out the same way.

/** Rows of cells as spreadsheets put them on the clipboard. */
const cellsOf = (text) => text.replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n").map((line) => line.split("\t"));
const squeezed = (text) => text.replace(/\s+/g, "").toLowerCase();

/**
 * Which fields a pasted text is for: [{ row, text, problem, wanted }], `row` null where there is
 * none. A column goes down from the row `from`, a single line of cells as well; beside the number
 * or the name of an item, the next cell that holds a number is its points. An empty cell asks for
 * nothing: it is neither 0 nor a clearing.
 */
function placePasted(text, rows, from) {
  let lines = cellsOf(text);
  if (lines.length === 1) lines = lines[0].map((cell) => [cell]);
  const named = lines.map((cells) => pastedByName(cells, rows));
  if (named.some((found) => found)) return named.filter(Boolean).map(({ row, text }) => judged(row, text));
  const column = lines.map((cells) => cells.findLast((cell) => /\d/.test(cell)) ?? cells.join(" "));
  if (column.length > 1 && column[0].trim() && !/\d/.test(column[0])) column.shift(); // its heading
  const below = rows.slice(Math.max(0, rows.indexOf(from)));
  return column.map((cell, n) => judged(below[n] ?? null, cell.trim()));
}

function pastedByName(cells, rows) {
  if (cells.length < 2) return null;
  for (const [n, cell] of cells.entries()) {
    const name = squeezed(cell);
    const found = name && rows.filter(({ field }) => [field.name, field.label].some((one) => squeezed(one) === name));
    const row = found?.length === 1 ? found[0] : null;
    if (row) return { row, text: (cells.slice(n + 1).find((one) => one.trim()) ?? "").trim() };
  }
  return null;
}

function judged(row, text) {
  if (!text) return { row, text };
  if (!row) return { row, text, problem: ["no_field"] };
  if (row.ledger.closed(row.field.applicant)) return { row, text, problem: ["lapsed_short"] };
  const { problem, wanted } = read({ state: "scored", points: text, text: keptText(row) }, row.field);
  return { row, text, problem, wanted };
}

/** A comment stays beside new points; a reason for no score was about something else. */
function keptText({ ledger, field }) {
  const { state, text } = ledger.shown(field.key);
  return DECLARED.includes(state) ? "" : text;
}

class PasteLook {
  constructor(sheet, row, text) {
    Object.assign(this, { sheet, t: sheet.t, from: row });
    this.rows = sheet.rows.filter((one) => !one.field.shut);
    const { id } = sheet.frame;
    const typed = { id: `${id}-pasted`, class: "ek-text ek-pasted", rows: 6, spellcheck: "false", oninput: () => this.look() };
    this.text = h("textarea", typed);
    this.text.value = text;
    const options = this.rows.map((one, n) => h("option", { value: n }, one.label));
    this.start = h("select", { id: `${id}-from`, class: "ek-select", onchange: () => this.look() }, ...options);
    this.start.value = String(Math.max(0, this.rows.indexOf(row)));
    this.table = h("div", { class: "ek-scroll", tabindex: "0", role: "region", "aria-label": this.t("paste_look") });
    this.count = h("p", { class: "ek-count", role: "status" });
    this.store = button("ek-solid ek-store", "", () => this.take());
    const contents = (close) => this.contents((this.close = close));
    openDialog(sheet.frame, { name: "paste", title: this.t("paste_column"), contents });
    this.look();
    if (text) this.store.focus();
    else this.text.focus();
  }

  contents(close) {
    const label = (node, key) => h("label", { class: "ek-label", for: node.id }, this.t(key));
    const cancel = button("", this.t("cancel"), () => close());
    const given = h("div", { class: "ek-given" }, label(this.text, "pasted"), this.text, label(this.start, "paste_from"), this.start);
    const seen = h("div", { class: "ek-seen" }, this.table, this.count);
    return [h("p", { class: "ek-note" }, this.t("paste_note")), h("div", { class: "ek-sides" }, given, seen), actions(this.store, cancel)];
  }

  look() {
    const from = this.rows[Number(this.start.value)];
    this.placed = this.text.value.trim() ? placePasted(this.text.value, this.rows, from) : [];
    const heads = ["item", "stored_now", "becomes"].map((key) => h("th", { scope: "col" }, this.t(key)));
    const lines = this.placed.filter(({ text }) => text).map((one) => this.line(one));
    const table = h("table", {}, h("thead", {}, h("tr", {}, ...heads)), h("tbody", {}, ...lines));
    this.table.replaceChildren(...(lines.length ? [table] : [h("p", { class: "ek-note" }, this.t("nothing_pasted"))]));
    const [good, bad] = [this.good().length, this.placed.filter(({ problem }) => problem).length];
    write(this.count, [this.t("pasted_good", { n: good }), ...(bad ? [this.t("pasted_bad", { n: bad })] : [])].join(this.t("dot")));
    this.store.textContent = this.t("store_pasted", { n: good });
    this.store.setAttribute("aria-label", this.store.textContent);
    this.store.disabled = !good;
  }

  line({ row, text, problem, wanted }) {
    const now = row ? row.say(row.ledger.wanted(row.field.key)) : "";
    const becomes = problem ? [h("b", {}, text), " ", h("span", { class: "ek-why" }, this.t(...problem))] : [h("b", {}, wanted.points)];
    if (wanted && wanted.points !== text) becomes.push(" ", h("span", { class: "ek-note" }, this.t("typed_as", { text })));
    const attributes = problem ? { class: "ek-wrong" } : {};
    return h("tr", attributes, h("th", { scope: "row" }, row?.label ?? "–"), h("td", {}, now), h("td", {}, ...becomes));
  }

  /** What will be stored: good, and not there already. */
  good() {
    return this.placed.filter(({ row, wanted }) => wanted && !same(wanted, content(row.ledger.wanted(row.field.key))));
  }

  take() {
    const good = this.good();
    const { sheet } = this;
    sheet.ledger.steps.take(good.map(({ row, wanted }) => [row.field, wanted]));
    this.close(() => {
      const after = this.rows[this.rows.indexOf(good.at(-1).row) + 1];
      if (after?.typed) after.focus();
      else sheet.submission.button.focus();
    });
    sheet.frame.say("pasted_said", { n: good.length });
    sheet.ledger.changed();
  }
}

/** The sheet as rows of a spreadsheet. A comment that would be a formula there stays a text. */
async function copyScores(frame) {
  const { rows, t } = frame.view;
  const tame = (text) => (/^[=+\-@]/.test(text) ? `'${text}` : text).replace(/\s+/g, " ");
  const heads = ["number", "item", "points_word", "comment_word"].map((key) => t(key));
  const lines = rows.filter((row) => !row.field.shut).map((row) => {
    const { state, points, text } = frame.ledger.counted(row.field.key);
    return [tame(row.field.number), tame(row.field.name), DECLARED.includes(state) ? t(state) : points, tame(text)];
  });
  const copied = await copyText([heads, ...lines].map((cells) => cells.join("\t")).join("\n"));
  frame.say(copied ? "copied" : "not_copied", { n: lines.length });
}

const pasteInto = (frame) => new PasteLook(frame.view, frame.view.inHand, "");

TOOLS.push(
  { name: "paste", order: 40, title: "paste_column", act: pasteInto, when: editing, more: true },
  { name: "copy", order: 41, title: "copy_scores", act: copyScores, when: scoring, more: true },
);
