"""What is wrong in a rubric file beyond its form: sums, ranges, ids that repeat or lead nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from evalkit.base.declared import Place
from evalkit.base.text import Text, _

if TYPE_CHECKING:
    from evalkit.rubric.indicators import Dimension
    from evalkit.rubric.model import Rubric

Found = Iterator[tuple[Place, Text]]

GROUPS = (
    *("bonus", "deductions", "scope", "gates", "materials", "procedures"),
    *("duties", "standing", "targets", "tasks"),
)
"""The lists of a rubric whose elements have ids, the dimensions aside."""


def problems(rubric: Rubric) -> Found:
    """A sentence for each mistake, with its place in the file."""
    yield from _twice(_identified(rubric))
    for n, procedure in enumerate(rubric.procedures):
        place: Place = ("procedures", n, "grades")
        yield from _twice(((*place, m), g.id) for m, g in enumerate(procedure.grades))
    yield from _sums(rubric)
    yield from _ranges(rubric)
    yield from _references(rubric)


def _twice(identified: Iterable[tuple[Place, str]]) -> Found:
    seen: set[str] = set()
    for place, id in identified:
        if id in seen:
            yield (*place, "id"), _("标识“{id}”用了不止一次，请改成不同的", id=id)
        seen.add(id)


def _identified(rubric: Rubric) -> Iterator[tuple[Place, str]]:
    """Every id of the rubric and where it stands, in the order of the file format."""
    for n, top in enumerate(rubric.dimensions):
        yield from _below(("dimensions", n), top)
    for group in GROUPS:
        for n, part in enumerate(getattr(rubric, group)):
            yield (group, n), part.id
            for m, stage in enumerate(getattr(part, "stages", ())):
                yield (group, n, "stages", m), stage.id


def _below(place: Place, dimension: Dimension) -> Iterator[tuple[Place, str]]:
    yield place, dimension.id
    for n, group in enumerate(dimension.dimensions):
        yield from _below((*place, "dimensions", n), group)
    for n, indicator in enumerate(dimension.indicators):
        yield (*place, "indicators", n), indicator.id


def _sums(rubric: Rubric) -> Found:
    total = sum((d.total for d in rubric.dimensions), Decimal(0))
    if total != (rubric.points or 0):
        text = _(
            "总分标明 {points} 分，各一级指标合计 {total} 分，请核对原文",
            points=rubric.points,
            total=total,
        )
        yield ("points",), text


def _ranges(rubric: Rubric) -> Found:
    named: list[tuple[Place, Any]] = [(("bonus", n), b) for n, b in enumerate(rubric.bonus)]
    named += [(("deductions", n), d) for n, d in enumerate(rubric.deductions)]
    for place, part in named:
        if part.points <= 0:
            yield (*place, "points"), _("“{name}”的分值须大于 0", name=part.name)
        if rubric.better == "lower":
            yield place, _("总分越低越好的指标体系不能有加分项、扣分项")
    for n, b in enumerate(rubric.bonus):
        if not 0 < b.item.min <= b.item.max <= b.points:
            text = _("“{name}”每项计分的范围须在 0 与上限之间，且由小到大", name=b.name)
            yield ("bonus", n, "item"), text


def _references(rubric: Rubric) -> Found:
    """What a stage needs is a condition or a material; a grade that a rule names exists.

    So does an indicator that a note explains.
    """
    needed = {p.id for p in (*rubric.gates, *rubric.materials)}
    grades = {grade.id for p in rubric.procedures for grade in p.grades}
    indicators = {*rubric.columns}
    named: list[tuple[Place, Iterable[str], set[str], Text]] = [
        (("procedures", n, "stages", m, "needs"), stage.needs, needed, _("条件或材料"))
        for n, procedure in enumerate(rubric.procedures)
        for m, stage in enumerate(procedure.stages)
    ]
    named += [
        (("standing", n, "grades"), rule.grades, grades, _("等次"))
        for n, rule in enumerate(rubric.standing)
    ]
    named += [
        (("notes", n, "indicators"), note.indicators, indicators, _("指标"))
        for n, note in enumerate(rubric.notes)
    ]
    for place, names, known, what in named:
        for m, id in enumerate(names):
            if id not in known:
                text = _("没有标识为“{id}”的{what}，请核对", id=id, what=what)
                yield (*place, m), text
