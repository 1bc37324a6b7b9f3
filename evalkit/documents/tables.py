"""Tables of scores from files."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from evalkit.errors import InputError, Problem
from evalkit.text import _

if TYPE_CHECKING:
    import pandas as pd


def read_scores(path: Path, encoding: str = "utf-8") -> pd.DataFrame:
    """The CSV file at ``path`` as a table of text; an empty cell is empty text.

    Raises InputError for a file that cannot be read or is in another encoding. Which encoding a
    file has is never guessed: it is UTF-8 (with or without a mark) unless the caller names another.
    """
    import pandas as pd

    try:
        text = path.read_bytes().decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(
            Problem(_("无法读取（{reason}），请检查路径", reason=reason), str(path))
        ) from error
    except (UnicodeDecodeError, LookupError) as error:
        raise InputError(
            Problem(
                _(
                    "不是 {encoding} 编码；Excel 另存的 CSV 多为 gbk，请用 --encoding gbk",
                    encoding=encoding,
                ),
                str(path),
            )
        ) from error
    try:
        return pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        problem = Problem(_("不是合法的 CSV 表（{why}）", why=str(error).strip()), str(path))
        raise InputError(problem) from error
