"""Title, signature and annexes of official papers, after GB/T 9704-2012 [GB9704]_."""

from __future__ import annotations

from collections.abc import Sequence

from evalkit.base.text import Text, _, render
from evalkit.documents.looks import Layout, Notice
from evalkit.documents.titles import broken, width
from evalkit.documents.word import Paper
from evalkit.documents.word_xml import Field

ROW = 10.213
"""Millimetres: the height of a line of the page."""

LINE, RIGHT, SIGNED = 28, 4, 12
"""Characters: of a line, to the right of issuer and day, and their least width (7.3.5.1)."""

INDENT = 2
"""Characters before the first line of a paragraph."""

DAY = _("　　　　年　　月　　日")
"""A place for the day of the paper."""


def begin(title: Text, at: str | None, language: str, template: bytes | None) -> Paper:
    """A paper with its title, in lines that end where words end; the page number is at its foot."""
    paper = Paper(Layout.OFFICIAL, title, at, language=language, template=template)
    paper.line(broken(title, language), Notice.TITLE)
    paper.footer(["— ", Field.PAGE, " —"])
    return paper


def marked(paper: Paper, mark: Text | None) -> None:
    """What the paper is worth, in the middle below its title; None: nothing need be said."""
    if mark is not None:
        paper.line(mark, Notice.REMARK, centred=True)
        paper.line("", Notice.BLANK)


def addressed(paper: Paper, to: Text | str) -> None:
    """To whom (主送机关, 7.3.2)."""
    paper.line(_("{to}：", to=to), Notice.BODY, flush=True)


def listed(paper: Paper, names: Sequence[Text | str]) -> None:
    """Which annexes there are, after an empty line; a long name goes on below its beginning
    (7.3.4).
    """
    paper.line("", Notice.BLANK)
    for n, name in enumerate(names, 1):
        text = _("附件：{name}", name=name)
        if len(names) > 1:
            given = {"n": n, "name": name}
            text = _("附件：{n}．{name}", **given) if n == 1 else _("　　　{n}．{name}", **given)
        said = render(text, paper.language)
        before = sum(map(width, said.removesuffix(render(name, paper.language))))
        paper.line(text, Notice.BLANK, left=INDENT + before, hanging=before)


def signed(
    paper: Paper, issuer: Text | str, day: Text = DAY, *, above: int = 2, keep: bool = False
) -> None:
    """Issuer and day below so many lines ``above``; a long issuer stays on one line, with the day
    below its middle. ``keep`` holds all of it on the page of what follows.
    """
    for _n in range(above):
        paper.line("", Notice.BLANK, keep=keep)
    wide = sum(map(width, render(issuer, paper.language))) + 1.5
    left = max(LINE - RIGHT - max(SIGNED, wide), 0)
    paper.line(issuer, Notice.ISSUER, left=left, keep=True)
    paper.line(day, Notice.ISSUER, left=left, keep=keep)


def annex(paper: Paper, label: Text, name: Text | str) -> None:
    """The head of an annex on a page of its own (7.3.7)."""
    paper.line(label, Notice.ANNEX)
    paper.line(broken(name, paper.language), Notice.LIST)
