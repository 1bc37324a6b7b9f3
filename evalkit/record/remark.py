"""What may enter the log beside scores: remarks, stands on measured values, answers, messages."""

from __future__ import annotations

from evalkit.base.errors import Refused
from evalkit.base.text import Text, _
from evalkit.log.events import Entry, Event
from evalkit.panel import Panel
from evalkit.panel.units import measured_points
from evalkit.record.history import History
from evalkit.record.open_sheet import require_paper, require_seen, require_sheet
from evalkit.record.payload import require_payload, require_reason, require_text
from evalkit.record.spoken import DISPUTED, REMARKS, STANDS, Message
from evalkit.rubric import Rubric


def admit(
    rubric: Rubric, panel: Panel, history: History, entry: Entry, seen: int | None = None
) -> None:
    """Raise Refused, with the reason for its author, unless ``entry`` may be stored.

    Remarks and stands belong to an open sheet; for ``seen`` see `admission.admit`.
    """
    if entry.kind == "remark":
        _admit_remark(panel, history, entry, seen)
    elif entry.kind == "dispute":
        _admit_stand(rubric, panel, history, entry, seen)
    elif entry.kind == "answer":
        _admit_answer(panel, history, entry)
    else:
        _admit_message(panel, entry)


def _admit_remark(panel: Panel, history: History, entry: Entry, seen: int | None) -> None:
    require_sheet(panel, history, entry)
    paper = require_paper(entry, {"text"})
    if entry.indicator not in REMARKS:
        text = _("没有“{name}”这一栏，可选：{names}", name=entry.indicator, names=list(REMARKS))
        raise Refused(text)
    require_text(entry.payload["text"], required=False)
    current = history.spoken.remark(entry.author, entry.applicant, entry.indicator)
    require_seen(current, seen)
    if paper and current is not None and current.payload["text"].strip():
        require_reason(entry, current)


def _admit_stand(
    rubric: Rubric, panel: Panel, history: History, entry: Entry, seen: int | None
) -> None:
    require_sheet(panel, history, entry)
    require_payload(entry, {"stand", "text"})
    stand, text = entry.payload["stand"], entry.payload["text"]
    if entry.indicator not in measured(rubric, panel):
        raise Refused(_("“{name}”不是由测量值计分的指标，请核对", name=entry.indicator))
    if history.recorded("measure", entry.applicant, entry.indicator) is None:
        raise Refused(_("“{name}”还没有登记测量值，无从核对", name=entry.indicator))
    if stand not in STANDS:
        raise Refused(_("“{stand}”不可用，可选：{stands}", stand=stand, stands=list(STANDS)))
    require_text(text, required=stand == DISPUTED)
    current = history.spoken.stand(entry.author, entry.applicant, entry.indicator)
    require_seen(current.event if current else None, seen)


def measured(rubric: Rubric, panel: Panel) -> list[str]:
    """The indicators on which a measured value decides points, or some of them."""
    return [i.id for i in rubric.indicators if measured_points(panel.rules, i)]


def _admit_answer(panel: Panel, history: History, entry: Entry) -> None:
    if entry.author != panel.secretary.id:
        raise Refused(_("对测量值的异议由评审秘书答复"))
    require_payload(entry, {"text"})
    require_text(entry.payload["text"], required=True)
    if not any(_meant(stand.event, entry) for stand in history.spoken.disputes() if stand.open):
        name, applicant = entry.indicator, entry.applicant
        text = _("{applicant} 的“{name}”没有待答复的异议", applicant=applicant, name=name)
        raise Refused(text)


def _meant(event: Event, entry: Entry) -> bool:
    return (event.applicant, event.indicator) == (entry.applicant, entry.indicator)


def _admit_message(panel: Panel, entry: Entry) -> None:
    panel.expert(entry.author)
    require_payload(entry, {"text"})
    if not entry.payload["text"].strip():
        raise Refused(_("请写明要对评审秘书说的话"))
    require_text(entry.payload["text"], required=True)
    if problem := _not_addressed(panel, entry):
        raise Refused(problem)


def _not_addressed(panel: Panel, entry: Entry) -> Text | None:
    """Why a message is about nothing of its author's; one with a conflict may be told of too."""
    if entry.indicator:
        return _("给评审秘书的话不针对单项指标")
    if entry.applicant:
        panel.applicant(entry.applicant)
        if entry.author not in panel.seats(entry.applicant):
            return _("没有被分配评 {applicant}", applicant=entry.applicant)
    return None


def remarks(
    panel: Panel, history: History, *, submitted_only: bool
) -> dict[str, dict[str, dict[str, str]]]:
    """What experts wrote of an applicant as a whole, by applicant, kind and expert, without what
    does not count any more; drafts too unless ``submitted_only``.
    """
    found: dict[str, dict[str, dict[str, str]]] = {}
    applicants = {a.id for a in panel.applicants}
    for event in history.spoken.remarks():
        author, applicant = event.author, event.applicant
        draft = not history.submitted(author, applicant)
        if applicant in applicants and panel.may_score(applicant, author):
            if draft and submitted_only:
                continue
            own = found.setdefault(applicant, {kind: {} for kind in REMARKS})
            own[event.indicator][author] = event.payload["text"].strip()
    return {a: {kind: own for kind, own in kinds.items() if own} for a, kinds in found.items()}


def messages(history: History) -> list[Message]:
    """What experts wrote to the secretary, in the order in which it was stored."""
    events = history.spoken.messages
    return [Message(e.author, e.applicant, e.payload["text"], e.at) for e in events]
