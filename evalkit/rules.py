"""The rules of a round: every choice that a published text leaves open, declared and checked."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from evalkit.declared import Declared, Number, Whole, Words
from evalkit.rubric import Rubric
from evalkit.text import Text, _, render


class Mean(Declared):
    """The mean of all valid scores."""

    method: Literal["mean"]
    level: Literal["indicator", "total"]
    """indicator 逐项指标平均；total 只平均各项齐全的评分表"""


class TrimmedMean(Declared):
    """The mean after dropping the highest and the lowest scores."""

    method: Literal["trimmed_mean"]
    level: Literal["indicator", "total"]
    """indicator 逐项指标去掉最高最低；total 按专家给出的总分去掉整张评分表"""
    total_of: Literal["base", "base_and_bonus"] | None = None
    """level 为 total 且有加分项时须声明：总分是否含加分"""
    drop_highest: Whole
    drop_lowest: Whole
    min_n: Whole
    """有效评分少于此数时不去掉最高最低"""
    below_min_n: Literal["mean"]
    """少于 min_n 时改用的方法"""

    @model_validator(mode="after")
    def _leaves_some(self) -> TrimmedMean:
        if self.min_n <= self.drop_highest + self.drop_lowest:
            raise ValueError(
                _("min_n 须大于 drop_highest 与 drop_lowest 之和，否则可能一个评分也不剩")
            )
        return self


class Rounding(Declared):
    """When and how exact numbers become published ones."""

    mode: Literal["half_up"]
    """四舍五入"""
    stage: Literal["indicator", "dimension", "total"]
    """在哪一步四舍五入；此前一律保持精确值"""
    places: Whole = Field(le=6)
    """小数位数"""


class BonusRule(Declared):
    """How bonus items count in this round."""

    recognised_by: Literal["experts", "panel"]
    """experts 各专家分别计分后汇总；panel 由专家组统一认定一次"""
    scope: Literal["national", "national_or_provincial"]
    """哪一级的成果可以计分"""
    cap_stage: Literal["aggregate", "expert"]
    """aggregate 汇总后封顶；expert 每位专家先封顶再汇总"""


class Disclosure(Declared):
    """What an applicant may be told about how experts scored, and the public about results."""

    min_experts: Whole
    """计入的评分少于此数时，不向被评单位列出各评分"""
    min_applicants: Whole
    """参评对象少于此数时，不向被评单位给出全体的统计"""
    public: tuple[Literal["rank", "total"], ...] | None = None
    """公示名单除名称外还列什么：rank 名次（并按名次排列）、total 总分；不声明就不出公示名单"""


class Rules(Declared):
    """Every choice that the published text leaves open. There are no defaults."""

    step: Number
    """打分的最小单位"""
    aggregation: Annotated[Mean | TrimmedMean, Field(discriminator="method")]
    """多位专家的评分如何汇总"""
    missing: Literal["refuse", "exclude"]
    """专家漏评：refuse 不出结果；exclude 该评分不计入"""
    recusal: Literal["exclude_indicator", "exclude_expert"]
    """专家对某项指标回避：只不计该项，或不计该专家对这一对象的全部评分"""
    rounding: Rounding
    bonus: BonusRule | None = None
    ties: tuple[Words, ...]
    """总分相同时依次比较：base、bonus、dimension:<id>、indicator:<id>；仍相同则并列"""
    disclosure: Disclosure


MOST_UNITS = 10**12
"""The largest total in units of the smallest score, so that sums over experts stay exact."""

RULE_NAMES: dict[str, Text] = {
    "step": _("打分的最小单位"),
    "aggregation": _("多位专家评分的汇总方法"),
    "missing": _("漏评的处理"),
    "recusal": _("回避的处理"),
    "rounding": _("四舍五入的环节和位数"),
    "bonus": _("加分项的认定与封顶"),
    "ties": _("总分相同的排序"),
    "disclosure": _("向被评单位反馈的程度"),
}


def rule_problems(rules: Rules, rubric: Rubric) -> Iterator[tuple[tuple[str | int, ...], Text]]:
    """What in ``rules`` does not fit ``rubric``: the path below ``rules`` and the reason."""
    if not rubric.indicators:
        yield (), _("原文没有指标表，这套指标不能直接用于评分")
    if measured := [i.name for i in rubric.indicators if i.kind != "qualitative"]:
        # a measured value has one right score: a mean of opinions would be a wrong number
        text = _("这套指标有 {n} 项须由测量值计分（如“{name}”），不能由专家评分汇总")
        yield (), Text(text.message, {"n": len(measured), "name": measured[0]})
    if rules.step <= 0:
        yield ("step",), _("打分的最小单位须大于 0")
    elif off := [i.name for i in rubric.indicators if i.points % rules.step]:
        yield (
            ("step",),
            _("最小单位 {step} 除不尽这些指标的分值：{names}", step=rules.step, names=off),
        )
    trimmed = rules.aggregation if isinstance(rules.aggregation, TrimmedMean) else None
    if trimmed and trimmed.level == "total" and rubric.bonus and trimmed.total_of is None:
        yield ("aggregation",), _("level 为 total 时须声明 total_of：总分是否含加分")
    if (rubric.points or 0) * scale(rubric, rules) > MOST_UNITS:
        yield ("step",), _("分值过大或小数位数过多，无法精确计算")
    if rules.bonus is None and rubric.bonus:
        yield ("bonus",), _("这套指标有加分项，不能留空")
    keys = tie_keys(rubric)
    for n, key in enumerate(rules.ties):
        if key not in keys:
            yield ("ties", n), _("“{key}”不可用，可选：{keys}", key=key, keys=render(list(keys)))


def tie_keys(rubric: Rubric) -> tuple[str, ...]:
    """What a tie chain may name for ``rubric``."""
    return (
        "base",
        "bonus",
        *(f"dimension:{d.id}" for d in rubric.dimensions),
        *(f"indicator:{i.id}" for i in rubric.indicators),
    )


def scale(rubric: Rubric, rules: Rules) -> int:
    """Units a point is counted in: the power of ten in which every allowed score is whole."""
    numbers = [rules.step, *(i.points for i in rubric.indicators)]
    numbers += [n for b in rubric.bonus for n in (b.points, b.item.min, b.item.max)]
    places = max(-int(Decimal(n).as_tuple().exponent) for n in numbers)
    return int(10 ** max(places, 0))
