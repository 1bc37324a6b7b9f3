"""What experts say beside their scores, and what the office answers, as it holds now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from evalkit.base.terms import instant
from evalkit.base.text import Text, _
from evalkit.log.events import Event

REMARKS = {"opinion": _("评审意见"), "problems": _("问题"), "advice": _("建议")}
"""Kinds of remark on an applicant as a whole, each with one text of each expert."""

CONFIRMED, DISPUTED = "confirmed", "disputed"
STANDS = {CONFIRMED: _("无异议"), DISPUTED: _("有异议")}
"""How an expert stands to points that follow from a measured value."""

KINDS = ("remark", "dispute", "answer", "message")

Place = tuple[str, str, str]
"""Author, applicant, and a kind of remark or an indicator."""


@dataclass(frozen=True)
class Stand:
    """The last word of an expert on a measured value, and what the office did since: an
    ``answer``, or another ``measure``. None: nothing yet.
    """

    event: Event
    answer: Event | None = None

    @property
    def open(self) -> bool:
        """Whether it waits for the office."""
        return self.event.payload["stand"] == DISPUTED and self.answer is None


class Spoken:
    """The state after a sequence of events, of which others than `KINDS` and ``measure`` are
    passed over.
    """

    def __init__(self) -> None:
        self._remarks: dict[Place, Event] = {}
        self._stands: dict[Place, Stand] = {}
        self.messages: list[Event] = []

    def take(self, event: Event) -> None:
        """Add a committed event."""
        place = event.author, event.applicant, event.indicator
        if event.kind == "remark":
            self._remarks[place] = event
        elif event.kind == "dispute":
            self._stands[place] = Stand(event)
        elif event.kind in ("answer", "measure"):
            self._answered(event)
        elif event.kind == "message":
            self.messages.append(event)

    def _answered(self, event: Event) -> None:
        """Another value answers a dispute of the one before; a confirmation was of that one too."""
        for place, stand in list(self._stands.items()):
            if place[1:] != (event.applicant, event.indicator):
                continue
            if stand.open:
                self._stands[place] = replace(stand, answer=event)
            elif event.kind == "measure":
                del self._stands[place]

    def forget(self, applicant: str, indicator: str) -> None:
        """Drop what was said of a value that is to be recorded anew."""
        gone = [place for place in self._stands if place[1:] == (applicant, indicator)]
        for place in gone:
            del self._stands[place]

    def hand_over(self, later: Spoken) -> None:
        """Put what holds here into the state of a successor round: messages were for this one."""
        for place, event in self._remarks.items():
            later._remarks[place] = replace(event, seq=0)
        for place, stand in self._stands.items():
            later._stands[place] = replace(stand, event=replace(stand.event, seq=0))

    def remark(self, author: str, applicant: str, kind: str) -> Event | None:
        """The last remark of one of `REMARKS`; one with a blank text was taken back."""
        return self._remarks.get((author, applicant, kind))

    def stand(self, author: str, applicant: str, indicator: str) -> Stand | None:
        """How ``author`` stands to the value as it is on record."""
        return self._stands.get((author, applicant, indicator))

    def remarks(self) -> Iterator[Event]:
        """Every remark that says something, by author, applicant and kind."""
        order = list(REMARKS)
        places = sorted(self._remarks, key=lambda place: (*place[:2], order.index(place[2])))
        yield from (e for p in places if (e := self._remarks[p]).payload["text"].strip())

    def disputes(self) -> Iterator[Stand]:
        """Every dispute, answered ones too, by author, applicant and indicator."""
        for _place, stand in sorted(self._stands.items()):
            if stand.event.payload["stand"] == DISPUTED:
                yield stand


@dataclass(frozen=True)
class Message:
    """What an expert wrote to the secretary; ``applicant`` is empty where it is about none."""

    expert: str
    applicant: str
    text: str
    at: str

    def said(self, names: Mapping[str, str]) -> Text:
        """Who wrote it when, about whom; people by their ``names``, where these have their ids."""
        who, whom = (names.get(id, id) for id in (self.expert, self.applicant))
        values = {"at": instant(self.at), "expert": who, "applicant": whom, "text": self.text}
        if self.applicant:
            return _("{at} {expert}（关于{applicant}）：{text}", **values)
        return _("{at} {expert}：{text}", **values)
