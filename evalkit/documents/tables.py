"""Tables of scores from files."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

from evalkit.errors import InputError, Problem
from evalkit.text import _

if TYPE_CHECKING:
    import pandas as pd


def read_scores(path: Path, encoding: str = "utf-8") -> pd.DataFrame:
    """The CSV file at ``path`` as a table of text; its index, ``line``, is the line in the file.

    White space around a cell goes, blank lines are passed over, an empty cell is empty text. Raises
    InputError for a file that cannot be read, for a row longer than the header, and for another
    encoding: it is never guessed, but UTF-8 (with or without a mark) unless the caller names one.
    """
    import pandas as pd

    rows, lines = [], []
    header: list[str] = []
    # strict, so that a stray quote is an error and does not swallow what follows
    reader = csv.reader(io.StringIO(_text(path, encoding), newline=""), strict=True)
    try:
        before = 0
        for row in reader:
            cells, line, before = [cell.strip() for cell in row], before + 1, reader.line_num
            if not any(cells):
                continue
            if not header:
                header = cells
                continue
            if any(cells[len(header) :]):
                text = _("这一行比表头多出 {n} 格，请核对逗号和引号", n=len(cells) - len(header))
                raise InputError(Problem(text, str(path), line))
            rows.append([*cells, *[""] * len(header)][: len(header)])
            lines.append(line)
    except csv.Error as error:
        problem = Problem(_("不是合法的 CSV 表（{why}）", why=error), str(path), reader.line_num)
        raise InputError(problem) from error
    if not header:
        raise InputError(Problem(_("文件是空的"), str(path)))
    return pd.DataFrame(rows, columns=header, index=pd.Index(lines, name="line"), dtype=str)


def _text(path: Path, encoding: str) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(
            Problem(_("无法读取（{reason}），请检查路径", reason=reason), str(path))
        ) from error
    except LookupError as error:
        raise InputError(_("没有名为“{name}”的编码，常用的是 utf-8、gbk", name=encoding)) from error
    except UnicodeError as error:
        text = _(
            "不是 {encoding} 编码；Excel 另存的 CSV 多为 gbk，请用 --encoding gbk",
            encoding=encoding,
        )
        raise InputError(Problem(text, str(path))) from error
