"""Points as whole numbers of a small unit, and 四舍五入 of exact fractions."""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction
from functools import lru_cache

import numpy as np

_EXACT = Context(prec=100)


def half_up(numerator: np.ndarray, denominator: np.ndarray | int) -> np.ndarray:
    """``numerator / denominator`` rounded to a whole number, ties away from zero, exactly.

    Arrays of whole numbers (int64, or Python's in an object array where int64 has no room) of one
    shape or broadcastable, denominators positive; the result is int64. This is Decimal's
    ROUND_HALF_UP: 17225/200 = 86.125 gives 86.13 in hundredths, where binary floats give 86.12.
    """
    magnitude = (2 * np.abs(numerator) + denominator) // (2 * np.asarray(denominator))
    return np.where(numerator < 0, -magnitude, magnitude).astype(np.int64)


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
