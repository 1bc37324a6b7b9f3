"""An Excel workbook of tables: numbers and texts, never a formula; the same bytes each time."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from evalkit.base import terms
from evalkit.base.errors import Refused
from evalkit.base.packages import EARLIEST, settled
from evalkit.base.text import Text, _, render
from evalkit.documents.looks import measure

Value = Decimal | int | str
Heading = tuple[Text | str, float]
"""What stands over a column, and its width in characters."""

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}

LOOK = {
    "font_name": "宋体",
    "font_scheme": "none",
    "font_size": 10,
    "border": 1,
    "border_color": "#AEB8C1",
    "valign": "vcenter",
}
HEAD: dict[str, Any] = {"bold": True, "bg_color": "#E7ECF0", "align": "center"}
LINE, MOST_HEIGHT = 14, 409
"""Points: of a line, and the highest row that Excel knows."""

MOST_IN_A_CELL = 32_767
"""Characters; Excel holds no more."""


class Book:
    """A workbook under way: sheets whose heading stays in sight, with filters."""

    def __init__(self, title: str, mark: Text | None, at: str | None, language: str) -> None:
        """``mark`` stands on every printed page; ``at``, an ISO 8601 instant, is its only time."""
        import xlsxwriter  # type: ignore[import-untyped]

        self._written = io.BytesIO()
        self._file = xlsxwriter.Workbook(self._written, OPTIONS)
        self._language = language
        self._formats, self._made = dict[Any, Any](), dict[Any, Any]()
        instant = datetime.fromisoformat(at) if at else datetime(*EARLIEST, tzinfo=UTC)
        created = instant.astimezone(UTC).replace(tzinfo=None)
        self._file.set_properties({"title": title[:255], "created": created})
        words = f"{title[:100]} {mark.render(language) if mark else ''}".replace("&", "&&")
        self._top = f"&L{words}&R&A"

    def sheet(
        self,
        name: Text,
        columns: Sequence[Heading],
        rows: Iterable[Sequence[Value | Text]],
        *,
        frozen: int = 0,
        places: int = 0,
        printed: int = 0,
    ) -> None:
        """A sheet; ``frozen`` columns stay in sight, ``places`` decimals are shown. Where only the
        first ``printed`` columns are printed, the page is upright.
        """
        sheet = self._file.add_worksheet(name.render(self._language))
        sheet.set_row(0, 3 * LINE)
        for c, (heading, width) in enumerate(columns):
            sheet.set_column(c, c, width)
            self._put(sheet, 0, c, heading, **HEAD)
        last = 0
        for last, row in enumerate(rows, start=1):
            texts = [self._put(sheet, last, c, value, places) for c, value in enumerate(row)]
            lines = max(
                lines_in(t, width - 1) for t, (_name, width) in zip(texts, columns, strict=True)
            )
            if lines > 1:
                sheet.set_row(last, min(lines * LINE, MOST_HEIGHT))
        sheet.autofilter(0, 0, last, len(columns) - 1)
        sheet.freeze_panes(1, frozen)
        if printed:
            sheet.print_area(0, 0, last, printed - 1)
        else:
            sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_header(self._top)
        sheet.set_footer("&C&P / &N")

    def to_bytes(self) -> bytes:
        """The file. The same content gives the same bytes, with the same zlib."""
        self._file.close()
        return settled(self._written.getvalue())

    def _put(
        self, sheet: Any, row: int, column: int, value: Value | Text, places: int = 0, **look: Any
    ) -> str:
        """A number with its decimals, or a text that stays one even when somebody edits it.

        Gives the text; "" for a number.
        """
        if isinstance(value, Decimal | int):
            kind = "whole" if isinstance(value, int) else "number"
            # a Decimal is written digit by digit, so that no float comes in between
            sheet.write_number(row, column, value, self._look(kind, places, **look))
            return ""
        words = value if isinstance(value, str) else render(value, self._language)
        kind = "quoted" if words[:1] in _SIGNS else "none" if words == terms.NONE else "text"
        if sheet.write_string(row, column, words, self._look(kind, **look)):
            text = _(
                "有一段文字超过 Excel 一格能放的 {n} 个字：{text}…",
                n=MOST_IN_A_CELL,
                text=words[:30],
            )
            raise Refused(text)
        return words

    def _look(self, kind: str, places: int = 0, **look: Any) -> Any:
        """How a cell of a kind looks; each look is made once."""
        key = kind, places, *look.items()
        if key not in self._formats:
            self._formats[key] = self._format({**LOOK, **look}, kind, places)
        return self._formats[key]

    def _format(self, look: dict[str, Any], kind: str, places: int) -> Any:
        if kind in ("whole", "number"):
            look |= {"align": "center"} if kind == "whole" else {}
            look["num_format"] = f"0.{'0' * places}" if kind == "number" and places else "0"
        else:
            look |= {"text_wrap": True} | ({} if "align" in look else {"indent": 1})
            look |= _KINDS.get(kind, {})
        key = tuple(sorted(look.items()))
        if key not in self._made:
            self._made[key] = self._file.add_format(look)
        return self._made[key]


_SIGNS = {"=", "+", "-", "@"}
_KINDS: dict[str, dict[str, Any]] = {"none": {"align": "right"}, "quoted": {"quote_prefix": True}}


@lru_cache(2**12)
def lines_in(text: str, width: float) -> int:
    """How many lines ``text`` takes in a column; a Chinese character is as wide as two others."""
    return sum(max(1, math.ceil(2 * measure(line) / width)) for line in text.split("\n"))
