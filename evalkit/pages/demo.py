"""What the notebooks show when they are run as they are: a part of the demos that come along."""

from __future__ import annotations

from datetime import date
from typing import Any

from evalkit.analysis import advise
from evalkit.base import resources
from evalkit.disclosure import Views
from evalkit.evaluation import Results, evaluate
from evalkit.facts.tidy import read_scores
from evalkit.panel import find_rubric, load_panel
from evalkit.plan import briefing
from evalkit.plan.folder import read_ledger
from evalkit.plan.progress import assess

APPLICANT = "c03"
DAY = date(2026, 6, 30)


def applicant() -> dict[str, Any]:
    """What an applicant of the demo may know of its result."""
    results = _results()
    return Views(results, advise(results)).report(APPLICANT)


def panel() -> dict[str, Any]:
    """The whole demo, for those who run it."""
    results = _results()
    return Views(results, advise(results)).panel()


def plan() -> dict[str, Any]:
    """The progress of a demo plan on a day."""
    rubric, ledger = read_ledger(resources.path("panels", "henan-ai-plus-demo"))
    return briefing.of_plan(assess(rubric, ledger, DAY))


def _results() -> Results:
    folder = resources.path("panels", "demo")
    rubric = find_rubric(folder / "panel.yaml")
    declared = load_panel(folder / "panel.yaml", rubric)
    return evaluate(rubric, declared, read_scores(folder / "scores.csv", rubric, declared))
