"""The progress of a plan on a day: its targets, and what each responsible unit has done by then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from evalkit.base import canonical
from evalkit.base.errors import InputError
from evalkit.base.text import _
from evalkit.base.wanted import asked
from evalkit.plan.changes import Reminder
from evalkit.plan.ledger import About, Ledger, Milestone
from evalkit.plan.nodes import Node, Reached, counts, node_dict, since, target_dict
from evalkit.rubric import Rubric
from evalkit.rubric.provisions import Target
from evalkit.scoring import targets
from evalkit.scoring.targets import Span, Tolerance

FORMAT = "evalkit-progress/1"


@dataclass(frozen=True, eq=False)
class Progress:
    """What `assess` found. Milestones are in the order of tasks and of their due days."""

    rubric: Rubric
    ledger: Ledger
    on: date
    until: date
    """The next day of assessment, or the end of the year: what is ``due`` is due by then."""
    targets: tuple[Reached, ...]
    nodes: tuple[Node, ...]
    reminders: tuple[Reminder, ...] = ()
    """Those sent by the day, with replies that came by then."""

    @property
    def current(self) -> bool:
        """Whether all of the ledger was written by the day."""
        return self.ledger.as_of <= self.on.isoformat()

    @cached_property
    def responsible(self) -> dict[str, tuple[str, ...]]:
        """The ids of the units of each task."""
        units = self.ledger.responsible(self.rubric)
        return {task: tuple(unit.id for unit in found) for task, found in units.items()}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of `to_json`."""
        return canonical.digest(self.to_dict())

    def to_json(self) -> str:
        """The canonical JSON (RFC 8785): ids, whole numbers, decimal strings and days."""
        return canonical.dumps(self.to_dict())

    def to_dict(self) -> dict[str, Any]:
        """The content of `to_json`. What does not exist is None."""
        rubric, ledger = self.rubric, self.ledger
        return {
            "format": FORMAT,
            "on": self.on.isoformat(),
            "until": self.until.isoformat(),
            "ledger": {"id": ledger.id, "as_of": ledger.as_of, "digest": ledger.digest},
            "rubric": {"id": rubric.id, "version": rubric.version, "digest": rubric.digest},
            "targets": [target_dict(reached) for reached in self.targets],
            "tasks": [self._task(task.id) for task in rubric.tasks],
            "units": [self._unit(unit.id) for unit in ledger.units],
            "counts": counts(self.nodes),
            # the key is there where somebody was reminded, so that other digests stay as they were
            **({"reminders": [self.reminder(r) for r in self.reminders]} if self.reminders else {}),
        }

    def reminder(self, reminder: Reminder) -> dict[str, Any]:
        """A reminder of `to_dict`; its ``state`` is answered, waiting, or overdue."""
        late = reminder.answer_by < self.on.isoformat()
        state = "answered" if reminder.reply else "overdue" if late else "waiting"
        return {
            **reminder.model_dump(mode="json"),
            "unit": self.ledger.named[reminder.unit].id,
            "state": state,
        }

    def _task(self, id: str) -> dict[str, Any]:
        return {
            "id": id,
            "units": list(self.responsible[id]),
            "milestones": [node_dict(n, current=self.current) for n in self.of(task=id)],
            "without_milestones": self.without(id),
        }

    def _unit(self, id: str) -> dict[str, Any]:
        """``behind_since`` is the first day on which a milestone that is still open was overdue."""
        tasks, nodes = self.tasks_of(id), self.of(unit=id)
        overdue = [since(node) for node in nodes if node.state == "overdue"]
        return {
            "id": id,
            "tasks": tasks,
            "counts": counts(nodes),
            "behind_since": min(overdue, default=None),
            "without_milestones": [task for task in tasks if id in self.without(task)],
        }

    def of(self, *, task: str | None = None, unit: str | None = None) -> list[Node]:
        """The milestones of a task, of a unit, or of both."""
        return [
            node
            for node in self.nodes
            if task in (None, node.milestone.task) and unit in (None, node.unit)
        ]

    def tasks_of(self, unit: str) -> list[str]:
        """The ids of the tasks for which a unit is responsible, in the order of the text."""
        return [task for task, units in self.responsible.items() if unit in units]

    def without(self, task: str) -> list[str]:
        """The units that are responsible for a task and have no milestone for it."""
        return [unit for unit in self.responsible[task] if (task, unit) not in self._present]

    @cached_property
    def _present(self) -> set[tuple[str, str]]:
        return {(node.milestone.task, node.unit) for node in self.nodes}


@asked
def assess(rubric: Rubric, ledger: Ledger, on: date) -> Progress:
    """How far the plan is on the day ``on``, from what the ledger knew then.

    A value, a judgement or a completion of a later day does not count yet, so that an assessment
    of an earlier day can be made again. Raises InputError for a day before the year of the ledger.
    """
    if on.year < ledger.year:
        raise InputError(_("评估日 {on} 早于台账的年度 {year}", on=on, year=ledger.year))
    days = [date.fromisoformat(day) for day in ledger.rules.assessed]
    until = next((day for day in days if day > on), max(on, date(ledger.year, 12, 31)))
    order = {task.id: n for n, task in enumerate(rubric.tasks)}
    rows = sorted(
        ledger.milestones,
        key=lambda m: (
            order[m.task],
            m.due_on(on.isoformat()),
            ledger.named[m.unit].id,
            m.name,
        ),
    )
    return Progress(
        rubric,
        ledger,
        on,
        until,
        tuple(_reached(target, ledger, on) for target in rubric.targets),
        tuple(_node(milestone, ledger, on, until) for milestone in rows),
        tuple(_reminded(ledger, on.isoformat())),
    )


def _reached(target: Target, ledger: Ledger, on: date) -> Reached:
    # where the text gives a span of years the office has declared when it ends
    by = target.by or ledger.rules.by[target.id]
    if target.term == "unquantified" or target.value is None:
        return _judged(target, by, ledger, on)
    rules = ledger.rules
    upper = target.upper if rules.range.get(target.id) == "exact" else None
    about = rules.about.get(target.id)
    tolerance = Tolerance(about.below, about.above) if isinstance(about, About) else None
    reach = targets.span(target.term, target.value, upper=upper, tolerance=tolerance)
    return _measured(target, by, reach, ledger, on)


def _judged(target: Target, by: str, ledger: Ledger, on: date) -> Reached:
    known = [
        j for j in ledger.judgements if j.target == target.id and j.judged_on <= on.isoformat()
    ]
    last = max(known, key=lambda j: j.judged_on, default=None)
    due = date.fromisoformat(by)
    state = targets.judged(last.verdict if last else None, due=due, on=on)
    return Reached(target, by, state, None, judgement=last)


def _measured(target: Target, by: str, reach: Span | None, ledger: Ledger, on: date) -> Reached:
    known = sorted(
        (m for m in ledger.measurements if m.target == target.id and m.as_of <= on.isoformat()),
        key=lambda m: m.as_of,
        reverse=True,
    )
    by_then = next((m for m in known if m.as_of <= by), None)
    later = next((m for m in known if m.as_of > by), None)
    due = date.fromisoformat(by)
    state = targets.attainment(by_then.value if by_then else None, reach, due=due, on=on)
    return Reached(target, by, state, reach, by_then, later)


def _node(milestone: Milestone, ledger: Ledger, on: date, until: date) -> Node:
    by, moved = milestone.due_on(on.isoformat()), milestone.moves(on.isoformat())
    due = date.fromisoformat(by)
    done = None if milestone.done is None else date.fromisoformat(milestone.done)
    state = targets.milestone(due, done, on=on, until=until)
    late = targets.late(due, done, on)
    return Node(milestone, ledger.named[milestone.unit].id, state, late, by, moved)


def _reminded(ledger: Ledger, on: str) -> Iterator[Reminder]:
    for reminder in ledger.reminders:
        if reminder.on <= on:
            late = reminder.reply is not None and reminder.reply.on > on
            yield reminder.model_copy(update={"reply": None}) if late else reminder
