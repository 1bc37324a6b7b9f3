"""The events of a ledger, and the ledger that follows from them on a day.

An event counts from its day. What is entered after an assessment has been published counts from the
day after that assessment at the earliest, so that a published one can always be made again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from evalkit.log.events import Entry, Event
from evalkit.plan.acts import (
    Act,
    Added,
    Judged,
    Measured,
    Moved,
    Progressed,
    Reminded,
    Replied,
    act,
)
from evalkit.plan.changes import Move, Reminder, Reply, Topic
from evalkit.plan.ledger import Judgement, Ledger, Measurement, Milestone, Official

EVER = "9999-12-31"
"""A day by which everything counts."""


class History:
    """What was recorded, in stored order; a state of `evalkit.log.logbook`."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.begun: Event | None = None
        self.published: dict[str, Event] = {}
        """The last publication of each day of assessment."""
        self._counted: list[tuple[str, Entry]] = []
        self._by_id: dict[tuple[str, str], Event] = {}
        self._heads: dict[str, Event] = {}

    def extend(self, events: Iterable[Event]) -> None:
        """Add committed events, in the order in which they were stored."""
        for event in events:
            self.events.append(event)
            self._by_id[event.author, event.event_id] = event
            self._heads[event.author] = event
            if event.kind == "begun":
                self.begun = event
            elif event.kind == "published":
                self.published[event.payload["day"]] = event
            else:
                self._counted.append((self.counts_from(event), event))

    def find(self, author: str, event_id: str) -> Event | None:
        """The event that ``author`` stored under ``event_id``."""
        return self._by_id.get((author, event_id))

    @property
    def heads(self) -> Mapping[str, Event]:
        """The last event of each author."""
        return MappingProxyType(self._heads)

    def counts_from(self, entry: Entry) -> str:
        """From which day ``entry`` counts, if it is stored next."""
        day = entry.payload["day"]
        if not self.published:
            return day
        last = date.fromisoformat(max(self.published))
        return max(day, (last + timedelta(days=1)).isoformat())

    def counted(self, until: str) -> list[tuple[str, Entry]]:
        """The events that count on the day ``until``, each with the day from which it does."""
        return [(day, event) for day, event in self._counted if day <= until]


def ledger_of(declared: Ledger, counted: Iterable[tuple[str, Entry]]) -> Ledger:
    """``declared`` with what was ``counted`` after it; itself if that is nothing."""
    fold = _Fold(declared)
    for day, entry in counted:
        fold.take(act(entry.kind, entry.payload), declared.people[entry.author], day)
    return fold.ledger()


class _Fold:
    """A ledger while events are added to it."""

    def __init__(self, declared: Ledger) -> None:
        self.declared, self.as_of = declared, ""
        self.milestones = list(declared.milestones)
        self.measurements = list(declared.measurements)
        self.judgements = list(declared.judgements)
        self.reminders = list(declared.reminders)

    def ledger(self) -> Ledger:
        if not self.as_of:
            return self.declared
        lists = ("milestones", "measurements", "judgements", "reminders")
        changes: dict[str, Any] = {name: tuple(getattr(self, name)) for name in lists}
        changes["as_of"] = max(self.as_of, self.declared.as_of)
        return self.declared.model_copy(update=changes)

    def take(self, act: Act, by: Official, day: str) -> None:
        """Add ``act``, recorded by ``by``, which counts from ``day``."""
        self.as_of = max(self.as_of, day)
        plain = act.model_dump(exclude={"day", "reason"})
        match act:
            case Progressed():
                always = {"state": act.state, "done": act.done}
                said = {name: plain[name] for name in ("evidence", "note") if plain[name]}
                self._change(act.milestone, {**always, **said})
            case Moved():
                was = self.milestones[act.milestone - 1]
                move = Move(was=was.due, on=day, by=by.name, reason=act.reason)
                self._change(act.milestone, {"due": act.due, "moved": (*was.moved, move)})
            case Added():
                self.milestones.append(Milestone(**plain, state="not_started"))
            case Measured():
                kept = [m for m in self.measurements if _key(m) != (act.target, act.as_of)]
                self.measurements = [*kept, Measurement(**plain)]
            case Judged():
                found = Judgement(**plain, judge=by.id, judged_on=act.day, reason=act.reason)
                kept_ = [j for j in self.judgements if _key(j) != _key(found)]
                self.judgements = [*kept_, found]
            case Reminded():
                about = tuple(self._topic(n) for n in numbers(act.about))
                plain |= {"about": about, "on": act.day, "by": by.name}
                self.reminders.append(Reminder(**plain))
            case Replied():
                del plain["reminder"]
                reply, n = Reply(**plain, on=act.day, by=by.name), act.reminder - 1
                self.reminders[n] = self.reminders[n].model_copy(update={"reply": reply})

    def _change(self, number: int, change: dict[str, Any]) -> None:
        before = self.milestones[number - 1]
        self.milestones[number - 1] = before.model_copy(update=change)

    def _topic(self, number: int) -> Topic:
        milestone = self.milestones[number - 1]
        return Topic(task=milestone.task, name=milestone.name)


def numbers(about: str) -> list[int]:
    """The numbers of milestones in a list with commas. Raises ValueError for anything else."""
    return [int(n) for n in about.replace("，", ",").replace("、", ",").split(",")]


def _key(fact: Measurement | Judgement) -> tuple[str, str]:
    day = fact.as_of if isinstance(fact, Measurement) else fact.judged_on
    return fact.target, day
