"""Complete sets of rules: taken as a whole, shown line by line, never silently."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
import yaml

from evalkit.base import resources
from evalkit.base.errors import InputError, Refused
from evalkit.panel import Panel, find_rubric, load_panel
from evalkit.panel.checks import findings
from evalkit.panel.draft import create, draft
from evalkit.panel.explain import whole
from evalkit.panel.profiles import departures, profile, profiles
from evalkit.rubric.provisions import Procedure
from tests.support.command import evalkit
from tests.support.drafts import IDS, ROUNDS, RUBRICS, decided, undecided, write

NAMES = sorted(p.stem for p in resources.path("panels", "profiles").glob("*.yaml"))

OF_THE_ROUND = {"selection", "grades", "missing", "adopted_by", "decided_on", "enforced", "table"}
"""What no set of rules can say; `missing` here is that of measured values."""


def taken(name: str, rubric: str, procedure: Procedure | None) -> str:
    """The draft with the rules of a profile."""
    return draft(RUBRICS[rubric], procedure and procedure.id, profile=profile(name))


def adopted(text: str) -> str:
    """A draft with its adoption signed and everything else decided by the first choice."""
    text = text.replace("adopted_by: 待定", "adopted_by: 示例厅评审工作会议")
    return decided(text.replace("decided_on: 待定", 'decided_on: "2030-01-02"'))


def henan(name: str) -> str:
    """The signed draft for Henan's only procedure."""
    return adopted(taken(name, "henan-centre-2025", RUBRICS["henan-centre-2025"].procedures[0]))


def workbook(file: Path, rows: list[list[str]]) -> Path:
    """``rows`` as an Excel file."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    book.save(file)
    return file


def load(folder: Path, text: str) -> Panel:
    """The panel in a file with ``text``."""
    file = write(folder, text)
    return load_panel(file, find_rubric(file))


def test_profiles_are_found_by_name() -> None:
    """The file is called as the profile, so that a reference leads to it."""
    assert [p.id for p in profiles()] == NAMES
    assert len(NAMES) >= 3
    with pytest.raises(Refused, match="没有成套规则“x”，可选：mean、trimmed"):
        profile("x")


@pytest.mark.parametrize(("rubric", "procedure"), ROUNDS, ids=IDS)
@pytest.mark.parametrize("name", NAMES)
def test_a_profile_leaves_only_what_belongs_to_the_round(
    tmp_path: Path, name: str, rubric: str, procedure: Procedure | None
) -> None:
    """Every rule that a set of rules can decide is there, with its reason; the file loads."""
    text = taken(name, rubric, procedure)
    lines = text.splitlines()
    left = {lines[n - 1].split(":")[0].strip() for n in undecided(text)}
    measured = {i.id for i in RUBRICS[rubric].indicators}
    assert left <= OF_THE_ROUND | measured
    declared = load(tmp_path, adopted(text)).rules.model_dump(exclude_none=True)
    for rule, part in profile(name).rules.items():
        if rule in declared:
            above = next(n for n, line in enumerate(lines) if line.startswith(f"  {rule}: "))
            assert part.because in lines[above - 1]


@pytest.mark.parametrize("name", NAMES)
def test_whoever_adopts_it_signs(tmp_path: Path, name: str) -> None:
    """Without a name and a day no rule of it holds."""
    text = henan(name).replace("示例厅评审工作会议", "待定").replace('"2030-01-02"', "待定")
    with pytest.raises(InputError) as caught:
        load(tmp_path, text)
    assert [p.field for p in caught.value.problems] == ["profile.adopted_by", "profile.decided_on"]


def test_who_adopted_it_is_said(tmp_path: Path) -> None:
    """One sentence among the rules of the round."""
    panel = load(tmp_path, henan("trimmed-by-indicator"))
    said = [text.render() for text in whole(RUBRICS[panel.rubric], panel)]
    assert said[1] == (
        "本轮规则采用成套规则“逐项指标去掉一个最高分和一个最低分”，"
        "由示例厅评审工作会议于 2030-01-02 决定。"
    )
    assert len(list(departures(panel))) == 1


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("places: 2}", "places: 1}", "四舍五入的环节和位数"),
        ("ties: [base]", "ties: []", "总分相同的排序"),
        ("drop_highest: 1,", "drop_highest: 2,", "多位专家评分的汇总方法"),
        ("step: 0.5", "step: 1", "打分的最小单位"),
        ("min_applicants: 8,", "min_applicants: 9,", "向被评单位反馈的程度"),
    ],
)
def test_a_rule_that_was_changed_is_said(tmp_path: Path, old: str, new: str, rule: str) -> None:
    """Nobody can say that he took the whole and change a part of it unseen."""
    text = henan("trimmed-by-indicator")
    assert text.count(old) == 1
    panel = load(tmp_path, text.replace(old, new))
    found = [t.render() for t in departures(panel)]
    assert found[1:] == [f"“{rule}”没有照成套规则，另有规定。"]


def test_a_panel_without_profile_is_what_it_was(tmp_path: Path) -> None:
    """The digest of a panel file of before stays, and nothing is said."""
    text = henan("mean")
    cut = text[: text.index("profile:")] + text[text.index("rules:") :]
    panel = load(tmp_path, cut)
    assert "profile" not in panel.model_dump(mode="json")
    assert list(departures(panel)) == []


def test_a_profile_of_another_version_does_not_stop_the_round(tmp_path: Path) -> None:
    """The rules stand in the file; the set they came from may be gone."""
    text = henan("mean").replace("  id: mean", "  id: of-another-version")
    (said,) = departures(load(tmp_path, text))
    assert "of-another-version" in said.render()


def test_lists_in_excel_are_checked_and_taken_along(tmp_path: Path) -> None:
    """A list of experts and one of applicants; both end beside the panel file, which loads."""
    experts = workbook(
        tmp_path / "专家名单.xlsx",
        [["编号", "姓名", "角色", "工作单位"]]
        + [[f"e{n}", f"专家{n}", "成员" if n else "组长", f"单位{n}（虚构）"] for n in range(5)],
    )
    applicants = workbook(
        tmp_path / "对象名单.xlsx",
        [
            ["编号", "名称", "牵头单位"],
            ["a1", "示例甲", "甲（虚构）"],
            ["a2", "示例乙", "乙（虚构）"],
        ],
    )
    out = tmp_path / "new" / "panel.yaml"
    made = evalkit(
        *("panel", "new", "henan-centre-2025", "--out", out, "--profile", "mean"),
        *("--experts", experts, "--applicants", applicants),
    )
    assert made.returncode == 0, made.stderr
    assert {f.name for f in out.parent.iterdir()} == {
        "panel.yaml",
        "专家名单.xlsx",
        "对象名单.xlsx",
    }
    panel = load(out.parent, adopted(out.read_text("utf-8")))
    assert [e.id for e in panel.experts] == ["e0", "e1", "e2", "e3", "e4"]
    assert [a.name for a in panel.applicants] == ["示例甲", "示例乙"]


EXPERTS = [
    ["姓名", "角色", "工作单位"],
    ["林示例", "组长", "示例大学（虚构）"],
    ["何示例", "成员", "示例 研究院: 一所（虚构）"],
]
APPLICANTS = [
    ["名称", "牵头单位", "联合共建单位", "地市"],
    ["示例甲", "甲（虚构）", "丙（虚构）；丁（虚构）", ""],
    ["示例乙", "乙（虚构）", "", "某市"],
]
CLAIMS = [["评审对象", "成果", "级别", "佐证材料"], ["示例乙", "某奖", "国家级", "附件 1"]]


def lists(folder: Path, **tables: list[list[str]]) -> dict[str, Path]:
    """``tables`` as workbooks, by the keys of a panel file."""
    return {key: workbook(folder / f"{key}.xlsx", rows) for key, rows in tables.items()}


def test_lists_without_ids_are_written_out_with_them(tmp_path: Path) -> None:
    """As secretaries keep them; the ids stand in the panel file, no table is needed any more."""
    out = tmp_path / "new" / "panel.yaml"
    given = lists(tmp_path, experts=EXPERTS, applicants=APPLICANTS, claims=CLAIMS)
    options = [word for key, file in given.items() for word in (f"--{key}", file)]
    made = evalkit(
        *("panel", "new", "henan-centre-2025", "--out", out, "--profile", "mean", *options)
    )
    assert made.returncode == 0, made.stderr
    assert [f.name for f in out.parent.iterdir()] == ["panel.yaml"]
    panel = load(out.parent, adopted(out.read_text("utf-8")))
    assert [(e.id, e.name, e.role) for e in panel.experts] == [
        ("e1", "林示例", "chair"),
        ("e2", "何示例", "member"),
    ]
    assert panel.experts[1].employer == "示例 研究院: 一所（虚构）"
    first, second = panel.applicants
    assert (first.id, first.partners, second.city) == ("a1", ("丙（虚构）", "丁（虚构）"), "某市")
    assert [(c.id, c.title, c.level) for c in second.claims] == [("n1", "某奖", "national")]


def test_a_bonus_that_nobody_can_be_given_is_pointed_out(tmp_path: Path) -> None:
    """Before the round is open; claims below the declared scope are none."""
    text = henan("mean")
    found = [t.render() for t in findings(load(tmp_path, text), RUBRICS["henan-centre-2025"])]
    assert any("没有一个对象申报了本轮认可的加分成果" in line for line in found)


@pytest.mark.parametrize(
    ("claims", "applicants", "why"),
    [
        ([*CLAIMS, ["示例丙", "某奖", "国家级", "附件"]], APPLICANTS, "没有评审对象“示例丙”"),
        ([*CLAIMS, *CLAIMS[1:]], [*APPLICANTS, *APPLICANTS[1:]], "“示例乙”有 2 个同名的"),
    ],
)
def test_claims_of_nobody_or_of_several_stop_everything(
    tmp_path: Path, claims: list[list[str]], applicants: list[list[str]], why: str
) -> None:
    """With the row of the table; nothing is written."""
    out = tmp_path / "new" / "panel.yaml"
    tables = lists(tmp_path, applicants=applicants, claims=claims)
    with pytest.raises(InputError, match=rf"claims\.xlsx 第 [23] 行：{why}"):
        create(out, RUBRICS["henan-centre-2025"], None, tables=tables)
    assert not out.exists()


def test_a_list_that_is_none_stops_everything(tmp_path: Path) -> None:
    """Its rows and columns are named, and nothing is written."""
    table = tmp_path / "people.csv"
    table.write_text("编号,姓名\ne1,甲\n", "utf-8")
    out = tmp_path / "new" / "panel.yaml"
    with pytest.raises(InputError, match="缺少列 role（角色）、employer（工作单位）"):
        create(out, RUBRICS["henan-centre-2025"], None, tables={"experts": table})
    assert not out.exists()


def test_a_list_is_not_replaced(tmp_path: Path) -> None:
    """Another list of the same name beside the new file stays."""
    head = "编号,名称,牵头单位\n"
    table, there = tmp_path / "list.csv", tmp_path / "new" / "list.csv"
    there.parent.mkdir()
    table.write_text(f"{head}a1,甲,甲单位\n", "utf-8")
    there.write_text(f"{head}a1,乙,乙单位\n", "utf-8")
    out = there.with_name("panel.yaml")
    with pytest.raises(InputError, match="已有另一个同名的表"):
        create(out, RUBRICS["henan-centre-2025"], None, tables={"applicants": table})
    assert not out.exists()
    assert "乙单位" in there.read_text("utf-8")


def test_a_panel_file_is_not_called_as_its_rubric(tmp_path: Path) -> None:
    """There the rubric would be looked for."""
    with pytest.raises(Refused, match=r"是指标体系文件的名字"):
        create(tmp_path / "henan-centre-2025.yaml", RUBRICS["henan-centre-2025"], None)


def test_the_command_lists_them() -> None:
    """Each with source and reasons."""
    said = evalkit("panel", "profiles").stdout
    for name in NAMES:
        whole_text = yaml.load(
            resources.path("panels", f"profiles/{name}.yaml").read_text("utf-8"), yaml.CSafeLoader
        )
        assert all(part["because"] in said for part in whole_text["rules"].values())
        assert whole_text["source"] in said
