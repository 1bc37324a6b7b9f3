"""Documents with the indicator table of a rubric, as people make and paste them."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx

from evalkit.rubric import Dimension, Rubric
from tests.support.programs import soffice

KINDS = {"quantitative": "定量", "qualitative": "定性", "mixed": "定性+定量"}


@dataclass(frozen=True)
class Cell:
    """A cell and how many rows it covers."""

    text: str
    rows: int = 1


Table = list[list[Cell | None]]
"""Rows of cells; None where a cell above covers the place. The first row is the header."""


def table_of(rubric: Rubric) -> Table:
    """The table as published: Henan's with guidance, Anhui's with kinds and three levels."""
    guided = any(i.guidance for i in rubric.indicators)
    return list(_guided(rubric) if guided else _levelled(rubric))


def _guided(rubric: Rubric) -> Iterator[list[Cell | None]]:
    yield [Cell(text) for text in ("一级指标", "二级指标", "权重", "指标说明与评分标准")]
    for d in rubric.dimensions:
        group = Cell(f"{d.number} {d.name}（{d.points}分）", len(d.indicators))
        for n, i in enumerate(d.indicators):
            cells = (f"{i.number} {i.name}", str(i.points), i.guidance or "")
            yield [None if n else group, *map(Cell, cells)]
    for b in rubric.bonus:
        cells = (f"加分项（最高{b.points}分）", b.name, str(b.points), b.guidance)
        yield [Cell(text) for text in cells]


def _levelled(rubric: Rubric) -> Iterator[list[Cell | None]]:
    headings = ("序号", "一级指标", "二级指标", "三级指标", "说明", "分值")
    yield [Cell(text) for text in headings]
    for top in rubric.dimensions:
        yield from _levels(top)


def _levels(top: Dimension) -> Iterator[list[Cell | None]]:
    group: Cell | None = Cell(f"{top.name}({top.points}分)", len(top.leaves))
    for below in top.dimensions:
        inner: Cell | None = Cell(below.name, len(below.leaves))
        for i in below.indicators:
            name = f"{i.name}({i.unit})" if i.unit else i.name
            said = (name, KINDS[i.kind], str(i.points))
            yield [Cell(i.number or ""), group, inner, *map(Cell, said)]
            group = inner = None


def notes_of(rubric: Rubric) -> str:
    """The notes as one paragraph below the table."""
    texts = [note.text for note in rubric.notes]
    if len(texts) < 2:
        return "".join(f"注:{text}" for text in texts)
    return "注:" + "".join(f"{n}.{text}" for n, text in enumerate(texts, 1))


def write_docx(rubrics: list[Rubric], file: Path) -> None:
    """A Word file by python-docx, with merged cells; each table between its title and notes."""
    document = docx.Document()
    for rubric in rubrics:
        document.add_paragraph(rubric.title)
        add_table(document, table_of(rubric))
        document.add_paragraph(notes_of(rubric))
    document.save(str(file))


def add_table(document: Any, rows: Table) -> Any:
    """Append a Word table with the merged cells of ``rows``."""
    table = document.add_table(len(rows), len(rows[0]))
    places = [row.cells for row in table.rows]
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if cell is not None:
                places[r][c].text = cell.text
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if cell is not None and cell.rows > 1:
                places[r][c].merge(places[r + cell.rows - 1][c])
    return table


def write_html(rubrics: list[Rubric], file: Path) -> None:
    """A web page with the tables."""
    parts = ["<!DOCTYPE html><meta charset='utf-8'>"]
    for rubric in rubrics:
        rows = (
            "".join(
                f"<td rowspan='{cell.rows}'>{html.escape(cell.text)}</td>"
                for cell in row
                if cell is not None
            )
            for row in table_of(rubric)
        )
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        parts.append(f"<p>{rubric.title}</p><table border='1'>{body}</table>")
        parts.append(f"<p>{notes_of(rubric)}</p>")
    file.write_text("\n".join(parts), "utf-8")


def write_office(rubrics: list[Rubric], file: Path) -> None:
    """A Word file by LibreOffice, from a web page."""
    page = file.with_suffix(".html")
    write_html(rubrics, page)
    kind, profile = "docx:MS Word 2007 XML", file.parent / "profile"
    soffice(page, kind, profile, "--infilter=HTML (StarWriter)")


def _lines(rubrics: list[Rubric], row: Callable[[list[Cell | None]], str], apart: str) -> str:
    blocks = [
        "\n".join([rubric.title + apart, *map(row, table_of(rubric)), apart + notes_of(rubric)])
        for rubric in rubrics
    ]
    return "\n".join(blocks)


def write_barred(rubrics: list[Rubric], file: Path) -> None:
    """Text as Markdown has it: an empty cell where a merged one goes on."""

    def row(cells: list[Cell | None]) -> str:
        return "| " + " | ".join(cell.text if cell else "" for cell in cells) + " |"

    file.write_text(_lines(rubrics, row, ""), "utf-8")


def write_packed(rubrics: list[Rubric], file: Path) -> None:
    """Text as crawlers leave it: merged cells lost, what is left packed to the left, broken."""

    def row(cells: list[Cell | None]) -> str:
        said = [cell.text for cell in cells if cell]
        first, *rest = said if len(said) > 4 else [" | ".join(said)]
        line = f"| {first} |" + "".join(f"\n{text} |" for text in rest[:2])
        return line + "".join(f" {text} |" for text in rest[2:]) + " |" * (len(cells) - len(said))

    file.write_text(_lines(rubrics, row, ""), "utf-8")


def write_tabbed(rubrics: list[Rubric], file: Path) -> None:
    """Text as word processors give it: a line a row, tabs between cells."""

    def row(cells: list[Cell | None]) -> str:
        return "\t".join(cell.text if cell else "" for cell in cells)

    file.write_text(_lines(rubrics, row, ""), "utf-8")


def write_stacked(rubrics: list[Rubric], file: Path) -> None:
    """Text as web pages give it: a line a cell, a tab before it, a blank line after a row."""

    def row(cells: list[Cell | None]) -> str:
        return "".join(f"\t{cell.text if cell else ''}\n" for cell in cells)

    file.write_text(_lines(rubrics, row, "\n"), "utf-8")


WRITERS = {
    "docx": write_docx,
    "office": write_office,
    "barred": write_barred,
    "packed": write_packed,
    "tabbed": write_tabbed,
    "stacked": write_stacked,
}
"""How the same tables reach people."""
