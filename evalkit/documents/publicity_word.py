"""The list for publicity (公示名单) in Word, laid out after GB/T 9704-2012 [GB9704]_."""

from __future__ import annotations

from evalkit.base import terms
from evalkit.base.text import Text, _
from evalkit.base.wanted import asked
from evalkit.documents.forms import View
from evalkit.documents.looks import Column, Notice, measure
from evalkit.documents.official import ROW, annex, begin, listed, signed
from evalkit.documents.word import Paper

CHARACTER, BESIDE = 4.85, 3.0
"""Millimetres: a Chinese character in a cell, and the room beside its text."""


@asked
def publicity(view: View, template: bytes | None = None) -> bytes:
    """The Word file of what `Views.public` gives: the notice, and the list as its annex.

    Issuer, date, days and where to object are places to fill in.
    """
    title, at = view["panel"]["title"], view["basis"]["locked_at"]
    name = _listed(view)
    ending = _("{list}公示", list=name) if view["proposed"] else _("结果公示")
    whole = _("{title}{ending}", title=title, ending=ending)
    paper = begin(whole, at, view["language"], template)
    _notice(paper, view, name)
    listed(paper, [name])
    signed(paper, _("（发布机关）"), above=3)
    annex(paper, _("附件"), name)
    _list(paper, view)
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
    ranked, grouped = "rank" in applicants[0], "group" in applicants[0]
    known = (("total", _("总分")), ("grade", _("等次")))
    more = [(word, heading) for word, heading in known if word in applicants[0]]
    rest = paper.across - 16 - 21 * len(more) - (24 if grouped else 0)
    name = _share([a["name"] for a in applicants], [a["lead"] for a in applicants], rest)
    columns = [Column(_("组别"), 24, Notice.MIDDLE)] if grouped else []
    columns.append(Column(_("名次") if ranked else _("序号"), 16, Notice.MIDDLE))
    columns.append(Column(_("参评对象"), name, Notice.NAME))
    columns.append(Column(_("牵头单位"), rest - name, Notice.NAME))
    columns += [Column(head, 21, Notice.MIDDLE) for _word, head in more]
    rows = [
        [
            *([a["group"]] if grouped else []),
            a["rank"] if ranked else n,
            a["name"],
            a["lead"],
            *(a[word] for word, _head in more),
        ]
        for n, a in enumerate(applicants, 1)
    ]
    paper.table(columns, rows, Notice.HEAD, height=ROW)
    if "total" in applicants[0] and view["rubric"]["better"] == "lower":
        paper.line(_("总分越低越好。"), Notice.REMARK)
    paper.line(_("结果摘要值 {digest}", digest=view["digest"]), Notice.REMARK)
    for mark in (terms.mark(view["status"]), terms.supersedes(view["basis"])):
        if mark is not None:
            paper.line(mark, Notice.REMARK)


def _share(names: list[str], leads: list[str], rest: float) -> float:
    """What the names get of the ``rest`` so that they and the leads each stand on a line; a little
    more than half where that cannot be.
    """
    wanted = [max(map(measure, texts)) * CHARACTER + BESIDE for texts in (names, leads)]
    spare = rest - sum(wanted)
    return wanted[0] + spare / 2 if spare >= 0 else rest * 0.55
