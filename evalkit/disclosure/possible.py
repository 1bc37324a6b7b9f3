"""Which published numbers were possible: ends, and how far apart, as anybody with the rules knows.

How far is overstated rather than understated: whoever guesses has fewer numbers to choose from.
No points that anybody got are looked at.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from math import ceil

import numpy as np

from evalkit.disclosure.statistics import Range
from evalkit.evaluation import Results
from evalkit.panel.units import rule_of
from evalkit.rubric.indicators import Indicator
from evalkit.rubric.measures import PerUnit, PoolRelative, TierTable


def ranges(results: Results, whose: np.ndarray) -> dict[str, Range]:
    """The `Range` of ``dimension:<id>`` and of each column but deductions, over ``whose``.

    Of what makes the total alone there is none: whose is greater, the ranks tell.
    """
    rubric = results.rubric

    def between(low: Decimal | str, high: Decimal, apart: Decimal) -> Range:
        unit = 10**results.panel.rules.rounding.places
        finest = results.panel.rules.rounding.rounder.step
        return Range(int(Decimal(low) * unit), int(high * unit), max(ceil(apart * unit), finest))

    found, apart = dict[str, Range](), dict[str, Decimal]()
    for c, i in enumerate(rubric.indicators):
        apart[i.id] = _apart(results, whose, c, i)
        found[i.id] = between(results.least_text([i]), i.points, apart[i.id])
    for c, b in enumerate(rubric.bonus, len(rubric.indicators)):
        found[b.id] = between("0", b.points, _mean(results, whose, c, Decimal(1)))
    for d in rubric.dimensions:
        # a sum lies at least as close to others as its finest part does
        closest = min(apart[leaf.id] for leaf in d.leaves)
        found[f"dimension:{d.id}"] = between(results.least_text(d.leaves), d.total, closest)
    if len(rubric.dimensions) == 1 and len(rubric.columns) == len(rubric.indicators):
        del found[f"dimension:{rubric.dimensions[0].id}"]
    return found if len(rubric.columns) > 1 else {}


def _apart(results: Results, whose: np.ndarray, c: int, indicator: Indicator) -> Decimal:
    """The distance between points of an indicator; 0 where a formula gives any."""
    if results.number[whose, c].any():
        return _mean(results, whose, c, indicator.range.factor)
    rule = rule_of(results.panel.rules, indicator)
    if isinstance(rule, PoolRelative):
        return indicator.points  # whoever is best has all of them, and that is known
    if isinstance(rule, TierTable):
        tiers = sorted({rule.otherwise, *(tier.points for tier in rule.tiers)})
        return max((b - a for a, b in pairwise(tiers)), default=indicator.points)
    return rule.each_points if isinstance(rule, PerUnit) else Decimal(0)


def _mean(results: Results, whose: np.ndarray, c: int, factor: Decimal) -> Decimal:
    """The distance between means of as few scores as anybody had; between decisions of all, the
    step.
    """
    counts = results.number[whose, c]
    fewest = int(counts[counts > 0].min()) if counts.any() else 1
    if results.panel.rules.aggregation.method == "median":
        fewest = 2 - fewest % 2
    return results.panel.rules.step * factor / fewest
