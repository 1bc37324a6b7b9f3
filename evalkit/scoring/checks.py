"""Checks on score sheets: what a person should look at before anything is averaged.

The four of Chinese procurement review (sums, range, objective scores, 畸高畸低 [MOF17]_), and
scores without distinction. Points are whole numbers (..., experts), ``valid`` marks scores.
"""

from __future__ import annotations

import numpy as np


def robust_z(points: np.ndarray, valid: np.ndarray, step: float) -> np.ndarray:
    """Modified z-scores over the experts (last axis) [IH93]_.

        0.6745 (x − median) / max(MAD, step / 2)

    Scores on a ``step`` hide a spread of half of it, so the MAD is never taken as less; else one
    different score among equal ones would be infinitely far. nan where there is no score.
    """
    deviation = from_median(points, valid)
    mad = _median(np.abs(deviation))[..., None]
    return np.asarray(0.6745 * deviation / np.maximum(mad, step / 2))


def from_median(points: np.ndarray, valid: np.ndarray) -> np.ndarray:
    """How far each score lies from the median of its experts (last axis); nan where none is."""
    x = np.where(valid, points, np.nan)
    return np.asarray(x - _median(x)[..., None])


def _median(x: np.ndarray) -> np.ndarray:
    """The median of the numbers along the last axis; nan where there is none."""
    n = (~np.isnan(x)).sum(-1)
    ordered = np.sort(x, -1)
    ends = [np.maximum(n - 1, 0) // 2, np.minimum(n // 2, np.maximum(n - 1, 0))]
    middle = [np.take_along_axis(ordered, end[..., None], -1)[..., 0] for end in ends]
    return np.asarray((middle[0] + middle[1]) / 2)


def spread(shares: np.ndarray, valid: np.ndarray) -> np.ndarray:
    """The standard deviation of all shares that each expert gave; nan below two.

    ``shares`` (applicants, experts, columns): points as a share of the maximum.
    """
    n = valid.sum((0, 2))
    mean = np.where(valid, shares, 0).sum((0, 2)) / np.maximum(n, 1)
    squares = np.where(valid, np.square(shares - mean[None, :, None]), 0).sum((0, 2))
    return np.asarray(np.sqrt(squares / np.where(n > 1, n - 1, np.nan)))


def disagree(points: np.ndarray, valid: np.ndarray) -> np.ndarray:
    """Where the experts (last axis) differ; they may not on a fact."""
    top, low = np.iinfo(np.int64).max, np.iinfo(np.int64).min
    most, least = np.where(valid, points, low).max(-1), np.where(valid, points, top).min(-1)
    return np.asarray(valid.any(-1) & (most != least))


def outside(
    points: np.ndarray, valid: np.ndarray, ends: tuple[np.ndarray, np.ndarray], step: int
) -> np.ndarray:
    """Scores below the least, above the greatest (``ends``, broadcastable) or off the ``step``."""
    least, most = ends
    return np.asarray(valid & ((points < least) | (points > most) | (points % step != 0)))


def wrong_sums(points: np.ndarray, valid: np.ndarray, stated: np.ndarray) -> np.ndarray:
    """Sheets (...,) whose ``stated`` sum is not that of their scores (..., columns)."""
    return np.asarray(np.where(valid, points, 0).sum(-1) != stated)
