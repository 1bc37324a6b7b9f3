"""Kernels whose numbers advise: statistics of tables of raters × units, as floats."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from evalkit.base.errors import InputError
from evalkit.base.text import _
from evalkit.scoring import agreement, checks, sensitivity, uncertainty
from evalkit.scoring import icc as correlation
from evalkit.scoring import severity as effects
from evalkit.scoring.given import count, number, one_of, row, share, table, whole
from evalkit.scoring.official import trimmed_mean

MOST_RATERS = 9
"""The exact bootstrap goes through C(2k − 1, k) samples: 24,310 for nine raters."""


def krippendorff_alpha(data: Any, *, metric: str = "interval") -> float:
    """Krippendorff's alpha [K11]_ of a table raters × units with gaps; nan where nothing differs.

    ``metric``: nominal, ordinal, interval or ratio.

    >>> round(krippendorff_alpha([[1, 2, 3, None], [1, 2, 4, 2], [None, 2, 3, 2]]), 3)
    0.882
    """
    word = one_of(metric, ("nominal", "ordinal", "interval", "ratio"), "metric")
    return float(agreement.alpha(table(data).T, word))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Form:
    """One form of the intraclass correlation with its interval; nan where it is not defined."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Intraclass:
    """The forms by name, the units they rest on, and how many scores the mean of k is of."""

    forms: dict[str, Form]
    units: int
    k: float
    level: float

    def __getitem__(self, form: str) -> Form:
        return self.forms[form]

    def __repr__(self) -> str:
        lines = [
            f"{name:9} {one.value:7.3f}  [{one.low:.3f}, {one.high:.3f}]"
            for name, one in self.forms.items()
        ]
        head = f"Intraclass of {self.units} units, k = {self.k:g}, {self.level:.0%} intervals"
        return "\n".join([head, *lines])


def icc(data: Any, *, level: float = 0.95) -> Intraclass:
    """The six intraclass correlations of [SF79]_ with the intervals of [MW96]_, raters × units.

    Units with a gap stay out; see `icc_one_way` for raters who differ by unit.

    >>> icc([[9, 6, 8, 7, 10, 6], [2, 1, 4, 1, 5, 2], [5, 3, 6, 2, 6, 4], [8, 2, 8, 6, 9, 7]])
    Intraclass of 6 units, k = 4, 95% intervals
    ICC(1,1)    0.166  [-0.133, 0.723]
    ICC(2,1)    0.290  [0.019, 0.761]
    ICC(3,1)    0.715  [0.342, 0.946]
    ICC(1,k)    0.443  [-0.884, 0.912]
    ICC(2,k)    0.620  [0.071, 0.927]
    ICC(3,k)    0.909  [0.676, 0.986]
    """
    return _intraclass(correlation.icc, correlation.FORMS, data, level)


def icc_one_way(data: Any, *, level: float = 0.95) -> Intraclass:
    """ICC(1,1) and ICC(1,k) of raters who differ by unit, any number of scores each [D86]_, [W40]_.

    >>> round(icc_one_way([[4, 7, 2], [6, 9, None], [5, None, None]])["ICC(1,1)"].value, 3)
    0.824
    """
    return _intraclass(correlation.one_way, correlation.ONE_WAY, data, level)


def _intraclass(
    kernel: Callable[..., correlation.Icc], forms: tuple[str, ...], data: Any, level: Any
) -> Intraclass:
    width = share(level, "level")
    found = kernel(table(data).T, width)
    ends = zip(found.value.tolist(), found.low.tolist(), found.high.tolist(), strict=True)
    by_name = {name: Form(*one) for name, one in zip(forms, ends, strict=True)}
    return Intraclass(by_name, int(found.n), float(found.k), width)


def kendall_w(data: Any) -> agreement.Concordance:
    """Kendall's coefficient of concordance, corrected for ties [S56]_; raters × units without gaps.

    W, the probability of as much by chance, and the sum of squared deviations S.

    >>> round(kendall_w([[1, 2, 3], [1, 3, 2], [2, 1, 3]]).w, 4)
    0.4444
    """
    return agreement.Concordance(*map(float, agreement.kendall_w(whole(table(data)))))


def gwet_ac(
    data: Any, *, categories: Any = None, weights: str = "quadratic"
) -> agreement.Coefficient:
    """Gwet's AC2, or AC1 with ``weights`` "identity" [G14]_; raters × units with gaps.

    ``categories``: all that could have been given, ascending; without them those that were.
    ``weights``: identity, linear, quadratic or ordinal.

    >>> gwet_ac([[1, 2, 3, 3], [1, 2, 3, 2]], categories=[1, 2, 3], weights="identity")
    Coefficient(value=0.627..., se=0.366...)
    """
    x = table(data)
    word = one_of(weights, ("identity", "linear", "quadratic", "ordinal"), "weights")
    given = np.unique(x[~np.isnan(x)])
    levels = given if categories is None else row(categories, "categories")
    known = np.unique([float(level) for level in levels if level is not None])
    if len(known) < 2 or not np.isin(given, known).all():
        raise InputError(_("categories 须至少有两档，并包括出现过的各个评分"))
    return agreement.gwet(x.T, known, word)  # type: ignore[arg-type]


def agreement_with_others(data: Any) -> list[float]:
    """Spearman's correlation of each rater with the mean of the others; raters × units, no gaps.

    >>> agreement_with_others([[1, 2, 3], [1, 2, 3], [3, 2, 1]])
    [nan, nan, -1.0]
    """
    return agreement.against_others(whole(table(data))).tolist()


# Severity and single scores


def severity(data: Any) -> effects.Crossed:
    """The mixed model score = mean + unit + rater + residual by REML [H75]_, [B15]_; gaps allowed.

    Variances, and the effects of units and raters in the order of the table: above 0 a rater gives
    more than the others. Raises InputError for a design in parts, or with too few scores.

    >>> round(severity([[2, 5, 0.5], [1.5, 4, None], [1, 4, None]]).var_expert, 4)
    0.2446
    """
    x = table(data)
    if np.isnan(x).all(0).any() or np.isnan(x).all(1).any():
        raise InputError(_("data 中有的行或列没有评分，请先删去"))
    e, a = np.nonzero(~np.isnan(x))
    if effects.components(a, e).max() > 0:
        raise InputError(_("专家和对象分成互不相连的几组，组间的宽严无法比较"))
    try:
        return effects.crossed(x[e, a], a, e)
    except ValueError as error:
        raise InputError(error.args[0]) from None


def robust_z(scores: Any, *, step: float = 0) -> list[float]:
    """Modified z-scores of one row [IH93]_; nan where a score is missing. 3.5 is far.

    ``step`` of the scale: the spread is never taken as less than half of it.

    >>> robust_z([8, 8.5, 8, 2, 8], step=0.5)
    [0.0, 1.349, 0.0, -16.188, 0.0]
    """
    width = float(number(step, "step"))
    points = np.array([[np.nan if x is None else float(x) for x in row(scores, "scores")]])
    if not points.size:
        return []
    z = checks.robust_z(points, ~np.isnan(points), max(width, 1e-12))
    return np.round(z[0], 3).tolist()


@dataclass(frozen=True)
class Interval:
    """A mean with the ends of its interval; nan where one score leaves the variance unknown."""

    mean: float
    low: float
    high: float
    df: int


def t_interval(
    scores: Any, *, drop_highest: int = 0, drop_lowest: int = 0, level: float = 0.95
) -> Interval:
    """Student's t interval of a mean, Tukey and McLaughlin's [TM63]_ where scores are dropped.

    >>> t_interval([8, 9, 7, 8])
    Interval(mean=8.0, low=6.700..., high=9.299..., df=3)
    """
    centre = float(trimmed_mean(scores, drop_highest=drop_highest, drop_lowest=drop_lowest))
    x = np.array([[float(p)] for p in row(scores, "scores") if p is not None])
    ends = np.array([drop_lowest]), np.array([drop_highest])
    found = uncertainty.interval(x, *ends, share(level, "level"))
    half = float(found.half)
    return Interval(centre, centre - half, centre + half, int(found.df))


# What other experts or other weights would give


@dataclass(frozen=True)
class Bootstrap:
    """What all samples of the raters, drawn with replacement, make of the units' means."""

    samples: int
    ranks: list[tuple[int, int]]
    """Between which ranks a unit lies in ``level`` of the samples."""
    top: list[float]
    """P(rank ≤ places) of each unit, ties sharing."""
    beats: np.ndarray = field(repr=False)
    """(units, units): P(row above column), ties one half."""


def bootstrap(data: Any, *, places: int = 1, level: float = 0.95) -> Bootstrap:
    """The exact bootstrap over raters: every multiset of them with its weight, nothing drawn.

    Raters × units without gaps, up to nine raters; the same sample holds for all units.

    >>> bootstrap([[9, 6, 8], [2, 1, 4], [5, 3, 6], [8, 2, 8]], places=1).top
    [0.197265625, 0.0, 0.802734375]
    """
    x = whole(table(data))
    if len(x) > MOST_RATERS:
        raise InputError(_("专家最多 {n} 位，才能逐一算完全部组合", n=MOST_RATERS))
    counts, ways = uncertainty.multisets(len(x))
    totals = np.round(counts @ x, 9)
    everyone = np.ones(totals.shape, dtype=bool)
    found = uncertainty.places(totals, everyone)
    ends = uncertainty.rank_range(found, ways, share(level, "level")).tolist()
    chances = uncertainty.top(found, ways, count(places, "places", 1))
    pairs = [uncertainty.beats(one[:, None], totals, everyone, ways) for one in totals.T]
    return Bootstrap(len(ways), [tuple(e) for e in ends], chances.tolist(), np.array(pairs))


def smaa(
    values: Any, *, draws: int = 10_000, seed: int = 0, weights: Any = None, spread: Any = None
) -> sensitivity.Smaa:
    """SMAA-2 [LS01]_: rank acceptabilities, central weights and pairwise wins, more is better.

    ``values``: units × criteria without gaps. Weights are uniform on the simplex, or within
    ``spread`` (a share) around the ``weights`` given. Drawn by PCG64 from ``seed``.

    >>> smaa([[1, 0], [0, 1]], draws=1000, seed=1).acceptability.shape
    (2, 2)
    """
    x, n = whole(table(values, "values"), "values"), count(draws, "draws", 1)
    if weights is None:
        return sensitivity.smaa(x, sensitivity.anywhere(x.shape[1], n, count(seed, "seed")))
    published = np.array([float(w) for w in row(weights, "weights") if w is not None])
    if len(published) != x.shape[1] or spread is None:
        raise InputError(_("weights 须每个指标一个，并给出 spread，如 0.25"))
    around = sensitivity.around(published, share(spread, "spread"), n, count(seed, "seed"))
    return sensitivity.smaa(x, around)
