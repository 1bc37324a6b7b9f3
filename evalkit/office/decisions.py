"""What an office puts on record about an applicant: who decided what, when, why and by which words.

A record is never changed: a correction or a withdrawal is a record of its own that names the one it
corrects. Records stand in the order in which they were made.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from evalkit.base.declared import Date, Declared, Identifier, Number, Whole, Words
from evalkit.base.text import Text, _

Outcome = Literal[
    "begun",
    "done",
    "passed",
    "returned",
    "rejected",
    "skipped",
    "objection",
    "dismissed",
    "upheld",
    "admitted",
    "not_admitted",
    "checked",
    "graded",
]

OUTCOMES: dict[Outcome, Text] = {
    "begun": _("开始公示"),
    "done": _("完成"),
    "passed": _("通过"),
    "returned": _("退回"),
    "rejected": _("不予通过"),
    "skipped": _("不必进行"),
    "objection": _("提出异议"),
    "dismissed": _("异议不成立"),
    "upheld": _("异议成立"),
    "admitted": _("受理异议"),
    "not_admitted": _("不予受理异议"),
    "checked": _("核查异议"),
    "graded": _("评定等次"),
}

PLAIN = {"begun", "done", "passed", "admitted", "graded"}
"""Outcomes that need no reason of their own."""

ANSWERS: frozenset[Outcome] = frozenset(
    {"admitted", "not_admitted", "checked", "dismissed", "upheld"}
)
"""What becomes of an objection, step by step."""

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""A SHA-256 in hexadecimal digits."""


class Record(Declared):
    """What every record says."""

    id: Identifier
    """本对象的记录中不重复，其他记录用它引用"""
    day: Date
    """作出的日期"""
    by: Identifier
    """谁作出的：persons 中的标识"""
    article: Words
    """所依据的条款，与指标体系文件中该环节或规定的 article 相同"""
    reason: Words | None = None
    corrects: Identifier | None = None
    """更正：所更正的记录；本条的内容代替它，日期仍用它的"""
    took_place: Date | None = None
    """更正日期时：实际的日期"""

    @model_validator(mode="after")
    def _explains(self) -> Record:
        if self.corrects is None and self.took_place is not None:
            raise ValueError(_("took_place 只用于更正（corrects）"))
        if self.took_place is not None and self.took_place > self.day:
            raise ValueError(_("实际日期 {day} 晚于更正的日期", day=self.took_place))
        if self.reason is None and self.needs_reason:
            raise ValueError(_("须写明理由（reason）"))
        return self

    @property
    def needs_reason(self) -> bool:
        """Whether nobody could understand the record without one."""
        return True


class Decision(Record):
    """What came of a stage of a procedure."""

    kind: Literal["decision"]
    round: Identifier
    """rounds 中的标识"""
    stage: Identifier
    outcome: Outcome
    grade: Identifier | None = None
    """outcome 为 graded 时：等次"""
    to: Identifier | None = None
    """outcome 为 returned 时：退回到哪一环节；upheld 时留空即不予认定"""
    answers: Identifier | None = None
    """outcome 为 admitted、not_admitted、checked、dismissed、upheld 时：所处理的异议的记录"""
    objector: Words | None = None
    """outcome 为 objection 时：提出异议的人，实名"""
    objector_is: Literal["applicant", "third_party"] | None = None
    """提出异议的是被评单位（applicant）还是第三方（third_party）"""
    results: Digest | None = None
    """取自锁定的评审结果时：结果摘要值"""
    root: Digest | None = None
    """取自锁定的评审结果时：评分记录的根哈希"""
    proposed: Literal["yes", "no", "tied_at_cut"] | None = None
    """结果中是否拟选；tied_at_cut 最后一个名额并列，由人决定"""

    @property
    def needs_reason(self) -> bool:
        """A correction, and whatever is not the plain course of things, is explained."""
        return self.corrects is not None or self.outcome not in PLAIN

    @model_validator(mode="after")
    def _complete(self) -> Decision:
        wrong = [
            name
            for name, must, may in (
                ("grade", {"graded"}, {"graded"}),
                ("to", {"returned"}, {"returned", "upheld"}),
                ("answers", ANSWERS, ANSWERS),
                ("objector", set(), {"objection"}),
                ("objector_is", set(), {"objection"}),
                ("results", set(), {"done", "passed", "rejected", "graded"}),
            )
            if (getattr(self, name) is None and self.outcome in must)
            or (getattr(self, name) is not None and self.outcome not in may)
        ]
        if (self.results is None) != (self.root is None):
            raise ValueError(_("results 和 root 要么都写，要么都不写"))
        if self.proposed is not None and self.results is None:
            raise ValueError(_("proposed 只用于取自结果的记录（results）"))
        if (self.objector is None) != (self.objector_is is None):
            raise ValueError(_("objector 和 objector_is 要么都写，要么都不写"))
        if wrong:
            raise ValueError(
                _("“{outcome}”与 {fields} 不相配", outcome=OUTCOMES[self.outcome], fields=wrong)
            )
        return self


class Ground(Record):
    """A fact that a rule on standing speaks of, as judged or reported by a named person."""

    kind: Literal["ground"]
    rule: Identifier
    """指标体系文件 standing 中的标识"""
    year: Whole
    """哪一年度的情形"""
    takes_effect: Date | None = None
    """变更或重大调整生效的日期；其他情形不写"""


class Answer(Record):
    """The decision on a proposal: it becomes a fact, or is declined."""

    kind: Literal["answer"]
    rule: Identifier
    cause: Identifier
    """引起这项建议的记录"""
    outcome: Literal["accepted", "declined"]


class Withdrawal(Record):
    """A record that should not stand."""

    kind: Literal["withdrawal"]
    corrects: Identifier


class Figure(Record):
    """What a recognised applicant reports on a duty: a number with its unit, or a document."""

    kind: Literal["figure"]
    duty: Identifier
    """指标体系文件 duties 中的标识"""
    year: Whole
    """哪一年度的"""
    period: Words | None = None
    """一年报送几次的：哪一次，如 上半年"""
    value: Number | None = None
    """原文有数量要求的（bound）：数值"""
    unit: Words | None = None
    evidence: Words
    """凭据：报告、统计表的名称或文号"""

    @property
    def needs_reason(self) -> bool:
        """The evidence explains it; a correction says why."""
        return self.corrects is not None

    @model_validator(mode="after")
    def _measured(self) -> Figure:
        if (self.value is None) != (self.unit is None):
            raise ValueError(_("数值（value）和单位（unit）要么都写，要么都不写"))
        return self


AnyRecord = Annotated[Decision | Ground | Answer | Withdrawal | Figure, Field(discriminator="kind")]


def subject(record: Record) -> tuple[str, ...]:
    """What ``record`` is about; a correction is about the same."""
    if isinstance(record, Decision):
        return ("decision", record.round, record.stage)
    if isinstance(record, Ground):
        return ("ground", record.rule)
    if isinstance(record, Answer):
        return ("answer", record.rule, record.cause)
    if isinstance(record, Figure):
        return ("figure", record.duty, str(record.year), record.period or "")
    return ("withdrawal",)
