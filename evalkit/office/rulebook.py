"""A published text together with what its office declared: who acts, who judges, how many days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from evalkit.office import roles
from evalkit.rubric import Rubric
from evalkit.rubric.provisions import Duty, Procedure, Provision, Stage, StandingRule

if TYPE_CHECKING:
    from evalkit.office.file import Applicant, Office, Person, Round


def shifted(day: date, days: int) -> date:
    """The last day of a period of ``days`` that begins on ``day``, which does not count [CC201]_.

    Negative days count back. The calendar's own ends are not passed.
    """
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))


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
    def duties(self) -> dict[str, Duty]:
        """What the text asks of those who are recognised."""
        return {duty.id: duty for duty in self.rubric.duties}

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

    def may_act(self, role: str, applicant: Applicant) -> list[Person]:
        """Who may act for ``applicant`` as ``role``, however both are written."""
        people = self.office.people(applicant).values()
        return [person for person in people if roles.matches(role, person.roles)]

    def roles_of(self, person: str, applicant: Applicant) -> frozenset[str]:
        """The roles in which ``person`` may act for ``applicant``; empty for a stranger."""
        found = self.office.people(applicant).get(person)
        return frozenset(found.roles if found else ())
