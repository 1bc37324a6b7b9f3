"""The summary of the panel (评分汇总表) in Word, to be signed by everybody who made it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evalkit.base import terms
from evalkit.base.terms import NONE
from evalkit.base.text import Text, _
from evalkit.documents import forms
from evalkit.documents.forms import View
from evalkit.documents.looks import Column
from evalkit.documents.word import Paper

RANK, GROUP, NAMES, NUMBER, LEAST = 11.0, 17.0, 84.0, 17.0, 11.0
"""Widths in millimetres: of rank and group, of both names at least, of a number at best and least.
"""


def summary(view: View) -> bytes:
    """The Word file of what `Results.for_panel` gives."""
    language = view["language"]
    numbers = list(_numbers(view))
    wide = _place(view) + NAMES + NUMBER * len(numbers) > forms.UPRIGHT.across
    paper = forms.begin(view, forms.ACROSS if wide else forms.UPRIGHT, _("评分汇总表"))
    paper.line(_facts(view).render(language), forms.FACTS)
    _ranking(paper, view, numbers)
    _notes(paper, view)
    paper.line(_("签字").render(language), forms.HEADING)
    people = [(_("组长"), e["name"]) for e in view["experts"] if e["role"] == "chair"]
    people += [(_("专家"), e["name"]) for e in view["experts"] if e["role"] != "chair"]
    forms.signatures(paper, [*people, (_("秘书"), view["panel"]["secretary"])], language)
    paper.line(_("核验").render(language), forms.HEADING)
    forms.checks(paper, _checks(view), language)
    short = _("结果摘要值 {digest}", digest=f"{view['digest'][:16]}…").render(language)
    paper.footer(forms.number_of_pages(language, short), forms.FOOT)
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


def _numbers(view: View) -> Iterator[tuple[Text, Any]]:
    """Heading of each column of numbers, and how to find its number on an applicant."""
    for k, d in enumerate(view["dimensions"][: len(view["applicants"][0]["dimensions"])]):
        heading = _("{name}（{max}）", name=d["name"], max=d["max"])
        yield heading, lambda a, k=k: a["dimensions"][k]["points"]
    if any(column["kind"] == "bonus" for column in view["columns"]):
        yield _("基础分（{max}）", max=view["rubric"]["points"]), lambda a: a["base"]
        yield _("加分"), lambda a: a["bonus"]
    if view["declared"]["deductions"]:
        yield _("扣分"), lambda a: a["deduction"]
    yield _("总分"), lambda a: a["total"]
    if view["declared"]["grades"]:
        yield _("等次"), lambda a: a["grade"] and a["grade"]["name"]


def _ranking(paper: Paper, view: View, numbers: list[tuple[Text, Any]]) -> None:
    language, grouped = view["language"], _grouped(view)
    name, lead, number = _widths(paper.page.across - _place(view), len(numbers))
    columns = [
        *([Column(_("组别").render(language), GROUP, forms.MIDDLE)] if grouped else []),
        Column(_("名次").render(language), RANK, forms.MIDDLE),
        Column(_("参评对象").render(language), name, forms.TEXT),
        Column(_("牵头单位").render(language), lead, forms.TEXT),
        *(Column(heading.render(language), number, forms.NUMBER) for heading, _find in numbers),
    ]
    rows = [
        [
            *([a["group"]] if grouped else []),
            str(a["rank"] or NONE),
            a["name"],
            a["lead"],
            *(find(a) or NONE for _heading, find in numbers),
        ]
        for a in view["applicants"]
    ]
    paper.table(columns, rows, forms.HEAD, height=7)
    outcome = ("rank", "total", "grade") if view["declared"]["grades"] else ("rank", "total")
    for text in terms.dashes(view["unranked"], outcome):
        paper.line(text.render(language), forms.NOTE)


def _grouped(view: View) -> bool:
    """Whether a rank says nothing without its group."""
    return bool(view["declared"]["ranking"] == "by_group")


def _place(view: View) -> float:
    """The width of the rank, with its group where groups are ranked apart."""
    return RANK + (GROUP if _grouped(view) else 0)


def _widths(across: float, n: int) -> tuple[float, float, float]:
    """Widths of name, lead and each of ``n`` numbers on what is left ``across``."""
    number = max(min((across - NAMES) / n, NUMBER), LEAST)
    names = across - n * number
    return names * 0.55, names * 0.45, number


def _notes(paper: Paper, view: View) -> None:
    """Who was kept apart or did not score what, and why there is no total."""
    language = view["language"]
    names = {
        part: {one["id"]: one["name"] for one in view[part]}
        for part in ("applicants", "columns", "experts")
    }
    rows = [
        [
            names["applicants"][note["applicant"]],
            names["columns"][note["column"]]
            if "column" in note
            else note.get("gate", _("全部指标").render(language)),
            names["experts"][note["expert"]] if "expert" in note else "",
            terms.HAPPENED[note["use"]].render(language),
            note["reason"],
        ]
        for note in view["notes"]
        if "use" in note
    ]
    if rows:
        paper.line(_("回避、不评、漏评和准入条件").render(language), forms.HEADING)
        heads = (_("参评对象"), _("指标"), _("专家"), _("情况"), _("理由"))
        shares = (0.25, 0.2, 0.11, 0.14, 0.3)
        columns = [
            Column(head.render(language), share * paper.page.across, forms.TEXT)
            for head, share in zip(heads, shares, strict=True)
        ]
        paper.table(columns, rows, forms.HEAD, height=7)
    for a in view["applicants"]:
        lacking = [c["name"] for c in view["columns"] if a["indicators"][c["id"]] is None]
        if lacking:
            text = _("{name}：{why}", name=a["name"], why=terms.without_points(lacking))
            paper.line(text.render(language), forms.NOTE)


def _checks(view: View) -> list[tuple[Text, str | None]]:
    return [
        (_("结果摘要值"), view["digest"]),
        (_("评分记录根哈希"), view["basis"]["root"]),
        (_("评审组文件摘要值"), view["panel"]["digest"]),
        (_("指标体系文件摘要值"), view["rubric"]["digest"]),
    ]
