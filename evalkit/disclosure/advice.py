"""What each reader may see of the analysis: those who run the round, and one applicant."""

from __future__ import annotations

from typing import Any

import numpy as np

from evalkit.analysis import Analysis
from evalkit.analysis.analyse import asdict_shallow, rendered
from evalkit.analysis.recompute import LeftOut
from evalkit.disclosure.applicant import given
from evalkit.disclosure.field import Fields
from evalkit.evaluation import Results
from evalkit.facts.columns import SCORED

WINDOW = 40
"""Rows of a picture: around the line, or from the top where none is declared."""

FINDINGS = 60
"""As many are listed on the page; all of them in `Analysis.to_dict`."""

_KEPT = ("settings", "resampling", "agreement", "severity", "reasons", "lists")

TONES = (0.02, 0.04, 0.07, 0.1)
"""Shares of a sheet's points from which on a deviation is drawn darker."""


def applicant_part(fields: Fields, left_out: LeftOut, id: str) -> dict[str, int] | None:
    """Between which ranks the applicant lies when any one expert is left out.

    It names no expert and nobody else's rank. None where on some indicator fewer experts' scores
    can count than the rules declare for telling about them, or where it would have no rank.
    """
    results, n = fields.results, fields.index[id]
    ranks = left_out.rank[:, n]
    asked = (results.facts.state[n] == SCORED).any(axis=0)
    few = (given(results, n)[asked] < results.panel.rules.disclosure.min_experts).any()
    if few or results.rank[n] == 0 or len(ranks) < 2 or (ranks == 0).any():
        return None
    return {"low": int(ranks.min()), "high": int(ranks.max())}


def panel_part(results: Results, analysis: Analysis, language: str) -> dict[str, Any]:
    """What the page of the panel shows: the rows around the line, the rest in one sentence."""
    whole = asdict_shallow(analysis)
    ranked = _placed(results, whole)
    shown = _window(ranked)
    names = {row["applicant"] for row in shown}
    experts = [e.id for e in results.panel.experts if any(e.id in r["sheets"] for r in shown)]
    most = sum(float(i.points) for i in results.rubric.indicators)
    part = {
        **{key: whole[key] for key in _KEPT},
        "ranked": len(ranked),
        "widths": _widths([row for row in ranked if row["applicant"] not in names]),
        "rows": [_row(row) for row in shown],
        "heat": {
            "experts": experts,
            "levels": [f"{share * most:.2f}" for share in TONES],
            "rows": [
                [r["sheets"][e]["deviation"] if e in r["sheets"] else None for e in experts]
                for r in shown
            ],
        },
        "findings": whole["findings"][:FINDINGS],
        "more_findings": max(len(whole["findings"]) - FINDINGS, 0),
    }
    return dict(rendered(part, language))


def _placed(results: Results, whole: dict[str, Any]) -> list[dict[str, Any]]:
    """Everybody with a rank, by group and rank, with the group and its number of places."""
    places, apart = whole["settings"]["places"], results.panel.rules.ranking == "by_group"
    groups = {a.id: a.group if apart else None for a in results.panel.applicants}
    rows = []
    for row in whole["applicants"]:
        group = groups[row["applicant"]]
        own = places.get(group) if isinstance(places, dict) else places
        if row["rank"] is not None:
            rows.append({**row, "group": group, "places": own})
    return sorted(rows, key=_by_rank)


def _by_rank(row: dict[str, Any]) -> tuple[str, int]:
    return row["group"] or "", row["rank"]


def _window(ranked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows nearest to the line, or to the top where there is none, in their order."""
    nearest = sorted(ranked, key=lambda row: abs(2 * row["rank"] - 2 * (row["places"] or 0) - 1))
    return sorted(nearest[:WINDOW], key=_by_rank)


def _widths(rows: list[dict[str, Any]]) -> dict[str, int] | None:
    """How wide the ranges of the ranks that are not shown are: in the middle, and at most."""
    if not rows:
        return None
    widths = sorted(row["ranks"][1] - row["ranks"][0] for row in rows)
    return {"n": len(rows), "median": widths[len(widths) // 2], "most": widths[-1]}


def _row(row: dict[str, Any]) -> dict[str, Any]:
    kept = ("applicant", "rank", "total", "interval", "ranks", "inside", "ahead", "methods")
    more = ("weights", "line", "other_grade", "group", "places")
    found = {key: row[key] for key in (*kept, *more)}
    left = row["left_out"]
    if left is not None:
        ranks, times = np.unique(
            [r for r in left["by_expert"].values() if r is not None], return_counts=True
        )
        found["left_out"] = {
            "low": left["low"],
            "high": left["high"],
            "times": {str(r): n for r, n in zip(ranks.tolist(), times.tolist(), strict=True)},
        }
    else:
        found["left_out"] = None
    return found
