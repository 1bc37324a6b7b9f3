"""What readers see of results, with the advisory part as the commands add it."""

from __future__ import annotations

from typing import Any

from evalkit.analysis import Line, advise
from evalkit.analysis.recompute import leave_one_out
from evalkit.disclosure import Views
from evalkit.evaluation import Results


def advised(results: Results, line: Line | None = None) -> Views:
    """The views with an analysis that draws the line at ``line``."""
    return Views(results, advise(results, line=line))


def reported(results: Results) -> Views:
    """The views as a batch of reports has them: with the ranks without each expert in turn."""
    return Views(results, left_out=leave_one_out(results))


def panel(results: Results, language: str = "zh", line: Line | None = None) -> dict[str, Any]:
    """The panel's view with its analysis."""
    return advised(results, line).panel(language)
