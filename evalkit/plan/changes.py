"""What happens to a ledger in its year: milestones moved, units reminded (督导), the year after."""

from __future__ import annotations

from pydantic import model_validator

from evalkit.base.declared import Date, Declared, Identifier, Whole, Words
from evalkit.base.text import _


class Move(Declared):
    """A milestone got another due day; until the day before, the old one counts."""

    was: Date
    """改期前的完成时限"""
    on: Date
    """从哪一天起按新的时限"""
    by: Words
    """谁登记的"""
    reason: Words


class Topic(Declared):
    """A milestone, by its task and its name."""

    task: Identifier
    name: Words


class Reply(Declared):
    """What a unit answered. A day that it promises moves nothing: the office does that."""

    on: Date
    by: Words
    """谁登记的"""
    text: Words
    promised: Date | None = None
    """答复中承诺的完成日期"""


class Reminder(Declared):
    """A unit was reminded of what it has not done (跟踪督导)."""

    on: Date
    unit: Words
    """责任单位：标识、全称或原文写法"""
    about: tuple[Topic, ...]
    """督导的时间节点"""
    answer_by: Date
    """答复时限"""
    by: Words
    """谁发出的"""
    text: Words
    """督导内容，或督导函的文号"""
    reply: Reply | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Reminder:
        if self.answer_by < self.on:
            raise ValueError(_("答复时限不能早于发出的日期"), ("answer_by",))
        if self.reply is not None and self.reply.on < self.on:
            raise ValueError(_("答复不能早于督导"), ("reply", "on"))
        return self


class Follows(Declared):
    """The ledger of the year before, from which open milestones were carried over."""

    ledger: Identifier
    """上一年度台账的标识"""
    year: Whole
    digest: Words
    """结转时上一年度台账的摘要值"""
    root: Words | None = None
    """上一年度登记记录的根哈希；没有登记记录的不写"""
