"""What an office tells those concerned: 整改, revocation, and the answer to an objection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evalkit.base.errors import Refused
from evalkit.base.terms import day as said
from evalkit.base.text import _
from evalkit.office import objections
from evalkit.office.course import Answered, Course
from evalkit.office.papers import paper, plain, quoted
from evalkit.office.rulebook import Rulebook, shifted

if TYPE_CHECKING:
    from evalkit.office.file import Applicant


def _accepted(course: Course, then: str) -> Answered | None:
    """The last decision by which a proposal of this kind became a fact."""
    found = [
        a
        for a in course.answered
        if a.proposal.rule.then == then and a.answer.outcome == "accepted"
    ]
    return found[-1] if found else None


def rectification(book: Rulebook, applicant: Applicant, course: Course) -> dict[str, Any]:
    """整改通知: grounds, days, what is evaluated anew. Raises Refused where none was ordered."""
    done = _accepted(course, "rectify")
    if done is None:
        raise Refused(_("{name} 没有采纳整改的记录，不能出整改通知", name=applicant.name))
    rule, day = done.proposal.rule, done.day
    last = shifted(day, book.days(rule))
    stage = next(
        s
        for p in book.rubric.procedures
        for s in p.stages
        if s.id == book.office.rules.repeat_from[rule.id]
    )
    body = [
        _(
            "依据{basis}{quoted}，你单位{because}。",
            quoted=quoted(rule),
            because=done.proposal.because,
        ),
        _("经研究，决定给予整改。理由：{reason}。", reason=plain(done.answer.reason)),
        _(
            "整改期限为{n}日，自{first}起至{last}止。",
            n=book.days(rule),
            first=said(f"{day}"),
            last=said(f"{last}"),
        ),
        _("期满后从“{stage}”环节（{article}）重新评估。", stage=stage.name, article=stage.article),
        *(
            _("{quoted}。", quoted=quoted(r))
            for r in book.rubric.standing
            if r.when == "failed_after_rectification"
        ),
    ]
    title = _("关于{name}限期整改的通知", name=applicant.name)
    rest = {"to": applicant.name, "contact": True, "records": [_record(applicant, done)]}
    return paper(book, "rectification", title, day, body=body, **rest)


def revocation(book: Rulebook, applicant: Applicant, course: Course) -> dict[str, Any]:
    """撤销公告: grounds, title, when to apply again. Raises Refused where the title stands."""
    done = _accepted(course, "revoke")
    if done is None or course.revoked is None:
        raise Refused(_("{name} 没有撤销的记录，不能出撤销公告", name=applicant.name))
    rule, day = done.proposal.rule, done.day
    held = _("称号") if _says(book, "称号") else _("资格")
    title = _title(book, applicant, course)
    wait = book.office.rules.reapplication
    after = (
        _("撤销之日起{n}日内不得重新申报。", n=wait)
        if isinstance(wait, int)
        else _("撤销后不得再申报。")
    )
    body = [
        _(
            "依据{basis}{quoted}，{name}{because}，决定自{day}起撤销其“{title}”{held}。",
            quoted=quoted(rule),
            name=applicant.name,
            because=done.proposal.because,
            day=said(f"{day}"),
            title=title,
            held=held,
        ),
        _("理由：{reason}。", reason=plain(done.answer.reason)),
        after,
    ]
    values = {"name": applicant.name, "title": title, "held": held}
    heading = _("关于撤销{name}“{title}”{held}的公告", **values)
    records = [_record(applicant, done)]
    return paper(book, "revocation", heading, day, body=body, records=records)


def _says(book: Rulebook, word: str) -> bool:
    """Whether the text speaks of revoking a ``word``."""
    return any(word in r.text for r in book.rubric.standing if r.then == "revoke")


def _title(book: Rulebook, applicant: Applicant, course: Course) -> str:
    """The title that was revoked."""
    for run in reversed(list(course.runs.values())):
        if run.procedure.kind == "recognition" and run.ended == "completed":
            return book.title(run.procedure)
    return applicant.recognised.title if applicant.recognised else ""


def _record(applicant: Applicant, done: Answered) -> tuple[str, str]:
    return applicant.name, done.answer.id


_STEPS = {
    "admitted": _("已于{day}受理。"),
    "checked": _("{day}核查情况：{reason}。"),
    "not_admitted": _("不予受理。理由：{reason}。"),
    "dismissed": _("经认定，异议不成立。理由：{reason}。"),
    "upheld": _("经认定，异议成立。理由：{reason}。"),
}
"""What an answer to an objection says of each step."""


def objection(
    book: Rulebook, applicant: Applicant, course: Course, record: str | None
) -> dict[str, Any]:
    """异议答复: taken up or not, checked, the ruling. Raises Refused before there is one."""
    raised = [(run, o) for run in course.runs.values() for o in run.raised]
    chosen = [(run, o) for run, o in raised if record in (None, o["id"])]
    if len(chosen) != 1:
        ids = [o["id"] for _run, o in raised] or _("（无）")
        raise Refused(_("须写明是哪一条异议（--record），可选：{ids}", ids=ids))
    ((run, o),) = chosen
    if o["state"] not in {"not_admitted", "dismissed", "upheld"}:
        values = {"id": o["id"], "state": objections.STATES[o["state"]]}
        raise Refused(_("异议 {id} 还没有结论（{state}），不能答复", **values))
    name = {s.id: s.name for s in run.procedure.stages}
    received = _(
        "你（单位）于{day}就{name}的{stage}提出的异议收悉：{ground}。",
        day=said(f"{o['day']}"),
        name=applicant.name,
        stage=name[o["stage"]],
        ground=plain(o["ground"]),
    )
    steps = [
        _STEPS[s["outcome"]].filled(day=said(f"{s['day']}"), reason=plain(s["reason"]))
        for s in o["steps"]
    ]
    body = [received, *steps, _("以上依据{basis}{article}办理。", article=o["article"])]
    last = o["steps"][-1]
    if last["to"]:
        body.insert(-1, _("该对象退回“{stage}”环节重新办理。", stage=name[last["to"]]))
    title = _("关于对{name}公示异议的答复", name=applicant.name)
    rest = {"to": o["objector"] or _("（异议人）"), "contact": True}
    return paper(
        book,
        "objection",
        title,
        last["day"],
        body=body,
        records=[(applicant.name, last["id"])],
        **rest,
    )
