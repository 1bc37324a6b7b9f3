"""The summary of the panel (评分汇总表) in Word, to be signed by everybody who made it."""

from __future__ import annotations

from typing import Any

from evalkit.base import terms
from evalkit.base.text import Text, _
from evalkit.base.wanted import asked
from evalkit.documents import forms
from evalkit.documents.forms import View
from evalkit.documents.looks import Column, Form, Layout, measure, over
from evalkit.documents.word import Paper
from evalkit.pages.summary import noted

RANK, WORD, WORDS, NAMES, NUMBER, LEAST = 11.0, 12.0, 32.0, 84.0, 17.0, 11.0
"""Widths in millimetres: of the rank, of id and group at least and most, of both names at least, of
a number at best and least."""

CHARACTER, BESIDE = 3.2, 3.0
"""Millimetres: a Chinese character in a cell, and the room beside its text."""


@asked
def summary(view: View, template: bytes | None = None) -> bytes:
    """The Word file of what `Views.panel` gives."""
    table = view["tables"]["ranking"]
    place = sum(_place(table).values())
    paper = forms.begin(view, _("评分汇总表"), template)
    if place + NAMES + NUMBER * _numbers(table) > paper.across:
        paper.lay(Layout.ACROSS)
    paper.line(_facts(view), Form.FACTS)
    _ranking(paper, view)
    _notes(paper, view)
    paper.line(_("签字"), Form.HEADING)
    people = [(_("组长"), e["name"]) for e in view["experts"] if e["role"] == "chair"]
    people += [(_("专家"), e["name"]) for e in view["experts"] if e["role"] != "chair"]
    forms.signatures(paper, [*people, (_("秘书"), view["panel"]["secretary"])])
    paper.line(_("核验"), Form.HEADING)
    forms.checks(paper, _checks(view))
    forms.footer(paper, _("结果摘要值 {digest}", digest=f"{view['digest'][:16]}…"))
    return paper.to_bytes()


def _facts(view: View) -> Text:
    applicants = view["applicants"]
    return _(
        "参评对象 {n} 个，其中 {ranked} 个有名次；专家 {experts} 位；指标体系：{rubric}；{locked}",
        n=len(applicants),
        ranked=sum(a["rank"] is not None for a in applicants),
        experts=view["panel"]["experts"],
        rubric=view["rubric"]["title"],
        locked=forms.locked(view),
    )


def _ranking(paper: Paper, view: View) -> None:
    table = view["tables"]["ranking"]
    place = _place(table)
    name, lead, number = _widths(paper.across - sum(place.values()), _numbers(table))
    widths = {**place, "name": name, "lead": lead}
    styles = {"name": Form.TEXT, "number": Form.NUMBER}
    columns = [
        Column(over(c), widths.get(c["name"], number), styles.get(c["kind"], Form.MIDDLE))
        for c in table["columns"]
    ]
    paper.table(columns, table["rows"], Form.HEAD, height=7)
    outcome = ("rank", "total", "grade") if view["declared"]["grades"] else ("rank", "total")
    for text in terms.dashes(view["unranked"], outcome):
        paper.line(text, Form.NOTE)


def _numbers(table: Any) -> int:
    """How many columns of numbers and outcomes stand after the names."""
    return sum(c["name"] not in {"group", "rank", "id", "name", "lead"} for c in table["columns"])


def _place(table: Any) -> dict[str, float]:
    """Widths of rank and id, with the group where there are any: as wide as their words want."""
    widths = {"rank": RANK}
    for n, column in enumerate(table["columns"]):
        if column["name"] in {"id", "group"}:
            longest = max((measure(row[n]) for row in table["rows"]), default=0)
            widths[column["name"]] = min(max(WORD, longest * CHARACTER + BESIDE), WORDS)
    return widths


def _widths(across: float, n: int) -> tuple[float, float, float]:
    """Widths of name, lead and each of ``n`` numbers on what is left ``across``."""
    number = max(min((across - NAMES) / n, NUMBER), LEAST)
    names = across - n * number
    return names * 0.55, names * 0.45, number


def _notes(paper: Paper, view: View) -> None:
    """Who was kept apart or did not score what, and why there is no total."""
    if rows := [[*row.values()] for row in noted(view, [n for n in view["notes"] if "use" in n])]:
        paper.line(_("回避、不评、漏评和准入条件"), Form.HEADING)
        shares = ((_("参评对象"), 0.25), (_("指标"), 0.2), (_("专家"), 0.11), (_("情况"), 0.14))
        columns = forms.shared(paper, *shares, (_("理由"), 0.3))
        paper.table(columns, rows, Form.HEAD, height=7)
    for a in view["applicants"]:
        lacking = [c["name"] for c in view["columns"] if a["indicators"][c["id"]] is None]
        if lacking:
            text = _("{name}：{why}", name=a["name"], why=terms.without_points(lacking))
            paper.line(text, Form.NOTE)


def _checks(view: View) -> list[tuple[Text, Text | str | None]]:
    return [
        (_("结果摘要值"), view["digest"]),
        (_("评分记录根哈希"), view["basis"]["root"]),
        (_("评审组文件摘要值"), view["panel"]["digest"]),
        (_("指标体系文件摘要值"), view["rubric"]["digest"]),
        *terms.superseded(view["basis"]),
    ]
