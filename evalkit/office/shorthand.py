"""What a person need not spell out: Chinese names for ids, and whatever can be only one thing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from evalkit.base.errors import Refused
from evalkit.base.text import _
from evalkit.office.course import Course, follow
from evalkit.office.decisions import ANSWERS, OUTCOMES
from evalkit.office.rulebook import Rulebook
from evalkit.panel.employers import key

if TYPE_CHECKING:
    from evalkit.office.file import Applicant

_ANSWERED = {"采纳": "accepted", "同意": "accepted", "不采纳": "declined", "未采纳": "declined"}
_OBJECTORS = {"被评单位": "applicant", "申报单位": "applicant", "第三方": "third_party"}


def spelt_out(book: Rulebook, applicant: Applicant, given: Mapping[str, Any]) -> dict[str, Any]:
    """``given`` fields of a record with ids for names, and with what is clear from the record.

    The round is the one in which the stage comes next; the objection answered and the cause of a
    proposal are the only ones that wait. Raises Refused where several would do.
    """
    own, kind = dict(given), given.get("kind")
    people = book.office.people(applicant).values()
    names = Counter(person.name for person in people)
    once = {person.name: person.id for person in people if names[person.name] == 1}
    own = _named(own, "by", once)
    if kind == "decision":
        return _decision(book, follow(book, applicant), own)
    if kind == "answer":
        own = _named(own, "outcome", _ANSWERED)
        return _cause(follow(book, applicant), own)
    if kind == "figure":
        if own.get("duty") not in book.duties:
            ids = list(book.duties) or _("（无）")
            raise Refused(_("这里没有规定 {id}，可选：{ids}", id=own.get("duty"), ids=ids))
        bound = book.duties[own["duty"]].bound
        if bound is not None and "value" in own:
            own.setdefault("unit", bound.measure.unit)
    return own


def _named(own: dict[str, Any], field: str, ids: Mapping[str, str]) -> dict[str, Any]:
    """``own`` with the id of what is named in ``field``; as it is where nothing has that name."""
    plain = {key(name): id for name, id in ids.items()}
    found = plain.get(key(str(own[field]))) if field in own else None
    return own if found is None else {**own, field: found}


def _decision(book: Rulebook, course: Course, own: dict[str, Any]) -> dict[str, Any]:
    if "round" in own and own["round"] in book.rounds:
        procedures = [book.procedures[book.rounds[own["round"]].procedure]]
    else:
        procedures = list(book.procedures.values())
    own = _named(own, "stage", {s.name: s.id for p in procedures for s in p.stages})
    own = _named(own, "to", {s.name: s.id for p in procedures for s in p.stages})
    own = _named(own, "grade", {g.name: g.id for p in procedures for g in p.grades})
    own = _named(own, "outcome", {str(words): id for id, words in OUTCOMES.items()})
    own = _named(own, "objector_is", _OBJECTORS)
    if "round" not in own and "stage" in own:
        own["round"] = _round(book, course, str(own["stage"]))
    if own.get("outcome") in ANSWERS and "answers" not in own:
        run = course.runs.get(own["round"])
        waiting = run.objections if run else ()
        if len(waiting) != 1:
            text = _("须写明所处理的异议（answers），待处理的：{ids}", ids=waiting or _("（无）"))
            raise Refused(text)
        own["answers"] = waiting[0]
    return own


def _round(book: Rulebook, course: Course, stage: str) -> str:
    """The round in which ``stage`` comes next, or the only one that has it."""
    having = [
        r
        for r in book.office.rounds
        if any(s.id == stage for s in book.procedures[r.procedure].stages)
    ]
    if not having:
        ids = [s.id for p in book.rubric.procedures for s in p.stages]
        raise Refused(_("没有环节 {id}，可选：{ids}", id=stage, ids=ids))
    coming = [
        r.id
        for r in having
        if (run := course.runs.get(r.id)) and run.stage and run.stage.id == stage
    ]
    fresh = [r.id for r in having if r.id not in course.runs]
    begun = [r.id for r in having if r.id in course.runs]
    # a round that waits for this stage, else one that may begin, else one that says why not
    for found in (coming, fresh, begun):
        if len(found) == 1:
            return found[0]
    raise Refused(_("须写明轮次（round），可选：{ids}", ids=[r.id for r in having]))


def _cause(course: Course, own: dict[str, Any]) -> dict[str, Any]:
    if "cause" in own:
        return own
    waiting = [p for p in (*course.open, *course.declined) if p.rule.id == own.get("rule")]
    fresh = [p for p in waiting if p in course.open]
    for found in (fresh, waiting):
        if len(found) == 1:
            return {**own, "cause": found[0].cause}
    ids = [f"{p.rule.id}（{p.cause}）" for p in (*course.open, *course.declined)] or _("（无）")
    raise Refused(_("须写明建议的起因（cause），待决定的：{ids}", ids=ids))
