"""Samples of experts: all of them where they can be counted, drawn with a recorded seed elsewhere.

Applicants with the same assigned experts form a block. In a sample the experts of a block are drawn
with replacement, as many as they are, and the same draw holds for all applicants of the block;
blocks are drawn independently of each other. One block is enumerated: all multisets with their
multinomial weights, nothing random. Several blocks (experts differ by applicant) and large panels
are drawn by PCG64. What a lenient expert does in two blocks is then not linked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from evalkit.analysis.formula import formula
from evalkit.analysis.totals import Totals, by_function
from evalkit.evaluation import Results
from evalkit.facts.columns import Facts
from evalkit.scoring.uncertainty import multisets, number_of_multisets

MOST_MULTISETS = 24_310
"""Enumerated up to nine experts."""

DRAWS = 10_000
"""Samples where they are drawn."""

FORMULA_ROOM, FUNCTION_ROOM = 20_000_000, 2_000_000
"""The most (samples × applicants) with scores sorted once, and sorted for each sample."""

LEAST_DRAWS = 200

MOST_CODES = 2**22
"""Up to so many ways to write how often each of the seats of an applicant is drawn."""


@dataclass(frozen=True, eq=False)
class Samples:
    """``counts`` (samples, blocks, seats): how often the expert on a seat is drawn."""

    counts: np.ndarray
    ways: np.ndarray
    """(samples,): how many ordered draws each stands for."""
    block: np.ndarray
    """(applicants,): the block of each."""
    exact: bool


@dataclass(frozen=True, eq=False)
class Resampled:
    """Official totals in every sample."""

    totals: Totals
    ways: np.ndarray
    exact: bool
    blocks: int


def resample(results: Results, seed: int) -> Resampled:
    """The totals that the declared rule gives in every sample, exact and rounded as declared."""
    compute = formula(results)
    samples = draw(results.facts, seed, FORMULA_ROOM if compute else FUNCTION_ROOM)
    totals = _totals(compute or partial(by_function, results), samples)
    return Resampled(totals, samples.ways, samples.exact, samples.counts.shape[1])


def _totals(compute: Callable[[np.ndarray, np.ndarray], Totals], samples: Samples) -> Totals:
    """The totals of every sample; where a few experts are drawn often, of each draw only once."""
    counts, block = samples.counts, samples.block
    number, blocks, seats = counts.shape
    if blocks == 1 or (seats + 1) ** seats > MOST_CODES:
        return compute(counts, block)
    powers = (seats + 1) ** np.arange(seats)
    code = np.zeros((blocks, number), np.int64)
    for seat, power in enumerate(powers.tolist()):
        code += counts[:, :, seat].T * np.int32(power)
    there = np.bincount(code.ravel(), minlength=(seats + 1) ** seats) > 0
    kinds = np.flatnonzero(there)
    if len(kinds) >= number:
        return compute(counts, block)
    drawn = kinds[:, None] // powers % (seats + 1)
    once = compute(drawn[:, None].astype(np.int16), np.zeros_like(block))
    place = np.cumsum(there) - 1
    tables = [(part, np.empty((len(block), number), part.dtype)) for part in vars(once).values()]
    for a, b in enumerate(block.tolist()):
        at = place[code[b]]
        for part, found in tables:
            np.take(part[:, a], at, out=found[a], mode="clip")
    return Totals(*(found.T for _part, found in tables))


def draw(facts: Facts, seed: int, room: int) -> Samples:
    """Samples for ``facts``, about ``room`` (samples × applicants) at most."""
    block = blocks(facts)
    applicants, k = facts.seats.shape
    first = np.array([np.argmax(block == b) for b in range(int(block.max()) + 1)])
    if len(first) == 1:
        own = np.flatnonzero(facts.seats[0] >= 0)
        number = number_of_multisets(len(own))
        if number <= MOST_MULTISETS and number * applicants <= room:
            counts, ways = multisets(len(own))
            whole = np.zeros((1, k, number), dtype=np.int16)
            whole[0, own] = counts.T
            return Samples(whole.transpose(2, 0, 1), ways, block, exact=True)
    draws = max(min(DRAWS, room // applicants), LEAST_DRAWS)
    generator = np.random.Generator(np.random.PCG64(seed))
    whole = np.zeros((len(first), k, draws), dtype=np.int16)  # samples lie beside each other
    for b, a in enumerate(first):
        own = np.flatnonzero(facts.seats[a] >= 0)
        whole[b, own] = generator.multinomial(len(own), [1 / len(own)] * len(own), draws).T
    return Samples(whole.transpose(2, 0, 1), np.ones(draws, dtype=np.int64), block, exact=False)


def blocks(facts: Facts) -> np.ndarray:
    """(applicants,): which applicants share all their experts, numbered as they first appear."""
    known: dict[bytes, int] = {}
    return np.array([known.setdefault(row.tobytes(), len(known)) for row in facts.seats])
