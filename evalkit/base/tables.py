"""Tables that people hand in: CSV, Excel or Parquet, each as columns of text with their lines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from evalkit.base import kinds
from evalkit.base.errors import InputError, Problem, unreadable
from evalkit.base.headings import SCORES, Columns
from evalkit.base.packages import MAX_FILE
from evalkit.base.text import _

if TYPE_CHECKING:
    import pandas as pd

    from evalkit.base.spelt import Spelt

EXCEL = {".xlsx", ".xlsm", ".xltx", ".xltm"}
_OTHERS = {".xls", ".xlsb", ".ods", ".et", ".numbers"}


def read_table(
    path: Path, encoding: str = "utf-8", sheet: str | None = None, columns: Columns = SCORES
) -> pd.DataFrame:
    """The table at ``path`` as text; its index, ``line``, is the row in the file.

    The end of the name decides: ``.xlsx`` is Excel (``sheet`` names the worksheet where there are
    several), ``.parquet`` is Parquet, all else CSV in ``encoding``, set apart by commas or by what
    else its header shows. The header is the first row that has the needed ``columns``. White space
    around a cell goes, blank rows are passed over, an empty cell is empty text. Raises InputError
    for a file that cannot be read or is something else, for a row longer than the header and for a
    column named twice; an encoding is never guessed, but UTF-8 (with or without a mark) unless the
    caller names one.
    """
    return read_spelt(path, encoding, sheet, columns).to_frame()


def read_spelt(
    path: Path, encoding: str = "utf-8", sheet: str | None = None, columns: Columns = SCORES
) -> Spelt:
    """As `read_table`, but every spelling stands once in its column."""
    kind = path.suffix.lower()
    if kind not in EXCEL and sheet is not None:
        raise InputError(Problem(_("只有 .xlsx 文件有工作表，请去掉 --sheet"), str(path)))
    if kind in _OTHERS:
        text = _("不读 {kind} 文件，请另存为 .xlsx 或 CSV", kind=kind)
        raise InputError(Problem(text, str(path)))
    try:
        data = path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error
    except ValueError as error:  # a NUL in the name
        raise InputError(Problem(_("没有这个文件或文件夹"), str(path))) from error
    expected = "xlsx" if kind in EXCEL else "parquet" if kind == ".parquet" else "text"
    if data and (other := kinds.other_than(expected, data)) is not None:
        raise InputError(Problem(other, str(path)))
    if expected == "text":
        from evalkit.base.tables_csv import table

        return table(data, encoding, str(path), columns)
    from evalkit.base.tables_rows import framed

    if expected == "parquet":
        from evalkit.base.tables_parquet import rows as parquet_rows

        return framed(parquet_rows(path, columns), str(path), columns)
    from evalkit.base.tables_excel import rows, words

    if len(data) > MAX_FILE:
        raise InputError(Problem(_("文件超过 {n} 字节，不能读取", n=MAX_FILE), str(path)))
    return framed(rows(data, str(path), sheet), str(path), columns, words(str(path), columns))
