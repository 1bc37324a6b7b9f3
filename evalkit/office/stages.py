"""One applicant in one round of a procedure: where it stands, what may come next, who acts.

Stages are taken one by one in the order of the text. A decision before its turn, by another role
than the text names, or against a declared period is refused, naming the article.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from evalkit.base.errors import Refused
from evalkit.base.text import Text, _
from evalkit.office import objections
from evalkit.office.decisions import ANSWERS, OUTCOMES, Answer, Decision, Outcome
from evalkit.office.objections import Step
from evalkit.office.rulebook import Rulebook, shifted
from evalkit.rubric.provisions import Grade, Procedure, Stage

if TYPE_CHECKING:
    from evalkit.office.file import Round

JUDGED: frozenset[Outcome] = frozenset(
    {"skipped", "admitted", "not_admitted", "dismissed", "upheld"}
)
"""Outcomes that are a judgement which the text leaves open, not the act of the stage's actor."""


@dataclass(frozen=True)
class Run:
    """What has become of a round so far."""

    round: Round
    procedure: Procedure
    at: int = 0
    """Index of the stage that comes next; the number of stages once all are done."""
    opened: date | None = None
    """The day on which the publicity of this stage began, or began anew."""
    objections: tuple[str, ...] = ()
    """Records of objections that nobody has answered yet."""
    steps: tuple[Step, ...] = ()
    """Every decision so far, in its order."""
    ended: Literal["completed", "rejected"] | None = None
    deemed: tuple[str, Answer, date] | None = None
    """The answer by which it ended without an evaluation (视为不合格): its record and day."""
    grade: Grade | None = None
    rectify_by: date | None = None
    """The last day of 整改; the evaluation is repeated after it was ordered."""

    @property
    def stage(self) -> Stage | None:
        """The stage that comes next; None once the round has ended."""
        return None if self.ended else self.procedure.stages[self.at]

    @property
    def raised(self) -> list[dict[str, Any]]:
        """Its objections, see `evalkit.office.objections.shown`."""
        return list(objections.shown(self.round.id, self.steps, self.objections))

    @property
    def concluded(self) -> tuple[str, date]:
        """The record, and the day, of the last decision. There has to be one."""
        if self.deemed is not None:
            return self.deemed[0], self.deemed[2]
        return self.steps[-1].id, self.steps[-1].day

    @property
    def taken(self) -> Step | None:
        """The last decision that was taken from locked results."""
        return next((s for s in reversed(self.steps) if s.decision.results), None)

    @property
    def grading(self) -> bool:
        """Whether the next stage ends in a grade: the last one of a procedure that has grades."""
        last = self.at == len(self.procedure.stages) - 1
        return last and bool(self.procedure.grades)


def named(procedure: Procedure, id: str) -> Stage:
    """The stage of ``procedure`` with this id. Raises Refused for an unknown one."""
    stages = {s.id: s for s in procedure.stages}
    if id not in stages:
        ids = list(stages)
        raise Refused(
            _("程序“{name}”没有环节 {id}，可选：{ids}", name=procedure.name, id=id, ids=ids)
        )
    return stages[id]


def may(run: Run) -> tuple[Outcome, ...]:
    """What the next stage may come to."""
    stage = run.stage
    if stage is None:
        return ()
    back: tuple[Outcome, ...] = ("returned",) if run.at else ()
    if run.grading:
        return ("graded", *back)
    if stage.period == "publicity":
        if run.opened is None:
            return ("begun", *back)
        if run.objections:
            return ("objection", *objections.coming(run.steps, run.objections))
        return ("done", "objection", *back)
    # an evaluation ends in a grade, not in a refusal
    refusal: tuple[Outcome, ...] = () if run.procedure.grades else ("rejected",)
    skip: tuple[Outcome, ...] = ("skipped",) if stage.optional else ()
    return ("done", "passed", *skip, *back, *refusal)


def last_day(run: Run, book: Rulebook) -> date | None:
    """The last day of the publicity, or for the next stage; None where there is none (yet)."""
    if run.stage is None:
        return None
    if run.stage.period == "publicity":
        return shifted(run.opened, book.days(run.stage)) if run.opened else None
    return None if run.rectify_by else book.due(run.stage, run.round)


def role(stage: Stage, outcome: Outcome, book: Rulebook) -> str:
    """Who decides on this outcome."""
    open_to_judgement = stage.optional or stage.period == "publicity"
    return book.judge(stage) if outcome in JUDGED and open_to_judgement else book.actor(stage)


def decide(run: Run, decision: Decision, name: str, day: date, book: Rulebook) -> Run:
    """``run`` after ``decision`` of ``day``, to which others refer as ``name``.

    The role of its author is checked elsewhere (`role`). Raises Refused, naming the article.
    """
    stage = _in_turn(run, decision)
    wrong = objections.out_of_turn(run.steps, decision)
    if decision.answers in run.objections and wrong is not None:
        raise _refused(stage, wrong)
    if decision.outcome not in may(run):
        raise _refused(
            stage,
            _(
                "现在不能记“{outcome}”，只能是：{may}",
                outcome=OUTCOMES[decision.outcome],
                may=[OUTCOMES[o] for o in may(run)],
            ),
        )
    _in_time(run, stage, decision, day, book)
    _as_proposed(run, stage, decision)
    return replace(
        _after(run, stage, decision, name, day, book),
        steps=(*run.steps, Step(name, decision, day)),
    )


def _after(run: Run, stage: Stage, decision: Decision, name: str, day: date, book: Rulebook) -> Run:
    """``run`` as the outcome leaves it."""
    if decision.outcome == "begun":
        return replace(run, opened=day)
    if decision.outcome == "objection":
        return replace(run, objections=(*run.objections, name))
    if decision.outcome in ANSWERS:
        return _answered(run, stage, decision, day, book)
    if decision.outcome == "returned":
        return _back(run, stage, decision)
    if decision.outcome == "rejected":
        return replace(run, ended="rejected")
    grade = _grade(run, stage, decision) if decision.outcome == "graded" else run.grade
    last = run.at + 1 == len(run.procedure.stages)
    ended: Literal["completed"] | None = "completed" if last else None
    return replace(run, at=run.at + 1, opened=None, ended=ended, grade=grade)


def _in_turn(run: Run, decision: Decision) -> Stage:
    stage = named(run.procedure, decision.stage)
    if run.stage is None:
        raise _refused(stage, _("{round} 已经结束，不能再记", round=run.round.id))
    if stage is not run.stage:
        text = _(
            "还没有轮到这一环节；现在应办“{name}”（{article}）",
            name=run.stage.name,
            article=run.stage.article,
        )
        raise _refused(stage, text)
    return stage


def _in_time(run: Run, stage: Stage, decision: Decision, day: date, book: Rulebook) -> None:
    last = last_day(run, book)
    if last is None:
        return
    if stage.period == "publicity":
        if decision.outcome == "done" and day <= last:
            raise _refused(stage, _("公示到 {last} 为止，此后才能完成", last=last))
        if decision.outcome == "objection" and day > last:
            raise _refused(stage, _("公示已于 {last} 结束，此后不再受理异议", last=last))
    elif decision.outcome in {"done", "passed"} and day > last and decision.reason is None:
        text = _("最后一日是 {last}，逾期 {n} 天，须写明受理的理由", last=last, n=(day - last).days)
        raise _refused(stage, text)


def _as_proposed(run: Run, stage: Stage, decision: Decision) -> None:
    """Results that were taken from a locked round bind whoever lets an applicant pass after them.

    A visit or another check may still be done on one that is not proposed.
    """
    last = stage is run.procedure.stages[-1]
    lets_pass = decision.outcome in {"passed", "begun", *(("done",) if last else ())}
    if run.taken is None or decision.results or not lets_pass:
        return
    taken = run.taken.decision
    values = {"id": run.taken.id, "digest": f"{taken.results:.12}…"}
    if taken.proposed == "no":
        text = _("锁定的结果（{id}，结果摘要值 {digest}）没有拟选这一对象，不能通过", **values)
        raise _refused(stage, text)
    chosen = any(s.decision.outcome == "passed" and s.decision.reason for s in _since_taken(run))
    if taken.proposed == "tied_at_cut" and not chosen and decision.reason is None:
        text = _("锁定的结果（{id}，结果摘要值 {digest}）是并列待定，选上的须写明理由", **values)
        raise _refused(stage, text)


def _since_taken(run: Run) -> tuple[Step, ...]:
    """The decisions after the results were taken."""
    taken = run.taken
    return run.steps[run.steps.index(taken) + 1 :] if taken else ()


def _answered(run: Run, stage: Stage, decision: Decision, day: date, book: Rulebook) -> Run:
    if decision.answers not in run.objections:
        text = _(
            "没有待答复的异议 {id}，可选：{ids}", id=decision.answers, ids=list(run.objections)
        )
        raise _refused(stage, text)
    if decision.outcome in {"admitted", "checked"}:
        return run
    left = tuple(o for o in run.objections if o != decision.answers)
    if decision.outcome == "not_admitted":
        return replace(run, objections=left)
    if decision.outcome == "dismissed":
        anew = book.office.rules.objections[stage.id] == "anew"
        return replace(run, objections=left, opened=day if anew else run.opened)
    return replace(run, ended="rejected") if decision.to is None else _back(run, stage, decision)


def _back(run: Run, stage: Stage, decision: Decision) -> Run:
    earlier = [s.id for s in run.procedure.stages[: run.at]]
    if decision.to not in earlier:
        raise _refused(stage, _("只能退回到此前的环节：{ids}", ids=earlier))
    return replace(run, at=earlier.index(decision.to), opened=None, objections=())


def _grade(run: Run, stage: Stage, decision: Decision) -> Grade:
    grades = {g.id: g for g in run.procedure.grades}
    if decision.grade not in grades:
        text = _("没有等次 {id}，可选：{ids}", id=decision.grade, ids=list(grades))
        raise _refused(stage, text)
    return grades[decision.grade]


def _refused(stage: Stage, what: Text) -> Refused:
    values = {"article": stage.article, "name": stage.name, "what": what}
    return Refused(_("{article}“{name}”：{what}", **values))
