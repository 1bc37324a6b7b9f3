"""An indicator table understood: groups within groups, their indicators, what stayed unread."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from evalkit.documents.grid import Grid, Row
from evalkit.documents.indicator_columns import Columns, recognise
from evalkit.documents.indicator_words import (
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
from evalkit.text import Text

_BONUS = re.compile(r"(?:附加|奖励)?加分|附加分")
_MINUS = re.compile(r"(?:扣|减)分|.*一票否决")
_TOTAL = re.compile(r"(?:合计|总计|总分)[：:]?$")
_SUBTOTAL = re.compile(r"小计[：:]?$")
_TITLE = re.compile(r"(?=.*(?:指标|评分|评价|评审|考核|体系|表)).{2,60}(?<![。：:；;，,])$")
_BESIDE_TITLE = re.compile(r"[（(].*[）)]$|单位")


@dataclass
class Item:
    """A row with points: an indicator, or an achievement that earns a bonus. Cells as printed."""

    place: Text
    name: str
    points: str = ""
    number: str | None = None
    number_in_doubt: bool = False
    kind: str | None = None
    unit: str = ""
    guidance: str = ""


@dataclass
class Unread:
    """A row of which it is not certain what it says."""

    place: Text
    words: str


@dataclass
class Group:
    """A dimension and what stands below it, in the order of the table."""

    printed: str
    points: str = ""
    number: str | None = None
    name: str = ""
    number_in_doubt: bool = False
    alone: bool = False
    """Whether the name has a row of its own, across the table."""
    groups: list[Group] = field(default_factory=list)
    items: list[Item | Unread] = field(default_factory=list)

    @property
    def adds(self) -> bool:
        """Whether its points come on top of the total (加分项)."""
        return _BONUS.match(compact(self.printed)) is not None

    @property
    def takes(self) -> bool:
        """Whether it takes points away (扣分项), for which a rubric has no place."""
        return _MINUS.match(compact(self.printed)) is not None

    @property
    def all_items(self) -> Iterator[Item | Unread]:
        """Its rows and those of the groups below."""
        for group in self.groups:
            yield from group.all_items
        yield from self.items


@dataclass
class Outline:
    """One indicator table."""

    columns: Columns
    title: str | None = None
    total: Decimal | None = None
    """The total that the table states, if it does."""
    groups: list[Group] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    remarks: list[Text] = field(default_factory=list)

    @property
    def indicators(self) -> list[Item]:
        """All rows with points that count towards the total."""
        groups = (g for g in self.groups if not g.adds and not g.takes)
        return [row for g in groups for row in g.all_items if isinstance(row, Item)]


def outline(grid: Grid) -> Outline | None:
    """What ``grid`` says. None if it lists no indicators."""
    recognised = recognise(grid)
    if recognised is None:
        return None
    columns, above, rows = recognised
    found = Outline(columns, remarks=list(grid.remarks))
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
    for text in map(compact, reversed(headings)):
        found.total = found.total or stated_total(text)
        if not _BESIDE_TITLE.match(text):
            found.title = text if _TITLE.match(text) else None
            return


def _notes_below(after: tuple[str, ...]) -> list[str]:
    if not after or not is_note(after[0]):
        return []
    further = next((n for n, p in enumerate(after[1:], 1) if not continues_notes(p)), len(after))
    return list(after[:further])


class _Reader:
    """Puts rows below the groups that are open; a merged group goes on until the next one."""

    def __init__(self, grid: Grid, found: Outline) -> None:
        self.grid, self.found, self.columns = grid, found, found.columns
        self.open: dict[int, Group] = {}
        self.noted: list[str] = []

    def read(self, row: Row) -> None:
        words = [compact(cell) for cell in row.cells if compact(cell)]
        alone = len(words) == 1
        if alone and (is_note(words[0]) or (self.noted and continues_notes(words[0]))):
            self.noted.append(words[0])
        elif self._is_total(words):
            return
        elif alone and (self.grid.exact or len(self.columns.levels) == 1):
            self._enter(0, words[0], "").alone = True
        else:
            cells = self.columns.placed(row, exact=self.grid.exact)
            if cells is None or not self._take(row, cells):
                self._inner().items.append(Unread(self.grid.place(row), " | ".join(words)))

    def _is_total(self, words: list[str]) -> bool:
        points = [number for word in words[1:] if (number := points_of(word))]
        if len(set(points)) != 1:
            return False
        top = self.open.get(0)
        if _SUBTOTAL.match(words[0]) and top and points_in_name(compact(top.printed))[1] is None:
            top.points = top.points or str(points[0])
            return points_of(top.points) == points[0]
        if _TOTAL.match(words[0]) and self.found.total in (None, points[0]):
            self.found.total = points[0]
            return True
        return False

    def _take(self, row: Row, cells: tuple[str, ...]) -> bool:
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
