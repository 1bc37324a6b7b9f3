"""A Word document from paragraphs and tables: Chinese fonts, A4, the same bytes each time.

python-docx carries the package, the section, the footers and the properties. Tables are built as
XML, because python-docx takes a second for every few thousand cells.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import chain
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.oxml import serialize_part_xml
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import qn
from docx.shared import Mm

from evalkit.base.packages import settled
from evalkit.documents import word_xml as xml
from evalkit.documents.looks import Column, Look, Page
from evalkit.documents.word_xml import Field

GAP = Look("Gap", size=1, line=1)


class Paper:
    """A document under way, filled from top to bottom."""

    def __init__(self, page: Page, base: Look, *, title: str, at: str | None) -> None:
        """``base`` is how text looks by default; ``title`` and ``at`` (an ISO 8601 instant, None
        where there is none) are all that the properties of the document say.
        """
        self.page, self._base = page, base
        self._looks: dict[str, Look] = {}
        self._document = Document()
        _strip(self._document)
        _describe(self._document.core_properties, title, at)
        self._body = self._document.element.body

    def line(self, text: str, look: Look) -> None:
        """A paragraph; line breaks in ``text`` stay line breaks."""
        self._add(self._paragraph(text, look))

    def table(
        self,
        columns: Sequence[Column],
        rows: Iterable[Sequence[str]],
        head: Look | None,
        *,
        ruled: bool = True,
        height: float = 0,
        together: bool = False,
    ) -> None:
        """A table; ``head`` is the look of its headings, which repeat on every page (None: none).

        ``height`` is the least of a row in millimetres, ``together`` keeps all on one page.
        """
        made = xml.table(columns, ruled=ruled)
        if head is not None:
            cells = [self._cell(column.heading, column, head) for column in columns]
            made.append(xml.row(cells, height, heading=True))
        for texts in rows:
            pairs = zip(texts, columns, strict=True)
            made.append(xml.row([self._cell(t, c, c.look) for t, c in pairs], height))
        if together:
            for properties in made.iter(qn("w:pPr")):
                properties.append(xml.element("keepNext"))
        self._close_table()
        self._add(made)

    def footer(self, parts: Sequence[str | Field], look: Look, even: Look | None = None) -> None:
        """The foot of each page: texts, and the fields that Word counts.

        ``even`` is the look on pages with even numbers, where it differs.
        """
        section = self._document.sections[0]
        self._foot(section.footer, parts, look)
        if even is not None:
            self._document.settings.odd_and_even_pages_header_footer = True
            self._foot(section.even_page_footer, parts, even)

    def to_bytes(self) -> bytes:
        """The file. The same content gives the same bytes, with the same zlib."""
        self._close_table()
        self._lay_out()
        styles = self._document.styles.element
        for child in list(styles):
            styles.remove(child)
        styles.extend(xml.defaults(self._base))
        styles.extend(xml.style(look) for look in self._looks.values())
        written = io.BytesIO()
        self._document.save(written)
        return settled(written.getvalue())

    def _add(self, block: Any) -> None:
        self._body.insert(len(self._body) - 1, block)  # the section stays last

    def _close_table(self) -> None:
        """Word joins tables that touch, and wants a paragraph after the last."""
        if len(self._body) > 1 and self._body[-2].tag == qn("w:tbl"):
            self.line("", GAP)

    def _paragraph(self, text: str, look: Look) -> Any:
        self._looks.setdefault(look.name, look)
        return xml.paragraph(look, *xml.runs(text))

    def _cell(self, text: str, column: Column, look: Look) -> Any:
        self._looks.setdefault(look.name, look)
        return xml.cell(text, column, look)

    def _foot(self, foot: Any, parts: Sequence[str | Field], look: Look) -> None:
        foot.is_linked_to_previous = False
        self._looks.setdefault(look.name, look)
        old = foot.paragraphs[0]._p  # noqa: SLF001  (python-docx's own paragraphs have no fields)
        pieces = (xml.counted(p) if isinstance(p, Field) else xml.runs(p) for p in parts)
        old.addprevious(xml.paragraph(look, *chain.from_iterable(pieces)))
        old.getparent().remove(old)

    def _lay_out(self) -> None:
        page, section = self.page, self._document.sections[0]
        wide = page.width > page.height
        section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Mm(page.width), Mm(page.height)
        section.top_margin, section.bottom_margin = Mm(page.top), Mm(page.bottom)
        section.left_margin, section.right_margin = Mm(page.left), Mm(page.right)
        section.footer_distance = Mm(page.footer)
        properties = self._body[-1]
        properties.replace(properties.find(qn("w:docGrid")), xml.grid(page))


def _strip(document: Any) -> None:
    """Leave of python-docx's template what a document needs: no theme, picture or history.

    Its table of fonts is Japanese; ours takes its place.
    """
    main = document.part
    keep = (RT.STYLES, RT.SETTINGS, RT.OFFICE_DOCUMENT, RT.CORE_PROPERTIES)
    for rels in (main.rels, main.package.rels):
        for key in [key for key, rel in rels.items() if rel.reltype not in keep]:
            del rels[key]
    settings = document.settings.element
    for child in list(settings):
        if child.tag != qn("w:compat"):
            settings.remove(child)
    name, blob = PackURI("/word/fontTable.xml"), serialize_part_xml(xml.fonts())
    main.relate_to(Part(name, CT.WML_FONT_TABLE, blob, main.package), RT.FONT_TABLE)


def _describe(properties: Any, title: str, at: str | None) -> None:
    """Title, and the instant ``at`` as the time of the document; no author, no clock."""
    for child in list(properties._element):  # noqa: SLF001  (the template's author and time)
        properties._element.remove(child)  # noqa: SLF001
    properties.title = title[:255]
    if at is not None:
        instant = datetime.fromisoformat(at).astimezone(UTC).replace(tzinfo=None)
        properties.created = properties.modified = instant
