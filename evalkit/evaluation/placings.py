"""Ranks as scores: how each expert places the applicants, and the sums of these placings."""

from __future__ import annotations

import numpy as np

from evalkit.base.text import Text, _
from evalkit.evaluation.counting import sheet_totals, whole_sheets
from evalkit.facts.columns import Facts
from evalkit.panel import Panel
from evalkit.rubric import Rubric
from evalkit.scoring.rank import placings


def placed(
    rubric: Rubric, panel: Panel, facts: Facts, ranked: np.ndarray
) -> tuple[np.ndarray | None, Text | None]:
    """(applicants, experts): twice each placing, 0 where there is none; None without that rule.

    Placings are among those who are ``ranked`` together. Only an expert with a whole sheet for each
    of them has any, so that all sums are of equally many. Beside them stands why official ranks
    have to wait, None where nothing stands against them.
    """
    rule = panel.rules.placings
    if rule is None:
        return None, None
    bonus = rule.of == "base_and_bonus"
    totals = _by_expert(facts, sheet_totals(rubric, panel, facts, bonus=bonus))
    whole = _by_expert(facts, whole_sheets(rubric, panel, facts, bonus=bonus)).astype(bool)
    apart = panel.rules.ranking == "by_group"
    groups = np.array([a.group if apart else None for a in panel.applicants], dtype=str)
    found, wrong = np.zeros_like(totals), None
    for group in np.unique(groups):
        own = (groups == group) & ranked
        complete = whole[own].all(axis=0)
        wrong = wrong or _problem(facts, whole, own, complete, refuse=rule.incomplete == "refuse")
        places = placings(totals[own].T * rubric.direction, mean=rule.tied == "mean").T
        found[own] = places * complete
    return found, wrong


def _by_expert(facts: Facts, by_seat: np.ndarray) -> np.ndarray:
    """(applicants, experts): what stands at the seat of each; 0 for whoever has none."""
    found = np.zeros((len(facts.applicants), len(facts.experts)), dtype=np.int64)
    a, s = np.nonzero(facts.seats >= 0)
    found[a, facts.seats[a, s]] = by_seat[a, s]
    return found


def _problem(
    facts: Facts, whole: np.ndarray, own: np.ndarray, complete: np.ndarray, *, refuse: bool
) -> Text | None:
    if not own.any() or (complete.all() if refuse else complete.any()):
        return None
    a, e = np.argwhere(own[:, None] & ~whole)[0]
    return _(
        "按名次之和排名，须有专家给每个参加排名的对象都打齐；{expert} 没有给 {applicant} 打齐",
        expert=facts.experts[e],
        applicant=facts.applicants[a],
    )
