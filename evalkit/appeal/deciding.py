"""What a decision on an appeal must be: as the figures say, and fit for those who read it."""

from __future__ import annotations

from datetime import date

from evalkit.appeal.steps import Steps
from evalkit.appeal.told import day_of
from evalkit.base.errors import Refused
from evalkit.base.text import Text, _
from evalkit.evaluation.comparison import LISTED, Comparison
from evalkit.log.events import Event
from evalkit.office.entries import entered_on
from evalkit.panel import Panel
from evalkit.panel.employers import key
from evalkit.record.payload import require_text


def require_as_figures(outcome: str, compared: Comparison | None) -> None:
    """Raise Refused where the figures before and after say another ``outcome``."""
    moved = compared is not None and any(change.differs for change in compared.changes)
    if outcome == ("changed" if moved else "kept"):
        return
    text = _("重算之后没有对象的结果有变化，只能维持")
    if compared is None:
        text = _("没有重开任何内容，结果只能维持；要变更，先 evalkit appeal amend")
    if moved:
        text = _("重算之后有对象的结果变了，只能变更；对照：evalkit appeal compare")
    raise Refused(text)


def require_possible(on: date, steps: Steps, lock: Event | None, today: date) -> None:
    """Raise Refused for a day of the next step that is to come, or before what comes before it:
    the receipt, a step, and the ``lock`` of the round that takes the place of the first.
    """
    first, *others = steps.holding
    before = [date.fromisoformat(first.payload["received"]), *map(day_of, others)]
    before += [entered_on(lock.at)] if lock is not None else []
    if on > today:
        raise Refused(_("日期 {day} 还没有到", day=on.isoformat()))
    if on < max(before):
        values = {"day": on.isoformat(), "before": max(before).isoformat()}
        raise Refused(_("日期 {day} 早于前一步的日期 {before}", **values))


def told(reason: str, panel: Panel, opened: Event) -> str:
    """A ``reason`` that the objector and the applicant concerned read. Raises Refused where it
    names an expert, or a third party that objected, and where the ground that stands beside it
    names an expert.
    """
    require_text(reason, required=True)
    if named := experts_in(printed(opened), panel):
        text = _(
            "案卷里异议的理由有评审专家的姓名（{names}），不能写进复核决定："
            "请另立案卷，用 --summary 写一句不带姓名的要点"
        )
        raise Refused(text.filled(names=named))
    if named := experts_in(reason, panel):
        text = _("理由要写给异议人看，不能出现评审专家的姓名：{names}", names=named)
        raise Refused(text)
    objector = opened.payload["objector"]
    if opened.payload["objector_is"] == "third_party" and key(objector) in key(reason):
        text = _("理由也写进给被评单位的告知书，不能出现第三方异议人：{name}；可写“异议人”")
        raise Refused(text.filled(name=objector))
    return reason.strip()


def printed(opened: Event) -> str:
    """The ground of an objection as it stands in papers."""
    return opened.payload.get("summary") or opened.payload["ground"]


def experts_in(text: str, panel: Panel) -> list[str]:
    """The names of experts of the ``panel`` that stand in ``text``, however typed."""
    return [e.name for e in panel.experts if key(e.name) in key(text)]


def to_inform(opened: Event, panel: Panel, compared: Comparison | None) -> list[Text]:
    """Who is to be told of a decision beside the objector: the applicant concerned, and others
    whose results are different.
    """
    own, found = panel.applicant(opened.applicant), list[Text]()
    if opened.payload["objector_is"] == "third_party":
        text = _("告知 {lead}（{id} {name}）：送复核情况告知书")
        found.append(text.filled(lead=own.lead, id=own.id, name=own.name))
    changes = compared.changes if compared is not None else []
    others = [panel.applicant(c.id) for c in changes if c.differs and c.id != own.id]
    if others:
        names = [_("{lead}（{id} {name}）", lead=a.lead, id=a.id, name=a.name) for a in others]
        text = _("结果也变了的，逐个告知：{names}", names=names)
        if len(names) > LISTED:
            text = _("结果也变了的，逐个告知：{names}等 {n} 个，都在前后对照里", n=len(names))
        found.append(text.filled(names=names[:LISTED]))
    return found
