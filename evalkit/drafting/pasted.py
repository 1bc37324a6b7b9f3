"""Tables in pasted text: columns between ``|`` or tabs, as spreadsheets and web pages give them.

Layout is lost on the way: cells break over lines, and the continuation of a merged cell is either
an empty cell or no cell at all. Rows are put together here; columns are the affair of
`evalkit.drafting.columns`.
"""

from __future__ import annotations

import re

from evalkit.base.text import Text, _
from evalkit.drafting.grid import ABOVE, BELOW, Grid, Row
from evalkit.drafting.status import status_in
from evalkit.drafting.words import compact, points_in_name

BROKEN_OVER = 5
"""How many lines without a ``|`` one cell may be broken over."""

_LINE_END = re.compile(r"\r\n|\r|\n")
_BAR = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r":?-+:?")
_NOT_A_CELL = re.compile(
    r"\s*[【\[（(]?(?:备注|附注|注|附件|附表)[】\]）)]?[\d\-]{0,4}\s*(?:[:：]|$)"
)


def tables_in(text: str) -> list[Grid]:
    """Every table of ``text`` in order, whatever it is about."""
    lines = _LINE_END.split(text)
    spans: list[tuple[int, int, tuple[Row, ...], tuple[Text, ...]]] = []
    at = 0
    while at < len(lines):
        if lines[at].lstrip().startswith("|"):
            rows, end = _barred(lines, at)
            spans.append((at, end, rows, ()))
        elif "\t" in lines[at]:
            end, attached = _tabbed_end(lines, at)
            spans.append((at, end, _tabbed(lines, at, end), attached))
        else:
            end = at + 1
        at = end
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


def _said(lines: list[str]) -> list[str]:
    return [line.strip() for line in lines if line.strip()]


def _barred(lines: list[str], start: int) -> tuple[tuple[Row, ...], int]:
    """Rows between bars from line ``start`` on, and the line after them.

    A line that begins with a bar begins a row, unless it is nothing but bars and the row before
    has fewer of them than the first row: then it is the end of that row.
    """
    pieces: list[tuple[int, list[str]]] = []
    at = start
    while at < len(lines):
        line = lines[at].strip()
        row = pieces[-1][1] if pieces else []
        if line.startswith("|"):
            full = not pieces or _bars(row) >= _bars(pieces[0][1])
            if full or line.strip("| "):
                pieces.append((at + 1, [line]))
            else:
                row.append(line)
        elif line and ("|" in line or _cell_goes_on(lines, at)):
            row.append(line)
        elif line or not _cell_goes_on(lines, at):
            break
        at += 1
    rows = (Row(place, _between_bars(" ".join(piece))) for place, piece in pieces)
    return tuple(row for row in rows if not all(map(_RULE.fullmatch, row.cells))), at


def _bars(piece: list[str]) -> int:
    return sum(len(_BAR.findall(line)) for line in piece)


def _cell_goes_on(lines: list[str], at: int) -> bool:
    """Whether a line without bars is part of a broken cell: a line that closes the cell follows."""
    for line in lines[at : at + BROKEN_OVER + 1]:
        if _NOT_A_CELL.match(line):
            return False
        if "|" in line:
            return not line.lstrip().startswith("|")
    return False


def _between_bars(text: str) -> tuple[str, ...]:
    cells = [cell.replace("\\|", "|").strip() for cell in _BAR.split(text)]
    return tuple(cells[1:] if cells[-1] else cells[1:-1])


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
