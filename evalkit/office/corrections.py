"""Records as they stand after the corrections and withdrawals among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from evalkit.base.errors import Problem, Refused
from evalkit.base.text import Text, _
from evalkit.office.decisions import (
    Answer,
    AnyRecord,
    Decision,
    Figure,
    Ground,
    Withdrawal,
    subject,
)


class Misstep(Refused):
    """A record that may not stand; ``index`` is its place among the records of the applicant."""

    def __init__(self, index: int, text: Text) -> None:
        self.index = index
        super().__init__(Problem(text, field=f"records[{index}]"))


@dataclass(frozen=True)
class Slot:
    """The place of a record, and what holds there now."""

    id: str
    """That of the first record; others refer to it whoever corrects it later."""
    record: Decision | Ground | Answer | Figure
    by: AnyRecord
    """The record that says so: the same, or its withdrawal."""
    day: date
    index: int
    """Of ``by`` among all records."""

    @property
    def withdrawn(self) -> bool:
        """Whether nothing holds here any more."""
        return isinstance(self.by, Withdrawal)


def as_corrected(records: Sequence[AnyRecord]) -> list[Slot]:
    """The records in their order, each as last corrected, on its own day.

    Raises Misstep for an id used twice, for a record dated before the one above it, and for a
    correction of what is not on record, is withdrawn, or is about something else.
    """
    slots: dict[str, Slot] = {}
    used: set[str] = set()
    before = ""
    for n, record in enumerate(records):
        if record.id in used:
            raise Misstep(n, _("标识“{id}”用了不止一次，请改成不同的", id=record.id))
        if record.day < before:
            raise Misstep(n, _("日期早于上一条记录（{day}）", day=before))
        used.add(record.id)
        before = record.day
        if record.corrects is None and not isinstance(record, Withdrawal):
            slots[record.id] = Slot(record.id, record, record, date.fromisoformat(record.day), n)
        else:
            id = record.corrects or ""
            slots[id] = _corrected(slots.get(id), record, n)
    return list(slots.values())


def _corrected(slot: Slot | None, record: AnyRecord, n: int) -> Slot:
    if slot is None or slot.withdrawn:
        raise Misstep(n, _("没有可更正的记录“{id}”，请写原记录的标识", id=record.corrects))
    if isinstance(record, Withdrawal):
        return Slot(slot.id, slot.record, record, slot.day, n)
    if subject(record) != subject(slot.record):
        raise Misstep(n, _("更正与原记录“{id}”不是同一件事；可先撤回原记录", id=slot.id))
    if getattr(slot.record, "results", None) and not getattr(record, "results", None):
        text = _("原记录“{id}”取自锁定的结果，更正也须取自锁定的结果（后继轮次）", id=slot.id)
        raise Misstep(n, text)
    day = date.fromisoformat(record.took_place) if record.took_place else slot.day
    return Slot(slot.id, record, record, day, n)
