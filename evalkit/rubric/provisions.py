"""What a published text provides besides points: conditions, procedures, standing, targets.

Every element names the article that it comes from and quotes its words, so that a decision can be
traced to the text and a text can be searched for what no element mentions.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal, get_args

from pydantic import Field, model_validator

from evalkit.base.declared import Date, Declared, Identifier, Number, Whole, Words
from evalkit.base.text import _


class Provision(Declared):
    """A passage of the text that means something for the round."""

    id: Identifier
    article: Words
    """条款，如 第九条（一）"""
    text: Words
    """原文，逐字"""


class Contact(Provision):
    """Where those who run the round can be reached."""

    office: Words
    """联系的处室"""
    address: Words | None = None
    phone: Words | None = None
    email: Words | None = None


class Reading(Provision):
    """How this file reads words that can be read in more than one way, and why.

    It is not a `Silence`: the text says something, and the file had to decide what that means.
    """

    reading: Words
    """怎么读"""
    why: Words
    """为什么这样读"""
    about: tuple[Identifier, ...] = ()
    """按这一读法写的条目；留空即全文"""


class Measure(Declared):
    """A quantity with the unit in which it is stated."""

    name: Words
    unit: Words


class Bound(Declared):
    """What a measured value has to be: 以上 and 不低于 include the number, 超过 and 不满 do not."""

    measure: Measure
    at_least: Number | None = None
    above: Number | None = None
    at_most: Number | None = None
    below: Number | None = None

    @model_validator(mode="after")
    def _has_one(self) -> Bound:
        if all(x is None for x in (self.at_least, self.above, self.at_most, self.below)):
            raise ValueError(_("至少写明 at_least、above、at_most、below 之一"))
        lower = [(x, x == self.above) for x in (self.at_least, self.above) if x is not None]
        upper = [(x, x == self.below) for x in (self.at_most, self.below) if x is not None]
        for low, more in lower:
            for high, less in upper:
                if low > high or (low == high and (more or less)):
                    raise ValueError(
                        _("没有数能同时满足下限 {low} 和上限 {high}，请核对", low=low, high=high)
                    )
        return self

    def met(self, value: Decimal) -> bool:
        """Whether ``value``, in the unit of the measure, keeps every limit [CC1259]_."""
        return (
            (self.at_least is None or value >= self.at_least)
            and (self.above is None or value > self.above)
            and (self.at_most is None or value <= self.at_most)
            and (self.below is None or value < self.below)
        )


class Gate(Provision):
    """A condition of entry: pass, fail or unknown. Without a bound a person judges it."""

    bound: Bound | None = None


class Duty(Provision):
    """What a recognised applicant owes afterwards. It is no gate."""

    bound: Bound | None = None
    yearly: bool = False


class Stage(Provision):
    """A step of a procedure, in the order of the text."""

    name: Words
    actor: Words | None = None
    """由谁做；原文没有写明的留空，由办公室声明"""
    needs: tuple[Identifier, ...] = ()
    """所需材料或条件的标识"""
    period: Literal["publicity", "deadline"] | None = None
    """原文以期限为前提而没有写明的：publicity 公示若干天，其间可提异议；deadline 须在某日前完成"""
    optional: bool = False
    """true：原文为“必要的”“可以”，做不做由人决定"""


class Grade(Declared):
    """A grade of an evaluation; what follows from it is a `StandingRule`."""

    id: Identifier
    name: Words
    passes: bool
    """是否算合格"""


class Procedure(Provision):
    """How applicants are recognised, or evaluated afterwards; two procedures, two tables."""

    name: Words
    kind: Literal["recognition", "evaluation"]
    table: Literal["rubric", "panel"]
    """rubric 用本文件的指标表；panel 原文没有指标表，由评审组声明"""
    interval_open: bool = False
    """true：原文为“定期”而没有写明多久一次"""
    stages: tuple[Stage, ...] = Field(min_length=1)
    grades: tuple[Grade, ...] = ()
    titles: tuple[Words, ...] = ()
    """授予的名称，逐字"""

    @property
    def list_name(self) -> str | None:
        """What its stages call the list of those who are proposed, as 拟认定示范区名单."""
        words = (found for s in self.stages if (found := re.search("拟[^，,。、；]*?名单", s.text)))
        return next((found[0] for found in words), None)


GroundKind = Literal[
    "absent_unjustified",
    "report_overdue",
    "false_material",
    "entity_ended",
    "serious_breach",
    "other",
    "unfit",
    "changed",
    "reorganised",
]
"""What may be on record besides a grade. Whether it is so is the judgement of a named person."""


class StandingRule(Provision):
    """What follows for a recognised applicant from its rounds. A person decides."""

    when: Literal[
        "graded", "failed", "failed_consecutively", "failed_after_rectification", GroundKind
    ]
    grades: tuple[Identifier, ...] = ()
    """when 为 graded 时：哪些等次"""
    rounds: Whole | None = None
    """when 为 failed_consecutively 时：连续几个年度，至少 2"""
    judge: Words | None = None
    """由谁认定或提出这一情形；原文没有写明的留空，由办公室声明"""
    then: Literal[
        "recommend",
        "favour",
        "support",
        "rectify",
        "revoke",
        "counts_as_failed",
        "restart",
        "consent",
        "notify",
    ]
    actor: Words | None = None
    """由谁决定；原文没有写明的留空，由办公室声明"""
    days_open: bool = False
    """true：原文以期限为前提而没有写明天数，如整改期限、提前多少天告知"""

    @property
    def on_ground(self) -> bool:
        """Whether it rests on a ground that somebody has to put on record, not on a grade."""
        return self.when in get_args(GroundKind)

    @model_validator(mode="after")
    def _names_grades(self) -> StandingRule:
        if bool(self.grades) != (self.when == "graded"):
            raise ValueError(_("when 为 graded 时须写 grades（哪些等次），其他情形不写"))
        if (self.rounds is None) == (self.when == "failed_consecutively"):
            raise ValueError(
                _("when 为 failed_consecutively 时须写 rounds（连续几个年度），其他情形不写"),
                ("rounds",),
            )
        if self.rounds is not None and self.rounds < 2:
            raise ValueError(_("连续不合格至少是 2 个年度，请核对 rounds"), ("rounds",))
        return self


class Target(Provision):
    """What a plan wants to reach by a date."""

    measure: Measure | None = None
    term: Literal["at_least", "above", "range", "about", "unquantified"]
    """at_least 含本数；above“突破”“超过”不含本数；about“左右”；unquantified“一批”"""
    value: Number | None = None
    upper: Number | None = None
    by: Date | None = None
    """到期日；原文只写年限（如 3-5年）的留空，由办公室在台账文件中声明"""

    @model_validator(mode="after")
    def _quantified(self) -> Target:
        if (self.value is None) != (self.term == "unquantified"):
            raise ValueError(_("有数量的目标须写 value，没有数量的（一批）不写"))
        if (self.upper is None) != (self.term != "range"):
            raise ValueError(_("只有区间目标（range）须写 upper"))
        if self.value is not None and self.upper is not None and self.value >= self.upper:
            raise ValueError(
                _("区间 {value}—{upper} 须由小到大，请核对", value=self.value, upper=self.upper),
                ("upper",),
            )
        if self.measure is None and self.term != "unquantified":
            raise ValueError(_("有数量的目标须写 measure（名称和单位）"))
        return self


class TimeNode(Declared):
    """A time at which the text itself wants a part of a task done."""

    name: Words
    """做什么，原文的话"""
    due: Date | None = None
    """完成时限"""
    yearly: bool = False
    """true：原文为“每年”"""

    @model_validator(mode="after")
    def _has_a_time(self) -> TimeNode:
        if (self.due is None) != self.yearly:
            raise ValueError(_("写明 due（完成时限），或 yearly: true（每年），二者取一"))
        return self


class Task(Provision):
    """What responsible units have to do; a plan gives it no number and no points."""

    name: Words
    units: tuple[Words, ...] = ()
    """责任单位；原文没有写明的留空"""
    nodes: tuple[TimeNode, ...] = ()
    """原文写明的时间节点；没有的留空，由办公室按年度列出"""

    def within(self, year: int) -> tuple[TimeNode, ...]:
        """The nodes that the text sets for ``year``."""
        return tuple(n for n in self.nodes if n.due is None or n.due.startswith(f"{year:04}-"))
