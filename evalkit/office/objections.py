"""Objections within publicity: raised by whom, taken up or not, checked, upheld or dismissed.

A record may pass from raised to its ruling at once, as older files have it; whoever has taken an
objection up checks it before ruling on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from evalkit.base.text import Text, _
from evalkit.office.decisions import Decision, Outcome

State = Literal["raised", "admitted", "not_admitted", "checked", "dismissed", "upheld"]

STATES: dict[State, Text] = {
    "raised": _("待决定是否受理"),
    "admitted": _("已受理，待核查"),
    "not_admitted": _("不予受理"),
    "checked": _("已核查，待认定"),
    "dismissed": _("不成立"),
    "upheld": _("成立"),
}

OBJECTORS: dict[str, Text] = {"applicant": _("被评单位"), "third_party": _("第三方")}


@dataclass(frozen=True)
class Step:
    """A decision that was taken in a round: ``id`` is how others refer to it."""

    id: str
    decision: Decision
    day: date


def state(steps: Iterable[Step], objection: str) -> State:
    """What has become of ``objection`` (the id of its record) after ``steps``."""
    found: State = "raised"
    for step in steps:
        if step.decision.answers == objection:
            found = step.decision.outcome  # type: ignore[assignment]
    return found


_AFTER: dict[State, tuple[Outcome, ...]] = {
    "raised": ("dismissed", "upheld", "admitted", "not_admitted"),
    "admitted": ("checked",),
    "checked": ("dismissed", "upheld", "checked"),
}
"""What may become of an objection next; nothing after its end."""


def coming(steps: Sequence[Step], waiting: Iterable[str]) -> list[Outcome]:
    """What may become next of the objections that are ``waiting``, each outcome once."""
    found = (outcome for id in waiting for outcome in _AFTER.get(state(steps, id), ()))
    return list(dict.fromkeys(found))


def out_of_turn(steps: Sequence[Step], decision: Decision) -> Text | None:
    """Why ``decision`` cannot be taken on its objection now; None where it can."""
    before = state(steps, decision.answers or "")
    if decision.outcome in _AFTER.get(before, ()):
        return None
    return {
        "raised": _("异议 {id} 还没有决定是否受理", id=decision.answers),
        "admitted": _("异议 {id} 已受理，核查之后才能认定是否成立", id=decision.answers),
        "checked": _("异议 {id} 已受理并核查，只能认定是否成立", id=decision.answers),
    }.get(before, _("异议 {id} 已有结论", id=decision.answers))


def shown(round: str, steps: Sequence[Step], waiting: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Each objection among the ``steps`` of a round: who raised it, on what ground, and all that
    became of it; those ``waiting`` (ids) with what may come next.
    """
    waiting = set(waiting)
    for step in steps:
        decision = step.decision
        if decision.outcome != "objection":
            continue
        yield {
            "id": step.id,
            "round": round,
            "stage": decision.stage,
            "article": decision.article,
            "day": step.day,
            "objector": decision.objector,
            "objector_is": decision.objector_is,
            "ground": decision.reason,
            "recorded_by": decision.by,
            "state": state(steps, step.id),
            "next": coming(steps, [step.id]) if step.id in waiting else [],
            "steps": [
                {
                    "id": s.id,
                    "outcome": s.decision.outcome,
                    "day": s.day,
                    "by": s.decision.by,
                    "reason": s.decision.reason,
                    "to": s.decision.to,
                }
                for s in steps
                if s.decision.answers == step.id
            ],
        }
