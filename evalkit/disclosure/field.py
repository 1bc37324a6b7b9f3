"""The field of an applicant: who is ranked with it, and the statistics that it may be told."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from evalkit.evaluation import Results
from evalkit.scoring.points import half_up


@dataclass(frozen=True)
class Field:
    """What all applicants that are ranked together have in common: see `Fields.statistics`."""

    ranked: int
    total: dict[str, str] | None
    dimensions: list[dict[str, str] | None]
    columns: list[dict[str, str] | None]


class Fields:
    """The fields of a round, each worked out once, when it is first asked for."""

    def __init__(self, results: Results) -> None:
        self.results = results

    @cached_property
    def index(self) -> dict[str, int]:
        """The index of each applicant by its id."""
        return {id: n for n, id in enumerate(self.results.facts.applicants)}

    @cached_property
    def groups(self) -> np.ndarray:
        """(applicants): a number for each group that is ranked apart; 0 where none is."""
        apart = self.results.panel.rules.ranking == "by_group"
        names = [str(a.group) if apart else "" for a in self.results.panel.applicants]
        return np.unique(np.array(names), return_inverse=True)[1]

    @cached_property
    def order(self) -> list[int]:
        """Indices of the ranked applicants, group by group and by rank."""
        order = np.lexsort((self.results.rank, self.groups)).tolist()
        return [n for n in order if self.results.rank[n] > 0]

    @cached_property
    def place(self) -> dict[int, int]:
        """Where in `order` each ranked applicant stands."""
        return {n: at for at, n in enumerate(self.order)}

    def of(self, n: int) -> Field:
        """The field in which applicant ``n`` stands: its group, or everybody."""
        return self._fields[self.groups[n]]

    def tie(self, n: int) -> str | None:
        """Whether others have its total: ``shared`` rank with one, or ``broken`` by the chain."""
        results, ranked = self.results, self.peers(n)
        if results.placings is not None:
            return None  # no total decides the rank
        if not ranked[n] or np.count_nonzero(ranked & (results.total == results.total[n])) == 1:
            return None
        shared = np.count_nonzero(ranked & (results.rank == results.rank[n])) > 1
        return "shared" if shared else "broken"

    def peers(self, n: int) -> np.ndarray:
        """(applicants): who is ranked together with applicant ``n``, itself included."""
        return np.asarray((self.results.rank > 0) & (self.groups == self.groups[n]))

    def statistics(self, values: np.ndarray, whose: np.ndarray) -> dict[str, str] | None:
        """Least, quartiles, greatest and mean of ``values`` over ``whose``, rounded half up.

        None when there are fewer than the declared number of applicants.
        """
        values = np.sort(values[whose])
        n = len(values)
        if n < max(self.results.panel.rules.disclosure.min_applicants, 1):
            return None
        found = {"min": values[0], "max": values[-1]}
        for name, quarter in (("q1", 1), ("median", 2), ("q3", 3)):
            # linear interpolation between order statistics, exact in quarters
            at, rest = divmod((n - 1) * quarter, 4)
            above = values[min(at + 1, n - 1)]
            found[name] = half_up(values[at] * (4 - rest) + above * rest, 4)
        found["mean"] = half_up(values.sum(), n)
        return {name: self.results.number_text(value) for name, value in found.items()}

    @cached_property
    def _fields(self) -> list[Field]:
        return [self._field(self.groups == group) for group in range(int(self.groups.max()) + 1)]

    def _field(self, own: np.ndarray) -> Field:
        results = self.results
        ranked = own & (results.rank > 0)
        columns = zip(results.points.T, results.defined.T, strict=True)
        return Field(
            ranked=int(np.count_nonzero(ranked)),
            total=self.statistics(results.total, ranked),
            dimensions=[self.statistics(values, ranked) for values in results.dimensions.T],
            columns=[
                self.statistics(values, defined & results.eligible & own)
                for values, defined in columns
            ],
        )
