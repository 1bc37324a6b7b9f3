"""The scale on which experts score each column, and what their scores count as."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from math import lcm

import numpy as np

from evalkit.evaluation import Results
from evalkit.evaluation.counting import bonus_columns
from evalkit.panel.units import expert_range


def ends(results: Results) -> np.ndarray:
    """(columns, 2): least and greatest score, in points of the scale; 0 where no expert scores."""
    rubric = results.rubric
    none = Decimal(0)
    found = [expert_range(results.panel.rules, i) or (none, none) for i in rubric.indicators]
    found += [(none, b.points) for b in rubric.bonus]
    found += [(none, none)] * (len(results.facts.columns) - len(found))
    return np.array([[float(end) for end in pair] for pair in found])


def factors(results: Results) -> tuple[np.ndarray, int]:
    """(columns,): what a score is multiplied with to be points, over a common whole number."""
    rubric = results.rubric
    ratios = [i.range.factor.as_integer_ratio() for i in rubric.indicators]
    unit = lcm(*(bottom for _top, bottom in ratios))
    whole = [top * (unit // bottom) for top, bottom in ratios]
    rest = len(results.facts.columns) - len(whole)
    return np.array([*whole, *[unit] * rest], dtype=np.int64), unit


def caps(results: Results) -> Iterator[tuple[int, float]]:
    """The column of each bonus group, and the most points of it."""
    first = bonus_columns(results.rubric).start
    for c, bonus in enumerate(results.rubric.bonus, first):
        yield c, float(bonus.points)


def each_capped(results: Results) -> bool:
    """Whether each expert's bonus is capped before it is combined."""
    rule = results.panel.rules.bonus
    return rule is not None and rule.cap_stage == "expert"


def beside(results: Results) -> np.ndarray:
    """(applicants, columns): points of measured values that stand beside the experts' scores."""
    found = np.zeros(results.points.shape)
    for (a, c), own in results.measured.items():
        if not own.alone:
            found[a, c] = float(own.points) if own.points is not None else np.nan
    return found


def floored(results: Results, totals: np.ndarray, points: np.ndarray) -> np.ndarray:
    """``totals`` that deductions do not take below 0, nor lift to it, where the rules say so.

    ``points`` (..., applicants, columns) in published units, what is taken off above 0.
    """
    rule = results.panel.rules.deductions
    if rule is None or rule.floor != "zero":
        return totals
    before = totals + np.nansum(points[..., bonus_columns(results.rubric).stop :], axis=-1)
    return np.maximum(totals, np.minimum(before, 0))


def limits(results: Results) -> np.ndarray:
    """(2, applicants): the least and the greatest total that the experts' scores could come to.

    In published units. What no expert's score counts in stands as it is: measured values, what is
    decided once. nan for whoever has no total.
    """
    factor, unit = factors(results)
    scored = ends(results).T[:, None] * factor / unit + beside(results)
    fixed = results.points / 10**results.panel.rules.rounding.places
    points = np.where(results.number > 0, scored, np.where(results.defined, fixed, np.nan))
    off = np.arange(points.shape[-1]) >= bonus_columns(results.rubric).stop
    return floored(results, (points * np.where(off, -1, 1)).sum(-1), points)
