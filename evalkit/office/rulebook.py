"""A published text together with what its office declared: who acts, who judges, how many days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from evalkit.rubric import Rubric
from evalkit.rubric.provisions import Procedure, Provision, Stage, StandingRule

if TYPE_CHECKING:
    from evalkit.office.file import Applicant, Office, Round


def shifted(day: date, days: int) -> date:
    """The last day of a period of ``days`` that begins on ``day``, which does not count [CC201]_.

    Negative days count back. The calendar's own ends are not passed.
    """
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))


def needed(rubric: Rubric) -> Iterator[str]:
    """Every rule on procedure and standing that the text leaves open, as ``group.element``."""
    for procedure in rubric.procedures:
        if procedure.kind == "recognition" and len(procedure.titles) != 1:
            yield f"titles.{procedure.id}"
        if procedure.interval_open:
            yield f"days.{procedure.id}"
        for stage in procedure.stages:
            yield from _needed_for_stage(stage)
    for rule in rubric.standing:
        yield from _needed_for_rule(rule)
    if any(rule.then == "revoke" for rule in rubric.standing):
        yield "reapplication"


def _needed_for_stage(stage: Stage) -> Iterator[str]:
    if stage.actor is None:
        yield f"actors.{stage.id}"
    if stage.optional or stage.period == "publicity":
        yield f"judges.{stage.id}"
    if stage.period == "publicity":
        yield from (f"days.{stage.id}", f"objections.{stage.id}")
    if stage.period == "deadline":
        yield f"due.{stage.id}"


def _needed_for_rule(rule: StandingRule) -> Iterator[str]:
    if rule.actor is None:
        yield f"actors.{rule.id}"
    if rule.on_ground and rule.judge is None:
        yield f"judges.{rule.id}"
    if rule.days_open:
        yield f"days.{rule.id}"
    if rule.then == "rectify":
        yield f"repeat_from.{rule.id}"
    if rule.then == "restart":
        yield f"meanwhile.{rule.id}"


@dataclass(frozen=True)
class Rulebook:
    """The provisions of ``rubric`` and the declared rules of ``office``, found by id."""

    rubric: Rubric
    office: Office

    @cached_property
    def procedures(self) -> dict[str, Procedure]:
        """The procedures of the text."""
        return {p.id: p for p in self.rubric.procedures}

    @cached_property
    def rules(self) -> dict[str, StandingRule]:
        """The rules on standing."""
        return {rule.id: rule for rule in self.rubric.standing}

    @cached_property
    def rounds(self) -> dict[str, Round]:
        """The declared rounds."""
        return {r.id: r for r in self.office.rounds}

    @cached_property
    def provisions(self) -> dict[str, Provision]:
        """Everything that quotes an article."""
        return {p.id: p for p in self.rubric.provisions}

    @cached_property
    def roles(self) -> frozenset[str]:
        """Every role that the text or the office names."""
        stages = [s for p in self.rubric.procedures for s in p.stages]
        named = [s.actor for s in stages]
        named += [who for rule in self.rubric.standing for who in (rule.judge, rule.actor)]
        declared = (*self.office.rules.actors.values(), *self.office.rules.judges.values())
        return frozenset(filter(None, (*named, *declared)))

    def actor(self, element: Stage | StandingRule) -> str:
        """Who carries out a stage, or decides on what a rule proposes."""
        return element.actor or self.office.rules.actors[element.id]

    def judge(self, element: Stage | StandingRule) -> str:
        """Who judges what the text leaves to judgement."""
        named = element.judge if isinstance(element, StandingRule) else None
        return named or self.office.rules.judges[element.id]

    def title(self, procedure: Procedure) -> str:
        """The title that a recognition awards, to the letter."""
        if len(procedure.titles) == 1:
            return procedure.titles[0]
        return self.office.rules.titles[procedure.id]

    def days(self, element: Provision) -> int:
        """The declared days of a period."""
        return self.office.rules.days[element.id]

    def due(self, stage: Stage, round: Round) -> date | None:
        """The last day for ``stage``: of the round, or of a material that the stage needs."""
        days = [round.due.get(stage.id)]
        days += [getattr(self.provisions[need], "due", None) for need in stage.needs]
        return min((date.fromisoformat(day) for day in days if day), default=None)

    def roles_of(self, person: str, applicant: Applicant) -> frozenset[str]:
        """The roles in which ``person`` may act for ``applicant``; empty for a stranger."""
        found = self.office.people(applicant).get(person)
        return frozenset(found.roles if found else ())
