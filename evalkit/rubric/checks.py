"""What is wrong in a rubric file beyond its form: sums, ranges, ids that repeat or lead nowhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from evalkit.text import Text, _

if TYPE_CHECKING:
    from evalkit.rubric.model import Rubric


def problems(rubric: Rubric) -> Iterator[Text]:
    """A sentence for each mistake."""
    yield from _duplicates(rubric)
    yield from _sums(rubric)
    yield from _ranges(rubric)
    yield from _references(rubric)


def _duplicates(rubric: Rubric) -> Iterator[Text]:
    groups = [group for top in rubric.dimensions for group, _parent in top.walk()]
    ids = [group.id for group in groups] + list(rubric.columns)
    ids += [provision.id for provision in rubric.provisions]
    for name in sorted(name for name, times in Counter(ids).items() if times > 1):
        yield _("标识“{id}”用了不止一次，请改成不同的", id=name)


def _sums(rubric: Rubric) -> Iterator[Text]:
    total = sum((d.total for d in rubric.dimensions), Decimal(0))
    if total != (rubric.points or 0):
        yield _(
            "总分标明 {points} 分，各一级指标合计 {total} 分，请核对原文",
            points=rubric.points,
            total=total,
        )


def _ranges(rubric: Rubric) -> Iterator[Text]:
    named = [(b.name, b.points) for b in rubric.bonus]
    named += [(d.name, d.points) for d in rubric.deductions]
    for name, points in named:
        if points <= 0:
            yield _("“{name}”的分值须大于 0", name=name)
    if rubric.better == "lower" and named:
        yield _("总分越低越好的指标体系不能有加分项、扣分项")
    for b in rubric.bonus:
        if not 0 < b.item.min <= b.item.max <= b.points:
            yield _("“{name}”每项计分的范围须在 0 与上限之间，且由小到大", name=b.name)


def _references(rubric: Rubric) -> Iterator[Text]:
    """What a stage needs is a condition or a material; a grade that a rule names exists."""
    known = {p.id for p in (*rubric.gates, *rubric.materials)}
    needs = {need for p in rubric.procedures for s in p.stages for need in s.needs}
    known |= {grade.id for p in rubric.procedures for grade in p.grades}
    for name in sorted((needs | {g for rule in rubric.standing for g in rule.grades}) - known):
        yield _("没有标识为“{id}”的条件、材料或等次，请核对", id=name)
