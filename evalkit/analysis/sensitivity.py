"""What the order would be without an expert, by other methods, with other weights."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from evalkit.analysis import reaching, scales
from evalkit.analysis.line import Line, fields, places_of
from evalkit.analysis.numbers import EXACT, PROBABILITY, number, places_by
from evalkit.analysis.recompute import LeftOut
from evalkit.analysis.severity import Severity
from evalkit.analysis.sheets import Sheets
from evalkit.base.text import Text, _
from evalkit.evaluation import Results, evaluate
from evalkit.evaluation.counting import bonus_columns
from evalkit.facts.columns import SCORED, UNSCORED
from evalkit.panel.aggregation import Aggregation, Mean, Median, TrimmedMean, Winsorised
from evalkit.scoring import sensitivity, uncertainty

WEIGHT_SPREAD = Decimal("0.25")
"""Each published weight varies by up to this share, independently."""

WEIGHT_DRAWS = 10_000
ROOM = 20_000_000
"""The most (draws × applicants)."""

ADJUSTED = "severity_adjusted"


def refused(results: Results) -> dict[str, Text]:
    """What presumes that the total decides the rank, and why it cannot be said where more does."""
    if results.placings is not None:
        text = _("本轮按各专家名次之和排名，总分不决定名次，这一项没有意义")
        return {"weights": text, "line": text}
    if results.panel.rules.minimums:
        text = _("本轮有参加排名的最低分，只看总分说不清变动多少就会越线")
        return {"line": text}
    return {}


def left_out(results: Results, found: LeftOut) -> list[dict[str, Any] | None]:
    """The range of the rank when any one expert is left out, and without whom it is at its ends."""
    rows: list[dict[str, Any] | None] = []
    names = [results.facts.experts[e] for e in found.experts]
    for n, official in enumerate(results.rank.tolist()):
        ranks = found.rank[:, n]
        there = ranks[ranks > 0]
        if official == 0 or there.size == 0:
            rows.append(None)
            continue
        rows.append(
            {
                "low": int(there.min()),
                "high": int(there.max()),
                "by_expert": {name: int(r) or None for name, r in zip(names, ranks, strict=True)},
            }
        )
    return rows


def lists(results: Results, found: LeftOut, line: Line) -> list[dict[str, Any]]:
    """The experts without whom other applicants would be inside the places."""
    k, ids = places_of(line, results), np.array(results.facts.applicants)
    inside = (results.rank > 0) & (results.rank <= k)
    rows = []
    for expert, rank in zip(found.experts, found.rank, strict=True):
        then = (rank > 0) & (rank <= k)
        if (then != inside).any():
            rows.append(
                {
                    "without": results.facts.experts[expert],
                    "enter": ids[then & ~inside].tolist(),
                    "leave": ids[inside & ~then].tolist(),
                }
            )
    return rows


def methods(results: Results, sheets: Sheets, severity: Severity) -> list[dict[str, Any]]:
    """Total and rank of every applicant by the other methods of aggregation, side by side.

    The declared method has the official numbers. For the others the official function runs with
    that method, indicator by indicator, on the scores that count by the declared rules.
    """
    ranked, declared = results.rank > 0, results.panel.rules.aggregation
    found = {}
    for name, rule in _others(declared.weights).items():
        official = declared.model_copy(update=_FREE) == rule.model_copy(update=_FREE)
        other = results if official else _by(results, rule)
        found[name] = other.total, other.rank
    if results.placings is None and results.used is results.facts:
        found[ADJUSTED] = _adjusted(results, sheets, severity)
    rows: list[dict[str, Any]] = [{} for _ in results.rank]
    for name, (total, rank) in found.items():
        for n in np.flatnonzero(ranked & (rank > 0)):
            rows[n][name] = {"total": results.number_text(total[n]), "rank": int(rank[n])}
    return rows


_FREE: dict[str, Any] = {"level": "indicator", "total_of": None, "min_n": 3}
"""What of a declared rule does not make it another method."""


def _others(weights: dict[str, Decimal] | None) -> dict[str, Aggregation]:
    """The methods beside each other; one highest and one lowest drop out, or are replaced."""
    ends = {"drop_highest": 1, "drop_lowest": 1, "min_n": 3, "below_min_n": "mean"}
    own: dict[str, Any] = {"level": "indicator", "weights": weights}
    return {
        "mean": Mean(method="mean", **own),
        "trimmed_mean": TrimmedMean(method="trimmed_mean", **own, **ends),
        "median": Median(method="median", level="indicator"),
        "winsorised_mean": Winsorised(method="winsorised_mean", **own, **ends),
    }


def _by(results: Results, rule: Aggregation) -> Results:
    """The official function with another method; sheets that the rules left out stay out."""
    panel, facts = results.panel, results.used
    # scores on a common scale are on it already
    rules = panel.rules.model_copy(update={"aggregation": rule, "standardise": None})
    counts = results.counted | (results.dropped != 0)
    state = np.where((facts.state == SCORED) & ~counts, np.int8(UNSCORED), facts.state)
    facts = replace(facts, state=state, points=np.where(state == SCORED, facts.points, 0))
    return evaluate(results.rubric, panel.model_copy(update={"rules": rules}), facts, trial=True)


def _adjusted(
    results: Results, sheets: Sheets, severity: Severity
) -> tuple[np.ndarray, np.ndarray]:
    """Totals without the severity of the experts, in published units, and their ranks."""
    points, places = _column_points(results), results.panel.rules.rounding.places
    total = np.round(severity.adjusted(len(results.rank)), 5)
    total = total + _not_on_sheets(results, sheets, points)
    known = (results.rank > 0) & ~np.isnan(total)
    floored = scales.floored(results, np.nan_to_num(total), points)
    # what lies behind so many places is noise of binary floats, as in `number`
    exact = [Fraction(f"{t:.{places + EXACT}f}") * 10**places for t in floored]
    rounded = np.array([results.panel.rules.rounding.rounder.of(t) for t in exact])
    ordered = rounded * results.rubric.direction
    return rounded, places_by(fields(results), ordered[None], known[None]).rank[0]


def _column_points(results: Results) -> np.ndarray:
    """(applicants, columns): published points; nan where there are none."""
    unit = 10**results.panel.rules.rounding.places
    return np.where(results.defined, results.points / unit, np.nan)


def _sign(results: Results) -> np.ndarray:
    """(columns,): -1 for what is taken off the total, else 1."""
    found = np.ones(len(results.facts.columns))
    found[bonus_columns(results.rubric).stop :] = -1
    return found


def _not_on_sheets(results: Results, sheets: Sheets, points: np.ndarray) -> np.ndarray:
    """(applicants,): what the total holds beside the experts' scores on indicators."""
    beside = scales.beside(results)
    others = points * _sign(results)
    others[:, list(sheets.columns)] = beside[:, list(sheets.columns)]
    return np.asarray(np.nansum(others, axis=1))


def weights(results: Results, line: Line, seed: int) -> list[dict[str, Any] | None]:
    """Range of the rank and P(inside) when the published weights vary, the bonus as it is."""
    points, ranked = _column_points(results) * _sign(results), results.rank > 0
    n = len(results.rubric.indicators)
    maxima = np.array([float(i.points) for i in results.rubric.indicators])
    rows: list[dict[str, Any] | None] = [None] * len(results.rank)
    if not ranked.any() or "weights" in refused(results):
        return rows
    draws = max(min(WEIGHT_DRAWS, ROOM // len(rows)), 200)
    sampled = sensitivity.around(maxima, float(WEIGHT_SPREAD), draws, seed)
    shares, beside = np.nan_to_num(points[:, :n] / maxima), np.nan_to_num(points[:, n:]).sum(1)
    field, found = fields(results), uncertainty.Places.empty(draws, len(rows))
    for some in uncertainty.blocks(draws, len(rows)):  # totals of all draws would fill the memory
        totals = sensitivity.in_billionths(shares, sampled[some], beside)
        known = np.broadcast_to(ranked, totals.shape)
        totals *= results.rubric.direction
        own = places_by(field, totals, known)
        found.rank[some], found.tied[some] = own
    ways, k = np.ones(draws, dtype=np.int64), places_of(line, results)
    ends = uncertainty.rank_range(found, ways)
    inside = uncertainty.top(found, ways, k) if k.any() else np.zeros(len(rows))
    for a in np.flatnonzero(ranked):
        share = number(inside[a], PROBABILITY) if k[a] else None
        rows[a] = {"low": int(ends[a, 0]), "high": int(ends[a, 1]), "inside": share}
    return rows


def to_the_line(results: Results, line: Line) -> list[dict[str, Any] | None]:
    """How far each total is from the line, and on which indicators that change alone would do.

    ``gap`` is above 0 inside (what can be lost before one is behind) and below 0 outside (what is
    missing to draw level with the last place). Indicators come with the points that they would need
    to have, the smallest change as a share of their points first. Totals that are the same on both
    sides of the line are level with it: their gap is 0, and no indicator is named. None for whoever
    has no rank, and where no line is between two: without places, or with a place for everybody.
    """
    k, field, ranked = places_of(line, results), fields(results), results.rank > 0
    gaps, drawn = np.zeros_like(results.total), np.zeros_like(ranked)
    for name in np.unique(field):
        own = field == name
        totals, places = results.total[own] * results.rubric.direction, int(k[own][0])
        gaps[own] = sensitivity.gaps(totals, ranked[own], places)
        drawn[own] = ranked[own] & (0 < places < ranked[own].sum())
    if refused(results):
        return [None] * len(ranked)
    near = np.flatnonzero(drawn & (gaps != 0))
    enough = reaching.enough(results, near, -gaps[near] * results.rubric.direction)
    found = dict(zip(near.tolist(), enough, strict=True))
    return [
        {"gap": results.number_text(gap), "indicators": found.get(n, [])} if on else None
        for n, (gap, on) in enumerate(zip(gaps, drawn, strict=True))
    ]
