"""The intraclass correlation of [SF79]_ with its intervals, many tables at once.

Six forms where the same experts scored all applicants, two where the experts differ.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

FORMS = ("ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "ICC(1,k)", "ICC(2,k)", "ICC(3,k)")
"""One expert's score, then the mean of k: experts drawn anew for each applicant; the same experts,
drawn from many, agreement asked; the same experts and no others, consistency asked."""

ONE_WAY = FORMS[0], FORMS[3]
"""Those that need nothing but scores, whoever gave them and however many there are."""

NOISE = 1e-13
"""Sums of squares below this share of the sum of squared scores are rounding errors, thus 0."""

POLE = 1e-12
"""Denominators up to this, as a share of their terms, are 0 or below but for rounding errors."""


class MeanSquares(NamedTuple):
    """The analysis of variance of applicants × experts; arrays of the leading shape."""

    n: np.ndarray
    """Applicants that every expert scored; only they enter."""
    k: int
    applicants: np.ndarray
    experts: np.ndarray
    error: np.ndarray
    within: np.ndarray


class Icc(NamedTuple):
    """Arrays (..., forms) in the order of `FORMS` or `ONE_WAY`; nan where nothing is defined.

    What there is is at most 1, and low ≤ value ≤ high.
    """

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray
    n: np.ndarray
    """(...): how many applicants it rests on."""
    k: np.ndarray
    """(...): how many scores the mean of k is of."""


def mean_squares(x: np.ndarray) -> MeanSquares:
    """BMS, JMS, EMS and WMS of [SF79]_, table 1.

    ``x`` (..., applicants, experts), nan where there is no score: that applicant stays out of its
    table. Fewer than two applicants or experts give nan.
    """
    k, one = x.shape[-1], np.ones(x.shape[-1])
    whole = ~np.isnan(x @ one)
    n = whole.sum(-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        grand = np.where(whole, x @ one, 0.0).sum(-1) / (n * k)
        y = np.where(whole[..., None], x - grand[..., None, None], 0.0)
        total = np.einsum("...ij,...ij->...", y, y)
        rows = np.square(y @ one).sum(-1) / k
        columns = np.square(y.sum(-2)).sum(-1) / n
        noise = NOISE * (total + n * k * np.square(grand))

        def mean(squares: np.ndarray, df: np.ndarray) -> np.ndarray:
            return np.asarray(
                np.where(squares <= noise, 0.0, squares) / np.where(df > 0, df, np.nan)
            )

        return MeanSquares(
            n,
            k,
            mean(rows, n - 1),
            mean(columns, np.full_like(n, k - 1)),
            mean(total - rows - columns, (n - 1) * (k - 1)),
            mean(total - rows, n * (k - 1)),
        )


def icc(x: np.ndarray, level: float = 0.95) -> Icc:
    """All six forms with intervals at ``level``, for every table (applicants, experts) of ``x``.

        (1,1) (B − W) / (B + (k−1)W)                          (1,k) (B − W) / B
        (2,1) (B − E) / (B + (k−1)E + k(J − E)/n)             (2,k) (B − E) / (B + (J − E)/n)
        (3,1) (B − E) / (B + (k−1)E)                          (3,k) (B − E) / B

    [SF79]_; intervals as in [MW96]_. Negative values are kept as they come out. Where all
    scores are equal nothing is defined (nan). The denominators of (2,1) and (2,k) are estimates of
    a variance; where experts disagree more than applicants differ they can come out at 0 or below,
    and their quotient would then be infinite or above 1: nan.
    """
    m = mean_squares(x)
    n, k, b, j, e, w = m
    df = n - 1.0
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        ones = [
            _share(b - w, b + (k - 1) * w, b + w),
            _share(b - e, b + (k - 1) * e + k * (j - e) / n, b + j + e),
            _share(b - e, b + (k - 1) * e, b + e),
        ]
        ends = [
            _ratio(b, w, df, n * (k - 1.0), k, level),
            _agreement(m, ones[1], level),
            _ratio(b, e, df, df * (k - 1), k, level),
        ]
    low, high = (np.stack(end, -1) for end in zip(*ends, strict=True))
    return _both(np.stack(ones, -1), low, high, n, np.full(n.shape, k))


def one_way(x: np.ndarray, level: float = 0.95) -> Icc:
    """`ONE_WAY`, for experts who differ by applicant and any number of scores of each.

        (1,1) (B − W) / (B + (k₀−1)W)    (1,k) (B − W) / B    k₀ = (N − Σk²/N) / (n − 1)

    ``x`` (..., applicants, experts), nan where there is no score; severity counts as error. With
    unequal k this is the analysis of variance estimate of [D86]_, and the interval is that of
    [W40]_, exact for any k: the ρ between which

        H(ρ) = Σ w (ȳ − ȳ_w)² / ((n − 1) W),   w = k (1 − ρ) / (1 + (k−1) ρ)

    is no extreme value of F. With equal k both are those of `icc`. nan below two applicants, or
    where nobody has two scores.
    """
    there = ~np.isnan(x)
    number = there.sum(-1)
    n, whole = (number > 0).sum(-1), number.sum(-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        grand = np.where(there, x, 0.0).sum((-2, -1)) / whole
        y = np.where(there, x - grand[..., None, None], 0.0)
        means = y.sum(-1) / np.maximum(number, 1)
        total, rows = np.square(y).sum((-2, -1)), (number * np.square(means)).sum(-1)
        noise = NOISE * (total + whole * np.square(grand))
        squares = (np.where(part <= noise, 0.0, part) for part in (rows, total - rows))
        rests = (np.where(df > 0, df, np.nan) for df in (n - 1.0, whole - n))
        b, w = (part / df for part, df in zip(squares, rests, strict=True))
        k = (whole - np.square(number).sum(-1) / whole) / (n - 1)
        one = _share(b - w, b + (k - 1) * w, b + w)
        ends = _wald(_by_number(number, means, x.shape[-1]), b, w, (n - 1.0, whole - n), level)
    low, high = (np.where(np.isnan(one), np.nan, end)[..., None] for end in ends)
    return _both(one[..., None], low, high, n, k)


def _by_number(number: np.ndarray, means: np.ndarray, most: int) -> np.ndarray:
    """(3, ..., k): of the applicants with k scores, how many, Σȳ and Σȳ², for k from 1."""
    parts = []
    for k in range(1, most + 1):
        own = number == k
        parts.append(np.stack([own.sum(-1), (own * means).sum(-1), (own * means**2).sum(-1)]))
    return np.stack(parts, -1).astype(float)


def _wald(
    sums: np.ndarray, b: np.ndarray, w: np.ndarray, df: tuple[np.ndarray, np.ndarray], level: float
) -> list[np.ndarray]:
    """Where H(ρ) leaves F at either end, by bisection: H falls from one end of ρ to the other."""
    k = np.arange(1, sums.shape[-1] + 1)
    most = np.where(sums[0] > 0, k, 0).max(-1)
    ends = []
    for bound in (_f(*df, level), 1 / _f(*df[::-1], level)):
        low, high = -1 / np.maximum(most - 1.0, 1), np.ones(b.shape)
        for _step in range(60):
            middle = (low + high) / 2
            weight = k * (1 - middle[..., None]) / (1 + (k - 1) * middle[..., None])
            n, first, second = (weight * sums).sum(-1)
            above = second - np.square(first) / n > bound * df[0] * w
            low, high = np.where(above, middle, low), np.where(above, high, middle)
        ends.append(np.where(w == 0, np.where(b > 0, 1.0, np.nan), low))
    return ends


def _both(one: np.ndarray, low: np.ndarray, high: np.ndarray, n: np.ndarray, k: np.ndarray) -> Icc:
    """The forms of one expert, and beside them those of the mean of k."""
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        low, value, high = (
            np.concatenate([part, _mean(part, k[..., None])], -1) for part in (low, one, high)
        )
    # degrees of freedom near 0, or few scores of unequal number, give an end on the wrong side
    low = np.where(low <= value + POLE, low, np.nan)
    high = np.where(high >= value - POLE, high, np.nan)
    return Icc(value, low, high, n, k)


def _share(part: np.ndarray, whole: np.ndarray, terms: np.ndarray) -> np.ndarray:
    """``part / whole``; nan where ``whole`` is not above 0."""
    return np.asarray(part / np.where(whole > POLE * terms, whole, np.nan))


def _mean(one: np.ndarray, k: np.ndarray) -> np.ndarray:
    """The form of the mean of k from that of one expert: k·r / (1 + (k−1)·r)."""
    return _share(k * one, 1 + (k - 1) * one, np.ones_like(one))


def _ratio(
    b: np.ndarray, w: np.ndarray, df: np.ndarray, df2: np.ndarray, k: int, level: float
) -> tuple[np.ndarray, np.ndarray]:
    """The interval from F = B / W: (F/F* − 1) / (F/F* + k − 1), without dividing by W."""
    lower, upper = _f(df, df2, level), _f(df2, df, level)
    low = (b - lower * w) / (b + (k - 1) * lower * w)
    return low, (upper * b - w) / (upper * b + (k - 1) * w)


def _agreement(m: MeanSquares, rho: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """The interval of (2,1), whose degrees of freedom v follow Satterthwaite [MW96]_."""
    n, k, b, j, e, _w = m
    slope = k * rho / (n * (1 - rho))
    rest = 1 + slope * (n - 1)
    parts = np.square(slope * j) / (k - 1) + np.square(rest * e) / ((n - 1) * (k - 1))
    v = np.square(slope * j + rest * e) / parts
    lower, upper = _f(n - 1.0, v, level), _f(v, n - 1.0, level)
    spread = k * j + (k * n - k - n) * e
    low = n * (b - lower * e) / (lower * spread + n * b)
    high = n * (upper * b - e) / (spread + n * upper * b)
    return np.where(rho == 1, 1.0, low), np.where(rho == 1, 1.0, high)


def _f(df: np.ndarray, df2: np.ndarray, level: float) -> np.ndarray:
    from scipy.special import fdtri  # type: ignore[import-untyped]

    return np.asarray(fdtri(df, df2, (1 + level) / 2))
