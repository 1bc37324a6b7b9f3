// Finding items of a sheet: by words, and those that are still empty, marked or wrong.

const KEPT = ["all", "empty", "marked", "wrong"];

class Find {
  constructor(sheet) {
    Object.assign(this, { sheet, t: sheet.t, id: `${sheet.id}-find` });
    const words = { type: "search", id: this.id, class: "ek-search", placeholder: this.t("find_words"), autocomplete: "off" };
    this.words = h("input", { ...words, "aria-label": this.t("find_items"), oninput: () => this.apply() });
    const options = KEPT.map((kept) => h("option", { value: kept }, this.t(`keep_${kept}`)));
    this.kept = h("select", { class: "ek-select", "aria-label": this.t("keep"), onchange: () => this.apply() }, ...options);
    this.count = h("span", { class: "ek-found", role: "status" });
    const close = button("", this.t("show_all"), () => this.close());
    this.root = h("div", { class: "ek-find", role: "search", "aria-label": this.t("find_items") }, this.words, this.kept, this.count, close);
    this.root.hidden = true;
    this.root.addEventListener("keydown", (event) => this.key(event));
  }

  open() {
    this.root.hidden = false;
    this.apply();
    this.words.focus();
    this.words.select();
  }

  close() {
    this.reset();
    this.sheet.focus();
  }

  reset() {
    this.words.value = "";
    this.kept.value = KEPT[0];
    this.root.hidden = true;
    this.apply();
  }

  /** Show the rows that are asked for. Asked anew only by the expert: no row goes while it is filled in. */
  apply() {
    const { rows, groups } = this.sheet;
    for (const row of rows) row.root.hidden = !this.wants(row);
    for (const group of groups) {
      if (group.root) group.root.hidden = !this.root.hidden && !rows.some((row) => !row.root.hidden && row.group === group);
    }
    const n = rows.filter((row) => !row.root.hidden).length;
    write(this.count, this.root.hidden ? "" : this.t("found", { n, total: rows.length }));
  }

  wants(row) {
    if (this.root.hidden) return true;
    const { ledger } = this.sheet;
    const { key, label, note, shut } = row.field;
    const words = normalise(this.words.value).toLowerCase();
    const kept = this.kept.value;
    if (words && !`${label} ${note} ${ledger.shown(key).text}`.toLowerCase().includes(words)) return false;
    if (kept === "empty") return !shut && !ledger.wanted(key).state;
    if (kept === "marked") return ledger.marked.has(key);
    return kept !== "wrong" || ["problem", "late"].includes(ledger.status(key));
  }

  key(event) {
    if (event.key === "Escape") this.close();
    else if (event.key === "Enter") {
      event.preventDefault();
      this.sheet.rows.find((row) => row.typed)?.focus();
    }
  }
}

/** To the next item without points or reason, from the one in hand on and all round. */
function nextEmpty(frame) {
  const sheet = frame.view;
  const open = sheet.rows.filter((row) => row.typed);
  const at = open.indexOf(sheet.inHand);
  const empty = [...open.slice(at + 1), ...open.slice(0, at + 1)].find((row) => !frame.ledger.shown(row.field.key).state);
  if (empty) empty.focus();
  else frame.say("none_empty");
}

/** Whether there are scores on screen. */
function scoring(frame) {
  return frame.shown.name === "sheet" && frame.view.fields.length > 0;
}

/** Whether scores can be changed. */
function editing(frame) {
  return scoring(frame) && !frame.ledger.closed(frame.current);
}

TOOLS.push(
  { name: "undo", order: 10, title: "undo", act: (frame) => frame.step("undo"), when: editing },
  { name: "redo", order: 11, title: "redo", act: (frame) => frame.step("redo"), when: editing },
  { name: "empty", order: 20, title: "next_empty", act: nextEmpty, when: editing },
  { name: "find", order: 30, title: "find", act: (frame) => frame.view.find.open(), when: scoring },
);
