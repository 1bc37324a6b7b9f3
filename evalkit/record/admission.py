"""What may enter the log: the rules of scoring, applied to one entry before it is stored."""

from __future__ import annotations

from datetime import datetime

from evalkit.base.errors import Refused
from evalkit.base.terms import instant
from evalkit.base.text import _
from evalkit.log import chain
from evalkit.log.events import Entry
from evalkit.panel import Panel
from evalkit.record import (
    assignment,
    commitment,
    discussion,
    office,
    opinion,
    remark,
    reopened,
    spoken,
    withdrawal,
)
from evalkit.record.fields import blank, fields, points_problem
from evalkit.record.history import CELL_KINDS, DISCUSSION, OFFICE_KINDS, History
from evalkit.record.lacking import require_nothing
from evalkit.record.open_sheet import require_paper, require_seen, require_sheet
from evalkit.record.payload import require_payload, require_reason, require_text
from evalkit.rubric import Rubric

EVENT_ID = 64

_SCHEDULED = (*CELL_KINDS, "remark", "dispute", "submit", withdrawal.KIND)
"""What the schedule binds where it is enforced; a message reaches the secretary at any time."""


def admit(
    rubric: Rubric,
    panel: Panel,
    history: History,
    entry: Entry,
    at: datetime,
    seen: int | None = None,
) -> None:
    """Raise Refused, with the reason for its author, unless ``entry`` may be stored at ``at``.

    Where the schedule is enforced, it binds what experts enter and submit; what the office records,
    and the lock itself, are the acts of people who answer for their time.
    ``panel`` is that in force. ``seen`` is the number of the cell's last event that the author's
    screen shows (0: none); if the log has a newer one, the entry is refused, so that a forgotten
    window overwrites nothing.
    """
    require_open(history)
    if not 0 < len(entry.event_id) <= EVENT_ID or not entry.event_id.isprintable():
        raise Refused(_("event_id 须为 1 至 {n} 个可显示字符", n=EVENT_ID))
    reopened.require_open(history, entry)
    by_expert = entry.kind in _SCHEDULED and reopened.announced_anew(history)
    if by_expert and (closed := panel.schedule.closed(at)):
        raise Refused(closed)
    if entry.kind in CELL_KINDS:
        _admit_cell(rubric, panel, history, entry, seen)
    elif entry.kind in spoken.KINDS:
        remark.admit(rubric, panel, history, entry, seen)
    elif entry.kind in OFFICE_KINDS:
        office.admit(rubric, panel, history, entry)
    else:
        _admit_act(rubric, panel, history, entry)


def _admit_act(rubric: Rubric, panel: Panel, history: History, entry: Entry) -> None:
    """What concerns a whole sheet, an applicant or the round."""
    if entry.kind == "submit":
        _admit_submit(rubric, panel, history, entry)
    elif entry.kind == withdrawal.KIND:
        withdrawal.admit(panel, history, entry)
    elif entry.kind == "reopen":
        _admit_reopen(panel, history, entry)
    elif entry.kind == opinion.KIND:
        opinion.admit(panel, entry)
    elif entry.kind in assignment.KINDS:
        commitment.admit_act(panel, history.acts, entry)
    elif entry.kind == DISCUSSION:
        discussion.admit(rubric, panel, history, entry)
    elif entry.kind == "lock":
        _admit_lock(rubric, panel, history, entry)
    else:
        raise Refused(_("未知的记录类型“{kind}”", kind=entry.kind))


def require_open(history: History) -> None:
    """Raise Refused for a round that is locked."""
    if history.lock is not None:
        raise Refused(_("评分已于{at}锁定，不能再改", at=instant(history.lock.at)))


def _admit_cell(
    rubric: Rubric, panel: Panel, history: History, entry: Entry, seen: int | None
) -> None:
    require_sheet(panel, history, entry)
    allowed = fields(rubric, panel, entry.applicant).get(entry.indicator)
    if allowed is None:
        raise Refused(_("没有可以打分的项目“{name}”", name=entry.indicator))
    keys = {"points", "text"} if entry.kind == "score" else {"text"}
    paper = require_paper(entry, keys)
    require_text(entry.payload["text"], required=entry.kind in ("unscored", "recusal"))
    if entry.kind == "score" and (
        problem := points_problem(entry.payload["points"], allowed, panel.rules.step)
    ):
        raise Refused(problem)
    current = history.cell(entry.author, entry.applicant, entry.indicator)
    require_seen(current, seen)
    if paper and current is not None and current.kind != "clear":
        require_reason(entry, current)
    discussion.require_cell_reason(history, entry)


def _admit_submit(rubric: Rubric, panel: Panel, history: History, entry: Entry) -> None:
    require_sheet(panel, history, entry)
    require_paper(entry, set())
    if panel.rules.missing == "exclude":
        return
    names = fields(rubric, panel, entry.applicant)
    for name in blank(history, names, entry.author, entry.applicant):
        raise Refused(_("“{name}”尚未评分，请评分或注明不评的理由", name=name))


def _admit_reopen(panel: Panel, history: History, entry: Entry) -> None:
    if history.discussion is not None and entry.author in discussion.runs(panel):
        if (reason := panel.recused.get((entry.applicant, entry.author))) is not None:
            raise Refused(_("与该对象有利益冲突（{reason}），不能退回评分表", reason=reason))
    elif entry.author != panel.secretary.id:
        raise Refused(_("只有评审秘书可以退回评分表；讨论期间组长也可以"))
    require_payload(entry, {"text"})
    require_text(entry.payload["text"], required=True)
    if not history.submitted(entry.indicator, entry.applicant):
        raise Refused(_("这份评分表没有提交，不必退回"))


def lock_payload(rubric: Rubric, panel: Panel, history: History) -> dict[str, str]:
    """What a lock binds: the head of every chain, the declared rules and the rubric; that of a
    successor also the root that it supersedes.
    """
    found = {"root": chain.root(history.heads), "panel": panel.digest, "rubric": rubric.digest}
    if history.succession is not None:
        found["supersedes"] = history.succession.root
    return found


def _admit_lock(rubric: Rubric, panel: Panel, history: History, entry: Entry) -> None:
    if entry.author != panel.secretary.id:
        raise Refused(_("只有评审秘书可以锁定评分"))
    expected = lock_payload(rubric, panel, history)
    require_payload(entry, set(expected))
    if dict(entry.payload) != expected:
        raise Refused(_("锁定期间又有新的评分，请重新锁定"))
    require_nothing(rubric, panel, history)
