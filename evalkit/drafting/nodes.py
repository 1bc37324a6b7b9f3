"""The parts of a rubric file, each value as the table says it or marked as undecided."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from evalkit.base.declared import plain
from evalkit.base.text import Text, _
from evalkit.drafting.lines import Said, undecided
from evalkit.drafting.outline import Group, Item, Outline, Unread, is_beside, vetoes
from evalkit.drafting.words import (
    caps,
    compact,
    formulas,
    kind_of,
    most_of,
    points_in_name,
    points_of,
    taken_for_each,
    unit_in_name,
    without_sign,
    worth_of_each,
)

_NAME_ME = _("占位标识，由名称算出，可以照用；要换的在起草评审组文件之前换")
_NO_KIND = _("原文没有区分定性、定量；由专家综合评分的写 qualitative")
_NO_UNIT = _("unit：定量指标没有写明单位，有的请补上")
_NO_GUIDANCE = _("原文没有说明，请写明怎样认定")
_BESIDE = _("像是加分、扣分或一票否决，请核对；是的请移到 bonus、deductions 或 gates")
_VETO = _("像是一票否决，不是扣几分；是的请移到 gates")
_ONCE = _("这是每一次扣的分，原文没有写明最多扣几分，请核对")
_NUMBER = _("开头的数字若是编号，请移到 number")
_ORDER = _("原文中直接列在这一维度下的指标，排到了下级维度之后，请核对顺序")


class Nodes:
    """Makes the parts of one file, whose ids are all different."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    def dimension(self, group: Group, around: tuple[str, ...] = ()) -> dict[str, Any]:
        """A group of indicators with everything below it."""
        path = (*around, group.name)
        return {
            "id": self._id("dimension", *path),
            "number": Said(group.number),
            "name": _group_name(group),
            "points": _group_points(group),
            "order": Said(None, _ORDER if group.groups and group.items else None),
            "dimensions": [self.dimension(below, path) for below in group.groups],
            "indicators": [self._indicator(item, path) for item in group.items],
        }

    def _indicator(self, item: Item | Unread, around: tuple[str, ...]) -> dict[str, Any] | Said:
        if isinstance(item, Unread):
            return _unread(item)
        name, unit, perhaps = unit_in_name(item.name)
        kind = kind_of(item.kind or "")
        remark = None
        if item.number_in_doubt:
            remark = _NUMBER
        elif is_beside(name):
            remark = _BESIDE
        elif perhaps and kind != "qualitative" and not item.unit:
            remark = _("末尾括号里的“{words}”若是单位，请移到 unit", words=perhaps)
        unit = item.unit or unit
        unkind = undecided(_quoted(item.kind) if item.kind else _NO_KIND)
        missing = kind == "quantitative" and not unit and remark is None
        return {
            "id": self._id("indicator", *around, name),
            "number": Said(item.number),
            "name": Said(name, remark),
            "points": _points(item),
            "kind": Said(kind) if kind else unkind,
            "unit": Said(unit or None, _NO_UNIT if missing else None),
            "guidance": Said(item.guidance or None),
            "measure": Said(None, None if kind == "qualitative" else _measure(item, kind)),
        }

    def beside(self, group: Group) -> Iterator[dict[str, Any] | Said]:
        """The rows of a group that adds or takes points, each with a most of its own."""
        rows = list(group.all_items)
        items = [row for row in rows if isinstance(row, Item)]
        over_all = _over_all(group)
        if over_all == {sum((_worth(i) or Decimal(0) for i in items), Decimal(0))}:
            over_all = set()  # the rows add up to it
        if not rows:
            name = compact(group.printed)
            yield Said(None, _("“{name}”下没有读到条目，请照原文补录", name=name))
        for row in rows:
            if isinstance(row, Unread):
                yield _unread(row)
            elif group.takes:
                yield self._deduction(row, group, over_all, alone=len(items) == 1)
            else:
                yield self._bonus(row, group, over_all, alone=len(items) == 1)

    def _bonus(
        self, item: Item, group: Group, over_all: set[Decimal], *, alone: bool
    ) -> dict[str, Any]:
        each = worth_of_each(item.guidance)
        unsaid = undecided(_("没有认出每项计几分，请照原文填写"))
        return {
            "id": self._id("bonus", group.printed, item.name),
            "name": Said(item.name),
            "points": _most(item, over_all, alone=alone),
            "guidance": Said(item.guidance) if item.guidance else undecided(_NO_GUIDANCE),
            "item": {
                "min": Said(each[0]) if each else unsaid,
                "max": Said(each[1]) if each else unsaid,
            },
        }

    def _deduction(
        self, item: Item, group: Group, over_all: set[Decimal], *, alone: bool
    ) -> dict[str, Any]:
        name, points = Said(item.name), _most(item, over_all, alone=alone)
        if vetoes(f"{item.name}{item.guidance}"):
            name = Said(item.name, _VETO)
        if points.remark is None and not caps(item.guidance) | over_all:
            once = points.value in taken_for_each(item.guidance)
            points = Said(points.value, _ONCE if once else None)
        return {
            "id": self._id("deduction", group.printed, item.name),
            "name": name,
            "points": points,
            "guidance": Said(item.guidance or None),
        }

    def _id(self, prefix: str, *path: str) -> Said:
        """A placeholder that depends on the names alone, so that it survives a change of order."""
        digest = hashlib.sha256("/".join(path).encode()).hexdigest()[:6]
        id, again = f"{prefix}-{digest}", 1
        while id in self.taken:
            again += 1
            id = f"{prefix}-{digest}-{again}"
        self.taken.add(id)
        return Said(id, _NAME_ME)


def _over_all(group: Group) -> set[Decimal]:
    """What a group that adds or takes points comes to at most, as its heading and column say."""
    printed = compact(group.printed)
    stated = (points_of(without_sign(group.points)), points_in_name(printed)[1])
    return caps(printed) | {points for points in stated if points}


def _worth(item: Item) -> Decimal | None:
    return most_of(without_sign(item.points))


def _most(item: Item, over_all: set[Decimal], *, alone: bool) -> Said:
    """What a row adds or takes at most; in doubt where the text states another bound, too."""
    own = caps(item.guidance)
    stated = own | over_all
    bounds = stated if alone else own
    cap = str(*bounds) if len(bounds) == 1 else ""
    points = _points(replace(item, points=without_sign(item.points or cap)))
    shared = over_all and not alone
    if points.remark is None and (shared or not stated <= {points.value}):
        return Said(points.value, _("原文另写有最高 {caps} 分，请核对", caps=sorted(stated)))
    return points


def total(found: Outline) -> Said:
    """The total without bonus: as stated, else the sum of the groups."""
    parts = [most_of(g.points) or _sum(g) for g in found.groups if g.counts]
    known = [part for part in parts if part is not None]
    added = plain(sum(known, Decimal(0))) if parts and len(known) == len(parts) else None
    if found.total:
        return Said(found.total, _difference(found.total, added))
    if added is None:
        return undecided(_("分值没有全部读出，请照原文填写总分"))
    return Said(added, note=_("各一级指标之和；表中没有另写总分"))


def _sum(group: Group) -> Decimal | None:
    """The points of all rows below ``group``; None if some are not known."""
    rows = [_counted(row) for row in group.all_items]
    known = [points for points in rows if points is not None]
    return plain(sum(known, Decimal(0))) if len(known) == len(rows) else None


def _group_name(group: Group) -> Said:
    if not group.name:
        return undecided(_("表中没有写明名称，请照原文填写"))
    remark = None
    if group.number_in_doubt:
        remark = _NUMBER
    elif is_beside(group.name):
        remark = _BESIDE
    elif group.alone:
        remark = _("在表中独占一行，按一级指标录入，请核对")
    elif points_in_name(group.name)[1]:
        remark = _("括号里的分值与分值一列不同，请核对")
    return Said(group.name, remark)


def _group_points(group: Group) -> Said:
    if not group.points:
        return Said(None)
    points = most_of(group.points)
    if points is None:
        return undecided(_quoted(group.points))
    return Said(points, _difference(points, _sum(group)) or group.doubt)


def _difference(stated: Decimal, added: Decimal | None) -> Text | None:
    if added is None or added == stated:
        return None
    return _("标明 {points} 分，其下合计 {total} 分，请核对原文", points=stated, total=added)


def _counted(row: Item | Unread) -> Decimal | None:
    return most_of(row.points) if isinstance(row, Item) and not row.shared else None


def _points(item: Item) -> Said:
    printed = item.points
    if item.shared:
        return undecided(_("原文的“{words}”与相邻的行合并，请写明各占几分", words=printed))
    points = most_of(printed)
    if points is None:
        return undecided(_quoted(printed) if printed else _("原文没有写明分值"))
    ranged = None if points_of(printed) else _("原文为“{words}”，按最高分录入", words=printed)
    return Said(points, item.doubt or ranged)


def _measure(item: Item, kind: str | None) -> Text | None:
    """The printed words on how a measured value becomes points, for a person to put into a rule."""
    printed = formulas(item.guidance, measured=kind is not None)
    if not printed:
        return None
    return _(
        "measure：原文写有计分办法，由测量值计分的照它写成 measure：{words}",
        words="；".join(printed),
    )


def _quoted(printed: str) -> Text:
    return _("原文为“{words}”", words=printed)


def _unread(row: Unread) -> Said:
    return Said(None, _("{place}没有读懂，请照原文补录：{words}", place=row.place, words=row.words))
