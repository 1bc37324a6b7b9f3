"""Scores in order: where equal ones lie, and ranks with declared ties."""

from __future__ import annotations

import numpy as np


def runs(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First and last place, from 0 in ascending order, of the run of equal values around each.

    ``x`` (..., n); the runs are along the last axis. Both results have its shape. nan come last,
    each a run of its own.
    """
    order = np.argsort(x, axis=-1)  # the order of equal ones does not show
    ordered = np.take_along_axis(x, order, -1)
    place = np.broadcast_to(np.arange(x.shape[-1]), x.shape)
    turns = ordered[..., 1:] != ordered[..., :-1]
    edge = np.ones((*x.shape[:-1], 1), dtype=bool)
    starts = np.where(np.concatenate((edge, turns), -1), place, 0)
    ends = np.where(np.concatenate((turns, edge), -1), place, x.shape[-1])
    first, last = np.empty_like(order), np.empty_like(order)
    np.put_along_axis(first, order, np.maximum.accumulate(starts, -1), -1)
    reached = np.minimum.accumulate(ends[..., ::-1], -1)[..., ::-1]
    np.put_along_axis(last, order, reached, -1)
    return first, last


def midranks(x: np.ndarray) -> np.ndarray:
    """Ranks from 1 in ascending order along the last axis; equal values share their mean rank."""
    first, last = runs(x)
    return (first + last) / 2 + 1


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
