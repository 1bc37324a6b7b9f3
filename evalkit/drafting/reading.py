"""Reading an indicator table row by row: which group a row belongs to, which rows are none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from evalkit.base.text import _
from evalkit.drafting.columns import recognise
from evalkit.drafting.grid import Grid, Row
from evalkit.drafting.outline import (
    Group,
    Item,
    Outline,
    Unread,
    is_beside,
    is_signature,
    totals,
)
from evalkit.drafting.words import (
    compact,
    continues_notes,
    is_note,
    notes_of,
    numbered,
    paragraphs,
    percent_of,
    points_in_name,
    points_of,
    stated_total,
)

_AFTER_COLON = re.compile(r"^.*?(?:[：:]|(?=\d))")
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
    for group in found.groups:
        if group.own is not None and not list(group.all_items):
            group.items.append(group.own)
            group.own.name = points_in_name(compact(group.own.name))[0]
    _divide_names(found)
    _read_shares(found)
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
        self.last: Item | None = None
        self.noted: list[str] = []

    def read(self, row: Row) -> None:
        words = [word for word in map(compact, row.cells) if word]
        if not words:
            return
        alone = len(words) == 1
        sum_of = totals(words[0])
        if alone and (is_note(words[0]) or (self.noted and continues_notes(words[0]))):
            self.noted.append(words[0])
        elif sum_of and not (alone and sum_of == "partial"):
            if not self._is_total(words, sum_of):
                self._leave(row, words)
        elif alone and is_signature(words[0]):
            self._leave(row, words)
        elif alone and self._is_heading(row, words[0]):
            self._enter(0, words[0], "").alone = not is_beside(words[0])
        else:
            cells = self.columns.placed(row, exact=self.grid.exact) or self._beside(row)
            if cells is None or not self._take(row, cells, " | ".join(words)):
                self._leave(row, words)

    def _is_heading(self, row: Row, word: str) -> bool:
        """Whether the one word of a row is the name of a group, across the table."""
        at = next(p for p, cell in enumerate(row.cells) if compact(cell))
        if is_beside(word):
            return at <= self.columns.name
        whole = self.grid.exact or len(row.cells) == len(self.columns.headings)
        if len(self.columns.levels) == 1:
            return at <= self.columns.name or not whole
        across = at < self.columns.name or at + 1 in row.covered
        return whole and across and at <= self.columns.name

    def _beside(self, row: Row) -> tuple[str, ...] | None:
        """The cells of a whole row that need not say points: it is no part of the total."""
        if len(row.cells) != len(self.columns.headings) or len(self.columns.levels) == 1:
            return None
        cells = self.columns.seated(row.cells)
        named = cells[self.columns.levels[0]]
        group = Group(named) if named else self.open.get(0)
        return cells if group is not None and not group.counts else None

    def _leave(self, row: Row, words: list[str]) -> None:
        self._inner().items.append(Unread(self.grid.place(row), " | ".join(words)))

    def _is_total(self, words: list[str], sum_of: str) -> bool:
        """Whether the row states one total that nothing contradicts; it is then kept."""
        own = points_in_name(words[0])[1] or points_of(_AFTER_COLON.sub("", words[0]))
        points = {number for word in words[1:] if (number := points_of(word))}
        points |= {own} if own else set()
        if len(points) != 1:
            return False
        (number,) = points
        top = self.open.get(0)
        if sum_of == "subtotal" and top:
            stated = points_of(top.points) or points_in_name(compact(top.printed))[1]
            top.points = top.points or str(stated or number)
            return stated in (None, number)
        if sum_of == "total" and self.found.total in (None, number):
            self.found.total = number
            return True
        return False

    def _take(self, row: Row, cells: tuple[str, ...], words: str) -> bool:
        columns = self.columns
        top, first = columns.levels[0], columns.name
        if columns.number is not None and is_beside(cells[columns.number]):
            return self._take_beside(row, cells, cells[columns.number], words)
        if is_beside(cells[top]) and (top == first or first in row.covered or not cells[first]):
            self._take_heading(row, cells, words)
            return True
        while first in row.covered:  # 二级指标 and 三级指标 merged: the name begins further left
            first -= 1
        for depth, level in enumerate(columns.levels[:-1]):
            if level >= first:
                self.open = {d: group for d, group in self.open.items() if d < depth}
            elif cells[level]:
                column = columns.points.get(level)
                self._enter(depth, cells[level], cells[column] if column is not None else "")
        if not cells[first]:
            return first in row.below and self._continue(row, cells)
        item = self._item(row, cells, cells[first], words)
        points = columns.points.get(columns.name)
        if points in row.below and first not in row.below and self.last is not None:
            item.shared = self.last.shared = True
            item.points = self.last.points
        self._inner().items.append(item)
        self.last = item
        return True

    def _take_beside(self, row: Row, cells: tuple[str, ...], printed: str, words: str) -> bool:
        """加分项 in the column of numbers, and what earns it in those of the levels."""
        said = [cells[level] for level in self.columns.levels if cells[level]]
        if not said:
            return False
        self.open = {}
        item = self._item(row, cells, said[-1], words)
        item.number = None
        if len(said) > 1:
            item.doubt = _("原文的名称分几列：{words}，请核对", words=said)
        self._enter(0, printed, "").items.append(item)
        self.last = item
        return True

    def _take_heading(self, row: Row, cells: tuple[str, ...], words: str) -> None:
        """加分项 and the like in a row that has no name beside it: a heading, or all of it."""
        if len(self.columns.levels) == 1:
            self.open = {}
        item = self._item(row, cells, cells[self.columns.levels[0]], words)
        group = self._enter(0, item.name, item.points)
        group.own = item
        if len(self.columns.levels) == 1:  # the next row is one of the table again
            self.open = {}

    def _continue(self, row: Row, cells: tuple[str, ...]) -> bool:
        """A further line of guidance beside a name that is merged over several rows."""
        points = self.columns.points.get(self.columns.name)
        guidance = self._guidance(cells)
        if self.last is None or not guidance or (points is not None and cells[points]):
            return False
        self.last.guidance = "\n".join(filter(None, (self.last.guidance, guidance)))
        return points is None or points in row.below or not cells[points]

    def _item(self, row: Row, cells: tuple[str, ...], name: str, words: str) -> Item:
        columns = self.columns
        points = columns.points.get(columns.name)
        return Item(
            self.grid.place(row),
            name,
            compact(cells[points]) if points is not None else "",
            number=compact(cells[columns.number]) if columns.number is not None else None,
            kind=cells[columns.kind] if columns.kind is not None else None,
            unit=compact(cells[columns.unit]) if columns.unit is not None else "",
            guidance=self._guidance(cells),
            words=words,
        )

    def _guidance(self, cells: tuple[str, ...]) -> str:
        return "\n".join(filter(None, (paragraphs(cells[p]) for p in self.columns.guidance)))

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
        if self.open:
            return self.open[max(self.open)]
        nameless = (group for group in self.found.groups if not group.printed)
        return next(nameless, None) or self._enter(0, "", "")


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


def _read_shares(found: Outline) -> None:
    """Read percentages as points where all of a level have them and come to 100 together."""
    groups = [group for group in found.groups if group.counts and group.points]
    levels: tuple[Sequence[Item | Group], ...] = (found.indicators, groups)
    for level in levels:
        shares = [percent_of(part.points) for part in level]
        if None not in shares and sum(filter(None, shares)) == _WHOLE:
            for part, share in zip(level, shares, strict=True):
                part.doubt = _("原文为“{words}”，按满分 100 分折算，请核对", words=part.points)
                part.points = str(share)


_WHOLE = 100


def _number_groups_by_column(groups: list[Group], items: list[Item]) -> None:
    """Give the numbers of the 序号 column to the groups, if only first rows of groups have one."""
    firsts = [next((i for i in g.all_items if isinstance(i, Item)), None) for g in groups]
    printed = [item for item in items if item.number]
    if len(printed) < len(items) and [id(i) for i in printed] == [id(i) for i in firsts]:
        for group, item in zip(groups, printed, strict=True):
            group.number, item.number = item.number, None
