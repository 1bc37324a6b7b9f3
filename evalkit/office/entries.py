"""What stands in the log of an office: records of named people, as events and back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from evalkit.base import canonical
from evalkit.base.build import explain
from evalkit.base.errors import InputError, Problem, Refused
from evalkit.base.terms import BEIJING
from evalkit.base.text import _
from evalkit.log.events import Event
from evalkit.office.decisions import AnyRecord, Decision

if TYPE_CHECKING:
    from evalkit.office.file import Applicant

HISTORY = "history"
"""In the payload of an applicant's first event: the digest of its earlier records in the file."""

Bound = Mapping[tuple[str, str], str]
"""By round and stage: the digest of locked results that its decisions were taken from."""

_OUTSIDE = {"kind", "by"}
"""Fields of a record that an event has a place of its own for."""


def entered_on(at: str) -> date:
    """The day, in Beijing, of the instant ``at`` (ISO 8601)."""
    return datetime.fromisoformat(at).astimezone(BEIJING).date()


@cache
def _records() -> TypeAdapter[AnyRecord]:
    return TypeAdapter(AnyRecord)


def made(fields: Mapping[str, Any]) -> AnyRecord:
    """The record that ``fields`` say. Raises InputError for each field that is wrong or lacking."""
    try:
        return _records().validate_python(dict(fields))
    except ValidationError as error:
        problems = []
        for one in error.errors():
            where = ".".join(str(part) for part in one["loc"] if part != fields.get("kind"))
            if one["type"] == "extra_forbidden":
                text = _("这一类记录没有这一项，请删去")
            else:
                text = explain(one)
            problems.append(Problem(text, field=where))
        raise InputError(*problems) from error


def payload(record: AnyRecord) -> dict[str, str]:
    """The fields of ``record`` as strings, as they are stored."""
    said = record.model_dump(mode="json", exclude_none=True)
    return {name: str(value) for name, value in said.items() if name not in _OUTSIDE}


def record_of(event: Event) -> AnyRecord:
    """The record that ``event`` stored. Raises InputError for an event of another kind of log."""
    fields = {name: text for name, text in event.payload.items() if name != HISTORY}
    return made({**fields, "kind": event.kind, "by": event.author})


def history_digest(applicant: Applicant) -> str:
    """What the records of ``applicant`` in the file come to, which must not change any more."""
    records = [r.model_dump(mode="json", exclude_none=True) for r in applicant.records]
    recognised = applicant.recognised
    before = recognised.model_dump(mode="json") if recognised else None
    return canonical.digest({"recognised": before, "records": records})


def bound_by(records: Iterable[AnyRecord]) -> dict[tuple[str, str], str]:
    """Which locked results each round and stage was taken from, the last of them."""
    taken = (r for r in records if isinstance(r, Decision) and r.results)
    return {(r.round, r.stage): str(r.results) for r in taken}


class Entries:
    """The records of a log, by applicant; events are only ever added."""

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self.events: list[Event] = []
        self._records: dict[str, list[AnyRecord]] = {}
        self._history: dict[str, str] = {}
        self._by_id: dict[tuple[str, str], Event] = {}
        self.bound: dict[tuple[str, str], str] = {}
        self.extend(events)

    def extend(self, events: Iterable[Event]) -> None:
        """Add committed events, in the order in which they were stored."""
        for event in events:
            self.events.append(event)
            self._by_id[event.author, event.event_id] = event
            record = record_of(event)
            self._records.setdefault(event.applicant, []).append(record)
            self.bound |= bound_by([record])
            if HISTORY in event.payload:
                self._history.setdefault(event.applicant, event.payload[HISTORY])

    def find(self, author: str, event_id: str) -> Event | None:
        """The event that ``author`` stored under ``event_id``."""
        return self._by_id.get((author, event_id))

    @property
    def applicants(self) -> list[str]:
        """Of whom something was recorded."""
        return list(self._records)

    def whole(self, applicant: Applicant) -> Applicant:
        """``applicant`` with what was recorded after what the file has.

        Raises InputError where the file's records are not those that the log goes on from.
        """
        later = self._records.get(applicant.id)
        if later is None:
            return applicant
        if self._history.get(applicant.id) != history_digest(applicant):
            text = _(
                "{id}：文件中的以前的记录在开始登记之后改过，请恢复原来的文件；有误的用更正",
                id=applicant.id,
            )
            raise InputError(text)
        return applicant.model_copy(update={"records": (*applicant.records, *later)})


def next_id(applicant: Applicant) -> str:
    """The id of the next record: r17 after r16, as wide as those before it."""
    found = [m for r in applicant.records if (m := re.fullmatch(r"r([0-9]{1,9})", r.id))]
    last = max((int(m[1]) for m in found), default=0)
    width = max((len(m[1]) for m in found), default=2)
    return f"r{last + 1:0{width}}"


def require_day(day: str, at: datetime) -> None:
    """Raise Refused for a day that lies in the future of the instant ``at``."""
    today = at.astimezone(BEIJING).date()
    if date.fromisoformat(day) > today:
        raise Refused(
            _("日期 {day} 在今天（{today}）之后，还没有发生的不能登记", day=day, today=today)
        )
