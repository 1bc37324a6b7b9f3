"""The table of everything that is recorded once: as a template, and read back when filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.base.errors import Problem
from evalkit.base.headings import Columns
from evalkit.base.text import Text, _, render
from evalkit.panel import Panel
from evalkit.record.entries import Line, once
from evalkit.record.history import History
from evalkit.record.owed import NAMES, WORDS, owed
from evalkit.rubric import Rubric

if TYPE_CHECKING:
    import pandas as pd

HEADINGS = (
    _("评审对象标识"),
    _("评审对象名称"),
    _("类别"),
    _("项目标识"),
    _("项目名称"),
    _("单位"),
    _("要求"),
    _("值"),
    _("依据"),
    _("改动的理由"),
)
"""Of the template; those of `COLUMNS` are read back, the others help to fill them in."""

COLUMNS = Columns(
    ("applicant", "indicator", "value"),
    ("evidence", "reason"),
    {
        "applicant": ("评审对象标识", "参评对象标识", "对象标识", "评审对象", "Applicant id"),
        "indicator": ("项目标识", "指标标识", "条件标识", "项目", "指标", "Item id"),
        "value": ("值", "测量值", "分值", "结果"),
        "evidence": ("依据", "证据", "佐证", "理由", "说明", "Basis"),
        "reason": ("改动的理由", "修改理由", "Reason of the change"),
    },
)


def template(rubric: Rubric, panel: Panel, history: History, language: str) -> pd.DataFrame:
    """A row for each thing owed, as text, under `HEADINGS`; what is recorded already is filled in.

    ``rubric`` is that in force.
    """
    import pandas as pd

    rows = []
    for one in owed(rubric, panel):
        event = history.recorded(one.kind, one.applicant.id, one.indicator)
        points, text = (event.payload[k] for k in ("points", "text")) if event else ("", "")
        what: list[Text | str] = [one.applicant.id, one.applicant.name, NAMES[one.what]]
        what += [one.indicator, f"{one.title} {one.text}".strip(), one.unit or "", one.wanted]
        rows.append(
            [render(cell, language) for cell in (*what, WORDS.get(points, points), text, "")]
        )
    heads = [heading.render(language) for heading in HEADINGS]
    return pd.DataFrame(rows, columns=heads, dtype=str)


def lines(
    frame: pd.DataFrame, rubric: Rubric, panel: Panel, author: str, source: str
) -> tuple[list[Line], list[Problem]]:
    """The rows of a filled table as entries of ``author``, and what is wrong with the others.

    ``frame`` as from `read_table` with `COLUMNS`. A row without a value is passed over; nobody has
    to record what the template does not have, and nothing twice.
    """
    COLUMNS.require_all(list(frame.columns), source)
    known = {(one.applicant.id, one.indicator): one for one in owed(rubric, panel)}
    found: list[Line] = []
    wrong: list[Problem] = []
    first: dict[tuple[str, str], int] = {}
    for line, row in zip(map(int, frame.index), frame.to_dict("records"), strict=True):
        key = row["applicant"], row["indicator"]
        if not row["value"]:
            continue
        if problem := _misplaced(panel, key, first.get(key), known=key in known):
            wrong.append(Problem(problem, source, line))
            continue
        first[key] = line
        entry = once(author, known[key].kind, *key, plain(row["value"]), row.get("evidence", ""))
        found.append((line, entry, row.get("reason", "")))
    return found, wrong


def _misplaced(
    panel: Panel, key: tuple[str, str], before: int | None, *, known: bool
) -> Text | None:
    applicant, name = key
    if applicant not in {a.id for a in panel.applicants}:
        return _("没有评审对象“{applicant}”，请核对名单", applicant=applicant)
    if not known:
        return _(
            "{applicant} 没有要登记的“{name}”，请写项目标识，可由 evalkit record template 给出",
            applicant=applicant,
            name=name,
        )
    if before is not None:
        values = {"applicant": applicant, "name": name, "line": before}
        return _("{applicant} 的 {name} 已在第 {line} 行出现过，请只留一行", **values)
    return None


def plain(value: str) -> str:
    """A value in the word of the record where people write another: 满足 is ``pass``."""
    value = value.strip()
    languages = ("zh", "en")
    return next(
        (word for word, said in WORDS.items() for x in languages if said.render(x) == value), value
    )
