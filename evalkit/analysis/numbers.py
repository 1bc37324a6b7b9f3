"""Statistics as decimal strings, rounded to declared digits."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from math import isfinite
from typing import SupportsFloat

import numpy as np

from evalkit.scoring.uncertainty import Places, places

COEFFICIENT, PROBABILITY = 3, 3
"""Digits of coefficients and of probabilities. Points have two more than published totals."""

EXACT, ITERATED = 6, 2
"""So many digits behind the declared ones are still meant; what follows is noise, of binary floats
or of a search for the least deviance."""


def number(x: SupportsFloat, digits: int, noise: int = EXACT) -> str | None:
    """``x`` half up with ``digits`` decimals; None for nan, which says that there is no number.

    The noise is taken off first, so that 0.075 is a tie in whatever order it was added up.
    """
    value = float(x)
    return _text(value, digits, noise) if isfinite(value) else None


@lru_cache(2**14)
def _text(value: float, digits: int, noise: int) -> str:
    """The same, once for each of the totals that many sheets share."""
    quiet = Decimal(f"{value:.{digits + noise}f}")
    rounded = quiet.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return format(abs(rounded) if rounded == 0 else rounded, "f")


def places_by(field: np.ndarray, totals: np.ndarray, known: np.ndarray) -> Places:
    """`places` within each group of ``field`` (applicants,)."""
    if len(np.unique(field)) == 1:
        return places(totals, known)
    rank = np.zeros(totals.shape, dtype=np.int32)
    tied = np.ones(totals.shape, dtype=np.int32)
    for name in np.unique(field):
        own = field == name
        rank[:, own], tied[:, own] = places(totals[:, own], known[:, own])
    return Places(rank, tied)
