"""Many experts' scores to one: which of them count, and their exact mean."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from evalkit.scoring.points import roomy

HIGHEST, LOWEST = 1, -1


def trim(
    points: np.ndarray, valid: np.ndarray, highest: np.ndarray | int, lowest: np.ndarray | int
) -> np.ndarray:
    """Which scores are dropped as the ``highest`` and ``lowest`` ones along the last axis.

    ``points`` int64 and ``valid`` bool of one shape (..., experts), the numbers to be dropped of
    shape (...). Returns int8 of the first shape: HIGHEST, LOWEST or 0. Exactly one instance is
    dropped at a time; among equal scores it is the first. Where fewer valid scores remain than are
    to be dropped, the surplus drops nothing.
    """
    dropped = np.zeros(points.shape, dtype=np.int8)
    left = valid.copy()
    bound = np.iinfo(np.int64).max
    for n in range(int(np.max(highest, initial=0))):
        at = np.where(left, points, -bound).argmax(-1)
        _drop(at, HIGHEST, left, dropped, n < np.asarray(highest))
    for n in range(int(np.max(lowest, initial=0))):
        at = np.where(left, points, bound).argmin(-1)
        _drop(at, LOWEST, left, dropped, n < np.asarray(lowest))
    return dropped


def _drop(
    index: np.ndarray, mark: int, left: np.ndarray, dropped: np.ndarray, more: np.ndarray
) -> None:
    at = index[..., None]
    there = np.take_along_axis(left, at, -1)
    goes = there & more[..., None]
    before = np.take_along_axis(dropped, at, -1)
    np.put_along_axis(dropped, at, np.where(goes, np.int8(mark), before), -1)
    np.put_along_axis(left, at, there & ~goes, -1)


def beside_middle(points: np.ndarray, valid: np.ndarray) -> np.ndarray:
    """Which scores stand above (HIGHEST) and below (LOWEST) the middle one, or the middle two.

    Shapes as in `trim`. The mean of the valid scores that are left is the median.
    """
    ascending = np.argsort(np.where(valid, points, np.iinfo(np.int64).max), axis=-1, kind="stable")
    place = np.empty_like(ascending)
    np.put_along_axis(place, ascending, np.arange(points.shape[-1]), axis=-1)
    n = valid.sum(-1, keepdims=True)
    dropped = np.zeros(points.shape, dtype=np.int8)
    dropped[valid & (place < (n - 1) // 2)] = LOWEST
    dropped[valid & (place > n // 2)] = HIGHEST
    return dropped


def far(
    points: np.ndarray,
    valid: np.ndarray,
    weights: np.ndarray | None,
    share: Fraction,
    *,
    inclusive: bool,
) -> np.ndarray:
    """Which scores are farther from the mean of all than a ``share`` of it: |p − m| > share · |m|.

    Shapes as in `trim`; ``weights`` are whole numbers that broadcast to them. HIGHEST where a score
    is above the mean. With ``inclusive`` also where it is exactly so far, but never on the mean.
    With m = S / W: |p·W − S| · bottom > top · |S|, all in whole numbers.
    """
    heavy = valid * np.int64(1) if weights is None else valid * weights
    points = roomy(points, max(share.denominator, 1) * int(heavy.sum(-1).max(initial=1)) * 2)
    total = (heavy * points).sum(-1, keepdims=True)
    gap = points * heavy.sum(-1, keepdims=True) - total
    reach = np.abs(gap) * share.denominator
    limit = roomy(np.abs(total), share.numerator) * share.numerator
    beyond = (reach > limit) | ((reach == limit) & (gap != 0)) if inclusive else reach > limit
    gone = valid & np.asarray(beyond, dtype=bool)
    above = np.asarray(gap > 0, dtype=bool)
    return HIGHEST * (gone & above).astype(np.int8) + LOWEST * (gone & ~above).astype(np.int8)


def replaced(points: np.ndarray, valid: np.ndarray, dropped: np.ndarray) -> np.ndarray:
    """``points`` with each dropped score replaced by the nearest one that is left (winsorising).

    Shapes as in `trim`. With one of five on each side, 60, 80, 82, 84, 100 count as
    80, 80, 82, 84, 84.
    """
    left, bound = valid & (dropped == 0), np.iinfo(np.int64).max
    most = np.where(left, points, -bound).max(-1, keepdims=True)
    least = np.where(left, points, bound).min(-1, keepdims=True)
    return np.where(dropped == HIGHEST, most, np.where(dropped == LOWEST, least, points))


def mean(
    points: np.ndarray, counted: np.ndarray, weights: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Weighted sum and sum of weights of the counted scores along the last axis.

    Their quotient is the mean. ``weights`` are whole numbers, broadcastable to ``points``; without
    them every score weighs 1, and the second array is the number of scores that count.
    """
    if weights is None:
        return (points * counted).sum(-1), counted.sum(-1)
    heavy = weights * counted
    return (heavy * points).sum(-1), heavy.sum(-1)
