"""The intraclass correlation of [SF79]_: six forms with their intervals, many tables at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

FORMS = ("ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "ICC(1,k)", "ICC(2,k)", "ICC(3,k)")
"""One expert's score, then the mean of k: experts drawn anew for each applicant; the same experts,
drawn from many, agreement asked; the same experts and no others, consistency asked."""

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
    """Arrays (..., 6) in the order of `FORMS`; nan where a form or an end is not defined.

    What there is is at most 1, and low ≤ value ≤ high.
    """

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray
    n: np.ndarray
    """(...): how many applicants it rests on."""


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
        lows, highs = zip(*ends, strict=True)
        low, value, high = (
            np.stack([*parts, *(_mean(part, k) for part in parts)], -1)
            for parts in (lows, ones, highs)
        )
        # Satterthwaite's degrees of freedom near 0 give an end on the wrong side
        low = np.where(low <= value + POLE, low, np.nan)
        high = np.where(high >= value - POLE, high, np.nan)
    return Icc(value, low, high, n)


def _share(part: np.ndarray, whole: np.ndarray, terms: np.ndarray) -> np.ndarray:
    """``part / whole``; nan where ``whole`` is not above 0."""
    return np.asarray(part / np.where(whole > POLE * terms, whole, np.nan))


def _mean(one: np.ndarray, k: int) -> np.ndarray:
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
