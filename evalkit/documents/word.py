"""A Word document from paragraphs and tables, in the looks of a template; the same bytes each time.

python-docx carries the package, the sections, the footers and the properties. Tables are built as
XML, because python-docx takes a second for every few thousand cells.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.oxml.ns import qn

from evalkit.base.packages import settled
from evalkit.base.terms import NONE
from evalkit.base.text import Text, render
from evalkit.documents import word_xml as xml
from evalkit.documents.looks import Column, Form, Layout, Style
from evalkit.documents.template import LOOKS, OWN
from evalkit.documents.widths import fitted
from evalkit.documents.word_xml import Field


class Paper:
    """A document under way, filled from top to bottom."""

    def __init__(
        self,
        layout: Layout,
        title: Text | str,
        at: str | None,
        *,
        language: str = "zh",
        template: bytes | None = None,
    ) -> None:
        """``title`` and ``at`` (an ISO 8601 instant, None where there is none) are all that the
        properties of the document say; without ``template`` it looks as ours does.
        """
        self.language = language
        self._document = Document(io.BytesIO(template or OWN.read_bytes()))
        self._ids = {style.name: style.style_id for style in self._document.styles}
        _describe(self._document.core_properties, render(title, language), at)
        self._body = self._document.element.body
        self._layouts = _layouts(self._body)
        for child in list(self._body)[:-1]:
            self._body.remove(child)
        self.lay(layout)

    def lay(self, layout: Layout) -> None:
        """Take page, margins, header and footer of ``layout`` for the whole document."""
        self._body.replace(self._body[-1], deepcopy(self._layouts[layout]))

    @property
    def across(self) -> float:
        """Width of the text in millimetres."""
        page: Any = self._document.sections[0]
        return float((page.page_width - page.left_margin - page.right_margin) / 36000)

    def line(
        self,
        text: Text | str,
        style: Style,
        *,
        letters: Style | None = None,
        keep: bool = False,
        fresh: bool = False,
        level: int | None = None,
        flush: bool = False,
        left: float | None = None,
        hanging: float = 0,
        centred: bool = False,
    ) -> None:
        """A paragraph; line breaks in ``text`` stay line breaks. With ``letters`` it is a heading
        within the text: its characters are those of another style, and it stays with what follows.

        ``keep`` holds it on the page of what follows, ``fresh`` begins a page; with a ``level`` (1
        is the highest) it stands in the outline of the document, as in the bookmarks of a PDF.
        ``flush``: its first line has no indent; ``left``: how many characters it is indented
        instead of those of its style, its first line ``hanging`` before them; ``centred``: in the
        middle.
        """
        made = xml.paragraph(self._ids[style], *xml.runs(self._said(text)))
        marks = {"keepNext": keep or letters is not None, "pageBreakBefore": fresh}
        made.pPr.extend([xml.element(mark) for mark, wanted in marks.items() if wanted])
        for run in made.r_lst if letters is not None else ():
            run.insert(0, deepcopy(self._document.styles[letters].element.rPr))
        if flush:
            made.pPr.append(xml.element("ind", firstLineChars=0, firstLine=0))
        if left is not None:
            sides = {"left": left} | ({"hanging": hanging} if hanging else {})
            indents = {f"{side}Chars": round(n * 100) for side, n in sides.items()}
            # the same in twips, for programs that do not count characters
            indents |= {side: round(n * 16 * 20) for side, n in sides.items()}
            made.pPr.append(xml.element("ind", **indents))
        made.pPr.extend([xml.element("jc", val="center")] if centred else [])
        made.pPr.extend([xml.element("outlineLvl", val=level - 1)] if level else [])
        self._add(made)

    def table(
        self,
        columns: Sequence[Column],
        rows: Iterable[Sequence[Text | str | int | None]],
        head: Style | None,
        *,
        ruled: bool = True,
        height: float = 0,
        together: bool = False,
    ) -> None:
        """A table; ``head`` is the style of its headings, which repeat on every page (None: none).

        A cell that is None is a dash. ``height`` is the least of a row in millimetres,
        ``together`` keeps all on one page.
        """
        said = [[self._said(text) for text in row] for row in rows]
        if head is not None and self.language != "zh":
            columns = fitted(columns, [[self._said(c.heading) for c in columns], *said])
        made = xml.table([column.width for column in columns], ruled=ruled)
        if head is not None:
            cells = [self._cell(c.heading, c, head) for c in columns]
            made.append(xml.row(cells, height, heading=True))
        for texts in said:
            pairs = zip(texts, columns, strict=True)
            cells = [self._cell(text, c, c.style) for text, c in pairs]
            made.append(xml.row(cells, height))
        if together:
            for properties in made.iter(qn("w:pPr")):
                properties.append(xml.element("keepNext"))
        self._close_table()
        self._add(made)

    def footer(self, parts: Iterable[str | Field]) -> None:
        """The foot of each page, in its first paragraph: texts, and the fields that Word counts."""
        section = self._document.sections[0]
        even = not section.even_page_footer.is_linked_to_previous
        self._document.settings.odd_and_even_pages_header_footer = even
        for foot in (section.footer, section.even_page_footer) if even else (section.footer,):
            line = (foot.paragraphs or [foot.add_paragraph()])[0]._p  # noqa: SLF001
            for child in line[1 if line.pPr is not None else 0 :]:
                line.remove(child)
            for part in parts:
                line.extend(xml.counted(part) if isinstance(part, Field) else xml.runs(part))

    def to_bytes(self) -> bytes:
        """The file. The same content gives the same bytes, with the same zlib."""
        self._close_table()
        _strip(self._document)
        written = io.BytesIO()
        self._document.save(written)
        return settled(written.getvalue())

    def _said(self, text: Any) -> str:
        return NONE if text is None else render(text, self.language)

    def _cell(self, text: Any, column: Column, style: Style) -> Any:
        return xml.cell(self._said(text), column.width, self._ids[style])

    def _add(self, block: Any) -> None:
        self._body.insert(len(self._body) - 1, block)  # the section stays last

    def _close_table(self) -> None:
        """Word joins tables that touch, and wants a paragraph after the last."""
        if len(self._body) > 1 and self._body[-2].tag == qn("w:tbl"):
            self.line("", Form.GAP)


def _layouts(body: Any) -> list[Any]:
    """The properties of each section, with the headers and footers that it has from others."""
    found, feet = [], dict[Any, Any]()
    for section in body.iter(qn("w:sectPr")):
        own = section.xpath("w:headerReference|w:footerReference")
        feet |= {(foot.tag, foot.get(qn("w:type"))): foot for foot in own}
        whole = deepcopy(section)
        for foot in whole.xpath("w:headerReference|w:footerReference"):
            whole.remove(foot)
        whole[:0] = [deepcopy(foot) for foot in feet.values()]
        found.append(whole)
    return found


def _strip(document: Any) -> None:
    """Leave of a template what a document needs: no other pages' feet, no history, no links."""
    main, settings = document.part, document.settings
    feet = {foot.get(qn("r:id")) for foot in document.element.body[-1].xpath("*[@r:id]")}
    kept = {*LOOKS, RT.SETTINGS, RT.OFFICE_DOCUMENT, RT.CORE_PROPERTIES}
    for rels in (main.rels, main.package.rels):
        for key in [key for key, rel in rels.items() if rel.reltype not in kept]:
            if rels is main.package.rels or key not in feet:
                del rels[key]
    for child in list(settings.element):
        if child.tag not in {qn("w:compat"), qn("w:evenAndOddHeaders")}:
            settings.element.remove(child)
    main.part_related_by(RT.SETTINGS).rels.clear()  # the template that it was made from


def _describe(properties: Any, title: str, at: str | None) -> None:
    """Title, and the instant ``at`` as the time of the document; no author, no clock."""
    for child in list(properties._element):  # noqa: SLF001  (the template's author and time)
        properties._element.remove(child)  # noqa: SLF001
    properties.title = title[:255]
    if at is not None:
        instant = datetime.fromisoformat(at).astimezone(UTC).replace(tzinfo=None)
        properties.created = properties.modified = instant
