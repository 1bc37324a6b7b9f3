"""The score sheets of one expert (评分表) in Word, to be signed: an overview, then a page each."""

from __future__ import annotations

from typing import Any

from evalkit.base import terms
from evalkit.base.terms import NONE
from evalkit.base.text import Text, _
from evalkit.documents import forms
from evalkit.documents.forms import View
from evalkit.documents.looks import Column, Form
from evalkit.documents.word import Paper

Head = tuple[Text, float, Form]
"""A heading, the width of its column in millimetres, and the style of its cells."""

_ROLES = {"chair": _("组长"), "member": _("成员")}


def sheets(view: View, template: bytes | None = None) -> bytes:
    """The Word file of what `Results.for_expert` gives."""
    language, expert = view["language"], view["expert"]
    paper = forms.begin(view, _("专家评分表"), template)
    paper.line(_facts(view).render(language), Form.FACTS)
    _overview(paper, view)
    _conflicts(paper, view)
    paper.line(_("核验").render(language), Form.HEADING)
    forms.checks(paper, [(_("本专家评分摘要值"), view["entered"])], language)
    paper.line(_signature(expert).render(language), Form.SIGN)
    for sheet in view["sheets"]:
        _sheet(paper, view, sheet)
    short = _("评分摘要值 {digest}", digest=f"{view['entered'][:16]}…").render(language)
    paper.footer(forms.number_of_pages(language, expert["name"], short))
    return paper.to_bytes()


def _facts(view: View) -> Text:
    expert = view["expert"]
    return _(
        "专家：{name}（{role}），{employer}；应评 {n} 个参评对象，回避 {c} 个；{locked}",
        name=expert["name"],
        role=_ROLES[expert["role"]],
        employer=expert["employer"],
        n=len(view["sheets"]),
        c=len(view["conflicts"]),
        locked=forms.locked(view),
    )


def _signature(expert: View) -> Text:
    return _(
        "专家（{name}）签字：　　　　　　　　　　{date}",
        name=expert["name"],
        date=_("日期：　　　　年　　月　　日"),
    )


def _base(view: View) -> Text:
    """What the sum of the indicators is called: scores on a scale of their own are converted."""
    return _("指标合计（换算后）") if _factors(view) else _("指标合计")


def _factors(view: View) -> list[str]:
    """The factor of each indicator whose points are not the score itself."""
    rows = view["sheets"][0]["indicators"] if view["sheets"] else []
    return [f"{row['name']} {row['factor']}" for row in rows if row["factor"] != "1"]


def _overview(paper: Paper, view: View) -> None:
    language = view["language"]
    bonus = any(sheet["items"] for sheet in view["sheets"])
    heads: list[Head] = [(_("序号"), 11, Form.MIDDLE), (_("参评对象"), 52, Form.TEXT)]
    heads += [(_("牵头单位"), 43, Form.TEXT), (_base(view), 19, Form.NUMBER)]
    heads += [(_("加分合计"), 17, Form.NUMBER)] if bonus else []
    used = sum(width for _head, width, _look in heads)
    heads.append((_("没有评分的项"), paper.across - used, Form.TEXT))
    rows = []
    for n, sheet in enumerate(view["sheets"], 1):
        sums = [sheet["base"] or NONE]
        if bonus:
            sums.append((sheet["bonus"] or NONE) if sheet["items"] else "")
        rows.append([str(n), sheet["name"], sheet["lead"], *sums, _unscored(sheet, language)])
    columns = [Column(head.render(language), width, look) for head, width, look in heads]
    paper.table(columns, rows, Form.HEAD, height=7)


def _unscored(sheet: View, language: str) -> str:
    """How many rows have no score, by what became of them."""
    states = [row["state"] for row in (*sheet["indicators"], *sheet["items"])]
    counted = [
        _("{what} {n} 项", what=terms.HAPPENED[state], n=states.count(state)).render(language)
        for state in ("recused", "unscored", "missing")
        if state in states
    ]
    return "\n".join(counted)


def _conflicts(paper: Paper, view: View) -> None:
    language = view["language"]
    if not view["conflicts"]:
        return
    paper.line(_("回避的参评对象").render(language), Form.HEADING)
    shares = ((_("参评对象"), 0.32), (_("牵头单位"), 0.26), (_("理由"), 0.42))
    columns = [Column(h.render(language), s * paper.across, Form.TEXT) for h, s in shares]
    rows = [[c["name"], c["lead"], c["reason"]] for c in view["conflicts"]]
    paper.table(columns, rows, Form.HEAD, height=7)


def _sheet(paper: Paper, view: View, sheet: View) -> None:
    language = view["language"]
    paper.line(sheet["name"], Form.SHEET)
    if (mark := terms.mark(view["status"])) is not None:
        paper.line(mark.render(language), Form.MARK)
    paper.line(_("牵头单位：{lead}", lead=sheet["lead"]).render(language), Form.FACTS)
    heads: list[Head] = [(_("编号"), 15, Form.MIDDLE), (_("指标"), 58, Form.TEXT)]
    heads += [(_("分值"), 16, Form.NUMBER), (_("评分"), 17, Form.NUMBER)]
    heads.append((_("说明"), paper.across - 106, Form.TEXT))
    columns = [Column(head.render(language), width, look) for head, width, look in heads]
    rows = [_row(row, row["number"] or "", _scale(row), language) for row in sheet["indicators"]]
    rows.append(_sum(_base(view), view["most"], sheet["base"], language))
    if sheet["items"]:
        bonus = _("加分").render(language)
        rows += [_row(row, bonus, row["max"], language) for row in sheet["items"]]
        rows.append(_sum(_("加分合计"), "", sheet["bonus"], language))
    paper.table(columns, rows, Form.HEAD, height=8)
    if factors := _factors(view):
        text = _("换算后：评分乘以系数再相加；系数为 {factors}。", factors=factors)
        paper.line(text.render(language), Form.NOTE)
    if any(NONE in row for row in rows):
        text = _("“{none}”：有的项没有评分，不计合计；没有评分不等于 0 分。", none=NONE)
        paper.line(text.render(language), Form.NOTE)
    paper.line(_signature(view["expert"]).render(language), Form.SIGN)


def _scale(row: dict[str, Any]) -> str:
    """The points of an indicator, or the scale of its scores where that is another."""
    own = row["factor"] != "1" or row["min"] != "0"
    return f"{row['min']}—{row['max']}" if own else row["max"]


def _row(row: dict[str, Any], number: str, most: str, language: str) -> list[str]:
    said = row["points"] or terms.HAPPENED[row["state"]].render(language)
    return [number, row["name"], most, said, row["reason"]]


def _sum(name: Text, most: str, points: str | None, language: str) -> list[str]:
    return ["", name.render(language), most, points or NONE, ""]
