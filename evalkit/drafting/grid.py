"""A table as it stands in a document, before anyone has said what its columns mean."""

from __future__ import annotations

from dataclasses import dataclass

from evalkit.base.text import Text, _
from evalkit.drafting.status import Status

ABOVE, BELOW = 3, 40
"""How many paragraphs around a table are kept."""


@dataclass(frozen=True)
class Row:
    """One row: ``place`` counts lines of a text, or rows of a Word table, from 1."""

    place: int
    cells: tuple[str, ...]
    """A cell that is merged into an earlier one is empty, or missing where the text has lost it."""
    covered: frozenset[int] = frozenset()
    """Positions that an earlier cell of this row covers, as far as that is known."""
    below: frozenset[int] = frozenset()
    """Positions that a cell of the row above covers, as far as that is known."""


@dataclass(frozen=True)
class Grid:
    """A table with the paragraphs around it."""

    rows: tuple[Row, ...]
    before: tuple[str, ...] = ()
    """Paragraphs above, the nearest one last."""
    after: tuple[str, ...] = ()
    """Paragraphs below, up to the next table."""
    exact: bool = False
    """Whether every cell is known to stand in its column; pasted text loses merged cells."""
    remarks: tuple[Text, ...] = ()
    """What could not be read, or was read on an assumption."""
    status: Status | None = None
    """What its document says about being a draft for comment."""

    def place(self, row: Row) -> Text:
        """Where ``row`` stands, for people."""
        return place_of(row.place, exact=self.exact)


def place_of(numbers: int | list[int], *, exact: bool) -> Text:
    """Rows of a Word table, or lines of a text."""
    return _("表中第 {n} 行", n=numbers) if exact else _("原文第 {n} 行", n=numbers)
