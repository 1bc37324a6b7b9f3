"""The table into which score sheets from paper are typed: as a template, a row for each cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from evalkit.base.text import Text, _, render
from evalkit.panel import Panel
from evalkit.record.fields import Range, fields
from evalkit.record.history import History
from evalkit.rubric import Rubric

if TYPE_CHECKING:
    import pandas as pd

HEADINGS = (_("专家"), _("评审对象"), _("指标"), _("要求"), _("得分"), _("理由"))
"""Of the template; all but the range are read back by `read_table`."""


def template(rubric: Rubric, panel: Panel, history: History, language: str) -> pd.DataFrame:
    """A row for each cell that an expert has not filled in yet, as text under `HEADINGS`, expert by
    expert. Names stand for ids where only one bears them. ``rubric`` is that in force.
    """
    import pandas as pd

    experts = _called((e.id, e.name) for e in panel.experts)
    applicants = _called((a.id, a.name) for a in panel.applicants)
    rows = [
        [experts[e.id], applicants[a.id], _indicator(rubric, name), _wanted(panel, range), "", ""]
        for e in panel.experts
        for a in panel.applicants
        if panel.may_score(a.id, e.id) and e.id in panel.seats(a.id)
        for name, range in fields(rubric, panel, a.id).items()
        if history.cell(e.id, a.id, name) is None
    ]
    said = [[render(cell, language) for cell in row] for row in rows]
    return pd.DataFrame(said, columns=[h.render(language) for h in HEADINGS], dtype=str)


def _called(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    named = dict(pairs)
    count = Counter(named.values())
    return {id: name if count[name] == 1 else id for id, name in named.items()}


def _indicator(rubric: Rubric, name: str) -> str:
    return _called((i.id, i.name) for i in rubric.indicators).get(name, name)


def _wanted(panel: Panel, range: Range) -> Text:
    low, high, zero = range
    said = _("0，或 {low} 至 {high} 分") if zero else _("{low} 至 {high} 分，以 {step} 分为一档")
    return said.filled(low=low, high=high, step=panel.rules.step)
