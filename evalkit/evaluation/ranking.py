"""Who is ranked, in which order, with which grade, and who is proposed for selection."""

from __future__ import annotations

import math

import numpy as np

from evalkit.evaluation import tiebreak
from evalkit.evaluation.published import Published
from evalkit.facts import verified
from evalkit.facts.columns import Facts
from evalkit.panel import Panel
from evalkit.panel.units import by_scores
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
    published: Published, ranked: np.ndarray, facts: Facts, placed: np.ndarray | None
) -> np.ndarray:
    """Ranks from 1 by published totals, or sums of placings, and the declared ties; 0 for no rank.

    Over all applicants, or within each group where the rules rank by group. ``placed`` as from
    `placings.placed`.
    """
    panel, sums = published.panel, None if placed is None else placed.sum(axis=1)
    order = keys(published, facts, sums)
    ranked = ranked if sums is None else ranked & (sums > 0)
    if panel.rules.ranking != "by_group":
        return competition(order, ranked)
    groups = np.array([a.group for a in panel.applicants])
    found = np.zeros(len(ranked), dtype=np.int64)
    for group in np.unique(groups):
        own = groups == group
        found[own] = competition(order[own], ranked[own])
    return found


def reached(published: Published) -> np.ndarray:
    """(rows, minimums): whether a row meets each declared minimum, with its published number."""
    rules, up = published.panel.rules, published.rubric.direction
    unit, found = 10**rules.rounding.places, []
    for rule in rules.minimums or ():
        bound = math.ceil(rule.bound * up * unit)
        found.append(tiebreak.column(rule.of, published, None) >= bound)
    return np.stack(found, axis=1) if found else np.ones((len(published.total), 0), dtype=bool)


def keys(published: Published, facts: Facts | None, sums: np.ndarray | None) -> np.ndarray:
    """(rows, 1 + ties): the total, then the keys of the declared tie chain; more is better.

    ``sums`` (rows,) of placings stand in the place of the total. Without ``facts`` the chain ends
    before the first key that looks behind published numbers.
    """
    total = published.total * published.rubric.direction
    columns = [total if sums is None else -sums]
    for key in published.panel.rules.ties:
        if facts is None and by_scores(key):
            break
        columns.append(tiebreak.column(key, published, facts))
    return np.stack(columns, axis=1)


def selected(rubric: Rubric, panel: Panel, rank: np.ndarray, grade: np.ndarray) -> np.ndarray:
    """(applicants): NOT_SELECTED, SELECTED or TIED_AT_CUT, by the declared number of places.

    ``rank`` and ``grade`` as from `ranks` and `grades`. Whoever has a grade that does not pass is
    not proposed, however many places there are, and ties with nobody for one.
    """
    rank = np.where(_passing(rubric, panel, grade), rank, 0)
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


def _passing(rubric: Rubric, panel: Panel, grade: np.ndarray) -> np.ndarray:
    """(applicants): whether no grade stands against selection; nothing does without grades."""
    procedure = panel.procedure_of(rubric)
    failing = [n for n, g in enumerate(procedure.grades if procedure else ()) if not g.passes]
    return ~np.isin(grade, failing)


def grades(published: Published, graded: np.ndarray) -> np.ndarray:
    """(applicants): the grade of each published total, counted from the best (0); -1: none.

    A total on the cut has reached the grade: it is the least total of it, or the greatest where a
    lower one is better.
    """
    rules, up = published.panel.rules, published.rubric.direction
    if rules.grades is None:
        return np.full(len(graded), -1, dtype=np.int8)
    total, unit = published.total * up, 10**rules.rounding.places
    reached = [total >= math.ceil(cut.bound * up * unit) for cut in rules.grades]
    place = np.argmax([*reached, np.ones(len(total), dtype=bool)], axis=0)
    return np.where(graded, place, -1).astype(np.int8)
