"""Which column of a table says what, and which cell of a row stands in which column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from evalkit.drafting.grid import Grid, Row
from evalkit.drafting.words import (
    compact,
    kind_of,
    points_in_name,
    points_of,
    says_points,
    without_sign,
)

MAX_COLUMNS = 64
"""More are no indicator table; merged cells could claim millions."""
HEADER_WITHIN = 6
"""A header stands in one of the first rows."""

_PARENTHESIS = re.compile(r"[（(].*?[）)]")
_EXPLICIT_LEVEL = re.compile(
    r"[一二三四五六]级|(?:first|second|third|fourth)[- ](?:level|tier)|primary|secondary|tertiary"
    r"|(?:level|tier)[- ]?\d",
    re.IGNORECASE,
)
_SERIAL = re.compile(r"[（(]?(?:[一二三四五六七八九十]+|[\d.．-]+|[①-⑳])[）)]?[、.．]?")
_WORDS = re.compile(r"[\u4e00-\u9fff]{2}|[A-Za-z]{3}")
_HEADINGS = {
    "number": r"(?:指标|项目)?(?:序号?|编号|代码|编码)$|号$|(?:no|s/?n|#|id)\.?$",
    "other": (
        r".*(?:得分|自评|自查|评分|打分|实得|核定|审核|复核)(?!标准|细则|规则|办法|方法|说明|要点|依据|要求|点)"
        r"|.*(?:完成|实际|目标|计划|基准|标准|指标)(?:值|数|量|情况)|.*(?:来源|佐证|证明|支撑)"
        r"|.*(?:意见|结果|备注|签字|签名)$"
        r"|.*\b(?:remarks?|comments?|self|actual|achieved|completed|evidence|awarded|obtained|notes?)\b"
    ),
    "points": (
        r"(?!.*(?:标准(?!分)|细则|办法|说明)).*(?:分值|权重|满分|配分|分数|标准分|最高分)"
        r"|(?:max(?:imum)? |full )?(?:points?|scores?|marks?|weights?)\b"
    ),
    "unit": r"(?:计量|指标)?单位$|units?\b",
    "kind": r".*(?:类型|属性|性质)$|(?:type|kind|nature)\b",
    "guidance": (
        r".*(?:说明|标准|细则|规则|办法|方法|要点|得分点|依据|要求|解释|释义|内涵|描述|观测点)"
        r"|.*\b(?:criteria|scoring|description|guidance|standards?|methods?|rules?|explanation)\b"
    ),
    "level": (
        r"[一二三四五六]级|.*(?:指标|维度|项目|类别|内容)"
        r"|.*\b(?:indicators?|dimensions?|categor(?:y|ies)|criterion|sub-?criterion|items?|aspects?)\b"
    ),
}
"""Roles of columns by their heading, without parentheses and white space; the first one fits."""


@dataclass(frozen=True)
class Columns:
    """Positions of the columns by what they say. The last level is the indicator's name."""

    headings: tuple[str, ...]
    levels: tuple[int, ...]
    points: dict[int, int]
    """The column of points of a level, by the position of that level."""
    number: int | None
    kind: int | None
    unit: int | None
    guidance: tuple[int, ...]

    @property
    def name(self) -> int:
        """Where the indicator's name stands."""
        return self.levels[-1]

    @cached_property
    def groups(self) -> tuple[int, ...]:
        """Columns that merged cells leave out of a row: groups with their points."""
        return tuple(p for p in range(self.name) if p != self.number)

    @cached_property
    def left_out(self) -> tuple[int, ...]:
        """Columns that no rubric has a place for, such as the points that an applicant claims."""
        used = {*self.levels, *self.points.values(), *self.guidance}
        used |= {p for p in (self.number, self.kind, self.unit) if p is not None}
        return tuple(p for p in range(len(self.headings)) if p not in used)

    def placed(self, row: Row, *, exact: bool) -> tuple[str, ...] | None:
        """The cells of ``row``, one a column. None where it cannot be decided.

        Text loses the cells that a merged cell covers: what is left stands packed to the left,
        perhaps with empty cells behind. They are put back where the points, the kind and the name
        then stand in their columns, if there is exactly one way.
        """
        width, cells = len(self.headings), row.cells
        if exact:
            whole = (*cells, *[""] * width)[:width]
            return None if any(cells[width:]) else self.seated(whole, row.covered)
        ways = {self.seated(way): None for way in self._ways(cells)}
        fitting = [way for way in ways if self._fits(way)]
        if len(fitting) == 1:
            return fitting[0]
        if fitting or len(cells) != width:
            return None
        points = "".join(cells[column] for column in self.points.values())
        return self.seated(cells) if any(map(str.isdigit, points)) else None

    def seated(
        self, cells: tuple[str, ...], covered: frozenset[int] = frozenset()
    ) -> tuple[str, ...]:
        """``cells`` with a heading in the column of numbers moved to that of the first level.

        There it stands where one cell is merged across both, as Word's 加分项 usually is.
        """
        at, top = self.number, self.levels[0]
        if at is None or at > top or cells[top] or _SERIAL.fullmatch(compact(cells[at])):
            return cells
        if top not in covered and not _WORDS.search(cells[at]):
            return cells
        return tuple("" if p == at else cells[at] if p == top else c for p, c in enumerate(cells))

    def _ways(self, cells: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        width = len(self.headings)
        if len(cells) == width:
            yield cells
        if len(cells) > width and not any(cells[width:]):
            yield cells[:width]
        if len(cells) < width:
            yield (*cells, *[""] * (width - len(cells)))
        said = list(cells)
        while said and not said[-1]:
            said.pop()
        for lost in range(1, min(width - len(said), self.name) + 1):
            for gone in (self.groups[:lost], tuple(range(lost))):
                if len(gone) == lost:
                    rest = iter(said)
                    yield tuple("" if p in gone else next(rest, "") for p in range(width))

    def _fits(self, cells: tuple[str, ...]) -> bool:
        if not cells[self.name]:
            return False
        for level, column in self.points.items():
            wanted = level == self.name or bool(cells[column])
            if wanted and not says_points(without_sign(cells[column])):
                return False
        if self.kind is not None and kind_of(cells[self.kind]) is None:
            return False
        if any(_SERIAL.fullmatch(cells[level]) for level in self.levels):
            return False
        number = cells[self.number] if self.number is not None else ""
        return not number or _SERIAL.fullmatch(number) is not None


def recognise(grid: Grid) -> tuple[Columns, tuple[Row, ...], tuple[Row, ...]] | None:
    """Columns, rows above the header and rows below it. None if ``grid`` lists no indicators.

    An indicator table has a column of indicators or levels, and says points somewhere.
    """
    for at, row in enumerate(grid.rows[:HEADER_WITHIN]):
        below = at + 1
        headings = [compact(cell) for cell in row.cells]
        while below < len(grid.rows) and _is_second_header(headings, grid.rows[below]):
            lower = [compact(cell) for cell in grid.rows[below].cells]
            headings = [new or old for new, old in zip(lower, headings, strict=True)]
            below += 1
        rows = grid.rows[below:]
        columns = _columns(tuple(headings), rows)
        if columns is not None:
            rest = (r for r in rows if [compact(c) for c in r.cells] != headings and any(r.cells))
            return columns, grid.rows[:at], tuple(rest)
    return None


def _is_second_header(headings: list[str], row: Row) -> bool:
    """Whether ``row`` divides headings above it: 评价指标 into 一级指标 and 二级指标."""
    return (
        len(row.cells) == len(headings)
        and any(_EXPLICIT_LEVEL.match(compact(cell)) for cell in row.cells)
        and not any(map(points_of, row.cells))
        and [compact(cell) for cell in row.cells] != headings
    )


def _columns(headings: tuple[str, ...], rows: tuple[Row, ...]) -> Columns | None:
    if not 2 <= len(headings) <= MAX_COLUMNS:
        return None
    kinds = any(kind_of(cell) for row in rows for cell in row.cells)
    roles = [_role(heading) for heading in headings]
    kind = None
    if kinds:
        named = [p for p, role in enumerate(roles) if role == "kind"]
        plain = [p for p, heading in enumerate(headings) if heading == "说明"]
        kind = next(iter([*named, *plain]), None)
    levels = [p for p, role in enumerate(roles) if role == "level" and p != kind]
    explicit = [p for p in levels if _EXPLICIT_LEVEL.match(headings[p])]
    if len(explicit) > 1:  # then 评价内容 beside 二级指标 says what is looked at
        roles = [
            "guidance" if p in levels and p not in explicit else r for p, r in enumerate(roles)
        ]
        levels = explicit
    points: dict[int, int] = {}
    for p, role in enumerate(roles):
        left = [level for level in levels if level < p]
        if role == "points" and left:
            points.setdefault(left[-1], p)
    known = sum(role != "unknown" for role in roles)
    if not levels or known < 2 or not (points or _points_in_names(rows)):
        return None
    return Columns(
        headings,
        tuple(levels),
        points,
        number=next((p for p, role in enumerate(roles) if role == "number"), None),
        kind=kind,
        unit=next((p for p, role in enumerate(roles) if role == "unit"), None),
        guidance=tuple(p for p, role in enumerate(roles) if role == "guidance" and p != kind),
    )


def _role(heading: str) -> str:
    bare = _PARENTHESIS.sub("", heading)
    found = (role for role, words in _HEADINGS.items() if re.match(words, bare, re.IGNORECASE))
    return next(found, "unknown")


def _points_in_names(rows: tuple[Row, ...]) -> bool:
    return any(points_in_name(compact(cell))[1] for row in rows for cell in row.cells)
