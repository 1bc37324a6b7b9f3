"""What an applicant may know: its own rows and anonymous statistics of the field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import copy
from typing import Any

import numpy as np

from evalkit.disclosure.field import Field, Fields
from evalkit.disclosure.heading import outcome, person
from evalkit.disclosure.statistics import TOGETHER
from evalkit.evaluation import Results
from evalkit.facts.columns import SCORED
from evalkit.panel import Applicant
from evalkit.rubric.indicators import Dimension
from evalkit.scoring.points import text

APPLICANT_FORMAT = "evalkit-applicant/1"


def applicant_view(fields: Fields, id: str, heading: dict[str, Any]) -> dict[str, Any]:
    """See `views.Views.applicant`; ``heading`` is what every view of the round begins with."""
    results = fields.results
    applicant, n = results.panel.applicant(id), fields.index[id]
    own, around = results.applicant(n), fields.of(n)
    numbers = iter(range(len(results.facts.columns)))
    return {
        "format": APPLICANT_FORMAT,
        **heading,
        "applicant": person(applicant),
        **{key: own[key] for key in ("rank", "total", "base", "bonus")},
        **_outcome(results, own, around),
        "ranked": around.ranked,
        # that somebody has the same total is somebody else's total
        "tie": fields.tie(n) if around.exact else None,
        "field": copy(around.total),
        "dimensions": [
            _dimension(results, n, k, d, numbers, around)
            for k, d in enumerate(results.rubric.dimensions)
        ],
        "bonuses": [
            _bonus(results, n, c, g, applicant, around)
            for g, c in zip(results.rubric.bonus, numbers, strict=False)
        ],
        "deductions": [
            {
                "name": d.name,
                "max": format(d.points, "f"),
                "guidance": d.guidance or "",
                "points": results.number_text(results.points[n, c]),
                "reason": results.facts.texts.get((n, -1, d.id), ""),
            }
            for d, c in zip(results.rubric.deductions, numbers, strict=False)
        ],
    }


def _outcome(results: Results, own: Mapping[str, Any], around: Field) -> dict[str, Any]:
    """`heading.outcome` without what is somebody else's number: who ties for the last place, and a
    sum of placings where so few are ranked that the rest of all placings is that of one.
    """
    found = outcome(results, own)
    if found["selected"] == "tied_at_cut" and not around.exact:
        found["selected"] = "undecided"
    if around.ranked <= TOGETHER + 1:
        found.pop("placings", None)
    return found


def _dimension(
    results: Results,
    n: int,
    k: int,
    dimension: Dimension,
    numbers: Iterator[int],
    around: Field,
) -> dict[str, Any]:
    """A dimension with its indicators, which take their columns from ``numbers``."""
    return {
        "id": dimension.id,
        "number": dimension.number or "",
        "name": dimension.name,
        "max": format(dimension.total, "f"),
        "least": results.least_text(dimension.leaves),
        "points": results.dimension_text(n, k),
        "field": copy(around.dimensions[k]),
        "indicators": [
            {
                "number": i.number or "",
                "max": format(i.points, "f"),
                "least": results.least_text([i]),
                "scale": results.scale_text(i),
                "guidance": i.guidance or "",
                **_cell(results, n, next(numbers), i, around),
            }
            for i in dimension.leaves
        ],
    }


def _cell(results: Results, n: int, c: int, column: Any, around: Field) -> dict[str, Any]:
    """Own points on one column, the scores behind them, what was said, and the field."""
    facts = results.facts
    uses = results.uses(n, c)
    # Sorted by value, so that the order of the experts shows nowhere. What is excluded follows an
    # expert through all indicators, and counts in none.
    scored = sorted(
        (int(results.used.points[n, s, c]), use)
        for s, use in uses
        if facts.state[n, s, c] == SCORED and use != "excluded"
    )
    hidden, defined = _hidden(results, len(scored)), results.defined[n, c]
    sums = {"sum": results.sum_text(n, c), **results.extras(n, c)}
    if _weights_differ(results):
        # the weight that counts would tell whether the one with the greatest was dropped or recused
        sums["sum"] = None
        sums.pop("weight", None)
    return {
        "id": column.id,
        "name": column.name,
        "points": results.number_text(results.points[n, c]) if defined else None,
        "n": int(results.number[n, c]),
        "given": len(scored),
        "hidden": hidden,
        "scores": None
        if hidden
        else [{"points": text(v, facts.scale), "use": use} for v, use in scored],
        "left_out": sorted(use for s, use in uses if facts.state[n, s, c] != SCORED),
        "comments": _comments(results, n, c, column.id) if hidden != "few" else [],
        "flags": results.flags(n, c),
        "field": copy(around.columns[c]),
        **sums,
    }


def _weights_differ(results: Results) -> bool:
    """Whether some expert's score counts for more than another's."""
    return len(set((results.panel.rules.aggregation.weights or {}).values())) > 1


def _hidden(results: Results, given: int) -> str | None:
    """Why the single scores of a column are not listed to its applicant; None if they are.

    ``few`` experts gave one. Where their ``weights`` differ, the weighted sum would tell whose
    score is whose; where whole ``sheets`` are dropped, the same two experts in all columns.
    """
    rules = results.panel.rules
    if given < rules.disclosure.min_experts:
        return "few"
    if _weights_differ(results):
        return "weights"
    return "sheets" if rules.aggregation.level == "total" else None


def _bonus(
    results: Results, n: int, c: int, group: Any, applicant: Applicant, around: Field
) -> dict[str, Any]:
    facts = results.facts
    eligible = results.panel.claims(applicant)
    out = {s for s, use in results.uses(n, c) if use == "excluded"}
    seats = [s for s in range(-1, facts.seats.shape[1]) if s not in out]
    items = []
    for claim in applicant.claims:
        name = f"{group.id}.{claim.id}"
        given = sorted(facts.items[n, s, name] for s in seats if (n, s, name) in facts.items)
        # What the panel decided as a whole is nobody's single score.
        hidden = None if (n, -1, name) in facts.items else _hidden(results, len(given))
        items.append(
            {
                **claim.model_dump(mode="json"),
                "eligible": claim in eligible,
                "hidden": hidden,
                "scores": None if hidden else [text(v, facts.scale) for v in given],
                "comments": _comments(results, n, c, name) if hidden != "few" else [],
            }
        )
    return {
        "max": format(group.points, "f"),
        "guidance": group.guidance,
        "items": items,
        **_cell(results, n, c, group, around),
    }


def _comments(results: Results, n: int, c: int, name: str) -> list[str]:
    """What experts wrote on scores that are not excluded, sorted by the text itself, each once."""
    facts = results.facts
    found = {
        facts.texts.get((n, s, name), "").strip()
        for s, use in results.uses(n, c)
        if facts.state[n, s, c] == SCORED and use != "excluded"
    }
    return sorted(found - {""})


def given(results: Results, n: int) -> np.ndarray:
    """How many experts' scores there are on each column of applicant ``n``, excluded ones not."""
    scored = results.facts.state[n] == SCORED
    count: np.ndarray = (scored & (results.counted[n] | (results.dropped[n] != 0))).sum(axis=0)
    return count
