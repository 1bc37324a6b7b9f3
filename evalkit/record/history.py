"""The state of a round that follows from its events, and how far its experts are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from evalkit.base.errors import InputError
from evalkit.base.memory import keeping
from evalkit.base.text import _
from evalkit.log import chain
from evalkit.log.events import WITHHELD, Event, Withheld
from evalkit.panel import Expert, Panel
from evalkit.record import assignment, spoken, succession
from evalkit.record.succession import Succession

CELL_KINDS = {"score": "scored", "unscored": "unscored", "recusal": "recused", "clear": ""}
"""Kinds of event that set a cell, and the state they leave. A cleared cell is blank, not 0."""

OFFICE_KINDS = {"measure": "measured", "gate": "gate", "recognition": "panel"}
"""Kinds that those who run the round record once for all, and their word in the tidy table."""

_SAYS: dict[str, frozenset[str]] = {
    **dict.fromkeys(CELL_KINDS, frozenset(("text",))),
    **dict.fromkeys(("score", *OFFICE_KINDS), frozenset(("points", "text"))),
    **dict.fromkeys((assignment.CONFLICT, assignment.ASSIGNMENT), frozenset(("text",))),
    assignment.COMMITMENT: frozenset(("digest", "given")),
    "lock": frozenset(("root", "panel", "rubric")),
}
"""What the payload of an event has at least: nothing else was ever let in."""

DISCUSSION = "discussion"
"""Opens or closes a discussion of the panel, see `evalkit.record.discussion`."""

Place = tuple[str, str, str]
"""Author (for what is recorded once its word in the tidy table), applicant and indicator."""


@dataclass(frozen=True)
class Progress:
    """How far one expert is: sheets due, sheets with an entry, sheets submitted, and how many of
    these were typed in from paper.
    """

    expert: Expert
    due: int
    begun: int
    submitted: int
    paper: int = 0


class History:
    """The state of a round after a sequence of events; events are only ever added.

    ``discussion`` is the opening of one that is not over, ``before_discussion`` the cells as they
    stood when the last one was opened and ``discussed_sheets`` (author, applicant) those that were
    submitted then, ``given_back`` the sheets (author, applicant) that wait to
    be submitted again. That of a successor begins with what held at the lock of the ``earlier``
    round: ``events``, ``heads`` and ids are its own, and cells that it took over have the number 0
    in its chains.
    """

    def __init__(self, events: Iterable[Event] = (), earlier: History | None = None) -> None:
        self.events: list[Event] = []
        self.lock: Event | None = None
        self.earlier = earlier
        self.succession: Succession | None = None
        self._cells: dict[Place, Event] = {}
        self._begun: set[tuple[str, str]] = set()
        self._office: dict[Place, Event] = {}
        self._submitted: dict[tuple[str, str], Event] = {}
        self._by_id: dict[tuple[str, str], Event] = {}
        self._heads: dict[str, Event] = {}
        self.acts: list[Event] = [*earlier.acts] if earlier is not None else []
        self.spoken = spoken.Spoken()
        self.discussion: Event | None = None
        self.before_discussion: Mapping[Place, Event] = {}
        self.discussed_sheets: frozenset[tuple[str, str]] = frozenset()
        self.given_back: set[tuple[str, str]] = set()
        if earlier is not None:
            earlier.hand_over(self)
        self.extend(events)

    @keeping
    def extend(self, events: Iterable[Event]) -> None:
        """Add committed events, in the order in which they were stored.

        Raises InputError for one that says less than every such event does.
        """
        for event in events:
            kind, author, applicant = event.kind, event.author, event.applicant
            needed = _SAYS.get(kind)
            if needed and not (needed <= event.payload.keys() or isinstance(event, Withheld)):
                text = _("日志被改动：{row}的内容不是日志所存的形式", row=chain.said(event))
                raise InputError(text)
            self.events.append(event)
            self._by_id[author, event.event_id] = event
            self._heads[author] = event
            if kind in CELL_KINDS or (kind == WITHHELD and event.indicator):
                self._cells[author, applicant, event.indicator] = event
                self._begun.add((author, applicant))
            else:
                self._take(event)

    def _take(self, event: Event) -> None:
        """What is no cell."""
        self.spoken.take(event)
        self.acts += [event] * (event.kind in assignment.KINDS)
        if event.kind in OFFICE_KINDS:
            # whoever of them records it last: the chair or the secretary
            word = OFFICE_KINDS[event.kind]
            self._office[word, event.applicant, event.indicator] = event
        elif event.kind in ("remark", "dispute"):
            self._begun.add((event.author, event.applicant))
        elif event.kind in ("submit", "withdraw", "reopen"):
            self._hand_in(event)
        elif event.kind == DISCUSSION:
            self._discuss(event)
        elif event.kind == "lock":
            self.lock = event
        elif event.kind == succession.KIND:
            self._reopen(Succession.read(event.payload))

    def _hand_in(self, event: Event) -> None:
        """A sheet goes to those who run the round, or comes back to its expert."""
        if event.kind == "submit":
            self._submitted[event.author, event.applicant] = event
            self.given_back.discard((event.author, event.applicant))
        elif event.kind == "withdraw":
            self._submitted.pop((event.author, event.applicant), None)
        else:
            self._submitted.pop((event.indicator, event.applicant), None)
            self.given_back.add((event.indicator, event.applicant))

    def _discuss(self, event: Event) -> None:
        """Keep what holds when a discussion is opened, until the next one."""
        is_open = event.payload["state"] == "open"
        self.discussion = event if is_open else None
        if is_open:
            self.before_discussion = dict(self._cells)
            self.discussed_sheets = frozenset(self._submitted)

    def _reopen(self, found: Succession) -> None:
        """Give sheets back as they are; a value is blank until it is recorded anew."""
        self.succession = found
        for sheet in found.sheets:
            self._submitted.pop(sheet, None)
            self._begun.add(sheet)
        for applicant, indicator in found.values:
            for word in OFFICE_KINDS.values():
                self._office.pop((word, applicant, indicator), None)
            self.spoken.forget(applicant, indicator)

    def hand_over(self, later: History) -> None:
        """Put what holds here into the state of a successor."""
        later._cells |= {place: replace(event, seq=0) for place, event in self._cells.items()}
        later._office |= self._office
        later._submitted |= self._submitted
        later._begun |= self._begun
        self.spoken.hand_over(later.spoken)

    def verify(self) -> None:
        """Check the chains, and those of every round before.

        Raises InputError as `chain.verify` does, for an event behind the lock, and for a round
        before that is not the one which this log names in its first entry.
        """
        chain.verify(self.events)
        if self.lock is not None and self.events[-1] is not self.lock:
            raise InputError(_("日志被改动：锁定之后还有记录"))
        begins = [n for n, event in enumerate(self.events) if event.kind == succession.KIND]
        if begins != ([] if self.earlier is None else [0]):
            raise InputError(
                _("日志被改动：复核轮次的第一条记录写明取代哪一次锁定，且前一轮在 predecessor 中")
            )
        if self.earlier is None or self.succession is None:
            return
        try:
            self.earlier.verify()
        except InputError as error:
            text = _("前一轮（predecessor）的{problem}", problem=error.problems[0].text)
            raise InputError(text) from error
        lock = self.earlier.lock
        if lock is None or lock.payload["root"] != self.succession.root:
            raise InputError(_("predecessor 中不是本轮所取代的那一轮：根哈希与第一条记录不符"))

    @property
    def binding(self) -> Event | None:
        """What binds the declared files: the lock; before it, the first entry of a successor."""
        beginning = self.events[0] if self.succession is not None else None
        return self.lock or beginning

    @property
    def cells(self) -> Mapping[Place, Event]:
        """The events that hold now for cells; a blank one may be a ``clear``."""
        return MappingProxyType(self._cells)

    @property
    def heads(self) -> Mapping[str, Event]:
        """The last event of each author."""
        return MappingProxyType(self._heads)

    def find(self, author: str, event_id: str) -> Event | None:
        """The event that ``author`` stored under ``event_id``."""
        return self._by_id.get((author, event_id))

    def cell(self, author: str, applicant: str, indicator: str) -> Event | None:
        """The event that holds now for a cell; a blank one may be a ``clear``."""
        return self._cells.get((author, applicant, indicator))

    def recorded(self, kind: str, applicant: str, indicator: str) -> Event | None:
        """The event of one of `OFFICE_KINDS` that holds now."""
        return self._office.get((OFFICE_KINDS[kind], applicant, indicator))

    def submitted(self, author: str, applicant: str) -> bool:
        """Whether the author's sheet for the applicant is submitted."""
        return (author, applicant) in self._submitted

    def submission(self, author: str, applicant: str) -> Event | None:
        """The submission that holds now, in this log; None where there is none, or it is that of an
        earlier round.
        """
        event = self._submitted.get((author, applicant))
        return event if event and self.find(author, event.event_id) is event else None

    def typed_in(self) -> dict[tuple[str, str], list[tuple[str, str]]]:
        """Author and applicant of the submitted sheets that were typed in from paper, sorted, by
        who typed them in and where the signed ones lie.
        """
        found: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for sheet, event in sorted(self._submitted.items()):
            if "typed_by" in event.payload:
                key = event.payload["typed_by"], event.payload["source"]
                found.setdefault(key, []).append(sheet)
        return found

    def begun(self, author: str, applicant: str) -> bool:
        """Whether the author entered anything on the sheet for the applicant."""
        return (author, applicant) in self._begun

    def progress(self, panel: Panel) -> list[Progress]:
        """How far each expert is, in the order of the panel."""
        paper, found = {sheet for own in self.typed_in().values() for sheet in own}, []
        for expert in panel.experts:
            due = [a.id for a in panel.applicants if panel.may_score(a.id, expert.id)]
            n = sum(self.begun(expert.id, applicant) for applicant in due)
            done = sum(self.submitted(expert.id, applicant) for applicant in due)
            typed = sum((expert.id, applicant) in paper for applicant in due)
            found.append(Progress(expert, len(due), n, done, typed))
        return found

    def rows(self, *, submitted_only: bool) -> list[tuple[str, str, str, str, str]]:
        """What holds now as rows of the tidy table; drafts too unless ``submitted_only``."""
        found = []
        for (author, applicant, indicator), event in sorted(self._cells.items()):
            draft = not self.submitted(author, applicant)
            if event.kind in ("clear", WITHHELD) or (draft and submitted_only):
                continue
            word = {"unscored": "unscored", "recusal": "recused"}.get(event.kind, "")
            points = word or event.payload["points"]
            found.append((applicant, author, indicator, points, event.payload.get("text", "")))
        for (word, applicant, indicator), event in sorted(self._office.items()):
            points, text = event.payload["points"], event.payload["text"]
            found.append((applicant, word, indicator, points, text))
        return found


def cell_view(event: Event | None) -> dict[str, Any]:
    """A cell as a form shows it: state, points, comment or reason, and the event's number."""
    if event is None:
        return {"state": "", "points": "", "text": "", "seq": 0}
    return {
        "state": CELL_KINDS.get(event.kind, ""),
        "points": event.payload.get("points", ""),
        "text": event.payload.get("text", ""),
        "seq": event.seq,
    }
