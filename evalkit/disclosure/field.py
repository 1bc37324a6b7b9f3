"""The field of an applicant: who is ranked with it, and the statistics that it may be told."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import numpy as np

from evalkit.base.declared import plain
from evalkit.disclosure import possible, statistics
from evalkit.disclosure.statistics import Told
from evalkit.evaluation import Results
from evalkit.evaluation.ranking import SELECTED


@dataclass(frozen=True)
class Field:
    """What all applicants that are ranked together may be told: see `statistics`.

    Dictionaries with ``min``, ``q1``, ``median``, ``q3`` and ``max``, or with a ``median`` that is
    near by, and the ``step`` that it is told to.
    """

    ranked: int
    total: dict[str, str] | None
    dimensions: list[dict[str, str] | None]
    columns: list[dict[str, str] | None]

    @property
    def exact(self) -> bool:
        """Whether everybody's total is public."""
        return self.total is not None and "step" not in self.total


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

    def whole(self, n: int) -> Field:
        """The same with exact statistics, for those who run the round."""
        return self._whole[self.groups[n]]

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
        """Least, quartiles and greatest of ``values`` over ``whose``, for those who run the round.

        None where there is nobody.
        """
        return self._texts(statistics.exact(values[whose]))

    @cached_property
    def listed(self) -> np.ndarray:
        """(applicants): who stands on the list for publicity: who has a rank and, where the round
        selects, is proposed.
        """
        results = self.results
        if results.panel.rules.selecting is None:
            return np.asarray(results.rank > 0)
        return np.asarray((results.rank > 0) & (results.selected == SELECTED))

    @cached_property
    def _fields(self) -> list[Field]:
        return [self._field(self.groups == group) for group in range(int(self.groups.max()) + 1)]

    @cached_property
    def _whole(self) -> list[Field]:
        groups = range(int(self.groups.max()) + 1)
        return [self._field(self.groups == group, exact=True) for group in groups]

    def _field(self, own: np.ndarray, *, exact: bool = False) -> Field:
        """One set of applicants for everything, so that no two statistics differ by one of them."""
        results, rubric = self.results, self.results.rubric
        rules, ranked = results.panel.rules.disclosure, own & (results.rank > 0)
        ends = possible.ranges(results, ranked)

        def told(values: np.ndarray, word: str, key: str) -> dict[str, str] | None:
            if exact:
                return self.statistics(values, ranked)
            public = self.listed & (word in (rules.public or ()))
            hidden = int(np.count_nonzero(ranked & ~public))
            if np.count_nonzero(ranked) < rules.min_applicants:
                return None
            return self._texts(statistics.told(values[ranked], hidden, ends.get(key)))

        words = {g.id: "bonus" for g in rubric.bonus}
        return Field(
            ranked=int(np.count_nonzero(ranked)),
            total=told(results.total, "total", "total"),
            dimensions=[
                told(values, "dimensions", f"dimension:{d.id}")
                for d, values in zip(rubric.dimensions, results.dimensions.T, strict=True)
            ],
            columns=[
                told(points, words.get(id, ""), id)
                for id, points in zip(results.facts.columns, results.points.T, strict=True)
            ],
        )

    def _texts(self, found: Told | None) -> dict[str, str] | None:
        """Decimals as published; those that are only near by have no more digits than they mean,
        and their ``step`` beside them.
        """
        if found is None:
            return None
        texts = {name: self.results.number_text(value) for name, value in found.numbers.items()}
        if found.step == 1:
            return texts
        texts["step"] = self.results.number_text(found.step)
        return {name: f"{plain(Decimal(text)):f}" for name, text in texts.items()}
