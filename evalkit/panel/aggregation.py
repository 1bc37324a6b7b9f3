"""How many experts' scores become one: the methods that a panel may declare."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from evalkit.base.declared import Declared, Identifier, Number, Whole
from evalkit.base.text import _

MOST_PERCENT = 90
"""The greatest share at both ends together."""


class _Aggregation(Declared):
    """What every method of aggregation declares."""

    weights: dict[Identifier, Number] | None = None
    """各专家的权重；写了就须写全每位专家，不写即各位相同"""

    @property
    def least(self) -> int:
        """How many valid scores it takes until the method does what is declared."""
        names = ("min_n", "min_left", "count")
        return max(getattr(self, name, 1) for name in names)


class Mean(_Aggregation):
    """The mean of all valid scores."""

    method: Literal["mean"]
    """mean 取平均"""
    level: Literal["indicator", "total"]
    """indicator 逐项指标平均；total 只平均各项齐全的评分表"""


class Share(Declared):
    """How many scores are meant, as a share of the valid ones."""

    percent: Number = Field(examples=["10"])
    """有效评分个数的百分之几"""
    rounded: Literal["down", "half_up", "up"]
    """算出的个数不是整数时：down 舍去；half_up 四舍五入；up 进一"""

    def of(self, n: int) -> int:
        """How many of ``n`` scores: n · percent / 100, rounded as declared."""
        exact = n * Fraction(self.percent) / 100
        rounded = {"down": exact, "half_up": exact + Fraction(1, 2), "up": Fraction(ceil(exact))}
        return floor(rounded[self.rounded])


Dropped = Annotated[
    Whole | Share,
    Field(examples=[1, {"percent": 10, "rounded": "down"}], union_mode="left_to_right"),
]


class _Dropping(_Aggregation):
    """A method that treats the highest and the lowest scores apart."""

    drop_highest: Dropped
    """几个最高的，或有效评分的百分之几"""
    drop_lowest: Dropped
    """几个最低的，或有效评分的百分之几"""
    min_n: Whole = Field(examples=[5])
    """有效评分少于此数时不去掉（不替换）最高最低"""
    below_min_n: Literal["mean"]
    """少于 min_n 时改用的方法"""

    @model_validator(mode="after")
    def _leaves_some(self) -> Self:
        rules = self.drop_highest, self.drop_lowest
        shares = [rule.percent for rule in rules if isinstance(rule, Share)]
        if any(share <= 0 for share in shares) or sum(shares) > MOST_PERCENT:
            text = _("percent 须大于 0，两头合计不超过 {most}", most=MOST_PERCENT)
            raise ValueError(text)
        whole = sum(rule for rule in rules if isinstance(rule, int))
        # at least a tenth of the scores less two stays, so that from there on some always do
        tried = range(self.min_n, max(self.min_n, 10 * whole + 30) + 1)
        if any(n <= sum(self.dropped(n)) for n in tried):
            raise ValueError(
                _("min_n 须大于 drop_highest 与 drop_lowest 之和，否则可能一个评分也不剩")
            )
        return self

    def dropped(self, n: int, *, lower: bool = False) -> tuple[int, int]:
        """How many of ``n`` valid scores are dropped as the highest, and as the lowest.

        ``lower``, that less is better, makes no difference here.
        """
        del lower
        rules = self.drop_highest, self.drop_lowest
        high, low = (rule.of(n) if isinstance(rule, Share) else rule for rule in rules)
        return (high, low) if n >= self.min_n else (0, 0)

    @property
    def drops(self) -> bool:
        """Whether anything is ever dropped."""
        return self.drop_highest != 0 or self.drop_lowest != 0


class TrimmedMean(_Dropping):
    """The mean after dropping the highest and the lowest scores."""

    method: Literal["trimmed_mean"]
    """trimmed_mean 去掉最高、最低后取平均"""
    level: Literal["indicator", "total"]
    """indicator 逐项指标去掉最高最低；total 按专家给出的总分去掉整张评分表"""
    total_of: Literal["base", "base_and_bonus"] | None = None
    """level 为 total 且有加分项时须声明：总分是否含加分"""


class Winsorised(_Dropping):
    """The mean after the highest and lowest scores are replaced by the nearest that remain."""

    method: Literal["winsorised_mean"]
    """winsorised_mean 把最高、最低换成相邻的评分后取平均"""
    level: Literal["indicator"]


class Median(_Aggregation):
    """The middle score, or the mean of the two middle ones."""

    method: Literal["median"]
    """median 取中位数"""
    level: Literal["indicator", "total"]
    """indicator 逐项指标取中位数；total 取总分居中的一张或两张评分表"""
    total_of: Literal["base", "base_and_bonus"] | None = None
    """level 为 total 且有加分项时须声明：总分是否含加分"""

    @model_validator(mode="after")
    def _without_weights(self) -> Self:
        if self.weights is not None:
            raise ValueError(_("中位数与专家的权重无关，请删去 weights 或改用平均"))
        return self


class NearMean(_Aggregation):
    """The mean without scores that are too far from the mean of all."""

    method: Literal["near_mean"]
    """near_mean 不计与平均相差过大的评分，其余取平均"""
    level: Literal["indicator", "total"]
    """indicator 逐项指标与各评分的平均相比；total 按总分与各评分表的平均相比，不计整张评分表"""
    total_of: Literal["base", "base_and_bonus"] | None = None
    """level 为 total 且有加分项时须声明：总分是否含加分"""
    percent: Number = Field(examples=["20"])
    """与全部有效评分的平均（有权重的加权）相差超过其百分之几的不计；只比较一遍"""
    at_percent: Literal["keep", "drop"]
    """恰好相差这么多的：keep 计入；drop 不计"""
    min_left: Whole = Field(examples=[3])
    """剩下的少于此数时，一个也不去掉"""
    below_min_left: Literal["mean"]
    """少于 min_left 时改用的方法"""

    @model_validator(mode="after")
    def _leaves_some(self) -> Self:
        if self.percent <= 0 or self.min_left < 1:
            raise ValueError(_("percent 须大于 0，min_left 至少是 1"))
        return self


class BestOf(_Aggregation):
    """The mean of the best scores, where each sheet is one of several runs."""

    method: Literal["best_of"]
    """best_of 只计最好的几个评分（几轮、几次中最好的），取平均"""
    level: Literal["indicator", "total"]
    """indicator 逐项指标取最好的；total 按总分取最好的评分表"""
    total_of: Literal["base", "base_and_bonus"] | None = None
    """level 为 total 且有加分项时须声明：总分是否含加分"""
    count: Whole = Field(examples=[2])
    """计最好的几个"""
    below_count: Literal["mean"]
    """有效评分不足此数时改用的方法"""

    @model_validator(mode="after")
    def _counts_some(self) -> Self:
        if self.count < 1:
            raise ValueError(_("count 至少是 1"))
        return self

    def dropped(self, n: int, *, lower: bool) -> tuple[int, int]:
        """How many of ``n`` valid scores go at the high end, and at the low end."""
        rest = max(n - self.count, 0)
        return (rest, 0) if lower else (0, rest)


Aggregation = Annotated[
    Mean | TrimmedMean | Winsorised | Median | NearMean | BestOf, Field(discriminator="method")
]

ByTotal = TrimmedMean | Median | NearMean | BestOf
"""Methods that may compare whole sheets."""
