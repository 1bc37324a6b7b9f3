"""The tidy table (applicant, expert, indicator, points, reason) to `Facts` and back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from evalkit.declared import TooLong, decimal
from evalkit.errors import InputError, Problem
from evalkit.facts import tidy_checks, verified
from evalkit.facts.columns import (
    CONFLICT,
    EMPTY,
    MISSING,
    NOT_ASKED,
    RECUSED,
    SCORED,
    UNSCORED,
    Basis,
    Entry,
    Facts,
)
from evalkit.facts.tidy_checks import TOO_FINE, TOO_LONG, UNREADABLE
from evalkit.panel import Panel
from evalkit.panel.rule_checks import expert_range, scale
from evalkit.rubric import Rubric
from evalkit.scoring.points import text as points_text
from evalkit.text import _, normalise_number
from evalkit.tidy_words import (
    COLUMNS,
    GATE_WORD,
    MEASURED_WORD,
    PANEL_WORD,
    RECUSED_WORD,
    UNSCORED_WORD,
)

MOST_PROBLEMS = 20
"""How many problems of a table are listed before the rest is only counted."""

_WORDS = {"": MISSING, UNSCORED_WORD: UNSCORED, RECUSED_WORD: RECUSED}


def read(frame: pd.DataFrame, rubric: Rubric, panel: Panel, source: str, basis: Basis) -> Facts:
    """See `Facts.from_frame`."""
    rubric = panel.in_force(rubric)
    frame = _with_lines(frame, source)
    office = frame["expert"].isin((MEASURED_WORD, GATE_WORD))
    checked, wrong = verified.read(frame[office], rubric, panel, source)
    rows = Rows(frame[~office], rubric, panel, source)
    problems = sorted((*wrong, *tidy_checks.problems(rows)), key=lambda p: p.line or 0)
    if more := max(len(problems) - MOST_PROBLEMS, 0):
        problems[MOST_PROBLEMS:] = [Problem(_("另有 {n} 处问题", n=more), source)]
    if problems:
        raise InputError(*problems)
    return replace(_assemble(rows, rubric, panel, basis), verified=checked)


def _with_lines(frame: pd.DataFrame, source: str) -> pd.DataFrame:
    """``frame`` with the line of each row as its index: its reader's, or after a header line."""
    if absent := [name for name in COLUMNS[:4] if name not in frame.columns]:
        text = _("缺少列 {names}；应有 {all}", names=absent, all=list(COLUMNS))
        raise InputError(Problem(text, source, 1))
    if frame.index.name == "line":
        return frame
    return frame.set_axis(pd.RangeIndex(2, len(frame) + 2, name="line"), axis=0)


def write(facts: Facts) -> pd.DataFrame:
    """See `Facts.to_frame`."""
    entered = np.isin(facts.state, (SCORED, UNSCORED, RECUSED))
    itemised = {(a, s, name.partition(".")[0]) for a, s, name in facts.items}
    words = {UNSCORED: UNSCORED_WORD, RECUSED: RECUSED_WORD}
    rows = []
    for a, s, c in np.argwhere(entered).tolist():
        state, column = int(facts.state[a, s, c]), facts.columns[c]
        if state == SCORED and (a, s, column) in itemised:
            continue
        points = words.get(state) or points_text(int(facts.points[a, s, c]), facts.scale)
        expert = facts.experts[facts.seats[a, s]]
        text = facts.reason(a, s, column)
        rows.append((facts.applicants[a], expert, column, points, text))
    for (a, s, name), value in facts.items.items():
        expert = PANEL_WORD if s < 0 else facts.experts[facts.seats[a, s]]
        text = facts.texts.get((a, s, name), "")
        rows.append((facts.applicants[a], expert, name, points_text(value, facts.scale), text))
    first = len(facts.columns) - facts.deductions
    for a, c in np.argwhere(facts.recognised[:, first:] >= 0).tolist():
        name = facts.columns[first + c]
        points = points_text(int(facts.recognised[a, first + c]), facts.scale)
        rows.append(
            (facts.applicants[a], PANEL_WORD, name, points, facts.texts.get((a, -1, name), ""))
        )
    rows += verified.rows(facts.verified)
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=str)


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


def _assemble(rows: Rows, rubric: Rubric, panel: Panel, basis: Basis) -> Facts:
    people = [len(panel.seats(a.id)) for a in panel.applicants]
    shape = (len(panel.applicants), max(people, default=0), len(rubric.columns))
    seats = np.full(shape[:2], -1, dtype=np.int32)
    state = np.full(shape, EMPTY, dtype=np.int8)
    points = np.zeros(shape, dtype=np.int64)
    recognised = np.full((shape[0], shape[2]), -1, dtype=np.int64)
    a, e = np.divmod(rows.pairs, len(panel.experts))
    seats[a, rows.pair_seat] = e
    state[a, rows.pair_seat] = np.where(rows.pair_free, MISSING, CONFLICT)[:, None]
    for c in unasked(rubric, panel):
        state[:, :, c][state[:, :, c] == MISSING] = NOT_ASKED

    plain = ~rows.by_panel & (rows.item == "")
    at = (rows.applicant[plain], rows.seat[plain], rows.column[plain])
    state[at], points[at] = rows.state[plain], rows.points[plain]
    items = _place_bonus(rows, rubric, panel, state, points, recognised)
    once = rows.by_panel & (rows.item == "")
    recognised[rows.applicant[once], rows.column[once]] = rows.points[once]
    reasons = rows.reason.tolist()
    texts = {
        (int(rows.applicant[r]), rows.seat_or_panel(r), rows.name(r)): reasons[r]
        for r in np.flatnonzero((rows.reason != "").to_numpy()).tolist()
    }
    return Facts(
        scale=rows.unit,
        applicants=tuple(x.id for x in panel.applicants),
        experts=tuple(x.id for x in panel.experts),
        columns=rubric.columns,
        seats=seats,
        points=points,
        state=state,
        recognised=recognised,
        texts=texts,
        items=items,
        deductions=len(rubric.deductions),
        basis=basis,
    )


def unasked(rubric: Rubric, panel: Panel) -> list[int]:
    """Columns that no expert scores: a measured value decides them, or they are deductions."""
    decided = [expert_range(panel.rules, i) is None for i in rubric.indicators]
    first = len(rubric.columns) - len(rubric.deductions)
    return [n for n, yes in enumerate(decided) if yes] + list(range(first, len(rubric.columns)))


def _place_bonus(
    rows: Rows,
    rubric: Rubric,
    panel: Panel,
    state: np.ndarray,
    points: np.ndarray,
    recognised: np.ndarray,
) -> dict[Entry, int]:
    """Sum bonus items into their cell; it is scored once every claim in scope has its points."""
    items: dict[Entry, int] = {}
    words: dict[tuple[int, int, int], int] = {}
    for r in np.flatnonzero(rows.item != "").tolist():
        a, c = int(rows.applicant[r]), int(rows.column[r])
        s = rows.seat_or_panel(r)
        if rows.state[r] == SCORED:
            items[a, s, rows.name(r)] = int(rows.points[r])
        elif rows.state[r] != MISSING:
            # recused on one item outweighs no score for another
            words[a, s, c] = max(int(rows.state[r]), words.get((a, s, c), 0))
    once = panel.rules.bonus is not None and panel.rules.bonus.recognised_by == "panel"
    for c, group in enumerate(rubric.bonus, start=len(rubric.indicators)):
        for a, applicant in enumerate(panel.applicants):
            names = [f"{group.id}.{claim.id}" for claim in panel.claims(applicant)]
            if once:
                given = [items[a, -1, n] for n in names if (a, -1, n) in items]
                recognised[a, c] = sum(given) if len(given) == len(names) else -1
            if not names and not once and (state[a, :, c] == SCORED).any():
                continue  # a past panel: sums of points without the claims behind them
            _place_cells(a, c, names, state, points, items, words, once=once)
    return items


def _place_cells(
    a: int,
    c: int,
    names: list[str],
    state: np.ndarray,
    points: np.ndarray,
    items: dict[Entry, int],
    words: dict[tuple[int, int, int], int],
    *,
    once: bool,
) -> None:
    for s in np.flatnonzero(state[a, :, c] == MISSING).tolist():
        if once or not names:
            state[a, s, c] = NOT_ASKED
        elif (a, s, c) in words:
            state[a, s, c] = words[a, s, c]
        elif all((a, s, n) in items for n in names):
            state[a, s, c] = SCORED
            points[a, s, c] = sum(items[a, s, n] for n in names)


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
