"""A recorded discussion (评议): opened and closed by the chair or the secretary before the lock,
with sheets given back for it, and every change that was made in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from uuid import uuid4

from evalkit.base.errors import Refused
from evalkit.base.text import Text, _
from evalkit.log.events import Entry, Event
from evalkit.panel import Panel
from evalkit.record.fields import fields, title
from evalkit.record.history import DISCUSSION, History
from evalkit.record.owed import failed
from evalkit.record.payload import REASON, require_payload, require_text
from evalkit.rubric import Rubric

OPEN, CLOSED = "open", "closed"

HEADINGS = (_("专家"), _("评审对象"), _("项目"), _("讨论前"), _("讨论后"), _("理由"))
"""Of the columns of `Change.row`."""

Sheet = tuple[str, str]
"""Expert and applicant."""


@dataclass(frozen=True)
class Change:
    """A cell that holds something else after a discussion than before it."""

    expert: str
    applicant: str
    indicator: str
    before: Event | None
    """What held when the discussion was opened; None for nothing."""
    after: Event

    def row(self, rubric: Rubric, panel: Panel, *, named: bool) -> list[Text | str]:
        """Who (nobody in particular unless ``named``), on whom, what, from what, to what, why."""
        expert = panel.expert(self.expert)
        return [
            _("{name}（{id}）", name=expert.name, id=expert.id) if named else _("一位专家"),
            panel.applicant(self.applicant).name,
            title(rubric, self.indicator),
            value(self.before),
            value(self.after),
            stated(self.after),
        ]


@dataclass
class Discussion:
    """One discussion; ``changes`` are those from its opening to its end, or so far."""

    opened: Event
    closed: Event | None = None
    given_back: list[Sheet] = field(default_factory=list)
    """Sheets that were given back in it, in their order."""
    changes: list[Change] = field(default_factory=list)
    headings = HEADINGS

    def submitted_only(self, history: History) -> list[Change]:
        """The changes on sheets that are submitted again: what experts have finished."""
        return [c for c in self.changes if history.submitted(c.expert, c.applicant)]


def value(event: Event | None) -> Text | str:
    """What stands in a cell, without its comment."""
    if event is None or event.kind == "clear":
        return _("空白")
    return event.payload["points"] if event.kind == "score" else _KINDS[event.kind]


_KINDS = {"unscored": _("不评"), "recusal": _("回避")}


def runs(panel: Panel) -> tuple[str, ...]:
    """Ids of those who run a round: its secretary and its chairs."""
    return (panel.secretary.id, *(e.id for e in panel.experts if e.role == "chair"))


def stated(event: Entry) -> str:
    """The reason that an entry of a cell gives."""
    return event.payload.get(REASON, "").strip() or event.payload.get("text", "").strip()


def entries(state: str | None, why: str, by: str, sheets: Iterable[Sheet]) -> Iterator[Entry]:
    """What opens or closes a discussion (None: neither), and gives ``sheets`` back for it, with
    fresh ids.
    """
    if state is not None:
        yield Entry(by, uuid4().hex, DISCUSSION, payload={"state": state, "text": why})
    for expert, applicant in sheets:
        yield Entry(by, uuid4().hex, "reopen", applicant, expert, {"text": why})


def admit(rubric: Rubric, panel: Panel, history: History, entry: Entry) -> None:
    """Raise Refused unless ``entry`` opens or closes a discussion and may."""
    if entry.author not in runs(panel):
        raise Refused(_("讨论由组长或评审秘书开始和结束"))
    require_payload(entry, {"state", "text"})
    if entry.applicant or entry.indicator or entry.payload["state"] not in (OPEN, CLOSED):
        raise Refused(_("记录“{kind}”的内容应为 {keys}", kind=entry.kind, keys=["state", "text"]))
    require_text(entry.payload["text"], required=True)
    if entry.payload["state"] == OPEN:
        require_declared(panel)
        if history.discussion is not None:
            raise Refused(_("讨论已经开始，请先结束这一次"))
        if problem := too_early(rubric, panel, history, entry.author):
            raise Refused(problem)
    elif history.discussion is None:
        raise Refused(_("没有正在进行的讨论"))
    elif waiting := not_back(panel, history):
        sheets = [f"{expert}×{applicant}" for expert, applicant in waiting]
        text = _("还有 {n} 份退回的评分表没有重新提交，讨论不能结束：{sheets}")
        raise Refused(text.filled(n=len(sheets), sheets=sheets))


def not_back(panel: Panel, history: History) -> list[Sheet]:
    """Sheets that were submitted when the discussion was opened and are not now, given back or
    withdrawn, sorted; without those of experts who may not score any more.
    """
    return sorted(
        (expert, applicant)
        for expert, applicant in history.discussed_sheets | history.given_back
        if not history.submitted(expert, applicant) and panel.may_score(applicant, expert)
    )


def require_declared(panel: Panel) -> None:
    """Raise Refused where the panel declared no discussion, or that there is none."""
    rule = panel.rules.discussion
    if rule is None:
        raise Refused(
            _(
                "评审组没有声明锁定之前能不能看各专家的分歧、能不能讨论（rules.discussion），"
                "所以不看也不讨论；要讨论的，在开评之前声明"
            )
        )
    if rule.opens == "never":
        raise Refused(
            _("本轮规定锁定之前不看各专家的分歧，也不讨论（rules.discussion.opens: never）")
        )


def too_early(rubric: Rubric, panel: Panel, history: History, reader: str) -> Text | None:
    """Why it is not yet time for ``reader``, who runs the round, to see how far experts lie apart
    and to discuss it; None where it is. A discussion that was opened is time.
    """
    rule = panel.rules.discussion
    if rule is None or history.discussion is not None:
        return None
    waiting = list(unsubmitted(rubric, panel, history))
    if rule.opens == "after_all_submitted" and waiting:
        text = _("还有 {n} 份评分表没有提交；全部提交之后才能看各专家的分歧、开始讨论")
        return text.filled(n=len(waiting))
    if any(expert == reader for expert, _applicant in waiting):
        return _("您自己的评分表还没有全部提交；提交之后才能看各专家的分歧、开始讨论")
    return None


def unsubmitted(rubric: Rubric, panel: Panel, history: History) -> Iterator[Sheet]:
    """Sheets that are due and not submitted. Who fails a condition of entry holds up nobody."""
    out = failed(rubric, panel, history)
    for applicant in panel.applicants:
        if applicant.id in out or not fields(rubric, panel, applicant.id):
            continue
        for expert in panel.seats(applicant.id):
            able = panel.may_score(applicant.id, expert)
            if able and not history.submitted(expert, applicant.id):
                yield expert, applicant.id


def require_cell_reason(history: History, entry: Entry) -> None:
    """Raise Refused for a cell that is changed in a discussion without saying why: its comment is
    empty, or still the one that the former points had.
    """
    if history.discussion is None:
        return
    before = history.before_discussion.get((entry.author, entry.applicant, entry.indicator))
    if before is None or _same_points(before, entry):
        return
    why = stated(entry)
    if not why or (REASON not in entry.payload and why == before.payload.get("text", "").strip()):
        raise Refused(_("讨论中改分须写明理由：请先在评语里写明为什么改，再改分"))


def _same_points(one: Entry, other: Entry) -> bool:
    return one.kind == other.kind and one.payload.get("points") == other.payload.get("points")


def discussions(history: History) -> list[Discussion]:
    """Every discussion of the round in its order, with all that was changed in it."""
    found: list[Discussion] = []
    if not any(event.kind == DISCUSSION for event in history.events):
        return found
    walked = History((), history.earlier)
    for event in history.events:
        walked.extend([event])
        if event.kind == DISCUSSION and event.payload["state"] == OPEN:
            found.append(Discussion(event))
        elif event.kind == DISCUSSION:
            found[-1].closed = event
            found[-1].changes = _changes(walked)
        elif event.kind == "reopen" and walked.discussion is not None:
            found[-1].given_back.append((event.indicator, event.applicant))
    if found and found[-1].closed is None:
        found[-1].changes = _changes(history)
    return found


def _changes(history: History) -> list[Change]:
    """Cells that hold something else than when the last discussion was opened, sorted."""
    changes = []
    for place, event in history.cells.items():
        before = history.before_discussion.get(place)
        if event is not before and not _says_same(before, event):
            changes.append(Change(*place, before, event))
    return sorted(changes, key=lambda c: (c.applicant, c.expert, c.indicator))


def _says_same(before: Event | None, after: Event) -> bool:
    if before is None:
        return after.kind == "clear"
    return _same_points(before, after) and before.payload.get("text") == after.payload.get("text")


def before(history: History, number: int) -> History:
    """The state when discussion ``number`` (from 0) was opened: 讨论前."""
    openings = [
        n for n, event in enumerate(history.events)
        if event.kind == DISCUSSION and event.payload["state"] == OPEN
    ]  # fmt: skip
    return History(history.events[: openings[number]], history.earlier)


def scores_changed(changes: Iterable[Change]) -> int:
    """How many of them change more than words."""
    return sum(c.before is None or not _same_points(c.before, c.after) for c in changes)
