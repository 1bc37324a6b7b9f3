"""Tables in pasted text: columns between ``|`` or tabs, as spreadsheets and web pages give them.

Layout is lost on the way: cells break over lines, and the continuation of a merged cell is either
an empty cell or no cell at all. Rows are put together here; columns are the affair of
`evalkit.drafting.columns`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

from evalkit.base.text import Text, _
from evalkit.drafting import markup
from evalkit.drafting.grid import ABOVE, BELOW, Grid, Row
from evalkit.drafting.status import status_in
from evalkit.drafting.words import compact, points_in_name

BROKEN_OVER = 5
"""How many lines without a ``|`` one cell may be broken over."""

_LINE_END = re.compile(r"\r\n|\r|\n")
_BARS = str.maketrans(dict.fromkeys("｜│┃∣￨║¦", "|"))
"""What input methods and box drawings have for a bar."""
_QUOTED = re.compile(r"\s*(?:>\s?)+(?=.*\|)")
_BAR = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r":?[-－—–─━=]+:?")
_RULED = re.compile(
    r"[\s+|:\-=─━┼├┤┌┐└┘┬┴┠┨┏┓┗┛┯┷╋╔╗╚╝╠╣╦╩╬]*[-=─━═]{2,}[\s+|:\-=─━┼├┤┌┐└┘┬┴┠┨┏┓┗┛┯┷╋╔╗╚╝╠╣╦╩╬═]*"
)
"""A line that only draws, as between the rows of a grid."""
_NOT_A_CELL = re.compile(
    r"\s*[【\[（(]?(?:备注|附注|注|附件|附表)[】\]）)]?[\d\-]{0,4}\s*(?:[:：]|$)"
)


def tables_in(text: str) -> list[Grid]:
    """Every table of ``text`` in order, whatever it is about."""
    lines = _alike([_with_bars(line) for line in _LINE_END.split(text)])
    spans: list[tuple[int, int, tuple[Row, ...], tuple[Text, ...]]] = []
    at = 0
    while at < len(lines):
        start = at
        if lines[at].lstrip().startswith("|") or _begins_open(lines, at):
            read = _barred if lines[at].lstrip().startswith("|") else _open
            rows, at, markdown = read(lines, at)
            spans.append((start, at, *markup.rows(rows, markdown=markdown, exact=False)))
        elif "\t" in lines[at]:
            at, attached = _tabbed_end(lines, at)
            rows, remarks = markup.rows(_tabbed(lines, start, at), markdown=False, exact=False)
            spans.append((start, at, rows, (*attached, *remarks)))
        else:
            at += 1
    status = status_in((_("原文第 {n} 行", n=n), line) for n, line in enumerate(lines, 1))
    edges = [0, *(end for _start, end, _rows, _remarks in spans)]
    starts = [*(start for start, _end, _rows, _remarks in spans[1:]), len(lines)]
    return [
        Grid(
            rows,
            before=tuple(_said(lines[edge:start])[-ABOVE:]),
            after=tuple(_said(lines[end:following])[:BELOW]),
            remarks=remarks,
            status=status,
        )
        for (start, end, rows, remarks), edge, following in zip(spans, edges, starts, strict=False)
    ]


def _with_bars(line: str) -> str:
    """``line`` with the one kind of bar, if it has only others."""
    line = line if "|" in line else line.translate(_BARS)
    return _QUOTED.sub("", line)


def _alike(lines: list[str]) -> list[str]:
    """``lines`` with one kind of bar where rows mix them and then have as many cells."""
    found: list[str] = []
    for barred, group in groupby(lines, key=lambda line: "|" in line):
        own = list(group)
        alike = [line.translate(_BARS) for line in own] if barred else own
        numbers = {line.count("|") for line in alike if not _RULED.fullmatch(line)}
        found += alike if len(numbers) == 1 else own
    return found


def _said(lines: list[str]) -> list[str]:
    drawn = (line for line in lines if not _RULED.fullmatch(line))
    return [said for line in drawn if (said := markup.read_line(line.strip()).strip())]


def _begins_open(lines: list[str], at: int) -> bool:
    """Whether a table without outer bars begins: two lines with bars, one below the other."""
    return all(_BAR.search(line) for line in lines[at : at + 2]) and at + 1 < len(lines)


def _open(lines: list[str], start: int) -> tuple[tuple[Row, ...], int, bool]:
    """Rows of a table without outer bars, a line each; the line after; whether it is Markdown.

    The row of dashes says how many cells a row has, else the longest row does. An empty cell at an
    end looks like an outer bar: it is one where the row would otherwise be too long.
    """
    end = start
    while end < len(lines) and (_BAR.search(lines[end]) or _RULED.fullmatch(lines[end])):
        end += 1
    split = [
        (place, [cell.strip() for cell in _BAR.split(line)])
        for place, line in enumerate(lines[start:end], start + 1)
        if _BAR.search(line)
    ]
    inner = [(place, cells, _between_bars(" | ".join(cells))) for place, cells in split]
    rules = [cells for _place, _cells, cells in inner if _is_rule(cells)]
    width = len(rules[0]) if rules else max(len(cells) for _place, _cells, cells in inner)
    rows = []
    for place, cells, without in inner:
        if not _is_rule(without):
            while len(cells) > width and not (cells[-1] and cells[0]):
                cells.pop(-1 if not cells[-1] else 0)
            rows.append(Row(place, _unescaped(cells)))
    return tuple(rows), end, bool(rules)


def _is_rule(cells: tuple[str, ...]) -> bool:
    return bool(cells) and all(map(_RULE.fullmatch, cells))


def _barred(lines: list[str], start: int) -> tuple[tuple[Row, ...], int, bool]:
    """Rows between bars from line ``start`` on, the line after them, and whether it is Markdown.

    A line that begins with a bar begins a row, unless it is nothing but bars and the row before
    has fewer of them than the first row: then it is the end of that row. In Markdown, which has a
    row of dashes, so does any line with bars after a whole row.
    """
    pieces: list[tuple[int, list[str]]] = []
    at, markdown = start, False
    while at < len(lines):
        line = lines[at].strip()
        row = pieces[-1][1] if pieces else []
        full = not pieces or _bars(row) >= _bars(pieces[0][1])
        if line.startswith("|"):
            if full or line.strip("| "):
                pieces.append((at + 1, [line]))
                markdown |= _is_rule(_between_bars(line))
            else:
                row.append(line)
        elif markdown and "|" in line and full and row[-1].endswith("|"):
            pieces.append((at + 1, [line]))
        elif line and ("|" in line or _cell_goes_on(lines, at)):
            row.append(line)
        elif not _RULED.fullmatch(line) and (line or not _cell_goes_on(lines, at)):
            break
        at += 1
    width = len(_between_bars(" ".join(pieces[0][1])))
    rows = (Row(place, _unescaped(_cells(" ".join(piece), width))) for place, piece in pieces)
    return tuple(row for row in rows if not _is_rule(row.cells)), at, markdown


def _bars(piece: list[str]) -> int:
    return sum(len(_BAR.findall(line)) for line in piece)


def _cell_goes_on(lines: list[str], at: int) -> bool:
    """Whether a line without bars is part of a broken cell: a line that closes the cell follows."""
    for line in lines[at : at + BROKEN_OVER + 1]:
        if _NOT_A_CELL.match(line) or _RULED.fullmatch(line):
            return False
        if "|" in line:
            return not line.lstrip().startswith("|")
    return False


def _cells(text: str, width: int) -> tuple[str, ...]:
    """The cells between bars; other bars count too where the row is whole only with them."""
    cells, more = _between_bars(text), _between_bars(text.translate(_BARS))
    return more if len(cells) < width == len(more) else cells


def _unescaped(cells: Iterable[str]) -> tuple[str, ...]:
    """``cells`` with the bars that are text, in code as well [GFM]."""
    return tuple(cell.replace(r"\|", "|") for cell in cells)


def _between_bars(text: str) -> tuple[str, ...]:
    """The cells of ``text`` without its outer bars."""
    cells = [cell.strip() for cell in _BAR.split(text)]
    cells = cells if cells[0] else cells[1:]
    return tuple(cells if cells and cells[-1] else cells[:-1])


def _tabbed_end(lines: list[str], start: int) -> tuple[int, tuple[Text, ...]]:
    """The line after the tabbed lines from ``start`` on, and remarks on lines without a tab."""
    at, attached = start, []
    while at < len(lines):
        line = lines[at]
        if "\t" not in line and line.strip():
            if not lines[at - 1].strip() or _NOT_A_CELL.match(line):
                break
            attached.append(at + 1)
        at += 1
    if not attached:
        return at, ()
    text = _("原文第 {n} 行没有制表符，按续行或独占一行的名称录入，请核对", n=attached)
    return at, (text,)


def _tabbed(lines: list[str], start: int, end: int) -> tuple[Row, ...]:
    """Rows of tabbed lines: a line each, or a cell each with a blank line after every row."""
    said = [line for line in lines[start:end] if line.strip()]
    by_line = sum("\t" in line.strip() for line in said) * 2 > len(said)
    rows: list[tuple[int, list[str]]] = []
    new = True
    for place, line in enumerate(lines[start:end], start + 1):
        cells = line.split("\t")
        if not by_line and not cells[0].strip():
            cells = cells[1:]  # in text from web pages a tab stands before every cell
        if "\t" in line and (by_line or new):
            rows.append((place, cells))
        elif "\t" in line:
            rows[-1][1].extend(cells)
        elif by_line and points_in_name(compact(line))[1]:
            rows.append((place, [line]))  # the name of a group, merged across the table
        elif line.strip():
            rows[-1][1][-1] += "\n" + line
        new = not line.strip(" ")
    return tuple(Row(place, tuple(cell.strip() for cell in cells)) for place, cells in rows)
