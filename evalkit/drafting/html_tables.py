"""Tables in HTML, as a web page or Markdown with merged cells has them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from evalkit.base.text import _
from evalkit.drafting import markup
from evalkit.drafting.columns import MAX_COLUMNS
from evalkit.drafting.grid import ABOVE, BELOW, Grid, Row
from evalkit.drafting.status import status_in

_TABLE = re.compile(r"<table\b.*?<tr\b.*?<t[dh]\b", re.IGNORECASE | re.DOTALL)
_UNSEEN = ("script", "style", "template", "head", "noscript")
_LINES = frozenset(
    "address article br caption center dd div dl dt figcaption h1 h2 h3 h4 h5 h6 hr li ol p pre "  # noqa: SIM905
    "section table tbody td th thead tr ul".split()
)
"""Elements that stand on lines of their own."""


def has_tables(text: str) -> bool:
    """Whether there is a table in HTML in ``text``."""
    return _TABLE.search(text) is not None


def tables_in(text: str) -> list[Grid]:
    """Every table of ``text`` in order, whatever it is about; those inside of others are text."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(text, "lxml")
    for tag in soup(_UNSEEN):
        tag.decompose()
    tables = [table for table in soup("table") if table.find_parent("table") is None]
    marks = [f"\x01{n}\x02" for n in range(len(tables))]
    rows = [tuple(_rows(table)) for table in tables]
    for table, mark in zip(tables, marks, strict=True):
        table.replace_with(f"\n{mark}\n")
    between = re.split("\x01\\d+\x02", _text(soup))
    around = [[said for line in part.split("\n") if (said := line.strip())] for part in between]
    status = status_in(
        (_("原文第 {n} 行", n=n), line) for n, line in enumerate(text.split("\n"), 1)
    )
    return [
        Grid(
            own,
            before=tuple(map(markup.read_line, before[-ABOVE:])),
            after=tuple(map(markup.read_line, after[:BELOW])),
            exact=True,
            status=status,
        )
        for own, before, after in zip(rows, around, around[1:], strict=False)
    ]


def _rows(table: Any) -> Iterator[Row]:
    """Rows with one cell a column: what a merged cell covers is empty."""
    hanging: dict[int, int] = {}  # position: rows that a cell above still covers
    own = [row for row in table("tr") if row.find_parent("table") is table]
    for place, row in enumerate(own, 1):
        cells: list[str] = []
        covered: set[int] = set()
        below: set[int] = set()

        def hang(cells: list[str] = cells, below: set[int] = below) -> None:
            while hanging.get(len(cells)) and len(cells) <= MAX_COLUMNS:
                hanging[len(cells)] -= 1
                below.add(len(cells))
                cells.append("")

        for cell in row.find_all(["td", "th"], recursive=False):
            hang()
            if len(cells) > MAX_COLUMNS:
                break
            width, height = _count(cell, "colspan"), _count(cell, "rowspan")
            for position in range(len(cells), len(cells) + width):
                hanging[position] = height - 1
            covered.update(range(len(cells) + 1, len(cells) + width))
            cells += [_text(cell).strip(), *[""] * (width - 1)]
        hang()
        yield Row(place, tuple(cells), frozenset(covered), frozenset(below))


def _count(cell: Any, name: str) -> int:
    value = str(cell.get(name, "")).strip()
    number = int(value) if value.isascii() and value.isdigit() and len(value) < 9 else 1
    return min(max(number, 1), MAX_COLUMNS + 1) if name == "colspan" else max(number, 1)


def _text(tag: Any) -> str:
    """What ``tag`` shows: a block a line."""
    from bs4.element import NavigableString, PreformattedString

    said: list[str] = []
    left: list[Any] = [tag]  # no recursion: an untrusted file may nest as deep as it likes
    while left:
        node = left.pop()
        if isinstance(node, PreformattedString):  # a comment
            continue
        if isinstance(node, NavigableString):
            said.append(str(node) if "\x01" in node else re.sub(r"[ \t\r\n]+", " ", node))
        elif isinstance(node, str):
            said.append(node)
        else:
            edge = "\n" if node.name in _LINES else ""
            left += [edge, *reversed(list(node.children)), edge]
    return re.sub(r" *\n\s*", "\n", "".join(said))
