"""Pieces of WordprocessingML (ECMA-376): what a `Paper` is put together from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from functools import cache
from typing import Any

from docx.oxml.ns import nsmap, qn
from docx.oxml.parser import oxml_parser


class Field(Enum):
    """What Word counts itself, by its name there; no text is ever taken for one."""

    PAGE = "PAGE"
    PAGES = "NUMPAGES"


def element(tag: str, *children: Any, **attributes: Any) -> Any:
    """An element of Word's own namespace."""
    made = oxml_parser.makeelement(_named(tag), nsmap=_WORD)
    for name, value in attributes.items():
        made.set(_named(name), str(value))
    made.extend(children)
    return made


_WORD = {"w": nsmap["w"]}


@cache
def _named(name: str) -> str:
    return qn(f"w:{name}")


def twips(millimetres: float) -> int:
    """Twentieths of a point."""
    return round(millimetres * 1440 / 25.4)


def paragraph(style: str, *runs: Any) -> Any:
    """A paragraph in the style with this id."""
    return element("p", element("pPr", element("pStyle", val=style)), *runs)


def runs(text: str) -> list[Any]:
    """``text`` as a run; line breaks and tabs are elements there."""
    run = element("r")
    for n, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")):
        if n:
            run.append(element("br"))
        for k, piece in enumerate(line.split("\t")):
            run.extend([element("tab")] if k else [])
            run.append(_words(piece))
    return [run]


def counted(field: Field) -> list[Any]:
    """``field`` as runs; a program that does not count shows 1."""
    instruction = element("instrText")
    instruction.text = field.value
    marks = [element("fldChar", fldCharType=t) for t in ("begin", "separate", "end")]
    parts = (marks[0], instruction, marks[1], _words("1"), marks[2])
    return [element("r", part) for part in parts]


def _words(text: str) -> Any:
    made = element("t")
    made.text = text
    made.set(qn("xml:space"), "preserve")
    return made


def table(columns: Sequence[float], *, ruled: bool) -> Any:
    """A table without rows, as wide as its columns (millimetres); long words do not widen it."""
    widths = [twips(width) for width in columns]
    properties = element(
        "tblPr", element("tblW", w=sum(widths), type="dxa"), element("jc", val="center")
    )
    if ruled:
        sides = ("top", "left", "bottom", "right", "insideH", "insideV")
        lines = [element(side, val="single", sz=4, space=0, color="auto") for side in sides]
        properties.append(element("tblBorders", *lines))
    properties.append(element("tblLayout", type="fixed"))
    margins = (element(side, w=twips(1.2), type="dxa") for side in ("left", "right"))
    properties.append(element("tblCellMar", *margins))
    return element(
        "tbl", properties, element("tblGrid", *(element("gridCol", w=w) for w in widths))
    )


def row(cells: Iterable[Any], height: float, *, heading: bool = False) -> Any:
    """A row that stays on one page; ``height`` is the least, in millimetres."""
    properties = element("trPr", element("cantSplit"))
    if height:
        properties.append(element("trHeight", val=twips(height), hRule="atLeast"))
    if heading:
        properties.append(element("tblHeader"))
    return element("tr", properties, *cells)


def cell(text: str, width: float, style: str) -> Any:
    """A cell with one paragraph, in the middle of its row; ``width`` in millimetres."""
    wide = element("tcW", w=twips(width), type="dxa")
    properties = element("tcPr", wide, element("vAlign", val="center"))
    return element("tc", properties, paragraph(style, *runs(text)))
