"""The facts of a round with every expert's scores on a common scale, where the rules say so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np

from evalkit.evaluation.counting import valid_scores
from evalkit.facts.columns import Facts
from evalkit.panel import Panel
from evalkit.panel.rules import Standardise
from evalkit.panel.units import common_scale, expert_range
from evalkit.rubric import Rubric
from evalkit.scoring.points import Rounder
from evalkit.scoring.standardise import Spread, converted, spread


def standardised(rubric: Rubric, panel: Panel, facts: Facts, eligible: np.ndarray) -> Facts:
    """``facts`` with converted scores on indicators; the same where no rule asks for that.

    An expert's mean and spread on an indicator are those of the valid scores of ``eligible``
    applicants, in whatever group they are; so are the panel's.
    """
    rule = panel.rules.standardise
    if rule is None:
        return facts
    points = facts.points.copy()
    valid = valid_scores(panel, facts)
    for c, indicator in enumerate(rubric.indicators):
        ends = expert_range(panel.rules, indicator)
        if ends is None or not common_scale(panel.rules, indicator):
            continue
        least, most = (int(end * facts.scale) for end in ends)
        for at, new in _converted(rule, facts, c, valid[:, :, c], eligible):
            points[:, :, c][at] = np.clip(new, least, most)
    return replace(facts, points=points)


def _converted(
    rule: Standardise, facts: Facts, c: int, valid: np.ndarray, eligible: np.ndarray
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """For each expert with enough scores on a column: where they stand, and what they become."""
    scores, among = facts.points[:, :, c], valid & eligible[:, None]
    sample = rule.spread == "sample"
    to = _target(rule, scores[among].tolist(), facts.scale)
    rounder = Rounder("half_up", facts.scale // 10**rule.digits)
    for e in range(len(facts.experts)):
        at = valid & (facts.seats == e)
        own = scores[at & among].tolist()
        if to is None or len(own) < rule.min_n:
            continue
        mine = spread(own, facts.scale, rule.digits, sample=sample)
        given, index = np.unique(scores[at], return_inverse=True)
        new = (converted(Fraction(x, facts.scale), mine, to) for x in given.tolist())
        yield at, np.array([rounder.of(x * facts.scale) for x in new], dtype=np.int64)[index]


def _target(rule: Standardise, scores: list[int], unit: int) -> Spread | None:
    """The scale that scores are brought to; None where there are too few to have one."""
    if rule.to != "panel":
        return Spread(Fraction(rule.to.mean), Fraction(rule.to.spread))
    if len(scores) < rule.min_n:
        return None
    return spread(scores, unit, rule.digits, sample=rule.spread == "sample")
