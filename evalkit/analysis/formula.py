"""Published totals in many samples of experts from scores that are sorted once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from evalkit.analysis.totals import Found, Rounded, Totals, blocks, valid
from evalkit.evaluation import Results
from evalkit.evaluation.counting import as_counted, ends, sheets
from evalkit.panel.aggregation import Aggregation, BestOf, Mean, NearMean, TrimmedMean, Winsorised

OFTEN = 2**22
"""From so many sums on it pays to round each that there can be once beforehand."""


FEW, AT_ONCE = 0.02, 8
"""Up to this share of all, samples and gaps are looked up one by one, so many places at once."""


@dataclass(frozen=True, eq=False)
class Formula:
    """Means, trimmed and winsorised means and medians, for any sample.

    Samples lie beside each other: what is worked on is (columns, applicants, samples), and of
    whole sheets (1, applicants, samples), so that a seat and its score go with a row of samples.
    """

    results: Results
    points: np.ndarray
    """(applicants, seats, columns); 0 where not valid."""
    valid: np.ndarray
    scored: np.ndarray
    """The same as ``valid``; for whole sheets (applicants, seats, 1)."""
    order: np.ndarray
    """(places, columns, applicants): seats by their scores, ascending, those without one last; for
    whole sheets (places, 1, applicants)."""

    def __call__(self, counts: np.ndarray, block: np.ndarray) -> Totals:
        """The totals in all samples; ``counts`` and ``block`` as in `Samples`."""
        draws = int(counts[:1].sum(-1).max(initial=0))
        most = max(int(np.abs(self.points).max(initial=0)), 1) * draws
        kind = next(k for k in (np.int16, np.int32, np.int64) if most <= np.iinfo(k).max)
        often = len(counts) * self.points[:, 0].size > OFTEN and self.points.min(initial=0) == 0
        rounded = Rounded.of(self.results, most, draws) if often else None
        found = Found(self.results, counts, block, rounded)
        made_for: Any = None
        for own, some in blocks(len(block), len(counts), self.points.shape[2]):
            drawn, at = np.unique(block[own], return_inverse=True)
            if made_for != (some, drawn.tolist()):  # most applicants are of the same block
                made_for = some, drawn.tolist()
                times = np.ascontiguousarray(counts[some, drawn].transpose(1, 2, 0), kind)
            sums = _Sums.of(self, own, times, at)
            sums.cut(self.results)
            found.put(own, some, *(part.transpose(1, 2, 0) for part in (sums.top, sums.n)))
        return found.totals()


@dataclass(eq=False)
class _Sums:
    """Sums of the scores of some applicants in some samples, (columns, applicants, samples)."""

    top: np.ndarray
    """Sums of what counts."""
    n: np.ndarray
    """How much counts."""
    whole: np.ndarray
    """How many scores are drawn, or whole sheets."""
    times: np.ndarray
    """(blocks × seats, samples): how often each is drawn."""
    order: np.ndarray
    """(places, columns, applicants): rows of ``times``."""
    by_seat: tuple[np.ndarray, np.ndarray]
    """Points, and whether they are valid, (columns, applicants, seats)."""
    points: np.ndarray
    """(places, columns, applicants, 1), in that order; so the next two."""
    valid: np.ndarray
    scored: np.ndarray

    @classmethod
    def of(cls, formula: Formula, own: slice, times: np.ndarray, at: np.ndarray) -> _Sums:
        """Of all that is drawn; ``times`` (blocks, seats, samples), ``at`` applicants' blocks."""
        points, valid, scored = (x[own] for x in (formula.points, formula.valid, formula.scored))
        points, alike = points.astype(times.dtype), scored.shape == valid.shape
        top, n = _drawn_sum(points, times, at), _drawn_number(valid, times, at)
        whole = n if alike else _drawn_number(scored, times, at)
        order = formula.order[:, :, own]
        by_place = order.transpose(2, 0, 1)
        ordered = (
            np.take_along_axis(part, by_place, 1).transpose(1, 2, 0)[..., None]
            for part in (points, valid, scored)
        )
        rows = order + at * times.shape[1]
        by_seat = points.transpose(2, 0, 1), valid.transpose(2, 0, 1)
        flat = times.reshape(-1, times.shape[2])
        return cls(top, n, whole, flat, rows, by_seat, *ordered)

    def cut(self, results: Results) -> None:
        """Take off, or replace, what does not count at the low and at the high end."""
        rule = results.panel.rules.aggregation
        if isinstance(rule, Mean):
            return
        numbers = _cut(rule, self.whole, lower=results.rubric.better == "lower")
        if not isinstance(rule, Winsorised) and self._one_of_few(numbers):
            numbers = np.minimum(numbers[0], self.n), np.minimum(numbers[1], self.n)
            for number, end in zip(numbers, (np.minimum, np.maximum), strict=True):
                self.top -= number * self._farthest(end)
                self.n -= number
            return
        take = self._replace if isinstance(rule, Winsorised) else self._drop
        for number, step in zip(numbers, (1, -1), strict=True):
            take(number, range(len(self.order))[::step])

    def _one_of_few(self, numbers: tuple[np.ndarray, np.ndarray]) -> bool:
        """Whether no more than one score goes at either end, and few sets of seats can be drawn."""
        seats, samples = self.times.shape
        few = seats == self.by_seat[0].shape[2] and 2**seats <= samples
        return few and self.whole is self.n and all(part.max(initial=0) <= 1 for part in numbers)

    def _farthest(self, end: np.ufunc) -> np.ndarray:
        """The least or the greatest score drawn, 0 for none: it follows from which seats are."""
        points, valid = self.by_seat
        limits = np.iinfo(points.dtype)
        far = limits.max if end is np.minimum else limits.min
        known, seats = np.where(valid, points, far), len(self.times)
        table = np.full((*known.shape[:2], 2**seats), far, points.dtype)
        for seat in range(seats):  # with this one, and with any of those before it or none
            with_it = table[..., 2**seat : 2 ** (seat + 1)]
            end(table[..., : 2**seat], known[..., seat, None], out=with_it)
        table[table == far] = 0
        drawn = (self.times > 0).T @ (1 << np.arange(seats))
        return np.take(table, drawn, axis=2, mode="clip")

    def _drop(self, number: np.ndarray, places: range) -> None:
        """Take the first ``number`` drawn of ``places`` off."""
        left, sheets = number.copy("C"), self.whole is not self.n
        for step, place in enumerate(places):
            if np.count_nonzero(left) < left.size * FEW:
                self._drop_few(left, places[step:])
                break
            gone = np.minimum(self._drawn(place), left)
            left -= gone
            if sheets:
                self.n -= gone * self.valid[place]
            self.top -= gone * self.points[place]
        if not sheets:
            self.n -= number - left

    def _drop_few(self, left: np.ndarray, places: range) -> None:
        """The same where nothing is ``left`` to be taken off in most samples: only of the rest."""
        sheets, samples = self.whole is not self.n, left.shape[-1]
        columns = len(self.top) if sheets else 1  # of a sheet all columns go
        top, n = self.top.reshape(columns, -1), self.n.reshape(columns, -1)
        flat, cells = left.reshape(-1), np.flatnonzero(left)
        for start in range(0, len(places), AT_ONCE):
            if not cells.size:
                break
            row, sample = np.divmod(cells, samples)
            some = list(places[start : start + AT_ONCE])
            order, scored = (
                part[some].reshape(len(some), -1)[:, row] for part in (self.order, self.scored)
            )
            drawn = self.times[order, sample] * scored
            gone = np.clip(flat[cells] - (drawn.cumsum(0) - drawn), 0, drawn)
            for part, values in ((top, self.points), (n, self.valid))[: 1 + sheets]:
                each = values[some].reshape(len(some), columns, -1)[:, :, row]
                part[:, cells] -= (gone[:, None] * each).sum(0)
            flat[cells] -= gone.sum(0)
            cells = cells[flat[cells] > 0]

    def _replace(self, number: np.ndarray, places: range) -> None:
        """Put the next one in the place of the first ``number`` drawn of ``places``."""
        left, waiting = number.copy(), number > 0
        for place in places:
            if not waiting.any():
                return
            drawn = self._drawn(place)
            gone = np.minimum(drawn, left)
            left -= gone
            next_ = waiting & (drawn > gone)
            self.top += (next_ * number - gone) * self.points[place]
            waiting &= ~next_

    def _drawn(self, place: int) -> np.ndarray:
        """How often the score, or sheet, at each ``place`` is drawn."""
        found = self.times.take(self.order[place], axis=0)
        there = self.scored[place]
        return found if there.all() else found * there


def _drawn_sum(values: np.ndarray, times: np.ndarray, at: np.ndarray) -> np.ndarray:
    """(columns, applicants, samples): ``values`` (applicants, seats, columns) as often as drawn.

    In whole numbers and one thread: work this small only wakes the others of a BLAS.
    """
    # laid out as einsum likes it, which is many times faster, and then as it is used
    if len(times) == 1:
        return np.ascontiguousarray(np.einsum("asc,sk->cak", values, times[0]))
    return np.ascontiguousarray(np.einsum("asc,ask->cak", values, times[at]))


def _drawn_number(there: np.ndarray, times: np.ndarray, at: np.ndarray) -> np.ndarray:
    """(columns, applicants, samples): how many of what is ``there`` are drawn."""
    gaps = np.argwhere(~there)
    if len(gaps) > there.size / 4:
        return _drawn_sum(there.astype(times.dtype), times, at)
    shape = there.shape[2], len(there), times.shape[2]
    found = np.broadcast_to(times.sum(1, dtype=times.dtype)[at], shape).copy()
    for applicant, seat, column in gaps.tolist():
        found[column, applicant] -= times[at[applicant], seat]
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
    found = Formula(results, points, there, scored, order.transpose(1, 2, 0))
    once = np.ones((1, 1, facts.seats.shape[1]), dtype=np.int16)
    same, ranked = found(once, np.zeros(len(results.rank), dtype=np.int64)), results.rank > 0
    right = np.array_equal(same.known[0], ranked)
    return found if right and np.array_equal(same.total[0][ranked], results.total[ranked]) else None
