"""Ranks with declared ties."""

from __future__ import annotations

import numpy as np


def competition(keys: np.ndarray, ranked: np.ndarray) -> np.ndarray:
    """Ranks 1, 2, 2, 4 by descending keys; the first key decides, the next ones break ties.

    ``keys`` int64 (applicants, keys), ``ranked`` bool (applicants). Whoever is not ranked gets 0
    and takes no rank. Applicants equal on all keys share a rank.
    """
    ranks = np.zeros(len(keys), dtype=np.int64)
    rows = np.flatnonzero(ranked)
    if rows.size == 0:
        return ranks
    order = rows[np.lexsort(-keys[rows].T[::-1])]
    above = np.any(keys[order][1:] != keys[order][:-1], axis=1)
    starts = np.concatenate(([True], above))
    position = np.arange(1, len(order) + 1)
    ranks[order] = np.maximum.accumulate(np.where(starts, position, 0))
    return ranks
