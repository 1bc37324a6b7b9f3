"""What views have in common: which round, by which rules, who an applicant is, what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evalkit.evaluation import Results
from evalkit.panel import Applicant, explain


def heading(results: Results, language: str, *, named: bool = False) -> dict[str, Any]:
    """What every view begins with: which round, on what basis, by which rules.

    ``named`` is for those who run the round: who among the experts has which weight, and who typed
    in which sheets from paper.
    """
    rubric, panel = results.rubric, results.panel
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
        "basis": basis_view(results, named=named),
        "rules": [
            sentence.render(language) for sentence in explain.rules(rubric, panel, named=named)
        ],
        "declared": declared,
    }


def basis_view(results: Results, *, named: bool = False) -> dict[str, Any]:
    """What the results rest on, and for those of a successor round what they take the place of.
    The reason for that may name an expert, so only those who run the round (``named``) read it.
    """
    basis = results.facts.basis
    found: dict[str, Any] = {name: getattr(basis, name) for name in ("kind", "locked_at", "root")}
    if basis.supersedes is not None:
        shown = ("root", "results", *(("reason", "objection", "decided_by") if named else ()))
        found["supersedes"] = {name: getattr(basis.supersedes, name) for name in shown}
    if named and basis.discussed:
        found["discussed"] = list(basis.discussed)
    if named and basis.paper:
        found["paper"] = [list(own) for own in basis.paper]
    return found


def person(applicant: Applicant) -> dict[str, Any]:
    """Who an applicant is, without its claims."""
    return applicant.model_dump(mode="json", exclude={"claims"})


def outcome(results: Results, own: Mapping[str, Any]) -> dict[str, Any]:
    """Group, grade, selection and conditions in the words of text and panel."""
    procedure = results.panel.procedure_of(results.rubric)
    shown = ("group", "selected", "deduction")
    found: dict[str, Any] = {key: own.get(key) for key in shown} | {"grade": None, "gates": []}
    found |= {key: own[key] for key in ("placings", "missed") if key in own}
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
