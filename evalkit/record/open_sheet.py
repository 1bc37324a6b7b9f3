"""Whether an expert's sheet takes an entry: assigned, free of conflict, not submitted."""

from __future__ import annotations

from evalkit.base.errors import Refused
from evalkit.base.text import _
from evalkit.log.events import Entry, Event
from evalkit.panel import Panel
from evalkit.record.commitment import require_given
from evalkit.record.history import History
from evalkit.record.payload import PAPER, REASON, require_payload, require_text


def require_own(panel: Panel, entry: Entry) -> None:
    """Raise Refused unless the author is an expert who may score the applicant."""
    panel.applicant(entry.applicant)
    panel.expert(entry.author)
    if reason := panel.recused.get((entry.applicant, entry.author)):
        raise Refused(_("与该对象有利益冲突（{reason}），不能打分", reason=reason))
    if not panel.may_score(entry.applicant, entry.author):
        raise Refused(_("没有被分配评 {applicant}，不能打分", applicant=entry.applicant))


def require_sheet(panel: Panel, history: History, entry: Entry) -> None:
    """The same, that the expert has committed where that comes first, and that the sheet is not
    submitted.
    """
    require_own(panel, entry)
    require_given(panel, history.acts, entry.author)
    if history.submitted(entry.author, entry.applicant):
        raise Refused(_("这份评分表已经提交，不能再改"))


def require_seen(current: Event | None, seen: int | None) -> None:
    """Raise Refused where the log has a newer entry than the one that the author saw."""
    if seen is not None and seen != (current.seq if current else 0):
        raise Refused(_("这一项已在另一个窗口改过，本次没有保存，请核对后再填"))


def require_paper(entry: Entry, keys: set[str]) -> bool:
    """Whether ``entry`` was typed in from paper; raises Refused unless it then says all of that."""
    paper = any(key in entry.payload for key in PAPER)
    more = {REASON} if paper and entry.kind != "submit" else set()
    require_payload(entry, keys | (set(PAPER) if paper else set()), more)
    for key in PAPER if paper else ():
        require_text(entry.payload[key], required=True)
    return paper
