"""The field of an applicant: who is ranked with it, and the statistics that it may be told."""

from __future__ import annotations

import numpy as np

from evalkit.results import Results
from evalkit.scoring.points import half_up


def tie(results: Results, n: int) -> str | None:
    """Whether others have the same total: rank ``shared`` with one, or ``broken`` by the chain."""
    ranked = peers(results, n)
    if not ranked[n] or np.count_nonzero(ranked & (results.total == results.total[n])) == 1:
        return None
    shared = np.count_nonzero(ranked & (results.rank == results.rank[n])) > 1
    return "shared" if shared else "broken"


def peers(results: Results, n: int) -> np.ndarray:
    """(applicants): who is ranked together with applicant ``n``, itself included."""
    return np.asarray((results.rank > 0) & together(results, n))


def together(results: Results, n: int) -> np.ndarray:
    """(applicants): who stands in the field of applicant ``n``: its group, or everybody."""
    groups = np.array([a.group for a in results.panel.applicants])
    if results.panel.rules.ranking != "by_group":
        return np.ones(len(groups), dtype=bool)
    return np.asarray(groups == groups[n])


def statistics(results: Results, values: np.ndarray, whose: np.ndarray) -> dict[str, str] | None:
    """Least, quartiles, greatest and mean of ``values`` over ``whose``, rounded half up.

    None when there are fewer than the declared number of applicants.
    """
    values = np.sort(values[whose])
    n = len(values)
    if n < max(results.panel.rules.disclosure.min_applicants, 1):
        return None
    found = {"min": values[0], "max": values[-1]}
    for name, quarter in (("q1", 1), ("median", 2), ("q3", 3)):
        # linear interpolation between order statistics, exact in quarters
        at, rest = divmod((n - 1) * quarter, 4)
        above = values[min(at + 1, n - 1)]
        found[name] = half_up(values[at] * (4 - rest) + above * rest, 4)
    found["mean"] = half_up(values.sum(), n)
    return {name: results.number_text(value) for name, value in found.items()}
