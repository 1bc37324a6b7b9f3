"""Tables of a Word file, merged cells included."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from evalkit.base import packages
from evalkit.base.errors import InputError, Problem
from evalkit.base.text import Text, _
from evalkit.drafting import markup
from evalkit.drafting.columns import MAX_COLUMNS
from evalkit.drafting.grid import ABOVE, BELOW, Grid, Row
from evalkit.drafting.status import status_in

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"

_WRAPPERS = {f"{_W}{name}" for name in ("sdt", "sdtContent", "customXml", "smartTag")}
_CHANGES = {f"{_W}{name}" for name in ("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel")}
_UNREADABLE = {f"{_W}{n}" for n in ("sym", "drawing", "pict", "object", "footnoteReference")}
_UNREADABLE.add("{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath")
_BREAKS = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}

Element = Any
"""An lxml element; lxml is imported when first needed, by python-docx."""


def tables_in(data: bytes, source: str) -> list[Grid]:
    """Every table of the .docx file ``data`` in order, whatever it is about.

    Raises InputError, naming ``source``, for what is no Word file, is unsafe to unpack (see
    `evalkit.base.packages`), or has tracked changes in a table: which of them hold is not for a
    program to say.
    """
    document = _opened(packages.xml_parts(data, source, packages.MAX_TREE), source)
    try:
        automatic, body = _numbered_styles(document), document.element.body
    except AttributeError as error:  # a part, or its root, is not what its name promises
        text = _("文件已损坏，请用 Word 或 WPS 打开后另存")
        raise InputError(Problem(text, source)) from error
    tables: list[Element] = []
    between: list[list[str]] = [[]]
    for block in _blocks(body):
        if block.tag == f"{_W}tbl":
            tables.append(block)
            between.append([])
        elif said := _text(block).strip():
            between[-1].append(said)
    status = status_in(_passages(body))
    if any(element.tag in _CHANGES for table in tables for element in table.iter()):
        text = _("表格里有修订没有处理，请先在 Word 里全部接受或拒绝")
        raise InputError(Problem(text, source))
    found = []
    for table, before, after in zip(tables, between, between[1:], strict=False):
        rows, remarks = markup.rows(_rows(table), markdown=False, exact=True)
        grid = Grid(
            rows,
            before=tuple(map(markup.read_line, before[-ABOVE:])),
            after=tuple(map(markup.read_line, after[:BELOW])),
            exact=True,
            remarks=(*remarks, *_remarks(table, automatic)),
            status=status,
        )
        found.append(grid)
    return found


def _opened(package: io.BytesIO, source: str) -> Any:
    import docx

    try:
        return docx.Document(package)
    except MemoryError:
        raise
    except Exception as error:  # whatever a parser says of an untrusted file, it is the file
        text = _("不是可以读取的 Word 文档，请用 Word 或 WPS 打开后另存为 .docx")
        raise InputError(Problem(text, source)) from error


def _numbered_styles(document: Any) -> set[str]:
    """Styles whose paragraphs Word numbers by itself."""
    styles = document.part.styles.element.iter(f"{_W}style")
    return {s.get(f"{_W}styleId") for s in styles if s.find(f"{_W}pPr/{_W}numPr") is not None}


def _blocks(parent: Element) -> Iterator[Element]:
    """Paragraphs and tables, not those inside of others, and wherever content controls put them."""
    for child in parent:
        if child.tag in (f"{_W}p", f"{_W}tbl"):
            yield child
        elif child.tag in _WRAPPERS:
            yield from _blocks(child)


def _passages(body: Element) -> Iterator[tuple[Text, str]]:
    """The text of every paragraph that is not blank and of every table, with its place."""
    paragraphs = tables = 0
    for block in _blocks(body):
        said = _text(block)
        if block.tag == f"{_W}tbl":
            tables += 1
            yield _("第 {n} 张表", n=tables), said
        elif said.strip():
            paragraphs += 1
            yield _("第 {n} 段", n=paragraphs), said


def _inside(parent: Element, name: str) -> Iterator[Element]:
    for child in parent:
        if child.tag == f"{_W}{name}":
            yield child
        elif child.tag in _WRAPPERS:
            yield from _inside(child, name)


def _rows(table: Element) -> Iterator[Row]:
    """Rows with one cell a column: what a merged cell covers is empty."""
    for place, row in enumerate(_inside(table, "tr"), 1):
        cells = [""] * _count(row, "trPr", "gridBefore", 0)
        covered: set[int] = set()
        below: set[int] = set()
        for cell in _inside(row, "tc"):
            width = _count(cell, "tcPr", "gridSpan", 1)
            covered.update(range(len(cells) + 1, len(cells) + width))
            below.update(range(len(cells), len(cells) + width * _continues(cell)))
            cells += ["" if _continues(cell) else _text(cell).strip(), *[""] * (width - 1)]
        yield Row(place, tuple(cells), frozenset(covered), frozenset(below))


def _count(element: Element, properties: str, name: str, least: int) -> int:
    found = element.find(f"{_W}{properties}/{_W}{name}")
    value = "" if found is None else found.get(f"{_W}val", "")
    number = int(value) if value.isascii() and value.isdigit() and len(value) < 9 else least
    return min(max(number, least), MAX_COLUMNS + 1)


def _continues(cell: Element) -> bool:
    """Whether ``cell`` is covered by the one above; what stands in it is then not shown."""
    merge = cell.find(f"{_W}tcPr/{_W}vMerge")
    return merge is not None and merge.get(f"{_W}val", "continue") != "restart"


def _text(element: Element) -> str:
    """What ``element`` shows: paragraphs a line each."""
    said: list[str] = []
    for child in element:
        if child.tag == f"{_W}t":
            said.append(child.text or "")
        elif child.tag in _BREAKS:
            said.append(_BREAKS[child.tag])
        elif child.tag not in (_FALLBACK, f"{_W}del", f"{_W}moveFrom"):
            said.append(_text(child))
            if child.tag == f"{_W}p":
                said.append("\n")
    return "".join(said)


def _remarks(table: Element, automatic: set[str]) -> Iterator[Text]:
    numbered = sum(_is_numbered(p, automatic) for p in table.iter(f"{_W}p"))
    if numbered:
        yield _("表中有 {n} 处是 Word 自动编号，没有读出；用到的请照原文补写", n=numbered)
    unreadable = sum(element.tag in _UNREADABLE for element in table.iter())
    if unreadable:
        yield _("表中有 {n} 处公式、图形、符号或脚注没有读出，请照原文补写", n=unreadable)


def _is_numbered(paragraph: Element, automatic: set[str]) -> bool:
    properties = paragraph.find(f"{_W}pPr")
    if properties is None:
        return False
    own = properties.find(f"{_W}numPr/{_W}numId")
    if own is not None:
        return own.get(f"{_W}val") != "0"
    style = properties.find(f"{_W}pStyle")
    return style is not None and style.get(f"{_W}val") in automatic
