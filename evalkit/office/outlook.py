"""What an office sees of an applicant: its state, what may come next, what is proposed, deadlines.

Everything is derived from the course of the applicant; the day of reading is a parameter.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from evalkit.base.text import Text, _
from evalkit.base.wanted import asked
from evalkit.office import figures, outcomes, stages
from evalkit.office.course import Answered, Course, follow
from evalkit.office.rulebook import Rulebook, shifted
from evalkit.office.stages import Run
from evalkit.office.standing import Proposal
from evalkit.office.validity import outside

if TYPE_CHECKING:
    from evalkit.office.file import Applicant

State = Literal[
    "not_recognised", "applying", "rejected", "recognised", "rectifying", "suspended", "revoked"
]

STATES: dict[State, Text] = {
    "not_recognised": _("未认定"),
    "applying": _("认定程序进行中"),
    "rejected": _("未予认定"),
    "recognised": _("已认定"),
    "rectifying": _("整改中"),
    "suspended": _("重新认定期间资格中止"),
    "revoked": _("已撤销"),
}


@asked
def outlook(book: Rulebook, applicant: Applicant, on: str | None = None) -> dict[str, Any]:
    """How ``applicant`` stands by its records up to the day ``on`` (ISO; None: all of them).

    Ids, words, dates and `Text`; `plain` puts it into a language. Without ``on`` nothing is said
    about what is overdue. Raises Misstep as `evalkit.office.course.follow` does.
    """
    course = follow(book, applicant, on)
    runs = list(_under_way(book, course))
    today = date.fromisoformat(on) if on else None
    days = [record.day for record in applicant.records if on is None or record.day <= on]
    due = sorted(_deadlines(book, course, runs), key=lambda d: d["last_day"])
    return {
        "id": applicant.id,
        "name": applicant.name,
        "state": _state(course),
        "title": course.title,
        "since": course.since,
        "revoked": course.revoked,
        "years": [
            {"year": m.year, "grade": m.grade.name, "repeated": m.repeated, "deemed": m.deemed}
            for m in course.marks
            if m.grade is not None
        ],
        "rounds": list(outcomes.shown(book, course)),
        "next": [_next(book, applicant, run) for run in runs],
        "may_begin": [_next(book, applicant, run) for run in _may_begin(book, course)],
        "proposals": [_open(book, applicant, p) for p in course.open],
        "declined": [_open(book, applicant, p) for p in course.declined],
        "objections": [o for run in course.runs.values() for o in run.raised],
        "answered": [_answered(a) for a in course.answered],
        "deadlines": [
            {**d, "overdue": d["last_day"] < today if today and not d["publicity"] else None}
            for d in due
        ],
        "duties": list(_duties(book)) if course.title else [],
        "figures": list(figures.shown(book, course.figures)),
        "owed": list(figures.owed(book, course.since, course.figures, today)) if today else None,
        "remarks": [*_remarks(book, course), *outside(book.rubric, days)],
    }


def _duties(book: Rulebook) -> Iterator[dict[str, Any]]:
    """What a holder owes, whether it is held against a number, and whether it is to be reported."""
    for d in book.rubric.duties:
        yield {
            "id": d.id,
            "article": d.article,
            "text": d.text,
            "measured": d.bound is not None,
            "reported": d.yearly or d.bound is not None or d.id in book.office.rules.owed,
        }


def plain(value: Any, language: str) -> Any:
    """``value`` with its texts in ``language`` and its dates in ISO 8601, for JSON."""
    if isinstance(value, dict):
        return {key: plain(v, language) for key, v in value.items()}
    if isinstance(value, list):
        return [plain(v, language) for v in value]
    if isinstance(value, Text):
        return value.render(language)
    return value.isoformat() if isinstance(value, date) else value


def _state(course: Course) -> State:
    if course.title is not None:
        if course.suspended:
            return "suspended"
        rectifying = any(r.rectify_by and not r.ended for r in course.runs.values())
        return "rectifying" if rectifying else "recognised"
    last = _last_recognition(course)
    if last is not None and last.ended is None:
        return "applying"
    if course.revoked is not None:
        return "revoked"
    return "rejected" if last else "not_recognised"


def _last_recognition(course: Course) -> Run | None:
    runs = [r for r in course.runs.values() if r.procedure.kind == "recognition"]
    return runs[-1] if runs else None


def _under_way(book: Rulebook, course: Course) -> Iterator[Run]:
    """Rounds that have not ended; of evaluations also those that a holder has not begun."""
    runs = {
        which.id: Run(which, book.procedures[which.procedure])
        for which in book.office.rounds
        if course.since and which.year >= course.since.year
        if book.procedures[which.procedure].kind == "evaluation"
    }
    for run in {**runs, **course.runs}.values():
        if not run.ended and (run.procedure.kind == "recognition" or course.title):
            yield run


def _may_begin(book: Rulebook, course: Course) -> Iterator[Run]:
    """Recognitions that an applicant may enter; whether it waits long enough is seen by the day."""
    last = _last_recognition(course)
    going = last is not None and last.ended is None
    if going or (course.title is not None and not course.again):
        return
    for which in book.office.rounds:
        procedure = book.procedures[which.procedure]
        if procedure.kind == "recognition" and which.id not in course.runs:
            yield Run(which, procedure)


def _next(book: Rulebook, applicant: Applicant, run: Run) -> dict[str, Any]:
    """The stage that comes next. Whether its needs are met is for people to say."""
    stage = run.procedure.stages[run.at]
    needs = [book.provisions[need] for need in stage.needs]
    return {
        "round": run.round.id,
        "procedure": run.procedure.id,
        "stage": stage.id,
        "name": stage.name,
        "article": stage.article,
        "actor": book.actor(stage),
        "people": [p.id for p in book.may_act(book.actor(stage), applicant)],
        "outcomes": list(stages.may(run)),
        "needs": [{"id": p.id, "article": p.article, "text": p.text} for p in needs],
        "last_day": stages.last_day(run, book),
    }


def _open(book: Rulebook, applicant: Applicant, proposal: Proposal) -> dict[str, Any]:
    decides = book.actor(proposal.rule)
    return {
        **_proposal(proposal),
        "year": proposal.year,
        "because": proposal.because,
        "decides": decides,
        "people": [p.id for p in book.may_act(decides, applicant)],
    }


def _proposal(proposal: Proposal) -> dict[str, Any]:
    rule = proposal.rule
    return {
        "rule": rule.id,
        "then": rule.then,
        "article": rule.article,
        "cause": proposal.cause,
    }


def _answered(answered: Answered) -> dict[str, Any]:
    answer = answered.answer
    about = {"outcome": answer.outcome, "by": answer.by, "on": answered.day}
    return {**_proposal(answered.proposal), **about, "reason": answer.reason}


def _deadlines(book: Rulebook, course: Course, runs: list[Run]) -> Iterator[dict[str, Any]]:
    def due(what: Text, article: str, last: date, *, publicity: bool = False) -> dict[str, Any]:
        return {"what": what, "article": article, "last_day": last, "publicity": publicity}

    for run in runs:
        stage, last = run.procedure.stages[run.at], stages.last_day(run, book)
        if last:
            text = _("{round} {stage}", round=run.round.id, stage=stage.name)
            yield due(text, stage.article, last, publicity=stage.period == "publicity")
        if run.rectify_by:
            rule = next(r for r in book.rubric.standing if r.then == "rectify")
            yield due(_("{round} 整改", round=run.round.id), rule.article, run.rectify_by)
    for proposal in course.open:
        if proposal.rule.then == "consent":
            last = shifted(_takes_effect(course, proposal.cause), -1)
            yield due(_("同意变更（须在变更之前）"), proposal.rule.article, last)
    since = course.evaluated or course.since
    evaluating = any(run.procedure.kind == "evaluation" for run in runs)
    for procedure in book.rubric.procedures:
        if procedure.interval_open and course.title and since and not evaluating:
            what = _("下一次{name}", name=procedure.name)
            yield due(what, procedure.article, shifted(since, book.days(procedure)))


def _remarks(book: Rulebook, course: Course) -> Iterator[Text]:
    """What a reader should know and no rule of the text decides."""
    for ground, day in course.grounds.values():
        rule = book.rules[ground.rule]
        if rule.days_open and ground.takes_effect:
            last = shifted(date.fromisoformat(ground.takes_effect), -book.days(rule))
            if day > last:
                values = {"article": rule.article, "last": last, "day": day}
                yield _("{article}：最迟应在 {last} 告知，{day} 才告知", **values)
    for answered in course.answered:
        proposal, answer = answered.proposal, answered.answer
        if proposal.rule.then == "consent" and answer.outcome == "accepted":
            effect = _takes_effect(course, proposal.cause)
            if answered.day >= effect:
                values = {"article": proposal.rule.article, "day": answered.day, "effect": effect}
                yield _("{article}：{day} 才同意，变更已于 {effect} 生效", **values)
    last_recognition = _last_recognition(course)
    if course.title and last_recognition and last_recognition.ended == "rejected":
        yield _("重新认定未予通过；原文没有规定原称号如何处理，须由人依条款另作决定")


def _takes_effect(course: Course, cause: str) -> date:
    return date.fromisoformat(course.grounds[cause][0].takes_effect or "")
