"""How far the experts of a round are."""

from __future__ import annotations

from dataclasses import dataclass

from evalkit.panel import Expert, Panel
from evalkit.record.log import CELL_KINDS, History


@dataclass(frozen=True)
class Progress:
    """How far one expert is: sheets due, sheets with an entry, sheets submitted."""

    expert: Expert
    due: int
    begun: int
    submitted: int


def progress_of(panel: Panel, history: History) -> list[Progress]:
    """How far each expert is, in the order of the panel."""
    begun = {(e.author, e.applicant) for e in history.events if e.kind in CELL_KINDS}
    found = []
    for expert in panel.experts:
        due = [a.id for a in panel.applicants if panel.may_score(a.id, expert.id)]
        n = sum((expert.id, applicant) in begun for applicant in due)
        done = sum(history.submitted(expert.id, applicant) for applicant in due)
        found.append(Progress(expert, len(due), n, done))
    return found
