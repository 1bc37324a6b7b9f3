"""An expert's scores on a common scale: same mean and spread for everybody, exact throughout.

A square root is no fraction. It is taken to a declared number of decimals, half up, and so is the
converted score; everything between is exact, so that every machine comes to the same points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor, isqrt


def root(value: Fraction, digits: int) -> Fraction:
    """The square root of ``value`` (at least 0), rounded half up to ``digits`` decimals, exactly.

    (⌊√(4·v·100^d)⌋ + 1) // 2 · 10^-d, as ⌊y + ½⌋ = (⌊2y⌋ + 1) // 2 for y = √v · 10^d.
    """
    return Fraction((isqrt(floor(4 * value * 100**digits)) + 1) // 2, 10**digits)


@dataclass(frozen=True)
class Spread:
    """Mean and standard deviation of scores; the deviation as `root` gives it."""

    mean: Fraction
    deviation: Fraction


def spread(scores: Sequence[int], unit: int, digits: int, *, sample: bool) -> Spread:
    """Mean and deviation of ``scores``, whole numbers of 1/``unit`` of a point, in points.

    The variance is Σ(x − m)² / n, or over n − 1 for a ``sample``; n at least 2 there, else 1.
    """
    n, total = len(scores), sum(scores)
    squares = n * sum(x * x for x in scores) - total * total
    variance = Fraction(squares, n * (n - 1 if sample else n) * unit * unit)
    return Spread(Fraction(total, n * unit), root(variance, digits))


def converted(score: Fraction, own: Spread, to: Spread) -> Fraction:
    """M + S · (x − m) / s; M where the expert's scores are all the same (s = 0)."""
    if not own.deviation:
        return to.mean
    return to.mean + to.deviation * (score - own.mean) / own.deviation
