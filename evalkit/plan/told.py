"""The history of a ledger in sentences: what was recorded, by whom, of which day, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evalkit.base import terms
from evalkit.base.text import Text, _
from evalkit.log.events import Event
from evalkit.plan.acts import (
    Act,
    Added,
    Begun,
    Judged,
    Measured,
    Moved,
    Progressed,
    Published,
    Reminded,
    Replied,
    act,
)
from evalkit.plan.history import EVER, History, ledger_of, numbers
from evalkit.plan.ledger import Ledger
from evalkit.rubric import Rubric

STATES: Mapping[str, Text] = {
    "done": _("已完成"),
    "ongoing": _("进行中"),
    "not_started": _("未开始"),
}
VERDICTS: Mapping[str, Text] = {"met": _("达到"), "not_met": _("没有达到")}


def told(rubric: Rubric, declared: Ledger, history: History) -> list[dict[str, Any]]:
    """Each event in stored order: ``day``, ``at``, ``by``, ``what``, ``reason``, ``hash``.

    ``at`` is when it was stored (UTC, ISO 8601), ``from`` the day from which it counts where that
    is later than ``day``: what was entered after an assessment had been published.
    """
    teller = _Teller(rubric, declared, ledger_of(declared, history.counted(EVER)))
    return [teller.row(event) for event in history.events]


class _Teller:
    """Names for what events are about; due days as they were at each event."""

    def __init__(self, rubric: Rubric, declared: Ledger, now: Ledger) -> None:
        self.people, self.now = declared.people, now
        self.targets = {target.id: target.text for target in rubric.targets}
        self.due = [m.due if m.moved == () else m.first for m in now.milestones]
        self.reread = History()  # as far as the events have been told

    def row(self, event: Event) -> dict[str, Any]:
        given, from_ = act(event.kind, event.payload), self.reread.counts_from(event)
        self.reread.extend([event])
        later = isinstance(given, Begun | Published) or from_ == given.day
        return {
            "day": given.day,
            "from": None if later else from_,
            "at": event.at,
            "by": self.people[event.author].name,
            "kind": event.kind,
            "what": self._what(given),
            "reason": given.reason or "",
            "hash": event.hash,
        }

    def _what(self, given: Act) -> Text:
        values = given.model_dump()
        match given:
            case Begun():
                text = _("开始登记；此后 ledger.yaml 和台账表不再改动")
            case Published():
                text = _("通报 {day} 的评估，摘要值 {digest}", **values)
            case Progressed():
                text = self._progressed(given)
            case Moved():
                text = self._moved(given)
            case Added():
                values["unit"] = self.now.named[given.unit].name
                text = _("新增“{name}”，{unit}，时限 {due}", **values)
            case Measured():
                values["target"] = self._target(given.target)
                text = _("“{target}”：{value} {unit}，截至 {as_of}，{source}", **values)
            case Judged():
                values = {"target": self._target(given.target), "v": VERDICTS[given.verdict]}
                text = _("“{target}”：认定{v}", **values)
            case Reminded() | Replied():
                text = self._supervised(given)
            case _other:
                raise AssertionError(given)
        return text

    def _supervised(self, given: Reminded | Replied) -> Text:
        values = given.model_dump()
        if isinstance(given, Reminded):
            values["unit"] = self.now.named[given.unit].name
            values["about"] = [self._name(n) for n in numbers(given.about)]
            return _("督导{unit}（{about}），{answer_by} 前答复：{text}", **values)
        if given.promised:
            return _("答复第 {reminder} 号督导：{text}；承诺 {promised}", **values)
        return _("答复第 {reminder} 号督导：{text}", **values)

    def _moved(self, given: Moved) -> Text:
        n, was = given.milestone, self.due[given.milestone - 1]
        self.due[n - 1] = given.due
        values = {"n": n, "name": self._name(n), "was": was, "due": given.due}
        return _("{n} 号“{name}”改期：{was} 改为 {due}", **values)

    def _progressed(self, given: Progressed) -> Text:
        values = {"n": given.milestone, "name": self._name(given.milestone)}
        if given.done is not None:
            evidence = given.evidence or terms.NONE
            values |= {"done": given.done, "evidence": evidence}
            return _("{n} 号“{name}”于 {done} 完成，佐证：{evidence}", **values)
        return _("{n} 号“{name}”：{state}", **values, state=STATES[given.state])

    def _name(self, number: int) -> str:
        return self.now.milestones[number - 1].name

    def _target(self, id: str) -> str:
        return self.targets.get(id, id)
