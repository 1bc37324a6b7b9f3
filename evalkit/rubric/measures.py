"""How measured values become points: what a text or a panel declares, and one value under it.

A quantitative indicator gets all its points from a measured value; a mixed one gets the declared
part of them, and experts score the rest. The methods themselves are in `scoring.measure`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Context, Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import Field

from evalkit.base.declared import Declared, Number, decimal, plain
from evalkit.base.text import Text, _, normalise_number
from evalkit.scoring import measure

Better = Literal["higher", "lower"]


class Method(Declared):
    """What every method declares."""

    points: Number | None = Field(None, examples=["1"])
    """定性+定量的指标须写明其中定量部分的分值，其余由专家打分"""


class _Directed(Method):
    better: Better
    """higher 越大越好；lower 越小越好"""


class Agreed(Method):
    """Each expert applies an objective standard; all must arrive at the same points."""

    method: Literal["agreed"]


class ByExperts(Method):
    """A mixed indicator whose points experts give as a whole, the measured part included."""

    method: Literal["experts"]


class Tier(Declared):
    """One line of a tier table."""

    bound: Number
    inclusive: bool
    """以上、不低于写 true（含本数）；超过、不满写 false"""
    points: Number


_TIERS = [
    {"bound": "10", "inclusive": True, "points": "1"},
    {"bound": "5", "inclusive": True, "points": "0.5"},
]


class TierTable(_Directed):
    """分档计分: points of the best tier that the value reaches."""

    method: Literal["tier_table"]
    tiers: tuple[Tier, ...] = Field(min_length=1, examples=[_TIERS])
    """从最好的一档写到最差的一档"""
    otherwise: Number = Field(examples=["0"])
    """哪一档也不到的得分"""


class Efficacy(_Directed):
    """功效系数法, the classic efficacy coefficient between two benchmarks."""

    method: Literal["efficacy"]
    satisfactory: Number = Field(examples=["90"])
    """满意值"""
    unallowable: Number = Field(examples=["60"])
    """不允许值"""
    base: Number = Field(examples=["0.6"])
    """达到不允许值时所得的份额"""
    span: Number = Field(examples=["0.4"])
    """从不允许值到满意值再得的份额"""
    clamp: Literal["none", "points"] | None = None
    """points 截在 0 至分值之间；none 不截"""


class FiveTier(_Directed):
    """五档功效系数法, the efficacy coefficient between five standards."""

    method: Literal["five_tier"]
    standards: tuple[Number, ...] = Field(examples=[["90", "80", "70", "60", "50"]])
    """依次为优秀、良好、平均、较低、较差的标准值"""


class Knot(Declared):
    """A point of a piecewise linear scale."""

    value: Number
    points: Number


_KNOTS = [{"value": "10", "points": "1"}, {"value": "0", "points": "0"}]


class Piecewise(_Directed):
    """分段直线 through declared knots."""

    method: Literal["piecewise"]
    knots: tuple[Knot, ...] = Field(examples=[_KNOTS])
    """从最好的一点写到最差的一点"""
    outside: Literal["clip", "extend"] | None = None
    """clip 两头不再增减；extend 按最近的直线继续增减"""


class PerUnit(_Directed):
    """每…加、扣几分: so many points for each portion by which a value is better or worse."""

    method: Literal["per_unit"]
    start: Number = Field(examples=["0"])
    """从哪个值起算"""
    start_points: Number = Field(examples=["0"])
    """起算的值得几分；加、扣都不超出 0 至分值"""
    each: Number = Field(examples=["1"])
    """每好（差）多少算一份"""
    each_points: Number = Field(examples=["1"])
    """每份加（扣）几分"""
    part: Literal["none", "share", "whole"] | None = None
    """不足一份的：none 不计；share 按比例；whole 按一份计"""


class TargetRatio(_Directed):
    """与目标值之比, capped at full points."""

    method: Literal["target_ratio"]
    target: Number = Field(examples=["10"])
    """达到即得满分的目标值"""


class LogSaturating(Method):
    """对数: growing ever more slowly, full at the cap; more is better."""

    method: Literal["log_saturating"]
    cap: Number = Field(examples=["10"])
    """达到即得满分的封顶值"""


class PoolRelative(_Directed):
    """Relative to the other applicants: adding one may change everybody's points and ranks."""

    method: Literal["best_ratio", "min_max", "percentile"]


MeasureRule = Annotated[
    Agreed
    | ByExperts
    | TierTable
    | Efficacy
    | FiveTier
    | Piecewise
    | PerUnit
    | TargetRatio
    | LogSaturating
    | PoolRelative,
    Field(discriminator="method"),
]

DETAILS = ("clamp", "outside", "part")
"""What a published method may leave open, and a panel may not."""

FLAGGED = measure.FLAGS[measure.RELATIVE_TO_POOL]
"""What must be said wherever a pool-relative method is used."""


def by_experts(rule: MeasureRule | None) -> bool:
    """Whether experts give all points of an indicator under ``rule`` (None: a qualitative one)."""
    return rule is None or isinstance(rule, Agreed | ByExperts)


def left_open(rule: MeasureRule, kind: str) -> list[str]:
    """What ``rule`` still has to say on an indicator of this kind, by the names of its fields."""
    names = [name for name in DETAILS if getattr(rule, name, "") is None]
    split = kind == "mixed" and not by_experts(rule) and rule.points is None
    return [*names, *(["points"] if split else [])]


def contradicts(rule: MeasureRule, published: MeasureRule) -> bool:
    """Whether ``rule`` differs from ``published`` in anything that the latter says."""
    said = {n: v for n in type(published).model_fields if (v := getattr(published, n)) is not None}
    return any(getattr(rule, name, None) != value for name, value in said.items())


def points_of(rule: MeasureRule, values: Sequence[Decimal], points: Decimal) -> list[Fraction]:
    """Points of each of ``values`` under ``rule``, out of ``points``; exact.

    For a pool-relative method ``values`` is the whole pool. Raises ValueError for a declaration
    that does not fit (see `scoring.measure`).
    """
    if isinstance(rule, PoolRelative):
        method = getattr(measure, rule.method)
        return list(method(values, points=points, better=rule.better).points)
    one = single(rule, points)
    cache = {value: one(value) for value in set(values)}
    return [cache[value] for value in values]


def single(rule: MeasureRule, points: Decimal) -> Callable[[Decimal], Fraction]:
    """The function from one value to its points under ``rule``, which is not pool-relative."""
    given: dict[str, Any] = {
        name: getattr(rule, name) for name in type(rule).model_fields if name != "method"
    }
    given |= {"points": points}
    if isinstance(rule, TierTable):
        given["tiers"] = [measure.Tier(t.bound, t.inclusive, t.points) for t in rule.tiers]
    if isinstance(rule, Piecewise):
        given["knots"] = [measure.Knot(k.value, k.points) for k in rule.knots]
    return lambda value: getattr(measure, rule.method)(value, **given)


def problem(rule: MeasureRule, points: Decimal) -> Text | None:
    """What is wrong with the benchmarks of ``rule``; None if they can be used."""
    try:
        points_of(rule, [Decimal(1)], points)
    except ValueError as error:
        return error.args[0]
    return None


_MONEY = {"元": 0, "万元": 4, "亿元": 8}
"""Powers of ten of 元."""

_QUANTITY = re.compile(r"(-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,20})(?:\.[0-9]{1,14})?)\s*(.*)")
"""A number, perhaps with its thousands set apart (``3,5`` is none), and its unit."""

_EXACT = Context(prec=60)


def quantity(text: str, unit: str | None) -> Decimal:
    """The number in ``text``, which may carry its unit, in the declared ``unit``.

    ``5000``, ``5000万元`` and ``50000000元`` are the same under 万元. Raises ValueError for what is
    no number or has another unit: a unit is never guessed.
    """
    found, unit = _QUANTITY.fullmatch(normalise_number(text)), normalise_number(unit or "")
    if found is None:
        return decimal(text)  # which says what a number looks like
    value, said = _EXACT.create_decimal(found[1].replace(",", "")), found[2]
    if said in _MONEY and unit in _MONEY:
        value = _EXACT.scaleb(value, _MONEY[said] - _MONEY[unit])
    elif said not in ("", unit):
        raise ValueError(
            _("“{text}”的单位与声明的“{unit}”不同", text=text, unit=unit or _("（无）"))
        )
    return plain(value, _EXACT)
