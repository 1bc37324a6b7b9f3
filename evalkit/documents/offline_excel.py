"""Score sheets for computers without a network: a workbook for each expert, to fill in and sign."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from typing import Any

from evalkit.base.errors import Refused
from evalkit.base.packages import EARLIEST, settled
from evalkit.base.text import Text, _, render
from evalkit.base.typed import score
from evalkit.base.wanted import asked
from evalkit.documents.excel import HEAD, LINE, LOOK, MOST_HEIGHT, MOST_IN_A_CELL, OPTIONS, lines_in
from evalkit.record import offline
from evalkit.record.offline import COLUMNS, NAME, POINTS, REASON, STAMP, Line, OfflineSheet
from evalkit.record.recorded import Recorded

WIDTHS = (6, 20, 34, 17, 8, 26, 9)
"""Characters, column by column: the width of an upright A4 page."""

WRAPPED: dict[str, Any] = {"text_wrap": True, "locked": True}
GIVEN: dict[str, Any] = {**WRAPPED, "bg_color": "#F3F5F7", "indent": 1}
BARE: dict[str, Any] = {**WRAPPED, "border": 0}
ABOVE: tuple[dict[str, Any], ...] = (
    {"bold": True, "font_size": 14, "align": "center"},
    {"bold": True, "font_size": 11},
    {"font_size": 11},
    {},
    {"font_size": 7, "font_color": "#5B6770", "text_wrap": True},
)
"""How the rows over the table look."""


@asked
def offline_sheets(workspace: Recorded, language: str = "zh") -> dict[str, bytes]:
    """A workbook for each expert who has a sheet to fill in, by the expert's id: a worksheet for
    each applicant, with what is entered already; `import_sheet` takes it back.

    The same state of the round gives the same bytes. Raises Refused for a locked round, and for a
    text that no cell can hold.
    """
    history = workspace.history()
    if workspace.final:
        raise Refused(_("评分已经锁定，没有要填的评分表"))
    found = {}
    for expert in workspace.panel.experts:
        own = (workspace.rubric, workspace.panel, workspace.log.id, expert, language)
        given = [offline.filled(sheet, history) for sheet in offline.sheets(*own)]
        if given:
            found[expert.id] = _workbook(workspace.panel.title, given, workspace.panel.rules.step)
    return found


def _workbook(name: str, sheets: Iterable[OfflineSheet], step: Any) -> bytes:
    from datetime import UTC, datetime

    import xlsxwriter  # type: ignore[import-untyped]

    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, OPTIONS)
    created = datetime(*EARLIEST, tzinfo=UTC).replace(tzinfo=None)
    book.set_properties({"title": name[:255], "created": created})
    formats: dict[Any, Any] = {}

    def look(**more: Any) -> Any:
        key = tuple(sorted(more.items()))
        if key not in formats:
            formats[key] = book.add_format({**LOOK, **more})
        return formats[key]

    for n, sheet in enumerate(sheets, start=1):
        _worksheet(book.add_worksheet(_tab(n, sheet.name)), sheet, look, step)
    book.close()
    return settled(written.getvalue())


def _tab(n: int, name: str) -> str:
    """The name of a worksheet: Excel knows 31 characters, and some of them not."""
    return re.sub(r"[\[\]:*?/\\'\x00-\x1f]", " ", f"{n:02d} {name}")[:31].strip()


def _worksheet(page: Any, sheet: OfflineSheet, look: Any, step: Any) -> None:
    for c, width in enumerate(WIDTHS):
        page.set_column(c, c, width)
    for r, c, text in sheet.printed():
        if len(text) > MOST_IN_A_CELL:
            said = _("有一段文字超过 Excel 一格能放的 {n} 个字：{text}…")
            raise Refused(said.filled(n=MOST_IN_A_CELL, text=text[:30]))
        if r < STAMP or r == sheet.sign:
            shown = ABOVE[r] if r < STAMP else {"font_size": 11}
            page.merge_range(r, 0, r, NAME, "", look(**{**BARE, **shown}))
            page.write_string(r, 0, text, look(**{**BARE, **shown}))
        elif r == STAMP:
            page.write_string(r, c, text, look(**WRAPPED, **HEAD))
        else:
            small = {"font_size": 7} if c == NAME else {}
            page.write_string(r, c, text, look(**GIVEN, **small))
    for r, line in enumerate(sheet.lines, start=STAMP + 1):
        _to_fill_in(page, r, line, sheet.stamp.language, look, step)
    _heights(page, sheet)
    _printing(page, sheet)


def _to_fill_in(page: Any, r: int, line: Line, language: str, look: Any, step: Any) -> None:
    free: dict[str, Any] = {"locked": False, "text_wrap": True}
    points, reason = look(**free, align="center"), look(**free, num_format="@", indent=1)
    if line.points and line.points not in offline.words(language):
        page.write_number(r, POINTS, score(line.points), points)
    elif line.points:
        page.write_string(r, POINTS, line.points, points)
    else:
        page.write_blank(r, POINTS, None, points)
    if line.reason:
        page.write_string(r, REASON, line.reason, reason)
    else:
        page.write_blank(r, REASON, None, reason)
    low, high, zero = line.allowed
    cell, words = f"{COLUMNS[POINTS]}{r + 1}", offline.words(language)
    least = f"{cell}>={low:f}" if not zero else f"OR({cell}=0,{cell}>={low:f})"
    on_step = f"ABS({cell}/{step:f}-ROUND({cell}/{step:f},0))<0.000001"
    number = f"IF(ISNUMBER({cell}),AND({least},{cell}<={high:f},{on_step}),FALSE)"
    said: Mapping[str, Text] = {
        "input_title": _("得分"),
        "input_message": _("{range}；不评填“{unscored}”，回避填“{recused}”"),
        "error_title": _("不能这样填"),
        "error_message": _("请填 {range}；不评填“{unscored}”，回避填“{recused}”，并写明理由"),
    }
    values = {"range": line.cells[3], "unscored": words[0], "recused": words[1]}
    texts = {key: render(text.filled(**values), language)[:255] for key, text in said.items()}
    rule = f'=OR({cell}="{words[0]}",{cell}="{words[1]}",{number})'
    page.data_validation(r, POINTS, r, POINTS, {"validate": "custom", "value": rule, **texts})


def _heights(page: Any, sheet: OfflineSheet) -> None:
    for r, text in enumerate(sheet.above):
        lines = 1 if r == STAMP - 1 else lines_in(text, sum(WIDTHS))
        page.set_row(r, max(lines, 1) * LINE + (8 if r == 0 else 4))
    page.set_row(STAMP, 2 * LINE)
    for r, line in enumerate(sheet.lines, start=STAMP + 1):
        own = [*zip(line.cells, WIDTHS, strict=False), (line.reason, WIDTHS[REASON])]
        lines = max(lines_in(text, width - 2) for text, width in own)
        page.set_row(r, min(max(2, lines) * LINE, MOST_HEIGHT))
    page.set_row(sheet.sign, 3 * LINE)


def _printing(page: Any, sheet: OfflineSheet) -> None:
    page.protect("", {"select_locked_cells": True, "format_rows": True})
    page.freeze_panes(STAMP + 1, 2)
    page.set_selection(STAMP + 1, POINTS, STAMP + 1, POINTS)
    page.set_paper(9)  # A4
    page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    page.fit_to_pages(1, 0)
    page.print_area(0, 0, sheet.sign, NAME)
    page.repeat_rows(STAMP)
    page.set_footer("&L&A&R&P / &N")
