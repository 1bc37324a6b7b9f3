"""Which scores count: recusals, whole sheets, highest and lowest, by the declared rules."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from evalkit.facts.columns import NOT_ASKED, RECUSED, SCORED, Facts
from evalkit.panel import Panel
from evalkit.panel.aggregation import (
    Aggregation,
    BestOf,
    ByTotal,
    Median,
    NearMean,
    TrimmedMean,
    Winsorised,
)
from evalkit.panel.units import factor_unit, factors, weight_unit
from evalkit.rubric import Rubric
from evalkit.scoring import aggregate


@dataclass(frozen=True, eq=False)
class Counting:
    """Shapes as in the facts (applicants, seats, columns)."""

    points: np.ndarray
    """What each score counts as: capped or replaced where the rules say so."""
    counted: np.ndarray
    dropped: np.ndarray
    """`aggregate.HIGHEST` or LOWEST where a score was dropped, or replaced if it still counts."""


def count(rubric: Rubric, panel: Panel, facts: Facts) -> Counting:
    """Apply the rules on recusal, aggregation and the cap of each expert's bonus to ``facts``."""
    rule, points = panel.rules.aggregation, as_counted(rubric, panel, facts)
    valid, weights = valid_scores(panel, facts), expert_weights(panel, facts)
    lower = rubric.better == "lower"
    if rule.level == "total":
        whole, order = sheets(rubric, panel, facts, valid, points)
        if isinstance(rule, NearMean):
            order = sheet_totals(rubric, panel, facts, bonus=_with_bonus(rule))
        dropped = _dropped(rule, order, whole, weights, lower=lower)[:, :, None] * valid.astype(
            np.int8
        )
        return Counting(points, valid & whole[:, :, None] & (dropped == 0), dropped)
    by_column, cells = points.swapaxes(1, 2), valid.swapaxes(1, 2)
    across = None if weights is None else weights[:, None, :]
    ordered = by_column if isinstance(rule, NearMean) else _by_weight(by_column, weights)
    dropped = _dropped(rule, ordered, cells, across, lower=lower)
    if isinstance(rule, Winsorised):
        replaced = aggregate.replaced(by_column, cells, dropped)
        return Counting(replaced.swapaxes(1, 2), valid, dropped.swapaxes(1, 2))
    counted = cells & (dropped == 0)
    return Counting(points, counted.swapaxes(1, 2), dropped.swapaxes(1, 2))


def too_few_left(rubric: Rubric, panel: Panel, facts: Facts) -> np.ndarray:
    """(applicants, columns): where scores too far from the mean count, for want of others."""
    rule = panel.rules.aggregation
    if not isinstance(rule, NearMean):
        return np.zeros(facts.recognised.shape, dtype=bool)
    strict = panel.rules.model_copy(update={"aggregation": rule.model_copy(update={"min_left": 0})})
    would = count(rubric, panel.model_copy(update={"rules": strict}), facts).dropped != 0
    does = count(rubric, panel, facts).dropped != 0
    return np.asarray((would & ~does).any(axis=1))


def valid_scores(panel: Panel, facts: Facts) -> np.ndarray:
    """Which scores may count, shaped as in the facts, by the rule on recusal."""
    valid = facts.state == SCORED
    if panel.rules.recusal == "exclude_expert":
        valid &= ~np.any(facts.state == RECUSED, axis=2, keepdims=True)
    return np.asarray(valid)


def sheet_totals(rubric: Rubric, panel: Panel, facts: Facts, *, bonus: bool) -> np.ndarray:
    """(applicants, seats): the points on each sheet, with its bonus or without.

    In units of the facts' scale and of `factor_unit`; what is no valid score adds nothing.
    """
    n = bonus_columns(rubric).stop if bonus else len(rubric.indicators)
    scored = np.where(valid_scores(panel, facts), as_counted(rubric, panel, facts), 0)[:, :, :n]
    return np.asarray((scored * _weights(rubric)[:n]).sum(axis=2))


def whole_sheets(rubric: Rubric, panel: Panel, facts: Facts, *, bonus: bool) -> np.ndarray:
    """(applicants, seats): whether a valid score stands wherever the expert was asked for one."""
    n = bonus_columns(rubric).stop if bonus else len(rubric.indicators)
    valid = valid_scores(panel, facts)[:, :, :n]
    asked = facts.state[:, :, :n] != NOT_ASKED
    return np.asarray((valid | ~asked).all(axis=2) & valid.any(axis=2))


def sheets(
    rubric: Rubric, panel: Panel, facts: Facts, valid: np.ndarray, points: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(applicants, seats): which sheets are whole, and their places from low to high.

    ``valid`` marks the scores that may count, ``points`` are what they count as.
    """
    whole = np.all(valid | (facts.state == NOT_ASKED), axis=2)
    total = sheet_totals(rubric, panel, facts, bonus=_with_bonus(panel.rules.aggregation))
    return whole, _order(np.where(valid, points, 0), total, expert_weights(panel, facts))


def combined(panel: Panel, facts: Facts, counting: Counting) -> tuple[np.ndarray, np.ndarray]:
    """(applicants, columns): the sums of what counts, weighted, and what they are divided by."""
    weights = expert_weights(panel, facts)
    return aggregate.mean(
        counting.points.swapaxes(1, 2),
        counting.counted.swapaxes(1, 2),
        None if weights is None else weights[:, None, :],
    )


def caps(rubric: Rubric, scale: int) -> np.ndarray:
    """(bonus groups): the most points of each, in units of ``scale``."""
    return np.array([int(b.points * scale) for b in rubric.bonus], dtype=np.int64)


def capped(rubric: Rubric, scale: int, sums: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """``sums`` (..., columns), so that no bonus comes to more than its cap once it is divided."""
    if not rubric.bonus:
        return sums
    most, part = np.full_like(sums, np.iinfo(np.int64).max), bonus_columns(rubric)
    most[..., part] = caps(rubric, scale) * denominator[..., part]
    return np.minimum(sums, most)


def expert_weights(panel: Panel, facts: Facts) -> np.ndarray | None:
    """(applicants, seats): each expert's weight as a whole number; None if all are equal."""
    declared = panel.rules.aggregation.weights
    if declared is None:
        return None
    unit = weight_unit(declared.values())
    return np.array([*(int(declared[e] * unit) for e in facts.experts), 0], np.int64)[facts.seats]


def bonus_columns(rubric: Rubric) -> slice:
    """Where the bonus groups stand among the columns."""
    return slice(len(rubric.indicators), len(rubric.indicators) + len(rubric.bonus))


def as_counted(rubric: Rubric, panel: Panel, facts: Facts) -> np.ndarray:
    """The points of the facts, each expert's bonus under the cap where the rules cap it there."""
    if panel.rules.bonus is None or panel.rules.bonus.cap_stage != "expert":
        return facts.points
    points, bonus = facts.points.copy(), bonus_columns(rubric)
    points[:, :, bonus] = np.minimum(points[:, :, bonus], caps(rubric, facts.scale))
    return points


def _with_bonus(rule: object) -> bool:
    """Whether a bonus is part of the total that sheets are compared by."""
    return not (isinstance(rule, ByTotal) and rule.total_of == "base")


def _by_weight(points: np.ndarray, weights: np.ndarray | None) -> np.ndarray:
    """What scores (applicants, columns, seats) are ordered by: of equal ones the heavier is higher.

    Else it would decide which expert is listed first.
    """
    if weights is None:
        return points
    return points * (int(weights.max(initial=0)) + 1) + weights[:, None, :]


def _order(points: np.ndarray, total: np.ndarray, weights: np.ndarray | None) -> np.ndarray:
    """Score sheets from low to high, (applicants, seats): by the ``total`` of each.

    Equal totals are compared column by column in the order of the rubric, bonus groups last and
    whether or not they are in the total, then by weight, so that the order in which experts are
    listed decides nothing; sheets that still tie are the same sheet.
    """
    columns = [points[:, :, c] for c in reversed(range(points.shape[2]))]
    columns[:0] = [] if weights is None else [weights]
    ascending = np.lexsort((*columns, total), axis=-1)
    place = np.empty_like(ascending)
    np.put_along_axis(place, ascending, np.arange(points.shape[1])[None, :], axis=-1)
    return place


def _weights(rubric: Rubric) -> np.ndarray:
    """The factor of every column as a whole number of their common unit."""
    whole = factors(rubric)
    rest = len(rubric.columns) - len(whole)
    return np.array([*whole, *[factor_unit(rubric)] * rest], dtype=np.int64)


def _dropped(
    rule: Aggregation,
    points: np.ndarray,
    valid: np.ndarray,
    weights: np.ndarray | None,
    *,
    lower: bool,
) -> np.ndarray:
    if isinstance(rule, Median):
        return aggregate.beside_middle(points, valid)
    if isinstance(rule, NearMean):
        share, drop = Fraction(rule.percent) / 100, rule.at_percent == "drop"
        dropped = aggregate.far(points, valid, weights, share, inclusive=drop)
        enough = (valid & (dropped == 0)).sum(-1, keepdims=True) >= rule.min_left
        return dropped * enough
    if not isinstance(rule, TrimmedMean | Winsorised | BestOf):
        return np.zeros(points.shape, dtype=np.int8)
    return aggregate.trim(points, valid, *ends(rule, valid.sum(-1), lower=lower))


def ends(
    rule: TrimmedMean | Winsorised | BestOf, n: np.ndarray, *, lower: bool
) -> tuple[np.ndarray, np.ndarray]:
    """How many of ``n`` valid scores go at the high end, and at the low end, shaped as ``n``."""
    least, most = int(n.min(initial=np.iinfo(n.dtype).max)), int(n.max(initial=0))
    least = min(least, most)
    table = np.array([rule.dropped(k, lower=lower) for k in range(least, most + 1)], dtype=n.dtype)
    if (table == table[0]).all():  # mostly nothing has to be looked up
        return np.full_like(n, table[0, 0]), np.full_like(n, table[0, 1])
    return table[n - least, 0], table[n - least, 1]
