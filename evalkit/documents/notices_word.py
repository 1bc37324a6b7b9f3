"""An office's notices (公告、通知) in Word, laid out after GB/T 9704-2012 [GB9704]_."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evalkit.base import terms
from evalkit.base.text import _
from evalkit.base.wanted import asked
from evalkit.documents.looks import Column, Notice
from evalkit.documents.official import ROW, addressed, annex, begin, listed, signed
from evalkit.documents.word import Paper

NUMBER = 16
"""Millimetres: the column of numbers."""


@asked
def notice(view: Mapping[str, Any], language: str = "zh", template: bytes | None = None) -> bytes:
    """The Word file of what `evalkit.office.notices.notice` gives.

    The number of the document and whom to call are places to fill in; the day is that of the
    decision on record.
    """
    title, at = view["title"], f"{view['day'].isoformat()}T00:00:00+08:00"
    paper = begin(title, at, language, template)
    if view["to"] is not None:
        addressed(paper, view["to"])
    for text in view["body"]:
        paper.line(text, Notice.BODY)
    if view["annex"] is not None:
        listed(paper, [view["annex"]["name"]])
    if view["contact"]:
        paper.line(_("联系人及电话："), Notice.BLANK)
    signed(paper, view["issuer"], terms.day(view["day"].isoformat()))
    if view["annex"] is not None:
        _annex(paper, view["annex"])
    _foot(paper, view)
    return paper.to_bytes()


def _annex(paper: Paper, table: Mapping[str, Any]) -> None:
    number, name, outcome = table["columns"]
    annex(paper, _("附件"), table["name"])
    rest = paper.across - NUMBER
    columns = [
        Column(number, NUMBER, Notice.MIDDLE),
        Column(name, rest * 0.55, Notice.NAME),
        Column(outcome, rest * 0.45, Notice.MIDDLE),
    ]
    rows = [[n, *row] for n, row in enumerate(table["rows"], 1)]
    paper.table(columns, rows, Notice.HEAD, height=ROW)


def _foot(paper: Paper, view: Mapping[str, Any]) -> None:
    """What the paper rests on, so that it can be found in the register."""
    records = [f"{applicant} {record}" for applicant, record in view["records"]]
    paper.line(_("登记记录：{records}", records=records), Notice.REMARK)
    if (mark := terms.mark(view["status"])) is not None:
        paper.line(mark, Notice.REMARK)
