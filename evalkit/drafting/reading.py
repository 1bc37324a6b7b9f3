"""Reading an indicator table row by row: which group a row belongs to, which rows are none."""

from __future__ import annotations

import re
from itertools import takewhile

from evalkit.drafting.columns import recognise
from evalkit.drafting.grid import Grid, Row
from evalkit.drafting.outline import Group, Item, Outline, Unread
from evalkit.drafting.words import (
    compact,
    continues_notes,
    is_note,
    notes_of,
    numbered,
    paragraphs,
    points_in_name,
    points_of,
    stated_total,
)

_TOTAL = re.compile(r"(?:合计|总计|总分)[：:]?$")
_SUBTOTAL = re.compile(r"小计[：:]?$")
_TITLE = re.compile(r".{1,60}(?:表|体系|标准|细则|指标|说明|办法)(?:[（(].{1,20}[）)])?$")
_BESIDE_TITLE = re.compile(r"[（(].*[）)]$|单位")
_NO_TITLE = re.compile(r"附[件表录]|[【\[（(]?注|.*[。：:；;，,]$|.{41}")


def outline(grid: Grid) -> Outline | None:
    """What ``grid`` says. None if it lists no indicators."""
    recognised = recognise(grid)
    if recognised is None:
        return None
    columns, above, rows = recognised
    found = Outline(columns, remarks=list(grid.remarks), status=grid.status)
    headings = [*grid.before, *("".join(dict.fromkeys(filter(None, r.cells))) for r in above)]
    _read_title(found, headings)
    reader = _Reader(grid, found)
    for row in rows:
        reader.read(row)
    noted = [*reader.noted, *_notes_below(grid.after)]
    found.notes = notes_of("\n".join(noted))
    _divide_names(found)
    return found


def _read_title(found: Outline, headings: list[str]) -> None:
    lines = [compact(text) for text in headings]
    for at, text in reversed(list(enumerate(lines))):
        found.total = found.total or stated_total(text)
        if not _BESIDE_TITLE.match(text):
            if _TITLE.match(text):
                found.title = text
                above = "".join(lines[at - 1 : at])
                found.title_in_doubt = above if above and not _NO_TITLE.match(above) else None
            return


def _notes_below(after: tuple[str, ...]) -> list[str]:
    first = next((n for n, text in enumerate(after[:3]) if is_note(text)), len(after))
    further = takewhile(continues_notes, after[first + 1 :])
    return [*after[first : first + 1], *further]


class _Reader:
    """Puts rows below the groups that are open; a merged group goes on until the next one."""

    def __init__(self, grid: Grid, found: Outline) -> None:
        self.grid, self.found, self.columns = grid, found, found.columns
        self.open: dict[int, Group] = {}
        self.noted: list[str] = []

    def read(self, row: Row) -> None:
        words = [word for word in map(compact, row.cells) if word]
        if not words:
            return
        alone = len(words) == 1
        if alone and (is_note(words[0]) or (self.noted and continues_notes(words[0]))):
            self.noted.append(words[0])
        elif _TOTAL.match(words[0]) or _SUBTOTAL.match(words[0]):
            if not self._is_total(words):
                self._leave(row, words)
        elif alone and (self.grid.exact or len(self.columns.levels) == 1):
            self._enter(0, words[0], "").alone = True
        else:
            cells = self.columns.placed(row, exact=self.grid.exact) or self._beside(row)
            if cells is None or not self._take(row, cells, " | ".join(words)):
                self._leave(row, words)

    def _beside(self, row: Row) -> tuple[str, ...] | None:
        """The cells of a whole row that need not say points: it is no part of the total."""
        if len(row.cells) != len(self.columns.headings) or len(self.columns.levels) == 1:
            return None
        named = row.cells[self.columns.levels[0]]
        group = Group(named) if named else self.open.get(0)
        return row.cells if group is not None and not group.counts else None

    def _leave(self, row: Row, words: list[str]) -> None:
        self._inner().items.append(Unread(self.grid.place(row), " | ".join(words)))

    def _is_total(self, words: list[str]) -> bool:
        """Whether the row states one total that nothing contradicts; it is then kept."""
        points = {number for word in words[1:] if (number := points_of(word))}
        if len(points) != 1:
            return False
        (number,) = points
        top = self.open.get(0)
        if _SUBTOTAL.match(words[0]) and top:
            stated = points_of(top.points) or points_in_name(compact(top.printed))[1]
            top.points = top.points or str(stated or number)
            return stated in (None, number)
        if _TOTAL.match(words[0]) and self.found.total in (None, number):
            self.found.total = number
            return True
        return False

    def _take(self, row: Row, cells: tuple[str, ...], words: str) -> bool:
        columns = self.columns
        first = columns.name
        while first in row.covered:  # 二级指标 and 三级指标 merged: the name begins further left
            first -= 1
        for depth, level in enumerate(columns.levels[:-1]):
            if level >= first:
                self.open = {d: group for d, group in self.open.items() if d < depth}
            elif cells[level]:
                column = columns.points.get(level)
                self._enter(depth, cells[level], cells[column] if column is not None else "")
        if not cells[first]:
            return False
        points = columns.points.get(columns.name)
        self._inner().items.append(
            Item(
                self.grid.place(row),
                cells[first],
                compact(cells[points]) if points is not None else "",
                number=compact(cells[columns.number]) if columns.number is not None else None,
                kind=cells[columns.kind] if columns.kind is not None else None,
                unit=compact(cells[columns.unit]) if columns.unit is not None else "",
                guidance="\n".join(filter(None, (paragraphs(cells[p]) for p in columns.guidance))),
                words=words,
            )
        )
        return True

    def _enter(self, depth: int, printed: str, points: str) -> Group:
        """The group ``printed`` at ``depth``; the one that is open if it is the same."""
        here = self.open.get(depth)
        if here is not None and compact(here.printed) == compact(printed):
            return here
        self.open = {d: group for d, group in self.open.items() if d < depth}
        group = Group(printed, compact(points))
        around = self.open[max(self.open)].groups if self.open else self.found.groups
        around.append(group)
        self.open[depth] = group
        return group

    def _inner(self) -> Group:
        return self.open[max(self.open)] if self.open else self._enter(0, "", "")


def _divide_names(found: Outline) -> None:
    """Divide printed names into number, name and points, column by column."""
    level = [group for group in found.groups if not group.adds]
    items = found.indicators
    _number_groups_by_column(level, items)
    for item, (number, name, doubt) in zip(items, numbered([i.name for i in items]), strict=True):
        item.number, item.name, item.number_in_doubt = number or item.number or None, name, doubt
    while level:
        for group, said in zip(level, numbered([g.printed for g in level]), strict=True):
            number, group.name, group.number_in_doubt = said
            group.number = number or group.number
            name, points = points_in_name(group.name)
            if not group.points or points == points_of(group.points):
                group.name, group.points = name, group.points or str(points or "")
        level = [below for group in level for below in group.groups]
    for row in (row for group in found.groups for row in group.all_items):
        if isinstance(row, Item):
            row.name = compact(row.name)
            if not row.points:
                row.name, points = points_in_name(row.name)
                row.points = str(points or "")


def _number_groups_by_column(groups: list[Group], items: list[Item]) -> None:
    """Give the numbers of the 序号 column to the groups, if only first rows of groups have one."""
    firsts = [next((i for i in g.all_items if isinstance(i, Item)), None) for g in groups]
    printed = [item for item in items if item.number]
    if len(printed) < len(items) and [id(i) for i in printed] == [id(i) for i in firsts]:
        for group, item in zip(groups, printed, strict=True):
            group.number, item.number = item.number, None
