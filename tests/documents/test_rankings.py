"""One ranking everywhere: screen, page, Word, Excel and pandas show the same columns and cells."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple

import docx
import openpyxl
import pandas as pd
import pytest
import rich.box
import yaml

import evalkit as ek
from evalkit.disclosure import Views
from evalkit.documents.summary_word import summary
from evalkit.documents.workbook import workbook
from evalkit.evaluation import Results
from evalkit.pages import summary as pages
from tests.support.builders import ROOT
from tests.support.command import evalkit

PANELS = sorted(file.parent.name for file in (ROOT / "panels").glob("*/scores.csv"))

PROPOSED = {
    "anhui-application-demo": {"a1": "拟选", "a2": "拟选", "a3": "并列待定", "a6": "并列待定"},
    "anhui-product-demo": {"p2": "拟选", "p6": "拟选"},
    "zhongshan-recognition-demo": {"z3": "拟选", "z1": "拟选"},
}
"""Who is proposed where the panel has places: three with a tie at the last, two, two."""


class Shown(NamedTuple):
    """A table as somebody reads it, without white space: headings, and rows of cells."""

    heads: list[str]
    rows: list[list[str]]

    @classmethod
    def of(cls, heads: list[Any], rows: list[list[Any]]) -> Shown:
        """The table in plain words."""
        return cls(*([_bare(c) for c in heads], [[_bare(c) for c in row] for row in rows]))


def _bare(cell: Any) -> str:
    return "".join("" if cell is None else str(cell)).translate({ord(c): None for c in " \n"})


def screen(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Shown:
    """What ``evalkit evaluate`` prints; a cell that goes on in the next line is put together."""
    monkeypatch.setattr(rich.box, "SIMPLE_HEAD", rich.box.ASCII)
    run = evalkit("evaluate", folder)
    assert run.returncode == 0, run.stderr
    lines = [line[1:-1].split("|") for line in run.stdout.splitlines() if line.startswith("|")]
    rule = next(n for n, line in enumerate(lines) if set("".join(line)) <= set("-+"))
    rows: list[list[str]] = []
    for line in lines[rule + 1 :]:
        if _bare(line[_bare_index(lines[:rule], "名次")]):
            rows.append(line)
        else:
            rows[-1] = [a + b for a, b in zip(rows[-1], line, strict=True)]
    heads = ["".join(parts) for parts in zip(*lines[:rule], strict=True)]
    return Shown.of(heads, rows)


def _bare_index(head: list[list[str]], name: str) -> int:
    return [_bare("".join(parts)) for parts in zip(*head, strict=True)].index(name)


class _Table(HTMLParser):
    """The rows of the first table."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._inside = self._cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._cell = tag in {"td", "th"} or (self._cell and tag == "small")
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"}:
            self.rows[-1].append("")
        elif tag == "small" and self._cell:
            self.rows[-1][-1] += "|"

    def handle_endtag(self, tag: str) -> None:
        self._cell = self._cell and tag not in {"td", "th"}

    def handle_data(self, data: str) -> None:
        if self._cell:
            self.rows[-1][-1] += data


def page(results: Results) -> Shown:
    """The section of the summary's page, with full points as the papers write them."""
    view = Views(results).panel()
    parser = _Table()
    parser.feed(pages.ranking({**view, "level": "internal"})._repr_html_())
    heads, *rows = parser.rows
    parts = [head.partition("|") for head in heads]
    return Shown.of([f"{name}（{most}）" if most else name for name, _, most in parts], rows)


def word(results: Results) -> Shown:
    """The first table of the summary in Word."""
    table = docx.Document(io.BytesIO(summary(Views(results).panel()))).tables[0]
    heads, *rows = [[cell.text for cell in row.cells] for row in table.rows]
    return Shown.of(heads, rows)


def excel(results: Results) -> Shown:
    """The sheet 排名, with numbers as their format shows them."""

    def shown(cell: Any) -> Any:
        if not isinstance(cell.value, int | float):
            return cell.value
        places = len(cell.number_format.partition(".")[2])
        return f"{Decimal(repr(cell.value)):.{places}f}"

    sheet = openpyxl.load_workbook(io.BytesIO(workbook(Views(results))))["排名"]
    heads, *rows = [[shown(cell) for cell in row] for row in sheet.iter_rows()]
    return Shown.of(heads, rows)


def frame(results: Results) -> Shown:
    """``results.ranking``; numbers with the places that the panel publishes."""
    table, places = results.ranking, results.panel.rules.rounding.places

    def shown(cell: Any) -> Any:
        if pd.isna(cell):
            return "—"
        return f"{Decimal(repr(cell)):.{places}f}" if isinstance(cell, float) else cell

    rows = [[shown(cell) for cell in row] for row in table.itertuples(index=False)]
    return Shown.of(list(table.attrs["headings"].values()), rows)


PAPERS: dict[str, Callable[[Results], Shown]] = {"page": page, "word": word, "excel": excel}


@cache
def results_of(case: str) -> Results:
    """The results of a panel that comes with evalkit."""
    return ek.open(ROOT / "panels" / case).results()


@cache
def shown_by(case: str) -> dict[str, Shown]:
    """What each of its papers shows."""
    return {name: paper(results_of(case)) for name, paper in PAPERS.items()}


@pytest.fixture(name="case", params=PANELS)
def _case(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_ranking_is_the_same_everywhere(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The screen, then each paper: these also write the full points of a column over it."""
    folder = ROOT / "panels" / case
    results = results_of(case)
    expected = frame(results)
    assert len(expected.rows) == len(results.panel.applicants)
    assert screen(folder, monkeypatch) == expected
    papers = shown_by(case)
    assert papers["word"] == papers["page"] == papers["excel"]
    assert [head.partition("（")[0] for head in papers["word"].heads] == [
        head.partition("（")[0] for head in expected.heads
    ]
    assert papers["word"].rows == expected.rows


def test_who_is_proposed_is_marked_everywhere(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a column of its own, which stands only where the panel has places."""
    folder = ROOT / "panels" / case
    results = results_of(case)
    has_places = results.panel.rules.selecting is not None
    for shown in (screen(folder, monkeypatch), *shown_by(case).values()):
        assert ("拟选" in shown.heads) == has_places
        if case in PROPOSED:
            assert marked(shown) == PROPOSED[case]


def marked(shown: Shown) -> dict[str, str]:
    """What is said of whom in the column 拟选."""
    column, id = shown.heads.index("拟选"), shown.heads.index("标识")
    return {row[id]: row[column] for row in shown.rows if row[column]}


def test_places_declared_later_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo declares no selection; two places for its 24 applicants go to its first two."""
    folder = tmp_path / "demo"
    shutil.copytree(ROOT / "panels" / "demo", folder)
    data = yaml.load((folder / "panel.yaml").read_text("utf-8"), yaml.CSafeLoader)
    assert data["rules"]["selection"] == "none"
    text = (folder / "panel.yaml").read_text("utf-8")
    declared = "selection: {places: 2, tie_at_cut: none}"
    (folder / "panel.yaml").write_text(text.replace("selection: none", declared), "utf-8")
    results = ek.open(folder).results()
    first = {a["id"]: "拟选" for a in results.to_dict()["applicants"] if a["rank"] in {1, 2}}
    assert len(first) == 2
    for shown in (
        screen(folder, monkeypatch),
        frame(results),
        *(paper(results) for paper in PAPERS.values()),
    ):
        assert marked(shown) == first
