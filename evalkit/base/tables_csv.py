"""Tables from CSV: separators, a line for Excel and titles above the header are seen, not asked."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import numpy as np

from evalkit.base.encodings import decoded
from evalkit.base.errors import InputError, Problem
from evalkit.base.headings import Columns
from evalkit.base.spelt import Spelt, column_of
from evalkit.base.tables_rows import checked, framed, header_at
from evalkit.base.text import _

SEPARATORS = ",;\t，|；｜、"
_HEAD_LINES = 30


def table(data: bytes, encoding: str, source: str, columns: Columns) -> Spelt:
    """The table in ``data``. Raises InputError as `read_table` does."""
    text = decoded(data, encoding, source)
    head, above = _separator_line(text)
    body = text[len(head) :]
    separator = _separator(body, columns, above)
    odd = '"' in text or "\0" in text or "\r" in text.replace("\r\n", "\n")
    if not head and not odd:
        found = _quickly(text, separator, columns)
        if found is not None:
            return checked(found, source, columns)
    rows = _rows(body, separator, source, 1 if head else 0)
    return framed(rows, source, columns)


def _separator_line(text: str) -> tuple[str, str]:
    """The first line ``sep=;`` that Excel writes for itself, and what it names."""
    first = text.partition("\n")[0]
    bare = first.strip().strip('"')
    if not bare.lower().startswith("sep=") or len(bare.rstrip(",; ")) > 6:
        return "", ""
    line = first + "\n" * (len(first) < len(text))
    return line, bare[4:].strip()[:1] or ("\t" if "\t" in first else "")


def _separator(text: str, columns: Columns, said: str) -> str:
    """What sets the columns of the header apart: first tried is what is ``said``, else the comma
    counts where no header is seen.
    """
    top = "\n".join(text.split("\n", _HEAD_LINES)[:_HEAD_LINES])
    for separator in said + SEPARATORS:
        rows = csv.reader(io.StringIO(top, newline=""), delimiter=separator)
        try:
            if any(columns.head(row) for row in rows):
                return separator
        except csv.Error:
            continue
    return said or ","


def _quickly(text: str, separator: str, columns: Columns) -> Spelt | None:
    """The table line by line, where nothing is quoted; None if a row may not fit."""
    top = text.split("\n", _HEAD_LINES)[:_HEAD_LINES]
    at = header_at([line.split(separator) for line in top], columns)
    names = columns.names([cell.strip() for cell in top[at].split(separator)])
    if not columns.head(names) or not all(names) or len(set(names)) < len(names):
        return None
    lines = text.split("\n")[at + 1 :]
    if lines and not lines[-1]:
        lines.pop()
    signs, most = [line.count(separator) for line in lines], len(names) - 1
    if not lines or not separator.isascii() or max(signs) > most:
        return None
    if min(signs) < most:
        lines = [line + separator * (most - n) for line, n in zip(lines, signs, strict=True)]
    cells = separator.join(lines).split(separator)
    spelt = [column_of(cells[n :: len(names)], str.strip) for n in range(len(names))]
    numbers = np.arange(at + 2, at + 2 + len(lines))
    table = Spelt(tuple(names), tuple(spelt), numbers)
    blank = np.logical_and.reduce([table.holds(name, lambda text: not text) for name in names])
    return table.where(~blank)


def _rows(text: str, separator: str, source: str, before: int) -> Iterator[tuple[int, list[str]]]:
    # strict, so that a stray quote is an error and does not swallow what follows
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=separator, strict=True, skipinitialspace=True)
    above = before
    try:
        for row in reader:
            yield before + 1, row
            before = above + reader.line_num
    except csv.Error as error:
        line = above + reader.line_num
        raise InputError(_broken(str(error), source, before + 1, line)) from error


def _broken(why: str, path: str, first: int, line: int) -> Problem:
    """What is wrong with the quotes of a row that began on ``first`` and was read to ``line``."""
    if why == "unexpected end of data" or "field limit" in why:
        text = _("不是合法的 CSV 表：从这一行起有一个引号没有关上，请补上或删去")
        return Problem(text, path, first)
    if "expected after" in why:
        text = _(
            "不是合法的 CSV 表：引号后面应是逗号或换行；"
            "多半是从第 {n} 行起有一个引号没有关上，格内的引号要写两遍",
            n=first,
        )
        return Problem(text, path, line)
    return Problem(_("不是合法的 CSV 表（{why}）", why=why), path, line)
