"""Lists of a panel in tables beside its file: the same panel, errors with the row of the table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from evalkit.base.errors import InputError
from evalkit.panel import Panel, load_panel
from evalkit.panel.checks import findings
from evalkit.round import Round
from evalkit.rubric import load_rubric
from tests.support.builders import load, panel_data, rubric_data, write

APPLICANTS = [
    {"id": "A", "name": "甲", "lead": "单位甲", "partners": ["单位丙", "单位丁"], "city": "郑州"},
    {"id": "B", "name": "乙", "lead": "单位乙"},
]
HEAD = "id,name,lead,partners,city\n"
ROWS = "A,甲,单位甲,单位丙；单位丁,郑州\nB,乙,单位乙,,\n"
EXPERTS = "标识,姓名,角色,工作单位\ne1,专家1,组长,示例单位1\ne2,专家2,成员,示例单位2\n"


def loaded(folder: Path, tables: dict[str, str], **more: Any) -> Panel:
    """The panel of two experts and applicants, with ``tables`` beside its file."""
    for name, text in tables.items():
        (folder / name).write_text(text, "utf-8")
    file = write(folder, rubric_data((10,)), panel_data(2, APPLICANTS) | more)
    return load_panel(file, load_rubric(folder / "small.yaml"))


def test_a_table_gives_the_same_panel(tmp_path: Path) -> None:
    """The digest is that of the lists in the file itself."""
    _rubric, inline = load(tmp_path, rubric_data((10,)), panel_data(2, APPLICANTS))
    tables = {"applicants.csv": HEAD + ROWS, "experts.csv": EXPERTS}
    names = {"applicants": "applicants.csv", "experts": "experts.csv"}
    assert loaded(tmp_path, tables, **names).digest == inline.digest


def test_a_table_in_excel_and_in_another_encoding(tmp_path: Path) -> None:
    """The sheet and the encoding are named in the panel file."""
    (tmp_path / "a.csv").write_bytes((HEAD + ROWS).encode("gbk"))
    book = openpyxl.Workbook()
    book.active.title = "说明"
    sheet = book.create_sheet("名单")
    for line in EXPERTS.splitlines():
        sheet.append(line.split(","))
    book.save(tmp_path / "e.xlsx")
    applicants = {"table": "a.csv", "encoding": "gbk"}
    experts = {"table": "e.xlsx", "sheet": "名单"}
    panel = loaded(tmp_path, {}, applicants=applicants, experts=experts)
    assert [a.name for a in panel.applicants] == ["甲", "乙"]
    assert [e.role for e in panel.experts] == ["chair", "member"]


def test_conflicts_assignment_and_claims_in_tables(tmp_path: Path) -> None:
    """As lists, by applicant, and under their applicants."""
    tables = {
        "a.csv": HEAD + ROWS,
        "c.csv": "expert,applicant,reason\ne2,A,师生\n",
        "s.csv": "评审对象,专家\nA,e1\nA,e2\nB,e1\n",
        "n.csv": "applicant,id,title,level,evidence\nA,n1,成果,国家级,附件1\n",
    }
    names = {"applicants": "a.csv", "conflicts": "c.csv", "assignment": "s.csv", "claims": "n.csv"}
    panel = loaded(tmp_path, tables, **names)
    assert list(panel.recused) == [("A", "e2")]
    assert panel.seats("B") == ("e1",)
    assert panel.applicant("A").claims[0].level == "national"


def test_tables_may_name_people(tmp_path: Path) -> None:
    """By id or by name, whatever its blanks; a name of several is refused with its row."""
    tables = {
        "c.csv": "专家,评审对象,理由\n专家 2,甲,师生\n",
        "s.csv": "评审对象,专家\n甲,e1\nB,专家1\n",
    }
    names = {"conflicts": "c.csv", "assignment": "s.csv"}
    panel = loaded(tmp_path, tables, **names)
    assert list(panel.recused) == [("A", "e2")]
    assert panel.seats("B") == ("e1",)
    twins = [a | {"name": "甲"} for a in APPLICANTS]
    with pytest.raises(InputError, match=r"c\.csv 第 2 行：applicant：“甲”有 2 个同名的"):
        loaded(tmp_path, tables, **names, applicants=twins)


WRONG: list[tuple[str, str, str]] = [
    ("A,,单位甲,,\n", "a.csv 第 2 行：name：缺少这一项，请补上", "name"),
    ("A,甲,单位甲,,\nc 2,乙,单位乙,,\n", "a.csv 第 3 行：id：“c 2”不能作为标识", "id"),
    ("A,甲,单位甲,,\n\na,乙,单位乙,,\n", "a.csv 第 4 行：id：标识“a”用了不止一次", "twice"),
    ("A,待定,单位甲,,\n", "a.csv 第 2 行：name：还是“待定”", "undecided"),
    ("A,甲,单位甲,,,x\n", "a.csv 第 2 行：这一行比表头多出 1 格", "long"),
]


@pytest.mark.parametrize(("rows", "message"), [row[:2] for row in WRONG], ids=[r[2] for r in WRONG])
def test_errors_name_the_table_and_the_row(tmp_path: Path, rows: str, message: str) -> None:
    """The file and line of the table, and its column."""
    with pytest.raises(InputError) as caught:
        loaded(tmp_path, {"a.csv": HEAD + rows}, applicants="a.csv")
    assert f"{tmp_path}/{message}" in caught.value.render()


FILES: list[tuple[Any, dict[str, str], str]] = [
    ("none.csv", {}, "none.csv：无法读取（没有这个文件或文件夹）"),
    ("../a.csv", {}, "applicants：表须与本文件放在同一文件夹，这里只写文件名"),
    ("a.csv", {"a.csv": "id,name\nA,甲\n"}, "a.csv 第 1 行：缺少列 lead"),
    ("a.csv", {"a.csv": "id,name,lead,x\nA,甲,乙,1\n"}, "a.csv 第 1 行：未知的列 x"),
    ("a.csv", {"a.csv": HEAD}, "applicants：不能为空，请填写"),
    ("a.csv", {"a.csv": ""}, "a.csv：文件是空的"),
    ("名单", {}, "applicants：这里应是列表"),
]


@pytest.mark.parametrize(("named", "tables", "message"), FILES)
def test_tables_that_cannot_be_read(
    tmp_path: Path, named: Any, tables: dict[str, str], message: str
) -> None:
    """One line each."""
    with pytest.raises(InputError) as caught:
        loaded(tmp_path, tables, applicants=named)
    (line,) = caught.value.render().splitlines()
    assert message in line


def test_the_encoding_of_a_table_is_named_for_a_panel_file(tmp_path: Path) -> None:
    """Not as an option of the command line alone."""
    (tmp_path / "a.csv").write_bytes((HEAD + ROWS).encode("gbk"))
    with pytest.raises(InputError, match="gbk（在评审组文件里写 table、encoding、sheet 三项）"):
        loaded(tmp_path, {}, applicants="a.csv")


def test_a_new_round_has_copies_of_its_tables(tmp_path: Path) -> None:
    """The round stays as it was declared, wherever the tables go."""
    (tmp_path / "files").mkdir()
    loaded(tmp_path / "files", {"a.csv": HEAD + ROWS}, applicants="a.csv")
    with Round.create(tmp_path / "round", tmp_path / "files" / "panel.yaml") as workspace:
        assert len(workspace.panel.applicants) == 2
    assert (tmp_path / "round" / "a.csv").read_text("utf-8") == HEAD + ROWS


def test_the_schema_lets_lists_stand_in_tables() -> None:
    """An editor that checks the file accepts a name of a table."""
    properties = Panel.model_json_schema()["properties"]
    for key in ("experts", "applicants", "conflicts", "assignment", "claims"):
        assert '"table"' in json.dumps(properties[key])


SAME = [
    ("示例单位1", "示例 单位1"),
    ("ABC大学", "ＡＢＣ大学"),
    ("中国石油大学（北京）", "中国石油大学(北京)"),
    ("浙江大学", "浙江大学\u200b"),
    ("浙江·大学", "浙江大学"),
    ("abc研究院", "ABC研究院"),
]
NEAR = [
    ("浙大", "浙江大学"),
    ("浙江大学", "浙江大学（杭州）"),
    ("中国石油大学（北京）", "中国石油大学（华东）"),
    ("浙江大学计算机学院", "浙江大学"),
]
APART = [("示例单位1", "示例单位12"), ("北京大学", "浙江大学"), ("某", "某单位"), ("清华", "北大")]


@pytest.mark.parametrize(("employer", "lead"), [*SAME, *NEAR, *APART])
def test_employers_as_people_write_them(tmp_path: Path, employer: str, lead: str) -> None:
    """The same keeps the expert apart, a near one is listed for a person, another is neither."""
    applicants = [{"id": "A", "name": "甲", "lead": lead}]
    data = panel_data(2, applicants)
    data["experts"][1]["employer"] = employer
    rubric, panel = load(tmp_path, rubric_data((10,)), data)
    assert (("A", "e2") in panel.recused) == ((employer, lead) in SAME)
    said = [str(text) for text in findings(panel, rubric) if "相近" in str(text)]
    assert bool(said) == ((employer, lead) in NEAR)
