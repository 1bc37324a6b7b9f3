"""The course of one applicant: its records, followed one by one, through procedures and standing.

A pure fold. What the text, the procedure or the declared rules do not allow is refused, with the
index of the record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, cast

from evalkit.base.errors import EvalkitError, Refused
from evalkit.base.text import Text, _
from evalkit.office import figures, stages
from evalkit.office.corrections import Misstep, Slot, as_corrected
from evalkit.office.decisions import Answer, Decision, Figure, Ground
from evalkit.office.rulebook import Rulebook, shifted
from evalkit.office.stages import Run
from evalkit.office.standing import Mark, Proposal, arising
from evalkit.rubric.provisions import Duty, GroundKind, Procedure, Stage, StandingRule

if TYPE_CHECKING:
    from evalkit.office.file import Applicant


@dataclass(frozen=True)
class Answered:
    """A proposal, and the decision of a named person on it."""

    proposal: Proposal
    answer: Answer
    day: date


@dataclass(frozen=True)
class Course:
    """Where an applicant stands after its records."""

    title: str | None = None
    since: date | None = None
    """The day on which the title was awarded."""
    suspended: bool = False
    """The title rests while the recognition is done again."""
    again: bool = False
    """A person decided that the recognition starts again (可重新启动)."""
    revoked: date | None = None
    evaluated: date | None = None
    """The day of the latest grade."""
    runs: Mapping[str, Run] = field(default_factory=dict)
    """By the id of the round, in the order in which they were begun."""
    marks: tuple[Mark, ...] = ()
    """Grades and grounds since the title was awarded."""
    grounds: Mapping[str, tuple[Ground, date]] = field(default_factory=dict)
    """Grounds by the id of their record, each with its day."""
    open: tuple[Proposal, ...] = ()
    declined: tuple[Proposal, ...] = ()
    """Declined so far; a later decision with a day and a reason of its own may accept them."""
    figures: figures.Reported = field(default_factory=dict)
    """What was reported under the duties: the id of the record, what it says, its day."""
    answered: tuple[Answered, ...] = ()


def follow(book: Rulebook, applicant: Applicant, until: str | None = None) -> Course:
    """The course of ``applicant`` by its records up to and including the day ``until`` (ISO).

    Raises Misstep, with the index of the record, for the first one that may not stand.
    """
    records = [r for r in applicant.records if until is None or r.day <= until]
    course, before = Course(), date.min
    had = applicant.recognised
    if had is not None and (until is None or had.day <= until):
        before = date.fromisoformat(had.day)
        course = Course(title=had.title, since=before)
    for slot in as_corrected(records):
        try:
            _by_the_right_person(book, applicant, slot)
            if slot.withdrawn:
                continue
            if slot.day < before:
                raise Refused(_("日期早于上一条记录（{day}）", day=before))
            course, before = _taken(book, course, slot), slot.day
        except EvalkitError as error:
            raise Misstep(slot.index, error.problems[0].text) from error
    return course


def _by_the_right_person(book: Rulebook, applicant: Applicant, slot: Slot) -> None:
    """Article and role have to be those of the stage, rule or duty that the record is about."""
    element, role = element_of(book, slot.record)
    if slot.by.article != element.article:
        values = {"article": element.article, "found": slot.by.article}
        raise Refused(_("依据应是“{article}”，写的是“{found}”", **values))
    people = book.office.people(applicant)
    able = list(people.values()) if role is None else book.may_act(role, applicant)
    if slot.by.by in {person.id for person in able}:
        return
    if role is None:
        text = _("{article}：{person} 没有登记", article=element.article, person=slot.by.by)
    else:
        text = _(
            "{article}：这一条由“{role}”作出，而 {person} 的身份是{roles}",
            article=element.article,
            role=role,
            person=slot.by.by,
            roles=sorted(book.roles_of(slot.by.by, applicant)) or _("（没有登记）"),
        )
    who = [f"{person.id}（{person.name}）" for person in able]
    raise Refused(_("{text}；可由 {who} 作出", text=text, who=who) if who else text)


def element_of(
    book: Rulebook, record: Decision | Ground | Answer | Figure
) -> tuple[Stage | StandingRule | Duty, str | None]:
    """The stage, rule or duty that a record is about, and the role that it takes; None: any."""
    if isinstance(record, Decision):
        stage = stages.named(_procedure(book, record), record.stage)
        return stage, stages.role(stage, record.outcome, book)
    if isinstance(record, Figure):
        if record.duty not in book.duties:
            ids = list(book.duties) or _("（无）")
            raise Refused(_("这里没有规定 {id}，可选：{ids}", id=record.duty, ids=ids))
        return book.duties[record.duty], None
    rule = book.rules.get(record.rule)
    if rule is None or (isinstance(record, Ground) and not rule.on_ground):
        ids = [r.id for r in book.rubric.standing if r.on_ground or isinstance(record, Answer)]
        raise Refused(_("这里没有规定 {id}，可选：{ids}", id=record.rule, ids=ids))
    return rule, book.judge(rule) if isinstance(record, Ground) else book.actor(rule)


def _procedure(book: Rulebook, record: Decision) -> Procedure:
    if record.round not in book.rounds:
        raise Refused(_("没有轮次 {id}，可选：{ids}", id=record.round, ids=list(book.rounds)))
    return book.procedures[book.rounds[record.round].procedure]


def _taken(book: Rulebook, course: Course, slot: Slot) -> Course:
    if isinstance(slot.record, Decision):
        return _decided(book, course, slot, slot.record)
    if isinstance(slot.record, Ground):
        return _on_record(book, course, slot, slot.record)
    if isinstance(slot.record, Figure):
        key = figures.admit(book, course.since, course.figures, slot.record, slot.day)
        reported = (slot.id, slot.record, slot.day)
        return replace(course, figures={**course.figures, key: reported})
    return _answered(book, course, slot, slot.record)


def _decided(book: Rulebook, course: Course, slot: Slot, record: Decision) -> Course:
    procedure, which = _procedure(book, record), book.rounds[record.round]
    if procedure.kind == "evaluation" and course.title is None:
        values = {"article": procedure.article, "name": procedure.name}
        raise Refused(_("{article}：没有取得称号的，不能参加{name}", **values))
    run = course.runs.get(which.id)
    if run is None and procedure.kind == "recognition":
        _may_apply(book, course, procedure, slot.day)
    run = stages.decide(run or Run(which, procedure), record, slot.id, slot.day, book)
    course = replace(course, runs={**course.runs, which.id: run})
    if run.ended and procedure.kind == "recognition":
        return _recognised(book, course, run, slot.day)
    if run.ended and run.grade:
        repeated = run.rectify_by is not None
        mark = Mark(slot.id, which.year, run.grade, repeated=repeated)
        return _marked(book, replace(course, evaluated=slot.day), mark)
    return course


def _may_apply(book: Rulebook, course: Course, procedure: Procedure, day: date) -> None:
    going = [r for r, run in course.runs.items() if run.procedure is procedure and not run.ended]
    problem: Text | None = None
    if going:
        problem = _("轮次 {ids} 还没有结束", ids=going)
    elif course.title is not None and not course.again:
        problem = _("已有称号“{title}”，没有决定重新启动认定", title=course.title)
    elif course.revoked is not None:
        wait = book.office.rules.reapplication
        if not isinstance(wait, int):
            problem = _("称号已于 {day} 撤销，声明的规则不允许重新申报", day=course.revoked)
        elif day <= (last := shifted(course.revoked, wait)):
            problem = _(
                "称号已于 {day} 撤销，{last} 之后才能重新申报", day=course.revoked, last=last
            )
    if problem:
        raise Refused(_("{article}：{problem}", article=procedure.article, problem=problem))


def _recognised(book: Rulebook, course: Course, run: Run, day: date) -> Course:
    if run.ended == "rejected":
        return replace(course, again=False)
    title = book.title(run.procedure)
    course = replace(course, title=title, since=day, again=False, suspended=False)
    # what was on record under a title that was revoked does not count against a new one
    return replace(course, revoked=None, marks=()) if course.revoked else course


def _marked(book: Rulebook, course: Course, mark: Mark) -> Course:
    marks = (*course.marks, mark)
    new = arising(book.rubric.standing, marks)
    return replace(course, marks=marks, open=(*course.open, *new))


def _on_record(book: Rulebook, course: Course, slot: Slot, record: Ground) -> Course:
    rule = book.rules[record.rule]
    problem: Text | None = None
    if course.title is None:
        problem = _("没有称号，不能登记这一情形")
    elif (rule.then in {"consent", "notify"}) is (record.takes_effect is None):
        problem = _("变更、重大调整须写 takes_effect（生效日期），其他情形不写")
    if problem:
        raise Refused(_("{article}：{problem}", article=rule.article, problem=problem))
    if rule.then == "counts_as_failed":
        _not_ended(_evaluation(book, course, record.year), rule)
    course = replace(course, grounds={**course.grounds, slot.id: (record, slot.day)})
    ground, reason = cast("GroundKind", rule.when), record.reason or ""
    return _marked(book, course, Mark(slot.id, record.year, ground=ground, reason=reason))


def _evaluation(book: Rulebook, course: Course, year: int) -> Run:
    """The evaluation of ``year``, begun or not. Raises Refused if no such round is declared."""
    for which in book.rounds.values():
        procedure = book.procedures[which.procedure]
        if procedure.kind == "evaluation" and which.year == year:
            return course.runs.get(which.id) or Run(which, procedure)
    raise Refused(_("没有声明 {year} 年度的评估轮次，请补充 rounds", year=year))


def _not_ended(run: Run, rule: StandingRule) -> Run:
    if run.ended:
        values = {"article": rule.article, "round": run.round.id}
        raise Refused(_("{article}：{round} 已经结束，不能再视为未参加", **values))
    return run


def _answered(book: Rulebook, course: Course, slot: Slot, record: Answer) -> Course:
    waiting = (*course.open, *course.declined)
    found = [p for p in waiting if (p.rule.id, p.cause) == (record.rule, record.cause)]
    if not found:
        ids = [f"{p.rule.id}（{p.cause}）" for p in waiting] or _("（无）")
        raise Refused(
            _(
                "没有待决定的建议 {id}（{cause}）；待决定的：{ids}",
                id=record.rule,
                cause=record.cause,
                ids=ids,
            )
        )
    (proposal,) = found
    course = replace(
        course,
        open=tuple(p for p in course.open if p is not proposal),
        declined=tuple(p for p in course.declined if p is not proposal),
        answered=(*course.answered, Answered(proposal, record, slot.day)),
    )
    if record.outcome == "declined":
        return replace(course, declined=(*course.declined, proposal))
    return _fact(book, course, proposal, slot)


def _fact(book: Rulebook, course: Course, proposal: Proposal, slot: Slot) -> Course:
    """What an accepted proposal changes."""
    rule, then = proposal.rule, proposal.rule.then
    if then == "revoke":
        # whatever else was proposed was proposed for the holder of the title
        ended = replace(course, title=None, since=None, suspended=False, again=False)
        return replace(ended, revoked=slot.day, open=(), declined=())
    if then == "restart":
        rests = book.office.rules.meanwhile[rule.id] == "suspended"
        return replace(course, again=True, suspended=rests)
    if then == "rectify":
        run = _evaluation(book, course, proposal.year)
        first = [s.id for s in run.procedure.stages].index(book.office.rules.repeat_from[rule.id])
        run = replace(
            run, at=first, ended=None, deemed=None, rectify_by=shifted(slot.day, book.days(rule))
        )
        return replace(course, runs={**course.runs, run.round.id: run})
    if then == "counts_as_failed":
        run = _not_ended(_evaluation(book, course, proposal.year), rule)
        grade = next(g for g in run.procedure.grades if not g.passes)
        deemed = (slot.id, cast("Answer", slot.record), slot.day)
        run = replace(
            run, at=len(run.procedure.stages), ended="completed", grade=grade, deemed=deemed
        )
        runs = {**course.runs, run.round.id: run}
        course = replace(course, runs=runs, evaluated=slot.day)
        return _marked(book, course, Mark(slot.id, proposal.year, grade, deemed=True))
    return course
