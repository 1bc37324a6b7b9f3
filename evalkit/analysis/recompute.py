"""The official totals once more, with other experts: left out, or drawn more than once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from math import lcm

import numpy as np

from evalkit.analysis import scales
from evalkit.evaluation import Results, evaluate
from evalkit.evaluation.counting import bonus_columns, caps
from evalkit.facts.columns import EMPTY, NOT_ASKED, SCORED, Facts
from evalkit.scoring.order import kept
from evalkit.scoring.points import half_up

CELLS = 1_000_000
"""Cells of one block of samples, so that memory stays flat."""


def resampled(facts: Facts, times: np.ndarray) -> Facts:
    """``facts`` in which a seat stands as often as ``times`` (applicants, seats) says, 0 or more.

    What nobody is asked for (a bonus that was not claimed) stays so. Comments are left out.
    """
    upto = np.cumsum(times, axis=1)
    size = max(int(upto[:, -1].max(initial=0)), 1)
    index = (upto[:, None, :] <= np.arange(size)[None, :, None]).sum(-1)
    there = index < times.shape[1]
    index = np.where(there, index, 0)
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


@dataclass(frozen=True, eq=False)
class LeftOut:
    """The official function without each expert in turn, (experts, applicants)."""

    experts: tuple[int, ...]
    """Those with a score, as indices of the facts."""
    rank: np.ndarray
    """0: no rank without that expert."""
    total: np.ndarray
    """In units of the last published place; not to be read where the rank is 0."""


@lru_cache(maxsize=1)
def leave_one_out(results: Results) -> LeftOut:
    """Ranks and totals by the official function on the facts without one expert, exact."""
    facts = results.facts
    scored = (facts.state == SCORED).any(-1)
    experts = [e for e in range(len(facts.experts)) if (scored & (facts.seats == e)).any()]
    runs = [
        evaluate(results.rubric, results.panel, resampled(facts, facts.seats != e), trial=True)
        for e in experts
    ]
    shape = len(experts), len(facts.applicants)
    return LeftOut(
        tuple(experts),
        np.array([run.rank for run in runs], dtype=np.int64).reshape(shape),
        np.array([run.total for run in runs], dtype=np.int64).reshape(shape),
    )


@dataclass(frozen=True, eq=False)
class Totals:
    """Published totals in samples of experts, (samples, applicants)."""

    total: np.ndarray
    """int64, in units of the last published place; not to be read where ``known`` is False."""
    known: np.ndarray


def by_function(results: Results, counts: np.ndarray, block: np.ndarray) -> Totals:
    """The official function on every sample. ``counts`` and ``block`` as in `Samples`."""
    found = []
    for times in counts:
        facts = resampled(results.facts, times[block])
        found.append(evaluate(results.rubric, results.panel, facts, trial=True))
    return Totals(np.array([r.total for r in found]), np.array([r.rank > 0 for r in found]))


@dataclass(frozen=True, eq=False)
class _Rule:
    """The declared rule where all samples can be computed at once, see `formula`."""

    points: np.ndarray
    """(seats, applicants, columns), ascending along the first axis; 0 where not valid."""
    order: np.ndarray
    """(seats, applicants, columns): the seat that each of them comes from."""
    valid: np.ndarray
    fixed: np.ndarray
    """(applicants, columns): published points that no expert gave; -1 where experts give them."""
    caps: np.ndarray
    bonus: slice
    """Columns of the bonus groups, and the most points of each."""
    groups: tuple[slice, ...]
    """Columns that are added before rounding."""
    scale: int
    unit: int
    low: int
    high: int
    min_n: int
    method: str


@dataclass(frozen=True, eq=False)
class Formula:
    """Means, trimmed and winsorised means and medians of each indicator, rounded as declared."""

    rule: _Rule
    ranked: np.ndarray

    def __call__(self, counts: np.ndarray, block: np.ndarray) -> Totals:
        """All samples at once, in blocks of `CELLS`."""
        rule = self.rule
        size = max(CELLS // max(rule.fixed.size, 1), 1)
        parts = [_totals(rule, counts[n : n + size], block) for n in range(0, len(counts), size)]
        total, known = (np.concatenate(side) for side in zip(*parts, strict=True))
        return Totals(total, known & self.ranked)


def formula(results: Results) -> Formula | None:
    """What computes the totals of many samples at once, exactly; None where nothing does.

    It is offered only if it gives the official totals and the ranked applicants back on the panel
    as it is. Everything else (weights of experts, dropping whole sheets, rules added since) is
    left to the official function itself, `by_function`.
    """
    declared = results.panel.rules.aggregation
    method = declared.method
    plain = method == "mean" or declared.level == "indicator"
    if not plain or declared.weights:
        return None
    found = Formula(_rule(results, method), results.rank > 0)
    once = np.ones((1, 1, results.facts.seats.shape[1]), dtype=np.int16)
    try:
        same = found(once, np.zeros(len(results.rank), dtype=np.int64))
    except OverflowError:
        return None
    ranked = results.rank > 0
    right = np.array_equal(same.known[0], ranked)
    return found if right and np.array_equal(same.total[0][ranked], results.total[ranked]) else None


def _rule(results: Results, method: str) -> _Rule:
    facts, rules = results.facts, results.panel.rules
    valid = results.counted | (results.dropped != 0)
    points, bonus, most = facts.points, bonus_columns(results.rubric), caps(results.rubric, facts)
    if scales.each_capped(results):
        points = points.copy()
        points[:, :, bonus] = np.minimum(points[:, :, bonus], most)
    points = np.where(valid, points, np.iinfo(np.int64).max)
    order = np.argsort(points, axis=1, kind="stable")
    ordered = np.take_along_axis(valid, order, 1).swapaxes(0, 1)
    given = np.take_along_axis(points, order, 1).swapaxes(0, 1)
    unit, declared = 10**rules.rounding.places, rules.aggregation
    return _Rule(
        points=np.where(ordered, given, 0),
        order=order.swapaxes(0, 1),
        valid=ordered.astype(np.int16),
        fixed=np.where(results.defined & ~valid.any(1), results.points, -1),
        caps=most,
        bonus=bonus,
        groups=tuple(_groups(results)),
        scale=facts.scale,
        unit=unit,
        low=getattr(declared, "drop_lowest", 0),
        high=getattr(declared, "drop_highest", 0),
        min_n=getattr(declared, "min_n", 0),
        method=method,
    )


def _groups(results: Results) -> Iterator[slice]:
    stage, columns = results.panel.rules.rounding.stage, len(results.facts.columns)
    if stage == "total":
        yield slice(0, columns)
        return
    start = 0
    for size in (len(d.leaves) for d in results.rubric.dimensions):
        if stage == "dimension":
            yield slice(start, start + size)
        else:
            yield from (slice(c, c + 1) for c in range(start, start + size))
        start += size
    yield from (slice(c, c + 1) for c in range(start, columns))


def _totals(rule: _Rule, counts: np.ndarray, block: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Totals and whether they exist, (samples, applicants), of some of the samples."""
    own = counts[:, block, :]
    rows = np.arange(len(block))[:, None]
    times = np.stack(
        [own[:, rows, o] * v for o, v in zip(rule.order, rule.valid, strict=True)], axis=0
    )
    n = times.sum(0, dtype=np.int16)
    low, high = _cut(rule, n)
    if rule.method != "mean":
        times = kept(times, low, high, replace=rule.method == "winsorised_mean")
    top = np.zeros(n.shape, dtype=np.int64)
    for t, p in zip(times, rule.points, strict=True):
        top += t * p
    bottom = times.sum(0, dtype=np.int64)
    top[..., rule.bonus] = np.minimum(top[..., rule.bonus], rule.caps * bottom[..., rule.bonus])
    top = np.where(rule.fixed >= 0, rule.fixed * rule.scale, top)
    bottom = np.where(rule.fixed >= 0, rule.unit, bottom)
    known = (bottom > 0).all(-1)
    bottom = np.maximum(bottom, 1)
    total = np.zeros(known.shape, dtype=np.int64)
    for group in rule.groups:
        total += _rounded(top[..., group], bottom[..., group], rule)
    return total, np.asarray(known)


def _cut(rule: _Rule, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How many scores go at the low and at the high end, shaped as ``n``, of ``n`` drawn."""
    if rule.method == "median":
        half = np.maximum(n - 1, 0) // 2
        return half, half
    enough = (n >= rule.min_n).astype(n.dtype)
    return enough * n.dtype.type(rule.low), enough * n.dtype.type(rule.high)


def _rounded(top: np.ndarray, bottom: np.ndarray, rule: _Rule) -> np.ndarray:
    """The sum of fractions along the last axis, half up, in units of the last place."""
    if top.shape[-1] == 1:
        return half_up(top[..., 0] * rule.unit, bottom[..., 0] * rule.scale)
    common = lcm(*np.unique(bottom).tolist())
    if int(top.max(initial=1)) * common * top.shape[-1] * 2 * rule.unit >= 2**62:
        raise OverflowError
    added = (top * (common // bottom)).sum(-1)
    return half_up(added * rule.unit, common * rule.scale)
