"""What was verified beside the experts' scores: measured values and conditions of entry.

In the tidy table they stand under the experts ``measured`` and ``gate``: a measured value with its
indicator, or ``unscored`` with the reason why there is none; a condition with ``pass``, ``fail`` or
``unknown``, or with the value that its bound is held against.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from evalkit.base.errors import Problem
from evalkit.base.text import Text, _, bad_character
from evalkit.base.tidy_words import COLUMNS, GATE_WORD, MEASURED_WORD, UNSCORED_WORD
from evalkit.panel import Panel
from evalkit.panel.units import measured_points
from evalkit.rubric import Rubric
from evalkit.rubric.measures import quantity
from evalkit.rubric.provisions import Gate

if TYPE_CHECKING:
    from evalkit.base.spelt import Spelt

Key = tuple[str, str]
"""An applicant and an indicator, or an applicant and a condition of entry."""


@dataclass(frozen=True)
class Verified:
    """What was verified beside the experts' scores; whatever is not on record is unknown."""

    measured: Mapping[Key, Decimal | None] = field(default_factory=dict)
    """In the declared unit; None where it is on record, with a reason, that there is no value."""
    gates: Mapping[Key, str] = field(default_factory=dict)
    """As recorded: ``pass``, ``fail``, ``unknown``, or a value in the unit of the bound."""
    texts: Mapping[Key, str] = field(default_factory=dict)
    """Evidence and reasons."""


NOTHING_VERIFIED = Verified()

Result = Literal["pass", "fail", "unknown"]


def read(table: Spelt, rubric: Rubric, panel: Panel, source: str) -> tuple[Verified, list[Problem]]:
    """The rows of a tidy ``table`` that no expert entered, and what is wrong with them."""
    measured: dict[Key, Decimal | None] = {}
    gates: dict[Key, str] = {}
    texts: dict[Key, str] = {}
    wrong: list[Problem] = []
    known = {a.id for a in panel.applicants}
    columns = zip(table.lines.tolist(), *map(table.cells, COLUMNS), strict=True)
    for line, applicant, word, name, points, reason in columns:
        key = applicant, name
        if problem := _misplaced(applicant in known, key in measured or key in gates, key):
            wrong.append(Problem(problem, source, line))
            continue
        try:
            if word == MEASURED_WORD:
                measured[key] = measured_value(rubric, panel, name, points, reason)
            else:
                gates[key] = gate_entry(rubric, name, points, reason)
        except ValueError as error:
            wrong.append(Problem(error.args[0], source, line))
        if reason:
            texts[key] = reason
    return Verified(measured, gates, texts), wrong


def _misplaced(known: bool, repeated: bool, key: Key) -> Text | None:  # noqa: FBT001
    if not known:
        return _("没有评审对象“{applicant}”，请核对名单", applicant=key[0])
    if repeated:
        values = {"applicant": key[0], "name": key[1]}
        return _("{applicant} 的 {name} 已在前面出现过，请只留一行", **values)
    return None


def rows(verified: Verified) -> Iterator[tuple[str, str, str, str, str]]:
    """Rows of the tidy table that `read` gives the same back from."""
    for (applicant, name), value in verified.measured.items():
        points = UNSCORED_WORD if value is None else format(value, "f")
        yield applicant, MEASURED_WORD, name, points, verified.texts.get((applicant, name), "")
    for (applicant, name), entry in verified.gates.items():
        yield applicant, GATE_WORD, name, entry, verified.texts.get((applicant, name), "")


def measured_value(
    rubric: Rubric, panel: Panel, name: str, points: str, reason: str
) -> Decimal | None:
    """The measured value that ``points`` states; None for ``unscored`` with a reason.

    Raises ValueError, with a `Text`, for an indicator that no value decides, for what is no number
    or has another unit, and for a missing reason.
    """
    indicator = next((i for i in rubric.indicators if i.id == name), None)
    if indicator is None or not measured_points(panel.rules, indicator):
        raise ValueError(_("“{name}”不是由测量值计分的指标，请核对", name=name))
    _require_clean(reason)
    if points == UNSCORED_WORD:
        if not reason.strip():
            raise ValueError(_("没有测量值须写明理由"))
        return None
    return quantity(points, indicator.unit)


def gate_entry(rubric: Rubric, name: str, points: str, reason: str) -> str:
    """What is recorded on a condition: a `Result`, or the value in the unit of its bound.

    Raises ValueError, with a `Text`, for an unknown condition, for a word or value that does not
    fit, and for ``fail`` without a reason.
    """
    gate = next((g for g in rubric.gates if g.id == name), None)
    if gate is None:
        raise ValueError(_("没有准入条件“{name}”，请核对指标体系", name=name))
    _require_clean(reason)
    if points in ("pass", "fail", "unknown"):
        if points == "fail" and not reason.strip():
            raise ValueError(_("条件不满足须写明理由"))
        return points
    if gate.bound is None:
        raise ValueError(_("“{points}”不可用，请写 pass、fail 或 unknown", points=points))
    return format(quantity(points, gate.bound.measure.unit), "f")


def gate_result(gate: Gate, entry: str | None) -> Result:
    """``entry`` as a result: a value is held against the bound, nothing recorded is unknown."""
    if entry is None or entry == "unknown":
        return "unknown"
    if entry in ("pass", "fail"):
        passed = entry == "pass"
    else:
        passed = gate.bound is not None and gate.bound.met(Decimal(entry))
    return "pass" if passed else "fail"


def gate_results(rubric: Rubric, verified: Verified, applicant: str) -> list[tuple[Gate, Result]]:
    """Every condition of the rubric with its result for ``applicant``."""
    return [(g, gate_result(g, verified.gates.get((applicant, g.id)))) for g in rubric.gates]


def _require_clean(reason: str) -> None:
    if (position := bad_character(reason)) is not None:
        raise ValueError(_("reason 第 {n} 个字符不可显示，请删去", n=position + 1))


def lacking(rubric: Rubric, panel: Panel, verified: Verified) -> Text | None:
    """Why official results must wait for measured values or conditions; None if they need not."""
    rules = panel.rules
    waits = rules.measures is not None and rules.measures.missing == "refuse"
    needed = [i for i in rubric.indicators if waits and measured_points(rules, i)]
    if not needed and rules.gates is None:
        return None
    for applicant in panel.applicants:
        results = gate_results(rubric, verified, applicant.id) if rules.gates else []
        unclear = [gate for gate, result in results if result == "unknown"]
        failed = any(result == "fail" for _gate, result in results)
        if failed or (unclear and rules.gates and rules.gates.unknown == "exclude"):
            continue  # out of the round whatever else is on record
        if unclear:
            return _(
                "{applicant} 是否满足准入条件 {article}（{id}）尚不清楚，不能出正式结果",
                applicant=applicant.id,
                article=unclear[0].article,
                id=unclear[0].id,
            )
        for indicator in needed:
            if verified.measured.get((applicant.id, indicator.id)) is None:
                return _(
                    "{applicant} 的“{name}”没有测量值，不能出正式结果；"
                    "请补录，没有数据如何处理由 measures.missing 声明",
                    applicant=applicant.id,
                    name=indicator.name,
                )
    return None
