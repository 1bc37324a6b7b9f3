"""Statistics as decimal strings, rounded to declared digits."""

from __future__ import annotations

from typing import SupportsFloat

import numpy as np

from evalkit.scoring.uncertainty import Places, places

COEFFICIENT, PROBABILITY = 3, 3
"""Digits of coefficients and of probabilities. Points have two more than published totals."""


def number(x: SupportsFloat, digits: int) -> str | None:
    """``x`` with ``digits`` decimals; None for nan, which only says that there is no number."""
    value = float(x)
    if not np.isfinite(value):
        return None
    text = f"{value:.{digits}f}"
    return text.lstrip("-") if float(text) == 0 else text


def places_by(field: np.ndarray, totals: np.ndarray, known: np.ndarray) -> Places:
    """`places` within each group of ``field`` (applicants,)."""
    rank = np.zeros(totals.shape, dtype=np.int32)
    tied = np.ones(totals.shape, dtype=np.int32)
    for name in np.unique(field):
        own = field == name
        rank[:, own], tied[:, own] = places(totals[:, own], known[:, own])
    return Places(rank, tied)
