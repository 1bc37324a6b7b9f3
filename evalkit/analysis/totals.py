"""Published totals in many samples of experts at once, by the parts of the official function.

Only which scores count is worked out anew; factors, measured values, rounding, deductions and the
chain of ties are those of `evaluate`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from evalkit.analysis.recompute import resampled
from evalkit.evaluation import Results
from evalkit.evaluation.counting import capped, combined, count
from evalkit.evaluation.published import Published, as_points
from evalkit.evaluation.ranking import keys, reached
from evalkit.scoring.points import narrow, roomy
from evalkit.scoring.rank import one_key

CELLS = 2**16
"""Cells of one block of applicants and samples: it stays in the cache, and memory flat."""


@dataclass(frozen=True, eq=False)
class Totals:
    """What is published in samples of experts, (samples, applicants)."""

    total: np.ndarray
    """In units of the last published place; not to be read where ``known`` is False."""
    order: np.ndarray
    """Whole numbers, greater for whoever ranks before, by the total and the declared ties."""
    known: np.ndarray


def by_function(results: Results, counts: np.ndarray, block: np.ndarray) -> Totals:
    """The official function on every sample, many at a time, for every declared rule.

    ``counts`` and ``block`` as in `Samples`.
    """
    rubric, panel, facts, found = (
        results.rubric,
        results.panel,
        results.used,
        Found(results, counts, block),
    )
    for own, some in blocks(len(block), len(counts), facts.points[0].size):
        times = counts[some][:, block[own]].swapaxes(0, 1)
        shape = times.shape[:2]
        seats, state, points = (
            np.repeat(part[own], shape[1], axis=0)
            for part in (facts.seats, facts.state, facts.points)
        )
        drawn = replace(facts, seats=seats, state=state, points=points)
        drawn = resampled(drawn, times.reshape(len(seats), -1))
        parts = combined(panel, drawn, count(rubric, panel, drawn))
        found.put(own, some, *(part.reshape(*shape, -1) for part in parts))
    return found.totals()


def blocks(applicants: int, samples: int, cells: int) -> Iterator[tuple[slice, slice]]:
    """Applicants and samples in blocks of about `CELLS`, where one of both takes ``cells``."""
    wide = max(CELLS // max(cells, 1), 1)
    few = max(wide // samples, 1)
    for a in range(0, applicants, few):
        for n in range(0, samples, wide):
            yield slice(a, a + few), slice(n, n + wide)


class Found:
    """The totals of all samples as they are put together, block by block."""

    def __init__(
        self,
        results: Results,
        counts: np.ndarray,
        block: np.ndarray,
        rounded: Rounded | None = None,
    ) -> None:
        """``counts`` and ``block`` as in `Samples`; ``rounded`` where scores were so often."""
        self.counts, self.block, self.rest = counts, block, Rest.of(results, rounded)
        shape = len(block), len(counts)
        self.total, self.known = np.zeros(shape, np.int32), np.zeros(shape, bool)
        self.keys: np.ndarray | None = None

    def put(self, own: slice, some: slice, sums: np.ndarray, divided: np.ndarray) -> None:
        """Sums (applicants, samples, columns) of scores, and what they are divided by."""
        placed = self.rest.placed(own, self.counts[some], self.block[own])
        total, order, known = self.rest.published(own, sums, divided, placed)
        if self.keys is None:
            self.keys = np.zeros((order.shape[-1], *self.total.shape), np.int32)
        self.total, self.keys = _roomy(self.total, total), _roomy(self.keys, order)
        self.total[own, some], self.known[own, some] = total, known
        self.keys[:, own, some] = order.transpose(2, 0, 1)

    def totals(self) -> Totals:
        """All of them."""
        order = self.keys if self.keys is not None else self.total[None]
        one = one_key(order.reshape(len(order), -1).T)
        return Totals(self.total.T, one.reshape(self.total.shape).T, self.known.T)


def _roomy(kept: np.ndarray, more: np.ndarray) -> np.ndarray:
    """``kept``, in int64 if ``more`` has no room in its type: half the memory, mostly."""
    ends = np.iinfo(kept.dtype)
    fits = ends.min < more.min(initial=0) and more.max(initial=0) < ends.max
    return kept if fits else kept.astype(np.int64)


@dataclass(frozen=True, eq=False)
class Rest:
    """What a total holds beside experts' scores, (applicants, columns), as exact fractions."""

    results: Results
    alone: np.ndarray
    """Where no expert gave anything: measured, decided once by the panel, or deducted."""
    top: np.ndarray
    bottom: np.ndarray
    beside: np.ndarray
    """(applicants,): whether there is any."""
    shared: np.ndarray
    """(applicants,): whether there is any on what experts score, too."""
    rounded: Rounded | None

    @classmethod
    def of(cls, results: Results, rounded: Rounded | None) -> Rest:
        """The rest of the official results."""
        alone = results.defined & ~valid(results).any(1)
        top, bottom = np.zeros(alone.shape, object), np.ones(alone.shape, object)
        for (a, c), own in results.measured.items():
            if not own.alone:  # beside the part that experts score; without a value there is none
                part = own.points
                top[a, c], bottom[a, c] = (0, 0) if part is None else part.as_integer_ratio()
        top = np.where(alone, results.exact[0], top * results.facts.scale)
        bottom = np.where(alone, results.exact[1], bottom)
        more = (top != 0) | (bottom != 1)
        beside, shared = (alone | more).any(1), (more & ~alone).any(1)
        return cls(results, alone, narrow(top), narrow(bottom), beside, shared, rounded)

    def published(
        self, own: slice, sums: np.ndarray, divided: np.ndarray, placed: np.ndarray | None
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Totals, their keys (applicants, samples, keys) and what is known, of applicants ``own``.

        For sums (applicants, samples, columns) of scores, and what they are divided by.
        """
        results, shape = self.results, sums.shape
        rubric, panel, scale = results.rubric, results.panel, results.facts.scale
        sums, divided = (part.reshape(-1, shape[-1]) for part in (sums, divided))
        if self.rounded is not None and not self.shared[own].any():
            found = self.rounded(sums, divided)
            self._put_alone(found, own, shape)
        else:
            sums, divided = (part.astype(np.int64, copy=False) for part in (sums, divided))
            exact = as_points(rubric, panel, scale, (capped(rubric, scale, sums, divided), divided))
            top, bottom = self._with(own, *(part.reshape(shape) for part in exact))
            rows = top.reshape(-1, shape[-1]), bottom.reshape(-1, shape[-1])
            found = Published(rubric, panel, scale, rows)
        known = (found.defined.all(1) & reached(found).all(1)).reshape(shape[:2])
        known &= results.eligible[own, None]
        if placed is not None:
            known &= placed > 0
        order = keys(found, None, None if placed is None else placed.reshape(-1))
        return found.total.reshape(shape[:2]), order.reshape(*shape[:2], -1), known

    def _put_alone(self, found: Published, own: slice, shape: tuple[int, ...]) -> None:
        """What is published of that no expert gave anything on stands in every sample."""
        for c in np.flatnonzero(self.alone[own].any(0)).tolist():
            at, points = self.alone[own, c], self.results.points[own, c]
            found.points[:, c].reshape(shape[:2])[at] = points[at, None]
            found.defined[:, c].reshape(shape[:2])[at] = True

    def _with(
        self, own: slice, top: np.ndarray, bottom: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Fractions (applicants, samples, columns) with the rest of applicants ``own``."""
        alone, more, parts = (part[own, None] for part in (self.alone, self.top, self.bottom))
        if not self.beside[own].any():
            return top, bottom
        if (more != 0)[~alone].any() or (parts != 1)[~alone].any():
            most = max(int(parts.max()), int(more.max()))
            top, bottom = roomy(top, 2 * most), roomy(bottom, 2 * most)
            top, bottom = top * parts + more * bottom, bottom * parts
        if alone.any():
            top, bottom = np.where(alone, more, top), np.where(alone, parts, bottom)
        return top, bottom

    def placed(self, own: slice, counts: np.ndarray, block: np.ndarray) -> np.ndarray | None:
        """(applicants, samples): sums of placings of the experts drawn, as placed officially.

        ``counts`` of some samples and ``block`` of applicants ``own``, as in `Samples`.
        """
        if self.results.placings is None:
            return None
        placings, seats = self.results.placings[own], self.results.facts.seats[own]
        there = np.take_along_axis(placings, np.maximum(seats, 0), 1) * (seats >= 0)
        return np.asarray((counts[:, block] * there).sum(axis=-1).T)


@dataclass(frozen=True, eq=False)
class Rounded:
    """The published points of every sum of scores with every divisor, where each is rounded."""

    results: Results
    divisors: int
    points: np.ndarray
    """(columns × sums × divisors,), or (sums × divisors,) where all columns are alike."""
    first: np.ndarray
    """(columns,): where each begins."""

    @classmethod
    def of(cls, results: Results, most: int, draws: int) -> Rounded | None:
        """For sums from 0 to ``most`` of up to ``draws`` scores; None where they are too many."""
        rubric, panel, scale = results.rubric, results.panel, results.facts.scale
        size, columns = (most + 1) * (draws + 1), len(rubric.columns)
        if panel.rules.rounding.sums_at != "indicator" or size * columns > 2**22:
            return None
        sums, divided = np.divmod(np.arange(size), draws + 1)
        factors = {i.range.factor for i in rubric.indicators}
        alike = len(factors) == 1 and columns == len(rubric.indicators)
        if alike:  # each is asked a part of what there is to ask
            pairs = [np.resize(part, (-(-size // columns), columns)) for part in (sums, divided)]
        else:
            pairs = [np.repeat(part[:, None], columns, axis=1) for part in (sums, divided)]
        top = capped(rubric, scale, *pairs)
        exact = as_points(rubric, panel, scale, (top, pairs[1]))
        points = Published(rubric, panel, scale, exact).points
        first = np.arange(columns) * (0 if alike else size)
        return cls(results, draws + 1, points.ravel("C" if alike else "F"), first)

    def __call__(self, sums: np.ndarray, divided: np.ndarray) -> Published:
        """What is published for sums (rows, columns), and what they are divided by."""
        results = self.results
        at = sums.astype(np.int64)
        at *= self.divisors
        at += divided
        at += self.first
        found = Published(results.rubric, results.panel, results.facts.scale, (sums, divided))
        # columns lie apart
        vars(found)["points"] = self.points.take(at.T, mode="clip").T
        vars(found)["defined"] = np.greater(divided.T, 0).T
        return found


def valid(results: Results) -> np.ndarray:
    """Where a score counts, or would if it were not dropped; shaped as in the facts."""
    return np.asarray(results.counted | (results.dropped != 0))
