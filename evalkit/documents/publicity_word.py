"""The list for publicity (公示名单) in Word, laid out after GB/T 9704-2012 [GB9704]_."""

from __future__ import annotations

from evalkit.base import terms
from evalkit.base.text import Text, _
from evalkit.base.wanted import asked
from evalkit.documents.forms import View
from evalkit.documents.looks import Column, Layout, Notice, measure
from evalkit.documents.word import Paper
from evalkit.documents.word_xml import Field

ACROSS = 20
"""Characters of the title on a line; one that is a little longer breaks before its last words."""

ROW = 10.213
"""Millimetres: the height of a line of the page."""


@asked
def publicity(view: View, template: bytes | None = None) -> bytes:
    """The Word file of what `Views.public` gives: the notice, and the list as its annex.

    Issuer, date, days and where to object are places to fill in.
    """
    language, title, at = view["language"], view["panel"]["title"], view["basis"]["locked_at"]
    name = _listed(view)
    ending = _("{list}公示", list=name) if view["proposed"] else _("结果公示")
    whole = _("{title}{ending}", title=title, ending=ending)
    paper = Paper(Layout.OFFICIAL, whole, at, language=language, template=template)
    long = measure(title) <= ACROSS < measure(title) + measure(ending.render(language))
    broken = _("{title}{ending}", title=f"{title}\n", ending=ending)
    paper.line(broken if long else whole, Notice.TITLE)
    _notice(paper, view, name)
    paper.line("", Notice.BLANK)
    paper.line(_("附件：{name}", name=name), Notice.BLANK)
    for _n in range(3):
        paper.line("", Notice.BLANK)
    paper.line(_("（发布机关）"), Notice.ISSUER)
    paper.line(_("　　　　年　　月　　日"), Notice.ISSUER)
    paper.line(_("附件"), Notice.ANNEX)
    paper.line(name, Notice.LIST)
    _list(paper, view)
    paper.footer(["— ", Field.PAGE, " —"])
    return paper.to_bytes()


def _listed(view: View) -> Text | str:
    """What the list is called: in the words of the text, where it has any."""
    if not view["proposed"]:
        return _("评审结果名单")
    return view["list"] or _("拟选名单")


def _notice(paper: Paper, view: View, name: Text | str) -> None:
    source = view["rubric"]["source"]
    given = {
        "basis": source["title"] if "《" in source["title"] else f"《{source['title']}》",
        "title": view["panel"]["title"].removesuffix("评审"),  # …认定评审已完成评审
    }
    text = _("依据{basis}，{title}已完成评审，现将评审结果予以公示，名单见附件。", **given)
    if view["proposed"]:
        text = _("依据{basis}，{title}已完成评审，现将{list}予以公示，见附件。", list=name, **given)
    paper.line(text, Notice.BODY)
    if len(view["titles"]) == 1:
        paper.line(_("公示无异议后拟授予的名称：{name}。", name=view["titles"][0]), Notice.BODY)
    for place in (
        _("公示期：　　　　年　　月　　日至　　月　　日。"),
        _("公示期内对结果有异议的，请以书面形式提出。"),
        _("受理单位："),
        _("联系电话："),
    ):
        paper.line(place, Notice.BLANK)


def _list(paper: Paper, view: View) -> None:
    """The names, by rank where ranks are published, and the totals where these are."""
    applicants = view["applicants"]
    ranked, totals, grouped = (name in applicants[0] for name in ("rank", "total", "group"))
    rest = paper.across - 16 - (24 if totals else 0) - (24 if grouped else 0)
    columns = [Column(_("组别"), 24, Notice.MIDDLE)] if grouped else []
    columns.append(Column(_("名次") if ranked else _("序号"), 16, Notice.MIDDLE))
    columns.append(Column(_("参评对象"), rest * 0.55, Notice.NAME))
    columns.append(Column(_("牵头单位"), rest * 0.45, Notice.NAME))
    columns += [Column(_("总分"), 24, Notice.MIDDLE)] if totals else []
    rows = [
        [
            *([a["group"]] if grouped else []),
            a["rank"] if ranked else n,
            a["name"],
            a["lead"],
            *([a["total"]] if totals else []),
        ]
        for n, a in enumerate(applicants, 1)
    ]
    paper.table(columns, rows, Notice.HEAD, height=ROW)
    if totals and view["rubric"]["better"] == "lower":
        paper.line(_("总分越低越好。"), Notice.REMARK)
    paper.line(_("结果摘要值 {digest}", digest=view["digest"]), Notice.REMARK)
    for mark in (terms.mark(view["status"]), terms.supersedes(view["basis"])):
        if mark is not None:
            paper.line(mark, Notice.REMARK)
