"""Scores in order: where equal ones lie, and ranks with declared ties."""

from __future__ import annotations

import numpy as np


def runs(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First and last place, from 0 in ascending order, of the run of equal values around each.

    ``x`` (..., n); the runs are along the last axis. Both results have its shape. nan come last,
    each a run of its own.
    """
    n = x.shape[-1]
    rows = x.reshape(int(np.prod(x.shape[:-1])), n)
    order, ordered = _sorted(rows)
    place, turns = np.arange(n, dtype=np.int32), ordered[:, 1:] != ordered[:, :-1]
    starts = np.zeros(rows.shape, np.int32)
    np.multiply(turns, place[1:], out=starts[:, 1:])
    order += (np.arange(len(rows)) * n)[:, None]
    first = np.empty(x.size, np.int32)
    first[order] = np.maximum.accumulate(starts, -1, out=starts)
    if turns.all():  # nothing is equal
        return first.reshape(x.shape), first.reshape(x.shape)
    last, ends = np.empty(x.size, np.int32), np.full(rows.shape, n - 1, np.int32)
    ends[:, :-1] = np.where(turns, place[:-1], np.int32(n - 1))
    last[order] = np.minimum.accumulate(ends[:, ::-1], -1)[:, ::-1]
    return first.reshape(x.shape), last.reshape(x.shape)


def _sorted(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where in each row its values stand in ascending order, and these."""
    n = rows.shape[1]
    bits, least = n.bit_length(), int(rows.min(initial=0)) if rows.dtype.kind == "i" else 0
    if rows.dtype.kind != "i" or (int(rows.max(initial=0)) - least) << bits >= 2**62:
        order = np.argsort(rows, axis=-1)  # the order of equal ones does not show
        return order, np.take_along_axis(rows, order, -1)
    # value and place in one number: sorted where they lie beside each other, which is fast
    both = np.subtract(rows, least, dtype=np.int64)
    both <<= bits
    both |= np.arange(n)
    both.sort(axis=-1)
    return both & ((1 << bits) - 1), both >> bits


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
        found = np.multiply(found, size, dtype=np.int64)
        found += column
        found -= column.min(initial=0)
    return np.asarray(found)
