"""The Excel workbook: the numbers as published, texts that stay texts, and the way back."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pypdf import PdfReader

from evalkit.base.errors import Refused
from evalkit.base.tables import read_table
from evalkit.base.text import Text
from evalkit.disclosure import Views
from evalkit.documents.excel import MOST_IN_A_CELL, Book
from evalkit.documents.workbook import workbook
from evalkit.evaluation import Results, evaluate
from evalkit.facts.tidy import from_frame
from tests.support.builders import TRIMMED, demo, few, frame, grouped, load, panel_data, rubric_data
from tests.support.hostile import HOSTILE, hostile, official

SHEETS = ["排名", "指标得分", "评分明细", "规则", "依据"]


@pytest.fixture(name="results", scope="module")
def _results() -> Results:
    return evaluate(*demo())


@pytest.fixture(name="book", scope="module")
def _book(results: Results) -> Any:
    return opened(workbook(Views(results)))


def opened(data: bytes) -> Any:
    """A workbook as openpyxl reads it."""
    return openpyxl.load_workbook(io.BytesIO(data))


def cells(book: Any) -> Iterator[Any]:
    """Every cell that holds something."""
    return (c for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None)


def rows(sheet: Any) -> list[list[Any]]:
    """The values below the headings."""
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]


def exact(value: Any) -> Any:
    """A number of a cell as the decimal that Excel shows, a text as it is."""
    return Decimal(repr(value)) if isinstance(value, int | float) else value


def number(text: str | None) -> Any:
    """What should stand for a published number."""
    return "—" if text is None else Decimal(text)


def test_the_ranking_is_the_results(results: Results, book: Any) -> None:
    """Rank, names, dimensions, base, bonus and total, equal as decimals and in their order."""
    view = Views(results).panel()
    found = [[exact(v) for v in row] for row in rows(book["排名"])]
    assert found == [
        [
            a["rank"],
            a["id"],
            a["name"],
            a["lead"],
            *(number(d["points"]) for d in a["dimensions"]),
            *(number(a[name]) for name in ("base", "bonus", "total")),
        ]
        for a in view["applicants"]
    ]
    assert found[0][-1] == Decimal("97.60")


def test_the_indicators_are_the_results(results: Results, book: Any) -> None:
    """Twelve indicators and the bonus, each with its number, name and maximum over it."""
    head = [cell.value for cell in book["指标得分"][1]]
    assert head[3] == "1.1 承担重大项目（5）"
    assert head[15] == "取得国家级重大标志性成果（10）"
    view = Views(results).panel()
    for row, a in zip(rows(book["指标得分"]), view["applicants"], strict=True):
        points = [number(p) for p in a["indicators"].values()]
        assert [exact(v) for v in row[3:]] == [*points, number(a["total"])]


def test_every_single_score_has_its_row(results: Results, book: Any) -> None:
    """In names, with what became of each score; the ids beside what is printed."""
    found = rows(book["评分明细"])
    entered = results.facts.to_frame()
    assert len(found) == len(entered)
    assert len(found) > 2000
    for row, told in zip(found, entered.itertuples(index=False), strict=True):
        points = row[3] if isinstance(row[3], str) else format(exact(row[3]).normalize(), "f")
        assert [*row[6:], points, row[5] or ""] == list(told)
    uses = {row[4] for row in found}
    assert uses == {"计入", "作为最高分去掉", "作为最低分去掉", "回避", "不评"}
    head = [cell.value for cell in book["评分明细"][1]]
    words = ["对象名称", "专家姓名", "指标名称", "评分", "使用情况", "理由"]
    assert head == [*words, "评审对象标识", "专家标识", "指标标识"]
    assert book["评分明细"].print_area == f"'评分明细'!$A$1:$F${len(found) + 1}"
    claims = [row for row in found if row[8] == "bonus.n1" and row[6] == "c01"]
    assert claims[0][:3] == [
        "示例智慧医疗赋能中心",
        "专家甲",
        "取得国家级重大标志性成果：入选国家级医疗影像应用试点示范名单（示例）",
    ]


def test_rules_and_provenance(results: Results, book: Any) -> None:
    """The rules in words, the digests, and that the canonical JSON is the record."""
    assert [row[1] for row in rows(book["规则"])] == Views(results).panel()["rules"]
    facts = dict(rows(book["依据"]))
    assert facts["结果摘要值"] == results.digest
    assert "以规范 JSON 为准" in facts["说明"]
    assert facts["状态"] == "依据评分表计算，未经本系统锁定"
    assert "评分记录根哈希" not in facts
    locked = dict(rows(opened(workbook(Views(official(evaluate(*few())))))["依据"]))
    assert locked["评分记录根哈希"] == "ab" * 32
    assert locked["状态"] == "正式结果（已锁定）"


@pytest.mark.parametrize(("language", "sheet"), [("zh", "评分明细"), ("en", "Scores")])
def test_the_way_back(results: Results, tmp_path: Path, language: str, sheet: str) -> None:
    """The sheet of single scores is a table of scores; it gives results with the same digest."""
    (tmp_path / "results.xlsx").write_bytes(workbook(Views(results), language))
    table = read_table(tmp_path / "results.xlsx", sheet=sheet)
    facts = from_frame(table, results.rubric, results.panel)
    assert evaluate(results.rubric, results.panel, facts).digest == results.digest


def test_numbers_are_written_digit_by_digit(tmp_path: Path) -> None:
    """85.43 is no binary fraction: as a float it would be written 85.43000000000001.

    (1 + 2 + 2 + 2 + 2 + 2 + 2) / 7 = 13 / 7 = 1.857142857… ≈ 1.857143 to six places.
    """
    rules = {"rounding": {"mode": "half_up", "stage": "indicator", "places": 6}}
    rubric, panel = load(tmp_path, rubric_data((5,)), panel_data(7, ["A"], rules))
    scores = [("A", f"e{n}", "i1", "1" if n == 1 else "2", "") for n in range(1, 8)]
    results = evaluate(rubric, panel, from_frame(frame(scores), rubric, panel))
    data = workbook(Views(results))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert re.findall(r"<v>(1\.8[^<]*)</v>", sheet) == ["1.857143", "1.857143"]
    assert opened(data)["排名"]["F2"].number_format == "0.000000"
    assert format(85.43, ".16G") == "85.43000000000001"


def test_formats_filters_and_headings(book: Any) -> None:
    """Declared places, a heading that stays in sight, a filter over all rows."""
    assert book.sheetnames == SHEETS
    assert book["排名"]["L2"].number_format == "0.00"
    assert book["评分明细"]["D2"].number_format == "0.0"
    assert book["排名"].freeze_panes == "D2"
    assert book["评分明细"].freeze_panes == "A2"
    assert book["排名"].auto_filter.ref == "A1:L25"
    assert all(sheet.column_dimensions["C"].width > 5 for sheet in book.worksheets[:3])


def test_nothing_is_a_formula_or_a_link(tmp_path: Path) -> None:
    """Hostile names stay text, even when somebody edits their cell."""
    data = workbook(Views(hostile(tmp_path, 10)))
    book = opened(data)
    kinds = {cell.data_type for cell in cells(book)}
    assert kinds == {"s", "n"}
    assert not any(cell.hyperlink for cell in cells(book))
    shown = {cell.value for cell in cells(book)}
    assert set(HOSTILE) <= shown
    for cell in cells(book):
        if isinstance(cell.value, str) and cell.value[0] in "=+-@":
            assert cell.quotePrefix, cell.value
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        everything = b"".join(map(archive.read, archive.namelist()))
    assert b"<f>" not in everything
    assert b'TargetMode="External"' not in everything


def test_a_dash_is_no_zero(tmp_path: Path) -> None:
    """Where there is no number stands a dash; a typed 0 is a 0."""
    results = hostile(tmp_path, 5)
    last = rows(opened(workbook(Views(results)))["排名"])[-1]
    assert (last[0], last[-1]) == ("—", "—")
    scores = [row[3] for row in rows(opened(workbook(Views(results)))["评分明细"])]
    assert 0 in scores
    assert "unscored" in scores


def test_ranks_within_groups_stand_with_their_group(tmp_path: Path) -> None:
    """East: A 9, B 5; west: C 8, D 7, and E without rank, on both sheets."""
    book = opened(workbook(Views(grouped(tmp_path))))
    for name in SHEETS[:2]:
        assert [cell.value for cell in book[name][1]][:2] == ["组别", "名次"]
        assert [row[:3] for row in rows(book[name])] == [
            ["东部组", 1, "A"],
            ["东部组", 2, "B"],
            ["西部组", 1, "C"],
            ["西部组", 2, "D"],
            ["西部组", "—", "E"],
        ]
        assert book[name].freeze_panes == "E2"


def test_what_the_panel_decided(tmp_path: Path) -> None:
    """A bonus that the panel recognised as a whole is nobody's score."""
    claim = {"id": "n1", "title": "成果", "level": "national", "evidence": "1"}
    applicant = {"id": "A", "name": "甲", "lead": "某", "claims": [claim]}
    bonus = {"recognised_by": "panel", "scope": "national", "cap_stage": "aggregate"}
    rules = {"bonus": bonus, "aggregation": TRIMMED}
    rubric, panel = load(
        tmp_path, rubric_data((10,), bonus=True), panel_data(2, [applicant], rules)
    )
    scores = [("A", "e1", "i1", "5", ""), ("A", "e2", "i1", "6", "")]
    scores += [("A", "panel", "bonus.n1", "2.5", "认定")]
    results = evaluate(rubric, panel, from_frame(frame(scores), rubric, panel))
    decided = rows(opened(workbook(Views(results)))["评分明细"])[-1]
    assert decided == [
        *("甲", "专家组", "加分：成果", 2.5, "专家组统一认定", "认定"),
        *("A", "panel", "bonus.n1"),
    ]


def test_a_trial_says_so_on_every_page() -> None:
    """In the head of each printed page, and in the provenance."""
    trial = evaluate(*few(), trial=True)
    book = opened(workbook(Views(trial)))
    for sheet in book:
        assert "试算，不作为正式结果" in sheet.oddHeader.left.text
    assert dict(rows(book["依据"]))["状态"] == "试算，不作为正式结果"


def test_english_workbook() -> None:
    """Names of sheets and headings follow the language; those by which it is read back do not."""
    book = opened(workbook(Views(evaluate(*few())), "en"))
    assert book.sheetnames == ["Ranking", "Indicators", "Scores", "Rules", "Basis"]
    head = [cell.value for cell in book["Scores"][1]]
    assert head[3] == "points"
    assert head[5:] == ["reason", "applicant", "expert", "indicator"]
    assert len(set(head)) == len(head)


def test_the_same_bytes() -> None:
    """No clock and no system in the file."""
    locked = official(evaluate(*few()))
    data = workbook(Views(locked))
    assert workbook(Views(locked)) == data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        times = {(part.date_time, part.create_system) for part in archive.infolist()}
        core = archive.read("docProps/core.xml").decode()
    assert times == {((1980, 1, 1, 0, 0, 0), 0)}
    assert "2026-01-26T09:30:00Z" in core


def test_a_text_that_no_cell_can_hold() -> None:
    """It is refused, not cut off."""
    book = Book("表", None, None, "zh")
    with pytest.raises(Refused, match="超过 Excel 一格能放的 32767 个字"):
        book.sheet(Text("表"), [("甲", 10)], [["字" * (MOST_IN_A_CELL + 1)]])


@pytest.mark.parametrize("sizes", [(1, 10), pytest.param((300,), marks=pytest.mark.soak)])
def test_workbooks_of_any_size_print(
    as_pdf: Callable[..., list[Path]], tmp_path: Path, sizes: tuple[int, ...]
) -> None:
    """LibreOffice opens them and prints every sheet with its heading."""
    files, digests = [tmp_path / f"results-{n}.xlsx" for n in sizes], list[str]()
    for n, file in zip(sizes, files, strict=True):
        results = hostile(tmp_path, n)
        file.write_bytes(workbook(Views(results)))
        digests.append(results.digest)
    for printed, digest in zip(as_pdf(*files), digests, strict=True):
        pages = PdfReader(printed).pages
        said = re.sub(r"\s", "", "".join(page.extract_text() for page in pages))
        assert len(pages) >= len(SHEETS)
        for heading in ("名次", "对象名称", "规则", "结果摘要值", digest):
            assert heading in said
