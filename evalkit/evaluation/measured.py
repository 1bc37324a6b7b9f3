"""Points from measured values, over all applicants of a round."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np

from evalkit.facts.columns import SCORED, Facts
from evalkit.panel import Panel
from evalkit.panel.units import expert_range, measured_points, rule_of
from evalkit.rubric import Rubric
from evalkit.rubric.measures import Agreed, PoolRelative, points_of
from evalkit.scoring.points import narrow

NOT_COMPARED, AGREED, DISAGREED = range(3)


@dataclass(frozen=True)
class Measured:
    """What a measured value gives on one column; ``points`` is None where there is no value."""

    value: Decimal | None
    points: Fraction | None
    of: Decimal
    """How many points the value decides."""
    alone: bool
    """Whether experts give nothing beside it."""


Values = Mapping[tuple[int, int], Measured]
"""By applicant and column; only columns that a measured value decides or shares."""


def points(rubric: Rubric, panel: Panel, facts: Facts, eligible: np.ndarray) -> Values:
    """The points of every measured value by the declared method, exact.

    A missing value gives no points, or 0 where the rules declare that. A pool-relative method looks
    at the eligible applicants alone, and gives the others no points; benchmarks that do not depend
    on the pool hold for everybody.
    """
    rules, found = panel.rules.measures, dict[tuple[int, int], Measured]()
    if rules is None:
        return found
    for c, indicator in enumerate(rubric.indicators):
        most = measured_points(panel.rules, indicator)
        rule = rule_of(panel.rules, indicator)
        if not most or rule is None:
            continue
        alone = expert_range(panel.rules, indicator) is None
        compared = eligible if isinstance(rule, PoolRelative) else np.ones_like(eligible)
        values = [facts.verified.measured.get((a, indicator.id)) for a in facts.applicants]
        pool = [n for n, v in enumerate(values) if v is not None and compared[n]]
        given = [value for n in pool if (value := values[n]) is not None]
        scored = dict(zip(pool, points_of(rule, given, most), strict=True))
        zero = Fraction(0) if rules.missing == "zero" else None
        for a, value in enumerate(values):
            own = scored.get(a) if value is not None else zero
            found[a, c] = Measured(value, own, most, alone)
    return found


def added(
    exact: tuple[np.ndarray, np.ndarray], values: Values, scale: int
) -> tuple[np.ndarray, np.ndarray]:
    """The experts' exact points with those of measured values added, or in their place.

    Numerators in units of ``scale``; where either part has no value (denominator 0), the sum has
    none: p/q + m/d = (p·d + m·q) / (q·d).
    """
    if not values:
        return exact
    ratios = [(0, 0) if v.points is None else v.points.as_integer_ratio() for v in values.values()]
    alone = np.array([v.alone for v in values.values()])
    at = tuple(np.array(list(values)).T)
    top, bottom = (part.astype(object) for part in exact)
    m, d = np.array(ratios, dtype=object).T
    p, q = np.where(alone, 0, top[at]), np.where(alone, 1, bottom[at])
    top[at], bottom[at] = p * d + m * scale * q, q * d
    return narrow(top), narrow(bottom)


def agreement(rubric: Rubric, panel: Panel, facts: Facts) -> np.ndarray:
    """(applicants, columns): whether experts who must agree do; NOT_COMPARED for other columns."""
    found = np.full(facts.recognised.shape, NOT_COMPARED, dtype=np.int8)
    for c, indicator in enumerate(rubric.indicators):
        if not isinstance(rule_of(panel.rules, indicator), Agreed):
            continue
        scores, own = facts.points[:, :, c], facts.state[:, :, c] == SCORED
        bound = np.iinfo(np.int64).max
        most = np.where(own, scores, -bound).max(axis=1, initial=-bound)
        least = np.where(own, scores, bound).min(axis=1, initial=bound)
        found[:, c] = np.where(most > least, DISAGREED, AGREED)
    return found
