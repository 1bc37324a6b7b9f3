"""The cells of an ordinary notebook on a page without scripts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from markupsafe import escape

from evalkit.base.text import _
from evalkit.pages.inert import inert
from evalkit.pages.markup import clean, drawing, markdown

INTERACTIVE = _("这里是交互图形（或地图、控件、影片），本页无法显示")
_LOST = _("这里的输出（{kinds}）本页无法显示")

PICTURES = ("image/svg+xml", "image/png", "image/jpeg")
"""The kinds of pictures in the order of choice; any other kind comes after them."""

ACTING = re.compile(
    r"application/(vnd\.(?!ms-|openxml|oasis)|javascript|geo\+json)|text/(javascript|vnd\.)"
)
"""Media types that a program of their own draws."""

FORMAL = re.compile(r"\s*(<.*|[\w.]+\(.*\))?\s*", re.DOTALL)
"""A representation that names an object and says nothing about it."""


def outputs(cell: Any, language: str, folder: str = "") -> str:
    """The outputs of a code cell as HTML, in a line of their own each.

    What only a program in the browser could show becomes a line that says so in ``language`` ("zh"
    or "en"); scripts that follow such a line in the same cell belong to it.
    """
    found, said = [], False
    for output in cell.get("outputs", ()):
        data = output.get("data", {})
        if said and "text/html" not in data and _acts(data):
            continue
        parts = list(_output(output, cell.metadata.get("alt"), language, folder))
        said = any(_line(INTERACTIVE.render(language)) in part for part in parts)
        found += parts
    return "".join(f"\n{part}" for part in found)


def words(cell: Any, folder: str = "") -> str:
    """A Markdown cell, or a raw one of text, HTML or Markdown; for other formats it is left out."""
    if cell.cell_type == "markdown":
        return markdown(cell.source, cell.get("attachments"), folder)
    kind = cell.metadata.get("raw_mimetype") or cell.metadata.get("format") or ""
    if kind == "text/html":
        return clean(cell.source)
    if kind == "text/markdown":
        return markdown(cell.source)
    return _pre(cell.source) if kind in {"", "text/plain"} and cell.source.strip() else ""


def _output(output: Any, alt: Any, language: str, folder: str) -> Iterator[str]:
    """The parts of an output, of which there is rarely more than one."""
    if output.output_type == "stream":
        yield _pre(output.text)
    elif output.output_type == "error":
        yield _pre("\n".join(output.traceback) or f"{output.ename}: {output.evalue}")
    elif output.get("data"):
        data = output.data
        described = output.get("metadata", {}).get("alt") or alt or data.get("text/plain", "")
        yield from _data(data, described, language, folder)


def _data(data: Any, alt: Any, language: str, folder: str) -> Iterator[str]:
    """What is shown of an output with several media types: the first that can be."""
    text, line = data.get("text/plain", ""), _line(INTERACTIVE.render(language))

    def lost(kinds: Any) -> str:
        return _LOST.filled(kinds=kinds).render(language)

    page = inert(data["text/html"], line, lost, folder) if "text/html" in data else None
    kinds = [*PICTURES, *(k for k in data if k.startswith("image/") and k not in PICTURES)]
    picture = next((kind for kind in kinds if kind in data), None)
    if page is not None:
        yield from [page] if page else []  # an empty one is a section without a use here
    elif picture is not None:
        yield _picture(picture, data[picture], alt)
    elif "text/markdown" in data:
        yield markdown(data["text/markdown"], folder=folder)
    elif "text/latex" in data:
        yield _pre(data["text/latex"])
    elif "text/html" in data or _acts(data):
        yield line
        if not FORMAL.fullmatch(text):
            yield _pre(text)
    elif "application/json" in data and FORMAL.fullmatch(text):
        yield _pre(json.dumps(data["application/json"], ensure_ascii=False, indent=2))
    elif set(data) == {"text/plain"} or not FORMAL.fullmatch(text):
        yield _pre(text)
    else:
        kinds = [kind for kind in data if kind != "text/plain"]
        yield _line(lost(kinds))


def _acts(data: Any) -> bool:
    return any(ACTING.match(kind) for kind in data)


def _picture(kind: str, content: str, alt: Any) -> str:
    own = kind == PICTURES[0]
    source = drawing(content) if own else f"data:{kind};base64,{''.join(content.split())}"
    return f'<p class="picture"><img src="{escape(source)}" alt="{escape(alt)}"></p>'


def _line(words: str) -> str:
    return f"<p><em>{escape(words)}</em></p>"


def _pre(text: str) -> str:
    from nbconvert.filters import strip_ansi

    plain = strip_ansi(text)  # type: ignore[no-untyped-call]
    return f"<pre>{escape(plain)}</pre>"
