"""Ranks with declared ties."""

from __future__ import annotations

import numpy as np

from evalkit.scoring.order import runs


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


def placings(points: np.ndarray, *, mean: bool) -> np.ndarray:
    """Twice the place of each of ``points`` (experts, applicants) in its row, the greatest first.

    Equal points share the least of their places (1, 2, 2, 4), or with ``mean`` the mean of them
    (1, 2.5, 2.5, 4), as in [K45]_ and [S56]_; twice a place is whole.
    """
    first, last = runs(-points)
    return np.asarray(first + (last if mean else first) + 2, dtype=np.int64)


def one_key(keys: np.ndarray) -> np.ndarray:
    """(rows,): one whole number a row, ordered as the rows of ``keys`` int64 (rows, keys) are.

    The first key decides, the next ones break ties.
    """
    found = keys[:, 0]
    for column in keys.T[1:]:
        size = int(column.max(initial=0)) - int(column.min(initial=0)) + 1
        if int(np.abs(found).max(initial=0)) * size >= 2**62:
            found = np.unique(found, return_inverse=True)[1]
            column = np.unique(column, return_inverse=True)[1]  # noqa: PLW2901
            size = len(keys)
        found = found * size + (column - column.min(initial=0))
    return np.asarray(found)
