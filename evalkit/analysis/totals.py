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
from evalkit.evaluation.counting import as_counted, capped, combined, count, ends, sheets
from evalkit.evaluation.published import Published, as_points
from evalkit.evaluation.ranking import keys, reached
from evalkit.panel.aggregation import Aggregation, BestOf, Mean, NearMean, TrimmedMean, Winsorised
from evalkit.scoring.points import narrow, roomy
from evalkit.scoring.rank import one_key

CELLS = 1_000_000
"""Cells of one block of samples, so that memory stays flat."""


@dataclass(frozen=True, eq=False)
class Totals:
    """What is published in samples of experts, (samples, applicants)."""

    total: np.ndarray
    """int64, in units of the last published place; not to be read where ``known`` is False."""
    order: np.ndarray
    """int64, greater for whoever ranks before, by the total and the declared chain of ties."""
    known: np.ndarray


def by_function(results: Results, counts: np.ndarray, block: np.ndarray) -> Totals:
    """The official function on every sample, many at a time, for every declared rule.

    ``counts`` and ``block`` as in `Samples`.
    """
    rubric, panel, facts, rest = results.rubric, results.panel, results.used, _Rest.of(results)
    parts = []
    for some in _blocks(counts, facts.points.size):
        n = len(some)
        drawn = replace(
            facts,
            seats=np.tile(facts.seats, (n, 1)),
            state=np.tile(facts.state, (n, 1, 1)),
            points=np.tile(facts.points, (n, 1, 1)),
        )
        drawn = resampled(drawn, some[:, block].reshape(len(drawn.seats), -1))
        sums, divided = combined(panel, drawn, count(rubric, panel, drawn))
        parts.append(rest.published(sums, divided, some, block))
    return _joined(parts)


def _blocks(counts: np.ndarray, cells: int) -> Iterator[np.ndarray]:
    """``counts`` in blocks of `CELLS`, where a sample takes so many ``cells``."""
    size = max(CELLS // max(cells, 1), 1)
    return (counts[n : n + size] for n in range(0, len(counts), size))


_Part = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Totals, their keys (samples, applicants, keys) and what is known, of one block."""


def _joined(parts: list[_Part]) -> Totals:
    total, keys_, known = (np.concatenate(side) for side in zip(*parts, strict=True))
    order = one_key(keys_.reshape(-1, keys_.shape[-1])).reshape(total.shape)
    return Totals(total, order, known)


@dataclass(frozen=True, eq=False)
class _Rest:
    """What a total holds beside experts' scores, (applicants, columns), as exact fractions."""

    results: Results
    alone: np.ndarray
    """Where no expert gave anything: measured, decided once by the panel, or deducted."""
    top: np.ndarray
    bottom: np.ndarray

    @classmethod
    def of(cls, results: Results) -> _Rest:
        """The rest of the official results."""
        alone = results.defined & ~valid(results).any(1)
        top, bottom = np.zeros(alone.shape, object), np.ones(alone.shape, object)
        for (a, c), own in results.measured.items():
            if not own.alone:  # beside the part that experts score; without a value there is none
                part = own.points
                top[a, c], bottom[a, c] = (0, 0) if part is None else part.as_integer_ratio()
        top = np.where(alone, results.exact[0], top * results.facts.scale)
        bottom = np.where(alone, results.exact[1], bottom)
        return cls(results, alone, narrow(top), narrow(bottom))

    def published(
        self, sums: np.ndarray, divided: np.ndarray, counts: np.ndarray, block: np.ndarray
    ) -> _Part:
        """For sums (samples × applicants, columns) of scores, and what they are divided by.

        ``counts`` and ``block`` as in `Samples`.
        """
        results, (n, columns) = self.results, self.top.shape
        rubric, panel, scale = results.rubric, results.panel, results.facts.scale
        top, bottom = as_points(
            rubric, panel, scale, (capped(rubric, scale, sums, divided), divided)
        )
        top, bottom = (part.reshape(-1, n, columns) for part in (top, bottom))
        if (self.top != 0)[~self.alone].any() or (self.bottom != 1)[~self.alone].any():
            most = max(int(self.bottom.max()), int(self.top.max()))
            top, bottom = roomy(top, 2 * most), roomy(bottom, 2 * most)
            top, bottom = top * self.bottom + self.top * bottom, bottom * self.bottom
        top = np.where(self.alone, self.top, top).reshape(-1, columns)
        bottom = np.where(self.alone, self.bottom, bottom).reshape(-1, columns)
        found = Published(rubric, panel, scale, (top, bottom))
        known = found.defined.all(1) & reached(found).all(1)
        known = known.reshape(-1, n) & results.eligible
        placed = self._placed(counts, block)
        known = known if placed is None else known & (placed > 0)
        order = keys(found, None, None if placed is None else placed.reshape(-1))
        return found.total.reshape(-1, n), order.reshape(*known.shape, -1), known

    def _placed(self, counts: np.ndarray, block: np.ndarray) -> np.ndarray | None:
        """(samples, applicants): sums of placings of the experts drawn, as placed officially."""
        placings, seats = self.results.placings, self.results.facts.seats
        if placings is None:
            return None
        there = np.take_along_axis(placings, np.maximum(seats, 0), 1) * (seats >= 0)
        return np.asarray((counts[:, block] * there).sum(axis=-1))


def valid(results: Results) -> np.ndarray:
    """Where a score counts, or would if it were not dropped; shaped as in the facts."""
    return np.asarray(results.counted | (results.dropped != 0))


@dataclass(frozen=True, eq=False)
class Formula:
    """Means, trimmed and winsorised means and medians, for any sample, from scores sorted once."""

    results: Results
    points: np.ndarray
    """(applicants, seats, columns); 0 where not valid."""
    valid: np.ndarray
    order: np.ndarray
    """(places, applicants, columns): seats by their scores, ascending, those without one last; for
    whole sheets (places, applicants, 1)."""
    there: np.ndarray
    """Shaped as ``order``: whether there is a score, or a whole sheet."""

    def __call__(self, counts: np.ndarray, block: np.ndarray) -> Totals:
        """The totals in all samples; ``counts`` and ``block`` as in `Samples`."""
        rest, shape = _Rest.of(self.results), self.points.shape[::2]
        parts = []
        for some in _blocks(counts, shape[0] * shape[1]):
            top, divided = (part.reshape(-1, shape[1]) for part in self._sums(some, block))
            parts.append(rest.published(top, divided, some, block))
        return _joined(parts)

    def _sums(self, counts: np.ndarray, block: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Sums of what counts, and how much counts, (samples, applicants, columns)."""
        drawn = counts.swapaxes(0, 1)
        drawn = drawn if len(drawn) == 1 else drawn[block]
        top, n = _times(drawn, self.points), _times(drawn, self.valid)
        rule = self.results.panel.rules.aggregation
        if isinstance(rule, Mean):
            return top, n
        flat, seats = counts.reshape(len(counts), -1), block[:, None] * counts.shape[2] + self.order
        whole = n if self.order.shape[2] == n.shape[2] else _drawn(flat, seats, self.there)
        ends = _cut(rule, whole.astype(np.int16), lower=self.results.rubric.better == "lower")
        replace = isinstance(rule, Winsorised)
        for number, step in zip(ends, (1, -1), strict=True):
            places = range(len(seats))[::step]
            self._taken(top, n, flat, seats, places, number, replace=replace)
        return top, n

    def _taken(
        self,
        top: np.ndarray,
        n: np.ndarray,
        flat: np.ndarray,
        seats: np.ndarray,
        places: range,
        number: np.ndarray,
        *,
        replace: bool,
    ) -> None:
        """Take the first ``number`` drawn of ``places`` off, or put the next one in their place."""
        left, waiting, rows = number.copy(), number > 0, np.arange(len(self.points))[:, None]
        columns = np.arange(self.points.shape[2])
        for place in places:
            times = np.take(flat, seats[place], axis=1) * self.there[place]
            gone = np.minimum(times, left)
            own = rows, self.order[place], columns
            top -= gone * self.points[own]
            left -= gone
            if replace:
                next_ = waiting & (times > gone)
                top += np.where(next_, number * self.points[own], 0)
                waiting &= ~next_
            else:
                n -= gone * self.valid[own]
            if not (waiting if replace else left).any():
                return


def _times(drawn: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Sums over seats of ``drawn`` (1 or applicants, samples, seats) times ``values`` of each.

    (samples, applicants, columns), exact: as floats, which are many times faster, where they hold
    every whole number that can come out.
    """
    most = int(np.abs(values).max(initial=0)) * int(drawn.sum(-1).max(initial=0))
    kind = np.float64 if most < 2**53 else np.int64
    found = np.matmul(drawn.astype(kind), values.astype(kind))
    return np.ascontiguousarray(found.swapaxes(0, 1).astype(np.int64))


def _drawn(flat: np.ndarray, seats: np.ndarray, there: np.ndarray) -> np.ndarray:
    """(samples, applicants, 1): how many whole sheets are drawn."""
    found = np.zeros((len(flat), *seats.shape[1:]), dtype=np.int64)
    for own, whole in zip(seats, there, strict=True):
        found += np.take(flat, own, axis=1) * whole
    return found


def _cut(rule: Aggregation, n: np.ndarray, *, lower: bool) -> tuple[np.ndarray, np.ndarray]:
    """How many scores go at the low and at the high end, shaped as ``n``, of ``n`` drawn."""
    if not isinstance(rule, TrimmedMean | Winsorised | BestOf):
        half = np.maximum(n - 1, 0) // 2
        return half, half
    high, low = ends(rule, n, lower=lower)
    return low, high


def formula(results: Results) -> Formula | None:
    """What computes many samples at once from scores sorted beforehand; None where nothing does.

    It is offered only if it gives the official totals and the ranked applicants back on the panel
    as it is. Weights of experts are left to `by_function`.
    """
    rubric, panel, facts = results.rubric, results.panel, results.used
    if panel.rules.aggregation.weights or isinstance(panel.rules.aggregation, NearMean):
        return None
    there = valid(results)
    points = np.where(there, as_counted(rubric, panel, facts), 0)
    if panel.rules.aggregation.level == "total":
        whole, place = sheets(rubric, panel, facts, there, points)
        order, scored = np.where(whole, place, place.shape[1])[:, :, None], whole[:, :, None]
    else:
        order, scored = np.where(there, points, np.iinfo(np.int64).max), there
    order = np.argsort(order, axis=1, kind="stable")[:, : max(int(scored.sum(1).max(initial=0)), 1)]
    scored = np.take_along_axis(scored, order, 1)
    found = Formula(results, points, there, order.swapaxes(0, 1), scored.swapaxes(0, 1))
    once = np.ones((1, 1, facts.seats.shape[1]), dtype=np.int16)
    same, ranked = found(once, np.zeros(len(results.rank), dtype=np.int64)), results.rank > 0
    right = np.array_equal(same.known[0], ranked)
    return found if right and np.array_equal(same.total[0][ranked], results.total[ranked]) else None
