"""The list for supervision (督导): what is late, whom it concerns, who has been reminded of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evalkit.base.text import Text, _
from evalkit.base.wanted import asked
from evalkit.plan.nodes import Node, since
from evalkit.plan.progress import Progress

REMINDED: Mapping[str | None, Text] = {
    None: _("没有督导过"),
    "answered": _("第 {n} 号，已答复"),
    "waiting": _("第 {n} 号，待答复"),
    "overdue": _("第 {n} 号，逾期未答复"),
}
"""How the last reminder about a milestone stands, in words."""


@asked
def to_remind(progress: Progress) -> list[dict[str, Any]]:
    """Each overdue milestone on the day, by unit and by how long it is overdue.

    ``number`` is its number in the ledger, from 1; ``reminder`` the number of the last reminder
    about it with its ``state`` (answered, waiting, overdue) and the day that the answer promised;
    ``remind`` whether somebody has to remind its unit: it was not reminded, did not answer in time,
    promised no day, or the day that it promised is over.
    """
    units = {unit.id: n for n, unit in enumerate(progress.ledger.units)}
    late = [node for node in progress.nodes if node.state == "overdue"]
    late.sort(key=lambda node: (units[node.unit], node.due, node.milestone.name))
    return [_row(node, progress) for node in late]


def _row(node: Node, progress: Progress) -> dict[str, Any]:
    m, unit = node.milestone, progress.ledger.unit(node.unit)
    about = {
        n: progress.reminder(r)
        for n, r in enumerate(progress.reminders, 1)
        if progress.ledger.named[r.unit] == unit
        and any((topic.task, topic.name) == (m.task, m.name) for topic in r.about)
    }
    last = max(about, default=None)
    reminder = about[last] if last is not None else None
    reply = reminder["reply"] if reminder else None
    promised = reply["promised"] if reply else None
    return {
        "number": progress.ledger.milestones.index(m) + 1,
        "unit": unit.name,
        "task": m.task,
        "name": m.name,
        "due": node.due,
        "since": since(node),
        "days": node.late,
        "reminder": last,
        "state": reminder and reminder["state"],
        "promised": promised,
        "remind": reminder is None
        or reminder["state"] == "overdue"
        or (reminder["state"] == "answered" and (promised or "") < progress.on.isoformat()),
    }
