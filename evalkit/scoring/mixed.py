"""The restricted deviance of crossed random effects, and where it is least.

    -2 log L = log|V| + log|1'V⁻¹1| + (N − 1) log(y'Py),   V = I + α ZₐZₐ' + β ZₑZₑ'

α and β are the variances of applicants and experts as ratios to that of the residual [B15]_. The
applicants are absorbed as in Henderson's equations [H75]_, and what remains is diagonalised over
the experts: at a given α the deviance of any number of β is a sum over eigenvalues.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

STEP = 2.0
"""Ratio of neighbouring roots of α or of β on the grid that is searched for minima."""

SECTIONS = 42
"""Golden sections, which leave 2e-9 of what lies between two roots of the grid."""

TIE = 1e-9
"""Deviances this near are the same, and then the component at its bound is taken."""


class Solved(NamedTuple):
    """The model at given ratios; effects around the mean of the scores."""

    applicant_ratio: float
    expert_ratio: float
    rest: float
    """y'Py: N − 1 times the variance of the residual."""
    mean: float
    experts: np.ndarray
    expert_errors: np.ndarray
    """Prediction error variances over that of the residual."""


@dataclass(frozen=True, eq=False)
class Design:
    """What the deviance needs of a design; applicants with the same experts are one row."""

    rows: np.ndarray
    """(rows, experts): how many scores each expert gave to one applicant of the row."""
    times: np.ndarray
    """(rows,): how many applicants."""
    sums: np.ndarray
    squares: np.ndarray
    """(rows,): sums over the applicants of the sums of their scores, and of their squares."""
    by_expert: np.ndarray
    """(experts,): sums of scores."""
    whole: float
    """Sum of all squared scores."""

    @classmethod
    def of(cls, table: np.ndarray, sums: np.ndarray, whole: float) -> Design:
        """From numbers and sums (applicants, experts) of scores around their mean."""
        rows, row, times = np.unique(table, axis=0, return_inverse=True, return_counts=True)
        own = sums.sum(1)
        once, twice = (np.bincount(row.ravel(), part) for part in (own, np.square(own)))
        return cls(rows, times.astype(float), once, twice, sums.sum(0), whole)

    @property
    def df(self) -> float:
        """One less than there are scores."""
        return float(self.times @ self.rows.sum(1)) - 1

    def absorbed(self, alpha: float) -> Absorbed:
        """The applicants taken out at their ratio ``alpha``."""
        n, t = self.rows.sum(1), self.rows
        d = 1 / (1 + alpha * n)
        weight = self.times * d
        edge, size = weight @ t, float(weight @ n)
        inner = np.diag(self.times @ t) - alpha * (weight[:, None] * t).T @ t
        mean = float(d @ self.sums) / size
        values, vectors = np.linalg.eigh(inner - np.outer(edge, edge) / size)
        right = self.by_expert - alpha * (d * self.sums) @ t - edge * mean
        return Absorbed(
            self.df,
            np.log(size) - self.times @ np.log(d),
            self.whole - alpha * (d @ self.squares) - size * mean**2,
            np.maximum(values, 0),
            right @ vectors,
            vectors,
            mean,
            edge / size,
        )

    def at(self, ratios: tuple[float, float]) -> Solved:
        """The model at the ratios of applicants and experts."""
        s, beta = self.absorbed(ratios[0]), ratios[1]
        shrunk = beta / (1 + beta * s.values)
        b = s.vectors @ (shrunk * s.right)
        rest = s.rest - float(shrunk @ np.square(s.right))
        return Solved(*ratios, rest, s.mean - float(s.edge @ b), b, np.square(s.vectors) @ shrunk)


class Absorbed(NamedTuple):
    """The deviance as a function of β alone: eigenvalues of the experts' part and projections."""

    df: float
    determinant: float
    rest: float
    values: np.ndarray
    right: np.ndarray
    vectors: np.ndarray
    mean: float
    edge: np.ndarray

    def deviance(self, beta: np.ndarray | float) -> np.ndarray:
        """Of every ``beta`` (any shape)."""
        grown = 1 + np.multiply.outer(beta, self.values)
        rest = self.rest - beta * (np.square(self.right) / grown).sum(-1)
        rest = np.maximum(rest, np.finfo(float).tiny)
        return np.asarray(self.determinant + np.log(grown).sum(-1) + self.df * np.log(rest))


def least(design: Design, rest: float) -> tuple[float, float]:
    """The ratios of applicants and experts at which the deviance is least of all.

    For a ratio of the applicants, 0 among them, the least over the experts' is found, and that over
    the applicants'. ``rest`` is the sum of squares that no effect explains: it limits how great a
    ratio can be.
    """
    top = 1 + np.sqrt(design.df * design.whole / rest)
    grid = _grid(design.rows.sum(1).max(), top)
    others = _grid((design.times @ design.rows).max(), top)

    def over_experts(root: float) -> tuple[float, float]:
        deviance = design.absorbed(root**2).deviance
        return _least(lambda x: float(deviance(x * x)), others, deviance(np.square(others)))

    profile = np.array([over_experts(root)[0] for root in grid])
    root = _least(lambda x: over_experts(x)[0], grid, profile)[1]
    return root**2, over_experts(root)[1] ** 2


def _grid(most: float, top: float) -> np.ndarray:
    """0, then roots up to ``top`` from where ``most`` scores of one kind hardly feel the ratio."""
    low = 0.1 / np.sqrt(most)
    return np.append(0.0, np.geomspace(low, top, int(np.log(top / low) / np.log(STEP)) + 2))


def _least(
    function: Callable[[float], float], grid: np.ndarray, values: np.ndarray
) -> tuple[float, float]:
    """The least value, and where it is: refined around every minimum of ``values`` on ``grid``.

    It is at the bound, where ``grid`` begins, if nothing else is better by more than `TIE`.
    """
    around, ends = np.pad(values, 1, constant_values=np.inf), np.pad(grid, 1, "edge")
    places = np.flatnonzero((values <= around[:-2]) & (values <= around[2:]))
    best = min(
        (float(values.min()), float(grid[values.argmin()])),
        *(_between(function, float(ends[n]), float(ends[n + 2])) for n in places),
    )
    return (float(values[0]), 0.0) if values[0] <= best[0] + TIE else best


def _between(function: Callable[[float], float], low: float, high: float) -> tuple[float, float]:
    """The least value between two ends, and where it is, by golden sections.

    Written here because scipy.optimize takes a second to import.
    """
    share = (np.sqrt(5) - 1) / 2
    at = [high - share * (high - low), low + share * (high - low)]
    value = [function(x) for x in at]
    for _step in range(SECTIONS):
        if value[0] <= value[1]:
            high, at[1], value[1] = at[1], at[0], value[0]
            at[0] = high - share * (high - low)
            value[0] = function(at[0])
        else:
            low, at[0], value[0] = at[0], at[1], value[1]
            at[1] = low + share * (high - low)
            value[1] = function(at[1])
    return min(zip(value, at, strict=True))
