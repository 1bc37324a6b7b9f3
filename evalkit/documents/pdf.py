"""A report's page as PDF, printed by WeasyPrint; a character without a glyph is an error.

Why not a browser: both print the same pages, but WeasyPrint embeds real fonts, gives the same bytes
each time, is pinned by the lock and tells which characters it could not draw. Chromium draws every
glyph as a picture (Type 3), writes the time into the file and puts an empty box for what it lacks,
silently. What WeasyPrint lays out differently from browsers is set right by `ADAPTED`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from html import escape
from typing import Any

from evalkit.base.errors import InputError
from evalkit.base.text import Text, _, render
from evalkit.base.wanted import asked

SANS = "Noto Sans CJK SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, sans-serif"

ADAPTED = f"""
@counter-style simp-chinese-informal {{
  system: additive; range: 1 99;
  additive-symbols: 90 九十, 80 八十, 70 七十, 60 六十, 50 五十, 40 四十, 30 三十, 20 二十, 10 十,
    9 九, 8 八, 7 七, 6 六, 5 五, 4 四, 3 三, 2 二, 1 一;
}}
@page {{ @bottom-center {{ font-family: {SANS} }} }}
.legend li {{ white-space: nowrap !important; margin-right: 8px }}
.outcome {{ align-items: flex-end !important }}
.points {{ white-space: nowrap }}
.legend svg {{ flex: none }}
"""
"""The counter that browsers know by name, the font of page numbers, and flexible boxes."""

SIGNS = """
.track{fill:#e7ecf0}
.bar :nth-child(3){fill:#1b4f72}
.bar :nth-child(4){stroke:#fff}
.dots{stroke-width:7;stroke-linecap:round;stroke-dasharray:0 8}
.hollow{stroke:#fff;stroke-width:4.6}
.cross{fill:none;stroke-width:1.5;stroke-dasharray:none}
"""
"""How the page's style sheet draws bars and dots, once more for figures, which take no styles from
the page around them; the track under a bar, which is its background there, is a shape of its own.
"""

_SVG = "{http://www.w3.org/2000/svg}"
_UNDRAWN = {"head", "style", "title", "desc", f"{_SVG}title", f"{_SVG}desc", f"{_SVG}style"}


def require() -> None:
    """Pass where WeasyPrint and the libraries under it are there. Raises InputError elsewhere."""
    try:
        import weasyprint  # type: ignore[import-untyped]  # noqa: F401
    except (ImportError, OSError) as error:
        text = _(
            "出 PDF 需要 WeasyPrint 和 Pango：pip install 'evalkit[pdf]'；"
            "在 Debian 上还要 apt-get install libpango-1.0-0 libpangoft2-1.0-0"
        )
        raise InputError(text) from error


@asked
def pdf(page: str) -> bytes:
    """The PDF of a page of HTML that stands alone; the same fonts and page give the same bytes.

    Raises InputError that names the characters for which no font here has a glyph, and where
    WeasyPrint is missing.
    """
    return _checked([page], None)


@asked
def booklet(pages: Iterable[str], title: Text | str, language: str = "zh") -> bytes:
    """One PDF of several pages of HTML, each from a new sheet of paper; their headings are its
    bookmarks. Errors as of `pdf`.
    """
    return _checked(pages, render(title, language))


def _checked(pages: Iterable[str], title: str | None) -> bytes:
    require()
    written, drawn, shown = _print(pages, title)
    # Two characters may share a glyph, which then stands for the first: such are tried alone.
    lost = sorted(c for c in shown - drawn if c not in _print([_alone(c)], None)[1])
    if lost:
        names = [f"{c}（U+{ord(c):04X}）" for c in lost]
        text = _(
            "这里的字体没有这些字：{names}；请安装收录它们的字体（如 fonts-noto-cjk）", names=names
        )
        raise InputError(text)
    return written


def _alone(character: str) -> str:
    style = f"font-family: {SANS}"
    return (
        f'<!DOCTYPE html><html lang="zh-CN"><body style="{style}">{escape(character)}</body></html>'
    )


def _print(pages: Iterable[str], title: str | None) -> tuple[bytes, set[str], set[str]]:
    """The PDF, the characters that were drawn, and those that the ``pages`` show."""
    documents, shown = list[Any](), set[str]()
    for page in pages:
        document, texts = _laid_out(page)
        documents.append(document)
        shown |= texts
    whole = documents[0]
    if len(documents) > 1:
        whole = whole.copy([sheet for document in documents for sheet in document.pages])
    if title is not None:
        whole.metadata.title = title
    written = whole.write_pdf(pdf_tags=True)
    fonts = whole.fonts.values()
    mapped = {c for font in fonts for text in font.to_unicode.values() for c in text}
    missing = {chr(code) for font in fonts for code in font.missing}
    return written, mapped - missing, shown


def _laid_out(page: str) -> tuple[Any, set[str]]:
    """A page of HTML as sheets of paper, and the characters that it shows."""
    from weasyprint import CSS, HTML
    from weasyprint.css.counters import CounterStyle  # type: ignore[import-untyped]
    from weasyprint.urls import URLFetcher  # type: ignore[import-untyped]

    counters = CounterStyle()
    html = HTML(string=page, url_fetcher=URLFetcher(allowed_protocols=()))
    for figure in html.etree_element.iter(f"{_SVG}svg"):
        _dress(figure)
    adapted = CSS(string=ADAPTED, counter_style=counters)
    document = html.render(stylesheets=[adapted], counter_style=counters)
    return document, set(filter(_visible, _texts(html.etree_element)))


def _dress(figure: Any) -> None:
    """Give a figure what it would take from the page in a browser: its font and its look."""
    figure.set("font-family", SANS)
    if "class" not in figure.attrib:
        return
    style = figure.makeelement(f"{_SVG}style", {})
    style.text = SIGNS
    figure.insert(0, style)
    if figure.get("class") == "bar":
        _left, _top, width, _height = figure.get("viewBox").split()
        scale = {"class": "track", "y": "3", "width": f"{int(width) - 8}", "height": "8"}
        figure.insert(1, figure.makeelement(f"{_SVG}rect", scale))


def _texts(element: Any) -> str:
    """Everything in ``element`` that is drawn."""
    if element.tag in _UNDRAWN or not isinstance(element.tag, str):
        return ""
    inner = "".join(_texts(child) + (child.tail or "") for child in element)
    return (element.text or "") + inner


def _visible(character: str) -> bool:
    """Whether a character has a form of its own: no space, control, format, variation selector."""
    selector = "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    category = unicodedata.category(character)
    return not selector and category[0] != "Z" and category not in {"Cc", "Cf"}
