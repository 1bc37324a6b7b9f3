"""The Word file that lends papers their looks: ours, or one that an office has made of it.

It has a section for each `Layout` and every style of `looks`; what is written in it stays there.
`tests/support/word_template.py` made ours.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.part import XmlPart
from docx.oxml.ns import qn

from evalkit.base.errors import InputError, Problem, unreadable
from evalkit.base.packages import xml_parts
from evalkit.base.text import Text, _
from evalkit.documents.looks import STYLES, Layout
from evalkit.documents.word_xml import Field

OWN = Path(__file__).with_name("template.docx")

LOOKS = {RT.STYLES, RT.FONT_TABLE, RT.THEME, RT.NUMBERING}
"""The parts that papers take from a template, beside its headers and footers."""


def template(file: Path) -> bytes:
    """The template ``file``.

    Raises InputError for what Word does not know as a document, for one that lacks a style or a
    section, and for a header or footer with anything but text, pictures and page numbers.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise unreadable(file, error) from error
    xml_parts(data, str(file))
    try:
        document = Document(io.BytesIO(data))
    except (ValueError, KeyError) as error:  # .dotx and .docm too; and a package without its parts
        text = _("不是 .docx 文档，不能作模板；请在 Word 里另存为 .docx（不带宏）")
        raise InputError(Problem(text, str(file))) from error
    problems = [Problem(text, str(file)) for text in _lacking(document)]
    if problems:
        raise InputError(*problems)
    return data


def _lacking(document: Any) -> Iterator[Text]:
    known = {style.name for style in document.styles}
    if lacking := [style.value for style in STYLES if style not in known]:
        yield _(
            "模板缺少样式：{names}；请补上，或从自带的模板改起：{own}", names=lacking, own=str(OWN)
        )
    if (n := len(document.sections)) < len(Layout):
        yield _(
            "模板有 {n} 节，要有 3 节：竖页表单、横页表单、公示名单；可从自带的改起：{own}",
            n=n,
            own=str(OWN),
        )
    taken = {*LOOKS, RT.HEADER, RT.FOOTER}
    parts = [rel for rel in document.part.rels.values() if rel.reltype in taken]
    if any(rel.is_external or _alive(rel.target_part) for rel in parts):
        yield _("模板的页眉页脚里只能有文字、图片和页码；请去掉链接、对象和其他域")


def _alive(part: Any) -> bool:
    """Whether a part leads out of the file, holds an object, or counts more than pages."""
    if any(r.is_external or r.reltype not in {RT.IMAGE, RT.FONT} for r in part.rels.values()):
        return True
    if not isinstance(part, XmlPart):  # a theme or a table of fonts has no fields
        return False
    fields = [f.text for f in part.element.iter(qn("w:instrText"))]
    fields += [f.get(qn("w:instr")) for f in part.element.iter(qn("w:fldSimple"))]
    words = {word for field in fields for word in (field or "").split()[:1]}
    return not words <= {field.value for field in Field}
