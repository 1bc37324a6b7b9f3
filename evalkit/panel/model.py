"""The panel: who scores whom in this round, and every rule that the published text leaves open."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field

from evalkit.base import canonical, terms
from evalkit.base.declared import Date, Declared, Identifier, Words, wrong_day
from evalkit.base.errors import InputError
from evalkit.base.shown import Shown
from evalkit.base.text import Text, _
from evalkit.panel import lists
from evalkit.panel.assigning import Assigning
from evalkit.panel.conflicts import Apart, kept_apart
from evalkit.panel.people import (
    Applicant,
    Claim,
    Conflict,
    Expert,
    Organisation,
    Person,
    Relation,
)
from evalkit.panel.rules import Rules
from evalkit.rubric import Rubric
from evalkit.rubric.indicators import Table
from evalkit.rubric.provisions import Procedure

if TYPE_CHECKING:
    import pandas as pd

FORMAT = "evalkit-panel/1"


def _instant(text: Any) -> Any:
    if isinstance(text, str) and (wrong := wrong_day(text) or _wrong_hour(text)):
        raise ValueError(wrong)
    try:
        instant = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        instant = None
    if instant is None or instant.tzinfo is None:
        raise ValueError(
            _("“{value}”不是带时区的时刻，请写成 2026-01-26T17:30:00+08:00", value=text)
        )
    return text


def _wrong_hour(text: str) -> Text | None:
    """What is wrong with a text that has the form of an instant."""
    found = re.fullmatch(r"[0-9-]{10}[T ]([0-9]{2}):([0-9]{2})(:[0-9]{2}(\.[0-9]+)?)?(.*)", text)
    if found is None:
        return None
    if found[1] == "24":
        return _("“{value}”：没有 24 点，请写成第二天的 00:00 或当天的 23:59:59", value=text)
    if int(found[1]) > 24 or int(found[2]) > 59:
        return _("“{value}”：没有 {time} 这个时刻", value=text, time=f"{found[1]}:{found[2]}")
    if not found[5]:
        return _("“{value}”没有写时区，请在后面加上，如 +08:00", value=text)
    return None


Instant = Annotated[str, BeforeValidator(_instant)]


class Schedule(Declared):
    """The announced times of the round."""

    opens: Instant
    lock: Instant
    """锁定评分的时刻"""
    enforced: bool | None = None
    """true：这段时间之外，专家的评分、提交一律不收；false：时刻只作公告。不写即 false"""

    def closed(self, at: datetime) -> Text | None:
        """Why experts may not score at the instant ``at``; None where they may."""
        if not self.enforced:
            return None
        if at < datetime.fromisoformat(self.opens):
            return _("{at}才开评，现在不收评分", at=terms.instant(self.opens))
        if at > datetime.fromisoformat(self.lock):
            return _(
                "评分已于{at}截止，现在不收；如须延长，请评审秘书改评审组文件的 schedule.lock",
                at=terms.instant(self.lock),
            )
        return None


class Adopted(Declared):
    """The complete set of rules (`panel.profiles`) that this round took, and who decided so."""

    id: Identifier
    adopted_by: Words
    """由谁决定采用，如评审组织单位的会议"""
    decided_on: Date
    """决定的日期"""


def _assignment(value: Any) -> Any:
    if value != "all" and not isinstance(value, dict):
        raise ValueError(_("须写 all，或逐个列出对象的专家，如 c01: [e1, e2]"))
    return value


def _lists_in_tables(schema: dict[str, Any]) -> None:
    """In a file, lists may stand in tables beside it, and claims then in one of their own."""
    properties = schema["properties"]
    for key in lists.COLUMNS:
        inline = [properties[key]] if key in properties else []
        properties[key] = {"anyOf": [*inline, lists.SCHEMA]}


class Panel(Shown, Declared):
    """One round of one rubric. Immutable; load it with `load_panel`."""

    model_config = ConfigDict(json_schema_extra=_lists_in_tables)

    format: Literal["evalkit-panel/1"]
    id: Identifier
    title: Words
    rubric: Identifier
    """所用指标体系的标识"""
    procedure: Identifier | None = None
    """指标体系有几个程序时，写明本轮是哪一个"""
    table: Table | None = None
    """本轮程序在原文中没有指标表时，由评审组给出"""
    secretary: Person
    """评审秘书：核对、锁定"""
    schedule: Schedule
    profile: Adopted | None = Field(None, exclude_if=lambda value: value is None)
    """采用成套规则的：是哪一套，由谁何时决定；rules 里仍逐条写出"""
    rules: Rules
    experts: tuple[Expert, ...] = Field(min_length=1)
    applicants: tuple[Applicant, ...] = Field(min_length=1)
    conflicts: tuple[Conflict, ...] = ()
    organisations: tuple[Organisation, ...] = ()
    """单位的别名、曾用名和下属单位，用于核对利益冲突"""
    relations: tuple[Relation, ...] = ()
    """专家申报或查实的关系，有关的对象一律回避"""
    assigning: Assigning | None = None
    """由 evalkit panel assign 分配专家时遵守的要求"""
    assignment: Annotated[
        Literal["all"] | Mapping[Identifier, tuple[Identifier, ...]], BeforeValidator(_assignment)
    ]
    """all 每位专家评每个对象；或列出每个对象由哪些专家评"""

    def __repr__(self) -> str:
        n, m = len(self.applicants), len(self.experts)
        return f"Panel({self.id!r}, {n} applicants, {m} experts)"

    def to_frame(self) -> pd.DataFrame:
        """A row an applicant: ``id``, ``name``, ``lead``, ``group``, and ``experts``, the ids of
        those who may score it, in the order of the panel.
        """
        import pandas as pd

        rows = [
            [
                a.id,
                a.name,
                a.lead,
                a.group,
                [e for e in self.seats(a.id) if self.may_score(a.id, e)],
            ]
            for a in self.applicants
        ]
        return pd.DataFrame(rows, columns=["id", "name", "lead", "group", "experts"])

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content; independent of key order and layout of the file."""
        return canonical.digest(self.model_dump(mode="json", exclude_defaults=True))

    def in_force(self, rubric: Rubric) -> Rubric:
        """``rubric`` with the table that this panel supplies, if it does."""
        if self.table is None or rubric.dimensions == self.table.dimensions:
            return rubric
        return rubric.with_table(self.table)

    def procedure_of(self, rubric: Rubric) -> Procedure | None:
        """The procedure of ``rubric`` that this round is; None if the rubric has none."""
        if self.procedure is not None:
            return rubric.procedure(self.procedure)
        return rubric.procedures[0] if len(rubric.procedures) == 1 else None

    @cached_property
    def apart(self) -> tuple[Apart, ...]:
        """Every pair that is kept apart, once for each thing that says so."""
        return tuple(kept_apart(self))

    @cached_property
    def recused(self) -> dict[tuple[str, str], Text]:
        """Why an (applicant, expert) pair is kept apart; of several reasons the last."""
        return {(one.applicant, one.expert): one.reason for one in self.apart}

    def amended(
        self, conflicts: tuple[Conflict, ...], seats: Mapping[str, tuple[str, ...]]
    ) -> Panel:
        """The panel with ``conflicts`` and ``seats`` that the log of its round adds.

        Its digest stays that of what was declared; the root of the log binds what was added.
        """
        more: dict[str, Any] = {"conflicts": (*self.conflicts, *conflicts)}
        if self.assignment != "all":
            joined = {a: (*own, *seats.get(a, ())) for a, own in self.assignment.items()}
            more["assignment"] = {a: tuple(own) for a, own in seats.items()} | joined
        found = self.model_copy(update=more)
        found.__dict__["digest"] = self.digest
        return found

    def seats(self, applicant: str) -> tuple[str, ...]:
        """Experts assigned to ``applicant`` in the order of the panel, conflicted ones included."""
        if self.assignment == "all":
            return tuple(self._experts)
        return self._seats.get(applicant, ())

    def may_score(self, applicant: str, expert: str) -> bool:
        """Whether ``expert`` is assigned to ``applicant`` and free of conflict."""
        return expert in self.seats(applicant) and (applicant, expert) not in self.recused

    def applicant(self, id: str) -> Applicant:
        """The applicant with this id. Raises InputError for an unknown one."""
        if id not in self._applicants:
            text = _(
                "评审组 {panel} 中没有评审对象 {id}；标识一次写一个，如 {some}",
                panel=self.id,
                id=id,
                some=[applicant.id for applicant in self.applicants[:3]],
            )
            raise InputError(text)
        return self._applicants[id]

    def expert(self, id: str) -> Expert:
        """The expert with this id. Raises InputError for an unknown one."""
        if id not in self._experts:
            raise InputError(_("评审组 {panel} 中没有专家 {id}", panel=self.id, id=id))
        return self._experts[id]

    def claims(self, applicant: Applicant) -> tuple[Claim, ...]:
        """The claims of ``applicant`` that lie in the declared scope of the bonus."""
        if self.rules.bonus is None:
            return ()
        national = self.rules.bonus.scope == "national"
        return tuple(c for c in applicant.claims if c.level == "national" or not national)

    @cached_property
    def _seats(self) -> dict[str, tuple[str, ...]]:
        place = {id: n for n, id in enumerate(self._experts)}
        given = {} if self.assignment == "all" else self.assignment
        known = {a: place.keys() & set(own) for a, own in given.items()}
        return {a: tuple(sorted(own, key=place.__getitem__)) for a, own in known.items()}

    @cached_property
    def _applicants(self) -> dict[str, Applicant]:
        return {a.id: a for a in self.applicants}

    @cached_property
    def _experts(self) -> dict[str, Expert]:
        return {e.id: e for e in self.experts}
