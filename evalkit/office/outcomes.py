"""What came of each round that an applicant took part in, in the words of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from evalkit.base.text import Text
from evalkit.office.decisions import OUTCOMES, Outcome
from evalkit.office.rulebook import Rulebook
from evalkit.rubric.field_names import PROPOSED
from evalkit.rubric.provisions import Stage

if TYPE_CHECKING:
    from evalkit.office.course import Course
    from evalkit.office.stages import Run

_GRANTS = re.compile(r"给予(\w+)$")


def verdict(stage: Stage, outcome: Outcome) -> Text | str:
    """What ``outcome`` of ``stage`` means: 择优给予支持 that passes is 给予支持, else 不予支持."""
    match = _GRANTS.search(stage.name)
    if match and outcome in {"passed", "rejected"}:
        return f"给予{match[1]}" if outcome == "passed" else f"不予{match[1]}"
    return OUTCOMES[outcome]


def shown(book: Rulebook, course: Course) -> Iterator[dict[str, Any]]:
    """Each round that was begun: its last decision, its grade, and the results it rests on."""
    for run in course.runs.values():
        if run.deemed is not None:
            yield _deemed(book, run)
        elif run.steps:
            yield _shown(book, run)


def _deemed(book: Rulebook, run: Run) -> dict[str, Any]:
    """A round that ended by the answer to a proposal, without an evaluation."""
    id, answer, day = run.deemed  # type: ignore[misc]
    rule = book.rules[answer.rule]
    return {
        **_about(run),
        "stage": rule.id,
        "stage_name": rule.text,
        "article": rule.article,
        "outcome": answer.outcome,
        "verdict": PROPOSED[rule.then],
        "title": None,
        "day": day,
        "by": answer.by,
        "record": id,
        "reason": answer.reason,
        **dict.fromkeys(("results", "root", "proposed")),
    }


def _about(run: Run) -> dict[str, Any]:
    return {
        "round": run.round.id,
        "procedure": run.procedure.id,
        "name": run.procedure.name,
        "year": run.round.year,
        "ended": run.ended,
        "grade": run.grade.name if run.grade else None,
    }


def _shown(book: Rulebook, run: Run) -> dict[str, Any]:
    step = run.steps[-1]
    stage = next(s for s in run.procedure.stages if s.id == step.decision.stage)
    taken = run.taken
    return {
        **_about(run),
        "stage": stage.id,
        "stage_name": stage.name,
        "article": stage.article,
        "outcome": step.decision.outcome,
        "verdict": verdict(stage, step.decision.outcome),
        "title": book.title(run.procedure) if _recognised(run) else None,
        "day": step.day,
        "by": step.decision.by,
        "record": step.id,
        "reason": step.decision.reason,
        "results": taken.decision.results if taken else None,
        "root": taken.decision.root if taken else None,
        "proposed": taken.decision.proposed if taken else None,
    }


def _recognised(run: Run) -> bool:
    return run.procedure.kind == "recognition" and run.ended == "completed"
