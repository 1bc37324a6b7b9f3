"""The table of a rubric: dimensions, indicators, and what is added or taken off beside them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from typing import Literal

from pydantic import model_validator

from evalkit.base.declared import DECIMALS, Declared, Identifier, Number, Words, plain
from evalkit.base.text import _
from evalkit.rubric.measures import MeasureRule

Kind = Literal["qualitative", "quantitative", "mixed"]


class ScoreRange(Declared):
    """The scale on which experts score, where it is not 0 to the points of the indicator.

    Points are the combined score times ``factor``: a mark out of 100 with a weight of 5 % is
    ``{min: 0, max: 100, factor: 0.05}``.
    """

    min: Number
    max: Number
    factor: Number


class Indicator(Declared):
    """What an expert scores in one number between 0 and ``points``, unless ``scored`` differs."""

    id: Identifier
    """稳定标识，不用序号"""
    number: Words | None = None
    """原文中的编号或序号，如 1.1；只用于对照，不作标识"""
    name: Words
    """指标名称，不含编号和单位，与原文一致"""
    points: Number
    """分值（满分）"""
    kind: Kind
    """qualitative 定性、quantitative 定量、mixed 定性+定量"""
    guidance: Words | None = None
    """指标说明与评分标准，与原文一致；原文没有的留空"""
    unit: Words | None = None
    """计量单位，如 个、亿元、%；原文没有的留空"""
    scored: ScoreRange | None = None
    """打分的尺度不是 0 至分值时写明：最低、最高和换算成分值的系数"""
    measure: MeasureRule | None = None
    """原文写明的由测量值计分的方法；原文没有写的留空，由评审组声明"""

    @cached_property
    def range(self) -> ScoreRange:
        """The scale on which experts score."""
        return self.scored or ScoreRange(min=Decimal(0), max=self.points, factor=Decimal(1))

    @model_validator(mode="after")
    def _has_a_scale(self) -> Indicator:
        r = self.range
        if self.points <= 0 or r.factor <= 0 or r.min >= r.max:
            raise ValueError(
                _("“{name}”的分值和系数须大于 0，打分的最低须小于最高", name=self.name)
            )
        if r.max * r.factor != self.points:
            raise ValueError(
                _(
                    "“{name}”打分最高 {max} 乘以系数 {factor} 是 {product}，不等于分值 {points}，"
                    "请改正其一；系数至多 {n} 位小数，除不尽的比例写不尽，分值须按写出的系数算",
                    name=self.name,
                    max=r.max,
                    factor=r.factor,
                    product=plain(r.max * r.factor),
                    points=self.points,
                    n=DECIMALS,
                )
            )
        return self


class Dimension(Declared):
    """A group of indicators (一级指标), perhaps in groups of its own. Its points are their sum."""

    id: Identifier
    number: Words | None = None
    name: Words
    points: Number | None = None
    """分值；原文没有标明的下级维度留空"""
    dimensions: tuple[Dimension, ...] = ()
    """下级维度（二级指标），任意层"""
    indicators: tuple[Indicator, ...] = ()

    @cached_property
    def leaves(self) -> tuple[Indicator, ...]:
        """All indicators below, in the order of the text."""
        return (*(i for d in self.dimensions for i in d.leaves), *self.indicators)

    @cached_property
    def total(self) -> Decimal:
        """The points of all indicators below."""
        return sum((i.points for i in self.leaves), Decimal(0))

    @model_validator(mode="after")
    def _adds_up(self) -> Dimension:
        # Weights that do not total are an error, never normalised.
        if self.points is not None and self.total != self.points:
            raise ValueError(
                _(
                    "“{name}”标明 {points} 分，其下指标合计 {total} 分，请核对原文",
                    name=self.name,
                    points=self.points,
                    total=self.total,
                )
            )
        return self

    def walk(self, parent: str | None = None) -> Iterator[tuple[Dimension, str | None]]:
        """This dimension and those below it, each with the id of the one around it."""
        yield self, parent
        for below in self.dimensions:
            yield from below.walk(self.id)


class Note(Declared):
    """A note under the table (注、统计口径), and the indicators that it is about."""

    text: Words
    indicators: tuple[Identifier, ...] = ()
    """所说明的指标；留空即全部"""


class BonusItem(Declared):
    """What one recognised achievement is worth: 0, or from ``min`` to ``max``."""

    min: Number
    max: Number


class Bonus(Declared):
    """Points on top of the rubric's total, item by item, up to a cap."""

    id: Identifier
    name: Words
    points: Number
    """累计上限"""
    guidance: Words
    item: BonusItem
    """每项计分的范围"""


class Deduction(Declared):
    """Points that are taken off the total, decided once by those who run the round."""

    id: Identifier
    name: Words
    points: Number
    """最多扣几分"""
    guidance: Words | None = None


class Table(Declared):
    """A table of indicators with its total, where a text has none and the panel supplies it."""

    points: Number
    dimensions: tuple[Dimension, ...]
    bonus: tuple[Bonus, ...] = ()
    deductions: tuple[Deduction, ...] = ()
