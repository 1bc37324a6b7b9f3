"""What those who run a round have to record: one thing for each applicant and element."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from evalkit.base.text import Text, _
from evalkit.base.tidy_words import GATE_WORD, UNSCORED_WORD
from evalkit.facts import verified
from evalkit.panel import Applicant, Panel
from evalkit.panel.units import measured_points
from evalkit.record.history import History
from evalkit.rubric import Rubric
from evalkit.rubric.wording import limits

MEASURE, GATE, BONUS, DEDUCTION = "measure", "gate", "bonus", "deduction"

WORDS = {
    "pass": _("满足"),
    "fail": _("不满足"),
    "unknown": _("尚不清楚"),
    UNSCORED_WORD: _("没有数据"),
}
"""What people write instead of the words of the record."""

NAMES = {
    MEASURE: _("测量值"),
    GATE: _("准入条件"),
    BONUS: _("加分"),
    DEDUCTION: _("扣分"),
}


@dataclass(frozen=True)
class Owed:
    """One thing to be recorded once: a measured value, a condition, a bonus item, a deduction."""

    what: str
    """One of `NAMES`."""
    applicant: Applicant
    indicator: str
    """Its id, as the entry names it: of a bonus item ``<bonus>.<claim>``."""
    title: str
    unit: Text | str | None
    """Of a value; None where there is none, points elsewhere."""
    wanted: Text
    """The bound that a value is held against, or what may stand there."""
    text: str = ""
    """What the condition says, to the letter."""

    @property
    def kind(self) -> str:
        """The kind of its entry."""
        return self.what if self.what in (MEASURE, GATE) else "recognition"


def owed(rubric: Rubric, panel: Panel) -> Iterator[Owed]:
    """Everything to be recorded, applicant by applicant, in the order of the rubric in force."""
    for applicant in panel.applicants:
        yield from _measures(rubric, panel, applicant)
        yield from _gates(rubric, panel, applicant)
        yield from _bonuses(rubric, panel, applicant)
        for d in rubric.deductions:
            wanted = _("0 至 {most} 分，不扣的写 0", most=d.points)
            yield Owed(DEDUCTION, applicant, d.id, d.name, _POINTS, wanted)


_POINTS = _("分")


def _measures(rubric: Rubric, panel: Panel, applicant: Applicant) -> Iterator[Owed]:
    for i in rubric.indicators:
        if measured_points(panel.rules, i):
            wanted = _("数值；没有数据的写“没有数据”，并在依据里写明理由")
            yield Owed(MEASURE, applicant, i.id, i.name, i.unit, wanted)


def _gates(rubric: Rubric, panel: Panel, applicant: Applicant) -> Iterator[Owed]:
    for gate in rubric.gates if panel.rules.gates else ():
        wanted = _("满足、不满足（在依据里写明理由），或尚不清楚")
        unit = None
        if gate.bound is not None:
            unit = gate.bound.measure.unit
            wanted = _("{limits}；写数值，或满足、不满足、尚不清楚", limits=limits(gate.bound))
        yield Owed(GATE, applicant, gate.id, gate.article, unit, wanted, gate.text)


def _bonuses(rubric: Rubric, panel: Panel, applicant: Applicant) -> Iterator[Owed]:
    rule = panel.rules.bonus
    if rule is None or rule.recognised_by != "panel":
        return
    for group in rubric.bonus:
        ends = {"low": group.item.min, "high": group.item.max}
        wanted = _("0，或 {low} 至 {high} 分；写明认定的依据", **ends)
        for claim in panel.claims(applicant):
            id = f"{group.id}.{claim.id}"
            yield Owed(BONUS, applicant, id, f"{group.name}：{claim.title}", _POINTS, wanted)


def failed(rubric: Rubric, panel: Panel, history: History) -> set[str]:
    """Applicants that fail a condition of entry: as in `evaluate`, they hold up nobody."""
    if panel.rules.gates is None:
        return set()
    gates, out = {gate.id: gate for gate in rubric.gates}, set()
    for applicant, author, name, recorded, reason in history.rows(submitted_only=True):
        if author == GATE_WORD and name in gates:
            with suppress(ValueError):  # what fits no more is said where facts are read
                entry = verified.gate_entry(rubric, name, recorded, reason)  # without the unit
                if verified.gate_result(gates[name], entry) == "fail":
                    out.add(applicant)
    return out
