"""What a single indicator would have to come to, for the total to move by so much."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR

import numpy as np

from evalkit.evaluation import Results
from evalkit.evaluation.published import Published

NAMED = 3
"""So many indicators are named, those with the smallest change first."""


def enough(results: Results, rows: np.ndarray, moves: np.ndarray) -> list[list[dict[str, str]]]:
    """For each of the applicants ``rows`` the indicators on which a change alone would do.

    ``moves`` (rows,), not 0: by how much the total has to rise, or to fall, in published units.
    An indicator comes with the published points nearest to its own that do, between its least and
    its most. Whether they do is asked of the official function: rounding, and a floor under the
    total, can take a change away.
    """
    n, ends = len(results.rubric.indicators), _ends(results)
    at, column = np.repeat(rows, n), np.tile(np.arange(n), len(rows))
    up, target = np.repeat(moves > 0, n), np.repeat(results.total[rows] + moves, n)
    least = results.panel.rules.rounding.rounder.step
    sign, points = np.where(up, 1, -1), results.points[at, column]

    def does(cases: np.ndarray, change: np.ndarray) -> np.ndarray:
        changed = (points + sign * least * change)[cases]
        total = _totals(results, at[cases], column[cases], changed)
        return np.asarray((total - target[cases]) * sign[cases] >= 0)

    # what does is a change above `short`, up to `most`; more of it never does less
    nearer, farther = (np.where(up, *ends[column].T[::step]) for step in (1, -1))
    short = np.maximum(-(sign * (points - nearer) // least) - 1, 0)
    most = sign * (farther - points) // least
    possible = np.flatnonzero(most > short)
    possible = possible[does(possible, most)]
    while (open_ := possible[(most - short)[possible] > 1]).size:
        middle = (short + most) // 2
        done = does(open_, middle)
        most[open_[done]] = middle[open_[done]]
        short[open_[~done]] = middle[open_[~done]]
    found: list[list[tuple[float, int, int]]] = [[] for _ in rows]
    for case in possible.tolist():
        c, change = int(column[case]), least * int(most[case])
        found[case // n].append((change / ends[c, 1], c, int(points[case] + sign[case] * change)))
    return [[_said(results, c, needed) for _s, c, needed in sorted(own)[:NAMED]] for own in found]


def _said(results: Results, c: int, needed: int) -> dict[str, str]:
    return {"column": results.facts.columns[c], "points": results.number_text(needed)}


def _ends(results: Results) -> np.ndarray:
    """(indicators, 2): the least and the most points of each that can be published."""
    unit, found = 10**results.panel.rules.rounding.places, []
    for i in results.rubric.indicators:
        least = (i.range.min * i.range.factor * unit).to_integral_value(ROUND_CEILING)
        found.append((int(least), int((i.points * unit).to_integral_value(ROUND_FLOOR))))
    return np.array(found, dtype=np.int64)


def _totals(results: Results, at: np.ndarray, column: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The published totals of applicants ``at``, each with other ``points`` on one ``column``."""
    scale, unit = results.facts.scale, 10**results.panel.rules.rounding.places
    top, bottom = (part[at] for part in results.exact)
    rows = np.arange(len(at))
    top[rows, column], bottom[rows, column] = points * scale, unit
    return Published(results.rubric, results.panel, scale, (top, bottom)).total
