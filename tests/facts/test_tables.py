"""Tables of scores in Excel and Parquet: the same results as from CSV, and nothing guessed."""

from __future__ import annotations

import datetime as dt
import io
import resource
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.formula import ArrayFormula
from pyarrow import parquet

from evalkit.base.errors import InputError
from evalkit.base.packages import MAX_RATIO
from evalkit.base.tables import read_table
from evalkit.base.tidy_words import COLUMNS
from evalkit.evaluation import evaluate
from evalkit.facts.tidy import from_frame
from tests.support.builders import DEMO, demo
from tests.support.command import evalkit

HEADER = list(COLUMNS)


def workbook(path: Path, *rows: Sequence[Any], sheets: Sequence[str] = ("Sheet",)) -> Path:
    """An Excel file with ``rows`` on its first sheet."""
    book = openpyxl.Workbook()
    for n, title in enumerate(sheets):
        sheet = book.active if n == 0 else book.create_sheet()
        sheet.title = title
    for row in rows:
        book.worksheets[0].append(list(row))
    book.save(path)
    return path


def parts(data: bytes) -> dict[str, bytes]:
    """The parts of a zip package by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(path: Path, content: dict[str, bytes]) -> Path:
    """A zip package of parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return path


@pytest.fixture(name="table", scope="module")
def _table() -> pd.DataFrame:
    """The demo's table, as text."""
    return read_table(DEMO / "scores.csv")


def typed(table: pd.DataFrame) -> list[list[Any]]:
    """The rows with numbers as numbers, as people have them in Excel."""
    return [
        [float(v) if v.replace(".", "").isdigit() else v or None for v in row]
        for row in table.to_numpy().tolist()
    ]


# The same table in another form


@pytest.mark.parametrize("numbers", [True, False], ids=["numbers", "text"])
def test_an_excel_table_gives_the_same_results(
    tmp_path: Path, table: pd.DataFrame, numbers: bool
) -> None:
    """Whether scores are numbers or text in their cells; the digest is that of the CSV file."""
    rows = typed(table) if numbers else table.to_numpy().tolist()
    file = workbook(tmp_path / "scores.xlsx", HEADER, *rows)
    rubric, panel, facts = demo()
    again = from_frame(read_table(file), rubric, panel)
    assert evaluate(rubric, panel, again).digest == evaluate(rubric, panel, facts).digest


TYPES = {
    "text": pa.string(),
    "dictionary": pa.dictionary(pa.int32(), pa.string()),
    "large text": pa.large_string(),
}


@pytest.mark.parametrize("kind", TYPES)
def test_a_parquet_table_gives_the_same_results(
    tmp_path: Path, table: pd.DataFrame, kind: str
) -> None:
    """Whatever the type of its text columns; other columns are not read."""
    columns = {name: pa.array(table[name], TYPES[kind]) for name in HEADER}
    extra = pa.array([[1]] * len(table), pa.list_(pa.int8()))
    parquet.write_table(pa.table({**columns, "extra": extra}), tmp_path / "scores.parquet")
    rubric, panel, facts = demo()
    again = from_frame(read_table(tmp_path / "scores.parquet"), rubric, panel)
    assert evaluate(rubric, panel, again).digest == evaluate(rubric, panel, facts).digest


def test_numbers_in_parquet(tmp_path: Path) -> None:
    """Floats are the shortest decimal that is the same float, decimals are themselves."""
    kinds = [pa.float64(), pa.int16(), pa.decimal128(6, 2), pa.float32()]
    values = [8.1, 8, Decimal("8.10"), 0.5]
    for kind, value, said in zip(kinds, values, ["8.1", "8", "8.10", "0.5"], strict=True):
        columns = {"points": pa.array([value, None], kind), "reason": ["", "空"]}
        parquet.write_table(pa.table(columns), tmp_path / "t.parquet")
        assert read_table(tmp_path / "t.parquet")["points"].tolist() == [said, ""]


def test_a_date_in_parquet_is_no_score(tmp_path: Path) -> None:
    """The row is named."""
    days = pa.array([None, dt.date(2026, 4, 5)])
    parquet.write_table(pa.table({"points": days}), tmp_path / "t.parquet")
    with pytest.raises(InputError, match=r"第 2 行：“2026-04-05”既不是文字也不是数"):
        read_table(tmp_path / "t.parquet")


def test_parquet_without_pyarrow(tmp_path: Path) -> None:
    """The extra that reads it is named."""
    (tmp_path / "t.parquet").write_bytes(b"PAR1")
    code = (
        "import sys; sys.modules['pyarrow'] = None\n"
        "from pathlib import Path\n"
        "from evalkit.base.tables import read_table\n"
        "from evalkit.base.tables import read_table\n"
        "from evalkit.base.errors import InputError\n"
        "try:\n    read_table(Path('t.parquet'))\n"
        "except InputError as error:\n    print(error)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=True
    )
    assert "pip install 'evalkit[parquet]'" in run.stdout


# What people do in Excel


def test_numbers_as_excel_stores_them(tmp_path: Path) -> None:
    """8.0999999999999996 in the file is the 8.1 that Excel shows; whole numbers have no point."""
    file = workbook(tmp_path / "t.xlsx", HEADER, ["c01", "e1", "i1", 8.25, None])
    content = parts(file.read_bytes())
    sheet = "xl/worksheets/sheet1.xml"
    for stored, said in (("8.0999999999999996", "8.1"), ("8", "8"), ("5E-1", "0.5"), ("-0", "0")):
        changed = content[sheet].replace(b"<v>8.25</v>", f"<v>{stored}</v>".encode())
        assert changed != content[sheet]
        packed(file, {**content, sheet: changed})
        assert read_table(file)["points"].tolist() == [said]


def test_lines_spaces_and_other_columns(tmp_path: Path) -> None:
    """Blank rows are passed over and counted, cells are stripped, other columns may hold anything.

    Rows 1 and 2 are blank, the header is in row 3, the score in row 5.
    """
    rows = [[], [None], [*HEADER, "备注"], ["", None], [" c01", "e1", "i1", "8.5 ", "a_x000D_b"]]
    file = workbook(tmp_path / "t.xlsx", *rows)
    book = openpyxl.load_workbook(file)
    book.active["F5"] = "=1+1"
    book.save(file)
    table = read_table(file)
    assert table.index.tolist() == [5]
    assert table.to_numpy().tolist() == [["c01", "e1", "i1", "8.5", "a\rb", ""]]


def test_one_sheet_or_the_one_that_is_named(tmp_path: Path) -> None:
    """Nothing is chosen for the user."""
    rows = (HEADER, ["c01", "e1", "i1", 8, None])
    file = workbook(tmp_path / "t.xlsx", *rows, sheets=("打分", "说明"))
    with pytest.raises(InputError, match="有 2 张工作表，请用 --sheet 指明一张：打分、说明"):
        read_table(file)
    with pytest.raises(InputError, match="没有工作表“打份”，有的是：打分、说明"):
        read_table(file, sheet="打份")
    assert read_table(file, sheet="打分")["points"].tolist() == ["8"]
    with pytest.raises(InputError, match=r"只有 \.xlsx 文件有工作表"):
        read_table(DEMO / "scores.csv", sheet="打分")


WRONG: list[tuple[Any, str]] = [
    ("=1+1", r"第 2 行：D2 是公式，请改成数值再存"),
    (ArrayFormula("D2", "=1+1"), r"第 2 行：D2 是公式"),
    ('=HYPERLINK("http://x")', r"D2 是公式"),
    (dt.date(2026, 4, 5), r"第 2 行：D2 是日期或时间，可能是 Excel 改了输入"),
    (dt.time(8, 30), r"D2 是日期或时间"),
]


@pytest.mark.parametrize(("value", "message"), WRONG)
def test_formulas_and_dates_are_refused(tmp_path: Path, value: Any, message: str) -> None:
    """A formula's stored value may be stale, and 4.5 may have become the fifth of April."""
    file = workbook(tmp_path / "t.xlsx", HEADER, ["c01", "e1", "i1", value, None])
    with pytest.raises(InputError, match=message):
        read_table(file)


def test_text_that_looks_like_a_formula_is_text(tmp_path: Path) -> None:
    """A comment may start with an equals sign."""
    file = tmp_path / "t.xlsx"
    workbook(file, HEADER, ["c01", "e1", "i1", 8, "text"])
    book = openpyxl.load_workbook(file)
    book.active["E2"].value, book.active["E2"].data_type = "=很好", "s"
    book.save(file)
    assert read_table(file)["reason"].tolist() == ["=很好"]


def test_merged_cells_are_refused(tmp_path: Path) -> None:
    """Only the first of merged cells has a value: the other scores would be missing."""
    rows = [["c01", "e1", "i1", 8, None], ["c01", "e1", "i2", None, None]]
    file = workbook(tmp_path / "t.xlsx", HEADER, *rows)
    book = openpyxl.load_workbook(file)
    book.active.merge_cells("D2:D3")
    book.save(file)
    with pytest.raises(InputError, match="D2:D3 是合并的单元格，请取消合并，每行都填写"):
        read_table(file)


def test_rows_out_of_order_are_refused(tmp_path: Path) -> None:
    """No program writes them; openpyxl would pass over the row that comes too late."""
    rows = [["c01", "e1", "i1", 8, None], ["c01", "e1", "i2", 9, None]]
    file = workbook(tmp_path / "t.xlsx", HEADER, *rows)
    content = parts(file.read_bytes())
    sheet = "xl/worksheets/sheet1.xml"
    changed = content[sheet].replace(b'<row r="3"', b'<row r="1"')
    assert changed != content[sheet]
    packed(file, {**content, sheet: changed})
    with pytest.raises(InputError, match="第 1 行在文件里的位置不对"):
        read_table(file)


def test_rows_longer_than_the_header(tmp_path: Path) -> None:
    """Nothing beside the table is dropped silently."""
    file = workbook(tmp_path / "t.xlsx", HEADER, ["c01", "e1", "i1", 8, None, "多"])
    with pytest.raises(InputError, match="第 2 行：这一行比表头多出"):
        read_table(file)


def test_a_row_that_goes_on_far_to_the_right(tmp_path: Path) -> None:
    """Empty cells there are nothing, a value there is not passed over."""
    file = workbook(tmp_path / "t.xlsx", HEADER, ["c01", "e1", "i1", 8, None])
    for value, good in ((None, True), ("远", False)):
        book = openpyxl.load_workbook(file)
        book.active.cell(2, 16_384, value).number_format = "0.0"
        book.save(tmp_path / "far.xlsx")
        if good:
            assert read_table(tmp_path / "far.xlsx")["points"].tolist() == ["8"]
            continue
        with pytest.raises(InputError, match="第 2 行：这一行在第 200 列以后还有内容"):
            read_table(tmp_path / "far.xlsx")


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_column_named_twice(tmp_path: Path, suffix: str) -> None:
    """Which of the two counts is not guessed."""
    file = tmp_path / f"t{suffix}"
    if suffix == ".csv":
        file.write_text("points,points\n1,2\n", "utf-8")
    else:
        workbook(file, ["points", "points"], [1, 2])
    with pytest.raises(InputError, match="第 1 行：表头中“points”不止一列"):
        read_table(file)


@pytest.mark.parametrize("name", ["t.xls", "t.ods", "t.XLSB", "t.et"])
def test_other_workbooks_are_named(tmp_path: Path, name: str) -> None:
    """Formats that are not read say what to save as."""
    with pytest.raises(InputError, match=r"请另存为 \.xlsx 或 CSV"):
        read_table(tmp_path / name)


@pytest.mark.parametrize("command", ["evaluate", "analyse"])
def test_on_the_command_line(tmp_path: Path, table: pd.DataFrame, command: str) -> None:
    """A workbook with its --sheet gives the results; one line where something is wrong."""
    files = ("--panel", DEMO / "panel.yaml", "--scores", tmp_path / "scores.xlsx")
    workbook(tmp_path / "scores.xlsx", HEADER, *typed(table), sheets=("打分", "说明"))
    good = evalkit(command, *files, "--sheet", "打分", "--json")
    assert good.stdout == evalkit(command, DEMO, "--json").stdout
    for more, message in (((), "--sheet"), (("--sheet", "说明"), "文件是空的")):
        bad = evalkit(command, *files, *more)
        assert (bad.returncode, bad.stdout) == (2, "")
        assert message in bad.stderr
        assert bad.stderr.count("\n") == 1
    assert evalkit(command, DEMO, "--sheet", "打分").returncode == 2


# Files from outside


def entity(content: dict[str, bytes]) -> dict[str, bytes]:
    """The parts with a sheet that asks for a file of this machine."""
    name = "xl/worksheets/sheet1.xml"
    body = content[name].partition(b"<worksheet")[2]
    doctype = b'<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    sheet = b"<?xml version='1.0'?>" + doctype + b"<worksheet" + body
    return {**content, name: sheet.replace(b"<v>8.25</v>", b"<v>&x;</v>")}


def laughs(content: dict[str, bytes]) -> dict[str, bytes]:
    """The parts with a sheet whose entities multiply to a billion."""
    name = "xl/worksheets/sheet1.xml"
    body = content[name].partition(b"<worksheet")[2]
    entities = b'<!ENTITY l0 "lol">' + b"".join(
        b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10)
    )
    sheet = b"<?xml version='1.0'?><!DOCTYPE w [" + entities + b"]><worksheet" + body
    return {**content, name: sheet.replace(b"<v>8.25</v>", b"<v>&l9;</v>")}


@pytest.mark.parametrize("change", [entity, laughs])
def test_entities_are_refused(tmp_path: Path, change: Any) -> None:
    """No file is read and nothing multiplies."""
    file = workbook(tmp_path / "t.xlsx", HEADER, ["c01", "e1", "i1", 8.25, None])
    packed(file, change(parts(file.read_bytes())))
    with pytest.raises(InputError, match="有实体定义或少见的编码"):
        read_table(file)


GARBAGE: list[tuple[str, bytes, str]] = [
    ("t.xlsx", b"", "不是完整的 Office 文件"),
    ("t.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "请去掉密码"),
    ("t.xlsx", b"PK\x03\x04 nothing", "不是完整的 Office 文件"),
    ("t.parquet", b"", "不是完整的 Parquet 文件"),
    ("t.parquet", b"PAR1garbagePAR1", "不是完整的 Parquet 文件"),
]


@pytest.mark.parametrize(("name", "data", "message"), GARBAGE)
def test_garbage_is_named(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    """A file that is not what its name says; an encrypted workbook is an OLE file."""
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError, match=message):
        read_table(tmp_path / name)


def test_a_package_without_a_workbook(tmp_path: Path) -> None:
    """Any other zip file."""
    packed(tmp_path / "t.xlsx", {"readme.txt": b"hello"})
    with pytest.raises(InputError, match="这是压缩包（ZIP），请先解压"):
        read_table(tmp_path / "t.xlsx")


@pytest.mark.parametrize("name", ["none.xlsx", "none.parquet", "folder.xlsx"])
def test_files_that_are_not_there(tmp_path: Path, name: str) -> None:
    """The system's reason is given."""
    (tmp_path / "folder.xlsx").mkdir()
    with pytest.raises(InputError, match="无法读取"):
        read_table(tmp_path / name)


def test_a_zip_bomb_is_refused_before_unpacking(tmp_path: Path) -> None:
    """400 MB in 2 MB; the memory of a process that tries stays where it was."""
    file = tmp_path / "t.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("xl/workbook.xml", b"<a/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(400):
                part.write(b" " * 2**20)
    assert file.stat().st_size * MAX_RATIO < 400 * 2**20
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(InputError, match="解开后有 420 MB，过大或压缩比异常"):
        read_table(file)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024


def test_a_sheet_that_lies_about_its_size(tmp_path: Path) -> None:
    """A dimension up to the last cell does not make a row of 16,384 cells."""
    file = workbook(tmp_path / "t.xlsx", HEADER, ["c01", "e1", "i1", 8, None])
    content = parts(file.read_bytes())
    sheet = "xl/worksheets/sheet1.xml"
    changed = content[sheet].replace(b'ref="A1:E2"', b'ref="A1:XFD1048576"')
    assert changed != content[sheet]
    packed(file, {**content, sheet: changed})
    assert len(read_table(file)) == 1


def test_parquet_with_columns_of_unequal_length(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A damaged page can give fewer values than its file announces: no row is shifted."""
    parquet.write_table(pa.table({name: ["c01", "e1"] for name in HEADER}), tmp_path / "t.parquet")
    whole = parquet.ParquetFile.read

    def short(file: Any, columns: list[str]) -> Any:
        return whole(file, columns).slice(0, 1 if columns == ["points"] else 2)

    monkeypatch.setattr(parquet.ParquetFile, "read", short)
    with pytest.raises(InputError, match="不是完整的 Parquet 文件"):
        read_table(tmp_path / "t.parquet")


def test_a_workbook_of_another_program_reads_in_silence(tmp_path: Path) -> None:
    """One without styles, as some programs write it, gives its table and no warning."""
    file = workbook(tmp_path / "t.xlsx", HEADER, ["c01", "e1", "i1", 8.25, None])
    content = parts(file.read_bytes())
    empty = b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    packed(file, {**content, "xl/styles.xml": empty})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert read_table(file)["points"].tolist() == ["8.25"]


def test_parquet_that_would_be_too_long(tmp_path: Path) -> None:
    """Six million empty rows take 3 KB in the file; they are counted before they are read."""
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 6_000_000, pa.int8()), ["x"])
    parquet.write_table(pa.table({"points": column}), tmp_path / "t.parquet")
    assert (tmp_path / "t.parquet").stat().st_size < 100_000
    with pytest.raises(InputError, match="超出可以接受的大小"):
        read_table(tmp_path / "t.parquet")


def damaged(data: bytes, changes: list[tuple[int, int]]) -> bytes:
    """``data`` with bytes changed at relative places."""
    broken = bytearray(data)
    for place, value in changes:
        broken[place % len(broken)] = value
    return bytes(broken)


CHANGES = st.lists(st.tuples(st.integers(0, 2**16), st.integers(0, 255)), min_size=1, max_size=8)


def survives(file: Path) -> None:
    """Reading gives a table or an InputError, nothing else."""
    try:
        read_table(file)
    except InputError as error:
        assert error.render().startswith(str(file))  # noqa: PT017  (a table is fine as well)


@given(st.sampled_from(["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"]), CHANGES)
def test_a_damaged_workbook_is_an_input_error(
    tmp_path: Path, name: str, changes: list[tuple[int, int]]
) -> None:
    """Whatever a part holds."""
    file = workbook(tmp_path / "seed.xlsx", HEADER, ["c01", "e1", "i1", 8.25, "好"])
    content = parts(file.read_bytes())
    survives(packed(tmp_path / "t.xlsx", {**content, name: damaged(content[name], changes)}))


@given(st.sampled_from([".xlsx", ".parquet"]), CHANGES)
def test_damaged_bytes_are_an_input_error(
    tmp_path: Path, suffix: str, changes: list[tuple[int, int]]
) -> None:
    """Wherever a file is damaged."""
    file = tmp_path / f"t{suffix}"
    if suffix == ".xlsx":
        workbook(file, HEADER, ["c01", "e1", "i1", 8.25, "好"])
    else:
        parquet.write_table(pa.table({name: ["c01", "e1"] for name in HEADER}), file)
    file.write_bytes(damaged(file.read_bytes(), changes))
    survives(file)
