"""The rules of a round: every choice that a published text leaves open, declared and checked."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from evalkit.base.declared import Declared, Identifier, Number, Whole, Words
from evalkit.base.text import _
from evalkit.panel.aggregation import Aggregation
from evalkit.rubric.measures import MeasureRule

if TYPE_CHECKING:
    from evalkit.scoring.points import Rounder


def _undeclared(value: object) -> bool:
    """Whether an optional rule was left out; then the dumped rules have no such key either."""
    return value is None


class Rounding(Declared):
    """When and how exact numbers become published ones."""

    mode: Literal["half_up", "half_even", "down", "up"]
    """half_up 四舍五入；half_even 四舍六入五成双；down 去尾（向 0）；up 进一（离 0）"""
    stage: Literal["score", "score_indicator", "score_dimension", "indicator", "dimension", "total"]
    """在哪一步四舍五入，此前保持精确值。score…：汇总后、乘系数前先取整，再在后一步（score：总分）取整"""
    places: Whole = Field(le=6, examples=[2])
    """小数位数"""
    step: Number | None = Field(None, exclude_if=_undeclared)
    """取整到此数的倍数，如 0.5；不写即取整到最后一位小数"""

    @property
    def rounder(self) -> Rounder:
        """To published numbers, counted in units of the last place."""
        from evalkit.scoring.points import Rounder  # with numpy, which a check of the file spares

        units = int(self.step.scaleb(self.places)) if self.step else 1
        return Rounder(self.mode, units)

    @property
    def of_scores(self) -> bool:
        """Whether combined scores are rounded before they are multiplied by their factor."""
        return self.stage.startswith("score")

    @property
    def sums_at(self) -> str:
        """``indicator``, ``dimension`` or ``total``: what is rounded, and added up rounded."""
        return "total" if self.stage == "score" else self.stage.removeprefix("score_")


class BonusRule(Declared):
    """How bonus items count in this round."""

    recognised_by: Literal["experts", "panel"]
    """experts 各专家分别计分后汇总；panel 由专家组统一认定一次"""
    scope: Literal["national", "national_or_provincial"]
    """哪一级的成果可以计分"""
    cap_stage: Literal["aggregate", "expert"]
    """aggregate 汇总后封顶；expert 每位专家先封顶再汇总"""


class Common(Declared):
    """A scale with a declared mean and spread."""

    mean: Number = Field(examples=["70"])
    spread: Number = Field(examples=["10"])
    """换算后的标准差"""


class Standardise(Declared):
    """Every expert's scores on an indicator are brought to a common mean and spread."""

    to: Literal["panel"] | Common = Field(examples=["panel", {"mean": 70, "spread": 10}])
    """panel 换算到该项指标全部有效评分的平均和标准差；或写明平均和标准差"""
    spread: Literal["population", "sample"]
    """标准差：population 除以 n；sample 除以 n-1"""
    digits: Whole = Field(le=4, examples=[4])
    """标准差和换算后的评分四舍五入到几位小数，此前此后都保持精确值"""
    min_n: Whole = Field(examples=[3])
    """专家在该项指标上的有效评分少于此数时不换算"""
    below_min_n: Literal["as_scored"]
    """少于 min_n 时按原评分计"""
    all_equal: Literal["mean"]
    """专家的评分全都相同的，换算为平均"""
    outside: Literal["clip"]
    """换算后超出打分范围的，按范围的一端计"""

    @model_validator(mode="after")
    def _has_enough(self) -> Self:
        if self.min_n < 2:
            raise ValueError(_("min_n 至少是 2：一个评分没有标准差"))
        if self.to != "panel" and self.to.spread <= 0:
            raise ValueError(_("换算后的标准差须大于 0"))
        return self


class Placings(Declared):
    """Ranks as scores: the experts' placings are added up, and the least sum ranks first."""

    of: Literal["base", "base_and_bonus"]
    """各专家按自己给出的总分排名次：base 不含加分；base_and_bonus 含加分"""
    tied: Literal["least", "mean"]
    """同一专家给的总分相同：least 都取靠前的名次（1、2、2、4）；mean 取平均（1、2.5、2.5、4）"""
    incomplete: Literal["refuse", "exclude_expert"]
    """专家没有给每个参加排名的对象都打齐：refuse 不出结果；exclude_expert 其名次不计入"""


class DeductionRule(Declared):
    """How deductions count in this round."""

    floor: Literal["zero", "none"]
    """zero 总分扣到 0 分为止；none 可以为负"""


class Measures(Declared):
    """How measured values count in this round."""

    missing: Literal["refuse", "zero"]
    """没有测量值：refuse 不出结果；zero 按规则计 0 分，并在结果里注明"""
    indicators: dict[Words, MeasureRule] = Field(default_factory=dict)
    """每个定量、定性+定量指标的计分方法；原文已经写明的不必再写"""


class GateRule(Declared):
    """Conditions of entry. A condition that failed always leaves an applicant without a rank."""

    unknown: Literal["refuse", "exclude"]
    """条件是否满足尚不清楚：refuse 不出结果；exclude 该对象不参加排名"""


class _Bounded(Declared):
    """A published number from which on something is reached: the least, or the greatest."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["at_least"]}, {"required": ["at_most"]}]}
    )

    at_least: Number | None = None
    """总分越高越好的：不低于此数即达到"""
    at_most: Number | None = None
    """总分越低越好的：不高于此数即达到"""

    @model_validator(mode="after")
    def _has_one(self) -> Self:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError(
                _("须写一个分数线：总分越高越好的写 at_least，总分越低越好的写 at_most")
            )
        return self

    @property
    def bound(self) -> Decimal:
        """The number itself; whoever is on it has reached it."""
        return next(number for number in (self.at_least, self.at_most) if number is not None)


class GradeCut(_Bounded):
    """The published total from which on a grade is reached."""

    grade: Identifier


class Minimum(_Bounded):
    """A condition of rank on one published number."""

    of: Words = Field(examples=["base"])
    """公布的哪一个数：total、base、bonus、dimension:<id>、indicator:<id>"""


class Selection(Declared):
    """How many are proposed for selection. Equal ranks at the last place go together."""

    places: Whole | dict[Words, Whole] = Field(examples=[3])
    """名额；分组评审的逐组写明"""
    tie_at_cut: Literal["all", "none"]
    """最后一名并列而名额不够：all 都列入；none 都不列入，由人决定"""


class Commitment(Declared):
    """What each expert promises on confidence (保密) and conflicts of interest (回避)."""

    text: Words = Field(examples=["本人承诺对评审情况保密；与评审对象有利害关系的，主动回避。"])
    """承诺书的全文；改动的，须重新承诺"""
    before: Literal["scoring", "lock"]
    """scoring 承诺之后才能打分；lock 锁定之前补齐"""

    @property
    def digest(self) -> str:
        """SHA-256 of the text: which text somebody committed to."""
        return hashlib.sha256(self.text.encode()).hexdigest()


Public = Literal["rank", "total", "grade", "dimensions", "bonus", "deductions"]


class Disclosure(Declared):
    """What an applicant may be told about how experts scored, and the public about results."""

    min_experts: Whole = Field(examples=[3])
    """一项的评分少于此数时，不向被评单位列出各评分"""
    min_applicants: Whole = Field(examples=[5])
    """有名次的对象少于此数时，不给出全体的统计；由统计能推出别的对象得分的，无论此数多少都不给出"""
    public: tuple[Public, ...] | None = None
    """公开什么：rank 名次（名单按名次排列）、total 总分、grade 等次，列入公示名单和公开的报告；
    dimensions 一级指标、bonus 加分、deductions 扣分，只列入公开的报告；不声明就不公示"""


class Discussion(Declared):
    """When those who run the round may see how far experts lie apart, and discuss it."""

    opens: Literal["after_all_submitted", "after_own_submitted", "never"]
    """锁定之前何时看各专家的分歧并讨论：after_all_submitted 应交的评分表全部提交之后；
    after_own_submitted 组长在自己的全部提交之后，评审秘书随时，只看已提交的；never 不看也不讨论"""
    experts: Literal["named", "anonymous"]
    """分歧里写不写是哪一位专家：named 写姓名；anonymous 不写"""


class Rules(Declared):
    """Every choice that the published text leaves open. There are no defaults."""

    step: Number = Field(examples=["0.5"])
    """打分的最小单位"""
    aggregation: Aggregation
    """多位专家的评分如何汇总"""
    missing: Literal["refuse", "exclude"]
    """专家漏评：refuse 不出结果；exclude 该评分不计入"""
    recusal: Literal["exclude_indicator", "exclude_expert"]
    """专家对某项指标回避：只不计该项，或不计该专家对这一对象的全部评分"""
    rounding: Rounding
    bonus: BonusRule | None = None
    deductions: DeductionRule | None = None
    measures: Measures | None = None
    """有定量、定性+定量指标时须声明"""
    gates: GateRule | None = None
    """认定程序有准入条件时须声明"""
    grades: tuple[GradeCut, ...] | None = None
    """程序分等次时须声明：从最好的等次写起，总分到哪条线（含本数）为这一等次；最后一个等次不写"""
    ranking: Literal["overall", "by_group"] | None = None
    """评审对象分组时须声明：统一排名，或各组分别排名"""
    selection: Selection | Literal["none"] | None = None
    """原文规定择优时须声明：拟选名额；本轮不定名额的写 none"""
    ties: tuple[Words, ...] = Field(examples=[[], ["base"]])
    """总分相同时依次比较，仍相同则并列；公布的（取整后的）base、bonus、dimension:<id>、indicator:<id>，
    或取整前的 unrounded:total、unrounded:base、unrounded:dimension:<id>、unrounded:indicator:<id>，
    或各专家的 best_sheet、worst_sheet、best_score:<id>、worst_score:<id>、top_scores"""
    standardise: Standardise | None = Field(None, exclude_if=_undeclared)
    """可以声明：先把每位专家在每项指标上的评分换算到同样的平均和标准差，再汇总"""
    minimums: tuple[Minimum, ...] | None = Field(
        None, exclude_if=_undeclared, examples=[[{"of": "base", "at_least": "60"}]]
    )
    """可以声明：某一公布的数没有达到的，不参加排名，不评等次"""
    placings: Placings | None = Field(None, exclude_if=_undeclared)
    """可以声明：不按总分，按各专家名次之和排名，和小者在前"""
    discussion: Discussion | None = Field(None, exclude_if=_undeclared)
    """可以声明：锁定之前组长和评审秘书何时可以看各专家的分歧、组织讨论；不声明就不看，也不讨论"""
    disclosure: Disclosure
    withdrawal: Literal["until_lock", "never"] | None = Field(None, exclude_if=_undeclared)
    """提交了的评分表，专家可否自己收回再改：until_lock 锁定之前可以；never 不可以，由评审秘书退回。
    没有声明的，一概不能收回"""
    commitment: Commitment | Literal["none"] = Field(
        "none", exclude_if=lambda value: value == "none"
    )
    """专家的保密和回避承诺：none 本轮不在系统里登记；或写明承诺书和何时之前作出。
    没有声明的，不登记"""

    @property
    def committing(self) -> Commitment | None:
        """What experts have to commit to; None where the round asks for nothing."""
        return None if self.commitment == "none" else self.commitment

    @property
    def selecting(self) -> Selection | None:
        """How many are proposed; None where the round has no places."""
        return None if self.selection == "none" else self.selection
