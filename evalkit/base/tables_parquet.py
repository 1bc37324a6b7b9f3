"""Tables of scores from Parquet files."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from evalkit.base.errors import InputError, Problem, unreadable
from evalkit.base.headings import Columns
from evalkit.base.packages import MAX_XML
from evalkit.base.text import _

MOST_ROWS = 5_000_000


def rows(path: Path, columns: Columns) -> Iterator[tuple[int, list[str]]]:
    """The names of the columns as row 0, then every row, counted from 1.

    Only ``columns`` are read; they hold text, whole numbers, decimals or floats
    (as the shortest decimal that is the same float). Raises InputError where pyarrow is missing,
    for a damaged file, one that is too large, and for a column of another type.
    """
    try:
        import pyarrow as pa  # type: ignore[import-untyped]
        from pyarrow import parquet
    except ImportError as error:
        text = _("读 Parquet 需要 pyarrow：pip install 'evalkit[parquet]'；也可以另存为 CSV")
        raise InputError(Problem(text, str(path))) from error
    try:
        with parquet.ParquetFile(path) as file:
            _require_harmless(file.metadata, path)
            given = file.schema_arrow.names
            meant = dict(zip(given, columns.names(given), strict=True))
            names = [name for name in given if meant[name] in columns.all]
            read = [file.read([name]).column(0).to_pylist() for name in dict.fromkeys(names)]
            table = list(zip(*read, strict=True))  # a damaged column may be too short
    except (pa.ArrowException, ValueError) as error:
        text = _("不是完整的 Parquet 文件（{why}）", why=type(error).__name__)
        raise InputError(Problem(text, str(path))) from error
    except OSError as error:
        raise unreadable(path, error) from error
    yield 0, names
    for line, row in enumerate(table, start=1):
        yield line, [_words(value, path, line) for value in row]


def _require_harmless(metadata: Any, path: Path) -> None:
    groups = range(metadata.num_row_groups)
    size = sum(metadata.row_group(n).total_byte_size for n in groups)
    if metadata.num_rows > MOST_ROWS or size > MAX_XML:
        text = _(
            "解开后有 {n} MB，超出可以接受的大小，没有解开；请核对来源，或改用 CSV", n=size >> 20
        )
        raise InputError(Problem(text, str(path)))


def _words(value: Any, path: Path, line: int) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        number = value if isinstance(value, Decimal) else Decimal(repr(value))
        return format(number, "f")
    text = _("“{value}”既不是文字也不是数", value=value)
    raise InputError(Problem(text, str(path), line))
