"""Whether a document says that it is a draft for comment (征求意见稿), and where."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from evalkit.base.text import Text, _
from evalkit.drafting.lines import Said, undecided
from evalkit.drafting.words import compact

_TITLE = re.compile(r".{0,80}[（(【\[]征求意见稿[）)】\]]|征求意见稿")
"""A heading that ends so; in a sentence the words may be about another document."""
_PERHAPS = re.compile("征求意见稿?|送审稿|讨论稿|草案")


@dataclass(frozen=True)
class Status:
    """The words that say so, where they stand, and whether as a heading of the document itself."""

    words: str
    place: Text
    certain: bool


def status_in(passages: Iterable[tuple[Text, str]]) -> Status | None:
    """What the passages of a document, each with its place, say; None if they say nothing."""
    perhaps = None
    for place, passage in passages:
        for line in map(compact, passage.split("\n")):
            if _TITLE.fullmatch(line):
                return Status("征求意见稿", place, certain=True)
            if perhaps is None and (found := _PERHAPS.search(line)):
                perhaps = Status(found[0], place, certain=False)
    return perhaps


def said(status: Status | None) -> Said:
    """The value of ``source.status``: ``draft`` where that is certain, else for a person to say."""
    if status is None:
        return undecided(_("没有写明是不是征求意见稿；是的写 draft，已施行的写 in_force"))
    if status.certain:
        return Said("draft", note=_("{place}写明是征求意见稿", place=status.place))
    return undecided(
        _(
            "{place}有“{words}”；若是征求意见稿写 draft，已施行的写 in_force",
            place=status.place,
            words=status.words,
        )
    )
