"""What the log of an appeal holds: who took which step, and which step may come next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import uuid4

from evalkit.base.errors import InputError, Refused
from evalkit.base.text import Text, _
from evalkit.log.events import Entry, Event
from evalkit.record.payload import require_text

STEPS: dict[str, Text] = {
    "open": _("提出异议"),
    "accept": _("受理"),
    "refuse": _("不予受理"),
    "amend": _("重开有关内容"),
    "decide": _("作出决定"),
    "withdraw": _("撤回上一步"),
}
"""The kinds of events in the log of an appeal."""

OUTCOMES: dict[str, Text] = {"kept": _("维持"), "changed": _("变更")}
"""What may be decided of the results."""

NEXT = {
    "": ("open",),
    "open": ("accept", "refuse"),
    "accept": ("amend", "decide", "withdraw"),
    "amend": ("decide", "withdraw"),
}
"""What may follow a step; nothing follows a refusal or a decision, whose papers may be out."""


def named(text: str, words: Mapping[str, Text]) -> str:
    """The key of ``words`` that ``text`` is, or whose word. Raises InputError for another one."""
    for key, said in words.items():
        if text in (key, said.render("zh"), said.render("en")):
            return key
    raise InputError(_("“{text}”不可用，可写：{words}", text=text, words=[*words.values()]))


def step(kind: str, by: str, applicant: str, payload: Mapping[str, str]) -> Entry:
    """A step of this ``kind`` as it is stored. Raises Refused where ``by`` is no name."""
    require_text(by, required=True)
    if "\n" in by:
        raise Refused(_("经办人的姓名只能是一行"))
    return Entry(by.strip(), uuid4().hex, kind, applicant, "", dict(payload))


class Steps:
    """The steps of one appeal, in the order in which they were stored."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def extend(self, events: Iterable[Event]) -> None:
        """Add committed events."""
        self.events.extend(events)

    def find(self, author: str, event_id: str) -> Event | None:
        """The event that ``author`` stored under ``event_id``."""
        names = ((e, (e.author, e.event_id)) for e in self.events)
        return next((e for e, name in names if name == (author, event_id)), None)

    @property
    def holding(self) -> list[Event]:
        """The steps that hold: without those that were taken back, and the taking back."""
        found = list[Event]()
        for event in self.events:
            if event.kind == "withdraw":
                found.pop()
            else:
                found.append(event)
        return found

    def of(self, kind: str) -> Event | None:
        """The step of this ``kind`` that holds; None where there is none."""
        return next((e for e in self.holding if e.kind == kind), None)

    @property
    def last(self) -> str:
        """The kind of the last step that holds; empty before the first."""
        return self.holding[-1].kind if self.events else ""

    @property
    def next(self) -> tuple[str, ...]:
        """What may come next."""
        return NEXT.get(self.last, ())

    def require(self, kind: str) -> None:
        """Raise Refused where a step of this ``kind`` cannot be taken now."""
        if kind in self.next:
            return
        values = {"step": STEPS[kind], "last": STEPS[self.last]}
        if not self.next:
            raise Refused(_("这件异议已经办结（{last}），不能再{step}", **values))
        coming = [STEPS[one] for one in self.next]
        text = _("现在是“{last}”，接着只能{coming}，不能{step}；命令见 evalkit appeal show")
        raise Refused(text.filled(coming=coming, **values))
