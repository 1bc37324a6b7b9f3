"""Score sheets for computers without a network: given out, filled in, signed, taken back whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
from openpyxl.styles import Font  # type: ignore[import-untyped]

from evalkit.base.errors import EvalkitError, InputError, Refused
from evalkit.documents.offline_excel import offline_sheets
from evalkit.log.events import Entry
from evalkit.record.offline_reading import import_sheet
from evalkit.round import Round
from tests.support.builders import panel_data, rubric_data, write
from tests.support.command import evalkit
from tests.support.programs import soffice

CLAIM = {"id": "n1", "title": "成果一", "level": "national", "evidence": "1"}
BONUS = {"bonus": {"recognised_by": "experts", "scope": "national", "cap_stage": "aggregate"}}
PAPER = {"typed_by": "录入员示例", "evidence": "签字原件存 3 号卷"}
FIRST, SECOND = "01 甲", "02 乙"
SCORES = {FIRST: ("8.5", "4", "2.5"), SECOND: ("７。5", "不评")}


def made(folder: Path, **more: Any) -> Round:
    """Two experts and two applicants, one of which claims a bonus item; e2 may not score B."""
    folder.mkdir(exist_ok=True)
    applicants = [
        {"id": "A", "name": "甲", "lead": "示例", "claims": [CLAIM]},
        {"id": "B", "name": "乙", "lead": "示例"},
    ]
    conflicts = [{"expert": "e2", "applicant": "B", "reason": "同一单位"}]
    data = panel_data(2, applicants, BONUS, conflicts=conflicts, **more)
    return Round.create(folder / "round", write(folder, rubric_data((10, 5), bonus=True), data))


@pytest.fixture(name="round_", scope="module")
def _round(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Round]:
    """To be read only: what is refused stores nothing."""
    with made(tmp_path_factory.mktemp("offline") / "files") as workspace:
        yield workspace


def fill(book: Any) -> None:
    """Fill the workbook of e1 in, as a person does."""
    for title, points in SCORES.items():
        for r, text in enumerate(points, start=7):
            number = text.replace(".", "").isascii()
            book[title].cell(r, 5).value = float(text) if number else text
    book[SECOND]["F8"] = "材料缺页"
    book[FIRST]["F7"] = "=好，+1"
    book[FIRST]["F7"].data_type = "s"


@pytest.fixture(name="filled", scope="module")
def _filled(round_: Round, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("filled") / "e1.xlsx"
    file.write_bytes(offline_sheets(round_)["e1"])
    book = openpyxl.load_workbook(file)
    fill(book)
    book.save(file)
    return file


def stored(workspace: Round) -> list[tuple[str, str, str, str, str]]:
    """Kind, applicant, indicator, points and text of all events."""
    return [
        (e.kind, e.applicant, e.indicator, e.payload.get("points", ""), e.payload.get("text", ""))
        for e in workspace.history().events
    ]


EXPECTED = [
    ("score", "A", "i1", "8.5", "=好，+1"),
    ("score", "A", "i2", "4", ""),
    ("score", "A", "bonus.n1", "2.5", ""),
    ("score", "B", "i1", "7.5", ""),
    ("unscored", "B", "i2", "", "材料缺页"),
    ("submit", "A", "", "", ""),
    ("submit", "B", "", "", ""),
]


def test_what_is_filled_in_enters_in_the_name_of_its_expert(round_: Round, tmp_path: Path) -> None:
    """By one command; sheets that are whole are submitted, and everything says who typed it in."""
    with made(tmp_path / "files") as workspace:
        folder = workspace.folder
    out = evalkit("record", "sheets", folder, "--out", tmp_path / "out")
    assert out.returncode == 0
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == ["e1.xlsx", "e2.xlsx"]
    book = openpyxl.load_workbook(tmp_path / "out" / "e1.xlsx")
    fill(book)
    book.save(tmp_path / "e1.xlsx")
    words = ("--typed-by", PAPER["typed_by"], "--source", PAPER["evidence"])
    done = evalkit("record", "sheet", folder, tmp_path / "e1.xlsx", *words)
    assert done.stdout == "新录入 7 条；锁定前还缺 2 项\n"
    with Round.open(folder) as workspace:
        assert stored(workspace) == EXPECTED
        events = workspace.history().events
        assert {(e.author, e.payload["typed_by"], e.payload["source"]) for e in events} == {
            ("e1", *PAPER.values())
        }
        again = import_sheet(workspace, tmp_path / "e1.xlsx", **PAPER)
        assert again == 0
    other = evalkit("record", "sheet", round_.folder, tmp_path / "e1.xlsx", *words)
    assert other.returncode == 2
    assert "01 甲!A5：这是同一评审组另一轮的评分表" in other.stderr


def test_a_sheet_that_is_given_out_again_has_what_was_entered(tmp_path: Path) -> None:
    """And nothing changes what was entered since without a reason."""
    with made(tmp_path / "files") as workspace:
        first = {"points": "8", "text": "好"}
        workspace.append(Entry("e1", "1", "score", "A", "i1", first))
        given = offline_sheets(workspace)
        assert given == offline_sheets(workspace)
        file = tmp_path / "e1.xlsx"
        file.write_bytes(given["e1"])
        page = openpyxl.load_workbook(file)[FIRST]
        assert (page["E7"].value, page["F7"].value, page["E8"].value) == (8, "好", None)
        workspace.append(Entry("e1", "2", "score", "A", "i1", {**first, "points": "9"}))
        with pytest.raises(InputError, match="01 甲!E7：A 的 i1 已登记为“9（好）”"):
            import_sheet(workspace, file, **PAPER)
        assert import_sheet(workspace, file, **PAPER, reason="以签字的为准") == 1
        with pytest.raises(Refused, match="须写明由谁录入"):
            import_sheet(workspace, file, typed_by="", evidence="")


def test_cells_are_guarded_and_a_page_is_a_sheet(round_: Round, tmp_path: Path) -> None:
    """Only points and reasons can be filled in; A4, upright, one page wide, with its range."""
    file = tmp_path / "e1.xlsx"
    file.write_bytes(offline_sheets(round_, "en")["e1"])
    page = openpyxl.load_workbook(file)[FIRST]
    free = [c.coordinate for row in page.iter_rows() for c in row if not c.protection.locked]
    assert free == ["E7", "F7", "E8", "F8", "E9", "F9"]
    assert page.protection.sheet
    assert (page.page_setup.paperSize, page.page_setup.fitToHeight) == (9, 0)
    assert page.sheet_properties.pageSetUpPr.fitToPage
    rules = {str(v.sqref): v.formula1 for v in page.data_validations.dataValidation}
    assert rules["E7"] == (
        'OR(E7="unscored",E7="recused",IF(ISNUMBER(E7),AND(E7>=0,E7<=10,'
        "ABS(E7/0.5-ROUND(E7/0.5,0))<0.000001),FALSE))"
    )
    assert "OR(E9=0,E9>=2)" in rules["E9"]
    assert [page.cell(6, c).value for c in (5, 6)] == ["Points", "Reason"]


Spoil = Callable[[Any], None]


def put(cell: str, value: Any, **look: Any) -> Spoil:
    """A value in a cell of the first worksheet."""

    def spoil(book: Any) -> None:
        book[FIRST][cell] = value
        for name, one in look.items():
            setattr(book[FIRST][cell], name, one)

    return spoil


def stamp(old: str, new: str) -> Spoil:
    """Something else in the stamp."""

    def spoil(book: Any) -> None:
        cell = book[FIRST]["A5"]
        assert old in cell.value
        cell.value = cell.value.replace(old, new)

    return spoil


def on_page(act: Callable[[Any], Any]) -> Spoil:
    """Something done to the first worksheet."""
    return lambda book: act(book[FIRST])


def other_digest(n: int) -> Spoil:
    """The digest of the rubric (4) or of the panel (5) in the stamp is another one."""

    def spoil(book: Any) -> None:
        parts = book[FIRST]["A5"].value.split(" ")
        parts[n] = parts[n][::-1]
        book[FIRST]["A5"] = " ".join(parts)

    return spoil


def swapped(page: Any) -> None:
    """Two indicators change places."""
    for c in "ABCDG":
        page[f"{c}7"].value, page[f"{c}8"].value = page[f"{c}8"].value, page[f"{c}7"].value


def moved(page: Any, how: str, at: int) -> None:
    """Rows or columns put in or taken out, as Excel does it: the headings' merged cells move."""
    for span in [str(one) for one in page.merged_cells.ranges]:
        page.unmerge_cells(span)
    getattr(page, how)(at)


SPOILED: dict[str, tuple[Spoil, str]] = {
    "formula": (put("E7", "=8+1"), "01 甲!E7：E7 是公式"),
    "date": (put("E7", dt.date(2026, 8, 5)), "01 甲!E7：E7 是日期或时间"),
    "truth": (put("E7", True), "01 甲!E7：E7 是逻辑值"),
    "error value": (put("E7", "#N/A", data_type="e"), "01 甲!E7：E7 是错误值"),
    "word": (put("E7", "优秀"), "01 甲!E7：“优秀”不是分数"),
    "above": (put("E7", 11), "01 甲!E7："),
    "below": (put("E7", -1), "01 甲!E7："),
    "off step": (put("E7", 8.3), "01 甲!E7："),
    "nan": (put("E7", "nan"), "01 甲!E7："),
    "infinite": (put("E7", "1e999"), "01 甲!E7："),
    "thousands": (put("E7", "1,000"), "01 甲!E7：“1,000”里的逗号"),
    "fraction": (put("E7", "8/10"), "01 甲!E7：“8/10”不是分数"),
    "range": (put("E7", "8-9"), "01 甲!E7：“8-9”不是分数"),
    "two numbers": (put("E7", "8 9"), "01 甲!E7："),
    "unit": (put("E7", "8分"), "01 甲!E7："),
    "quoted": (put("E7", '"8"'), "01 甲!E7："),
    "hidden character": (put("E7", "8\u200b.5"), "01 甲!E7："),
    "percent": (put("E7", 0.5, number_format="0%"), "01 甲!E7：E7 的格式是“0%”"),
    "rounded": (put("E7", 8.5, number_format="0"), "01 甲!E7：E7 存的是 8.5"),
    "struck through": (put("E7", 8, font=Font(strike=True)), "01 甲!E7：E7 有删除线"),
    "bonus too small": (put("E9", 1), "01 甲!E9："),
    "no reason": (put("E8", "不评"), "01 甲!E8："),
    "no reason for a recusal": (put("E8", "回避"), "01 甲!E8："),
    "reason alone": (
        lambda book: (put("E8", None)(book), put("F8", "尚可")(book))[0],
        "01 甲!F8：写了理由，得分却空着",
    ),
    "long reason": (put("F7", "长" * 4001), "01 甲!E7："),
    "formula as a reason": (put("F7", "=A1"), "01 甲!F7：F7 是公式"),
    "merged down": (on_page(lambda p: p.merge_cells("E7:E8")), "01 甲!E8：E7:E8 是合并的单元格"),
    "merged across": (on_page(lambda p: p.merge_cells("E7:F7")), "01 甲!F7：E7:F7 是合并的单元格"),
    "hidden row": (
        on_page(lambda p: setattr(p.row_dimensions[8], "hidden", True)),
        "01 甲：第 8 行隐藏着",
    ),
    "beside": (put("H7", "另见附件"), "01 甲!H7：这里的“另见附件”不会录入"),
    "below the table": (put("A20", "总评：好"), "01 甲!A20：这里的“总评：好”不会录入"),
    "another id": (put("G7", "i2"), "01 甲!G7：这一格被改过，发出时是“i1”"),
    "another name": (put("B7", "指标二"), "01 甲!B7：这一格被改过，发出时是“指标1”"),
    "another range": (put("D7", "0 至 20 分"), "01 甲!D7：这一格被改过"),
    "another heading": (put("E6", "扣分"), "01 甲!E6：这一格被改过，发出时是“得分”"),
    "another applicant": (put("A2", "参评对象：丙"), "01 甲!A2：这一格被改过"),
    "indicators swapped": (on_page(swapped), "01 甲!B7：这一格被改过"),
    "row removed": (on_page(lambda p: moved(p, "delete_rows", 7)), "01 甲!B7：这一格被改过"),
    "row put in": (on_page(lambda p: moved(p, "insert_rows", 8)), "01 甲!B8：这一格被改过"),
    "column removed": (on_page(lambda p: moved(p, "delete_cols", 3)), "01 甲!C6：这一格被改过"),
    "column put in": (on_page(lambda p: moved(p, "insert_cols", 2)), "01 甲!B6：这一格被改过"),
    "no stamp": (put("A5", None), "01 甲!A5：没有评分表的版本标记"),
    "another format": (stamp("sheet/1", "sheet/9"), "01 甲!A5：没有评分表的版本标记"),
    "another panel": (stamp(" round ", " other "), "01 甲!A5：这是评审组 other 的评分表"),
    "another rubric": (other_digest(4), "01 甲!A5：发出以后指标体系改过"),
    "other rules": (other_digest(5), "01 甲!A5：发出以后评审组文件（规则、名单）改过"),
    "unknown expert": (stamp(" e1 ", " e9 "), "01 甲!A5：e9 现在不评 A"),
    "expert in conflict": (stamp(" e1 A ", " e2 B "), "01 甲!A5：e2 现在不评 B"),
    "two experts": (stamp(" e1 A 2", " e2 A 1"), "里面有不止一位专家的工作表"),
    "worksheet gone": (lambda book: book.remove(book[SECOND]), "现在只有 1 张"),
    "worksheet twice": (lambda book: book.copy_worksheet(book[FIRST]), "A 有不止一张工作表"),
    "worksheet hidden": (
        lambda book: setattr(book[SECOND], "sheet_state", "hidden"),
        "工作表 02 乙 隐藏着",
    ),
    "worksheet of one's own": (
        lambda book: book.create_sheet("草稿"),
        "草稿!A5：没有评分表的版本标记",
    ),
    "zeros not shown": (
        on_page(lambda p: setattr(p.sheet_view, "showZeros", False)),
        "01 甲：工作表设为不显示零值",
    ),
}


@pytest.mark.parametrize("kind", SPOILED)
def test_a_spoiled_sheet_is_refused_with_its_cell(
    round_: Round, filled: Path, tmp_path: Path, kind: str
) -> None:
    """And nothing of it is stored, of the cells that are right neither."""
    spoil, message = SPOILED[kind]
    book = openpyxl.load_workbook(filled)
    spoil(book)
    book.save(tmp_path / "e1.xlsx")
    with pytest.raises(EvalkitError) as caught:
        import_sheet(round_, tmp_path / "e1.xlsx", **PAPER)
    assert message in caught.value.render()
    assert stored(round_) == []


def test_all_that_is_wrong_is_listed(round_: Round, filled: Path, tmp_path: Path) -> None:
    """In every worksheet."""
    book = openpyxl.load_workbook(filled)
    book[FIRST]["E7"], book[FIRST]["E8"], book[SECOND]["E7"] = 11, -1, "优"
    book.save(tmp_path / "e1.xlsx")
    with pytest.raises(InputError) as caught:
        import_sheet(round_, tmp_path / "e1.xlsx", **PAPER)
    cells = [p.field for p in caught.value.problems]
    assert cells == ["01 甲!E7", "01 甲!E8", "02 乙!E7"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "文件已损坏"),
        (b"applicant,expert\n", "e1.xlsx"),
        (b"PK\x03\x04 cut off", "文件已损坏"),
    ],
)
def test_another_file_is_refused(
    round_: Round, tmp_path: Path, content: bytes, message: str
) -> None:
    """Before anything in it is read."""
    (tmp_path / "e1.xlsx").write_bytes(content)
    with pytest.raises(InputError) as caught:
        import_sheet(round_, tmp_path / "e1.xlsx", **PAPER)
    assert message in caught.value.render()


@pytest.mark.office
def test_a_sheet_survives_libreoffice(filled: Path, round_: Round, tmp_path: Path) -> None:
    """Saved there as its own format, and as Excel again, it reads as it was filled in."""
    file = tmp_path / "e1.xlsx"
    file.write_bytes(filled.read_bytes())
    profile = tmp_path / "profile"
    soffice(soffice(file, "ods", profile), "xlsx", profile)
    assert file.read_bytes() != filled.read_bytes()
    with pytest.raises(Refused, match="须写明"):
        import_sheet(round_, file, typed_by=" ", evidence="")
    import_sheet(round_, file, **PAPER)
    assert stored(round_) == EXPECTED
