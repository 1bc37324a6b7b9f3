"""An office's notices (公告、通知) in Word, laid out after GB/T 9704-2012 [GB9704]_."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evalkit.base import terms
from evalkit.base.text import _, render
from evalkit.base.wanted import asked
from evalkit.documents.looks import Column, Layout, Notice, measure
from evalkit.documents.publicity_word import ACROSS, ROW
from evalkit.documents.word import Paper
from evalkit.documents.word_xml import Field

NUMBER = 16
"""Millimetres: the column of numbers."""


@asked
def notice(view: Mapping[str, Any], language: str = "zh", template: bytes | None = None) -> bytes:
    """The Word file of what `evalkit.office.notices.notice` gives.

    The number of the document and whom to call are places to fill in; the day is that of the
    decision on record.
    """
    title, at = view["title"], f"{view['day'].isoformat()}T00:00:00+08:00"
    paper = Paper(Layout.OFFICIAL, title, at, language=language, template=template)
    paper.line(_broken(render(title, language)), Notice.TITLE)
    if view["to"] is not None:
        paper.line(_("{to}：", to=view["to"]), Notice.BODY, flush=True)
    for text in view["body"]:
        paper.line(text, Notice.BODY)
    if view["annex"] is not None:
        paper.line("", Notice.BLANK)
        paper.line(_("附件：{name}", name=view["annex"]["name"]), Notice.BLANK)
    if view["contact"]:
        paper.line(_("联系人及电话："), Notice.BLANK)
    for _n in range(2):
        paper.line("", Notice.BLANK)
    paper.line(view["issuer"], Notice.ISSUER)
    paper.line(terms.day(view["day"].isoformat()), Notice.ISSUER)
    if view["annex"] is not None:
        _annex(paper, view["annex"])
    _foot(paper, view)
    paper.footer(["— ", Field.PAGE, " —"])
    return paper.to_bytes()


def _broken(title: str) -> str:
    """``title`` in lines of about the same length, none of which begins with 的."""
    lines = -(-measure(title) // ACROSS)
    if lines < 2:
        return title
    length = int(len(title) / lines) + 1
    parts, rest = list[str](), title
    while len(rest) > length and len(parts) + 1 < lines:
        cut = length
        while rest[cut] in "的”》）、，":
            cut += 1
        parts.append(rest[:cut])
        rest = rest[cut:]
    return "\n".join([*parts, rest])


def _annex(paper: Paper, annex: Mapping[str, Any]) -> None:
    number, name, outcome = annex["columns"]
    paper.line(_("附件"), Notice.ANNEX)
    paper.line(_broken(render(annex["name"], paper.language)), Notice.LIST)
    rest = paper.across - NUMBER
    columns = [
        Column(number, NUMBER, Notice.MIDDLE),
        Column(name, rest * 0.55, Notice.NAME),
        Column(outcome, rest * 0.45, Notice.MIDDLE),
    ]
    rows = [[n, *row] for n, row in enumerate(annex["rows"], 1)]
    paper.table(columns, rows, Notice.HEAD, height=ROW)


def _foot(paper: Paper, view: Mapping[str, Any]) -> None:
    """What the paper rests on, so that it can be found in the register."""
    records = [f"{applicant} {record}" for applicant, record in view["records"]]
    paper.line(_("登记记录：{records}", records=records), Notice.REMARK)
    if (mark := terms.mark(view["status"])) is not None:
        paper.line(mark, Notice.REMARK)
