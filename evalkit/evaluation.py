"""The official function: rubric, panel and facts in, results out. No clock, files or floats."""

from __future__ import annotations

import math

import numpy as np

from evalkit.errors import Refused
from evalkit.facts import MISSING, NOT_ASKED, RECUSED, SCORED, Facts
from evalkit.panel import Panel
from evalkit.results import Results, Status
from evalkit.rubric import Rubric
from evalkit.rules import TrimmedMean
from evalkit.scoring import aggregate
from evalkit.scoring.points import half_up
from evalkit.scoring.rank import competition
from evalkit.text import _

Fraction = tuple[np.ndarray, np.ndarray]
"""Exact values: numerators in units of the facts' scale, and denominators (0: no value)."""


def evaluate(rubric: Rubric, panel: Panel, facts: Facts, *, trial: bool = False) -> Results:
    """Points, totals and ranks by the declared rules, with how each number came about.

    Before the lock this raises Refused, except as a ``trial``, which the results then carry as
    their status. It also raises Refused when entries are missing and the rules say ``refuse``.
    An applicant with an indicator that nobody could score gets no total and no rank, never a zero.
    """
    if not trial:
        _require_final(panel, facts)
    points = _capped(rubric, panel, facts)
    counted, dropped = _counted(rubric, panel, facts, points)
    exact, number = _aggregate(rubric, panel, facts, points, counted)
    published = _publish(rubric, panel, facts, exact)
    return Results(
        status=_status(facts, trial=trial),
        rubric=rubric,
        panel=panel,
        facts=facts,
        counted=counted,
        dropped=dropped,
        number=number,
        **published,
    )


def _status(facts: Facts, *, trial: bool) -> Status:
    if trial:
        return "trial"
    return "official" if facts.basis.kind == "log" else "table"


def _require_final(panel: Panel, facts: Facts) -> None:
    if not facts.basis.final:
        raise Refused(_("评分尚未锁定，不能出正式结果；如需试算，请使用 --trial"))
    missing = np.argwhere(facts.state == MISSING)
    if panel.rules.missing == "refuse" and len(missing):
        a, s, c = missing[0]
        raise Refused(
            _(
                "有 {n} 处漏评，第一处是专家 {expert} 对 {applicant} 的“{indicator}”；"
                "请补评或注明不评的理由",
                n=len(missing),
                expert=facts.experts[facts.seats[a, s]],
                applicant=facts.applicants[a],
                indicator=facts.columns[c],
            )
        )
    waiting = _waiting_for_panel(panel, facts)
    if waiting.any():
        a = int(np.argmax(waiting.any(axis=1)))
        raise Refused(_("专家组尚未认定 {applicant} 的加分项", applicant=facts.applicants[a]))


def _waiting_for_panel(panel: Panel, facts: Facts) -> np.ndarray:
    """(applicants, columns): bonus that the panel as a whole has yet to decide."""
    once = panel.rules.bonus is not None and panel.rules.bonus.recognised_by == "panel"
    asked = np.any(facts.state == NOT_ASKED, axis=1)
    return np.asarray(asked & (facts.recognised < 0) & once)


def _capped(rubric: Rubric, panel: Panel, facts: Facts) -> np.ndarray:
    """The points of the facts, each expert's bonus under the cap where the rules cap it there."""
    if panel.rules.bonus is None or panel.rules.bonus.cap_stage != "expert":
        return facts.points
    points, bonus = facts.points.copy(), slice(len(rubric.indicators), None)
    points[:, :, bonus] = np.minimum(points[:, :, bonus], _caps(rubric, facts))
    return points


def _caps(rubric: Rubric, facts: Facts) -> np.ndarray:
    return np.array([int(b.points * facts.scale) for b in rubric.bonus], dtype=np.int64)


def _counted(
    rubric: Rubric, panel: Panel, facts: Facts, points: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Which cells count and which were dropped as highest or lowest, shaped as the facts."""
    rule = panel.rules.aggregation
    valid = facts.state == SCORED
    if panel.rules.recusal == "exclude_expert":
        valid &= ~np.any(facts.state == RECUSED, axis=2, keepdims=True)
    if rule.level == "total":
        asked = facts.state != NOT_ASKED
        base_only = isinstance(rule, TrimmedMean) and rule.total_of == "base"
        n = len(rubric.indicators) if base_only else len(rubric.columns)
        whole = np.all(valid | ~asked, axis=2)
        dropped = _dropped(rule, _order(np.where(valid, points, 0), n), whole)[
            :, :, None
        ] * valid.astype(np.int8)
        return valid & whole[:, :, None] & (dropped == 0), dropped
    cells = valid.swapaxes(1, 2)
    dropped = _dropped(rule, points.swapaxes(1, 2), cells).swapaxes(1, 2)
    return valid & (dropped == 0), dropped


def _order(points: np.ndarray, n: int) -> np.ndarray:
    """Score sheets from low to high, (applicants, seats): by the total of the first ``n`` columns.

    Equal totals are compared column by column in the order of the rubric, so that the order in
    which experts are listed decides nothing; sheets that still tie are the same sheet.
    """
    columns = [points[:, :, c] for c in reversed(range(points.shape[2]))]
    ascending = np.lexsort((*columns, points[:, :, :n].sum(axis=2)), axis=-1)
    place = np.empty_like(ascending)
    np.put_along_axis(place, ascending, np.arange(points.shape[1])[None, :], axis=-1)
    return place


def _dropped(rule: object, points: np.ndarray, valid: np.ndarray) -> np.ndarray:
    if not isinstance(rule, TrimmedMean):
        return np.zeros(points.shape, dtype=np.int8)
    dropped = aggregate.trim(points, valid, rule.drop_highest, rule.drop_lowest)
    dropped[valid.sum(-1) < rule.min_n] = 0
    return dropped


def _aggregate(
    rubric: Rubric, panel: Panel, facts: Facts, points: np.ndarray, counted: np.ndarray
) -> tuple[Fraction, np.ndarray]:
    """The exact points of every column, and how many experts' scores they are the mean of."""
    caps, bonus = _caps(rubric, facts), slice(len(rubric.indicators), None)
    total, number = aggregate.mean(points.swapaxes(1, 2), counted.swapaxes(1, 2))
    denominator = number.copy()
    # Where nothing was claimed the bonus is 0 by rule; where the panel decided once, that counts.
    once = np.any(facts.state == NOT_ASKED, axis=1)
    total = np.where(once, np.maximum(facts.recognised, 0), total)
    denominator = np.where(once, ~_waiting_for_panel(panel, facts), denominator)
    total[:, bonus] = np.minimum(total[:, bonus], caps * denominator[:, bonus])
    return (total, denominator), number


def _publish(rubric: Rubric, panel: Panel, facts: Facts, exact: Fraction) -> dict[str, np.ndarray]:
    """Rounded numbers at the declared stage, in units of the last published place, and ranks."""
    rounding = panel.rules.rounding
    unit = 10**rounding.places
    defined = exact[1] > 0
    numerator, denominator = _roomy(exact[0], np.maximum(exact[1], 1), unit * facts.scale)

    def round_sum(columns: slice) -> np.ndarray:
        top, bottom = aggregate.add(numerator[:, columns], denominator[:, columns])
        return half_up(top * unit, bottom * facts.scale)

    points = half_up(numerator * unit, denominator * facts.scale)
    parts = _dimension_slices(rubric)
    n = len(rubric.indicators)
    if rounding.stage == "indicator":
        dimensions = np.stack([points[:, part].sum(axis=1) for part in parts], axis=1)
    else:
        dimensions = np.stack([round_sum(part) for part in parts], axis=1)
    if rounding.stage == "total":
        base, total = round_sum(slice(0, n)), round_sum(slice(None))
    else:
        base = dimensions.sum(axis=1)
        total = base + points[:, n:].sum(axis=1)
    bonus = points[:, n:].sum(axis=1)
    ranked = defined.all(axis=1)
    keys = _tie_columns(rubric, panel, points, dimensions, base, bonus, total)
    return {
        "defined": defined,
        "sums": exact[0],
        "points": points,
        "dimensions": dimensions,
        "base": base,
        "bonus": bonus,
        "total": total,
        "rank": competition(keys, np.asarray(ranked)),
    }


def _roomy(top: np.ndarray, bottom: np.ndarray, factor: int) -> tuple[np.ndarray, np.ndarray]:
    """The fractions in whole numbers of any size, if adding and rounding could exceed int64."""
    common = math.lcm(*np.unique(bottom).tolist())
    largest = int(np.abs(top).max(initial=1)) * common * top.shape[1] * 2 * factor
    wide = largest >= 2**62
    return (top.astype(object), bottom.astype(object)) if wide else (top, bottom)


def _dimension_slices(rubric: Rubric) -> list[slice]:
    ends = np.cumsum([len(d.leaves) for d in rubric.dimensions]).tolist()
    return [slice(start, end) for start, end in zip([0, *ends], ends, strict=False)]


def _tie_columns(
    rubric: Rubric,
    panel: Panel,
    points: np.ndarray,
    dimensions: np.ndarray,
    base: np.ndarray,
    bonus: np.ndarray,
    total: np.ndarray,
) -> np.ndarray:
    columns = {"base": base, "bonus": bonus}
    columns |= {f"dimension:{d.id}": dimensions[:, n] for n, d in enumerate(rubric.dimensions)}
    columns |= {f"indicator:{i.id}": points[:, n] for n, i in enumerate(rubric.indicators)}
    return np.stack([total, *(columns[key] for key in panel.rules.ties)], axis=1)
