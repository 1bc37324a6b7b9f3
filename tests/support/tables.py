"""Tables as people make them, and Word papers as people read them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import docx
import openpyxl


def excel(file: Path, *rows: Sequence[str]) -> None:
    """A workbook with one worksheet."""
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    book.save(file)


def comma_separated(file: Path, rows: Iterable[Sequence[str]], encoding: str = "utf-8") -> None:
    """A CSV file."""
    with file.open("w", encoding=encoding, newline="") as out:
        csv.writer(out).writerows(rows)


def words(paper: Path) -> str:
    """Every paragraph of a Word file, then every row of its tables."""
    document = docx.Document(str(paper))
    rows = ["│".join(c.text for c in row.cells) for t in document.tables for row in t.rows]
    return "\n".join([*(p.text for p in document.paragraphs), *rows])
