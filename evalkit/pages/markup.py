"""Markdown and HTML that somebody wrote, as HTML in which nothing acts or refers."""

from __future__ import annotations

import base64
import html
import mimetypes
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

Attachments = Mapping[str, Mapping[str, str]]
"""The pictures of a Markdown cell: name, media type, base64."""

ELEMENTS = frozenset(
    "abbr b big blockquote br caption center cite code col colgroup dd del details dfn div dl dt "  # noqa: SIM905
    "em figcaption figure font h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt "
    "ruby s samp small span strong sub summary sup table tbody td tfoot th thead tr tt u ul var "
    "wbr".split()
)
"""What may stay; of any other element the words stay."""

ATTRIBUTES = {
    "*": ["align"],
    "img": ["src", "alt", "width", "height"],
    "td": ["colspan", "rowspan"],
    "th": ["colspan", "rowspan"],
    "ol": ["start"],
    "details": ["open"],
    "font": ["color"],
}
"""What may stay of an element: no class, no style, no address but that of a picture in itself."""

UNSEEN = ("script", "style", "template", "title")
EMBEDDED = ("img", "iframe", "video", "audio", "embed", "object")
SVG = re.compile(r"<svg\b.*?</svg\s*>", re.DOTALL | re.IGNORECASE)
SVG_BEGINS = re.compile(r"<svg\b", re.IGNORECASE)
SIDE = re.compile(r"text-align:\s*(left|right|center)")


def markdown(text: str, attachments: Attachments | None = None, folder: str = "") -> str:
    """``text`` as HTML, as nbconvert's own template shows it, with nothing that acts or refers.

    Pictures are those of ``attachments``, those written into the text, and files in ``folder``
    (that of the notebook; empty if unknown). Any other, and a link, becomes its words with the
    address behind them. Formulas stay as they are written.
    """
    from mistune import HTMLRenderer
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    class Renderer(IPythonRenderer):
        def image(self, text: str, url: str, title: str | None = None) -> str:
            return HTMLRenderer.image(self, text, url, title)  # `clean` sees to its address

    renderer = Renderer(escape=False, exclude_anchor_links=True)
    return clean(MarkdownWithMath(renderer=renderer).render(text), attachments, folder)


def clean(page: str, attachments: Attachments | None = None, folder: str = "") -> str:
    """The HTML ``page`` with what can stay of it; see `markdown`."""
    import bleach  # type: ignore[import-untyped]
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(SVG.sub(_drawing, f"{page}\n"), "html.parser")
    for tag in soup(UNSEEN):
        tag.decompose()
    for tag in soup("a"):
        tag.append(_address(str(tag.get("href") or ""), tag.get_text()))
    for tag in soup(EMBEDDED):
        address = str(tag.get("src") or tag.get("data") or "")
        if tag.name == "img" and (found := picture(address, attachments or {}, folder)):
            tag["src"] = found
        else:
            words = str(tag.get("alt") or tag.get("title") or "")
            tag.replace_with(f"{words}{_address(address, words)}".strip())
    for tag in soup("input", type="checkbox"):
        tag.replace_with("☑ " if tag.has_attr("checked") else "☐ ")
    for tag in soup(style=SIDE):
        tag["align"] = SIDE.findall(str(tag["style"]))[-1]
    kept: str = bleach.clean(
        str(soup), tags=ELEMENTS, attributes=ATTRIBUTES, protocols=["data"], strip=True
    )
    kept = kept.strip()
    return f'<div class="picture">{kept}</div>' if "<img" in kept else kept


def has_pictures(text: str) -> bool:
    """Whether there may be a picture in this Markdown or HTML."""
    return any(sign in text for sign in ("![", "<img", "<IMG", "<svg", "<SVG"))


def _address(address: str, words: str) -> str:
    """What stands behind the ``words`` of a link, or of what cannot stand on the page."""
    within = address in {"", words} or address.startswith(("#", "data:"))
    return "" if within else f" ({address})"


def picture(address: str, attachments: Attachments, folder: str) -> str | None:
    """The picture at ``address`` as an address that has it in itself, if it can be had."""
    if address.startswith("data:image/"):
        return address
    if address.startswith("attachment:"):
        name = address.removeprefix("attachment:")
        found = attachments.get(name) or attachments.get(unquote(name)) or {}
        return next((_data(k, v) for k, v in found.items() if k.startswith("image/")), None)
    kind = mimetypes.guess_type(address)[0] or ""
    if not folder or not kind.startswith("image/"):
        return None
    try:
        file = Path(folder, unquote(address)).resolve()
        if not file.is_relative_to(Path(folder).resolve()):
            return None
        return _data(kind, base64.b64encode(file.read_bytes()).decode())
    except (OSError, ValueError):  # it is not there, or no name of a file
        return None


def _drawing(found: re.Match[str]) -> str:
    return f'<img src="{drawing(found[0])}" alt="">'


def drawing(text: str) -> str:
    """A drawing in SVG as the address of a picture, in which nothing of it can act."""
    if "xmlns=" not in text:
        text = SVG_BEGINS.sub('<svg xmlns="http://www.w3.org/2000/svg"', text, count=1)
    return _data("image/svg+xml", base64.b64encode(text.encode()).decode())


def _data(kind: str, encoded: Any) -> str:
    return f"data:{kind};base64,{html.escape(''.join(encoded.split()))}"
