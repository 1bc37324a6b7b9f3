"""The tidy table (applicant, expert, indicator, points, reason) to `Facts` and back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from evalkit.base.errors import InputError, Problem
from evalkit.base.memory import keeping
from evalkit.base.spelt import Spelt
from evalkit.base.tables import read_spelt
from evalkit.base.text import _
from evalkit.base.tidy_words import GATE_WORD, MEASURED_WORD
from evalkit.base.wanted import asked
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
    Texts,
)
from evalkit.facts.frames import as_text
from evalkit.facts.names import as_ids
from evalkit.facts.rows import Rows
from evalkit.panel import Panel
from evalkit.panel.units import expert_range
from evalkit.rubric import Rubric

if TYPE_CHECKING:
    import pandas as pd

MOST_PROBLEMS = 20
"""How many problems of a table are listed before the rest is only counted."""


@asked
@keeping
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
    if not isinstance(table, Path | str):
        return from_frame(table, rubric, panel, source="DataFrame")
    return from_frame(read_spelt(Path(table), encoding, sheet), rubric, panel, source=str(table))


@keeping
def from_frame(
    frame: pd.DataFrame | Spelt,
    rubric: Rubric,
    panel: Panel,
    *,
    source: str = "",
    basis: Basis | None = None,
) -> Facts:
    """Facts from a tidy table: columns `COLUMNS`, of text or any type that `frames.as_text` reads.

    ``points`` holds a number, ``unscored``, ``recused`` or nothing; names may stand for ids
    (`names.as_ids`). Raises InputError that names
    the line of ``source`` for everything that does not fit rubric and panel.
    """
    rubric = panel.in_force(rubric)
    table = as_ids(as_text(frame, source), rubric, panel, source)
    checked, wrong = verified.NOTHING_VERIFIED, list[Problem]()
    if (office := table.holds("expert", (MEASURED_WORD, GATE_WORD).__contains__)).any():
        checked, wrong = verified.read(table.where(office), rubric, panel, source)
        table = table.where(~office)
    rows = Rows(table, rubric, panel, source)
    problems = sorted((*wrong, *tidy_checks.problems(rows)), key=lambda p: p.line or 0)
    if more := max(len(problems) - MOST_PROBLEMS, 0):
        problems[MOST_PROBLEMS:] = [Problem(_("另有 {n} 处问题", n=more), source)]
    if problems:
        raise InputError(*problems)
    return replace(_assemble(rows, rubric, panel, basis or Basis("table")), verified=checked)


def _assemble(rows: Rows, rubric: Rubric, panel: Panel, basis: Basis) -> Facts:
    seats_each = int(rows.pair_seat.max(initial=-1)) + 1
    shape = (len(panel.applicants), seats_each, len(rubric.columns))
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
    reasons = rows.each("reason", str, object)
    said = np.flatnonzero(reasons != "")
    seat = np.where(rows.by_panel, -1, rows.seat)
    texts = Texts(*(part[said] for part in (rows.applicant, seat, rows.names, reasons)))
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
    claimed = any(applicant.claims for applicant in panel.applicants)
    for c, group in enumerate(rubric.bonus, start=len(rubric.indicators)):
        entered = np.isin(state[:, :, c], (SCORED, UNSCORED, RECUSED)).any()
        if entered and not claimed and not once:
            continue  # sums of points instead of claims: whoever has none is not scored, not at 0
        for a, applicant in enumerate(panel.applicants):
            names = [f"{group.id}.{claim.id}" for claim in panel.claims(applicant)]
            if once:
                given = [items[a, -1, n] for n in names if (a, -1, n) in items]
                recognised[a, c] = sum(given) if len(given) == len(names) else -1
            if not names and not once and (state[a, :, c] == SCORED).any():
                continue  # a sum of points without the claims behind it
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
