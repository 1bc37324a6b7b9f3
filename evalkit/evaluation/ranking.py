"""Who is ranked, in which order, with which grade, and who is proposed for selection."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from evalkit.facts import verified
from evalkit.facts.columns import Facts
from evalkit.panel import Panel
from evalkit.rubric import Rubric
from evalkit.scoring.rank import competition

NOT_SELECTED, SELECTED, TIED_AT_CUT = range(3)
"""What is proposed; between equals at the last place a person may have to decide."""


def eligible(rubric: Rubric, panel: Panel, facts: Facts) -> np.ndarray:
    """(applicants): whether no condition of entry stands against ranking, by the declared rule.

    A failed condition always does. One that is not known yet does too: official results wait for
    it, or the rules leave the applicant out.
    """
    if panel.rules.gates is None:
        return np.ones(len(facts.applicants), dtype=bool)
    results = (verified.gate_results(rubric, facts.verified, a) for a in facts.applicants)
    return np.array([all(result == "pass" for _gate, result in own) for own in results])


def ranks(
    rubric: Rubric, panel: Panel, numbers: Mapping[str, np.ndarray], ranked: np.ndarray
) -> np.ndarray:
    """Ranks from 1 by published totals and the declared ties; 0 for no rank.

    Over all applicants, or within each group where the rules rank by group. Where a lower total is
    better, every key of the tie chain is read that way too.
    """
    keys = _keys(rubric, panel, numbers) * (-1 if rubric.better == "lower" else 1)
    if panel.rules.ranking != "by_group":
        return competition(keys, ranked)
    groups = np.array([a.group for a in panel.applicants])
    found = np.zeros(len(ranked), dtype=np.int64)
    for group in np.unique(groups):
        own = groups == group
        found[own] = competition(keys[own], ranked[own])
    return found


def _keys(rubric: Rubric, panel: Panel, numbers: Mapping[str, np.ndarray]) -> np.ndarray:
    columns = {"base": numbers["base"], "bonus": numbers["bonus"]}
    dimensions, points = numbers["dimensions"], numbers["points"]
    columns |= {f"dimension:{d.id}": dimensions[:, n] for n, d in enumerate(rubric.dimensions)}
    columns |= {f"indicator:{i.id}": points[:, n] for n, i in enumerate(rubric.indicators)}
    return np.stack([numbers["total"], *(columns[key] for key in panel.rules.ties)], axis=1)


def selected(panel: Panel, rank: np.ndarray) -> np.ndarray:
    """(applicants): NOT_SELECTED, SELECTED or TIED_AT_CUT, by the declared number of places."""
    rule, found = panel.rules.selecting, np.full(len(rank), NOT_SELECTED, dtype=np.int8)
    if rule is None:
        return found
    places = rule.places if isinstance(rule.places, dict) else {None: rule.places}
    groups = np.array(
        [a.group if isinstance(rule.places, dict) else None for a in panel.applicants]
    )
    for group, n in places.items():
        own = (groups == group) & (rank > 0) & (rank <= n)
        last = own & (rank == rank[own].max(initial=0))
        found[own] = SELECTED
        # 1, 2, 2 on two places: all of the last rank go together
        if own.sum() > n:
            found[last] = SELECTED if rule.tie_at_cut == "all" else TIED_AT_CUT
    return found


def grades(panel: Panel, total: np.ndarray, graded: np.ndarray) -> np.ndarray:
    """(applicants): the grade of each published total, counted from the best (0); -1: none."""
    cuts, unit = panel.rules.grades, 10**panel.rules.rounding.places
    if cuts is None:
        return np.full(len(total), -1, dtype=np.int8)
    reached = [total >= math.ceil(cut.at_least * unit) for cut in cuts]
    place = np.argmax([*reached, np.ones(len(total), dtype=bool)], axis=0)
    return np.where(graded, place, -1).astype(np.int8)
