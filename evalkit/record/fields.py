"""What may be entered for an applicant: the name of each field and the points that it takes."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from evalkit.base import typed
from evalkit.base.names import Names
from evalkit.base.text import Text, _
from evalkit.panel import Panel
from evalkit.panel.units import expert_range
from evalkit.record.history import History
from evalkit.rubric import Rubric

_OFF_STEP = _("“{points}”不是最小单位 {step} 的整数倍")

Range = tuple[Decimal, Decimal, bool]
"""Least and greatest points, and whether 0 is allowed below the least."""


def fields(rubric: Rubric, panel: Panel, applicant: str) -> dict[str, Range]:
    """What an expert fills in for ``applicant``: name of each field and the points it may take."""
    ends = {i.id: expert_range(panel.rules, i) for i in rubric.indicators}
    found: dict[str, Range] = {id: (*pair, False) for id, pair in ends.items() if pair is not None}
    if panel.rules.bonus is not None and panel.rules.bonus.recognised_by == "experts":
        found |= bonus_fields(rubric, panel, applicant)
    return found


def bonus_fields(rubric: Rubric, panel: Panel, applicant: str) -> dict[str, Range]:
    """The bonus items of ``applicant`` that lie in the declared scope."""
    return {
        f"{group.id}.{claim.id}": (group.item.min, group.item.max, True)
        for group in rubric.bonus
        for claim in panel.claims(panel.applicant(applicant))
    }


def named(rubric: Rubric, panel: Panel, applicant: str, name: str) -> tuple[str, str]:
    """The ids behind what people write for an applicant and for what is recorded on it once.

    A bonus item goes by its claim. What nothing is called stays as it is, and so does a name of
    several: the one who admits it says so.
    """
    own = _only(Names((a.id, a.name) for a in panel.applicants), applicant)
    pairs = [(i.id, i.name) for i in rubric.indicators]
    pairs += [(d.id, d.name) for d in rubric.deductions]
    if own in {a.id for a in panel.applicants}:
        for item in bonus_fields(rubric, panel, own):
            claim = next(c for c in panel.applicant(own).claims if c.id == item.partition(".")[2])
            pairs.append((item, claim.title))
    return own, _only(Names(pairs), name)


def _only(names: Names, text: str) -> str:
    found = names.ids(text)
    return found[0] if len(found) == 1 else text


def blank(history: History, names: Iterable[str], expert: str, applicant: str) -> list[str]:
    """Those of ``names`` on a sheet without points and without a reason for none."""
    cells = {name: history.cell(expert, applicant, name) for name in names}
    return [name for name, cell in cells.items() if cell is None or cell.kind == "clear"]


def title(rubric: Rubric, name: str) -> str:
    """What people call a field, or a column: its name, and the claim of a bonus item."""
    column, _dot, item = name.partition(".")
    names = {i.id: i.name for i in rubric.indicators} | {b.id: b.name for b in rubric.bonus}
    found = (names | {d.id: d.name for d in rubric.deductions}).get(column, column)
    return f"{found}：{item}" if item else found


def points_problem(text: str, allowed: Range, step: Decimal, off: Text = _OFF_STEP) -> Text | None:
    """Why ``text`` is not a score in ``allowed``, or is ``off`` the ``step``; None if it is."""
    low, high, zero = allowed
    try:
        number = typed.score(text)
    except ValueError as error:
        return error.args[0]
    if number % step:
        return off.filled(points=text, step=step)
    if low <= number <= high or (zero and number == 0):
        return None
    values = {"low": low, "high": high, "points": text}
    if zero:
        return _("每项加分只能是 0 或 {low} 至 {high} 分，不能是 {points}", **values)
    return _("“{points}”不在 {low} 至 {high} 分之间", **values)
