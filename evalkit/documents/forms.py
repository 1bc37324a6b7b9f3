"""What the forms that people sign have in common: head, signatures, what to check by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evalkit.base import terms
from evalkit.base.text import Text, _
from evalkit.documents.looks import Column, Form, Layout
from evalkit.documents.word import Paper
from evalkit.documents.word_xml import Field

View = Mapping[str, Any]
"""What one reader may see, as `Results` gives it."""


def begin(view: View, name: Text, template: bytes | None) -> Paper:
    """A paper with the round, its own name and what its numbers are worth at the head."""
    language, panel = view["language"], view["panel"]
    title = _("{title} {name}", title=panel["title"], name=name).render(language)
    paper = Paper(Layout.UPRIGHT, title=title, at=view["basis"]["locked_at"], template=template)
    paper.line(panel["title"], Form.ROUND)
    paper.line(name.render(language), Form.NAME)
    if (mark := terms.mark(view["status"])) is not None:
        paper.line(mark.render(language), Form.MARK)
    return paper


def locked(view: View) -> Text:
    """When the scores of the round were locked."""
    return _("评分锁定：{at}", at=terms.locked(view["status"], view["basis"]["locked_at"]))


def signatures(paper: Paper, people: Sequence[tuple[Text, str]], language: str) -> None:
    """Two people a row, each with a place to sign, and a place for the date; on one page."""
    cells = [[role.render(language), name, ""] for role, name in people]
    if len(cells) % 2:
        cells.append([""] * 3)
    width = (paper.across - 2 * (18 + 32)) / 2
    heads = ((_("身份"), 18), (_("姓名"), 32), (_("签字"), width))
    columns = [Column(head.render(language), w, Form.MIDDLE) for head, w in heads] * 2
    rows = [a + b for a, b in zip(cells[::2], cells[1::2], strict=True)]
    paper.table(columns, rows, Form.HEAD, height=11, together=True)
    paper.line(date(language), Form.SIGN)


def date(language: str) -> str:
    """A place for a date that is written by hand."""
    return _("日期：　　　　年　　月　　日").render(language)


def checks(paper: Paper, pairs: Sequence[tuple[Text, str | None]], language: str) -> None:
    """Digests and hashes under their names; those that do not exist are left out."""
    width = 42
    columns = [Column("", width, Form.TEXT), Column("", paper.across - width, Form.TEXT)]
    rows = [[name.render(language), value] for name, value in pairs if value is not None]
    paper.table(columns, rows, None, ruled=False)


def number_of_pages(language: str, *before: str) -> list[str | Field]:
    """Parts of a footer: what stands ``before``, then this page and how many there are."""
    first, rest = _("第 {page} 页 共 {pages} 页").render(language).split("{page}")
    middle, last = rest.split("{pages}")
    return [*(f"{text}　" for text in before), first, Field.PAGE, middle, Field.PAGES, last]
