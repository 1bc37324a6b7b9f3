"""The table in which an office writes what it records: an Excel or CSV file to be filled in."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from evalkit.base.packages import settled
from evalkit.base.wanted import asked
from evalkit.documents.excel import HEAD, LINE, LOOK, MOST_HEIGHT, OPTIONS, lines_in

if TYPE_CHECKING:
    import pandas as pd

WIDTHS = (10, 24, 10, 24, 48, 10, 32, 14, 32, 18)
"""Characters, column by column."""
FILLED = 3
"""So many columns at the end are filled in."""
SCORE_WIDTHS, SCORE_FILLED = (14, 32, 32, 26, 10, 32), 2
"""The same of a table of scores."""


@asked
def office_template(table: pd.DataFrame, *, csv: bool = False) -> bytes:
    """The Excel file, or the ``csv``, of ``table``, as `Round.office_table` or `Round.score_table`
    gives it.

    All cells are text, so that no program changes what is written in them; those to be filled in
    are white. CSV is UTF-8 with a mark, as Excel wants it. The same table gives the same bytes.
    """
    if csv:
        return table.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")
    import xlsxwriter  # type: ignore[import-untyped]

    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, OPTIONS)
    text: dict[str, Any] = {**LOOK, "num_format": "@", "text_wrap": True}
    head, open_, given = (
        book.add_format({**text, **look}) for look in (HEAD, {}, {"bg_color": "#F3F5F7"})
    )
    sheet = book.add_worksheet()
    sheet.set_row(0, 2 * LINE)
    scores = len(table.columns) == len(SCORE_WIDTHS)
    widths, filled = (SCORE_WIDTHS, SCORE_FILLED) if scores else (WIDTHS, FILLED)
    first = len(table.columns) - filled
    for c, (name, width) in enumerate(zip(table.columns, widths, strict=True)):
        sheet.set_column(c, c, width, open_ if c >= first else given)
        sheet.write_string(0, c, name, head)
        for r, value in enumerate(table.iloc[:, c], start=1):
            look = open_ if c >= first else given
            sheet.write_string(r, c, value, look) if value else sheet.write_blank(r, c, None, look)
    for r, row in enumerate(table.itertuples(index=False), start=1):
        lines = max(map(lines_in, row, widths))
        sheet.set_row(r, min(lines * LINE, MOST_HEIGHT))
    sheet.autofilter(0, 0, len(table), len(table.columns) - 1)
    sheet.freeze_panes(1, 2)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    book.close()
    return settled(written.getvalue())
