"""What the order would be without an expert, by other methods, with other weights."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np

from evalkit.analysis import scales
from evalkit.analysis.line import Line, fields, places_of
from evalkit.analysis.numbers import PROBABILITY, number, places_by
from evalkit.analysis.recompute import LeftOut
from evalkit.analysis.severity import Severity
from evalkit.analysis.sheets import Sheets
from evalkit.counting import bonus_columns
from evalkit.facts import SCORED
from evalkit.results import Results
from evalkit.scoring import sensitivity, uncertainty
from evalkit.scoring.points import fixed

WEIGHT_SPREAD = Decimal("0.25")
"""Each published weight varies by up to this share, independently."""

WEIGHT_DRAWS = 10_000
ROOM = 20_000_000
"""The most (draws × applicants)."""

ADJUSTED = "severity_adjusted"
NAMED_INDICATORS = 3


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
    """Total and rank of every applicant by the other methods of aggregation, side by side."""
    field, ranked = fields(results), results.rank > 0
    rows: list[dict[str, Any]] = [{} for _ in results.rank]
    points = _column_points(results)
    totals = {
        method: np.nansum(_columns(results, points, method) * _sign(results), axis=1)
        for method in sensitivity.METHODS
    }
    totals[ADJUSTED] = np.round(severity.adjusted(len(rows)), 5) + _not_on_sheets(
        results, sheets, points
    )
    places = results.panel.rules.rounding.places
    for method, values in totals.items():
        known = ranked & ~np.isnan(values)
        rounded = _half_up(np.nan_to_num(_floored(results, values)) * 10**places)
        ordered = rounded * scales.direction(results)
        rank = places_by(field, ordered[None], known[None]).rank[0]
        for n in np.flatnonzero(known):
            total = fixed(int(rounded[n]), places)
            rows[n][method] = {"total": total, "rank": int(rank[n])}
    return rows


def _column_points(results: Results) -> np.ndarray:
    """(applicants, columns): published points; nan where there are none."""
    unit = 10**results.panel.rules.rounding.places
    return np.where(results.defined, results.points / unit, np.nan)


def _columns(results: Results, points: np.ndarray, method: str) -> np.ndarray:
    """(applicants, columns) by ``method``; as published where no expert's score decides."""
    facts, (factor, unit) = results.facts, scales.factors(results)
    scores = np.where(facts.state == SCORED, facts.points / facts.scale, np.nan)
    for c, top in scales.caps(results):
        if scales.each_capped(results):
            scores[:, :, c] = np.minimum(scores[:, :, c], top)
    found = sensitivity.column_means(scores, method) * factor / unit
    for c, top in scales.caps(results):
        found[:, c] = np.minimum(found[:, c], top)
    found = found + scales.beside(results)
    if results.panel.rules.rounding.stage == "indicator":
        unit = 10**results.panel.rules.rounding.places
        found = _half_up(found * unit) / unit
    return np.where(np.isnan(found), points, found)


def _half_up(x: np.ndarray) -> np.ndarray:
    """Rounded half up, the noise of binary floats taken for none; nan stays."""
    return np.asarray(np.floor(x + 0.5 + 1e-9))


def _sign(results: Results) -> np.ndarray:
    """(columns,): -1 for what is taken off the total, else 1."""
    found = np.ones(len(results.facts.columns))
    found[bonus_columns(results.rubric).stop :] = -1
    return found


def _floored(results: Results, totals: np.ndarray) -> np.ndarray:
    """Totals that deductions do not take below 0, where the rules say so."""
    rule = results.panel.rules.deductions
    return np.maximum(totals, 0) if rule is not None and rule.floor == "zero" else totals


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
    if not ranked.any():
        return rows
    draws = max(min(WEIGHT_DRAWS, ROOM // len(rows)), 200)
    sampled = sensitivity.around(maxima, float(WEIGHT_SPREAD), draws, seed)
    shares = np.nan_to_num(points[:, :n] / maxima)
    totals = sensitivity.weighted(shares, sampled) + np.nan_to_num(points[:, n:]).sum(1)
    known = np.broadcast_to(ranked, totals.shape)
    ordered = np.round(totals, 9) * scales.direction(results)
    found = places_by(fields(results), ordered, known)
    ways, k = np.ones(draws, dtype=np.int64), places_of(line, results)
    ends = uncertainty.rank_range(found, ways)
    inside = uncertainty.top(found, ways, k)
    for a in np.flatnonzero(ranked):
        share = number(inside[a], PROBABILITY) if k[a] else None
        rows[a] = {"low": int(ends[a, 0]), "high": int(ends[a, 1]), "inside": share}
    return rows


def to_the_line(results: Results, line: Line) -> list[dict[str, Any] | None]:
    """How far each total is from the line, and on which indicators that change alone would do.

    ``gap`` is above 0 inside (what can be lost before one is behind) and below 0 outside (what is
    missing to draw level with the last place). Indicators come with the points that they would need
    to have, the smallest change as a share of their points first.
    """
    k, field, ranked = places_of(line, results), fields(results), results.rank > 0
    gaps = np.zeros_like(results.total)
    for name in np.unique(field):
        own = field == name
        totals = results.total[own] * scales.direction(results)
        gaps[own] = sensitivity.gaps(totals, ranked[own], int(k[own][0]))
    rows: list[dict[str, Any] | None] = [None] * len(k)
    for n in np.flatnonzero(ranked & (gaps != 0)):
        rows[n] = {
            "gap": results.number_text(gaps[n]),
            "indicators": _enough(results, int(n), int(gaps[n]) * scales.direction(results)),
        }
    return rows


def _enough(results: Results, n: int, gap: int) -> list[dict[str, str]]:
    """Indicators on which ``gap`` (in published units) fits between 0 and the most points."""
    unit = 10**results.panel.rules.rounding.places
    found = []
    for c, indicator in enumerate(results.rubric.indicators):
        needed = int(results.points[n, c]) - gap
        most = int(indicator.points * unit)
        if results.defined[n, c] and 0 <= needed <= most:
            found.append((Decimal(abs(gap)) / most, c, needed))
    return [
        {"column": results.facts.columns[c], "points": results.number_text(needed)}
        for _share, c, needed in sorted(found)[:NAMED_INDICATORS]
    ]
