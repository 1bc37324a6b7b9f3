"""From a measured value to points: each published method as one small, exact function.

Values, benchmarks and points are finite `decimal.Decimal`, results `fractions.Fraction`, not
rounded. A value and its benchmarks share one unit (%, 个, 万元), which the caller has made equal.
A missing value has no points: None and NaN raise, so that neither becomes 0. A typed 0 is a value.

Benchmarks stand **from best to worst**: falling for ``better="higher"``, rising for "lower", none
twice. They are checked before the value is, so one trial call checks a declaration. What does not
fit raises ValueError with a message that names the value and the remedy. Points stay within 0 and
``points`` (the indicator's full points, above 0) unless ``clamp="none"`` or ``outside="extend"``
is declared, and a better value never gets fewer. docs/references.md resolves ``[…]_``.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation
from fractions import Fraction
from math import ceil, floor
from typing import Literal, NamedTuple

from evalkit.base.text import _
from evalkit.scoring.benchmarks import (
    Better,
    clip,
    exact,
    falling,
    full_points,
    height,
    interpolate,
    ladder,
)

Part = Literal["none", "share", "whole"]
Clamp = Literal["none", "points"]
Outside = Literal["clip", "extend"]

COEFFICIENTS = tuple(Fraction(n, 10) for n in (10, 8, 6, 4, 2))
"""标准系数 of 优秀, 良好, 平均, 较低 and 较差 [SASAC06]_, article 17."""

LOG_DIGITS = 34
"""Significant digits that a quotient of logarithms is rounded to, half to even."""

RELATIVE_TO_POOL = "relative_to_pool"
ALL_EQUAL = "all_equal"
FLAGS = {
    RELATIVE_TO_POOL: _("得分取决于全体参评对象：增减一个对象，其他对象的得分和名次都可能改变"),
    ALL_EQUAL: _("全体参评对象的测量值相同，一律得满分"),
}
"""What must stand beside points that depend on the pool."""


class Tier(NamedTuple):
    """One line of a tier table: whoever reaches ``bound`` gets ``points``.

    ``inclusive`` says whether the bound itself belongs to the tier. 以上, 以下, 不低于 and 不高于
    include it, 超过, 不满, 高于 and 低于 do not ([CC1259]_ for 以上, 以下, 超过 and 不满).
    """

    bound: Decimal
    inclusive: bool
    points: Decimal


class Knot(NamedTuple):
    """A declared point of a piecewise linear scale: exactly ``value`` gets ``points``."""

    value: Decimal
    points: Decimal


class Relative(NamedTuple):
    """Points in the order of the pool, and keys of `FLAGS` that must be shown with them."""

    points: tuple[Fraction, ...]
    flags: tuple[str, ...]


def tier_table(
    value: Decimal, *, tiers: Sequence[Tier], otherwise: Decimal, points: Decimal, better: Better
) -> Fraction:
    """Points of the best tier that x reaches, ``otherwise`` where it reaches none.

        x ≥ bound (inclusive) or x > bound (not); ≤ or < where lower is better

    The categorical scale of [OECD08]_, its bounds read as in [CC1259]_. A worse tier has no more
    points than a better one. Beyond the best bound the points of the best tier hold.
    """
    bounds = ladder([tier.bound for tier in tiers], better, least=1)
    *scores, lowest = falling([*(tier.points for tier in tiers), otherwise], points)
    x = height(value, better)
    for tier, bound, score in zip(tiers, bounds, scores, strict=True):
        if x > bound or (tier.inclusive and x == bound):
            return score
    return lowest


def efficacy(
    value: Decimal,
    *,
    satisfactory: Decimal,
    unallowable: Decimal,
    base: Decimal,
    span: Decimal,
    clamp: Clamp,
    points: Decimal,
    better: Better,
) -> Fraction:
    """The classic efficacy coefficient 功效系数法 [GX]_.

        points · (base + span · (x − 不允许值) / (满意值 − 不允许值))

    ``base`` and ``span`` are shares of the points, 0.6 and 0.4 in the source; at most 1 together.
    Beyond the two benchmarks the same line goes on: worse than 不允许值 gives less than the base
    (the source prints 58.73 of 100). ``clamp`` "none" follows it below 0 and above ``points``,
    "points" cuts it there; nothing is ever cut at the base.
    """
    best, worst = ladder([satisfactory, unallowable], better, least=2)
    low, width, full = exact(base), exact(span), full_points(points)
    if low < 0 or width <= 0 or low + width > 1:
        text = _("base {base} 须不小于 0，span {span} 须大于 0，合计不超过 1", base=base, span=span)
        raise ValueError(text)
    share = low + width * (height(value, better) - worst) / (best - worst)
    return full * (clip(share) if clamp == "points" else share)


def five_tier(
    value: Decimal, *, standards: Sequence[Decimal], points: Decimal, better: Better
) -> Fraction:
    """The five-tier efficacy coefficient of [SASAC06]_; the formula is printed in [MOF99]_ too.

        指标得分 = 本档基础分 + 调整分        本档基础分 = points · 本档标准系数
        调整分 = (x − 本档标准值) / (上档标准值 − 本档标准值) · (上档基础分 − 本档基础分)

    ``standards``: the values of 优秀, 良好, 平均, 较低 and 较差 for the `COEFFICIENTS`; 本档 is
    the worse of the two that enclose x. The source says that the coefficient below 较差 is 0:
    such a value gets 0, and 较差 itself 0.2 · points. Its formula knows no tier above 优秀: full
    points there are a choice made here. What [MOF99]_ says apart for 资产负债率 is not applied.
    """
    if len(standards) != len(COEFFICIENTS):
        n = len(standards)
        raise ValueError(_("标准值须依次为优秀、良好、平均、较低、较差 5 个，这里有 {n} 个", n=n))
    heights, full = ladder(standards, better), full_points(points)
    x = height(value, better)
    if x < heights[-1]:
        return Fraction(0)
    return full * interpolate(min(x, heights[0]), heights, COEFFICIENTS)


def piecewise(
    value: Decimal, *, knots: Sequence[Knot], outside: Outside, points: Decimal, better: Better
) -> Fraction:
    """Straight lines through declared knots, as ``smaa.pvf`` in [SMAA]_ draws them.

        pᵢ + (x − xᵢ) / (xᵢ₊₁ − xᵢ) · (pᵢ₊₁ − pᵢ)    for x between the knots i and i + 1

    ``knots``: at least two, their points within 0 and ``points`` and not rising towards the worst.
    ``outside`` them "clip" keeps the points of the nearest one; "extend" goes on along the nearest
    line and may leave 0 and ``points``.
    """
    heights = ladder([knot.value for knot in knots], better, least=2)
    scores = falling([knot.points for knot in knots], points, extensible=True)
    x = height(value, better)
    if outside == "clip":
        x = min(max(x, heights[-1]), heights[0])
    return interpolate(x, heights, scores)


def per_unit(
    value: Decimal,
    *,
    start: Decimal,
    start_points: Decimal,
    each: Decimal,
    each_points: Decimal,
    part: Part,
    points: Decimal,
    better: Better,
) -> Fraction:
    """每…加、扣几分: so many points for each portion by which x is better or worse than a start.

        start_points + n · each_points, cut at 0 and at points;  n = (x − start) / each

    Where lower is better, n is (start − x) / each. ``part`` says what less than a whole portion is:
    "none" nothing (n is cut towards 0), "share" its share, "whole" as much as a whole one (n goes
    to the next whole number away from 0). Whole portions are what 每少5亿元扣1分 counts; what the
    rest counts such words leave open.
    """
    full, first = full_points(points), exact(start_points)
    portion, gain = exact(each), exact(each_points)
    if portion <= 0 or gain <= 0 or not 0 <= first <= full:
        raise ValueError(
            _(
                "each {each} 和 each_points {gain} 须大于 0，"
                "start_points {first} 须在 0 至 {points} 之间",
                each=each,
                gain=each_points,
                first=start_points,
                points=points,
            )
        )
    n = (height(value, better) - height(start, better)) / portion
    if part != "share":
        away = part == "whole"
        n = Fraction(ceil(n) if (n > 0) == away else floor(n))
    return min(max(first + n * gain, Fraction(0)), full)


def target_ratio(value: Decimal, *, target: Decimal, points: Decimal, better: Better) -> Fraction:
    """How far a fixed target is reached, the distance to a reference of [OECD08]_, capped.

        points · min(max(x / target, 0), 1)    or points · min(target / x, 1) where lower is better

    ``target`` is above 0. Beyond it the points stay full. Where higher is better, 0 and less
    (negative growth) get 0; where lower is better, they have reached the target.
    """
    goal, full = exact(target), full_points(points)
    if goal <= 0:
        raise ValueError(_("目标值 {value} 须大于 0，不能的请改用分档计分", value=target))
    x = exact(value)
    if better == "higher":
        return full * clip(x / goal)
    return full if x <= goal else full * goal / x


def log_saturating(value: Decimal, *, cap: Decimal, points: Decimal) -> Fraction:
    """Points that grow ever more slowly and are full at ``cap``; more is better.

        points · ln(1 + x) / ln(1 + cap), and 0 for x ≤ 0, points for x ≥ cap

    The shape of the income index of the HDI [UNDP]_ with 1 + x for income; it depends on the unit.
    ``cap`` is above 0. Logarithms cannot be exact: 1 + x, ln and their quotient are correctly
    rounded to 50 digits, then the quotient to `LOG_DIGITS`, by `decimal` in a context of its own
    and hence alike on every machine.
    """
    full, top, ceiling = full_points(points), exact(cap), _WIDE.add(1, cap)
    if ceiling <= 1:
        raise ValueError(_("封顶值 {value} 须大于 0，请改正", value=cap))
    x = exact(value)
    if not 0 < x < top:
        return full if x > 0 else Fraction(0)
    share = _WIDE.divide(_WIDE.ln(_WIDE.add(1, value)), _WIDE.ln(ceiling))
    return full * Fraction(_NARROW.plus(share))


def best_ratio(values: Sequence[Decimal], *, points: Decimal, better: Better) -> Relative:
    """Exploratory: each value against the best of the pool [OECD08]_.

        points · max(x / best, 0)        where lower is better: points · best / x

    The best gets full points, whatever its sign. Where the best is 0 or less no ratio has a meaning
    and all others get 0. A new best can turn the order over several indicators round [BG83]_.
    """
    full, pool = full_points(points), [exact(value) for value in values]
    best = max(pool, default=0) if better == "higher" else min(pool, default=0)
    if best <= 0:
        return _relative(pool, [full * (x == best) for x in pool])
    shares = [clip(x / best if better == "higher" else best / x) for x in pool]
    return _relative(pool, [full * share for share in shares])


def min_max(values: Sequence[Decimal], *, points: Decimal, better: Better) -> Relative:
    """Exploratory: where each value lies between the worst and the best of the pool [OECD08]_.

        points · (x − worst) / (best − worst)

    The best gets full points and the worst 0, however close they are. All equal: full points.
    """
    full, pool = full_points(points), [height(value, better) for value in values]
    worst, reach = min(pool, default=0), max(pool, default=0) - min(pool, default=0)
    return _relative(pool, [full * (x - worst) / reach if reach else full for x in pool])


def percentile(values: Sequence[Decimal], *, points: Decimal, better: Better) -> Relative:
    """Exploratory: the share of the pool that each value leaves behind, ties by midrank [K45]_.

        points · (r − 1) / (n − 1)        r = 1 + how many are worse + half of how many others equal

    All equal, or only one: full points (not the half that the formula gives to equals).
    """
    full, pool = full_points(points), [height(value, better) for value in values]
    if len(set(pool)) <= 1:
        return _relative(pool, [full for _x in pool])
    ordered, most = sorted(pool), 2 * (len(pool) - 1)
    doubled = [bisect_left(ordered, x) + bisect_right(ordered, x) - 1 for x in pool]
    return _relative(pool, [full * Fraction(n, most) for n in doubled])


def _relative(pool: Sequence[Fraction], points: Sequence[Fraction]) -> Relative:
    equal = (ALL_EQUAL,) if len(set(pool)) == 1 else ()
    return Relative(tuple(points), (RELATIVE_TO_POOL, *equal))


_WIDE = Context(50, ROUND_HALF_EVEN, -999999, 999999, 1, 0, [], [InvalidOperation])
_NARROW = _WIDE.copy()
_NARROW.prec = LOG_DIGITS
