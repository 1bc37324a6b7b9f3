"""What a notebook shows of a rubric, a panel, facts, results and an analysis."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import singledispatch
from typing import Any

import numpy as np

from evalkit.analysis import Analysis
from evalkit.base.terms import NONE, instant
from evalkit.base.text import Text, _
from evalkit.disclosure import Views
from evalkit.evaluation import Results
from evalkit.evaluation.comparison import Comparison
from evalkit.evaluation.stored import StoredResults
from evalkit.evaluation.what_if import WhatIf
from evalkit.facts.columns import STATES, Facts
from evalkit.pages import advice, page, summary
from evalkit.pages.looks import framed
from evalkit.panel import Panel
from evalkit.panel.explain import times
from evalkit.record.lack import Lacking
from evalkit.record.verification import Verification
from evalkit.rubric import Rubric
from evalkit.rubric.open_rules import RULE_NAMES

LANGUAGE = "zh"

MOST_ROWS = 30
"""A longer table is cut; all of it is in ``to_frame()``."""

Heading = tuple[Text | str, str]
"""What stands over a column, and ``n`` where it holds numbers."""


@singledispatch
def card(thing: Any) -> str:
    """The HTML that a notebook shows of ``thing``. Raises TypeError for what has none."""
    raise TypeError(type(thing).__name__)


def table(
    title: Text | str,
    facts: Iterable[Text | str],
    headings: Sequence[Heading],
    rows: Sequence[Sequence[Any]],
    status: str = "",
) -> str:
    """A section with a sentence for each of ``facts`` and the first rows of a table, without
    columns that are empty in all rows. With a ``status`` it is marked as that.
    """
    full = [n for n in range(len(headings)) if any(row[n] not in ("", None) for row in rows)]
    headings = [headings[n] for n in full]
    shown = [["" if row[n] is None else row[n] for n in full] for row in rows[:MOST_ROWS]]
    more = max(len(rows) - MOST_ROWS, 0)
    values = {"title": title, "facts": list(facts), "headings": headings, "more": more}
    return page.fill("card", LANGUAGE, rows=shown, status=status, **values)


@card.register
def _rubric(rubric: Rubric) -> str:
    numbers, whole = {i.id: i.number for i in rubric.indicators}, rubric.summary()
    names = {row["id"]: row["name"] for row in whole["dimensions"]}
    rows = [
        [names.get(r["dimension"]), numbers.get(r["id"]), r["name"], r["points"], r["unit"]]
        for r in whole["indicators"]
    ]
    source = rubric.source
    facts: list[Text | str] = [
        f"{source.title}（{source.issuer}）{source.table}",
        _("标识 {id}，版本 {version}", id=rubric.id, version=rubric.version),
        *([_("总分 {points} 分", points=rubric.points)] if rubric.points is not None else []),
    ]
    if rubric.tasks:
        facts.append(_("{n} 项目标、{m} 项任务", n=len(rubric.targets), m=len(rubric.tasks)))
    heads: list[Heading] = [(_("一级指标"), ""), (_("序号"), ""), (_("指标"), "")]
    heads += [(_("分值"), "n"), (_("单位"), "")]
    return framed(table(rubric.title, facts, heads, rows))


@card.register
def _panel(panel: Panel) -> str:
    roles = {"chair": _("组长"), "member": _("成员")}
    people = [[e.id, e.name, roles[e.role], e.employer] for e in panel.experts]
    heads: list[Heading] = [(_("标识"), ""), (_("专家"), ""), (_("身份"), ""), (_("工作单位"), "")]
    rules = panel.rules.model_dump(mode="json", exclude_none=True)
    declared = [
        [RULE_NAMES[name], _flow(value)] for name, value in rules.items() if name in RULE_NAMES
    ]
    facts = [
        _("{n} 个参评对象，{m} 位专家", n=len(panel.applicants), m=len(panel.experts)),
        _("指标体系 {rubric}", rubric=panel.rubric),
        times(panel.schedule),
    ]
    return framed(
        table(panel.title, facts, heads, people),
        table(_("本轮规则"), [], [(_("规则"), ""), (_("声明"), "")], declared),
    )


def _flow(value: Any) -> str:
    """A declared value in a line, as it would stand in YAML."""
    if isinstance(value, dict):
        return "，".join(f"{key}: {_flow(item)}" for key, item in value.items())
    return "、".join(map(_flow, value)) if isinstance(value, list) else str(value)


_STATES = {
    "missing": _("尚未打分"),
    "scored": _("已打分"),
    "unscored": _("注明理由不评"),
    "recused": _("回避"),
    "conflict": _("利益冲突"),
}


@card.register
def _facts(facts: Facts) -> str:
    counts = np.bincount(facts.state.ravel(), minlength=len(STATES)).tolist()
    said = [
        _("{what} {n} 项", what=_STATES[s], n=n)
        for s, n in zip(STATES, counts, strict=True)
        if s in _STATES and n
    ]
    heads: list[Heading] = [(_("标识"), ""), *((e, "n") for e in facts.experts)]
    rows = []
    for n, id in enumerate(facts.applicants):
        cells = dict.fromkeys(range(len(facts.experts)), "")
        for seat, state in zip(facts.seats[n].tolist(), facts.state[n], strict=True):
            if seat >= 0:
                cells[seat] = _progress(state)
        rows.append([id, *cells.values()])
    title = _(
        "{n} 个对象 × {m} 位专家 × {k} 项",
        n=len(facts.applicants),
        m=len(facts.experts),
        k=len(facts.columns),
    )
    return framed(table(title, said, heads, rows))


def _progress(state: np.ndarray) -> str:
    """How many of the columns that a seat is asked for have a score."""
    if (state == STATES.index("conflict")).any():
        return NONE
    asked = int((state != STATES.index("not_asked")).sum())
    return f"{int((state == STATES.index('scored')).sum())}/{asked}"


@card.register
def _results(results: Results) -> str:
    view = {**Views(results).panel(LANGUAGE), "level": "internal"}
    return framed(summary.heading(view).html, summary.ranking(view).html)


@card.register
def _stored(results: StoredResults) -> str:
    found = results.tables["ranking"].to_dict(LANGUAGE)
    heads: list[Heading] = [
        (c["heading"], "n" if c["kind"] in ("number", "rank") else "") for c in found["columns"]
    ]
    return framed(table(results.panel.title, [repr(results)], heads, found["rows"]))


@card.register
def _comparison(compared: Comparison) -> str:
    said = [change.what for change in compared.inputs]
    still = sum(not change.moved for change in compared.changes)
    said.append(_("其余 {n} 个对象没有变化", n=still))
    return framed(table(_("两轮结果对照"), said, *_moved(compared)))


_BRIEFLY = {"name", "why"} | {
    f"{part}_{side}"
    for part in ("rank", "total", "grade", "selected")
    for side in ("before", "after")
}


@card.register
def _what_if(found: WhatIf) -> str:
    heads, rows = _moved(found)
    still = len(found.changes) - len(rows)
    said = [_("假设："), *found.assumed]
    said.append(_("{n} 个对象会有变化，其余 {still} 个没有", n=len(rows), still=still))
    return framed(table(_("假如这样，结果会怎样"), said, heads, rows, found.after.status))


def _moved(compared: Comparison) -> tuple[list[Heading], list[list[Any]]]:
    """Headings and rows of those who move: rank, total and what follows, and why."""
    found = compared.table.to_dict(LANGUAGE)
    names = [column["name"] for column in found["columns"]]
    kept = [n for n, name in enumerate(names) if name in _BRIEFLY]
    heads: list[Heading] = [
        (c["heading"], "n" if c["kind"] in ("number", "rank") else "")
        for c in (found["columns"][n] for n in kept)
    ]
    rows = [row for row in found["rows"] if row[names.index("moved")]]
    return heads, [[row[n] for n in kept] for row in rows]


@card.register
def _analysis(analysis: Analysis) -> str:
    view = {**Views(analysis.results, analysis).panel(LANGUAGE), "level": "internal"}
    return framed(advice.stability(view).html, advice.agreement(view).html)


@card.register
def _lacking(lacking: Lacking) -> str:
    heads: list[Heading] = [(_("谁欠"), ""), (_("缺什么"), ""), (_("怎么补"), "")]
    rows = [[lack.who, lack.what, lack.remedy] for lack in lacking]
    said = [_("不缺什么，可以锁定")] if not rows else []
    return framed(table(_("锁定之前还缺 {n} 项", n=len(rows)), said, heads, rows))


@card.register
def _verification(found: Verification) -> str:
    verdicts = {"wrong": _("有问题"), "holds": _("相符"), "unknown": _("看不出来")}
    rows = [[word, text] for name, word in verdicts.items() for text in getattr(found, name)]
    return framed(
        table(_("核验评分记录"), [found.advice], [(_("结论"), ""), (_("内容"), "")], rows)
    )


def round_card(
    panel: Panel,
    rubric: Rubric,
    locked_at: str | None,
    progress: Sequence[Any] | None,
    missing: int | None = None,
    changed: Text | None = None,
) -> str:
    """What a notebook shows of a round: its panel, how far each expert is; None for a table.

    ``missing`` is how much an open round lacks for its lock, ``changed`` what was changed of it.
    """
    stands = _("评分已锁定：{at}", at=instant(locked_at)) if locked_at else _("评分未锁定")
    facts: list[Text | str] = [
        *([] if changed is None else [changed]),
        _("已完成的评分表") if progress is None else stands,
        _("{title}，{n} 个参评对象", title=rubric.title, n=len(panel.applicants)),
    ]
    if missing is not None:
        facts.append(_("锁定之前还缺 {n} 项", n=missing))
    heads: list[Heading] = [(_("标识"), ""), (_("专家"), "")]
    heads += [(_("应评"), "n"), (_("已动笔"), "n"), (_("已提交"), "n")]
    rows = [[p.expert.id, p.expert.name, p.due, p.begun, p.submitted] for p in progress or ()]
    if not progress:
        heads = [(_("标识"), ""), (_("参评对象"), ""), (_("牵头单位"), "")]
        rows = [[a.id, a.name, a.lead] for a in panel.applicants]
    return framed(table(panel.title, facts, heads, rows))
