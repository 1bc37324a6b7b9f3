"""What the order of the applicants would be under other methods and other weights."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from evalkit.scoring.order import kept
from evalkit.scoring.uncertainty import places

METHODS = ("mean", "trimmed_mean", "median", "winsorised_mean")


def column_means(x: np.ndarray, method: str) -> np.ndarray:
    """The scores of the experts made one, (..., columns), by one of `METHODS`.

    ``x`` (..., experts, columns), nan where a score is missing. Trimming drops one highest and one
    lowest, winsorising replaces them by the nearest that stays; below three scores both are the
    mean. nan where nobody scored.
    """
    ordered = np.moveaxis(np.sort(x, axis=-2), -2, 0)
    times = (~np.isnan(ordered)).astype(np.int64)
    n = times.sum(0)
    cut = {
        "mean": np.zeros_like(n),
        "median": np.maximum(n - 1, 0) // 2,
        "trimmed_mean": (n > 2).astype(np.int64),
        "winsorised_mean": (n > 2).astype(np.int64),
    }[method]
    counts = kept(times, cut, cut, replace=method == "winsorised_mean")
    total = (counts * np.nan_to_num(ordered)).sum(0)
    return np.asarray(total / np.where(n > 0, counts.sum(0), np.nan))


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
