"""Pieces of WordprocessingML (ECMA-376): what a `Paper` is put together from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from evalkit.documents.looks import FONTS, Column, Look, Page


class Field(Enum):
    """What Word counts itself, by its name there; no text is ever taken for one."""

    PAGE = "PAGE"
    PAGES = "NUMPAGES"


def element(tag: str, *children: Any, **attributes: Any) -> Any:
    """An element of Word's own namespace."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    made.extend(children)
    return made


def twips(millimetres: float) -> int:
    """Twentieths of a point."""
    return round(millimetres * 1440 / 25.4)


def paragraph(look: Look, *runs: Any) -> Any:
    """A paragraph in the style that ``look`` makes."""
    return element("p", element("pPr", element("pStyle", val=look.name)), *runs)


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


def table(columns: Sequence[Column], *, ruled: bool) -> Any:
    """A table without rows, as wide as its columns; fixed, so that long words do not widen it."""
    widths = [twips(column.width) for column in columns]
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


def cell(text: str, column: Column, look: Look) -> Any:
    """A cell with one paragraph, in the middle of its row."""
    width = element("tcW", w=twips(column.width), type="dxa")
    properties = element("tcPr", width, element("vAlign", val="center"))
    return element("tc", properties, paragraph(look, *runs(text)))


def style(look: Look) -> Any:
    """The paragraph style of ``look``."""
    spacing: dict[str, Any] = {"before": round(look.before * 20), "after": round(look.after * 20)}
    if look.line is not None:
        spacing |= {"line": round(look.line * 20), "lineRule": "exact"}
    sides = {"firstLine": look.first, "left": look.left, "right": look.right}
    indents = {f"{name}Chars": round(n * 100) for name, n in sides.items() if n}
    # the same in twips, for programs that do not count characters
    indents |= {name: round(n * look.size * 20) for name, n in sides.items() if n}
    properties = element("pPr")
    properties.extend([element("keepNext")] if look.keep else [])
    properties.extend([element("pageBreakBefore")] if look.fresh else [])
    properties.extend([] if look.snap else [element("snapToGrid", val=0)])
    properties.append(element("spacing", **spacing))
    properties.extend([element("ind", **indents)] if indents else [])
    properties.append(element("jc", val=look.align))
    return element(
        "style",
        element("name", val=look.name),
        element("basedOn", val="Normal"),
        element("qFormat"),
        properties,
        element("rPr", *_letters(look)),
        type="paragraph",
        customStyle=1,
        styleId=look.name,
    )


def defaults(base: Look) -> list[Any]:
    """What holds where nothing else is said: the look of ``base``, and the language."""
    language = element("lang", val="en-US", eastAsia="zh-CN")
    letters = element("rPr", *_letters(base), language)
    name = element("name", val="Normal")
    normal = element("style", name, type="paragraph", default=1, styleId="Normal")
    return [element("docDefaults", element("rPrDefault", letters)), normal]


def _letters(look: Look) -> list[Any]:
    font, halves = look.font, round(look.size * 2)
    names = {"ascii": font.western, "hAnsi": font.western, "eastAsia": font.name}
    spread = [element("spacing", val=round(look.spread * 20))] if look.spread else []
    return [
        element("rFonts", **names),
        *spread,
        element("sz", val=halves),
        element("szCs", val=halves),
    ]


def fonts() -> Any:
    """The table of fonts, with what Word takes where one is missing (``altName``)."""
    made = element("fonts")
    for font in FONTS:
        made.append(
            element(
                "font",
                element("altName", val=",".join(font.instead)),
                element("charset", val="86"),
                element("family", val="auto"),
                element("pitch", val="variable"),
                name=font.name,
            )
        )
    return made


def grid(page: Page) -> Any:
    """The lines of ``page``; characters keep to no grid, for programs disagree about it."""
    if page.grid is None:
        return element("docGrid", linePitch=312)
    return element("docGrid", type="lines", linePitch=round(page.grid * 20))
