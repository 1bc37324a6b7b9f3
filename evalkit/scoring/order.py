"""Scores in order: where equal ones lie."""

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
