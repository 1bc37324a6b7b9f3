"""How far each sheet is: states and counts, no points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from evalkit.base.text import Text, _
from evalkit.panel import Panel
from evalkit.record.fields import blank, fields
from evalkit.record.history import History
from evalkit.rubric import Rubric

State = Literal["none", "recused", "empty", "begun", "given_back", "submitted", "paper"]

NAMES: dict[State, Text] = {
    "empty": _("未动笔"),
    "begun": _("已动笔"),
    "submitted": _("已提交"),
    "paper": _("纸质录入"),
    "given_back": _("已退回"),
    "recused": _("回避"),
    "none": _("不评"),
}
"""Every state in words; ``none`` is a sheet that is not asked of this expert."""


@dataclass(frozen=True)
class SheetState:
    """One sheet: its state, and how many of its items are filled in."""

    expert: str
    applicant: str
    state: State
    filled: int
    items: int

    @property
    def due(self) -> bool:
        """Whether the expert owes or has given this sheet."""
        return self.state not in ("none", "recused")

    @property
    def done(self) -> bool:
        """Whether it is handed in."""
        return self.state in ("submitted", "paper")


def sheet_states(rubric: Rubric, panel: Panel, history: History) -> list[list[SheetState]]:
    """By applicant, then by expert, in the order of the panel. ``rubric`` is that in force."""
    paper = {sheet for own in history.typed_in().values() for sheet in own}
    rows = []
    for applicant in panel.applicants:
        names = fields(rubric, panel, applicant.id)
        seats = panel.seats(applicant.id) if names else ()
        row = []
        for expert in panel.experts:
            state = _state(panel, history, (expert.id, applicant.id), seats, paper)
            count = state not in ("none", "recused")
            empty = len(blank(history, names, expert.id, applicant.id)) if count else 0
            items = len(names) if count else 0
            row.append(SheetState(expert.id, applicant.id, state, items - empty, items))
        rows.append(row)
    return rows


def _state(
    panel: Panel,
    history: History,
    sheet: tuple[str, str],
    seats: tuple[str, ...],
    paper: set[tuple[str, str]],
) -> State:
    expert, applicant = sheet
    if expert not in seats:
        return "none"
    if not panel.may_score(applicant, expert):
        return "recused"
    if history.submitted(expert, applicant):
        return "paper" if sheet in paper else "submitted"
    if sheet in history.given_back:
        return "given_back"
    return "begun" if history.begun(expert, applicant) else "empty"
