"""The rows of a tidy table with their labels turned into indices and their scores into units."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from evalkit.base.declared import TooLong, decimal
from evalkit.base.text import normalise_number
from evalkit.base.tidy_words import PANEL_WORD, RECUSED_WORD, UNSCORED_WORD
from evalkit.facts.columns import MISSING, RECUSED, SCORED, UNSCORED
from evalkit.panel import Panel
from evalkit.panel.units import scale
from evalkit.rubric import Rubric

UNREADABLE, TOO_FINE, TOO_LONG = 1, 2, 3
"""What can be wrong with the text of a score."""

_WORDS = {"": MISSING, UNSCORED_WORD: UNSCORED, RECUSED_WORD: RECUSED}


class Rows:
    """A table with its labels turned into indices, row by row; -1 where a label is unknown."""

    def __init__(self, frame: pd.DataFrame, rubric: Rubric, panel: Panel, source: str) -> None:
        self.frame, self.source, self.rubric, self.panel = frame, source, rubric, panel
        self.unit = scale(rubric, panel.rules)
        self.reason = frame["reason"] if "reason" in frame.columns else pd.Series("", frame.index)
        names = frame["indicator"].astype(str).str.partition(".").reindex(columns=range(3))
        self.column = _codes(names[0], rubric.columns)
        self.item = names[2].to_numpy()
        self.applicant = _codes(frame["applicant"], [a.id for a in panel.applicants])
        self.expert = _codes(frame["expert"], [e.id for e in panel.experts])
        self.by_panel = (frame["expert"] == PANEL_WORD).to_numpy()
        self.state, self.points, self.fault = self._parse_points()
        self.pairs, self.pair_seat, self.pair_free = _pairs(panel)
        self.seat, self.free = self._seats()

    def _parse_points(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        codes, texts = pd.factorize(self.frame["points"].astype(str))
        parsed = [_parse(text, self.unit) for text in texts]
        state = np.array([p[0] for p in parsed], dtype=np.int8)
        points = np.array([p[1] for p in parsed], dtype=np.int64)
        fault = np.array([p[2] for p in parsed], dtype=np.int8)
        return state[codes], points[codes], fault[codes]

    def line(self, row: int) -> int:
        """Line of a row in its file."""
        return int(self.frame.index[row])

    def name(self, row: int) -> str:
        """The column of a row, with the bonus item if it has one."""
        column = self.rubric.columns[self.column[row]]
        return f"{column}.{self.item[row]}" if self.item[row] else column

    def seat_or_panel(self, row: int) -> int:
        """The seat of a row, -1 for the panel as a whole."""
        return -1 if self.by_panel[row] else int(self.seat[row])

    def _seats(self) -> tuple[np.ndarray, np.ndarray]:
        keys = self.applicant * max(len(self.panel.experts), 1) + self.expert
        at = np.clip(np.searchsorted(self.pairs, keys), 0, len(self.pairs) - 1)
        found = (self.pairs[at] == keys) & (self.applicant >= 0) & (self.expert >= 0)
        return np.where(found, self.pair_seat[at], -1), found & self.pair_free[at]


def _codes(labels: pd.Series, known: Any) -> np.ndarray:
    return pd.Index(list(known)).get_indexer(pd.Index(labels.astype(str)))


def _pairs(panel: Panel) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Assigned pairs as sorted keys applicant * experts + expert, their seats, and who is free."""
    position = {e.id: n for n, e in enumerate(panel.experts)}
    keys, seats, free = [], [], []
    for n, applicant in enumerate(panel.applicants):
        for seat, expert in enumerate(panel.seats(applicant.id)):
            keys.append(n * len(panel.experts) + position[expert])
            seats.append(seat)
            free.append((applicant.id, expert) not in panel.recused)
    return np.array(keys, np.int64), np.array(seats, np.int32), np.array(free, bool)


def _parse(text: str, unit: int) -> tuple[int, int, int]:
    """State, points in units, and what is wrong with ``text`` (0 nothing)."""
    text = normalise_number(text)
    if text in _WORDS:
        return _WORDS[text], 0, 0
    try:
        number = decimal(text) * unit
    except TooLong:
        return MISSING, 0, TOO_LONG
    except ValueError:
        return MISSING, 0, UNREADABLE
    return SCORED, int(number), TOO_FINE if number % 1 else 0
