"""What is wrong in a rubric file beyond its form: sums, ranges, ids that repeat or lead nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from evalkit.base.declared import Place
from evalkit.base.text import Text, _
from evalkit.rubric import measures

if TYPE_CHECKING:
    from evalkit.rubric.indicators import Dimension, Indicator
    from evalkit.rubric.model import Rubric

Found = Iterator[tuple[Place, Text]]

GROUPS = (
    *("bonus", "deductions", "scope", "gates", "materials", "forms", "procedures"),
    *("duties", "standing", "targets", "tasks", "contacts", "readings"),
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
    yield from _forms(rubric)
    yield from _measures(rubric)


def _twice(identified: Iterable[tuple[Place, str]]) -> Found:
    seen: set[str] = set()
    for place, id in identified:
        if id in seen:
            yield (*place, "id"), _("标识“{id}”用了不止一次，请改成不同的", id=id)
        seen.add(id)


def _identified(rubric: Rubric) -> Iterator[tuple[Place, str]]:
    """Every id of the rubric and where it stands, in the order of the file format."""
    yield from ((place, part.id) for place, part in _table(rubric))
    for group in GROUPS:
        for n, part in enumerate(getattr(rubric, group)):
            yield (group, n), part.id
            for below in ("stages", "instructions", "entries"):
                for m, inner in enumerate(getattr(part, below, ())):
                    yield (group, n, below, m), inner.id


def _table(
    owner: Rubric | Dimension, place: Place = ()
) -> Iterator[tuple[Place, Dimension | Indicator]]:
    """Every dimension and indicator below ``owner`` and where it stands."""
    for n, dimension in enumerate(owner.dimensions):
        yield (*place, "dimensions", n), dimension
        yield from _table(dimension, (*place, "dimensions", n))
    for n, indicator in enumerate(getattr(owner, "indicators", ()) if place else ()):
        yield (*place, "indicators", n), indicator


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

    So does an indicator that a note explains, and what a reading is about.
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
    elements = {id for _place, id in _identified(rubric)} | grades
    named += [
        (("readings", n, "about"), reading.about, elements, _("条目"))
        for n, reading in enumerate(rubric.readings)
    ]
    for place, names, known, what in named:
        for m, id in enumerate(names):
            if id not in known:
                text = _("没有标识为“{id}”的{what}，请核对", id=id, what=what)
                yield (*place, m), text


def _forms(rubric: Rubric) -> Found:
    for n, material in enumerate(rubric.materials):
        if material.form is not None and rubric.form(material.form) is None:
            values = {"id": material.form, "what": _("表格")}
            yield ("materials", n, "form"), _("没有标识为“{id}”的{what}，请核对", **values)


def _measures(rubric: Rubric) -> Found:
    """Whether each published method fits its indicator."""
    by_id = {i.id: i for i in rubric.indicators}
    for place, part in _table(rubric):
        indicator = by_id.get(part.id)
        if indicator is None or indicator.measure is None:
            continue
        if indicator.kind == "qualitative":
            yield (*place, "measure"), _("定性指标没有测量值，请删去 measure 或改正 kind")
        elif rubric.better == "lower" and not measures.by_experts(indicator.measure):
            yield (*place, "measure"), BETTER_LOWER
        elif problem := misfit(indicator.measure, indicator):
            yield (*place, "measure"), problem


BETTER_LOWER = _("总分越低越好的，测量值不能按越好分越高的方法计分")


def misfit(rule: measures.MeasureRule, indicator: Indicator) -> Text | None:
    """What in a method does not fit ``indicator``; that it leaves something open does not count."""
    if rule.method == "experts" and indicator.kind == "quantitative":
        return _("定量指标不能由专家凭意见打分；专家按标准计分的用 agreed")
    if measures.by_experts(rule):
        return None
    return _split_problem(rule, indicator) or measures.problem(
        rule, rule.points or indicator.points
    )


def _split_problem(rule: measures.MeasureRule, indicator: Indicator) -> Text | None:
    if indicator.scored is not None:
        return _("由测量值计分的指标不能另写 scored")
    if indicator.kind == "quantitative" and rule.points not in (None, indicator.points):
        return _("定量指标的分值全部由测量值计分，不必写 points")
    shared = rule.points is None or 0 < rule.points < indicator.points
    if indicator.kind == "mixed" and not shared:
        return needs_split(indicator)
    return None


def needs_split(indicator: Indicator) -> Text:
    """What has to be said of a mixed indicator."""
    return _(
        "定性+定量指标须写明 points：定量部分的分值，大于 0、小于 {points}",
        points=indicator.points,
    )
