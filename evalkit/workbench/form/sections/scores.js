// What the applicant is scored on, group by group.

const KINDS = ["missing", "invalid", "waiting"]; // of what stands in the way of submitting

class Scores {
  constructor(sheet) {
    Object.assign(this, { sheet, ledger: sheet.ledger, t: sheet.t, rows: [] });
    this.root = h("div", { class: "ek-scores" }, ...sheet.groups.map((group) => this.buildGroup(group)));
  }

  buildGroup(group) {
    group.said = h("span", { class: "ek-group-sum" });
    const number = h("span", { class: "ek-number", "aria-hidden": "true" }, group.number);
    const path = group.rest ? [...group.path, `${group.number} ${group.name}`] : group.path;
    const name = group.rest ? this.t("rest") : group.name;
    const title = h(`h${Math.min(2 + path.length, 5)}`, { class: "ek-group-name" }, ...this.way(path), name);
    const head = h("div", { class: "ek-group-head" }, group.rest ? "" : number, title, group.said);
    const notes = group.bonus ? [h("p", { class: "ek-guidance" }, group.guidance)] : [];
    if (group.once) notes.push(h("p", { class: "ek-note" }, this.t("panel_decides")));
    if (group.bonus && !group.fields.length) notes.push(h("p", { class: "ek-note" }, this.t("no_claims")));
    const rows = group.fields.map((field) => this.buildRow(field, group, Math.min(3 + path.length, 6)));
    const attributes = { class: `ek-group${rows.length ? "" : " ek-outer"}`, "data-depth": String(group.depth) };
    group.root = h("section", attributes, head, ...notes, ...rows.map((row) => row.root));
    return group.root;
  }

  /** The groups around one: its heading stays in view alone. */
  way(path) {
    return path.length ? [h("span", { class: "ek-way" }, `${path.join(" › ")} › `)] : [];
  }

  buildRow(field, group, level) {
    const twins = this.rows.filter((row) => row.field.label === field.label).length;
    const label = twins ? `${field.label} (${twins + 1})` : field.label;
    const row = new Row(field, label, this.ledger, `${this.sheet.id}-${field.indicator}`, level);
    row.group = group;
    this.rows.push(row);
    return row;
  }

  update() {
    for (const row of this.rows) row.update();
    for (const group of this.sheet.groups) this.updateSum(group);
  }

  updateSum(group) {
    const { n, sum, capped } = groupWorth(group, ({ key }) => this.ledger.counted(key));
    const key = capped ? "capped" : group.bonus ? "of_at_most" : "of";
    write(group.said, group.once || group.rest ? "" : this.t(key, { n: n ?? "–", points: plain(group.points), sum }));
  }

  /** What was typed too late is said above the sheet, wherever its row is. */
  notice() {
    const n = this.rows.filter(({ field }) => this.ledger.lapsed.has(field.key)).length;
    return [n, () => (n ? [h("p", { class: "ek-why" }, this.t("lapsed_count", { n }))] : [])];
  }

  issues() {
    const found = this.rows.map((row) => ({ kind: this.issue(row.field), label: row.label, focus: () => row.focus() }));
    return KINDS.flatMap((kind) => found.filter((issue) => issue.kind === kind));
  }

  issue({ key, shut }) {
    const status = this.ledger.status(key);
    if (shut) return null;
    if (status === "problem") return "invalid";
    if (status === "saving" || status === "late") return "waiting";
    return this.ledger.wanted(key).state || this.ledger.view.blanks ? null : "missing";
  }
}

SECTIONS.push({ name: "scores", order: 50, make: (sheet) => (sheet.groups.length ? new Scores(sheet) : null) });
