"""What experts read beside each field: read from a table, refused where a row does not fit."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from evalkit.base.errors import InputError
from evalkit.panel.statements import Statement, belonging, read_statements
from evalkit.round import Round
from tests.support.builders import load, panel_data, rubric_data, write

CLAIM = {"id": "n1", "title": "成果甲", "level": "national", "evidence": "附件1"}
APPLICANTS = [
    {"id": "A", "name": "甲县", "lead": "某局", "claims": [CLAIM]},
    {"id": "B", "name": "乙县", "lead": "某局"},
]


def read(folder: Path, table: str) -> tuple[Statement, ...]:
    """The rows of ``table`` beside a small panel, with one file of material."""
    material = folder / "material" / "a"
    material.mkdir(parents=True, exist_ok=True)
    (material / "申报书.pdf").write_bytes(b"%PDF-1.4")
    (folder / "secret.pdf").write_bytes(b"%PDF-1.4")
    rules = {"bonus": {"recognised_by": "experts", "scope": "national", "cap_stage": "aggregate"}}
    panel = panel_data(2, APPLICANTS, rules)
    rubric, loaded = load(folder, rubric_data((10, 5), bonus=True), panel)
    (folder / "statements.csv").write_text(table, "utf-8")
    return read_statements(folder, rubric, loaded)


def test_people_write_names_and_headings_of_their_own(tmp_path: Path) -> None:
    """Several rows may stand for one field; one without an indicator is about the whole."""
    table = (
        "评审对象,指标,自述,部门核查意见,备注,材料,页码\n"
        "甲县,指标1,建成平台 3 个,属实,,a/申报书.pdf,3\n"
        "甲县,指标1,,,另见第 5 页,a/申报书.pdf,5\n"
        "A,成果甲,国家级试点,已核,,,\n"
        "乙县,,概况,,,,\n"
    )
    assert read(tmp_path, table) == (
        Statement("A", "i1", "建成平台 3 个", "属实", "", "a/申报书.pdf", 3),
        Statement("A", "i1", note="另见第 5 页", file="a/申报书.pdf", page=5),
        Statement("A", "bonus.n1", "国家级试点", "已核"),
        Statement("B", "", "概况"),
    )


def test_a_workbook_says_the_same(tmp_path: Path) -> None:
    """And two tables are refused: nobody knows which one counts."""
    rows = read(tmp_path, "applicant,indicator,statement\nA,i2,产值 5\n")
    book = openpyxl.Workbook()
    for row in (["评审对象标识", "指标标识", "自述"], ["A", "i2", "产值 5"]):
        book.active.append(row)  # type: ignore[union-attr]
    book.save(tmp_path / "statements.xlsx")
    rubric, panel = load(tmp_path, rubric_data((10, 5)), panel_data(2, APPLICANTS))
    with pytest.raises(InputError, match="只能有一个"):
        read_statements(tmp_path, rubric, panel)
    (tmp_path / "statements.csv").unlink()
    assert read_statements(tmp_path, rubric, panel) == rows
    (tmp_path / "statements.xlsx").unlink()
    assert read_statements(tmp_path, rubric, panel) == ()


WRONG = [
    ("丙县,i1,好,,", "没有评审对象“丙县”"),
    ("A,i9,好,,", "没有指标或加分成果“i9”"),
    ("B,bonus.n1,好,,", "没有指标或加分成果"),
    ("A,i1,,,", "没有内容"),
    ("A,i1,好,,3", "没有写是哪个文件"),
    ("A,i1,好,a/申报书.pdf,0", "页码“0”"),
    ("A,i1,好,a/申报书.pdf,三", "页码“三”"),
    ("A,i1,好,a/没有.pdf,", "没有文件“a/没有.pdf”"),
    ("A,i1,好,../secret.pdf,", "不在 material/ 之内"),
    ("A,i1,好,a/../../secret.pdf,", "不在 material/ 之内"),
    ("A,i1,好,/etc/passwd.pdf,", "不在 material/ 之内"),
    ("A,i1,好,a\\申报书.pdf,", "不在 material/ 之内"),
    ("A,i1,好,a/run.html,", "类型打不开"),
]


@pytest.mark.parametrize(("row", "said"), WRONG)
def test_a_row_that_does_not_fit_is_named_with_its_line(
    tmp_path: Path, row: str, said: str
) -> None:
    """The others do not hide it."""
    head = "applicant,indicator,statement,file,page\nA,i1,好,,\n"
    with pytest.raises(InputError, match=said) as caught:
        read(tmp_path, f"{head}{row}\n")
    (problem,) = caught.value.problems
    assert problem.line == 3


def test_a_link_out_of_the_folder_is_no_material(tmp_path: Path) -> None:
    """Neither read nor copied, whatever it is called."""
    (tmp_path / "material").mkdir()
    (tmp_path / "material" / "x.pdf").symlink_to(tmp_path / "secret.pdf")
    with pytest.raises(InputError, match="不在 material/ 之内"):
        read(tmp_path, "applicant,indicator,statement,file\nA,,好,x.pdf\n")
    with pytest.raises(InputError, match="是一个链接"):
        belonging(tmp_path)


def test_a_round_takes_table_and_material_with_it(tmp_path: Path) -> None:
    """A table that is wrong opens no round."""
    source = tmp_path / "files"
    source.mkdir()
    read(source, "applicant,indicator,statement,file\nA,,好,a/申报书.pdf\n")
    panel = write(source, rubric_data((10, 5)), panel_data(2, APPLICANTS))
    with Round.create(tmp_path / "round", panel) as workspace:
        found = read_statements(workspace.folder, workspace.rubric, workspace.panel)
        assert found == (Statement("A", "", "好", file="a/申报书.pdf"),)
    (source / "statements.csv").write_text("applicant,indicator,statement\nZ,,好\n", "utf-8")
    with pytest.raises(InputError, match="没有评审对象“Z”"):
        Round.create(tmp_path / "other", panel)
    assert not (tmp_path / "other").exists()
