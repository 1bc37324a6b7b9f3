// What an applicant is scored on: fields in groups, and what their scores come to.

function indicatorField(indicator, applicant, step) {
  const { id, number, name, min, max, factor, guidance } = indicator;
  const words = { number, name, label: `${number} ${name}`, note: guidance };
  return { key: `${applicant.id}/${id}`, indicator: id, ...words, min, max, factor, step };
}

function claimField(bonus, claim, applicant, step, t) {
  const indicator = `${bonus.id}.${claim.id}`;
  const notes = [t(`level_${claim.level}`), claim.evidence, ...(claim.eligible ? [] : [t("not_eligible")])];
  const label = `${claim.title} ${claim.evidence}`;
  const words = { number: "+", name: claim.title, label, note: notes.join(t("dot")) };
  const shut = bonus.once || !claim.eligible; // shown, but not for this expert to score
  const { min, max } = bonus;
  return { key: `${applicant.id}/${indicator}`, indicator, ...words, min, max, factor: "1", zero: true, step, shut };
}

/** A dimension and those below it, one after the other; `fields` are its own, `all` all below. */
function dimensionGroups(dimension, applicant, step, path = []) {
  const fields = dimension.indicators.map((indicator) => indicatorField(indicator, applicant, step));
  const own = { ...dimension, path, depth: path.length, fields };
  const names = [...path, `${dimension.number} ${dimension.name}`.trim()];
  const below = (dimension.dimensions ?? []).flatMap((one) => dimensionGroups(one, applicant, step, names));
  own.all = [...below.flatMap((group) => group.fields), ...fields];
  // in the order of the text, what stands directly in a dimension comes after what it divides into
  return below.length && fields.length ? [{ ...own, fields: [] }, ...below, { ...own, rest: true }] : [own, ...below];
}

/** Dimensions, then bonuses, each with its fields; none where the expert has a conflict. */
function groupsOf(view, applicant, t) {
  if (applicant.conflict) return [];
  const dimensions = view.dimensions.flatMap((one) => dimensionGroups(one, applicant, view.step));
  const bonuses = view.bonuses.map((bonus) => {
    const fields = applicant.claims.map((claim) => claimField(bonus, claim, applicant, view.step, t));
    return { ...bonus, bonus: true, number: "+", path: [], depth: 0, fields, all: fields };
  });
  const groups = [...dimensions, ...bonuses];
  for (const field of groups.flatMap((group) => group.fields)) field.applicant = applicant.id;
  return groups;
}

const openFields = (groups) => groups.flatMap((group) => group.fields).filter((field) => !field.shut);

/**
 * What the scores of `fields` come to, in points: each times the factor of its scale; null for none.
 * `cell` gives what counts for a field: { state, points }.
 */
function worth(fields, cell) {
  const scored = fields.map((field) => [cell(field), field]).filter(([{ state }]) => state === "scored");
  return sum(scored.map(([{ points }, { factor }]) => times(points, factor)));
}

/** What a group comes to: { n: with the cap of a bonus, or null; sum: without; capped }. */
function groupWorth(group, cell) {
  const scored = worth(group.all, cell);
  const capped = scored !== null && Boolean(group.bonus) && less(group.points, scored);
  return { n: capped ? plain(group.points) : scored, sum: scored, capped };
}

/** What a sheet comes to: { base, bonus, total }, each null where nothing is scored. */
function sheetWorth(groups, cell) {
  const sums = { base: [], bonus: [] };
  for (const group of groups) {
    if (group.depth || group.rest) continue; // counted with the one around it
    const { n } = groupWorth(group, cell);
    if (n !== null) sums[group.bonus ? "bonus" : "base"].push(n);
  }
  return { base: sum(sums.base), bonus: sum(sums.bonus), total: sum([...sums.base, ...sums.bonus]) };
}
