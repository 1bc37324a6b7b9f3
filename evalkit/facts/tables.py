"""Scores from a table that somebody hands in: a file, or a DataFrame."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from evalkit.base.tables import read_categories
from evalkit.base.wanted import asked
from evalkit.facts.columns import Facts
from evalkit.panel import Panel
from evalkit.rubric import Rubric

if TYPE_CHECKING:
    import pandas as pd


@asked
def read_scores(
    table: Path | str | pd.DataFrame,
    rubric: Rubric,
    panel: Panel,
    *,
    encoding: str = "utf-8",
    sheet: str | None = None,
) -> Facts:
    """What is entered in a tidy ``table``: applicant, expert, indicator, points, reason.

    A file is read as `evalkit.base.tables.read_table` does, a DataFrame as
    `evalkit.facts.frames.as_text` does. Points may be numbers; nothing (NaN, None, a blank) is
    unscored yet, never 0. Raises InputError with a line for each thing that does not fit.
    """
    from evalkit.facts.tidy import from_frame

    if not isinstance(table, Path | str):
        return from_frame(table, rubric, panel, source="DataFrame")
    frame = read_categories(Path(table), encoding, sheet)
    return from_frame(frame, rubric, panel, source=str(table))
