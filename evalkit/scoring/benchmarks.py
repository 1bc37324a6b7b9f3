"""Benchmarks and points as exact numbers: checked once, on an axis on which up is better.

What does not fit raises ValueError with a message that names the value and the remedy.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from evalkit.base.text import _

Better = Literal["higher", "lower"]
"""Which values are better. It is always declared, never guessed from the benchmarks."""


def _finite(number: Decimal) -> Decimal:
    if not isinstance(number, Decimal) or not number.is_finite():
        raise ValueError(_("“{value}”不是数值；没有数据的须标明缺失，不按 0 计分", value=number))
    return number


def exact(number: Decimal) -> Fraction:
    """``number`` as a fraction. Raises ValueError for what is none: missing is never 0."""
    return Fraction(_finite(number))


def height(number: Decimal, better: Better) -> Fraction:
    """``number`` on an axis on which up is better, so that every method has one direction."""
    up = {"higher": True, "lower": False}[better]
    return exact(number) if up else -exact(number)


def full_points(points: Decimal) -> Fraction:
    """The most points of an indicator, above 0."""
    if (full := exact(points)) <= 0:
        raise ValueError(_("分值 {value} 须大于 0，请改正", value=points))
    return full


def ladder(values: Sequence[Decimal], better: Better, least: int = 0) -> tuple[Fraction, ...]:
    """Heights of at least ``least`` benchmarks, which must fall from best to worst, none twice."""
    return _heights(tuple(map(_finite, values)), better, least)


@lru_cache  # the same benchmarks for every value
def _heights(values: tuple[Decimal, ...], better: Better, least: int) -> tuple[Fraction, ...]:
    if len(values) < least:
        raise ValueError(_("基准值有 {n} 个，至少须有 {least} 个", n=len(values), least=least))
    heights = tuple(height(number, better) for number in values)
    if any(above <= below for above, below in pairwise(heights)):
        order = _("从大到小") if better == "higher" else _("从小到大")
        given = list(values)
        raise ValueError(_("基准值 {values} 须{order}、互不相同", values=given, order=order))
    return heights


def falling(
    scores: Sequence[Decimal], points: Decimal, *, extensible: bool = False
) -> tuple[Fraction, ...]:
    """``scores`` as fractions within 0 and ``points``, none higher than the one before.

    ``extensible``: the method can go on beyond them, which is the remedy for scores outside.
    """
    return _descending(tuple(map(_finite, scores)), points, extensible=extensible)


@lru_cache
def _descending(
    scores: tuple[Decimal, ...], points: Decimal, *, extensible: bool
) -> tuple[Fraction, ...]:
    full, fractions = full_points(points), tuple(map(exact, scores))
    if outside := [score for score, x in zip(scores, fractions, strict=True) if not 0 <= x <= full]:
        text = (
            _(
                "得分 {values} 须在 0 至 {points} 之间；"
                "要超出，折点只写到 0 或 {points}，并声明 outside: extend",
                values=outside,
                points=points,
            )
            if extensible
            else _("得分 {values} 须在 0 至 {points} 之间", values=outside, points=points)
        )
        raise ValueError(text)
    if list(fractions) != sorted(fractions, reverse=True):
        raise ValueError(_("得分 {values} 次序有误：较差的不能高于较好的", values=list(scores)))
    return fractions


def interpolate(x: Fraction, heights: Sequence[Fraction], scores: Sequence[Fraction]) -> Fraction:
    """The line through the two knots around ``x``, or through the two nearest ones beyond them."""
    upper = next((n for n, low in enumerate(heights[1:]) if x >= low), len(heights) - 2)
    (x1, x0), (y1, y0) = heights[upper : upper + 2], scores[upper : upper + 2]
    return y0 + (x - x0) / (x1 - x0) * (y1 - y0)


def clip(share: Fraction) -> Fraction:
    """``share`` within 0 and 1."""
    return min(max(share, Fraction(0)), Fraction(1))
