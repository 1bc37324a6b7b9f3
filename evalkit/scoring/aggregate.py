"""Many experts' scores to one: which of them count, and their exact mean."""

from __future__ import annotations

import numpy as np

HIGHEST, LOWEST = 1, -1


def trim(points: np.ndarray, valid: np.ndarray, highest: int, lowest: int) -> np.ndarray:
    """Which scores are dropped as the ``highest`` and ``lowest`` ones along the last axis.

    ``points`` int64 and ``valid`` bool of one shape (..., experts). Returns int8 of that shape:
    HIGHEST, LOWEST or 0. Exactly one instance is dropped at a time; among equal scores it is the
    first. Where fewer valid scores remain than are to be dropped, the surplus drops nothing.
    """
    dropped = np.zeros(points.shape, dtype=np.int8)
    left = valid.copy()
    bound = np.iinfo(np.int64).max
    for _ in range(highest):
        _drop(np.where(left, points, -bound).argmax(-1), HIGHEST, left, dropped)
    for _ in range(lowest):
        _drop(np.where(left, points, bound).argmin(-1), LOWEST, left, dropped)
    return dropped


def _drop(index: np.ndarray, mark: int, left: np.ndarray, dropped: np.ndarray) -> None:
    at = index[..., None]
    there = np.take_along_axis(left, at, -1)
    before = np.take_along_axis(dropped, at, -1)
    np.put_along_axis(dropped, at, np.where(there, np.int8(mark), before), -1)
    np.put_along_axis(left, at, False, -1)


def trimmed_mean(
    points: np.ndarray, valid: np.ndarray, highest: int, lowest: int, min_n: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sum and number of the scores that count, and what was dropped.

    The mean is sum / number, kept as a fraction. Shapes (...,), (...,) and (..., experts). Where
    fewer than ``min_n`` scores are valid nothing is dropped; where none is valid the number is 0.
    """
    dropped = trim(points, valid, highest, lowest)
    dropped[valid.sum(-1) < min_n] = 0
    total, n = mean(points, valid & (dropped == 0))
    return total, n, dropped


def mean(points: np.ndarray, counted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sum and number of the counted scores along the last axis; their quotient is the mean."""
    return np.where(counted, points, 0).sum(-1), counted.sum(-1)


def add(numerators: np.ndarray, denominators: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The exact sum of fractions along the last axis, as one numerator and one denominator.

    Arrays (..., terms) of whole numbers, denominators positive.
    """
    common = np.lcm.reduce(denominators, axis=-1)
    return (numerators * (common[..., None] // denominators)).sum(-1), common
