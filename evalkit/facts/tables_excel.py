"""Tables of scores from Excel workbooks: typed cells as text, nothing computed, nothing guessed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from evalkit.base.errors import EvalkitError, InputError, Problem, unreadable
from evalkit.base.packages import require_harmless
from evalkit.base.text import _
from evalkit.base.tidy_words import COLUMNS

MOST_COLUMNS = 200


def rows(path: Path, sheet: str | None) -> Iterator[tuple[int, list[str]]]:
    """Row number and cells of the only worksheet, or of the one called ``sheet``.

    A number is the shortest decimal that Excel reads as the same. In the columns of a tidy table
    formulas and dates are refused with their cell; in other columns they are empty text. Raises
    InputError for a file that is too large, damaged or encrypted, for merged cells, and where
    there are several worksheets and none is named.
    """
    from openpyxl import load_workbook  # type: ignore[import-untyped]

    try:
        require_harmless(path)
        with closing(load_workbook(path, read_only=True)) as workbook:
            yield from _rows(workbook, _named(workbook, sheet, path), path)
    except EvalkitError:
        raise
    except OSError as error:
        raise unreadable(path, error) from error
    except Exception as error:  # a damaged workbook fails anywhere inside openpyxl
        text = _("不是完整的 Excel 文件（{why}），请重新另存为 .xlsx", why=type(error).__name__)
        raise InputError(Problem(text, str(path))) from error


def _named(workbook: Any, sheet: str | None, path: Path) -> Any:
    titles = [one.title for one in workbook.worksheets]
    if sheet is not None and sheet not in titles:
        text = _("没有工作表“{sheet}”，有的是：{titles}", sheet=sheet, titles=titles)
        raise InputError(Problem(text, str(path)))
    if sheet is None and len(titles) != 1:
        text = _("有 {n} 张工作表，请用 --sheet 指明一张：{titles}", n=len(titles), titles=titles)
        raise InputError(Problem(text, str(path)))
    return workbook[sheet or titles[0]]


def _rows(workbook: Any, sheet: Any, path: Path) -> Iterator[tuple[int, list[str]]]:
    _require_plain(workbook, sheet, path)
    sheet.reset_dimensions()  # what a file says about its own size may be wrong
    due: list[bool] = []
    for line, row in enumerate(sheet.iter_rows(), start=1):
        cells = _narrow(row, line, path)
        if not due:
            header = [_words(cell, path).strip() for cell in cells]
            if any(header):
                due = [name in COLUMNS or not name for name in header]
                due += [True] * (MOST_COLUMNS - len(due))
                yield line, header[: max(n for n, name in enumerate(header, 1) if name)]
            continue
        pairs = zip(cells, due, strict=False)
        yield line, [_words(cell, path) if wanted else "" for cell, wanted in pairs]


def _narrow(cells: tuple[Any, ...], line: int, path: Path) -> tuple[Any, ...]:
    """A row without the empty cells far to its right."""
    if any(cell.value is not None for cell in cells[MOST_COLUMNS:]):
        text = _("这一行在第 {n} 列以后还有内容，请核对", n=MOST_COLUMNS)
        raise InputError(Problem(text, str(path), line))
    return cells[:MOST_COLUMNS]


def _require_plain(workbook: Any, sheet: Any, path: Path) -> None:
    """Refuse what openpyxl passes over in silence: merged cells (only the first of them has a
    value, the others would be missing), and rows that are not in their order.
    """
    from openpyxl.xml.functions import iterparse  # type: ignore[import-untyped]

    before = 0
    # openpyxl tells of merged cells only when it loads the whole workbook into memory
    with workbook._archive.open(sheet._worksheet_path) as part:  # noqa: SLF001
        parents: list[Any] = []
        for event, element in iterparse(part, ("start", "end")):
            if event == "start":
                parents.append(element)
                continue
            parents.pop()
            kind = element.tag.rpartition("}")[2]
            if kind == "mergeCell":
                text = _("{cells} 是合并的单元格，请取消合并，每行都填写", cells=element.get("ref"))
                raise InputError(Problem(text, str(path)))
            if kind == "row":
                line = int(element.get("r", before + 1))
                if line <= before:
                    text = _("第 {n} 行在文件里的位置不对，请重新另存为 .xlsx", n=line)
                    raise InputError(Problem(text, str(path)))
                before = line
                parents[-1].clear()  # the rows so far


def _words(cell: Any, path: Path) -> str:
    """A cell as text. Raises InputError for a formula and for a date."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        text = _("{cell} 是公式，请改成数值再存（复制，选择性粘贴为数值）", cell=cell.coordinate)
        raise InputError(Problem(text, str(path), cell.row))
    if isinstance(value, date | time | timedelta):
        text = _(
            "{cell} 是日期或时间，可能是 Excel 改了输入；请把这一列设成文本再填",
            cell=cell.coordinate,
        )
        raise InputError(Problem(text, str(path), cell.row))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return format(Decimal(repr(value)), "f")
    words = str(value)
    if "_x" not in words:
        return words
    from openpyxl.utils.escape import unescape  # type: ignore[import-untyped]

    return str(unescape(words))
