"""Points as whole numbers of a small unit, and 四舍五入 of exact fractions."""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction
from functools import lru_cache

import numpy as np

_EXACT = Context(prec=100)

FINE = 2**16
"""Parts of a whole that quotients are cut to before their sum is rounded; see `half_up_sum`."""


def half_up(numerator: np.ndarray, denominator: np.ndarray | int) -> np.ndarray:
    """``numerator / denominator`` rounded to a whole number, ties away from zero, exactly.

    Arrays of whole numbers (int64, or Python's in an object array where int64 has no room) of one
    shape or broadcastable, denominators positive; the result is int64. This is Decimal's
    ROUND_HALF_UP: 17225/200 = 86.125 gives 86.13 in hundredths, where binary floats give 86.12.
    """
    magnitude = (2 * np.abs(numerator) + denominator) // (2 * np.asarray(denominator))
    return np.where(numerator < 0, -magnitude, magnitude).astype(np.int64)


def roomy(numbers: np.ndarray, factor: int) -> np.ndarray:
    """``numbers``, as Python's whole numbers of any size if ``factor`` times them leave int64."""
    largest = max(abs(int(numbers.max(initial=0))), abs(int(numbers.min(initial=0))))
    return numbers.astype(object) if largest * factor >= 2**62 else numbers


def narrow(numbers: np.ndarray) -> np.ndarray:
    """``numbers`` in int64 if they all have room there, which is many times faster."""
    return numbers if np.abs(numbers).max(initial=0) >= 2**62 else numbers.astype(np.int64)


def half_up_sum(numerators: np.ndarray, denominators: np.ndarray) -> np.ndarray:
    """The sum of fractions along the last axis, rounded as `half_up` does, exactly.

    Whole numbers (..., terms), denominators positive; `FINE` times the numerators must have room.
    A common denominator has no room in int64 and is seldom needed: each quotient cut to 1/FINE is
    too small by less than one of these, so the sum lies within as many of them as it has terms.
    Only where the two ends of that range round differently is the sum itself taken.
    """
    parts = (numerators * FINE // denominators).sum(-1)
    rounded = half_up(parts, FINE)
    unsure = rounded != half_up(parts + numerators.shape[-1], FINE)
    for place in map(tuple, np.argwhere(unsure).tolist()):
        terms = zip(numerators[place].tolist(), denominators[place].tolist(), strict=True)
        top, bottom = sum((Fraction(*term) for term in terms), Fraction(0)).as_integer_ratio()
        rounded[place] = half_up(np.array([top], dtype=object), bottom)[0]
    return rounded


@lru_cache(2**16)
def text(value: int, unit: int) -> str:
    """``value`` counted in 1/``unit`` of a point (a power of ten), without trailing zeros."""
    number = (Decimal(value) / unit).normalize()
    return format(number, "f")


def exact_text(value: Fraction) -> str:
    """``value`` as a decimal string, or as ``p/q`` where no decimal is exact."""
    bottom = value.denominator
    for prime in (2, 5):
        while not bottom % prime:
            bottom //= prime
    if bottom > 1:
        return str(value)
    return format(
        _EXACT.divide(Decimal(value.numerator), Decimal(value.denominator)).normalize(), "f"
    )


def fixed(value: int | np.integer, places: int) -> str:
    """``value`` counted in units of the last decimal place: ``fixed(8613, 2)`` is 86.13."""
    return _fixed(int(value), places)


@lru_cache(2**16)
def _fixed(value: int, places: int) -> str:
    return format(Decimal(value).scaleb(-places), "f")
