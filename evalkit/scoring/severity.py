"""How severe each expert is, and how much of the spread is the applicants' own."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from evalkit.base.text import _
from evalkit.scoring.mixed import Design, least

LEAST = 1e-12
"""A residual below this share of the total sum of squares is none."""


class Additive(NamedTuple):
    """Least squares of score = mean + applicant + expert; both effects sum to 0."""

    mean: float
    applicants: np.ndarray
    experts: np.ndarray
    """Above 0: gives more than the others, which is lenient where more is better."""


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
    a, b, _rest = _least_squares(y, applicant, expert)
    return Additive(float(y.mean() + a.mean() + b.mean()), a - a.mean(), b - b.mean())


def crossed(y: np.ndarray, applicant: np.ndarray, expert: np.ndarray) -> Crossed:
    """REML components and BLUPs of score = mean + applicant + expert + residual [H75]_, [B15]_.

    Arguments as for `additive`; designs with gaps are fine. The deviance can have several minima:
    the least of all is taken, and a component whose least is at its bound is exactly 0. Raises
    ValueError where nothing is left for the residual: fewer scores than applicants and experts, or
    all of them explained.
    """
    a, e = int(applicant.max(initial=-1)) + 1, int(expert.max(initial=-1)) + 1
    if min(a, e) < 2 or len(y) <= a + e - 1:
        raise ValueError(_("评分太少，分不开专家的宽严和对象的水平"))
    rest = _least_squares(y, applicant, expert)[2]
    if rest <= LEAST * float(np.square(y).sum()):
        raise ValueError(_("评分没有随机差异，分不开专家的宽严和对象的水平"))
    table, sums = _table(y - y.mean(), applicant, expert)
    design = Design.of(table, sums, float(np.square(y - y.mean()).sum()))
    found = design.at(least(design, rest))
    b, mean = found.experts, found.mean
    residual = float(found.rest / (len(y) - 1))
    gain = found.applicant_ratio / (1 + found.applicant_ratio * table.sum(1))
    return Crossed(
        float(mean + y.mean()),
        float(found.applicant_ratio * residual),
        float(found.expert_ratio * residual),
        residual,
        gain * (sums.sum(1) - table.sum(1) * mean - table @ b),
        b,
        np.sqrt(residual * found.expert_errors),
    )


def _least_squares(
    y: np.ndarray, applicant: np.ndarray, expert: np.ndarray
) -> tuple[np.ndarray, np.ndarray, float]:
    """Effects of applicants and experts around the mean, and the residual sum of squares."""
    table, sums = _table(y - y.mean(), applicant, expert)
    n, m = table.sum(1), table.sum(0)
    part = np.zeros(len(m), dtype=np.int64)
    part[expert] = components(applicant, expert)
    # in each part a constant can go from the ones to the others: the experts' effects sum to 0
    fixed = (part[:, None] == part) * m.mean() / len(m)
    inner = np.diag(m) - table.T @ (table / n[:, None]) + fixed
    b = np.linalg.solve(inner, sums.sum(0) - table.T @ (sums.sum(1) / n))
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
