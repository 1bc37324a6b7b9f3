// Own scores of all applicants side by side, to see whether one measure was kept throughout.

const SUMS = ["base", "bonus", "total"];

class Overview {
  constructor(frame) {
    Object.assign(this, { frame, ledger: frame.ledger, t: frame.t, by: null, down: false, group: "" });
    this.head = h("div", { class: "ek-place-overview" }, h("h1", { class: "ek-who", tabindex: "-1" }, this.t("overview_title")));
    this.root = h("div", { class: "ek-overview" });
    this.root.addEventListener("focusin", ({ target }) => target.closest("table") && this.enter(target));
  }

  show() {
    const { view } = this.ledger;
    this.columns = this.columnsOf(view);
    this.lines = view.applicants.map((applicant) => this.line(applicant));
    const groups = [...new Set(view.applicants.map(({ group }) => group).filter(Boolean))];
    if (!groups.includes(this.group)) this.group = "";
    this.heads = new Map(this.columns.map((column) => [column.id, this.buildHead(column)]));
    this.tail = h("tfoot");
    this.numbers = null;
    this.lists = h("tbody");
    const caption = h("caption", {}, this.t("overview_note"));
    const head = h("thead", {}, h("tr", {}, ...this.heads.values()));
    this.table = h("table", { class: "ek-matrix" }, caption, head, this.lists, this.tail);
    this.root.replaceChildren(...this.filters(groups), h("div", { class: "ek-scroll", tabindex: "0", role: "region", "aria-label": this.t("overview_title") }, this.table));
    this.arrange();
  }

  /** Applicant, state, items in the order of the text, one for each bonus, and the sums. */
  columnsOf(view) {
    const flat = (dimension) => [...(dimension.dimensions ?? []).flatMap(flat), ...dimension.indicators];
    const items = view.dimensions.flatMap(flat).map(({ id, number, name, min, max }) => ({ id, number, name, ends: [min, max] }));
    const open = view.bonuses.filter((bonus) => !bonus.once).map(({ id, name }) => ({ id: `bonus:${id}`, number: "+", name }));
    const sums = SUMS.filter((name) => open.length || name === "total").map((name) => ({ id: name, number: "", name: this.t(`column_${name}`) }));
    const first = ["applicant", "state"].map((name) => ({ id: name, number: "", name: this.t(`column_${name}`) }));
    return [...first, ...items, ...open, ...sums];
  }

  line(applicant) {
    const groups = groupsOf(this.ledger.view, applicant, this.t);
    const fields = new Map(groups.flatMap((group) => group.fields).map((field) => [field.indicator, field]));
    const cells = new Map(this.columns.map((column) => [column.id, this.buildCell(column, applicant, fields)]));
    const root = h("tr", { "data-applicant": applicant.id }, ...[...cells.values()].map(({ root }) => root));
    return { applicant, groups, fields, cells, root };
  }

  buildHead({ id, number, name }) {
    const text = [number, name].filter(Boolean).join(" ");
    const node = button("ek-sort", "", () => this.sort(id), this.t("sort_by", { name: text }));
    node.title = text;
    node.append(h("span", {}, text));
    return h("th", { scope: "col", class: `ek-col-${{ applicant: "who", state: "state" }[id] ?? "n"}`, "aria-sort": "none" }, node);
  }

  buildCell({ id, name }, applicant, fields) {
    if (id === "applicant") {
      const node = button("ek-link ek-open", applicant.name, () => this.frame.open(applicant.id));
      return { root: h("th", { scope: "row", class: "ek-col-who" }, node) };
    }
    if (!fields.has(id)) {
      const text = h("span");
      return { root: h("td", { class: `ek-col-${id === "state" ? "state" : SUMS.includes(id) ? "sum" : "n"}` }, text), text };
    }
    const node = button("ek-cell", "", () => this.jump(applicant.id, id), name);
    node.tabIndex = -1;
    return { root: h("td", { class: "ek-col-n" }, node), node, field: fields.get(id) };
  }

  filters(groups) {
    if (!groups.length) return [];
    const options = ["", ...groups].map((group) => h("option", { value: group }, group || this.t("all_groups")));
    const select = h("select", { class: "ek-select", "aria-label": this.t("only_group") }, ...options);
    select.value = this.group;
    select.addEventListener("change", () => {
      this.group = select.value;
      this.arrange();
    });
    return [h("div", { class: "ek-filter" }, select)];
  }

  // -- what the cells say

  update() {
    for (const line of this.lines) this.updateLine(line);
    const groups = [this.updateTail()];
    const shown = JSON.stringify([groups, this.by, this.down]);
    if (this.by && shown !== this.shown) this.arrange(false);
    this.shown = shown;
  }

  updateLine(line) {
    const { ledger, t } = this;
    const applicant = ledger.applicant(line.applicant.id);
    line.values = this.valuesOf(line, applicant);
    for (const [id, { node, text, field }] of line.cells) {
      const said = this.say(line, id);
      if (text && text.textContent !== said) text.textContent = said;
      if (!node) continue;
      if (node.textContent !== said) node.textContent = said;
      node.dataset.state = ledger.status(field.key);
      node.setAttribute("aria-label", t("cell_label", { applicant: applicant.name, name: field.name, value: said }));
    }
  }

  /** Numbers to sort by; null where there is none. */
  valuesOf({ groups, cells }, applicant) {
    const counted = ({ key }) => this.ledger.counted(key);
    const worth = applicant.conflict ? { base: null, bonus: null, total: null } : sheetWorth(groups, counted);
    const values = new Map(SUMS.map((name) => [name, worth[name]]));
    for (const [id, { field }] of cells) {
      if (field) values.set(id, counted(field).state === "scored" ? counted(field).points : null);
    }
    for (const group of groups) if (group.bonus) values.set(`bonus:${group.id}`, groupWorth(group, counted).n);
    return values;
  }

  say({ applicant, values, cells, groups }, id) {
    if (id === "state") return this.stateOf(this.ledger.applicant(applicant.id), groups);
    const cell = cells.get(id).field ? this.ledger.counted(cells.get(id).field.key) : null;
    if (cell && DECLARED.includes(cell.state)) return this.t(cell.state);
    return values.get(id) ?? "–";
  }

  stateOf({ conflict, submitted }, groups) {
    if (conflict) return this.t("item_conflict");
    if (submitted) return this.t("item_submitted");
    const fields = openFields(groups);
    const n = fields.filter(({ key }) => this.ledger.counted(key).state).length;
    return this.t("fraction", { n, total: fields.length });
  }

  /** The own mean and the ends of what was given, for each column of numbers. */
  updateTail() {
    const lines = this.chosen().filter(({ applicant }) => !applicant.conflict);
    const numbers = this.columns.map(({ id }) => lines.map(({ values }) => values.get(id)).filter((value) => value != null).map(Number));
    const sign = JSON.stringify(numbers);
    if (sign !== this.numbers) {
      this.numbers = sign;
      const rows = ["mean", "ends"].map((kind) => this.tailRow(kind, numbers));
      this.tail.replaceChildren(...rows);
    }
    return sign;
  }

  tailRow(kind, numbers) {
    const cells = numbers.slice(1).map((own) => h("td", { class: "ek-col-n" }, own.length ? this[kind](own) : ""));
    return h("tr", {}, h("th", { scope: "row", class: "ek-col-who" }, this.t(`column_${kind}`)), ...cells);
  }

  mean(own) {
    return (own.reduce((a, b) => a + b, 0) / own.length).toFixed(1);
  }

  ends(own) {
    return `${Math.min(...own)}–${Math.max(...own)}`;
  }

  // -- order

  chosen() {
    return this.lines.filter(({ applicant }) => !this.group || applicant.group === this.group);
  }

  /** Numbers first from the greatest; pressed again from the least; then as the panel lists them. */
  sort(id) {
    const words = id === "applicant" || id === "state";
    if (this.by !== id) Object.assign(this, { by: id, down: !words });
    else if (this.down !== words) this.down = words;
    else this.by = null;
    this.arrange();
  }

  arrange(bring = true) {
    if (bring) for (const line of this.lines) this.updateLine(line);
    const lines = this.chosen();
    if (this.by) lines.sort((a, b) => this.compare(a, b));
    const now = this.lists.contains(document.activeElement) ? document.activeElement : null;
    this.lists.replaceChildren(...lines.map(({ root }) => root));
    now?.focus();
    for (const [id, node] of this.heads) {
      node.setAttribute("aria-sort", this.by !== id ? "none" : this.down ? "descending" : "ascending");
    }
    this.updateTail();
  }

  /** A cell without a number comes last, whichever way. */
  compare(a, b) {
    const way = this.down ? -1 : 1;
    if (this.by === "applicant" || this.by === "state") {
      const of = (line) => (this.by === "state" ? this.say(line, "state") : line.applicant.name);
      return way * of(a).localeCompare(of(b), this.ledger.view.language);
    }
    const [x, y] = [a, b].map(({ values }) => values.get(this.by) ?? null);
    if (x === null || y === null) return (x === null) - (y === null);
    return way * (Number(x) - Number(y));
  }

  // -- moving

  focus() {
    this.root.querySelector(".ek-open")?.focus();
  }

  jump(applicant, indicator) {
    this.frame.open(applicant);
    this.frame.view.rows?.find(({ field }) => field.indicator === indicator)?.focus?.();
  }

  enter(target) {
    if (!target.matches(".ek-cell")) return;
    for (const node of this.lists.querySelectorAll('.ek-cell[tabindex="0"]')) node.tabIndex = -1;
    target.tabIndex = 0;
  }

  /** Arrows go from cell to cell; Tab leaves a row, as its name is one stop. */
  key(event) {
    const cell = event.target.closest("th, td");
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!step || !cell || !this.lists.contains(cell)) return;
    event.preventDefault();
    const rows = [...this.lists.rows];
    let [y, x] = [rows.indexOf(cell.parentElement), cell.cellIndex];
    for (;;) {
      [y, x] = [y + step[0], x + step[1]];
      const next = rows[y]?.cells[x];
      if (!next) return;
      const node = next.querySelector("button");
      if (node) return node.focus();
    }
  }

  /** On paper: the table as it stands, without buttons. */
  print() {
    const plainRow = (row) => {
      const cells = [...row.cells].map((cell) => h(cell.tagName, cell.scope ? { scope: cell.scope } : {}, cell.textContent));
      return h("tr", {}, ...cells);
    };
    const part = (tag, node) => h(tag, {}, ...[...node.rows].map(plainRow));
    const { panel, expert } = this.ledger.view;
    const parts = [part("thead", this.table.tHead), part("tbody", this.lists), part("tfoot", this.tail)];
    const who = this.t("expert", { name: expert.name, role: this.t(expert.role) });
    return [h("article", { class: "ek-paper-overview" }, h("p", {}, panel.title), h("h1", {}, this.t("overview_title")), h("p", {}, who), h("table", {}, ...parts))];
  }
}

VIEWS.push({ name: "overview", order: 20, title: "view_overview", make: (frame) => new Overview(frame) });
