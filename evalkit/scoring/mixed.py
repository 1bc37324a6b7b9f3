"""The restricted deviance of crossed random effects, and where it is least.

    -2 log L = log|V| + log|1'V⁻¹1| + (N − 1) log(y'Py),   V = I + α ZₐZₐ' + β ZₑZₑ'

α and β are the variances of applicants and experts as ratios to that of the residual [B15]_. The
applicants are absorbed as in Henderson's equations [H75]_, and what remains is diagonalised over
the experts: at a given α the deviance of any number of β is a sum over eigenvalues. Where experts
are many, three diagonals take the place of the one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from evalkit.scoring.minimum import TIE, grid_of, least_of, parabolas, sections

MANY = 200
"""From so many experts on, eigenvalues are found at the least deviance only."""

ALONE = 2**18
"""Products of so few numbers OpenBLAS leaves to one thread; another would long wait for more."""


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

    @cached_property
    def df(self) -> float:
        """One less than there are scores."""
        return float(self.times @ self.rows.sum(1)) - 1

    @property
    def large(self) -> bool:
        """Whether eigenvalues of the experts' part take so long that others pay."""
        return len(self.by_expert) >= MANY

    def absorbed(self, alpha: float) -> Absorbed:
        """The applicants taken out at their ratio ``alpha``."""
        n = self.rows.sum(1)
        d = 1 / (1 + alpha * n)
        weight = self.times * d
        edge, size = self._sum(weight), float(weight @ n)
        inner = np.diag(self._sum(self.times)) - alpha * self._common(weight)
        mean = float(d @ self.sums) / size
        return Absorbed(
            np.log(size) - self.times @ np.log(d),
            self.whole - alpha * (d @ self.squares) - size * mean**2,
            inner - np.outer(edge, edge) / size,
            self.by_expert - alpha * self._sum(d * self.sums) - edge * mean,
            mean,
            edge / size,
        )

    def terms(self, root: float) -> Terms:
        """The terms of the deviance at a ``root`` of the applicants' ratio."""
        part = self.absorbed(root**2)
        return part.terms_of_many() if self.large else part.terms()

    def _sum(self, weight: np.ndarray) -> np.ndarray:
        """(experts,): over the rows, ``weight`` times what each gave, in one thread."""
        return np.asarray(np.einsum("r,re->e", weight, self.rows))

    def _common(self, weight: np.ndarray) -> np.ndarray:
        """(experts, experts): the ``weight`` of the applicants that two of them scored."""
        if not self.large:
            given, size = weight[:, None] * self.rows, max(ALONE // len(self.by_expert) ** 2, 1)
            parts = (slice(n, n + size) for n in range(0, len(weight), size))
            return np.asarray(sum(given[some].T @ self.rows[some] for some in parts))
        return np.asarray((self._given.T @ self._given.multiply(weight[:, None])).toarray())

    @cached_property
    def _given(self) -> Any:
        """The rows without their gaps, which are most of them where experts are many."""
        from scipy.sparse import csr_array  # type: ignore[import-untyped]

        return csr_array(self.rows)

    def at(self, ratios: tuple[float, float]) -> Solved:
        """The model at the ratios of applicants and experts."""
        s, beta = self.absorbed(ratios[0]), ratios[1]
        values, right, vectors = s.by_values()
        shrunk = beta / (1 + beta * values)
        b = vectors @ (shrunk * right)
        rest = s.rest - float(shrunk @ np.square(right))
        return Solved(*ratios, rest, s.mean - float(s.edge @ b), b, np.square(vectors) @ shrunk)


Terms = Callable[[Any], tuple[np.ndarray, np.ndarray]]
"""The two terms of the deviance for every β (any shape): log|V| + log|1'V⁻¹1| and y'Py."""


class Absorbed(NamedTuple):
    """The experts' part of the model, with the applicants taken out at one ratio."""

    determinant: float
    rest: float
    inner: np.ndarray
    """(experts, experts)."""
    right: np.ndarray
    mean: float
    edge: np.ndarray

    def by_values(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Eigenvalues, projections on their vectors, and these."""
        values, vectors = np.linalg.eigh(self.inner)
        return np.maximum(values, 0), self.right @ vectors, vectors

    def terms(self) -> Terms:
        """Sums over eigenvalues."""
        determinant, rest = self.determinant, self.rest
        values, right, _vectors = self.by_values()

        def terms(beta: Any) -> tuple[np.ndarray, np.ndarray]:
            grown = 1 + np.multiply.outer(beta, values)
            left = rest - beta * (np.square(right) / grown).sum(-1)
            return determinant + np.log(grown).sum(-1), np.asarray(left)

        return terms

    def terms_of_many(self) -> Terms:
        """The same by mirrors to three diagonals, the smaller part of what eigenvalues take."""
        from scipy.linalg import lapack  # type: ignore[import-untyped]

        determinant, rest, n = self.determinant, self.rest, len(self.right)
        mirrors, middle, beside, scales, _info = lapack.dsytrd(self.inner, lower=1, lwork=64 * n)
        right, below = self.right.copy(), self.right[1:, None]
        right[1:] = lapack.dormqr("L", "T", mirrors[1:, :-1], scales, below, 64)[0][:, 0]

        def one(beta: float) -> tuple[float, float]:
            pivots, factors, failed = lapack.dpttrf(1 + beta * middle, beta * beside)
            if failed:  # a ratio so great that rounding errors of the matrix are above 1
                return np.inf, rest
            solved = lapack.dpttrs(pivots, factors, right)[0]
            return determinant + np.log(pivots).sum(), rest - beta * (right @ solved)

        def terms(beta: Any) -> tuple[np.ndarray, np.ndarray]:
            found = np.array([one(b) for b in np.ravel(beta).tolist()])
            return found[:, 0].reshape(np.shape(beta)), found[:, 1].reshape(np.shape(beta))

        return terms


def least(design: Design, rest: float) -> tuple[float, float]:
    """The ratios of applicants and experts at which the deviance is least of all.

    For a ratio of the applicants, 0 among them, the least over the experts' is found, and that over
    the applicants'. ``rest`` is the sum of squares that no effect explains: it limits how great a
    ratio can be.
    """
    top = 1 + np.sqrt(design.df * design.whole / rest)
    grid = grid_of(design.rows.sum(1).max(), top)
    others = grid_of((design.times @ design.rows).max(), top)
    between = parabolas if design.large else sections

    def over_experts(near: Terms, far: Terms | None = None) -> tuple[float, float]:
        def deviance(root: Any) -> np.ndarray:
            growing, falling = near(np.square(root))
            if far is not None:
                falling = far(np.square(root))[1]
            falling = np.maximum(falling, np.finfo(float).tiny)
            return np.asarray(growing + design.df * np.log(falling))

        return least_of(lambda root: float(deviance(root)), others, deviance(others), between)

    def profile(root: float) -> float:
        return over_experts(design.terms(root))[0]

    if design.large:
        values = _where_least(grid, design.terms, lambda *ends: over_experts(*ends)[0])
    else:
        values = np.array([profile(root) for root in grid])
    root = least_of(profile, grid, values, between)[1]
    return root**2, over_experts(design.terms(root))[1] ** 2


def _where_least(
    grid: np.ndarray, terms: Callable[[float], Terms], over: Callable[..., float]
) -> np.ndarray:
    """The least deviance ``over`` β on ``grid``, or infinity where the least of all is not beside.

    Of two roots of α the first term is less at the nearer one, the second at the farther one, and
    so at all between them: if both together are too much, nothing between has to be looked at.
    """
    found, known = dict[int, float](), dict[int, Terms]()

    def look(at: int) -> None:
        known[at] = terms(float(grid[at]))
        found[at] = over(known[at])

    ends, values = [(0, len(grid) - 1)], np.full(len(grid), np.inf)
    for end in ends[0]:
        look(end)
    for near, far in ends:  # grows while it is gone through
        if over(known[near], known[far]) > min(found.values()) + TIE:
            continue
        if far - near == 1:
            values[[near, far]] = found[near], found[far]
            continue
        look(middle := (near + far) // 2)
        ends += [(near, middle), (middle, far)]
    return values
