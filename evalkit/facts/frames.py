"""Any DataFrame as columns of text, each spelling once: what a table reader or a notebook has."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import compress
from typing import TYPE_CHECKING, Any

import numpy as np

from evalkit.base.errors import InputError, Problem
from evalkit.base.headings import SCORES
from evalkit.base.spelt import Column, Spelt, column_of
from evalkit.base.text import _
from evalkit.base.tidy_words import COLUMNS

if TYPE_CHECKING:
    import pandas as pd


def as_text(table: pd.DataFrame | Spelt, source: str) -> Spelt:
    """The columns `COLUMNS` of ``table``, without blank rows; ``lines`` are those of its rows.

    Headings may be those that people write (`base.headings`), other columns are left out, and
    ``reason`` may be missing. A number is its shortest decimal, NaN, None and NA are empty text.
    Lines are those of the reader (an index called ``line``), or count on from a header. Raises
    InputError, one line each, for what is no table, lacks a column, or holds something else.
    """
    found = _plain(table, source) if isinstance(table, Spelt) else _of_frame(table, source)
    blank = np.logical_and.reduce([found.holds(name, lambda text: not text) for name in COLUMNS])
    return found.where(~blank)


def _plain(table: Spelt, source: str) -> Spelt:
    """What a reader gave, which is text already."""
    names = SCORES.names(table.names)
    _require(names, source)
    columns = [
        _spelt(*table.columns[names.index(name)], name)
        if name in names
        else ([""], np.zeros(len(table), np.int64))
        for name in COLUMNS
    ]
    return Spelt(COLUMNS, tuple(columns), table.lines)


def _require(names: list[str], source: str) -> None:
    SCORES.require_distinct([name for name in names if name in COLUMNS], source, 1)
    SCORES.require_all(names, source)


def _spelt(texts: list[str], codes: np.ndarray, name: str) -> Column:
    """A column of text with its words, those that stand in some row, and nothing as a word."""
    there = np.bincount(codes, minlength=len(texts)) > 0
    words = [_words(text, keep=name == "reason") for text in texts]
    found = [*dict.fromkeys([*compress(words, there.tolist()), ""])]
    number = {word: n for n, word in enumerate(found)}
    return found, np.array([number.get(word, -1) for word in words], np.int64)[codes]


def _of_frame(frame: pd.DataFrame, source: str) -> Spelt:
    import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        text = _("须给出 pandas 的 DataFrame，不是 {kind}", kind=type(frame).__name__)
        raise InputError(Problem(text, source))
    named = SCORES.names([str(name) for name in (*frame.index.names, *frame.columns)])
    if {name for name in named[: frame.index.nlevels] if named.count(name) < 2} & set(COLUMNS):
        frame = frame.reset_index(allow_duplicates=True)  # as grouping and pivoting leave it
    names = SCORES.names([str(name) for name in frame.columns])
    _require(names, source)
    lines = _lines(frame)
    columns = [
        _texts(frame.iloc[:, names.index(name)], name, lines, source)
        if name in names
        else ([""], np.zeros(len(frame), np.int64))
        for name in COLUMNS
    ]
    return Spelt(COLUMNS, tuple(columns), np.array(lines, np.int64))


def _lines(frame: pd.DataFrame) -> Any:
    import pandas as pd

    read = frame.index.name == "line" and pd.api.types.is_integer_dtype(frame.index.dtype)
    return frame.index if read and not frame.index.hasnans else range(2, len(frame) + 2)


def _texts(series: pd.Series, name: str, lines: Any, source: str) -> Column:
    import pandas as pd

    values = series.array
    if series.dtype == object:  # True and 1 are one key
        values = pd.array(
            [_Truth(v) if isinstance(v, bool | np.bool_) else v for v in values], object
        )
    if isinstance(values, pd.Categorical):
        values = values.remove_unused_categories()
        codes, found = values.codes, values.categories.tolist()
    else:
        try:
            codes, found = pd.factorize(values)
        except (TypeError, ValueError, NotImplementedError):  # lists, say, or half characters
            codes, found = np.arange(len(series)), series.tolist()
    words: list[str] = []
    for n, value in enumerate(found):
        try:
            words.append(_words(value, keep=name == "reason"))
        except TypeError:
            line = lines[int(np.flatnonzero(codes == n)[0])]
            text = _(
                "{name} 一列的“{value}”既不是文字也不是数（{kind}）",
                name=name,
                value=str(value)[:40],
                kind="bool" if isinstance(value, _Truth) else type(value).__name__,
            )
            raise InputError(Problem(text, source, int(line))) from None
    spellings, inner = column_of([*words, ""])
    return spellings, inner[codes]  # -1, where nothing is, is the last


_HALF = re.compile("[\ud800-\udfff]")
"""Half of a character, which nothing can store: named where it stands, as another lost one is."""


class _Truth:
    """A truth value, which is no number."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __str__(self) -> str:
        return str(self.value)


def _words(value: Any, *, keep: bool) -> str:
    """``value`` as text; white space around it is kept only in a comment. Raises TypeError."""
    if isinstance(value, str):
        value = _HALF.sub("\ufffd", value)
        return value if keep else value.strip()
    if isinstance(value, float | np.floating):
        if not np.isfinite(value):
            return str(value)
        number = Decimal(str(value))
        return format(number.to_integral_value() if number == number // 1 else number, "f")
    if isinstance(value, int | np.integer) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError
