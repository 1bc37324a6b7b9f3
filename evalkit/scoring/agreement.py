"""Agreement beyond chance and concordance of ranks, for scores with gaps."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from evalkit.scoring.rank import midranks

Metric = Literal["nominal", "ordinal", "interval", "ratio"]
Weights = Literal["identity", "linear", "quadratic", "ordinal"]


def alpha(x: np.ndarray, metric: Metric) -> np.ndarray:
    """Krippendorff's alpha [K11]_ of every table in ``x``.

        1 − D_observed / D_expected

    ``x`` (..., applicants, experts), nan where there is no score; whoever has fewer than two scores
    stays out. Any experts may score any applicant. The result has the leading shape, nan where all
    scores are equal or none can be paired. Memory grows with the number of scores only. Time does
    so too, except for ``ratio``, where it grows with the square of the number of distinct scores.
    """
    if metric == "interval":
        return _interval(x)
    there = ~np.isnan(x)
    paired = np.where(there & (there.sum(-1) > 1)[..., None], x, np.nan)
    if metric == "ordinal":
        # The distance of [K11]_ between two values is that of their mean ranks.
        flat = paired.reshape(*paired.shape[:-2], -1)
        ranks = np.where(np.isnan(flat), np.nan, midranks(flat))
        return _interval(ranks.reshape(paired.shape))
    tables = paired.reshape(-1, *paired.shape[-2:])
    one = _nominal if metric == "nominal" else _ratio
    return np.array([one(table) for table in tables]).reshape(paired.shape[:-2])


def _interval(x: np.ndarray) -> np.ndarray:
    """δ² = (c − k)²; the sum over pairs of m scores is 2 (m Σc² − (Σc)²), so no pair is formed.

    Neither that nor its like over all scores moves when a constant is taken off every score; the
    first one is, so that equal scores leave exact zeros.
    """
    there, one = ~np.isnan(x), np.ones(x.shape[-1])
    flat = x.reshape(*x.shape[:-2], -1)
    at = there.reshape(flat.shape).argmax(-1)
    y = np.where(there, x - np.take_along_axis(flat, at[..., None], -1)[..., None], 0.0)
    m = there.astype(float) @ one
    m, sums, squares = (np.where(m > 1, part, 0.0) for part in (m, y @ one, _squares(y)))
    within = (m * squares - np.square(sums)) / np.maximum(m - 1, 1)
    n = m.sum(-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        observed = 2 * within.sum(-1) / n
        expected = 2 * (n * squares.sum(-1) - np.square(sums.sum(-1))) / (n * (n - 1))
        return np.asarray(1 - observed / np.where(expected > 0, expected, np.nan))


def _squares(y: np.ndarray) -> np.ndarray:
    return np.asarray(np.einsum("...ij,...ij->...i", y, y))


def _nominal(x: np.ndarray) -> float:
    """δ² = 1 for different values, else 0."""
    counts = np.unique(x[~np.isnan(x)], return_counts=True)[1]
    n = counts.sum()
    expected = 1 - (counts * (counts - 1)).sum() / (n * (n - 1.0)) if n else 0.0
    return _one_minus(_observed(x, lambda a, b: a != b), expected)


def _ratio(x: np.ndarray) -> float:
    """δ² = ((c − k) / (c + k))², 0 for two zeros."""
    values, counts = np.unique(x[~np.isnan(x)], return_counts=True)
    n = counts.sum()
    pairs = zip(values, counts, strict=True)
    distance = sum((c * (counts * _relative(v, values)).sum() for v, c in pairs), 0.0)
    expected = distance / (n * (n - 1.0)) if n else 0.0
    return _one_minus(_observed(x, _relative), float(expected))


def _relative(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    whole = np.asarray(a + b)
    return np.square((a - b) / np.where(whole == 0, 1.0, whole))


def _observed(x: np.ndarray, distance: object) -> float:
    """The mean distance within applicants, pair of experts by pair of experts."""
    m = (~np.isnan(x)).sum(-1)
    total = np.zeros(len(x))
    for i in range(x.shape[1]):
        for j in range(i):
            both = ~np.isnan(x[:, i] + x[:, j])
            total[both] += distance(x[both, i], x[both, j])  # type: ignore[operator]
    return float((2 * total / np.maximum(m - 1, 1)).sum() / max(m.sum(), 1))


def _one_minus(observed: float, expected: float) -> float:
    return 1 - observed / expected if expected > 0 else np.nan


class Concordance(NamedTuple):
    """Kendall's W; arrays of the leading shape."""

    w: np.ndarray
    p: np.ndarray
    """Of the hypothesis that the experts rank at random, by χ² = m (n − 1) W, df = n − 1."""
    s: np.ndarray
    """Sum of squared deviations of the rank sums."""


def kendall_w(x: np.ndarray) -> Concordance:
    """Kendall's coefficient of concordance, corrected for ties [S56]_, chapter 9.

        W = 12 S / (m² (n³ − n) − m Σ(t³ − t))

    ``x`` (..., experts, applicants): scores or ranks without gaps. nan where no expert tells any
    two applicants apart.
    """
    from scipy.special import chdtrc  # type: ignore[import-untyped]

    m, n = x.shape[-2:]
    ranks = midranks(x)
    sums = ranks.sum(-2)
    s = np.square(sums - m * (n + 1) / 2).sum(-1)
    # Σ(t³ − t) / 12 of an expert is what ties take from the sum of squared ranks.
    ties = 12 * (n * (n + 1) * (2 * n + 1) / 6 - np.square(ranks).sum(-1))
    room = m**2 * (n**3 - n) - m * ties.sum(-1)
    w = 12 * s / np.where(room > 0, room, np.nan)
    return Concordance(w, np.asarray(chdtrc(n - 1.0, m * (n - 1) * w)), s)


def against_others(x: np.ndarray) -> np.ndarray:
    """Spearman's correlation of each expert with the mean of the others, (experts,).

    ``x`` (experts, applicants) without gaps. nan where an expert or the others give all the same.
    """
    others = (x.sum(0) - x) / max(len(x) - 1, 1)
    a, b = midranks(x), midranks(np.round(others, 9))
    a, b = a - a.mean(-1, keepdims=True), b - b.mean(-1, keepdims=True)
    room = np.sqrt(np.square(a).sum(-1) * np.square(b).sum(-1))
    return np.asarray((a * b).sum(-1) / np.where(room > 0, room, np.nan))


class Gwet(NamedTuple):
    """A chance-corrected agreement coefficient and its standard error."""

    value: float
    se: float


def gwet(x: np.ndarray, categories: np.ndarray, weights: Weights) -> Gwet:
    """Gwet's AC1 (``identity``) or AC2 [G14]_: it stays high where nearly all scores are the same.

        (p_a − p_e) / (1 − p_e),   p_e = T_w / (q (q − 1)) · Σ π_k (1 − π_k)

    ``x`` (applicants, experts), nan where there is no score, every score one of the q
    ``categories`` (ascending, at least two). nan where no applicant has two scores.
    """
    w, q = partial(categories, weights), len(categories)
    counts = np.stack([(x == c).sum(-1) for c in categories], -1).astype(float)
    counts = counts[counts.sum(-1) > 0]
    r = counts.sum(-1)
    pairs = r > 1
    if not pairs.any():
        return Gwet(np.nan, np.nan)
    shares = (counts / r[:, None]).mean(0)
    chance = w.sum() / (q * (q - 1))
    expected = chance * (shares * (1 - shares)).sum()
    agreed = (counts * (counts @ w - 1)).sum(-1) / np.maximum(r * (r - 1), 1)
    value = (agreed[pairs].mean() - expected) / (1 - expected)
    # The linearised share of each applicant in the coefficient.
    own = len(r) / pairs.sum() * np.where(pairs, agreed - expected, 0) / (1 - expected)
    own = own - 2 * (1 - value) * (chance * (counts @ (1 - shares)) / r - expected) / (1 - expected)
    n = len(r)
    se = np.sqrt(np.square(own - value).sum() / (n * (n - 1))) if n > 1 else np.nan
    return Gwet(float(value), float(se))


def partial(categories: np.ndarray, weights: Weights) -> np.ndarray:
    """How much of an agreement two categories are, (q, q), 1 on the diagonal [G14]_."""
    gap = np.abs(categories[:, None] - categories).astype(float)
    if weights == "identity":
        return (gap == 0).astype(float)
    if weights == "ordinal":
        steps = np.abs(np.subtract.outer(np.arange(len(gap)), np.arange(len(gap)))) + 1.0
        gap = steps * (steps - 1) / 2
    share = gap / gap.max()
    return np.asarray(1 - np.square(share) if weights == "quadratic" else 1 - share)
