"""The facts of a round with other experts, and the official function without each in turn."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from evalkit.evaluation import Results, evaluate
from evalkit.facts.columns import EMPTY, NOT_ASKED, SCORED, Facts


def resampled(facts: Facts, times: np.ndarray) -> Facts:
    """``facts`` in which a seat stands as often as ``times`` (applicants, seats) says, 0 or more.

    What nobody is asked for (a bonus that was not claimed) stays so. Comments are left out.
    """
    number = times.sum(axis=1)
    there = np.arange(max(int(number.max(initial=0)), 1)) < number[:, None]
    index = np.zeros(there.shape, dtype=np.int64)
    index[there] = np.repeat(np.tile(np.arange(times.shape[1]), len(times)), times.ravel())
    state = np.take_along_axis(facts.state, index[:, :, None], 1)
    state = np.where(there[:, :, None], state, np.int8(EMPTY))
    once = np.any(facts.state == NOT_ASKED, axis=1) & ~np.any(state == NOT_ASKED, axis=1)
    state[:, 0] = np.where(once, np.int8(NOT_ASKED), state[:, 0])
    points = np.take_along_axis(facts.points, index[:, :, None], 1)
    return replace(
        facts,
        seats=np.where(there, np.take_along_axis(facts.seats, index, 1), -1),
        points=np.where(state == SCORED, points, 0),
        state=state,
        texts={},
        items={},
    )


def without(facts: Facts, expert: int) -> Facts:
    """``facts`` in which the seats of one expert are empty; what nobody is asked for stays so."""
    own = facts.seats == expert
    gone = own[:, :, None] & (facts.state != NOT_ASKED)
    return replace(
        facts,
        seats=np.where(own, -1, facts.seats),
        points=np.where(gone, 0, facts.points),
        state=np.where(gone, np.int8(EMPTY), facts.state),
        texts={},
        items={},
    )


@dataclass(frozen=True, eq=False)
class LeftOut:
    """The official function without each expert in turn, (experts, applicants)."""

    experts: tuple[int, ...]
    """Those with a score, as indices of the facts."""
    rank: np.ndarray
    """0: no rank without that expert."""
    total: np.ndarray
    """In units of the last published place; not to be read where the rank is 0."""


def leave_one_out(results: Results) -> LeftOut:
    """Ranks and totals by the official function on the facts without one expert, exact."""
    facts = results.facts
    scored = (facts.state == SCORED).any(-1)
    experts = [e for e in range(len(facts.experts)) if (scored & (facts.seats == e)).any()]
    rank, total = np.zeros((2, len(experts), len(facts.applicants)), dtype=np.int64)
    for n, expert in enumerate(experts):  # one round in memory at a time
        run = evaluate(results.rubric, results.panel, without(facts, expert), trial=True)
        rank[n], total[n] = run.rank, run.total
    return LeftOut(tuple(experts), rank, total)
