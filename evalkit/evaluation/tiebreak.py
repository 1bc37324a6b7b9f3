"""What a declared chain of ties compares: published numbers, unrounded ones, single scores."""

from __future__ import annotations

import numpy as np

from evalkit.evaluation.counting import sheet_totals, valid_scores, whole_sheets
from evalkit.evaluation.published import Published
from evalkit.facts.columns import Facts
from evalkit.panel.units import by_scores, expert_range

NONE = -(2**62)
"""Stands below everything: whoever has nothing to compare comes after those who have."""


def column(key: str, published: Published, facts: Facts | None) -> np.ndarray:
    """(rows,): whole numbers in the order of the key; more is better, whatever the direction.

    ``facts`` are needed for what is `by_scores`.
    """
    kind, _, name = key.partition(":")
    up = published.rubric.direction
    if facts is None or not by_scores(key):
        return _published(kind, name, published) * up
    if kind == "unrounded":
        return _unrounded(name, published) * up
    if kind == "top_scores":
        return _top_scores(published, facts)
    if kind.endswith("_sheet"):
        rubric, panel = published.rubric, published.panel
        values = sheet_totals(rubric, panel, facts, bonus=False) * up
        there = whole_sheets(rubric, panel, facts, bonus=False)
    else:
        c = [i.id for i in published.rubric.indicators].index(name)
        values = facts.points[:, :, c] * up
        there = valid_scores(published.panel, facts)[:, :, c]
    return _end(values, there, best=kind.startswith("best"))


def _published(kind: str, name: str, published: Published) -> np.ndarray:
    if kind == "dimension":
        names = [d.id for d in published.rubric.dimensions]
        return np.asarray(published.dimensions[:, names.index(name)])
    if kind == "indicator":
        names = [i.id for i in published.rubric.indicators]
        return np.asarray(published.points[:, names.index(name)])
    return np.asarray(getattr(published, kind))


def _unrounded(name: str, published: Published) -> np.ndarray:
    """The places of the exact sums of the columns that ``name`` stands for, from the least."""
    rubric = published.rubric
    kind, _, id = name.partition(":")
    columns = list(range(len(rubric.indicators)))
    if kind == "indicator":
        columns = [[i.id for i in rubric.indicators].index(id)]
    elif kind == "dimension":
        own = next(d for d in rubric.dimensions if d.id == id)
        ids = {leaf.id for leaf in own.leaves}
        columns = [c for c, i in enumerate(rubric.indicators) if i.id in ids]
    rows = range(len(published.total))
    if kind == "total":
        sums = [published.exact_total(row) for row in rows]
    else:
        sums = [published.exact_sum(row, columns) for row in rows]
    places = {value: place for place, value in enumerate(sorted(set(sums)))}
    return np.array([places[value] for value in sums], dtype=np.int64)


def _top_scores(published: Published, facts: Facts) -> np.ndarray:
    """How many scores on indicators are the best that an expert may give."""
    found = np.zeros(len(facts.applicants), dtype=np.int64)
    valid, up = valid_scores(published.panel, facts), published.rubric.direction
    for c, indicator in enumerate(published.rubric.indicators):
        if ends := expert_range(published.panel.rules, indicator):
            best = int(ends[up > 0] * facts.scale)
            found += (valid[:, :, c] & (facts.points[:, :, c] == best)).sum(axis=1)
    return found


def _end(values: np.ndarray, there: np.ndarray, *, best: bool) -> np.ndarray:
    """The greatest or the least of the values that are ``there``; `NONE` where none is."""
    if best:
        return np.where(there, values, NONE).max(axis=1, initial=NONE)
    least = np.where(there, values, -NONE).min(axis=1, initial=-NONE)
    return np.where(there.any(axis=1), least, NONE)
