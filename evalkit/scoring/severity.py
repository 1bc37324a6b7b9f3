"""How severe each expert is, and how much of the spread is the applicants' own."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from evalkit.base.text import _

LEAST = 1e-12
"""A residual below this share of the total sum of squares is none."""


class Additive(NamedTuple):
    """Least squares of score = mean + applicant + expert; both effects sum to 0."""

    mean: float
    applicants: np.ndarray
    experts: np.ndarray
    """Above 0: gives more than the others, which is lenient where more is better."""
    ss_applicants: float
    """Sum of squares of the applicants, adjusted for the experts."""
    ss_error: float


class Crossed(NamedTuple):
    """Crossed random effects: components of variance, and the predicted effects (BLUP)."""

    mean: float
    var_applicant: float
    var_expert: float
    var_residual: float
    applicants: np.ndarray
    experts: np.ndarray
    """Above 0: gives more than the others, which is lenient where more is better."""
    expert_se: np.ndarray
    """Root of the prediction error variance."""


class Nested(NamedTuple):
    """Components of variance of persons × (raters within tasks) [B01]_; may be negative."""

    p: float
    t: float
    r_t: float
    pt: float
    pr_t: float


def components(applicant: np.ndarray, expert: np.ndarray) -> np.ndarray:
    """The part of the design that each score lies in, numbered from 0.

    ``applicant`` and ``expert`` are indices (scores,). Two scores are in one part if a chain of
    common applicants and experts leads from one to the other; more than one part means that
    severity cannot be told from merit between them.
    """
    part = np.asarray(applicant).copy()
    while True:
        least = np.full(int(expert.max(initial=-1)) + 1, part.max(initial=0))
        np.minimum.at(least, expert, part)
        lowest = np.full(int(applicant.max(initial=-1)) + 1, part.max(initial=0))
        np.minimum.at(lowest, applicant, least[expert])
        if np.array_equal(lowest[applicant], part):
            return np.unique(part, return_inverse=True)[1]
        part = lowest[applicant]


def additive(y: np.ndarray, applicant: np.ndarray, expert: np.ndarray) -> Additive:
    """Effects of applicants and experts in a design with gaps, by least squares [M13]_.

    Scores ``y`` (scores,) with the indices of who got and who gave them. Raises ValueError for a
    design in more than one part.
    """
    if components(applicant, expert).max(initial=0) > 0:
        raise ValueError(_("专家和对象分成互不相连的几组，组间的宽严无法比较"))
    a, b, residual = _least_squares(y, applicant, expert)
    table, sums = _table(y - y.mean(), applicant, expert)
    alone = sums.sum(0) / table.sum(0)
    left = float(np.square(y - y.mean() - alone[expert]).sum())
    mean = float(y.mean() + a.mean() + b.mean())
    return Additive(mean, a - a.mean(), b - b.mean(), left - residual, residual)


def crossed(y: np.ndarray, applicant: np.ndarray, expert: np.ndarray) -> Crossed:
    """REML components and BLUPs of score = mean + applicant + expert + residual [H75]_, [B15]_.

    Arguments as for `additive`; designs with gaps are fine. A component at its bound is 0. Raises
    ValueError where nothing is left for the residual: fewer scores than applicants and experts, or
    all of them explained.
    """
    a, e = int(applicant.max(initial=-1)) + 1, int(expert.max(initial=-1)) + 1
    if min(a, e) < 2 or len(y) <= a + e - 1:
        raise ValueError(_("评分太少，分不开专家的宽严和对象的水平"))
    table, sums = _table(y - y.mean(), applicant, expert)
    squares = float(np.square(y - y.mean()).sum())
    if _least_squares(y, applicant, expert)[2] <= LEAST * float(np.square(y).sum()):
        raise ValueError(_("评分没有随机差异，分不开专家的宽严和对象的水平"))

    def deviance(roots: np.ndarray) -> float:
        return _solve(roots, table, sums, squares).deviance

    best = _least(deviance)
    s = _solve(best, table, sums, squares)
    applicant_ratio, expert_ratio = np.square(best)
    residual = s.squares / (len(y) - 1)
    b = best[1] * s.solution[:-1]
    gain = applicant_ratio * s.shrink
    effects = gain * (sums.sum(1) - table.sum(1) * s.solution[-1] - table @ b)
    return Crossed(
        float(y.mean() + s.solution[-1]),
        float(applicant_ratio * residual),
        float(expert_ratio * residual),
        float(residual),
        effects,
        b,
        np.sqrt(residual * expert_ratio * np.diag(np.linalg.inv(s.matrix))[:-1]),
    )


class _Solved(NamedTuple):
    deviance: float
    squares: float
    solution: np.ndarray
    matrix: np.ndarray
    shrink: np.ndarray


def _solve(roots: np.ndarray, table: np.ndarray, sums: np.ndarray, squares: float) -> _Solved:
    """Henderson's equations at given ratios to the residual variance (their roots), absorbed.

    The block of the applicants is diagonal, so only (experts + 1)² remains, and the restricted
    deviance is log|C| + (N − 1) log(residual squares), up to a constant.
    """
    root_a, root_e = roots
    n, m = table.sum(1), table.sum(0)
    d = 1 / (1 + root_a**2 * n)
    inner = np.diag(m) - root_a**2 * table.T @ (d[:, None] * table)
    edge = root_e * (table.T @ d)
    matrix = np.block(
        [[root_e**2 * inner + np.eye(len(m)), edge[:, None]], [edge[None, :], (n * d).sum()]]
    )
    by_applicant = sums.sum(1)
    right = root_e * (sums.sum(0) - root_a**2 * table.T @ (d * by_applicant))
    right = np.append(right, (d * by_applicant).sum())
    factor = np.linalg.cholesky(matrix)
    solution = np.linalg.solve(matrix, right)
    rest = squares - root_a**2 * (d * by_applicant**2).sum() - right @ solution
    determinant = 2 * np.log(np.diag(factor)).sum() - np.log(d).sum()
    deviance = determinant + (n.sum() - 1) * np.log(max(rest, np.finfo(float).tiny))
    return _Solved(float(deviance), float(rest), solution, matrix, d)


def _least(deviance: object) -> np.ndarray:
    """The roots of both ratios at which ``deviance`` is least, none below 0."""
    from scipy.optimize import minimize  # type: ignore[import-untyped]

    options = {"xatol": 1e-9, "fatol": 1e-11, "maxiter": 2000}
    bounds = [(0.0, 1e6)] * 2
    found = minimize(deviance, [1.0, 0.5], method="Nelder-Mead", bounds=bounds, options=options)
    return np.asarray(found.x)


def _least_squares(
    y: np.ndarray, applicant: np.ndarray, expert: np.ndarray
) -> tuple[np.ndarray, np.ndarray, float]:
    """Effects of applicants and experts around the mean, and the residual sum of squares."""
    table, sums = _table(y - y.mean(), applicant, expert)
    n, m = table.sum(1), table.sum(0)
    inner = np.diag(m) - table.T @ (table / n[:, None])
    b = np.linalg.lstsq(inner, sums.sum(0) - table.T @ (sums.sum(1) / n), rcond=None)[0]
    a = (sums.sum(1) - table @ b) / n
    return a, b, float(np.square(y - y.mean() - a[applicant] - b[expert]).sum())


def _table(
    y: np.ndarray, applicant: np.ndarray, expert: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Number and sum of the scores of every applicant by every expert."""
    shape = int(applicant.max()) + 1, int(expert.max()) + 1
    count, sums = np.zeros(shape), np.zeros(shape)
    np.add.at(count, (applicant, expert), 1.0)
    np.add.at(sums, (applicant, expert), y)
    return count, sums


def nested(x: np.ndarray) -> Nested:
    """Components of the p × (r:t) design from its mean squares [B01]_, table 3.2.

    ``x`` (persons, tasks, raters within a task), no gaps, at least two of each.
    """
    p, t, r = x.shape
    grand, person = x.mean(), x.mean((1, 2))
    task, rater, cell = x.mean((0, 2)), x.mean(0), x.mean(2)
    ms_p = t * r * np.square(person - grand).sum() / (p - 1)
    ms_t = p * r * np.square(task - grand).sum() / (t - 1)
    ms_r = p * np.square(rater - task[:, None]).sum() / (t * (r - 1))
    mixed = cell - person[:, None] - task + grand
    ms_pt = r * np.square(mixed).sum() / ((p - 1) * (t - 1))
    rest = x - cell[:, :, None] - rater + task[:, None]
    ms_rest = np.square(rest).sum() / (t * (p - 1) * (r - 1))
    return Nested(
        float((ms_p - ms_pt) / (t * r)),
        float((ms_t - ms_r - ms_pt + ms_rest) / (p * r)),
        float((ms_r - ms_rest) / p),
        float((ms_pt - ms_rest) / r),
        float(ms_rest),
    )
