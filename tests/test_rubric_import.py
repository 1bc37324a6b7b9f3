"""From an indicator table to a draft: what is read, what is marked, what is refused."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evalkit import yamltext
from evalkit.documents.rubric_import import File, drafts
from evalkit.errors import InputError
from evalkit.rubric import Dimension, Rubric, load_rubric
from tests.builders import ROOT
from tests.indicator_documents import WRITERS

HENAN = "henan-centre-2025"
ANHUI = ("anhui-application-2025", "anhui-product-2025", "anhui-enabling-2025")
TEXTS = {
    "000_c729f08068934539.txt": (HENAN,),
    "002_f7f5b2bfdd46f341.txt": ANHUI,
}
"""Published texts with tables, and the rubric files that were made from them by hand."""


def loaded(name: str) -> Rubric:
    """A rubric of the repository."""
    return load_rubric(ROOT / "rubrics" / f"{name}.yaml")


def completed(file: File, folder: Path) -> Rubric:
    """The draft after a person has written what no table says: id, version, source, kinds."""
    text = re.sub(r"(?m)^id: .*", "id: named", file.draft.text)
    text = text.replace("kind: 待定", "kind: qualitative").replace(": 待定", ": 已照原文填写")
    (folder / "named.yaml").write_text(text, "utf-8")
    return load_rubric(folder / "named.yaml")


def cells(rubric: Rubric) -> Iterator[tuple[str, Any]]:
    """Every value that a table states, in its order, with its name."""
    yield "title", rubric.title
    yield "points", rubric.points
    for dimension in rubric.dimensions:
        yield from _cells(dimension)
    for b in rubric.bonus:
        yield from (("bonus", x) for x in (b.name, b.points, b.guidance, b.item.min, b.item.max))
    yield from (("note", note.text) for note in rubric.notes)


def _cells(dimension: Dimension) -> Iterator[tuple[str, Any]]:
    yield from (("group", x) for x in (dimension.number, dimension.name, dimension.points))
    for below in dimension.dimensions:
        yield from _cells(below)
    for i in dimension.indicators:
        yield "number", i.number
        yield "name", i.name
        yield "points", i.points
        yield "kind", i.kind
        yield "unit", i.unit
        yield "guidance", i.guidance


def compared(files: list[File], names: tuple[str, ...], folder: Path) -> tuple[int, list[Any]]:
    """How many cells of the drafts equal those of the rubric files, and those that do not."""
    right, wrong = 0, []
    assert len(files) == len(names)
    for file, name in zip(files, names, strict=True):
        pairs = zip(cells(completed(file, folder)), cells(loaded(name)), strict=True)
        for found, wanted in pairs:
            right += found == wanted
            wrong += [] if found == wanted else [(name, found, wanted)]
    return right, wrong


@pytest.mark.parametrize("text", TEXTS)
def test_published_texts_cell_by_cell(text: str, tmp_path: Path) -> None:
    """The drafts from the texts as crawled equal the files that were made by hand."""
    folder = os.environ.get("EVALKIT_SOURCES")
    if not folder:
        pytest.skip("EVALKIT_SOURCES does not name the folder of the source texts")
    files = drafts(Path(folder) / text, tmp_path / "out")
    right, wrong = compared(files, TEXTS[text], tmp_path)
    print(f"{text}: {right} cells right, {len(wrong)} wrong")
    assert wrong == []
    assert [file.draft.indicators for file in files] == (
        [12] if HENAN in TEXTS[text] else [21, 29, 20]
    )


@pytest.mark.parametrize("names", [(HENAN,), ANHUI], ids=["henan", "anhui"])
@pytest.mark.parametrize("way", WRITERS)
def test_every_way_to_people_gives_the_same(
    way: str, names: tuple[str, ...], tmp_path: Path
) -> None:
    """Word files with merged cells and all kinds of pasted text: no cell is wrong or missing."""
    source = tmp_path / ("table.docx" if way in ("docx", "office") else "table.txt")
    WRITERS[way]([loaded(name) for name in names], source)
    right, wrong = compared(drafts(source, tmp_path / "out"), names, tmp_path)
    assert wrong == []
    assert right > 90 * len(names)
