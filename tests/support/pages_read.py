"""Pages as their readers take them: elements and words; and texts that try to act."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any

import nbformat

from evalkit.base import canonical
from evalkit.pages import applicant, page
from tests.support.builders import ROOT

NOTEBOOKS = ROOT / "notebooks"


APPLICANT = (
    *("heading", "outcome", "dimensions", "indicators"),
    *("adjustments", "rules", "provenance"),
)


SUMMARY = (
    *("heading", "ranking", "table", "notes", "stability", "agreement", "checks"),
    *("experts", "rules", "provenance", "signatures"),
)


PAYLOADS = [
    "<script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</title><img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script href=data:,alert(1)></script></svg>",
    '"><img src=https://example.com/x.png>',
    "' autofocus onfocus='alert(1)",
    '<meta http-equiv="refresh" content="0;url=https://example.com">',
    '<base href="https://example.com/">',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<a href="javascript:alert(1)">x</a>',
    '<form action="https://example.com"><button>x</button></form>',
    '<link rel="stylesheet" href="//example.com/x.css"><style>@import url(//example.com)</style>',
    "{{ 7 * 7 }}{% raw %}{x.__class__}",
    "<!--<p>--!><details open ontoggle=alert(1)>&lt;script&gt;",
]


VOID = {"meta", "br", "hr", "img"}


class Page(HTMLParser):
    """What a page is made of: elements with their attributes, its text, and its style sheet."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.styles: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element, open until its end."""
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element that is its own end."""
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """The end of the element that was opened last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Words, or a style sheet."""
        (self.styles if self.open[-1:] == ["style"] else self.words).append(data)

    @property
    def text(self) -> str:
        """All words, white space squeezed."""
        return re.sub(r"\s+", " ", "".join(self.words)).strip()


HARMLESS = set(
    "article b body br code dd del desc details div dl dt figcaption figure h1 h2 h3 h4 g head "  # noqa: SIM905
    "header html li line main meta ol p path rect circle section small span style summary svg "
    "table tbody td text th thead title tr ul".split()
)


def assert_inert(html: str) -> Page:
    """Nothing that acts, loads, links or leaves; every element is closed where it should be."""
    found = Page(html)
    assert found.open == []
    for tag, attributes in found.elements:
        assert tag in HARMLESS
        for name, value in attributes.items():
            assert not name.startswith("on")
            assert name not in {"src", "href", "srcdoc", "action", "style", "xlink:href", "id"}
            assert "url(" not in (value or "")
        if tag == "meta":
            assert attributes.get("http-equiv", "Content-Security-Policy") != "refresh"
    assert not re.search(r"url\(|@import|https?:", "".join(found.styles))
    return found


def sections(module: Any, view: Mapping[str, Any]) -> list[page.Section]:
    """All sections of a report, in the order of its notebook."""
    names = APPLICANT if module is applicant else SUMMARY
    report = module.read(canonical.dumps(view))
    return [getattr(module, name)(report) for name in names]


def html_of(module: Any, view: Mapping[str, Any]) -> str:
    """The body of a report without notebook and template."""
    return "\n".join(section._repr_html_() for section in sections(module, view))


def text_of(module: Any, view: Mapping[str, Any]) -> str:
    """The words of a report."""
    return assert_inert(html_of(module, view)).text


def cell(points: str | None, sum: str, n: int, scores: Any = (), **more: Any) -> dict[str, Any]:
    """A column of a result; scores are written like ``7`` ``-7`` ``+7`` ``x7``."""
    uses = {"-": "dropped_lowest", "+": "dropped_highest", "x": "excluded"}
    listed = [{"points": s.lstrip("-+x"), "use": uses.get(s[0], "counted")} for s in scores or ()]
    defaults = {"max": "10", "left_out": [], "flags": [], "given": len(listed)}
    found = listed if scores is not None else None
    hidden = "few" if scores is None else None
    numbers = {"points": points, "sum": sum, "n": n}
    return {**numbers, "scores": found, "hidden": hidden, **defaults, **more}


def poisoned(value: Any, payload: str) -> Any:
    """``value`` with ``payload`` in every text that a person may have written."""
    written = {"name", "title", "lead", "partners", "industry", "city", "department", "evidence"}
    written |= {"comments", "guidance", "employer", "reason", "secretary", "issuer", "table"}
    written |= {"basis", "rules", "version", "number"}

    def fill(key: str, old: Any) -> Any:
        if isinstance(old, dict):
            return {k: fill(k, v) for k, v in old.items()}
        if isinstance(old, list):
            more = [payload] if key == "comments" else []
            return [fill(key, v) for v in old] + more
        return payload if key in written and isinstance(old, str) else old

    return fill("", copy.deepcopy(value))


def cells(name: str) -> Iterator[Any]:
    """Code cells of a notebook as it is in the repository."""
    notebook = nbformat.read(NOTEBOOKS / name, as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata.kernelspec.name == "python3"
    return (cell for cell in notebook.cells if cell.cell_type == "code")
