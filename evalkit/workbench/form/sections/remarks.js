// What the expert says of the applicant as a whole: an opinion, problems, advice.

const REMARKS = ["opinion", "problems", "advice"];

class Remarks {
  constructor(sheet, applicant) {
    this.cells = REMARKS.map((kind) => {
      const indicator = `remark:${kind}`;
      const field = { key: `${applicant.id}/${indicator}`, applicant: applicant.id, indicator };
      return new TextCell(sheet.ledger, field, sheet.t(`remark_${kind}`), `${sheet.id}-remark-${kind}`);
    });
    const boxes = this.cells.map((cell) => {
      return h("div", { class: "ek-remark" }, h("h3", { class: "ek-name", "aria-hidden": "true" }, cell.label), ...cell.parts);
    });
    const head = h("div", { class: "ek-group-head" }, h("h2", { class: "ek-group-name" }, sheet.t("remarks_title")));
    this.root = h("section", { class: "ek-group ek-remarks", "data-depth": "0" }, head, h("p", { class: "ek-note" }, sheet.t("remarks_note")), ...boxes);
  }

  update() {
    for (const cell of this.cells) cell.update();
  }

  issues() {
    return this.cells.flatMap((cell) => cell.issues());
  }
}

/** What is stored of them, for paper. */
function printedRemarks(ledger, applicant, t) {
  const known = REMARKS.map((kind) => [kind, ledger.cells.get(`${applicant.id}/remark:${kind}`)?.text ?? ""]);
  const lines = known.filter(([, text]) => text.trim());
  return lines.flatMap(([kind, text]) => [h("h2", {}, t(`remark_${kind}`)), h("p", { class: "ek-paper-text" }, text)]);
}

SECTIONS.push({
  name: "remarks",
  order: 70,
  make: (sheet, applicant) => (applicant.conflict ? null : new Remarks(sheet, applicant)),
  print: printedRemarks,
});
