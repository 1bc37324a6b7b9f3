"""HTML of an output, which a browser with scripts and a network would show, on a page without."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from evalkit.pages.markup import picture

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

FRAMES = ("iframe", "video", "audio", "embed", "object", "canvas")
"""Elements that show what is not on the page."""

ACTING = ("script", "noscript", "template", "meta", "base", "link")
"""Elements that show nothing themselves; some do something to the whole page."""

HIDDEN = (*FRAMES, *ACTING, "style", "form", "button", "label", "select", "textarea")
"""Elements that a page without scripts does not show, or that do nothing on it."""

SIGNS = (
    *(f"<{name}" for name in (*FRAMES, *ACTING, "plaintext", "textarea")),
    *("</main", "</body", "</html", "<!--", "loading bokehjs", "<img"),
)
"""Without any of them a page is as it should be; they are looked for in every section."""

ELSEWHERE = re.compile(r"<img\b(?![^>]*\ssrc=[\"']?data:)", re.IGNORECASE)

WAITING = re.compile(
    r"(?i)\s*(?:Loading\b|Make this Notebook Trusted|Your browser does not support"
    r"|3Dmol\.js failed)"
)
"""How the words begin that stand where a script has not yet drawn."""

WAITING_AMONG_OTHERS = re.compile(
    r"(?i)^\s*(?:Loading BokehJS|Make this Notebook Trusted|3Dmol\.js)"
)
"""Of these, the ones that nobody would write."""


def inert(page: str, line: str, lost: Callable[[str], str], folder: str = "") -> str | None:
    """``page`` with nothing that acts or refers; None where nothing of it is seen then.

    The HTML ``line`` stands in the place of the first frame that stays empty. A picture that is
    neither in the page nor in ``folder`` becomes the words that ``lost`` has for its address.
    """
    small = page.lower()
    found = {sign for sign in SIGNS if sign in small}
    if not found or (found == {"<img"} and not ELSEWHERE.search(page)):
        return page
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(page, "html.parser")
    if not _is_seen(BeautifulSoup(page, "html.parser")):
        return None
    empty = list(_empty(soup))
    for tag in empty[:1]:
        tag.insert_before(BeautifulSoup(line, "html.parser"))
    for tag in empty:
        tag.extract()
    for tag in soup(ACTING):
        tag.decompose()
    for tag in soup("img"):
        address = str(tag.get("src") or "")
        if (kept := picture(address, {}, folder)) is not None:
            tag["src"] = kept
        elif address:
            words = soup.new_tag("em")
            words.string = f"{tag.get('alt') or ''} {lost(address)}".strip()
            tag.replace_with(words)
    return str(soup)


def _empty(soup: BeautifulSoup) -> Iterator[Any]:
    """What a script, a player or the network would have filled."""
    drawn = soup.find("script") is not None
    for tag in soup(True):
        blank = drawn and tag.name in {"div", "svg"} and tag.has_attr("id")
        if tag.name in FRAMES or (blank and not tag.find(True) and not tag.get_text(strip=True)):
            yield tag
    yield from soup.find_all(string=WAITING_AMONG_OTHERS)


def _is_seen(soup: BeautifulSoup) -> bool:
    for tag in soup(HIDDEN):
        tag.decompose()
    if text := soup.get_text(" ", strip=True):
        return WAITING.match(text) is None
    return soup.select_one("svg > *, img[src]") is not None
