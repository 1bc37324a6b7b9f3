"""Tables from Excel workbooks: typed cells as text, nothing computed, nothing guessed.

What a cell shows is what counts: where a format shows something else than is stored (50% for 0.5,
9 for 8.5), and where a row is hidden or struck through, a person has to say which is meant.
"""

from __future__ import annotations

import io
import re
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any

from evalkit.base.errors import EvalkitError, InputError, Problem
from evalkit.base.headings import Columns
from evalkit.base.packages import xml_parts
from evalkit.base.text import Text, _

if TYPE_CHECKING:
    from openpyxl.worksheet.cell_range import CellRange  # type: ignore[import-untyped]

MOST_COLUMNS = 200

_STRICT = b"purl.oclc.org/ooxml"
_SECTION = re.compile(r'\[[^\]]*\]|_.|\*.|\\[^\d.,()+-]|"[^"]*"|[分 ]')
"""Of a number format: colours, paddings and words, which leave the number as it is."""
_SIGNS = re.compile(r"\\?[()-]")
"""What sets a negative number off; before another one it reads as its sign."""
_PLAIN = re.compile(r"General|G/通用格式|@|[#0,?]*[#0?](\.[0#?]*)?", re.IGNORECASE)


def rows(data: bytes, source: str, sheet: str | None) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Row number and cells of the only worksheet with cells, or of the one called ``sheet``.

    Raises InputError for a file that is too large, damaged or encrypted, for merged cells, for
    rows that nobody sees, and where there are several worksheets and none is named.
    """
    package = None
    try:
        package = xml_parts(data, source)
        with closing(_opened(package)) as workbook, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield from _rows(workbook, _named(workbook, sheet, source), source)
    except Exception as error:  # a damaged workbook fails anywhere inside openpyxl
        if package is not None and _STRICT in package.getvalue():
            text = _("是“Strict Open XML”工作簿，请另存为普通的“Excel 工作簿（.xlsx）”")
            raise InputError(Problem(text, source)) from error
        if isinstance(error, EvalkitError):
            raise
        raise _incomplete(source, error) from error


def titles(data: bytes, source: str) -> list[str]:
    """The names of all worksheets. Raises InputError as `rows` does, and for a hidden one."""
    package = xml_parts(data, source)
    try:
        with closing(_opened(package)) as workbook:
            states = {one.title: one.sheet_state for one in workbook.worksheets}
    except Exception as error:
        raise _incomplete(source, error) from error
    if hidden := [title for title, state in states.items() if state != "visible"]:
        raise InputError(Problem(_("工作表 {titles} 隐藏着，请取消隐藏", titles=hidden), source))
    return list(states)


def _incomplete(source: str, error: Exception) -> InputError:
    text = _("不是完整的 Excel 文件（{why}），请重新另存为 .xlsx", why=type(error).__name__)
    return InputError(Problem(text, source))


def _opened(package: io.BytesIO) -> Any:
    from openpyxl.reader.excel import ExcelReader  # type: ignore[import-untyped]

    class Reader(ExcelReader):
        """Passes over sheets that hold a chart, of which openpyxl cannot read every kind."""

        def read_chartsheet(self, sheet: Any, rel: Any) -> None:
            pass

    reader = Reader(package, read_only=True, rich_text=True)
    with warnings.catch_warnings():
        # openpyxl warns of styles and extensions that it leaves out; they hold no scores
        warnings.simplefilter("ignore")
        reader.read()
    return reader.wb


def words(source: str, columns: Columns) -> Callable[[Any], str]:
    """What reads a cell as text; raises InputError, with the cell, for what is no plain value."""
    formats: dict[int, tuple[str, bool]] = {}

    def read(cell: Any) -> str:
        if isinstance(cell, _Merged):
            text = _("{cells} 是合并的单元格，请取消合并，每行都填写", cells=cell.cells)
            raise InputError(Problem(text, source, cell.row))
        value = cell.value
        if value is None:
            return ""
        style = cell._style_id  # noqa: SLF001  (of thousands of cells, few styles)
        if style not in formats:
            try:
                formats[style] = cell.number_format, bool(cell.font and cell.font.strike)
            except (IndexError, KeyError) as error:  # a style that is not in the file
                raise _incomplete(source, error) from error
        form, struck = formats[style]
        try:
            return _text(cell.data_type, value, form, struck=struck, dates=columns.dates)
        except ValueError as error:
            said: Text = error.args[0]
            text = said.filled(cell=cell.coordinate)
            raise InputError(Problem(text, source, cell.row)) from None

    return read


def _text(kind: str, value: Any, form: str, *, struck: bool, dates: bool) -> str:
    """A cell as text. Raises ValueError for what is no value, or is not what the cell shows."""
    if kind == "f":
        raise ValueError(_("{cell} 是公式，请改成数值再存（复制，选择性粘贴为数值）"))
    if struck or (kind != "n" and _partly_struck(value)):
        raise ValueError(_("{cell} 有删除线：不算的请删去内容，算的请去掉删除线"))
    if kind == "e":
        raise ValueError(_("{cell} 是错误值 {value}，请改成数值", value=value))
    if isinstance(value, bool):
        text = _("{cell} 是逻辑值 TRUE 或 FALSE，请改成文字或数")
        raise ValueError(text)  # noqa: TRY004  (of what stands in a file)
    if isinstance(value, datetime) and dates and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, date | time | timedelta):
        text = _("{cell} 是日期或时间，可能是 Excel 改了输入；请把这一列设成文本再填")
        raise ValueError(text)  # noqa: TRY004  (of what stands in a file)
    if isinstance(value, int | float):
        return _number(Decimal(repr(value)), form)
    return _unescaped(str(value))


def _unescaped(text: str) -> str:
    if "_x" not in text:
        return text
    from openpyxl.utils.escape import unescape  # type: ignore[import-untyped]

    return str(unescape(text))


def _partly_struck(value: Any) -> bool:
    return isinstance(value, list) and any(
        getattr(getattr(part, "font", None), "strike", None) for part in value
    )


def _number(value: Decimal, form: str) -> str:
    """The number that a cell stores, if its format shows the same number."""
    parts = form.split(";")
    part = parts[1 if value < 0 and len(parts) > 1 else 2 if value == 0 and len(parts) > 2 else 0]
    bare = _SECTION.sub("", part) if "[$" not in part else part
    bare = _SIGNS.sub("", bare) if value < 0 else bare.removeprefix("+")
    others = [w for w in re.findall(r'"([^"]*)"', part) if w.strip(" 分" + "-" * (value < 0))]
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    text = "0" if text == "-0" else text
    found = _PLAIN.fullmatch(bare)
    nothing = value == 0 and set(bare) <= set("#?.,")  # a zero that only such places show is blank
    if found is None or others or nothing or bare.endswith(",") or re.search(r"\[[<>=]", form):
        raise ValueError(
            _(
                "{cell} 的格式是“{form}”，显示的不是所存的数 {value}；"
                "请把格式改成“常规”或“文本”，再填一遍",
                form=form,
                value=text,
            )
        )
    if found[1] is not None or set(bare) <= set("#0,?"):
        places = len(found[1] or ".") - 1
        if len(text.partition(".")[2]) > places:
            raise ValueError(
                _(
                    "{cell} 存的是 {value}，显示时只留 {n} 位小数；请改格式或改数，使两者一致",
                    value=text,
                    n=places,
                )
            )
    return text.zfill(len(bare)) if set(bare) == {"0"} else text


def _named(workbook: Any, sheet: str | None, source: str) -> Any:
    titles = [one.title for one in workbook.worksheets]
    if sheet is not None and sheet not in titles:
        text = _("没有工作表“{sheet}”，有的是：{titles}", sheet=sheet, titles=titles)
        raise InputError(Problem(text, source))
    if sheet is None and not titles:
        text = _("里面没有工作表（只有图表），请给出有评分表的工作簿")
        raise InputError(Problem(text, source))
    if sheet is None and len(titles) != 1:
        text = _("有 {n} 张工作表，请用 --sheet 指明一张：{titles}", n=len(titles), titles=titles)
        raise InputError(Problem(text, source))
    return workbook[sheet or titles[0]]


def _rows(workbook: Any, sheet: Any, source: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
    hidden, merged = _hidden_rows(workbook, sheet, source)
    over: list[Any] = []
    sheet.reset_dimensions()  # what a file says about its own size may be wrong
    unseen = []
    for line, cells in enumerate(sheet.iter_rows(), start=1):
        if any(cell.value is not None for cell in cells[MOST_COLUMNS:]):
            text = _("这一行在第 {n} 列以后还有内容，请核对", n=MOST_COLUMNS)
            raise InputError(Problem(text, source, line))
        if line in hidden and any(cell.value is not None for cell in cells):
            unseen.append(line)
        over = [span for span in over if span.max_row >= line] + merged.get(line, [])
        yield line, _covered(cells[:MOST_COLUMNS], line, over)
    if unseen:
        text = _(
            "第 {rows} 行隐藏着或被筛选掉了：算的请取消隐藏和筛选，不算的请删去",
            rows=_ranges(unseen),
        )
        raise InputError(Problem(text, source))


@dataclass(frozen=True)
class _Merged:
    """A cell that a merged one covers: what counts there, nobody sees."""

    cells: str
    row: int
    value = None


def _covered(cells: tuple[Any, ...], line: int, over: list[Any]) -> tuple[Any, ...]:
    """``cells`` of ``line`` with what merged cells cover marked, in all but their first row.

    Beside one another they lose nothing: a value stands in the first of them.
    """
    found = list(cells)
    for span in over:
        for n in range(span.min_col - 1, min(span.max_col, MOST_COLUMNS)):
            if line > span.min_row or n >= span.min_col:
                found += [_Merged(span.coord, line)] * (n + 1 - len(found))
                found[n] = _Merged(span.coord, line)
    return tuple(found)


def _ranges(numbers: list[int]) -> list[str]:
    """Row numbers as people list them: 3-5, 8."""
    found: list[list[int]] = []
    for n in numbers:
        if found and n == found[-1][1] + 1:
            found[-1][1] = n
        else:
            found.append([n, n])
    return [str(a) if a == b else f"{a}-{b}" for a, b in found]


def _hidden_rows(
    workbook: Any, sheet: Any, source: str
) -> tuple[set[int], dict[int, list[CellRange]]]:
    """Rows that nobody sees, and merged cells by their first row.

    Refused is what openpyxl passes over in silence: zeros that are not shown, rows out of order.
    """
    from openpyxl.worksheet.cell_range import CellRange
    from openpyxl.xml.functions import iterparse  # type: ignore[import-untyped]

    before, hidden, merged = 0, set(), defaultdict[int, list[CellRange]](list)
    # openpyxl tells of these only when it loads the whole workbook into memory
    with workbook._archive.open(sheet._worksheet_path) as part:  # noqa: SLF001
        parents: list[Any] = []
        for event, element in iterparse(part, ("start", "end")):
            if event == "start":
                parents.append(element)
                continue
            parents.pop()
            kind = element.tag.rpartition("}")[2]
            if kind == "mergeCell":
                span = CellRange(element.get("ref"))
                merged[span.min_row].append(span)
            if kind == "sheetView" and element.get("showZeros") in ("0", "false"):
                text = _("工作表设为不显示零值，0 分看不见；请在 Excel 选项里打开“显示零值”再存")
                raise InputError(Problem(text, source))
            if kind == "strike" and element.get("val") not in ("0", "false"):
                cell = next((p.get("r") for p in parents if p.tag.endswith("}c")), "")
                text = _("{cell} 有删除线：不算的请删去内容，算的请去掉删除线", cell=cell)
                raise InputError(Problem(text, source, int(cell.lstrip(ascii_uppercase) or 0)))
            if kind == "row":
                line = int(element.get("r", before + 1))
                if line <= before:
                    text = _("第 {n} 行在文件里的位置不对，请重新另存为 .xlsx", n=line)
                    raise InputError(Problem(text, source))
                if element.get("hidden") in ("1", "true") or float(element.get("ht", 1)) == 0:
                    hidden.add(line)
                before = line
                parents[-1].clear()  # the rows so far
    return hidden, merged
