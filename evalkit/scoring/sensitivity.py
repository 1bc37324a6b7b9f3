"""What the order of the applicants would be under other weights, and how far it is to the line."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from evalkit.scoring.uncertainty import places

UNIT = 1e9
"""Totals are whole numbers of the billionth part of a point: what is behind that is noise."""


def around(published: np.ndarray, spread: float, draws: int, seed: int) -> np.ndarray:
    """(draws, criteria): weights that vary independently by up to ``spread`` around the published.

    Each is multiplied by a factor uniform between 1 − spread and 1 + spread, then all are scaled to
    the published sum. Drawn by PCG64 from ``seed``.
    """
    factors = np.random.Generator(np.random.PCG64(seed)).uniform(
        1 - spread, 1 + spread, (draws, len(published))
    )
    weights = published * factors
    return np.asarray(weights * (published.sum() / weights.sum(1, keepdims=True)))


def anywhere(criteria: int, draws: int, seed: int) -> np.ndarray:
    """(draws, criteria): weights uniform on the simplex, where nothing is known about them."""
    generator = np.random.Generator(np.random.PCG64(seed))
    spacings = generator.exponential(size=(draws, criteria))
    return np.asarray(spacings / spacings.sum(1, keepdims=True))


def weighted(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Totals (draws, applicants) of ``values`` (applicants, criteria), rounding noise removed."""
    return np.asarray(np.round(weights @ values.T, 9))


def in_billionths(values: np.ndarray, weights: np.ndarray, beside: np.ndarray) -> np.ndarray:
    """`weighted` and what stands ``beside`` (applicants,), as whole numbers of 1e-9.

    Added up criterion by criterion, so that applicants with the same values have the same totals
    whatever stands around them, and however many threads there are.
    """
    totals, one = np.zeros((2, len(weights), len(values)))
    for weight, value in zip(weights.T, np.ascontiguousarray(values.T), strict=True):
        totals += np.multiply(weight[:, None], value, out=one)
    totals *= UNIT
    np.rint(totals, out=totals)
    if beside.any():
        totals /= UNIT
        totals += beside
        totals *= UNIT
        np.rint(totals, out=totals)
    return totals.astype(np.int64)


class Smaa(NamedTuple):
    """SMAA-2 over sampled weights."""

    acceptability: np.ndarray
    """(applicants, ranks): the share of weights that give the applicant that rank; those who tie
    share their ranks equally."""
    central: np.ndarray
    """(applicants, criteria): the mean weights that put the applicant first; nan if none do."""
    wins: np.ndarray
    """(applicants, applicants): the share of weights under which the row beats the column, ties
    one half."""


def smaa(values: np.ndarray, weights: np.ndarray) -> Smaa:
    """Rank acceptability, central weights and pairwise wins of SMAA-2 [LS01]_.

    ``values`` (applicants, criteria) without gaps, more is better; ``weights`` (draws, criteria).
    Memory grows with the square of the applicants.
    """
    totals = weighted(values, weights)
    draws, n = totals.shape
    rank, tied = places(totals, np.ones(totals.shape, dtype=bool))
    acceptability = np.zeros((n, n))
    for r in range(1, n + 1):
        acceptability[:, r - 1] = (((rank <= r) & (r < rank + tied)) / tied).sum(0) / draws
    first = (rank == 1) / tied
    often = first.sum(0)
    central = first.T @ weights / np.where(often > 0, often, np.nan)[:, None]
    wins = [(one > totals.T).mean(1) + (one == totals.T).mean(1) / 2 for one in totals.T]
    return Smaa(acceptability, central, np.array(wins))


def gaps(totals: np.ndarray, ranked: np.ndarray, k: int) -> np.ndarray:
    """How far each total lies from the line between the first k and the rest, (applicants,).

        at rank ≤ k: total − best total behind the line;  else: total − worst before it

    Whole numbers ``totals`` and bool ``ranked`` (applicants,). 0 for whoever ties across the line
    or is not ranked; all 0 if nobody is behind the line.
    """
    order = np.sort(totals[ranked])[::-1]
    if not 0 < k < len(order):
        return np.zeros_like(totals)
    inside, behind = order[k - 1], order[k]
    gap = np.where(totals >= inside, totals - behind, totals - inside)
    return np.where(ranked, gap, 0)
