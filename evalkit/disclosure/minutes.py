"""What the minutes of the panel's meeting (会议纪要) say, for those who run the round."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from evalkit.disclosure.field import Fields
from evalkit.disclosure.overview import panel_view
from evalkit.evaluation import Results
from evalkit.facts.columns import CONFLICT, RECUSED, SCORED

FORMAT = "evalkit-minutes/1"


def minutes_view(fields: Fields, opinions: Mapping[str, str], language: str) -> dict[str, Any]:
    """See `views.Views.minutes`."""
    results = fields.results
    view, facts = panel_view(fields, language), results.facts
    scored = (facts.state == SCORED).any(axis=2)
    by_applicant = dict(zip(facts.applicants, scored.sum(axis=1).tolist(), strict=True))
    seats = facts.seats
    sheets = {
        e: (int(np.count_nonzero(scored & (seats == k))), int(np.count_nonzero(seats == k)))
        for k, e in enumerate(facts.experts)
    }
    procedure = results.panel.procedure_of(results.rubric)
    for row in view["applicants"]:
        row |= {"opinion": opinions.get(row["id"]), "experts": by_applicant[row["id"]]}
    for expert in view["experts"]:
        expert["sheets"], expert["due"] = sheets[expert["id"]]
    return {
        **view,
        "format": FORMAT,
        "least": results.panel.rules.aggregation.least,
        "list": procedure.list_name if procedure else None,
        "selecting": results.panel.rules.selecting is not None,
        "apart": _apart(results, language),
    }


def _apart(results: Results, language: str) -> list[dict[str, Any]]:
    """Who was kept apart from whom, or recused on which indicators, and why; one row a pair."""
    facts, rows = results.facts, []
    names = {i.id: i.name for i in results.rubric.indicators}
    names |= {b.id: b.name for b in results.rubric.bonus}
    for n, s in np.argwhere(facts.seats >= 0).tolist():
        expert = results.panel.experts[facts.seats[n, s]]
        applicant = results.panel.applicants[n]
        pair = {"applicant": applicant.name, "expert": expert.name}
        if (facts.state[n, s] == CONFLICT).any():
            reason = results.panel.recused[applicant.id, expert.id].render(language)
            rows.append({**pair, "columns": [], "reasons": [reason]})
        elif len(columns := np.flatnonzero(facts.state[n, s] == RECUSED)):
            ids = [facts.columns[c] for c in columns.tolist()]
            reasons = dict.fromkeys(filter(None, (facts.reason(n, s, id) for id in ids)))
            rows.append({**pair, "columns": [names[id] for id in ids], "reasons": [*reasons]})
    return rows
