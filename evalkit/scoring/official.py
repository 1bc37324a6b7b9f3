"""Kernels whose numbers are official: exact, for lists, arrays and Series of any kind of number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import wraps
from math import lcm
from typing import Any

import numpy as np

from evalkit.base.errors import InputError
from evalkit.base.text import _
from evalkit.scoring import aggregate, measure
from evalkit.scoring.given import Exact, count, is_missing, number, one_of, row
from evalkit.scoring.rank import competition


def mean(scores: Any, *, weights: Any = None) -> Exact:
    """The mean of the scores that are there, weighted where ``weights`` (one each) are given.

    Raises InputError where there is no score: the mean of nothing is not 0.

    >>> mean([8, 9, None, 8.5])
    Exact('8.5')
    >>> mean(["7", "8", "9"], weights=[1, 1, 2])
    Exact('8.25')
    """
    points, heavy = _weighted(scores, weights)
    return _mean(points, heavy, np.ones(len(points), dtype=bool))


def trimmed_mean(
    scores: Any, *, drop_highest: int = 1, drop_lowest: int = 1, weights: Any = None
) -> Exact:
    """The mean without so many of the highest and of the lowest scores, one instance each.

    Weights of the scores that are left are used as they are. Raises InputError where none is left.

    >>> trimmed_mean([8, 9, 7], drop_highest=1, drop_lowest=1)
    Exact('8')
    >>> trimmed_mean([60, 80, 82, 84, 100]).rounded(2)
    Decimal('82.00')
    """
    points, heavy = _weighted(scores, weights)
    dropped = _dropped(points, drop_highest, drop_lowest)
    return _mean(points, heavy, dropped == 0)


def winsorised_mean(scores: Any, *, drop_highest: int = 1, drop_lowest: int = 1) -> Exact:
    """The mean after the highest and lowest scores are replaced by the nearest that stay.

    >>> winsorised_mean([60, 80, 82, 84, 100])
    Exact('82')
    """
    points, heavy = _weighted(scores, None)
    dropped, unit = _dropped(points, drop_highest, drop_lowest), _unit(points)
    numbers, there = _scaled(points, unit), np.ones(len(points), dtype=bool)
    replaced = aggregate.replaced(numbers, there, dropped)
    return _mean([Fraction(int(x), unit) for x in replaced], heavy, there)


def median(scores: Any) -> Exact:
    """The middle score, or the mean of the middle two.

    >>> median([7, "8.5", 9, 6])
    Exact('7.75')
    """
    points, heavy = _weighted(scores, None)
    numbers = _scaled(points, _unit(points))
    beside = aggregate.beside_middle(numbers, np.ones(len(points), dtype=bool))
    return _mean(points, heavy, beside == 0)


def round_half_up(value: Any, places: int = 0) -> Decimal:
    """四舍五入 of the exact value, ties away from zero.

    >>> round_half_up("86.125", 2)
    Decimal('86.13')
    >>> round_half_up(-2.5)
    Decimal('-3')
    """
    return Exact(number(value, "value")).rounded(count(places, "places"))


def rank(totals: Any, *, ties: Sequence[Any] = (), better: str = "higher") -> list[int | None]:
    """Ranks 1, 2, 2, 4 of exact totals; None for whoever has none, who takes no rank.

    ``ties``: further rows that separate equal totals, in their order. ``better``: higher or lower.

    >>> rank(["90.10", "88", 88.0, None, 85.5])
    [1, 2, 2, None, 4]
    >>> rank([88, 88, 88], ties=[[85, 86, 86], [26, 25, 27]])
    [3, 2, 1]
    """
    up = 1 if one_of(better, ("higher", "lower"), "better") == "higher" else -1
    rows = [row(totals, "totals"), *(row(key, f"ties[{n}]") for n, key in enumerate(ties))]
    if any(len(one) != len(rows[0]) for one in rows):
        raise InputError(_("ties 的每一列须与 totals 一样长"))
    ranked = np.array([x is not None for x in rows[0]], dtype=bool)
    if any(x is None for one in rows[1:] for x, on in zip(one, ranked, strict=True) if on):
        raise InputError(_("ties 中有缺：有总分的对象须有各项比较值"))
    keys = np.stack([_places(one) * up for one in rows], -1)
    return [int(n) or None for n in competition(keys, ranked)]


def _weighted(scores: Any, weights: Any) -> tuple[list[Fraction], list[Fraction]]:
    """The scores that are there, and their weights."""
    points = row(scores, "scores")
    heavy = [Fraction(1)] * len(points) if weights is None else row(weights, "weights")
    if len(heavy) != len(points):
        raise InputError(
            _("weights 须与 scores 一样长：{n} 个，这里是 {m} 个", n=len(points), m=len(heavy))
        )
    if any(w is None or w < 0 for w in heavy):
        raise InputError(_("weights 须是不小于 0 的数，不能有缺"))
    there = [(x, w) for x, w in zip(points, heavy, strict=True) if x is not None and w is not None]
    if not there:
        raise InputError(_("scores 里没有评分，没有平均分：没有评分不等于 0 分"))
    return [x for x, _w in there], [w for _x, w in there]


def _mean(points: Sequence[Fraction], weights: Sequence[Fraction], counted: np.ndarray) -> Exact:
    pairs = [(x, w) for x, w, on in zip(points, weights, counted, strict=True) if on]
    heavy = sum((w for _x, w in pairs), Fraction(0))
    if heavy == 0:
        raise InputError(_("计入的评分权重合计为 0，没有平均分"))
    return Exact(sum((x * w for x, w in pairs), Fraction(0)) / heavy)


def _dropped(points: Sequence[Fraction], highest: int, lowest: int) -> np.ndarray:
    high, low = count(highest, "drop_highest"), count(lowest, "drop_lowest")
    if high + low >= len(points):
        words = {"n": len(points), "high": high, "low": low}
        raise InputError(_("有 {n} 个评分，去掉 {high} 个最高、{low} 个最低就没有了", **words))
    there = np.ones(len(points), dtype=bool)
    return aggregate.trim(_scaled(points, _unit(points)), there, high, low)


def _unit(points: Sequence[Fraction]) -> int:
    return lcm(*(x.denominator for x in points))


def _scaled(points: Sequence[Fraction], unit: int) -> np.ndarray:
    """As whole numbers of 1/``unit``. Raises InputError for numbers beyond int64."""
    try:
        return np.array([int(x * unit) for x in points], dtype=np.int64)
    except OverflowError:
        raise InputError(_("评分的位数太多，请用较少的小数位")) from None


def _places(values: Sequence[Fraction | None]) -> np.ndarray:
    """Whole numbers in the order of the values; missing ones 0."""
    order = {x: n for n, x in enumerate(sorted({x for x in values if x is not None}))}
    return np.array([0 if x is None else order[x] for x in values], dtype=np.int64)


# From a measured value to points, exactly


def _by_value(kernel: Callable[..., Any]) -> Callable[..., Any]:
    """``kernel`` of `measure` for numbers of any kind; Tier and Knot may be plain tuples."""

    @wraps(kernel)
    def found(given: Any, **rules: Any) -> Any:
        pool = kernel in {measure.best_ratio, measure.min_max, measure.percentile}
        value = _decimals(given, "values") if pool else _decimal(given, "value")
        words = {name: _rule(name, rule) for name, rule in rules.items()}
        try:
            points = kernel(value, **words)
        except ValueError as error:
            raise InputError(error.args[0]) from None
        except TypeError as error:
            words = {"name": kernel.__name__, "why": str(error)}
            raise InputError(_("{name}：参数不对（{why}）", **words)) from None
        return [Exact(x) for x in points.points] if pool else Exact(points)

    return found


def _decimal(value: Any, name: str) -> Decimal:
    if is_missing(value):
        raise InputError(_("{name} 缺失：没有数值就没有得分，不按 0 计分", name=name))
    found = number(value, name)
    text = str(Exact(found))
    if "/" in text:
        raise InputError(_("{name}：{value} 不是有限小数", name=name, value=text))
    return Decimal(text)


def _decimals(values: Any, name: str) -> list[Decimal]:
    return [_decimal(x, f"{name}[{n}]") for n, x in enumerate(row(values, name))]


_MADE = {"tiers": measure.Tier, "knots": measure.Knot}


def _rule(name: str, rule: Any) -> Any:
    if name == "better":
        return one_of(rule, ("higher", "lower"), name)
    if name in {"clamp", "outside", "part"} or rule is None:
        return rule
    if name in _MADE:
        if not isinstance(rule, list | tuple) or not all(isinstance(r, list | tuple) for r in rule):
            raise InputError(_("{name} 要的是若干行，每行一组数", name=name))
        rows = [[x if isinstance(x, bool) else _decimal(x, name) for x in one] for one in rule]
        return [_MADE[name](*one) for one in rows]
    return _decimals(rule, name) if isinstance(rule, list | tuple) else _decimal(rule, name)


tier_table = _by_value(measure.tier_table)
efficacy = _by_value(measure.efficacy)
five_tier = _by_value(measure.five_tier)
piecewise = _by_value(measure.piecewise)
per_unit = _by_value(measure.per_unit)
target_ratio = _by_value(measure.target_ratio)
log_saturating = _by_value(measure.log_saturating)
best_ratio = _by_value(measure.best_ratio)
min_max = _by_value(measure.min_max)
percentile = _by_value(measure.percentile)
