"""What people record in a ledger after its year has begun: one class for each kind of event.

A milestone is named by its number: its place in the ledger that was declared, from 1; those that
are added during the year go on counting.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from evalkit.base.build import build
from evalkit.base.declared import Date, Declared, Identifier, Number, Whole, Words
from evalkit.base.errors import InputError
from evalkit.base.text import _
from evalkit.base.yamltext import Tree


class Act(Declared):
    """Something that a person records."""

    day: Date
    """哪一天的事"""
    reason: Words | None = None
    """理由；更正以前的记录时须写"""


class Begun(Act):
    """The declared ledger, which stays as it is from now on: changes are recorded."""

    ledger: Words
    rubric: Words


class Progressed(Act):
    """A milestone is done, or stands otherwise than before."""

    milestone: Whole = Field(ge=1)
    state: Literal["done", "ongoing", "not_started"]
    done: Date | None = None
    evidence: Words | None = None
    note: Words | None = None

    @model_validator(mode="after")
    def _not_ahead(self) -> Progressed:
        if self.done is not None and self.done > self.day:
            text = _("完成日期 {done} 晚于登记的日期 {day}", done=self.done, day=self.day)
            raise ValueError(text, ("done",))
        return self


class Moved(Act):
    """A milestone gets another due day."""

    milestone: Whole = Field(ge=1)
    due: Date
    reason: Words


class Added(Act):
    """A milestone that the ledger did not have."""

    task: Identifier
    unit: Words
    name: Words
    due: Date
    note: Words | None = None
    reason: Words


class Measured(Act):
    """A value of a target."""

    target: Identifier
    value: Number
    unit: Words
    as_of: Date
    source: Words


class Judged(Act):
    """What a judge, who is the author, found about a target without a number on that day."""

    target: Identifier
    verdict: Literal["met", "not_met"]
    reason: Words


class Reminded(Act):
    """A unit is reminded of milestones (督导)."""

    unit: Words
    about: Words
    """时间节点的编号，用逗号隔开"""
    answer_by: Date
    text: Words


class Replied(Act):
    """A unit answered the reminder with this number."""

    reminder: Whole = Field(ge=1)
    text: Words
    promised: Date | None = None


class Published(Act):
    """The assessment of that day was published (评估并通报); ``digest`` is what it said."""

    digest: Words


ACTS: Mapping[str, type[Act]] = {
    "begun": Begun,
    "milestone": Progressed,
    "moved": Moved,
    "added": Added,
    "measurement": Measured,
    "judgement": Judged,
    "reminder": Reminded,
    "reply": Replied,
    "published": Published,
}


def act(kind: str, payload: Mapping[str, str]) -> Act:
    """The act of this kind. Raises InputError with the field for each thing that is wrong."""
    if kind not in ACTS:
        text = _("没有“{kind}”这种记录，可选：{kinds}", kind=kind, kinds=list(ACTS))
        raise InputError(text)
    return build(ACTS[kind], Tree(dict(payload), {(name,): 1 for name in payload}, ""))
