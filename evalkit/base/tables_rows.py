"""Rows of any reader as a table: where its header is, and what stands in its columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from evalkit.base.errors import InputError, Problem
from evalkit.base.headings import Columns
from evalkit.base.text import _

if TYPE_CHECKING:
    import pandas as pd

Rows = Iterator[tuple[int, Sequence[Any]]]
"""The line of each row in its file, and its cells."""

HEAD_ROWS = 20
"""Among so many rows at the top the header is looked for; titles may stand above it."""


def framed(
    rows: Rows, source: str, columns: Columns, read: Callable[[Any], str] = str
) -> pd.DataFrame:
    """The rows below the header as categories; ``read`` reads a cell of a column that counts."""
    import pandas as pd

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
    frame = pd.DataFrame(table, columns=names, index=pd.Index(lines, name="line"), dtype=str)
    return checked(frame.astype("category"), source, columns)


_RULE = re.compile(r":?-{3,}:?")
"""What sets the header of a Markdown table off."""
_APART = re.compile("[,;\t，；|｜]")


def checked(frame: pd.DataFrame, source: str, columns: Columns) -> pd.DataFrame:
    """``frame`` without what is no row: the header again, as where files were joined, and a rule.

    Raises InputError for a row that is one cell, because something else sets its columns apart.
    """
    import numpy as np

    if not columns.head(list(frame.columns)):
        return frame
    rows = np.zeros(len(frame), bool)
    for belongs in (lambda text, name: columns.meant(text) == name, _rule):
        found = np.ones(len(frame), bool)
        # few spellings first: after them there is mostly nothing to look for
        for name in sorted(columns.needed, key=lambda name: len(frame[name].cat.categories)):
            if found.any():
                texts = frame[name].cat
                own = np.array([belongs(text, name) for text in texts.categories], bool)
                found &= own[texts.codes.to_numpy()]
        rows |= found
    frame = frame[~rows]
    first, *others = columns.needed
    alone = np.logical_and.reduce([(frame[name] == "").to_numpy() for name in others])
    for line, text in frame[first][alone].items():
        if len(signs := _APART.findall(text)) >= len(others):
            sign = signs[0].replace("\t", "Tab")
            said = _("这一行用“{sign}”分隔，与表头不同，请改成一样的", sign=sign)
            raise InputError(Problem(said, source, int(line)))
    return frame


def _rule(text: str, _name: str) -> bool:
    return _RULE.fullmatch(text) is not None


def header_at(top: Sequence[Sequence[str]], columns: Columns) -> int:
    """Which of the first rows is the header; the first where none has all the needed columns."""
    return next((n for n, cells in enumerate(top) if columns.head(cells)), 0)


def _plain(cell: Any) -> str:
    value = getattr(cell, "value", cell)
    return "" if value is None else str(value).strip()
