"""What the forms that people sign have in common: head, signatures, what to check by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evalkit.base import terms
from evalkit.base.text import Text, _, render
from evalkit.documents.looks import Column, Form, Layout
from evalkit.documents.word import Paper
from evalkit.documents.word_xml import Field

View = Mapping[str, Any]
"""What one reader may see, as `Views` gives it."""

DATE = _("日期：　　　　年　　月　　日")
"""A place for a date that is written by hand."""


def begin(view: View, name: Text, template: bytes | None) -> Paper:
    """A paper with the round, its own name and what its numbers are worth at the head."""
    title, at = view["panel"]["title"], view["basis"]["locked_at"]
    whole = _("{title} {name}", title=title, name=name)
    paper = Paper(Layout.UPRIGHT, whole, at, language=view["language"], template=template)
    head(paper, view, name)
    return paper


def head(paper: Paper, view: View, name: Text, *, fresh: bool = False) -> None:
    """The round, the ``name`` of the form and what its numbers are worth; on a ``fresh`` page."""
    paper.line(view["panel"]["title"], Form.ROUND, fresh=fresh)
    paper.line(name, Form.NAME, level=1)
    for mark in (terms.mark(view["status"]), terms.supersedes(view["basis"])):
        if mark is not None:
            paper.line(mark, Form.MARK)


def locked(view: View) -> Text:
    """When the scores of the round were locked."""
    return _("评分锁定：{at}", at=terms.locked(view["status"], view["basis"]["locked_at"]))


def signatures(paper: Paper, people: Sequence[tuple[Text, str]]) -> None:
    """Two people a row, each with a place to sign, and a place for the date; on one page."""
    cells: list[list[Text | str]] = [[role, name, ""] for role, name in people]
    if len(cells) % 2:
        cells.append([""] * 3)
    width = (paper.across - 2 * (18 + 32)) / 2
    heads = ((_("身份"), 18), (_("姓名"), 32), (_("签字"), width))
    columns = [Column(head, w, Form.MIDDLE) for head, w in heads] * 2
    rows = [a + b for a, b in zip(cells[::2], cells[1::2], strict=True)]
    paper.table(columns, rows, Form.HEAD, height=11, together=True)
    paper.line(DATE, Form.SIGN)


def shared(paper: Paper, *shares: tuple[Text, float]) -> list[Column]:
    """Columns of words that share the width of the page."""
    return [Column(heading, share * paper.across, Form.TEXT) for heading, share in shares]


def checks(paper: Paper, pairs: Sequence[tuple[Text, Text | str | None]]) -> None:
    """Digests and hashes under their names; those that do not exist are left out."""
    width = 42
    columns = [Column("", width, Form.TEXT), Column("", paper.across - width, Form.TEXT)]
    paper.table(columns, [pair for pair in pairs if pair[1] is not None], None, ruled=False)


def footer(paper: Paper, *before: Text | str) -> None:
    """At the foot of each page what stands ``before``, then its number and how many there are."""
    first, rest = _("第 {page} 页 共 {pages} 页").render(paper.language).split("{page}")
    middle, last = rest.split("{pages}")
    words = [f"{render(text, paper.language)}　" for text in before]
    paper.footer([*words, first, Field.PAGE, middle, Field.PAGES, last])
