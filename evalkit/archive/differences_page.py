"""Two pages beside each other, section by section: what a reader would see differently, and what
only a browser would.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from evalkit.archive.differences import (
    ABSENT,
    DECIMAL,
    PRESENT,
    Difference,
    Kind,
    only_last_digits,
    passage,
)
from evalkit.base.text import Text, _

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_COORDINATE = re.compile(r"-?\d+(\.\d+)?")


def of_pages(file: str, before: bytes, after: bytes) -> list[Difference]:
    """What differs between two pages of reports: head, style sheet, and sections by their title.

    Empty only for the same bytes.
    """
    if before == after:
        return []
    was, now = _soup(before), _soup(after)
    found = [*_head(file, was, now), *_sections(file, was, now)]
    text = _("只有网页的写法不同，文字、图形和样式都一样")
    return found or [Difference("page", file, _("全页"), text, text)]


def of_html(file: str, part: Text | str, before: str, after: str, kind: Kind) -> Difference:
    """What differs between two pieces of HTML that are not the same, as one difference."""
    was, now = _soup(before.encode()), _soup(after.encode())
    return _difference(file, part, was, now, kind)


def _soup(html: bytes) -> BeautifulSoup:
    from bs4 import BeautifulSoup

    return BeautifulSoup(html, "html.parser", from_encoding="utf-8")


def _head(file: str, was: BeautifulSoup, now: BeautifulSoup) -> Iterator[Difference]:
    """The title, the language and the style sheet of the page."""
    parts = (
        (_("网页标题"), "title", True),
        (_("样式表"), "style", False),
    )
    for part, name, quoted in parts:
        one, other = (soup.find(name) for soup in (was, now))
        if str(one) != str(other):
            texts = [tag.get_text() if tag else "" for tag in (one, other)]
            before, after = passage(*(text.splitlines() for text in texts))
            if not quoted:
                before, after = passage(*(re.split(r"(?<=\})", text) for text in texts))
            yield Difference("page", file, part, before, after)
    before, after = (str(soup.html.get("lang")) if soup.html else ABSENT for soup in (was, now))
    if before != after:
        yield Difference("page", file, _("网页的语言"), before, after)


def _sections(file: str, was: BeautifulSoup, now: BeautifulSoup) -> Iterator[Difference]:
    before, after = _by_title(was), _by_title(now)
    for title in [*before, *(title for title in after if title not in before)]:
        one, other = before.get(title), after.get(title)
        part = _("“{title}”一节", title=title)
        if one is None:
            yield Difference("page", file, part, ABSENT, PRESENT)
        elif other is None:
            yield Difference("page", file, part, PRESENT, ABSENT)
        elif str(one) != str(other):
            yield _difference(file, part, one, other, "page")
    if [*before] != [*after] and before.keys() == after.keys():
        yield Difference("page", file, _("各节的顺序"), " ".join(before), " ".join(after))


def _by_title(soup: BeautifulSoup) -> dict[str, Tag]:
    """The sections of a page by their title; a second one of the same title has its number."""
    found: dict[str, Tag] = {}
    for tag in (soup.main or soup).find_all(recursive=False):
        heading = tag.find(["h1", "h2"])
        title = heading.get_text(" ", strip=True) if heading else tag.name
        while title in found:
            title += "*"
        found[title] = tag
    return found


def _difference(file: str, part: Text | str, one: Tag, other: Tag, kind: Kind) -> Difference:
    """The first passage in which the words differ; else that the figures or the markup do."""
    was, now = list(one.stripped_strings), list(other.stripped_strings)
    if was != now:
        digits = only_last_digits("\n".join(was), "\n".join(now))
        return Difference(kind, file, part, *passage(was, now), digits and _drawn_alike(one, other))
    drawn = ["".join(map(str, tag.find_all("svg"))) for tag in (one, other)]
    what = _("文字相同，图形不同") if drawn[0] != drawn[1] else _("文字相同，排版的标记不同")
    before, after = passage(*(re.split(r"(?<=>)", str(tag)) for tag in (one, other)))
    return Difference(kind, file, _("{part}（{what}）", part=part, what=what), before, after)


def _drawn_alike(one: Tag, other: Tag) -> bool:
    """Whether nothing but numbers differs in what surrounds the words, figures included."""
    before, after = (_COORDINATE.sub("#", DECIMAL.sub("#", str(tag))) for tag in (one, other))
    return before == after
