"""How far a total or a rank would move with other experts of the same kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations_with_replacement
from math import comb, factorial, prod
from typing import NamedTuple

import numpy as np

from evalkit.scoring.rank import runs


class Interval(NamedTuple):
    """Half-width of an interval around a total, and its degrees of freedom."""

    half: np.ndarray
    df: np.ndarray


def interval(
    x: np.ndarray, lowest: np.ndarray, highest: np.ndarray, level: float = 0.95
) -> Interval:
    """Student's t interval of a sum of means; Tukey and McLaughlin's [TM63]_ where scores drop.

        SE² = n / (n − 1) · Σ_experts (Σ_columns u / m)²

    ``x`` (..., experts, columns), nan where a score is missing. ``lowest`` and ``highest``
    (..., columns) are how many were dropped in a column; u are the deviations from the mean of the
    winsorised scores, m how many scores are left, n how many experts scored. For one column without
    drops this is s / √n with n − 1 degrees of freedom, with them s_w / ((1 − 2γ) √n) with m − 1;
    for several columns the least m − 1. A column that nobody scored does not enter, nor does one of
    m > 1 scores whose u are all 0: as in Satterthwaite's formula [S46]_ a part without variance has
    no say in the degrees of freedom. Where no column varies the half-width is 0, with the least
    m − 1 of all. nan where m < 2: of a single score the variance is not 0 but unknown.
    """
    from scipy.special import stdtrit  # type: ignore[import-untyped]

    there = ~np.isnan(x)
    number = there.sum(-2)
    left = number - lowest - highest
    ordered = np.sort(x, axis=-2)
    last = np.maximum(number - highest - 1, 0)
    least = np.take_along_axis(ordered, np.minimum(lowest, last)[..., None, :], -2)
    most = np.take_along_axis(ordered, last[..., None, :], -2)
    # from the least one, so that equal scores deviate by exactly 0
    winsorised = np.where(there, np.clip(x, least, most) - least, 0.0)
    mean = winsorised.sum(-2) / np.maximum(number, 1)
    u = np.where(there, winsorised - mean[..., None, :], 0.0)
    shares = (u / np.maximum(left, 1)[..., None, :]).sum(-1)
    varies = (number > 0) & ((left < 2) | (least < most)[..., 0, :])
    enters = np.where(varies.any(-1, keepdims=True), varies, number > 0)
    n = (there & enters[..., None, :]).any(-1).sum(-1)
    df = left.min(-1, initial=x.shape[-2], where=enters) - 1
    known = (df > 0) & (n > 1)
    se = np.sqrt(n / np.maximum(n - 1, 1) * np.square(shares).sum(-1))
    quantile = stdtrit(np.where(known, df, 1), (1 + level) / 2)
    return Interval(np.where(known, quantile * se, np.nan), np.asarray(df))


def multisets(k: int) -> tuple[np.ndarray, np.ndarray]:
    """Every sample of k from k experts, with replacement, and how many ordered draws give it.

    Whole numbers (C(2k − 1, k), k), how often each expert is there, and (C(2k − 1, k),): the
    multinomial k! / Π c!, with the sum kᵏ. For seven experts there are 1,716.
    """
    draws = np.array(list(combinations_with_replacement(range(k), k)))
    counts = (draws[:, :, None] == np.arange(k)).sum(1)
    ways = [factorial(k) // prod(factorial(c) for c in row) for row in counts.tolist()]
    return counts.astype(np.int16), np.array(ways, dtype=np.int64)


def number_of_multisets(k: int) -> int:
    """C(2k − 1, k)."""
    return comb(2 * k - 1, k)


class Places(NamedTuple):
    """Where everybody stands in each sample, (samples, applicants)."""

    rank: np.ndarray
    """From 1, ties sharing the better rank; 0 for whoever has no total in that sample."""
    tied: np.ndarray
    """How many share the rank."""

    @classmethod
    def empty(cls, samples: int, applicants: int) -> Places:
        """Room for so many, to be filled."""
        kind = np.int16 if applicants < np.iinfo(np.int16).max else np.int32
        return cls(np.empty((samples, applicants), kind), np.empty((samples, applicants), kind))


def places(totals: np.ndarray, ranked: np.ndarray) -> Places:
    """Ranks by descending total; ``totals`` and ``ranked`` are (samples, applicants)."""
    found = Places.empty(*totals.shape)
    for some in blocks(*totals.shape):
        own, there = np.ascontiguousarray(totals[some]), ranked[some]
        if there.all():
            first, last = runs(-own)
            found.rank[some], found.tied[some] = first + 1, last - first + 1
            continue
        # behind everybody, and no farther: small numbers are sorted faster
        end = 1 - int(own.min(initial=0, where=there)) if own.dtype.kind == "i" else np.inf
        first, last = runs(np.where(there, -own, end))
        found.rank[some] = np.where(there, first + 1, 0)
        found.tied[some] = np.where(there, last - first + 1, 1)
    return found


CELLS = 2**16
"""Cells of one block: what is worked on at a time stays in the cache of the processor."""


def blocks(rows: int, columns: int) -> Iterator[slice]:
    """``rows`` in blocks of about `CELLS`, where a row has so many ``columns``."""
    size = max(CELLS // max(columns, 1), 1)
    return (slice(n, n + size) for n in range(0, rows, size))


def top(found: Places, ways: np.ndarray, k: int | np.ndarray) -> np.ndarray:
    """P(rank ≤ k) of each applicant; those who tie across the line share the places before it.

    ``ways`` (samples,) weigh the samples. nan for whoever never has a rank.
    """

    def share(some: slice) -> np.ndarray:
        rank, last = found.rank[some], found.rank[some] + (found.tied[some] - 1)
        shares = (last <= k).astype(np.float64)
        at = np.nonzero((rank <= k) & (last > k))
        before = np.broadcast_to(k, rank.shape)[at] - rank[at] + 1
        shares[at] = before / found.tied[some][at]
        return shares

    return _mean(share, lambda some: found.rank[some] > 0, ways, found.rank.shape[1])


def beats(a: np.ndarray, b: np.ndarray, both: np.ndarray, ways: np.ndarray) -> np.ndarray:
    """P(a > b) + ½ P(a = b) over the samples where both have a total.

    Totals and ``both`` (samples, pairs), ``ways`` (samples,).
    """

    def won(some: slice) -> np.ndarray:
        return (a[some] > b[some]) + 0.5 * (a[some] == b[some])

    return _mean(won, lambda some: both[some], ways, both.shape[1])


def rank_range(found: Places, ways: np.ndarray, level: float = 0.95) -> np.ndarray:
    """(applicants, 2): the ranks between which an applicant lies in a share ``level`` of samples.

    As much is cut off on either side at most; 0 for whoever never has a rank.
    """
    ends = np.zeros((found.rank.shape[1], 2), np.int64)
    alike = ways.size > 0 and (ways == 1).all()
    for some in blocks(*found.rank.shape[::-1]):
        ranks = np.ascontiguousarray(found.rank[:, some].T)
        if alike:
            ranks.sort(axis=-1, kind="stable")  # numbers this small are not even compared
            ordered, upto = ranks, np.cumsum(ranks > 0, axis=-1)
        else:
            # rank and weight in one number: sorted where they lie beside each other, which is fast
            ordered = (ranks.astype(np.int64) << 32) | ways
            ordered.sort(axis=-1)
            ordered, weight = ordered >> 32, ordered & (2**32 - 1)
            upto = np.cumsum(weight * (ordered > 0), axis=-1)
        whole = upto[:, -1:]
        at = [
            np.argmax(upto > (1 - level) / 2 * whole * (1 - 1e-12), axis=-1),
            np.argmax(upto >= (1 + level) / 2 * whole * (1 - 1e-12), axis=-1),
        ]
        own = np.take_along_axis(ordered, np.stack(at, -1), -1)
        ends[some] = np.where(whole > 0, own, 0)
    return ends


def moves(totals: np.ndarray, known: np.ndarray, ways: np.ndarray, bounds: np.ndarray,
          official: np.ndarray) -> np.ndarray:  # fmt: skip
    """P(another grade) of each applicant, on a scale on which more is better.

    Totals and ``known`` (samples, applicants); ``bounds`` ascending, the least totals of the better
    grades (a total on the bound has reached it); ``official`` (applicants,) totals. Where less is
    better the caller changes the sign of all three.
    """
    before = np.searchsorted(bounds, official, side="right")

    def moved(some: slice) -> np.ndarray:
        return sum((totals[some] >= b for b in bounds), np.zeros(1, np.int8)) != before

    return _mean(moved, lambda some: known[some], ways, totals.shape[1])


def _mean(
    values: Callable[[slice], np.ndarray],
    known: Callable[[slice], np.ndarray],
    ways: np.ndarray,
    n: int,
) -> np.ndarray:
    """The weighted means of ``n`` values over the samples where they are known; nan where none is.

    ``values`` and ``known`` give those of some samples, (samples, n).
    """
    weight, total = np.zeros(n), np.zeros(n)
    for some in blocks(len(ways), n):
        there = known(some)
        weight += _weighed(ways[some], there.astype(np.float64))
        total += _weighed(ways[some], np.where(there, values(some), 0.0))
    return np.where(weight > 0, total / np.maximum(weight, 1), np.nan)


def _weighed(ways: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The sums of ``values`` (samples, n), in one order whatever number of threads a BLAS has."""
    return np.asarray(np.einsum("s,sa->a", ways, values))
