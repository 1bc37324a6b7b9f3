"""Tables in every disguise: read where it is certain, else the cause is named with the remedy."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from evalkit.base.encodings import decoded
from evalkit.base.errors import InputError
from evalkit.base.headings import SCORES
from evalkit.base.tables import read_table

HEAD = "applicant,expert,indicator,points,reason"
ROW = "c01,e1,i1,8.5,好"
ROWS: list[list[Any]] = [HEAD.split(","), ["c01", "e1", "i1", 8.5, "好"]]
WANTED = ["c01", "e1", "i1", "8.5", "好"]


def workbook(change: Callable[[Any], Any] | None = None, points: Any = 8.5) -> bytes:
    """A workbook with one score, changed."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(HEAD.split(","))
    book.active.append(["c01", "e1", "i1", points, "好"])
    if change:
        change(book.active)
    book.save(out)
    return out.getvalue()


def zipped(*names: str) -> bytes:
    """A zip file with parts of these names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


READ: dict[str, str] = {
    "semicolons": f"{HEAD}\n{ROW}\n".replace(",", ";"),
    "semicolons and a decimal comma": f"{HEAD};\n{ROW}\n".replace(",", ";"),
    "tabs": f"{HEAD}\n{ROW}\n".replace(",", "\t"),
    "full-width commas": f"{HEAD}\n{ROW}\n".replace(",", "，"),
    "bars": f"{HEAD}\n{ROW}\n".replace(",", "|"),
    "a line for Excel": f"sep=;\n{HEAD}\n{ROW}\n".replace(",", ";"),
    "a line for Excel with commas": f"sep=,\n{HEAD}\n{ROW}\n",
    "a line for Excel in quotes": f'"sep=;"\n{HEAD}\n{ROW}\n'.replace(",", ";"),
    "a title": f"评分表\n{HEAD}\n{ROW}\n",
    "a title of a row": f"2026 年评分表,,,,\n\n{HEAD}\n{ROW}\n",
    "quotes": "\n".join(",".join(f'"{c}"' for c in x.split(",")) for x in (HEAD, ROW)),
    "blank lines": f"\n\n{HEAD}\n\n{ROW}\n\n\n",
    "trailing commas": f"{HEAD},,\n{ROW},,\n",
    "blanks in the header": f"{HEAD}\n{ROW}\n".replace("points", "  points "),
    "a wide header": f"{HEAD}\n{ROW}\n".replace("points", "ｐｏｉｎｔｓ"),
    "capitals": f"{HEAD.upper()}\n{ROW}\n",
    "a mark": f"\ufeff{HEAD}\n{ROW}\n",
    "two marks": f"\ufeff\ufeff{HEAD}\n{ROW}\n",
    "an unseen character in the header": f"{HEAD}\n{ROW}\n".replace("points", "po\u200bints"),
    "Chinese headings": f"评审对象,专家,指标,分数,理由\n{ROW}\n",
    "wide bars": f"{HEAD}\n{ROW}\n".replace(",", "｜"),
    "bars around, and a rule": f"|{HEAD}|\n|-,-,-,-,-|\n|{ROW}|\n".replace("-", "---").replace(
        ",", "|"
    ),
    "a line for Excel with a blank": f"sep= ;\n{HEAD}\n{ROW}\n".replace(",", ";"),
    "a line for Excel that is wrong": f"sep=;\n{HEAD}\n{ROW}\n",
    "the header of a second file": f"{HEAD}\n{ROW}\n\ufeff{HEAD}\n",
    "quotes behind blanks": f'{HEAD}\nc01, "e1", "i1", 8.5, "好"\n',
    "CRLF": f"{HEAD}\r\n{ROW}\r\n",
    "CR": f"{HEAD}\r{ROW}\r",
    "no end of line": f"{HEAD}\n{ROW}",
}


@pytest.mark.parametrize("name", READ)
def test_read_where_it_is_certain(tmp_path: Path, name: str) -> None:
    """The same one row, whatever is around it."""
    file = tmp_path / "t.csv"
    file.write_bytes(READ[name].encode())
    table = read_table(file)
    assert table[HEAD.split(",")].to_numpy().tolist() == [WANTED]
    line = READ[name].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert "c01" in line[table.index[0] - 1]


def test_texts_that_look_like_numbers_stay_texts(tmp_path: Path) -> None:
    """8.50, 010 and 1e1 are spellings for the gate to judge, not numbers of pandas."""
    rows = [f"c{n},e1,i1,{p}," for n, p in enumerate(("8.50", "010", "1e1", "nan", "inf", "9"))]
    (tmp_path / "t.csv").write_text("\n".join([HEAD, *rows]), "utf-8")
    assert read_table(tmp_path / "t.csv")["points"].tolist() == [
        *("8.50", "010", "1e1", "nan", "inf", "9")
    ]
    (tmp_path / "t.csv").write_text("\n".join([HEAD, *rows[:1], *rows[5:]]), "utf-8")
    assert read_table(tmp_path / "t.csv")["points"].tolist() == ["8.50", "9"]


UNREAD: dict[str, tuple[str, str]] = {
    "rows apart otherwise": (f"{HEAD}\n{ROW.replace(',', ';')}", "第 2 行：这一行用“;”分隔"),
    "wide commas in rows": (f"{HEAD}\n{ROW.replace(',', '，')}", "第 2 行：这一行用“，”分隔"),
    "tabs in rows": (f"{HEAD}\n{ROW.replace(',', chr(9))}", "第 2 行：这一行用“Tab”分隔"),
    "a header apart by blanks": (f"{HEAD}\n{ROW}".replace(",", "   "), "表头只有一格"),
    "two columns of points": (f"{HEAD},得分\n{ROW},9", "“points”不止一列"),
    "a header too far down": ("x\n" * 31 + f"{HEAD}\n{ROW}", "第 1 行：缺少列"),
    "a long cell": (f'{HEAD}\nc01,e1,i1,8,"{"好" * 140_000}"', "有一个引号没有关上"),
    "opened as another encoding": (
        f"{HEAD}\nc01,e1,i1,8,{'项目成果很好'.encode().decode('gb18030', 'ignore')}",
        "文字是乱码：UTF-8 的文件曾被当作 gb18030",
    ),
    "opened as a Western encoding": (
        f"{HEAD}\nc01,e1,i1,8,{'成果很好'.encode().decode('latin-1')}",
        "文字是乱码：UTF-8 的文件曾被当作 latin-1",
    ),
}


@pytest.mark.parametrize("name", UNREAD)
def test_what_no_reader_can_be_sure_of(tmp_path: Path, name: str) -> None:
    """One line that names the cause."""
    text, message = UNREAD[name]
    (tmp_path / "t.csv").write_text(text, "utf-8")
    with pytest.raises(InputError) as caught:
        SCORES.require_all(list(read_table(tmp_path / "t.csv").columns), "t.csv")
    (line,) = caught.value.render().splitlines()
    assert message in line


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
TEXT = f"{HEAD}\n{ROW}\n".encode()
HTML = b"<html><table><tr><td>applicant</td></tr></table></html>"
DISGUISED: dict[str, tuple[str, bytes, str]] = {
    "xlsx as csv": ("t.csv", workbook(), "这是Excel 工作簿，请把文件名的结尾改成 .xlsx"),
    "csv as xlsx": ("t.xlsx", TEXT, "这是文本表格（CSV），请把文件名的结尾改成 .csv"),
    "html as xlsx": ("t.xlsx", HTML, "这是网页（HTML），请用 Excel 或 WPS 打开后另存为"),
    "html as csv": ("t.csv", b"\xef\xbb\xbf \n<TABLE>", "这是网页（HTML）"),
    "xls as xlsx": ("t.xlsx", OLE + "Workbook".encode("utf-16-le"), "这是旧版 Excel 文件"),
    "xls as csv": ("t.csv", OLE + "Workbook".encode("utf-16-le"), "这是旧版 Excel 文件"),
    "password": ("t.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "设了打开密码"),
    "xlsb as xlsx": ("t.xlsx", zipped("xl/workbook.bin"), "这是Excel 二进制工作簿"),
    "ods as xlsx": ("t.xlsx", zipped("mimetype", "content.xml"), "这是OpenDocument 文件"),
    "numbers as csv": ("t.csv", zipped("Index/Document.iwa"), "这是Numbers 表格"),
    "docx as xlsx": ("t.xlsx", zipped("word/document.xml"), "这是Word 文档"),
    "zip as csv": ("t.csv", zipped("scores.csv"), "这是压缩包（ZIP），请先解压"),
    "gz as csv": ("t.csv", b"\x1f\x8b\x08\x00", "这是压缩文件，请先解压"),
    "pdf as csv": ("t.csv", b"%PDF-1.7", "这是PDF 文件"),
    "json as csv": ("t.csv", b'[{"applicant": "c01"}]', "这是JSON 文件"),
    "parquet as csv": ("t.csv", b"PAR1", "这是Parquet 文件，请把文件名的结尾改成 .parquet"),
    "feather as csv": ("t.csv", b"ARROW1\0\0", "这是Arrow（Feather）文件"),
    "a picture": ("t.csv", b"\x89PNG\r\n", "这是图片"),
    "xml 2003": (
        "t.xlsx",
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
        "这是XML 电子表格 2003",
    ),
}


@pytest.mark.parametrize("name", DISGUISED)
def test_what_a_file_is_and_what_to_do(tmp_path: Path, name: str) -> None:
    """Its content decides, not its name."""
    file, data, message = DISGUISED[name]
    (tmp_path / file).write_bytes(data)
    with pytest.raises(InputError) as caught:
        read_table(tmp_path / file)
    (line,) = caught.value.render().splitlines()
    assert message in line


@pytest.mark.parametrize("suffix", [".xlsx", ".xlsm", ".xltx", ".XLSX"])
def test_workbooks_of_all_names(tmp_path: Path, suffix: str) -> None:
    """Macros and templates are workbooks too."""
    (tmp_path / f"t{suffix}").write_bytes(workbook())
    assert read_table(tmp_path / f"t{suffix}").to_numpy().tolist() == [WANTED]


FORMATS: list[tuple[str, Any, str]] = [
    ("General", 8.5, "8.5"),
    ("0.0", 8.5, "8.5"),
    ("0.00", 8.5, "8.5"),
    ("#,##0.00", 8.5, "8.5"),
    ("@", 8.5, "8.5"),
    ('0.0"分"', 8.5, "8.5"),
    ("0.0_);[Red](0.0)", 8.5, "8.5"),
    ("000", 1, "001"),
    ("0", 8, "8"),
    ("0%", 0.5, ""),
    ("0.00%", 0.5, ""),
    ("0", 8.5, ""),
    ("0.0", 8.25, ""),
    ("¥#,##0.00", 8.5, ""),
    ('"$"0.0', 8.5, ""),
    ("[$￥-804]#,##0.0", 8.5, ""),
    ("# ?/?", 8.5, ""),
    ("0.00E+00", 8.5, ""),
    ("0.0,", 8500, ""),
    ('0.0"万元"', 8.5, ""),
    (";;;", 8.5, ""),
    ("0;-0;;@", 0, ""),
    ("+0.0", 8.5, "8.5"),
    ("0.0;-0.0", -8.5, "-8.5"),
    ("0.0;(0.0)", -8.5, "-8.5"),
    ("-0.0", 8.5, ""),
    ("(0.0)", 8.5, ""),
    ("\\80", 5, ""),
    ("0\\5", 8, ""),
    ("0\\.0", 85, ""),
    ("#", 0, ""),
    ("#.#", 0, ""),
    ("#,###", 0, ""),
    ("[>5]0.0;0", 8.5, ""),
]


@pytest.mark.parametrize(("form", "value", "said"), FORMATS)
def test_what_a_cell_shows_is_what_it_stores(
    tmp_path: Path, form: str, value: Any, said: str
) -> None:
    """A format that shows another number is refused with its cell."""

    def change(sheet: Any) -> None:
        sheet["D2"].number_format = form

    (tmp_path / "t.xlsx").write_bytes(workbook(change, value))
    if said:
        assert read_table(tmp_path / "t.xlsx")["points"].tolist() == [said]
        return
    with pytest.raises(InputError, match="第 2 行：D2 "):
        read_table(tmp_path / "t.xlsx")


def hide(sheet: Any) -> None:
    """Rows 2 and 3, as a filter hides them."""
    sheet.append(["c01", "e1", "i2", 9, None])
    sheet.append(["c01", "e1", "i3", 9, None])
    sheet.row_dimensions[2].hidden = sheet.row_dimensions[3].hidden = True
    sheet.auto_filter.ref = "A1:E4"


def strike(sheet: Any) -> None:
    """A whole cell."""
    sheet["D2"].font = Font(strike=True)


def strike_part(sheet: Any) -> None:
    """One of two numbers in a cell: together they read as another one."""
    sheet["D2"] = CellRichText(TextBlock(InlineFont(strike=True), "8"), "9")


def no_zeros(sheet: Any) -> None:
    """What many templates of Excel are set to."""
    sheet.sheet_view.showZeros = False


CELLS: list[tuple[Any, Any, str]] = [
    (no_zeros, 0, "工作表设为不显示零值"),
    (hide, 8, "第 2-3 行隐藏着或被筛选掉了：算的请取消隐藏和筛选，不算的请删去"),
    (strike, 8, "第 2 行：D2 有删除线"),
    (strike_part, 8, "第 2 行：D2 有删除线"),
    (None, True, "第 2 行：D2 是逻辑值"),
    (None, "#N/A", "第 2 行：D2 是错误值 #N/A"),
]


@pytest.mark.parametrize(("change", "points", "message"), CELLS)
def test_what_a_person_has_to_say(tmp_path: Path, change: Any, points: Any, message: str) -> None:
    """Hidden, struck through, no number: named with row or cell."""
    (tmp_path / "t.xlsx").write_bytes(workbook(change, points))
    with pytest.raises(InputError) as caught:
        read_table(tmp_path / "t.xlsx")
    assert message in caught.value.render()


MERGED: dict[str, tuple[str, list[list[Any]], str]] = {
    "a title": ("A1:E1", [["2026 年评分表"], *ROWS], ""),
    "a title of two rows": ("A1:E2", [["2026 年评分表"], [], *ROWS], ""),
    "what nobody reads": ("F2:F3", [[*ROWS[0], "单位"], [*ROWS[1], "甲"]], ""),
    "beside the table": ("H10:J12", ROWS, ""),
    "a header of two rows": ("A1:A2", [ROWS[0], [], ROWS[1]], ""),
    "a reason over two columns": ("E2:F2", [[*ROWS[0], "备注二"], ROWS[1]], ""),
    "an applicant of two rows": ("A2:A3", [*ROWS, ["", "e1", "i2", 9]], "第 3 行：A2:A3 是合并"),
    "a reason of two rows": ("E2:E3", [*ROWS, ["c01", "e1", "i2", 9]], "第 3 行：E2:E3 是合并"),
}


@pytest.mark.parametrize("name", MERGED)
def test_merged_cells_where_they_hide_nothing(tmp_path: Path, name: str) -> None:
    """Only a row that would lack a value is refused."""
    cells, rows, message = MERGED[name]
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.active.merge_cells(cells)
    book.save(tmp_path / "t.xlsx")
    if not message:
        table = read_table(tmp_path / "t.xlsx")
        assert table.iloc[:, :5].to_numpy().tolist() == [WANTED]
        return
    with pytest.raises(InputError, match=message):
        read_table(tmp_path / "t.xlsx")


def test_hidden_columns_and_blank_hidden_rows_are_no_matter(tmp_path: Path) -> None:
    """A column that others need not see has the same values."""

    def change(sheet: Any) -> None:
        sheet.column_dimensions["A"].hidden = True
        sheet.row_dimensions[7].hidden = True

    (tmp_path / "t.xlsx").write_bytes(workbook(change))
    assert read_table(tmp_path / "t.xlsx").to_numpy().tolist() == [WANTED]


def test_a_title_and_a_chart_beside_the_table(tmp_path: Path) -> None:
    """Rows above the header are passed over, sheets that hold no cells are none."""
    book = openpyxl.Workbook()
    for row in (["2026 年评分表"], [], HEAD.split(","), ["c01", "e1", "i1", 8.5, "好"]):
        book.active.append(row)
    book.create_chartsheet("图")
    book.save(tmp_path / "t.xlsx")
    table = read_table(tmp_path / "t.xlsx")
    assert (table.index.tolist(), table.to_numpy().tolist()) == ([4], [WANTED])


def test_a_workbook_of_charts_alone(tmp_path: Path) -> None:
    """There is nothing to read, and it is said."""
    book = openpyxl.Workbook()
    book.create_chartsheet("图")
    book.remove(book.active)
    book.save(tmp_path / "t.xlsx")
    with pytest.raises(InputError, match="里面没有工作表（只有图表）"):
        read_table(tmp_path / "t.xlsx")


def test_a_strict_workbook_is_named(tmp_path: Path) -> None:
    """Excel's other format of the same name."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            for word in (b"spreadsheetml", b"officeDocument"):
                data = data.replace(
                    b"http://schemas.openxmlformats.org/" + word + b"/2006",
                    b"http://purl.oclc.org/ooxml/" + word,
                )
            new.writestr(name, data)
    (tmp_path / "t.xlsx").write_bytes(out.getvalue())
    with pytest.raises(InputError, match="Strict Open XML"):
        read_table(tmp_path / "t.xlsx")


TEXTS = {
    "gbk": "评审对象,专家,指标,分数\nc01,e1,i1,示范作用明显\n",
    "gb18030": "评审对象,专家,指标,分数\nc01,e1,i1,示范作用明显𠮷\n",
    "big5": "評審對象,專家,指標,分數\nc01,e1,i1,示範作用明顯\n",
    "shift_jis": "評価対象,専門家,点数,理由\nc01,e1,8,とても良いと思います\n",
    "euc-kr": "평가대상,전문가,지표,점수,이유\nc01,e1,i1,8,매우 좋습니다 평가 점수가 높습니다\n",
    "utf-32": "评审对象,专家,指标,分数\n",
    "utf-32-le": "applicant,expert\nc01,e1\n",
    "utf-32-be": "applicant,expert\nc01,e1\n",
    "utf-16": "评审对象,专家,指标,分数\n",
    "utf-16-le": "applicant,expert\nc01,e1\n",
    "utf-16-be": "applicant,expert\nc01,e1\n",
}


@pytest.mark.parametrize("asked", ["utf-8", "gbk", "gb18030", "big5", "shift_jis", "latin-1"])
@pytest.mark.parametrize("name", TEXTS)
def test_no_advice_that_cannot_be_right(name: str, asked: str) -> None:
    """Either the very text, or an encoding that gives it: never garbage, never a wrong advice."""
    data = TEXTS[name].encode(name)
    try:
        assert decoded(data, asked, "f") == TEXTS[name]
    except InputError as error:
        assert f"--encoding {name}" in error.render()  # noqa: PT017


WESTERN = ["don’t", "naïve café", "résumé, très bien"]


@pytest.mark.parametrize("text", WESTERN)
def test_western_text_is_not_taken_for_east_asian(text: str) -> None:
    """A byte of an accent and the letter behind it make a character in many encodings."""
    with pytest.raises(InputError, match="也看不出是哪一种"):
        decoded(f"{HEAD}\nc01,e1,i1,8,{text}\n".encode("cp1252"), "utf-8", "f")


@pytest.mark.parametrize("name", ["", "a\0b", "ansi", None, 5])
def test_what_names_no_encoding(name: Any) -> None:
    """Said in a line, whatever it is."""
    with pytest.raises(InputError, match="没有名为"):
        decoded(TEXT, name, "f")


def test_zeros_at_the_end_are_no_encoding(tmp_path: Path) -> None:
    """What a file system leaves after a power cut is named where it stands."""
    (tmp_path / "t.csv").write_bytes(TEXT + bytes(200))
    assert read_table(tmp_path / "t.csv")["applicant"].tolist() == ["c01", "\0" * 200]
