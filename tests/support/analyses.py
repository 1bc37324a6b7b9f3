"""Rounds from arrays of scores, and their analysis."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from evalkit.analysis import Analysis, analyse
from evalkit.evaluation import Results, evaluate
from evalkit.facts.tidy import from_frame
from tests.support.builders import frame, load, panel_data, rubric_data


def analysed(results: Results, **more: Any) -> Analysis:
    """The analysis of ``results`` with seed 1."""
    return analyse(results.rubric, results.panel, results.facts, results, **{"seed": 1, **more})


def rows_of(scores: np.ndarray, ids: str, experts: list[int] | None = None) -> list[Any]:
    """Rows of the tidy table from (applicants, experts, indicators); nan is a recusal."""
    numbers = experts or list(range(1, scores.shape[1] + 1))
    return [
        (a, f"e{e}", f"i{c}", *(("recused", "回避") if np.isnan(p) else (f"{p:g}", "")))
        for a, sheets in zip(ids, scores, strict=True)
        for e, sheet in zip(numbers, sheets, strict=True)
        for c, p in enumerate(sheet, 1)
    ]


def random_scores(seed: int, n: int, k: int, c: int = 2) -> np.ndarray:
    """Scores out of 10 on a step of 0.5."""
    rng = np.random.default_rng(seed)
    x = rng.normal(6.5, 1.5, (n, 1, 1)) + rng.normal(0, 0.6, (k, 1)) + rng.normal(0, 1, (n, k, c))
    return np.clip(np.round(x * 2) / 2, 0, 10)


def round_of(
    folder: Path, scores: np.ndarray, rules: dict[str, Any] | None = None, **more: Any
) -> Results:
    """A round of applicants a, b … and experts e1, e2 … over indicators of 10 points."""
    n, k, c = scores.shape
    ids = "abcdefghijklmnopqrst"[:n]
    rubric, panel = load(folder, rubric_data([10] * c), panel_data(k, list(ids), rules, **more))
    facts = from_frame(frame(rows_of(scores, ids)), rubric, panel)
    return evaluate(rubric, panel, facts)


def assigned(
    folder: Path, experts_of: dict[str, list[int]], experts: int, seed: int = 4
) -> Results:
    """A round in which each applicant has experts of its own."""
    seats = {a: [f"e{e}" for e in own] for a, own in experts_of.items()}
    data = panel_data(experts, list(experts_of), assignment=seats)
    rubric, panel = load(folder, rubric_data([10, 10]), data)
    rows: list[Any] = []
    for n, (a, own) in enumerate(experts_of.items()):
        rows += rows_of(random_scores(seed + n, 1, len(own)), a, own)
    return evaluate(rubric, panel, from_frame(frame(rows), rubric, panel))
