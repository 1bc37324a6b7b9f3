"""An office's notices (公告、通知) in Word, laid out after GB/T 9704-2012 [GB9704]_."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evalkit.base import terms
from evalkit.base.text import _, render
from evalkit.base.wanted import asked
from evalkit.documents.looks import Column, Layout, Notice
from evalkit.documents.publicity_word import ACROSS, ROW
from evalkit.documents.word import Paper
from evalkit.documents.word_xml import Field

LINE, RIGHT, SIGNED = 28, 4, 12
"""Characters: of a line, to the right of issuer and day, and their least width (7.3.5.1)."""

OPENING = tuple("“（(《")

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
    signed = max(SIGNED, sum(map(_width, view["issuer"])) + 1.5)
    left = max(LINE - RIGHT - signed, 0)
    paper.line(view["issuer"], Notice.ISSUER, left=left)
    paper.line(terms.day(view["day"].isoformat()), Notice.ISSUER, left=left)
    if view["annex"] is not None:
        _annex(paper, view["annex"])
    _foot(paper, view)
    paper.footer(["— ", Field.PAGE, " —"])
    return paper.to_bytes()


def _width(char: str) -> float:
    """Of a character in a Chinese font, where quotation marks are as wide as the others."""
    return 1 if char > "\u2000" else 0.55


def _broken(title: str) -> str:
    """``title`` in as few lines as hold it, of about the same length, broken where one may."""
    whole = sum(map(_width, title))
    n = -(-whole // ACROSS)
    while True:
        lines = _lines(title, whole / n)
        if all(sum(map(_width, line)) <= ACROSS for line in lines):
            return "\n".join(lines)
        n += 1


def _lines(title: str, length: float) -> list[str]:
    """``title`` broken where a line has reached ``length``; no line begins with what closes,
    none ends with what opens.
    """
    lines = [""]
    for k, char in enumerate(title):
        reached = sum(map(_width, lines[-1])) >= length - (1.5 if char in OPENING else 0.5)
        reached = reached and lines[-1][-1:] not in OPENING
        inside = char.isascii() and char.isalnum() and title[k - 1].isascii()
        if reached and char not in "的”》）)、，" and not inside and k < len(title) - 1:
            lines.append("")
        lines[-1] += char
    return lines


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
