"""Rows of any reader as a table: where its header is, and what stands in its columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

import numpy as np

from evalkit.base.errors import InputError, Problem
from evalkit.base.headings import Columns
from evalkit.base.spelt import Spelt
from evalkit.base.text import _

Rows = Iterator[tuple[int, Sequence[Any]]]
"""The line of each row in its file, and its cells."""

HEAD_ROWS = 20
"""Among so many rows at the top the header is looked for; titles may stand above it."""


def framed(rows: Rows, source: str, columns: Columns, read: Callable[[Any], str] = str) -> Spelt:
    """The rows below the header; ``read`` reads a cell of a column that counts."""
    rows = (row for row in rows if any(map(_plain, row[1])))
    top = list(islice(rows, HEAD_ROWS))
    if not top:
        raise InputError(Problem(_("文件是空的"), source))
    at = header_at([[_plain(cell) for cell in cells] for _line, cells in top], columns)
    line, cells = top[at]
    names = columns.names([_plain(cell) for cell in cells])
    while names and not names[-1]:
        names.pop()
    columns.require_distinct(names, source, line)
    head = line
    lines, table = [], []
    for line, row in chain(top[at + 1 :], rows):
        if any(map(_plain, row[len(names) :])):
            columns.require_all(names, source, head)
            text = _("这一行比表头多出 {n} 格，请核对逗号和引号", n=len(row) - len(names))
            raise InputError(Problem(text, source, line))
        pairs = zip(row, names, strict=False)
        found = [read(c).strip() if name in columns.all or not name else "" for c, name in pairs]
        table.append([*found, *[""] * (len(names) - len(found))])
        lines.append(line)
    return checked(Spelt.of(names, table, lines, ordered=True), source, columns)


_RULE = re.compile(r":?-{3,}:?")
"""What sets the header of a Markdown table off."""
_APART = re.compile("[,;\t，；|｜]")


def checked(table: Spelt, source: str, columns: Columns) -> Spelt:
    """``table`` without what is no row: the header again, as where files were joined, and a rule.

    Raises InputError for a row that is one cell, because something else sets its columns apart.
    """
    if not columns.head(table.names):
        return table
    rows = np.zeros(len(table), bool)
    for belongs in (lambda name: lambda text: columns.meant(text) == name, lambda _name: _rule):
        found = np.ones(len(table), bool)
        # few spellings first: after them there is mostly nothing to look for
        for name in sorted(columns.needed, key=lambda name: len(table[name][0])):
            if found.any():
                found &= table.holds(name, belongs(name))
        rows |= found
    table = table.where(~rows)
    first, *others = columns.needed
    alone = np.logical_and.reduce([table.holds(name, lambda text: not text) for name in others])
    for row in np.flatnonzero(alone).tolist():
        if len(signs := _APART.findall(table.text(first, row))) >= len(others):
            sign = signs[0].replace("\t", "Tab")
            said = _("这一行用“{sign}”分隔，与表头不同，请改成一样的", sign=sign)
            raise InputError(Problem(said, source, int(table.lines[row])))
    return table


def _rule(text: str) -> bool:
    return _RULE.fullmatch(text) is not None


def header_at(top: Sequence[Sequence[str]], columns: Columns) -> int:
    """Which of the first rows is the header; the first where none has all the needed columns."""
    return next((n for n, cells in enumerate(top) if columns.head(cells)), 0)


def _plain(cell: Any) -> str:
    value = getattr(cell, "value", cell)
    return "" if value is None else str(value).strip()
