"""What the forms that people sign have in common: looks, head, signatures, what to check by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evalkit.base import terms
from evalkit.base.text import Text, _
from evalkit.documents.looks import (
    FANGSONG,
    HEI,
    SANHAO,
    WUHAO,
    XIAOBIAOSONG,
    XIAOSI,
    XIAOWU,
    Column,
    Look,
    Page,
)
from evalkit.documents.word import Paper
from evalkit.documents.word_xml import Field

View = Mapping[str, Any]
"""What one reader may see, as `Results` gives it."""

BASE = Look("Base")
ROUND = Look("Round", FANGSONG, XIAOSI, "center", after=4)
NAME = Look("Name", XIAOBIAOSONG, 20, "center", after=6)
MARK = Look("Mark", HEI, XIAOSI, "center", after=6)
FACTS = Look("Facts", size=WUHAO, after=4, line=17)
HEADING = Look("Heading", HEI, XIAOSI, before=12, after=5, keep=True)
NOTE = Look("Note", size=XIAOWU, before=4, line=14)
FOOT = Look("Foot", size=XIAOWU, align="center")
HEAD = Look("Head", HEI, XIAOWU, "center")
TEXT = Look("Text", size=XIAOWU)
MIDDLE = Look("Middle", size=XIAOWU, align="center")
NUMBER = Look("Number", size=XIAOWU, align="right")
SIGN = Look("Sign", size=WUHAO, align="right", before=16)
SHEET = Look("Sheet", XIAOBIAOSONG, SANHAO, "center", after=6, fresh=True)

UPRIGHT, ACROSS = Page(), Page(width=297, height=210, top=20, right=20, bottom=18, left=22)


def begin(view: View, page: Page, name: Text) -> Paper:
    """A paper with the round, its own name and what its numbers are worth at the head."""
    language, panel = view["language"], view["panel"]
    title = _("{title} {name}", title=panel["title"], name=name).render(language)
    paper = Paper(page, BASE, title=title, at=view["basis"]["locked_at"])
    paper.line(panel["title"], ROUND)
    paper.line(name.render(language), NAME)
    if (mark := terms.mark(view["status"])) is not None:
        paper.line(mark.render(language), MARK)
    return paper


def locked(view: View) -> Text:
    """When the scores of the round were locked."""
    return _("评分锁定：{at}", at=terms.locked(view["status"], view["basis"]["locked_at"]))


def signatures(paper: Paper, people: Sequence[tuple[Text, str]], language: str) -> None:
    """Two people a row, each with a place to sign, and a place for the date; on one page."""
    cells = [[role.render(language), name, ""] for role, name in people]
    if len(cells) % 2:
        cells.append([""] * 3)
    width = (paper.page.across - 2 * (18 + 32)) / 2
    heads = ((_("身份"), 18), (_("姓名"), 32), (_("签字"), width))
    columns = [Column(head.render(language), w, MIDDLE) for head, w in heads] * 2
    rows = [a + b for a, b in zip(cells[::2], cells[1::2], strict=True)]
    paper.table(columns, rows, HEAD, height=11, together=True)
    paper.line(date(language), SIGN)


def date(language: str) -> str:
    """A place for a date that is written by hand."""
    return _("日期：　　　　年　　月　　日").render(language)


def checks(paper: Paper, pairs: Sequence[tuple[Text, str | None]], language: str) -> None:
    """Digests and hashes under their names; those that do not exist are left out."""
    width = 42
    columns = [Column("", width, TEXT), Column("", paper.page.across - width, TEXT)]
    rows = [[name.render(language), value] for name, value in pairs if value is not None]
    paper.table(columns, rows, None, ruled=False)


def number_of_pages(language: str, *before: str) -> list[str | Field]:
    """Parts of a footer: what stands ``before``, then this page and how many there are."""
    first, rest = _("第 {page} 页 共 {pages} 页").render(language).split("{page}")
    middle, last = rest.split("{pages}")
    return [*(f"{text}　" for text in before), first, Field.PAGE, middle, Field.PAGES, last]
