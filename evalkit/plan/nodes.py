"""A target and a milestone on a day: where they stand, and the JSON that says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from evalkit.plan.changes import Move
from evalkit.plan.ledger import Judgement, Measurement, Milestone
from evalkit.rubric.provisions import Target
from evalkit.scoring.targets import Attainment, MilestoneState, Span

STATES: tuple[MilestoneState, ...] = ("done", "overdue", "due", "upcoming")


@dataclass(frozen=True)
class Reached:
    """A target on the day, and what that rests on."""

    target: Target
    by: str
    """Its due day, from the text or else from the office."""
    state: Attainment
    reach: Span | None
    """The values that attain it; None for a target without a number or without a tolerance."""
    measurement: Measurement | None = None
    """The last one up to its due day."""
    later: Measurement | None = None
    """The last one after its due day, which cannot show what was reached by then."""
    judgement: Judgement | None = None


@dataclass(frozen=True)
class Node:
    """A milestone on the day, the id of its unit, and by how many days it is late."""

    milestone: Milestone
    unit: str
    state: MilestoneState
    late: int
    due: str
    """The due day that counted on the day."""
    moved: tuple[Move, ...] = ()
    """How it came to that, the first move first."""


def counts(nodes: Sequence[Node]) -> dict[str, int]:
    """How many milestones stand where; ``late`` are those of ``done`` that were finished late."""
    found = Counter(node.state for node in nodes)
    late = sum(node.state == "done" and node.late > 0 for node in nodes)
    return {"all": len(nodes), **{state: found[state] for state in STATES}, "late": late}


def target_dict(reached: Reached) -> dict[str, Any]:
    """A target of `Progress.to_dict`."""
    reach = reached.reach
    facts = {
        "measurement": reached.measurement,
        "later": reached.later,
        "judgement": reached.judgement,
    }
    return {
        "id": reached.target.id,
        "state": reached.state,
        "by": reached.by,
        "reach": reach
        and {
            "low": format(reach.low, "f"),
            "inclusive": reach.inclusive,
            "high": None if reach.high is None else format(reach.high, "f"),
        },
        **{
            name: fact and fact.model_dump(mode="json", exclude={"target"})
            for name, fact in facts.items()
        },
    }


def since(node: Node) -> str:
    """The day after the due day of a milestone: from then on it is overdue."""
    return (date.fromisoformat(node.due) + timedelta(days=1)).isoformat()


def node_dict(node: Node, *, current: bool) -> dict[str, Any]:
    """A milestone of `Progress.to_dict`.

    ``since`` is the first day on which it was overdue. What the ledger reports about an open one,
    and its note, are only shown where they are ``current``: not written after the day.
    """
    m, done = node.milestone, node.state == "done"
    return {
        "unit": node.unit,
        "name": m.name,
        "due": node.due,
        "state": node.state,
        "late": node.late,
        "since": since(node) if node.state == "overdue" else None,
        "done": m.done if done else None,
        "evidence": m.evidence if done else None,
        "reported": m.state if current and not done else None,
        "note": m.note if current else None,
        # only where there is something to say, so that other digests stay as they were
        **({"originally": m.originally} if m.originally else {}),
        **({"moved": [move.model_dump(mode="json") for move in node.moved]} if node.moved else {}),
    }
