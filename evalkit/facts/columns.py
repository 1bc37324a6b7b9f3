"""Facts: what experts entered, as columns of exact whole numbers, with what is not a score marked.

An applicant has seats, a seat knows its expert, and a seat has one cell for every column of the
rubric (indicators, then bonus groups). Shapes: ``seats`` (applicants, seats), ``points`` and
``state`` (applicants, seats, columns).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from evalkit.base.shown import Shown
from evalkit.base.tidy_words import COLUMNS, PANEL_WORD, RECUSED_WORD, UNSCORED_WORD
from evalkit.facts import verified
from evalkit.facts.verified import NOTHING_VERIFIED, Verified
from evalkit.scoring.points import text as points_text

if TYPE_CHECKING:
    import pandas as pd


EMPTY, MISSING, SCORED, UNSCORED, RECUSED, CONFLICT, NOT_ASKED = range(7)
"""States of a cell: no seat here; nothing entered yet; a score (a typed 0 is one); declared
unscored with a reason; recused on this indicator; kept apart from the applicant; nothing to score
(no bonus claimed, the panel decides it once, or a measured value decides)."""

STATES = ("empty", "missing", "scored", "unscored", "recused", "conflict", "not_asked")


@dataclass(frozen=True)
class Superseded:
    """What a successor round takes the place of, and why: the root of that lock, its results."""

    root: str
    results: str
    """The digest of the results."""
    reason: str
    objection: str
    decided_by: str


@dataclass(frozen=True)
class Basis:
    """What the facts rest on. ``root`` is the hash over the heads of all chains at the lock;
    ``paper`` says of sheets typed in from paper by whom, where the signed ones lie, and how many;
    ``discussed`` of each discussion before the lock how many scores were changed in it.
    """

    kind: Literal["log", "table"]
    locked_at: str | None = None
    locked_by: str | None = None
    root: str | None = None
    paper: tuple[tuple[str, str, int], ...] = ()
    supersedes: Superseded | None = None
    discussed: tuple[int, ...] = ()

    @property
    def final(self) -> bool:
        """Whether nothing can be entered any more: a locked log, or a finished table."""
        return self.kind == "table" or self.locked_at is not None


Entry = tuple[int, int, str]
"""Applicant, seat (-1 the panel as a whole) and name: a column, or a bonus item."""


class Texts(Mapping[Entry, str]):
    """What is written on entries, in columns: most of it is never looked up."""

    def __init__(self, *columns: np.ndarray) -> None:
        """Applicants, seats, names and texts, a row an entry."""
        self._columns = columns

    @cached_property
    def _found(self) -> dict[Entry, str]:
        *entry, texts = (column.tolist() for column in self._columns)
        return dict(zip(zip(*entry, strict=True), texts, strict=True))

    def __getitem__(self, entry: Entry) -> str:
        return self._found[entry]

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


@dataclass(frozen=True, eq=False)
class Facts(Shown):
    """All entries of a round. Points are counted in 1/``scale`` of a point."""

    scale: int
    applicants: tuple[str, ...]
    experts: tuple[str, ...]
    columns: tuple[str, ...]
    seats: np.ndarray
    """(applicants, seats): index into ``experts``, -1 where there is no seat."""
    points: np.ndarray
    """(applicants, seats, columns), int64; 0 wherever ``state`` is not SCORED."""
    state: np.ndarray
    """(applicants, seats, columns), int8, one of the states above."""
    recognised: np.ndarray
    """(applicants, columns), int64: points given once by the panel as a whole; -1 where none."""
    texts: Mapping[Entry, str] = field(default_factory=dict)
    """Comments on scores, and reasons where there is no score."""
    items: Mapping[Entry, int] = field(default_factory=dict)
    """Points of each bonus item ``<bonus>.<claim>``."""
    deductions: int = 0
    """How many of the last columns are deductions; what is recognised there is taken off."""
    verified: Verified = NOTHING_VERIFIED
    """Measured values and conditions of entry."""
    basis: Basis = Basis("table")

    def __repr__(self) -> str:
        shape = len(self.applicants), len(self.experts), len(self.columns)
        scored = int((self.state == SCORED).sum())
        return "Facts({} applicants, {} experts, {} columns: {} scores)".format(*shape, scored)

    def reason(self, a: int, s: int, column: str) -> str:
        """The comment or reason on a cell; for a bonus, of the item that left it unscored."""
        return self.texts.get((a, s, column), "") or self._unscored_items.get((a, s, column), "")

    @cached_property
    def _unscored_items(self) -> dict[Entry, str]:
        """What is written on the first bonus item without points, by its cell."""
        found: dict[Entry, str] = {}
        for (a, s, name), text in self.texts.items():
            column, dot, _item = name.partition(".")
            if dot and (a, s, name) not in self.items:
                found.setdefault((a, s, column), text)
        return found

    def to_frame(self) -> pd.DataFrame:
        """The tidy table of everything entered, as text: applicant, expert, indicator, points,
        reason. `tidy.from_frame` gives the same facts back.
        """
        import pandas as pd

        entered = np.isin(self.state, (SCORED, UNSCORED, RECUSED))
        itemised = {(a, s, name.partition(".")[0]) for a, s, name in self.items}
        words = {UNSCORED: UNSCORED_WORD, RECUSED: RECUSED_WORD}
        rows = []
        for a, s, c in np.argwhere(entered).tolist():
            state, column = int(self.state[a, s, c]), self.columns[c]
            if state == SCORED and (a, s, column) in itemised:
                continue
            points = words.get(state) or points_text(int(self.points[a, s, c]), self.scale)
            expert = self.experts[self.seats[a, s]]
            text = self.reason(a, s, column)
            rows.append((self.applicants[a], expert, column, points, text))
        for (a, s, name), value in self.items.items():
            expert = PANEL_WORD if s < 0 else self.experts[self.seats[a, s]]
            text = self.texts.get((a, s, name), "")
            rows.append((self.applicants[a], expert, name, points_text(value, self.scale), text))
        first = len(self.columns) - self.deductions
        for a, c in np.argwhere(self.recognised[:, first:] >= 0).tolist():
            name = self.columns[first + c]
            points = points_text(int(self.recognised[a, first + c]), self.scale)
            rows.append(
                (self.applicants[a], PANEL_WORD, name, points, self.texts.get((a, -1, name), ""))
            )
        rows += verified.rows(self.verified)
        return pd.DataFrame(rows, columns=list(COLUMNS), dtype=str)
