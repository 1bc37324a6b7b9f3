"""What each reader may see of the results: the applicant's own part, or the panel's summary."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from evalkit import explain
from evalkit.facts import SCORED
from evalkit.panel import Applicant
from evalkit.results import Results
from evalkit.scoring.points import half_up, text
from evalkit.verified import gate_results

APPLICANT_FORMAT = "evalkit-applicant/1"
PANEL_FORMAT = "evalkit-summary/1"


def applicant_view(results: Results, id: str, language: str) -> dict[str, Any]:
    """See `Results.for_applicant`."""
    applicant = results.panel.applicant(id)
    n = results.facts.applicants.index(id)
    own = results.applicant(n)
    numbers = iter(range(len(results.facts.columns)))
    dimensions = [
        {
            "id": d.id,
            "number": d.number or "",
            "name": d.name,
            "max": format(d.total, "f"),
            "least": results.least_text(d.leaves),
            "points": results.dimension_text(n, k),
            "field": _field(results, results.dimensions[:, k]),
            "indicators": [
                {
                    "number": i.number or "",
                    "max": format(i.points, "f"),
                    "least": results.least_text([i]),
                    "scale": results.scale_text(i),
                    "guidance": i.guidance or "",
                    **_cell(results, n, next(numbers), i.id, i.name),
                }
                for i in d.leaves
            ],
        }
        for k, d in enumerate(results.rubric.dimensions)
    ]
    return {
        "format": APPLICANT_FORMAT,
        **_heading(results, language),
        "applicant": _person(applicant),
        **{key: own[key] for key in ("rank", "total", "base", "bonus")},
        **_outcome(results, own),
        "ranked": int(np.count_nonzero(_peers(results, n))),
        "tie": _tie(results, n),
        "field": _field(results, results.total),
        "dimensions": dimensions,
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


def _outcome(results: Results, own: dict[str, Any]) -> dict[str, Any]:
    """Group, grade, selection and conditions in the words of text and panel."""
    procedure = results.panel.procedure_of(results.rubric)
    shown = ("group", "selected", "deduction")
    found: dict[str, Any] = {key: own.get(key) for key in shown} | {"grade": None, "gates": []}
    if "grade" in own:
        grades = {g.id: g for g in procedure.grades} if procedure else {}
        grade = grades.get(own["grade"])
        found["grade"] = grade and {"name": grade.name, "effect": grade.effect}
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


def _tie(results: Results, n: int) -> str | None:
    """Whether others have the same total: rank ``shared`` with one, or ``broken`` by the chain."""
    peers = _peers(results, n)
    if not peers[n] or np.count_nonzero(peers & (results.total == results.total[n])) == 1:
        return None
    shared = np.count_nonzero(peers & (results.rank == results.rank[n])) > 1
    return "shared" if shared else "broken"


def _peers(results: Results, n: int) -> np.ndarray:
    """(applicants): who is ranked together with applicant ``n``, itself included."""
    ranked = results.rank > 0
    if results.panel.rules.ranking != "by_group":
        return ranked
    groups = np.array([a.group for a in results.panel.applicants])
    return np.asarray(ranked & (groups == groups[n]))


def panel_view(results: Results, language: str) -> dict[str, Any]:
    """See `Results.for_panel`."""
    groups = [a.group or "" for a in results.panel.applicants]
    by_group = results.panel.rules.ranking == "by_group"
    order = sorted(
        range(len(groups)),
        key=lambda n: (groups[n] if by_group else "", results.rank[n] or np.inf, n),
    )
    rows = []
    for n in order:
        own = results.applicant(n)
        applicant = results.panel.applicants[n]
        columns = {i["id"]: i["points"] for i in own["indicators"]}
        outcome = _outcome(results, own)
        rows.append({**own, **_person(applicant), **outcome, "indicators": columns})
    return {
        "format": PANEL_FORMAT,
        **_heading(results, language),
        "experts": [e.model_dump(mode="json") for e in results.panel.experts],
        "dimensions": [
            {"id": d.id, "name": d.name, "max": format(d.total, "f")}
            for d in results.rubric.dimensions
        ],
        "columns": _columns(results),
        "applicants": rows,
        "field": _field(results, results.total),
        "notes": _notes(results, language),
    }


def _heading(results: Results, language: str) -> dict[str, Any]:
    rubric, panel, basis = results.rubric, results.panel, results.facts.basis
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
            "source": rubric.source.model_dump(mode="json"),
        },
        "basis": {"kind": basis.kind, "locked_at": basis.locked_at, "root": basis.root},
        "rules": [sentence.render(language) for sentence in explain.rules(rubric, panel)],
        "declared": panel.rules.model_dump(mode="json"),
    }


def _columns(results: Results) -> list[dict[str, Any]]:
    """Everything that carries points; the number in the text is None for a bonus."""
    numbers = {i.id: i.number for i in results.rubric.indicators}
    rows = results.rubric.summary()["indicators"]
    return [{**row, "number": numbers.get(row["id"])} for row in rows]


def _person(applicant: Applicant) -> dict[str, Any]:
    return applicant.model_dump(mode="json", exclude={"claims"})


def _cell(results: Results, n: int, c: int, id: str, name: str) -> dict[str, Any]:
    """Own points on one column, the scores behind them, what was said, and the field."""
    facts = results.facts
    uses = results.uses(n, c)
    enough = results.number[n, c] >= results.panel.rules.disclosure.min_experts
    # Sorted by value, so that the order of the experts shows nowhere.
    scored = sorted(
        (int(facts.points[n, s, c]), use) for s, use in uses if facts.state[n, s, c] == SCORED
    )
    defined = results.defined[n, c]
    return {
        "id": id,
        "name": name,
        "points": results.number_text(results.points[n, c]) if defined else None,
        "sum": results.sum_text(n, c),
        "n": int(results.number[n, c]),
        "scores": [{"points": text(v, facts.scale), "use": use} for v, use in scored]
        if enough
        else None,
        "left_out": sorted(use for s, use in uses if facts.state[n, s, c] != SCORED),
        "comments": _comments(results, n, [id]) if enough else [],
        "flags": results.flags(n, c),
        "field": _field(results, results.points[:, c], results.defined[:, c] & results.eligible),
        **results.extras(n, c),
    }


def _bonus(results: Results, n: int, c: int, group: Any, applicant: Applicant) -> dict[str, Any]:
    facts = results.facts
    eligible = results.panel.claims(applicant)
    items = []
    for claim in applicant.claims:
        name = f"{group.id}.{claim.id}"
        seats = range(-1, facts.seats.shape[1])
        given = sorted(facts.items[n, s, name] for s in seats if (n, s, name) in facts.items)
        # What the panel decided as a whole is nobody's single score.
        enough = (n, -1, name) in facts.items or (
            len(given) >= results.panel.rules.disclosure.min_experts
        )
        items.append(
            {
                **claim.model_dump(mode="json"),
                "eligible": claim in eligible,
                "scores": [text(v, facts.scale) for v in given] if enough else None,
                "comments": _comments(results, n, [name]) if enough else [],
            }
        )
    return {
        "max": format(group.points, "f"),
        "guidance": group.guidance,
        "items": items,
        **_cell(results, n, c, group.id, group.name),
    }


def _comments(results: Results, n: int, names: Iterable[str]) -> list[str]:
    """What experts wrote on scores, sorted by the text itself, each once."""
    facts = results.facts
    found = {
        words
        for s in range(facts.seats.shape[1])
        for name in names
        if (words := facts.texts.get((n, s, name), "").strip())
        and facts.state[n, s, facts.columns.index(name.partition(".")[0])] == SCORED
    }
    return sorted(found)


def _field(
    results: Results, values: np.ndarray, defined: np.ndarray | None = None
) -> dict[str, str] | None:
    """Least, quartiles, greatest and mean over all ranked applicants, rounded half up.

    None when there are fewer than the declared number of applicants.
    """
    values = np.sort(values[results.rank > 0 if defined is None else defined])
    n = len(values)
    if n < max(results.panel.rules.disclosure.min_applicants, 1):
        return None
    found = {"min": values[0], "max": values[-1]}
    for name, quarter in (("q1", 1), ("median", 2), ("q3", 3)):
        # linear interpolation between order statistics, exact in quarters
        at, rest = divmod((n - 1) * quarter, 4)
        above = values[min(at + 1, n - 1)]
        found[name] = half_up(values[at] * (4 - rest) + above * rest, 4)
    found["mean"] = half_up(values.sum(), n)
    return {name: results.number_text(value) for name, value in found.items()}


def _notes(results: Results, language: str) -> list[dict[str, Any]]:
    """Everything out of the ordinary in the round, by applicant and indicator."""
    facts = results.facts
    notes: list[dict[str, Any]] = []
    for n, c in np.ndindex(results.points.shape):
        place = {"applicant": facts.applicants[n], "column": facts.columns[c]}
        for s, use in results.uses(n, c):
            if use in {"unscored", "recused", "missing"}:
                reason = facts.reason(n, s, facts.columns[c])
                expert = facts.experts[facts.seats[n, s]]
                notes.append({**place, "expert": expert, "use": use, "reason": reason})
        flags = [flag for flag in results.flags(n, c) if flag != "experts_excluded"]
        notes += [{**place, "flag": flag} for flag in flags]
    notes += [
        {"applicant": a, "gate": gate.article, "use": f"gate_{result}", "reason": reason}
        for a in (facts.applicants if results.panel.rules.gates else ())
        for gate, result in gate_results(results.rubric, facts.verified, a)
        if result != "pass"
        for reason in (facts.verified.texts.get((a, gate.id), ""),)
    ]
    notes += [
        {"applicant": a, "expert": e, "use": "conflict", "reason": reason.render(language)}
        for (a, e), reason in sorted(results.panel.recused.items())
    ]
    return notes
