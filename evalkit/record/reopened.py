"""What a successor round takes: only what its first entry reopens."""

from __future__ import annotations

from evalkit.base.errors import InputError, Refused
from evalkit.base.text import _
from evalkit.log.events import Entry
from evalkit.record import assignment
from evalkit.record.history import CELL_KINDS, OFFICE_KINDS, History
from evalkit.record.succession import Succession

_OF_A_SHEET = (*CELL_KINDS, "remark", "dispute", "submit", "withdraw")


def require_open(history: History, entry: Entry) -> None:
    """Raise Refused for an ``entry`` on what a successor round does not reopen; any other round
    takes what its rules admit.
    """
    if history.earlier is None:
        return
    found = _succession(history)
    sheets, values = set(found.sheets), set(found.values)
    takes = {
        **dict.fromkeys(_OF_A_SHEET, (entry.author, entry.applicant) in sheets),
        **dict.fromkeys(OFFICE_KINDS, (entry.applicant, entry.indicator) in values),
        "reopen": (entry.indicator, entry.applicant) in sheets,
        **dict.fromkeys((assignment.CONFLICT, assignment.ASSIGNMENT), False),
    }
    if not takes.get(entry.kind, True):
        raise Refused(
            _("这是复核轮次，这一项没有重开，仍按原来锁定的；重开的是：{what}", what=found.reopened)
        )


def announced_anew(history: History) -> bool:
    """Whether the times in the panel's file are those of this round: a successor has none unless
    its file declares others than the round before.
    """
    return history.succession is None or "schedule" in history.succession.rules


def _succession(history: History) -> Succession:
    if history.succession is None:
        raise InputError(_("日志被改动：复核轮次缺第一条记录，不知道取代哪一轮、重开什么"))
    return history.succession
