"""The score sheets of one expert (评分表) in Word, to be signed: an overview, then a page each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from evalkit.base import terms
from evalkit.base.errors import InputError
from evalkit.base.terms import NONE
from evalkit.base.text import Text, _
from evalkit.base.wanted import asked
from evalkit.documents import forms
from evalkit.documents.forms import View
from evalkit.documents.looks import Column, Form
from evalkit.documents.word import Paper

_ROLES = {"chair": _("组长"), "member": _("成员")}


@asked
def sheets(view: View, template: bytes | None = None) -> bytes:
    """The Word file of what `Views.expert` gives."""
    paper = forms.begin(view, _("专家评分表"), template)
    _expert(paper, view)
    forms.footer(paper, view["expert"]["name"], _digest(view))
    return paper.to_bytes()


@asked
def every_sheet(views: Iterable[View], template: bytes | None = None) -> bytes:
    """One Word file of what `Views.expert` gives for each expert, to print and sign in one go; each
    expert stands in its outline. Raises InputError where there is nobody.
    """
    paper = None
    for view in views:
        name = _("专家评分表（{name}）", name=view["expert"]["name"])
        if paper is None:
            paper = forms.begin(view, name, template)
        else:
            forms.head(paper, view, name, fresh=True)
        _expert(paper, view, together=True)
    if paper is None:
        raise InputError(_("没有专家，没有评分表"))
    forms.footer(paper)
    return paper.to_bytes()


def _expert(paper: Paper, view: View, *, together: bool = False) -> None:
    """The overview and the sheets of one expert; with others ``together``, the digest that a footer
    has stands on each sheet.
    """
    paper.line(_facts(view), Form.FACTS)
    _overview(paper, view)
    _conflicts(paper, view)
    paper.line(_("核验"), Form.HEADING)
    forms.checks(paper, [(_("本专家评分摘要值"), view["entered"])])
    paper.line(_signature(view["expert"]), Form.SIGN)
    for sheet in view["sheets"]:
        _sheet(paper, view, sheet)
        if together:
            paper.line(_digest(view), Form.NOTE)


def _digest(view: View) -> Text:
    return _("评分摘要值 {digest}", digest=f"{view['entered'][:16]}…")


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
    return _("专家（{name}）签字：　　　　　　　　　　{date}", name=expert["name"], date=forms.DATE)


def _base(view: View) -> Text:
    """What the sum of the indicators is called: scores on a scale of their own are converted."""
    return _("指标合计（换算后）") if _factors(view) else _("指标合计")


def _factors(view: View) -> list[str]:
    """The factor of each indicator whose points are not the score itself."""
    rows = view["sheets"][0]["indicators"] if view["sheets"] else []
    return [f"{row['name']} {row['factor']}" for row in rows if row["factor"] != "1"]


def _overview(paper: Paper, view: View) -> None:
    bonus = any(sheet["items"] for sheet in view["sheets"])
    columns = [Column(_("序号"), 11, Form.MIDDLE), Column(_("参评对象"), 52, Form.TEXT)]
    columns += [Column(_("牵头单位"), 43, Form.TEXT), Column(_base(view), 19, Form.NUMBER)]
    columns += [Column(_("加分合计"), 17, Form.NUMBER)] if bonus else []
    used = sum(column.width for column in columns)
    columns.append(Column(_("没有评分的项"), paper.across - used, Form.TEXT))
    rows = []
    for n, sheet in enumerate(view["sheets"], 1):
        sums = [sheet["base"]]
        if bonus:
            sums.append(sheet["bonus"] if sheet["items"] else "")
        unscored = _unscored(sheet, paper.language)
        rows.append([n, sheet["name"], sheet["lead"], *sums, unscored])
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
    if not view["conflicts"]:
        return
    paper.line(_("回避的参评对象"), Form.HEADING)
    shares = ((_("参评对象"), 0.32), (_("牵头单位"), 0.26), (_("理由"), 0.42))
    columns = forms.shared(paper, *shares)
    rows = [[c["name"], c["lead"], c["reason"]] for c in view["conflicts"]]
    paper.table(columns, rows, Form.HEAD, height=7)


def _sheet(paper: Paper, view: View, sheet: View) -> None:
    paper.line(sheet["name"], Form.SHEET, level=2)
    if (mark := terms.mark(view["status"])) is not None:
        paper.line(mark, Form.MARK)
    paper.line(_("牵头单位：{lead}", lead=sheet["lead"]), Form.FACTS)
    columns = [Column(_("编号"), 15, Form.MIDDLE), Column(_("指标"), 58, Form.TEXT)]
    columns += [Column(_("分值"), 16, Form.NUMBER), Column(_("评分"), 17, Form.NUMBER)]
    columns.append(Column(_("说明"), paper.across - 106, Form.TEXT))
    rows = [_row(row, row["number"] or "", _scale(row)) for row in sheet["indicators"]]
    rows.append(["", _base(view), view["most"], sheet["base"], ""])
    if sheet["items"]:
        rows += [_row(row, _("加分"), row["max"]) for row in sheet["items"]]
        rows.append(["", _("加分合计"), "", sheet["bonus"], ""])
    paper.table(columns, rows, Form.HEAD, height=8)
    if factors := _factors(view):
        text = _("换算后：评分乘以系数再相加；系数为 {factors}。", factors=factors)
        paper.line(text, Form.NOTE)
    if any(None in row for row in rows):
        text = _("“{none}”：有的项没有评分，不计合计；没有评分不等于 0 分。", none=NONE)
        paper.line(text, Form.NOTE)
    paper.line(_signature(view["expert"]), Form.SIGN)


def _scale(row: dict[str, Any]) -> str:
    """The points of an indicator, or the scale of its scores where that is another."""
    own = row["factor"] != "1" or row["min"] != "0"
    return f"{row['min']}—{row['max']}" if own else row["max"]


def _row(row: dict[str, Any], number: Text | str, most: str) -> list[Any]:
    return [number, row["name"], most, row["points"] or terms.HAPPENED[row["state"]], row["reason"]]
