"""The list for publicity (公示名单) in Word, laid out after GB/T 9704-2012 [GB9704]_."""

from __future__ import annotations

from evalkit.base import terms
from evalkit.base.terms import NONE
from evalkit.base.text import Text, _
from evalkit.documents.forms import View
from evalkit.documents.looks import Column, Layout, Notice, measure
from evalkit.documents.word import Paper
from evalkit.documents.word_xml import Field

ACROSS = 20
"""Characters of the title on a line; one that is a little longer breaks before its last words."""

ROW = 10.2
"""Millimetres: the height of a line of the page."""


def publicity(view: View, template: bytes | None = None) -> bytes:
    """The Word file of what `Results.for_public` gives: the notice, and the list as its annex.

    Issuer, date, days and where to object are places to fill in.
    """
    language, panel = view["language"], view["panel"]
    long = measure(panel["title"]) > ACROSS - 4 and measure(panel["title"]) <= ACROSS
    name = f"{panel['title']}\n" if long else panel["title"]
    title = _("{title}结果公示", title=name).render(language)
    paper = Paper(
        Layout.OFFICIAL,
        title=title.replace("\n", ""),
        at=view["basis"]["locked_at"],
        template=template,
    )
    paper.line(title, Notice.TITLE)
    _notice(paper, view)
    name = _("评审结果名单").render(language)
    paper.line("", Notice.BLANK)
    paper.line(_("附件：{name}", name=name).render(language), Notice.BLANK)
    for _n in range(3):
        paper.line("", Notice.BLANK)
    paper.line(_("（发布机关）").render(language), Notice.ISSUER)
    paper.line(_("　　　　年　　月　　日").render(language), Notice.ISSUER)
    paper.line(_("附件").render(language), Notice.ANNEX)
    paper.line(name, Notice.LIST)
    _list(paper, view)
    paper.footer(["— ", Field.PAGE, " —"])
    return paper.to_bytes()


def _notice(paper: Paper, view: View) -> None:
    language, source = view["language"], view["rubric"]["source"]
    text = _(
        "依据{basis}，{title}已完成评审，现将评审结果予以公示，名单见附件。",
        basis=source["title"] if "《" in source["title"] else f"《{source['title']}》",
        title=view["panel"]["title"],
    )
    paper.line(text.render(language), Notice.BODY)
    for place in (
        _("公示期：　　　　年　　月　　日至　　月　　日。"),
        _("公示期内对结果有异议的，请以书面形式提出。"),
        _("受理单位："),
        _("联系电话："),
    ):
        paper.line(place.render(language), Notice.BLANK)


def _list(paper: Paper, view: View) -> None:
    """The names, by rank where ranks are published, and the totals where these are."""
    language, applicants = view["language"], view["applicants"]
    ranked, totals, grouped = (name in applicants[0] for name in ("rank", "total", "group"))
    rest = paper.across - 16 - (24 if totals else 0) - (24 if grouped else 0)
    heads: list[tuple[Text, float, Notice]] = [(_("组别"), 24, Notice.MIDDLE)] if grouped else []
    heads.append((_("名次") if ranked else _("序号"), 16, Notice.MIDDLE))
    heads += [(_("参评对象"), rest * 0.55, Notice.NAME), (_("牵头单位"), rest * 0.45, Notice.NAME)]
    heads += [(_("总分"), 24, Notice.MIDDLE)] if totals else []
    rows = [
        [
            *([a["group"]] if grouped else []),
            str(a["rank"] or NONE) if ranked else str(n),
            a["name"],
            a["lead"],
            *([a["total"] or NONE] if totals else []),
        ]
        for n, a in enumerate(applicants, 1)
    ]
    table = [Column(head.render(language), width, look) for head, width, look in heads]
    paper.table(table, rows, Notice.HEAD, height=ROW)
    if totals and view["rubric"]["better"] == "lower":
        paper.line(_("总分越低越好。").render(language), Notice.REMARK)
    columns = [name for name in ("rank", "total") if name in applicants[0]]
    for text in terms.dashes(view["unranked"], columns):
        paper.line(text.render(language), Notice.REMARK)
    paper.line(_("结果摘要值 {digest}", digest=view["digest"]).render(language), Notice.REMARK)
    if (mark := terms.mark(view["status"])) is not None:
        paper.line(mark.render(language), Notice.REMARK)
