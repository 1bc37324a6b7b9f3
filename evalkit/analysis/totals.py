"""Published totals in many samples of experts at once, by the parts of the official function.

Only which scores count is worked out anew; factors, measured values, rounding, deductions and the
chain of ties are those of `evaluate`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from evalkit.analysis import scales
from evalkit.analysis.recompute import resampled
from evalkit.evaluation import Results
from evalkit.evaluation.counting import bonus_columns, capped, caps, combined, count
from evalkit.evaluation.published import Published, as_points
from evalkit.evaluation.ranking import keys, reached
from evalkit.panel.rules import Aggregation, Mean, NearMean, TrimmedMean, Winsorised
from evalkit.scoring.order import kept
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
        own = some[:, block]
        drawn = resampled(drawn, own.reshape(len(drawn.seats), -1))
        sums, divided = combined(panel, drawn, count(rubric, panel, drawn))
        parts.append(rest.published(sums, divided, own))
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

    def published(self, sums: np.ndarray, divided: np.ndarray, own: np.ndarray) -> _Part:
        """For sums (samples × applicants, columns) of scores, and what they are divided by.

        ``own`` (samples, applicants, seats): how often the expert on a seat is drawn.
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
        placed = self._placed(own)
        known = known if placed is None else known & (placed > 0)
        order = keys(found, None, None if placed is None else placed.reshape(-1))
        return found.total.reshape(-1, n), order.reshape(*known.shape, -1), known

    def _placed(self, own: np.ndarray) -> np.ndarray | None:
        """(samples, applicants): sums of placings of the experts drawn, as placed officially."""
        placings, seats = self.results.placings, self.results.facts.seats
        if placings is None:
            return None
        there = np.take_along_axis(placings, np.maximum(seats, 0), 1) * (seats >= 0)
        return np.asarray((own * there).sum(axis=-1))


def valid(results: Results) -> np.ndarray:
    """Where a score counts, or would if it were not dropped; shaped as in the facts."""
    return np.asarray(results.counted | (results.dropped != 0))


@dataclass(frozen=True, eq=False)
class Formula:
    """Means, trimmed and winsorised means and medians of each indicator, for any sample."""

    results: Results
    points: np.ndarray
    """(seats, applicants, columns), ascending along the first axis; 0 where not valid."""
    order: np.ndarray
    """(seats, applicants, columns): the seat that each of them comes from."""
    valid: np.ndarray

    def __call__(self, counts: np.ndarray, block: np.ndarray) -> Totals:
        """All samples, with the scores sorted once instead of once a sample."""
        rest, shape = _Rest.of(self.results), self.points.shape[1:]
        parts = []
        for some in _blocks(counts, self.points[0].size):
            own = some[:, block, :]
            top, divided = (part.reshape(-1, shape[1]) for part in self._sums(own))
            parts.append(rest.published(top, divided, own))
        return _joined(parts)

    def _sums(self, own: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Sums of what counts, and how much counts, (samples, applicants, columns)."""
        rows = np.arange(own.shape[1])[:, None]
        pairs = zip(self.order, self.valid, strict=True)
        times = np.stack([own[:, rows, seat] * there for seat, there in pairs], axis=0)
        rule = self.results.panel.rules.aggregation
        if not isinstance(rule, Mean):
            low, high = _cut(rule, times.sum(0, dtype=np.int16))
            times = kept(times, low, high, replace=isinstance(rule, Winsorised))
        top = np.zeros(times.shape[1:], dtype=np.int64)
        for n, given in zip(times, self.points, strict=True):
            top += n * given
        return top, times.sum(0, dtype=np.int64)


def _cut(rule: Aggregation, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How many scores go at the low and at the high end, shaped as ``n``, of ``n`` drawn."""
    if not isinstance(rule, TrimmedMean | Winsorised):
        half = np.maximum(n - 1, 0) // 2
        return half, half
    high, low = rule.dropped(n)
    return low.astype(n.dtype), high.astype(n.dtype)


def formula(results: Results) -> Formula | None:
    """What computes many samples at once from scores sorted beforehand; None where nothing does.

    It is offered only if it gives the official totals and the ranked applicants back on the panel
    as it is. Weights of experts and dropping whole sheets are left to `by_function`.
    """
    declared, facts = results.panel.rules.aggregation, results.used
    plain = isinstance(declared, Mean) or declared.level == "indicator"
    if declared.weights or not plain or isinstance(declared, NearMean):
        return None
    there, bonus = valid(results), bonus_columns(results.rubric)
    points = facts.points.copy()
    if scales.each_capped(results):
        most = caps(results.rubric, facts.scale)
        points[:, :, bonus] = np.minimum(points[:, :, bonus], most)
    order = np.argsort(np.where(there, points, np.iinfo(np.int64).max), axis=1, kind="stable")
    points, there = (np.take_along_axis(part, order, 1) for part in (points, there))
    parts = (np.where(there, points, 0), order, there.astype(np.int16))
    found = Formula(results, *(part.swapaxes(0, 1) for part in parts))
    once = np.ones((1, 1, facts.seats.shape[1]), dtype=np.int16)
    same, ranked = found(once, np.zeros(len(results.rank), dtype=np.int64)), results.rank > 0
    right = np.array_equal(same.known[0], ranked)
    return found if right and np.array_equal(same.total[0][ranked], results.total[ranked]) else None
