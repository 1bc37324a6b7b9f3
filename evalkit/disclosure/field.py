"""The field of an applicant: who is ranked with it, and the statistics that it may be told."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from evalkit.evaluation import Results
from evalkit.scoring.points import half_up


@dataclass(frozen=True)
class Field:
    """What all applicants that are ranked together have in common: see `statistics`."""

    ranked: int
    total: dict[str, str] | None
    dimensions: list[dict[str, str] | None]
    columns: list[dict[str, str] | None]


def of(results: Results, n: int) -> Field:
    """The field in which applicant ``n`` stands: its group, or everybody."""
    return _fields(results)[groups(results)[n]]


@lru_cache(2)
def index(results: Results) -> dict[str, int]:
    """The index of each applicant by its id."""
    return {id: n for n, id in enumerate(results.facts.applicants)}


@lru_cache(2)
def groups(results: Results) -> np.ndarray:
    """(applicants): a number for each group that is ranked apart; 0 where none is."""
    apart = results.panel.rules.ranking == "by_group"
    names = [str(a.group) if apart else "" for a in results.panel.applicants]
    return np.unique(np.array(names), return_inverse=True)[1]


@lru_cache(2)
def _fields(results: Results) -> list[Field]:
    own = groups(results)
    return [_field(results, own == group) for group in range(int(own.max()) + 1)]


def _field(results: Results, own: np.ndarray) -> Field:
    ranked = own & (results.rank > 0)
    columns = zip(results.points.T, results.defined.T, strict=True)
    return Field(
        ranked=int(np.count_nonzero(ranked)),
        total=statistics(results, results.total, ranked),
        dimensions=[statistics(results, values, ranked) for values in results.dimensions.T],
        columns=[
            statistics(results, values, defined & results.eligible & own)
            for values, defined in columns
        ],
    )


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
    own = groups(results)
    return np.asarray(own == own[n])


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
