"""What each reader may see of the results: an applicant its own part, the panel all, the public."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import copy
from functools import lru_cache
from typing import Any

import numpy as np

from evalkit.base import canonical
from evalkit.disclosure import field
from evalkit.evaluation import Results
from evalkit.facts.columns import SCORED
from evalkit.panel import Applicant, explain
from evalkit.rubric.indicators import Dimension
from evalkit.scoring.points import text

APPLICANT_FORMAT = "evalkit-applicant/1"


def applicant_view(results: Results, id: str, language: str) -> dict[str, Any]:
    """See `Results.for_applicant`."""
    applicant = results.panel.applicant(id)
    n = field.index(results)[id]
    own, around = results.applicant(n), field.of(results, n)
    numbers = iter(range(len(results.facts.columns)))
    return {
        "format": APPLICANT_FORMAT,
        **json.loads(_heading(results, language)),
        "applicant": person(applicant),
        **{key: own[key] for key in ("rank", "total", "base", "bonus")},
        **outcome(results, own),
        "ranked": around.ranked,
        "tie": field.tie(results, n),
        "field": copy(around.total),
        "dimensions": [
            _dimension(results, n, k, d, numbers) for k, d in enumerate(results.rubric.dimensions)
        ],
        "bonuses": [
            _bonus(results, n, c, g, applicant)
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


def _dimension(
    results: Results, n: int, k: int, dimension: Dimension, numbers: Iterator[int]
) -> dict[str, Any]:
    """A dimension with its indicators, which take their columns from ``numbers``."""
    return {
        "id": dimension.id,
        "number": dimension.number or "",
        "name": dimension.name,
        "max": format(dimension.total, "f"),
        "least": results.least_text(dimension.leaves),
        "points": results.dimension_text(n, k),
        "field": copy(field.of(results, n).dimensions[k]),
        "indicators": [
            {
                "number": i.number or "",
                "max": format(i.points, "f"),
                "least": results.least_text([i]),
                "scale": results.scale_text(i),
                "guidance": i.guidance or "",
                **_cell(results, n, next(numbers), i),
            }
            for i in dimension.leaves
        ],
    }


def outcome(results: Results, own: dict[str, Any]) -> dict[str, Any]:
    """Group, grade, selection and conditions in the words of text and panel."""
    procedure = results.panel.procedure_of(results.rubric)
    shown = ("group", "selected", "deduction")
    found: dict[str, Any] = {key: own.get(key) for key in shown} | {"grade": None, "gates": []}
    if "grade" in own:
        grades = {g.id: g for g in procedure.grades} if procedure else {}
        grade = grades.get(own["grade"])
        effects = [rule.text for rule in results.rubric.standing if own["grade"] in rule.grades]
        found["grade"] = grade and {
            "name": grade.name,
            "passes": grade.passes,
            "effects": effects,
        }
    if "gates" in own:
        gates = {g.id: g for g in results.rubric.gates}
        texts = results.facts.verified.texts
        found["gates"] = [
            {
                "article": gates[g["id"]].article,
                "text": gates[g["id"]].text,
                "result": g["result"],
                "reason": texts.get((own["id"], g["id"]), ""),
            }
            for g in own["gates"]
        ]
    return found


@lru_cache(4)
def _heading(results: Results, language: str) -> str:
    """`heading` as JSON: the view of every applicant gets an object of its own."""
    return canonical.dumps(heading(results, language))


def heading(results: Results, language: str, *, named: bool = False) -> dict[str, Any]:
    """What every view begins with: which round, on what basis, by which rules.

    ``named`` is for those who run the round: who among the experts has which weight.
    """
    rubric, panel, basis = results.rubric, results.panel, results.facts.basis
    declared = panel.rules.model_dump(mode="json")
    if not named:
        declared["aggregation"].pop("weights", None)
    return {
        "language": language,
        "status": results.status,
        "digest": results.digest,
        "panel": {
            "id": panel.id,
            "title": panel.title,
            "digest": panel.digest,
            "secretary": panel.secretary.name,
            "experts": len(panel.experts),
        },
        "rubric": {
            "id": rubric.id,
            "version": rubric.version,
            "title": rubric.title,
            "digest": rubric.digest,
            "points": format(rubric.points or 0, "f"),
            "better": rubric.better,
            "source": rubric.source.model_dump(mode="json"),
        },
        "basis": {"kind": basis.kind, "locked_at": basis.locked_at, "root": basis.root},
        "rules": [
            sentence.render(language) for sentence in explain.rules(rubric, panel, named=named)
        ],
        "declared": declared,
    }


def person(applicant: Applicant) -> dict[str, Any]:
    """Who an applicant is, without its claims."""
    return applicant.model_dump(mode="json", exclude={"claims"})


def _cell(results: Results, n: int, c: int, column: Any) -> dict[str, Any]:
    """Own points on one column, the scores behind them, what was said, and the field."""
    facts = results.facts
    uses = results.uses(n, c)
    # Sorted by value, so that the order of the experts shows nowhere. What is excluded follows an
    # expert through all indicators, and counts in none.
    scored = sorted(
        (int(facts.points[n, s, c]), use)
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
        "field": copy(field.of(results, n).columns[c]),
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


def _bonus(results: Results, n: int, c: int, group: Any, applicant: Applicant) -> dict[str, Any]:
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
        **_cell(results, n, c, group),
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
