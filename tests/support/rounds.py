"""Small rounds from plain values, evaluated."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from evalkit.evaluation import Results, evaluate
from evalkit.facts.tidy import from_frame
from tests.support.builders import frame, load, rubric_data


def evaluated(folder: Path, rubric: Any, panel: Any, rows: Sequence[Sequence[str]]) -> Results:
    """Write, load and evaluate a round."""
    loaded = load(folder, rubric, panel)
    return evaluate(*loaded, from_frame(frame(rows), *loaded))


def people(results: Results) -> dict[str, dict[str, Any]]:
    """The published part of each applicant."""
    return {row["id"]: row for row in results.to_dict()["applicants"]}


def scaled(min_: str, max_: str, *factors: str) -> dict[str, Any]:
    """A rubric of indicators scored from ``min_`` to ``max_``, each times its factor."""
    points = [Fraction(max_) * Fraction(f) for f in factors]
    texts = [f"{float(p):g}" for p in points]
    data = rubric_data([1] * len(factors))
    data["points"] = data["dimensions"][0]["points"] = f"{float(sum(points)):g}"
    own = data["dimensions"][0]["indicators"]
    for indicator, p, factor in zip(own, texts, factors, strict=True):
        indicator |= {"points": p, "scored": {"min": min_, "max": max_, "factor": factor}}
    return data


def graded(**passes: bool) -> dict[str, Any]:
    """A yearly evaluation with these grades, the best first, and whether each of them passes."""
    stage = {"id": "s1", "article": "第十二条", "text": "考评", "name": "考评", "actor": "某办"}
    return {
        "id": "yearly",
        "article": "第十二条",
        "text": "年度综合考评",
        "name": "考评",
        "kind": "evaluation",
        "table": "rubric",
        "stages": [stage],
        "grades": [{"id": g, "name": g, "passes": own} for g, own in passes.items()],
    }
