"""The panels of the repository and their results, each evaluated once."""

from __future__ import annotations

from functools import cache

from evalkit.base.tables import read_table
from evalkit.evaluation import Results, evaluate
from evalkit.facts.tidy import from_frame
from evalkit.panel import find_rubric, load_panel
from tests.support.builders import ROOT

FOLDERS = sorted(file.parent.name for file in (ROOT / "panels").glob("*/panel.yaml"))


@cache
def results(name: str) -> Results:
    """The results of a panel of the repository."""
    folder = ROOT / "panels" / name
    rubric = find_rubric(folder / "panel.yaml")
    panel = load_panel(folder / "panel.yaml", rubric)
    facts = from_frame(read_table(folder / "scores.csv"), rubric, panel)
    return evaluate(rubric, panel, facts)
