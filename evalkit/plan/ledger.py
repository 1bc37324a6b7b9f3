"""The ledger of a plan (重点工作台账): what its office declares and reports in a year."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Literal

from pydantic import (
    BeforeValidator,
    Discriminator,
    Field,
    PlainSerializer,
    Tag,
    WithJsonSchema,
    model_validator,
)

from evalkit.base import canonical
from evalkit.base.declared import Date, Declared, Identifier, Number, Whole, Words, decimal
from evalkit.base.errors import InputError
from evalkit.base.text import _
from evalkit.panel import Person
from evalkit.plan.changes import Follows, Move, Reminder
from evalkit.rubric import Rubric

FORMAT = "evalkit-ledger/1"

UNLIMITED = "unlimited"
UNDECIDED = "undecided"

Ceiling = Annotated[
    Number | None,
    BeforeValidator(lambda text: None if text == UNLIMITED else decimal(text)),
    PlainSerializer(lambda number: UNLIMITED if number is None else format(number, "f")),
    WithJsonSchema({"type": ["string", "number"]}),
]
"""A number, or None for ``unlimited``."""


class Official(Person):
    """Somebody of the office, or whom it names."""

    post: Words
    """职务或所在单位"""


class Judge(Official):
    """Who decides whether a target without a number is attained."""


class About(Declared):
    """What 左右 means for one target, in its unit."""

    below: Number
    """可以低于目标数多少"""
    above: Ceiling
    """可以高于目标数多少；unlimited 不限"""

    @model_validator(mode="after")
    def _positive(self) -> About:
        if self.below < 0 or (self.above is not None and self.above < 0):
            raise ValueError(_("允许范围须不小于 0"))
        return self


Decision = Annotated[
    Annotated[About, Tag("about")] | Annotated[Literal["undecided"], Tag("word")],
    Discriminator(lambda value: "word" if value == UNDECIDED else "about"),
]


class Rules(Declared):
    """What the text of the plan leaves open."""

    about: Mapping[Identifier, Decision] = {}
    """“左右”：每个目标的允许范围；undecided 尚未确定"""
    range: Mapping[Identifier, Literal["exact", "or_more"]] = {}
    """区间目标超过上限：exact 不算完成，or_more 也算完成"""
    by: Mapping[Identifier, Date] = {}
    """原文只写年限（如 3-5年）的目标：哪天到期"""
    judges: tuple[Judge, ...] = ()
    """没有数量的目标由谁认定"""
    assessed: tuple[Date, ...] = Field(min_length=1)
    """本年度评估并通报的日期，由早到晚"""


class Unit(Declared):
    """A responsible unit."""

    id: Identifier
    name: Words
    """单位全称"""
    written: tuple[Words, ...] = ()
    """原文责任单位一栏中对它的写法，一个不漏"""
    tasks: tuple[Identifier, ...] = ()
    """原文没有写明责任单位、由办公室定给它的任务"""


class Measurement(Declared):
    """A measured value of a target."""

    target: Identifier
    value: Number
    unit: Words
    """计量单位，须与目标的一致，如 亿元"""
    as_of: Date
    """数据截至哪一天"""
    source: Words
    """数据出处"""


class Judgement(Declared):
    """What a judge found about a target without a number."""

    target: Identifier
    judge: Identifier
    judged_on: Date
    verdict: Literal["met", "not_met"]
    reason: Words


class Milestone(Declared):
    """A time node of a task (时间节点): one row of the ledger."""

    task: Identifier
    unit: Words
    """责任单位：标识、全称或原文写法"""
    name: Words
    """节点内容"""
    due: Date
    state: Literal["done", "ongoing", "not_started"]
    done: Date | None = None
    """完成日期"""
    evidence: Words | None = None
    note: Words | None = None
    originally: Date | None = None
    """从上一年度结转的：原定的完成时限"""
    moved: tuple[Move, ...] = ()
    """改期的经过，由早到晚；due 是最后一次改成的时限"""

    def due_on(self, day: str) -> str:
        """The due day that counted on ``day``."""
        return next((move.was for move in self.moved if move.on > day), self.due)

    def moves(self, day: str) -> tuple[Move, ...]:
        """The moves that counted on ``day``."""
        return tuple(move for move in self.moved if move.on <= day)

    @property
    def first(self) -> str:
        """The due day that the ledger of this year began with."""
        return self.moved[0].was if self.moved else self.due

    @model_validator(mode="after")
    def _moved_in_order(self) -> Milestone:
        days = [move.on for move in self.moved]
        if days != sorted(days):
            raise ValueError(_("改期须由早到晚排列"), ("moved",))
        return self

    @model_validator(mode="after")
    def _proved(self) -> Milestone:
        if self.state == "done" and (self.done is None or self.evidence is None):
            raise ValueError(_("已完成的须写完成日期和佐证材料"))
        if self.state != "done" and self.done is not None:
            raise ValueError(_("有完成日期的，状态须为已完成"))
        return self


class Ledger(Declared):
    """One year of one plan. Immutable; load it with `folder.read_ledger`."""

    format: Literal["evalkit-ledger/1"]
    id: Identifier
    title: Words
    rubric: Identifier
    """规划的标识"""
    year: Whole
    as_of: Date
    """台账登记到哪一天"""
    office: Words
    """编制台账、评估并通报的办公室"""
    rules: Rules
    units: tuple[Unit, ...]
    """责任单位"""
    staff: tuple[Official, ...] = ()
    """谁可以登记台账的变动"""
    follows: Follows | None = None
    """有结转的时间节点时：从哪一年度的台账结转"""
    measurements: tuple[Measurement, ...] = ()
    """目标的数据"""
    judgements: tuple[Judgement, ...] = ()
    """没有数量的目标的认定"""
    milestones: tuple[Milestone, ...] = ()
    """时间节点；也可以放在台账表里，写 table"""
    reminders: tuple[Reminder, ...] = ()
    """跟踪督导：发出和答复"""
    table: Words | None = None
    """台账表的文件名，如 milestones.csv，与本文件放在一起"""

    @model_validator(mode="after")
    def _in_one_place(self) -> Ledger:
        if self.table is not None and self.milestones:
            raise ValueError(_("时间节点写在本文件里（milestones）或台账表里（table），只能用一处"))
        return self

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content, whether its milestones stand in the file or in a table."""
        content = self.model_dump(mode="json", exclude_defaults=True, exclude={"table"})
        return canonical.digest(content)

    @cached_property
    def named(self) -> dict[str, Unit]:
        """The unit behind each id, full name and wording of the text."""
        return {name: u for u in self.units for name in (u.id, u.name, *u.written)}

    @property
    def people(self) -> dict[str, Official]:
        """Everybody who may record: the staff, and those who judge."""
        return {person.id: person for person in (*self.rules.judges, *self.staff)}

    def responsible(self, rubric: Rubric) -> dict[str, tuple[Unit, ...]]:
        """The units of each task in the order of the text, or else of the ledger."""
        return {
            task.id: tuple(self.named[name] for name in task.units)
            or tuple(u for u in self.units if task.id in u.tasks)
            for task in rubric.tasks
        }

    def unit(self, name: str) -> Unit:
        """The unit with this id or name. Raises InputError for an unknown one."""
        if name not in self.named:
            text = _("台账 {ledger} 中没有责任单位 {name}", ledger=self.id, name=name)
            raise InputError(text)
        return self.named[name]
