"""The rows of a tidy table with their labels turned into indices and their scores into units."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from evalkit.base import typed
from evalkit.base.spelt import Spelt
from evalkit.base.text import Text, normalise_number
from evalkit.base.tidy_words import PANEL_WORD, RECUSED_WORD, UNSCORED_WORD
from evalkit.facts.columns import MISSING, RECUSED, SCORED, UNSCORED
from evalkit.panel import Panel
from evalkit.panel.units import scale
from evalkit.rubric import Rubric

_WORDS = {"": MISSING, UNSCORED_WORD: UNSCORED, RECUSED_WORD: RECUSED}


class Rows:
    """A table with its labels turned into indices, row by row; -1 where a label is unknown.

    What is read from a label or a score is read once for each spelling in the ``table``.
    """

    def __init__(self, table: Spelt, rubric: Rubric, panel: Panel, source: str) -> None:
        self.table, self.source, self.rubric, self.panel = table, source, rubric, panel
        self.unit = scale(rubric, panel.rules)
        columns = {name: n for n, name in enumerate(rubric.columns)}
        self.column = self.each("indicator", lambda name: columns.get(name.partition(".")[0], -1))
        self.item = self.each("indicator", lambda name: name.partition(".")[2], object)
        self.applicant = self._index("applicant", [a.id for a in panel.applicants])
        self.expert = self._index("expert", [e.id for e in panel.experts])
        self.by_panel = self.each("expert", lambda name: name == PANEL_WORD, bool)
        self.state, self.points, self.fine, self.fault = self._scores()
        self.pairs, self.pair_seat, self.pair_free = _pairs(panel)
        self.seat, self.free = self._seats()

    def each(self, name: str, read: Callable[[str], Any], kind: Any = np.int64) -> np.ndarray:
        """``read`` of the text in column ``name``, for every row."""
        texts, codes = self.table[name]
        found = np.empty(len(texts), dtype=kind)
        found[:] = [read(text) for text in texts]
        return found[codes]

    def line(self, row: int) -> int:
        """Line of a row in its file."""
        return int(self.table.lines[row])

    def name(self, row: int) -> str:
        """The column of a row, with the bonus item if it has one."""
        column = self.rubric.columns[self.column[row]]
        return f"{column}.{self.item[row]}" if self.item[row] else column

    @property
    def names(self) -> np.ndarray:
        """What `name` says of every row."""
        return self.each(
            "indicator",
            lambda text: text if text.partition(".")[2] else text.partition(".")[0],
            object,
        )

    def seat_or_panel(self, row: int) -> int:
        """The seat of a row, -1 for the panel as a whole."""
        return -1 if self.by_panel[row] else int(self.seat[row])

    def _index(self, name: str, known: Sequence[str]) -> np.ndarray:
        places = {label: n for n, label in enumerate(known)}
        return self.each(name, lambda label: places.get(label, -1))

    def _scores(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """State, points in units, whether they are finer than a unit, and what is wrong (None)."""
        texts, codes = self.table["points"]
        parsed = [_parse(text, self.unit) for text in texts]
        state, points, fine = (np.array([p[n] for p in parsed], np.int64) for n in range(3))
        fault = np.array([p[3] for p in parsed] + [None], dtype=object)[:-1]
        return state[codes].astype(np.int8), points[codes], fine[codes].astype(bool), fault[codes]

    def _seats(self) -> tuple[np.ndarray, np.ndarray]:
        keys = self.applicant * max(len(self.panel.experts), 1) + self.expert
        at = np.clip(np.searchsorted(self.pairs, keys), 0, len(self.pairs) - 1)
        found = (self.pairs[at] == keys) & (self.applicant >= 0) & (self.expert >= 0)
        return np.where(found, self.pair_seat[at], -1), found & self.pair_free[at]


def _pairs(panel: Panel) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Assigned pairs as sorted keys applicant * experts + expert, their seats, and who is free."""
    position = {e.id: n for n, e in enumerate(panel.experts)}
    if panel.assignment == "all":
        keys = np.arange(len(panel.applicants) * len(position), dtype=np.int64)
        seats = (keys % len(position)).astype(np.int32)
    else:
        own = [[position[e] for e in panel.seats(a.id)] for a in panel.applicants]
        keys = np.array([n * len(position) + e for n, es in enumerate(own) for e in es], np.int64)
        seats = np.array([seat for es in own for seat in range(len(es))], np.int32)
    applicants = {a.id: n for n, a in enumerate(panel.applicants)}
    apart = [applicants[a] * len(position) + position[e] for a, e in panel.recused]
    return keys, seats, ~np.isin(keys, apart)


def _parse(text: str, unit: int) -> tuple[int, int, bool, Text | None]:
    """State, points in units, whether they are finer than these, and what is wrong."""
    if (word := normalise_number(text).casefold()) in _WORDS:
        return _WORDS[word], 0, False, None
    try:
        number = typed.score(text) * unit
    except ValueError as error:
        return MISSING, 0, False, error.args[0]
    return SCORED, int(number), bool(number % 1), None
