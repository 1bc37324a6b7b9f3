"""Tables of scores from files: CSV, Excel or Parquet, each as one table of text."""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd

from evalkit.base.encodings import decoded
from evalkit.base.errors import InputError, Problem, unreadable
from evalkit.base.text import _
from evalkit.facts.columns import Facts
from evalkit.facts.tidy import from_frame
from evalkit.panel import Panel
from evalkit.rubric import Rubric

Row = tuple[int, list[str]]
"""The line of a row in its file, and its cells as text."""


def read_table(path: Path, encoding: str = "utf-8", sheet: str | None = None) -> pd.DataFrame:
    """The table of scores at ``path`` as text; its index, ``line``, is the row in the file.

    The end of the name decides: ``.xlsx`` is Excel (``sheet`` names the worksheet where there are
    several), ``.parquet`` is Parquet, all else CSV in ``encoding``. White space around a cell goes,
    blank rows are passed over, an empty cell is empty text. Raises InputError for a file that
    cannot be read, for a row longer than the header and for a column named twice; an encoding is
    never guessed, but UTF-8 (with or without a mark) unless the caller names one.
    """
    kind = path.suffix.lower()
    if kind in {".xls", ".xlsm", ".xlsb", ".ods", ".et"}:
        text = _("不读 {kind} 文件，请另存为 .xlsx 或 CSV", kind=kind)
        raise InputError(Problem(text, str(path)))
    if kind == ".xlsx":
        from evalkit.facts.tables_excel import rows

        with warnings.catch_warnings():
            # openpyxl warns of styles and extensions that it leaves out; they hold no scores
            warnings.simplefilter("ignore")
            return _frame(rows(path, sheet), path)
    if sheet is not None:
        raise InputError(Problem(_("只有 .xlsx 文件有工作表，请去掉 --sheet"), str(path)))
    if kind == ".parquet":
        from evalkit.facts.tables_parquet import rows as parquet_rows

        return _frame(parquet_rows(path), path)
    return _frame(_csv_rows(path, encoding), path)


def _frame(rows: Iterable[Row], path: Path) -> pd.DataFrame:
    """The rows below the first that is not blank, which names the columns."""
    header: list[str] = []
    lines, table = [], []
    for line, row in rows:
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if not header:
            header = cells
            _require_distinct(header, path, line)
            continue
        if any(cells[len(header) :]):
            text = _("这一行比表头多出 {n} 格，请核对逗号和引号", n=len(cells) - len(header))
            raise InputError(Problem(text, str(path), line))
        table.append([*cells, *[""] * len(header)][: len(header)])
        lines.append(line)
    if not header:
        raise InputError(Problem(_("文件是空的"), str(path)))
    return pd.DataFrame(table, columns=header, index=pd.Index(lines, name="line"), dtype=str)


def _require_distinct(header: list[str], path: Path, line: int) -> None:
    for name in header:
        if name and header.count(name) > 1:
            text = _("表头中“{name}”不止一列，请只留一列", name=name)
            raise InputError(Problem(text, str(path), line))


def _csv_rows(path: Path, encoding: str) -> Iterator[Row]:
    # strict, so that a stray quote is an error and does not swallow what follows
    reader = csv.reader(io.StringIO(_text(path, encoding), newline=""), strict=True)
    before = 0
    try:
        for row in reader:
            yield before + 1, row
            before = reader.line_num
    except csv.Error as error:
        raise InputError(_broken(str(error), str(path), before + 1, reader.line_num)) from error


def _broken(why: str, path: str, first: int, line: int) -> Problem:
    """What is wrong with the quotes of a row that began on ``first`` and was read to ``line``."""
    if why == "unexpected end of data":
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


def _text(path: Path, encoding: str) -> str:
    try:
        return decoded(path.read_bytes(), encoding, str(path))
    except OSError as error:
        raise unreadable(path, error) from error


def read_scores(
    table: Path | str | pd.DataFrame,
    rubric: Rubric,
    panel: Panel,
    *,
    encoding: str = "utf-8",
    sheet: str | None = None,
) -> Facts:
    """What is entered in a tidy ``table``, a file as `read_table` reads it, or a DataFrame.

    Raises InputError with a line for each thing that does not fit.
    """
    if isinstance(table, pd.DataFrame):
        return from_frame(table, rubric, panel)
    frame = read_table(Path(table), encoding, sheet)
    return from_frame(frame, rubric, panel, source=str(table))
