"""From an upheld objection to a new publicity, by commands."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import docx
import pytest

from evalkit.disclosure import Views
from evalkit.record.successor import FOLDER
from evalkit.round import Round
from tests.support.appeals import amend, case_of
from tests.support.builders import write
from tests.support.command import evalkit
from tests.support.locked import locked, panel, rubric, score, submit


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    with locked(tmp_path / "files"):
        return tmp_path / "files"


def test_an_upheld_objection_by_commands(folder: Path) -> None:
    """Opened, locked, compared; the two folders beside each other or the new one alone."""
    old, case = folder / "old", folder / "case"
    new = case_of(old, case)
    made = amend(case, "--recuse", "e3:C")
    assert (made.returncode, made.stderr) == (0, "")
    assert "重开：e3 对 C 的回避" in made.stdout
    early = evalkit("appeal", "compare", new)
    assert (early.returncode, "尚未锁定" in early.stderr) == (1, True)
    trial = evalkit("appeal", "compare", new, "--trial")
    assert "锁定之后才知道公示名单是否有变" in trial.stdout
    assert evalkit("panel", "lock", new, "--yes").returncode == 0
    alone = evalkit("appeal", "compare", new)
    assert alone == evalkit("appeal", "compare", old, new)
    assert alone.returncode == 0
    said = "专家3回避丙，其评分不再计入（经核查，专家3受聘于丙公司）"
    assert said in alone.stdout
    assert "其余 3 个对象没有变化" in alone.stdout
    assert "公示名单没有变，不必重新公示" in alone.stdout
    results = json.loads(evalkit("evaluate", old, "--json").stdout)
    shown = evalkit("evaluate", new).stdout
    assert "取代的结果摘要值" in shown
    root = results["basis"]["root"]
    assert f"取代根哈希为 {root} 的一轮" in made.stdout
    assert f"取代根哈希为 {root} 的一轮" in alone.stdout


def test_a_sheet_and_a_value_change_ranks(folder: Path) -> None:
    """13 and 13 for second place become 12 for C; D comes from 8 to 10."""
    case = folder / "case"
    new = case_of(folder / "old", case)
    options = ("--reopen-sheet", "e3:C", "--reopen-value", "D:i2")
    made = amend(case, *options)
    assert f"专家3  evalkit sheet {new} --expert e3" in made.stdout
    waiting = evalkit("panel", "lock", new, "--yes")
    assert waiting.returncode == 1
    assert "丙（C）的评分表已打齐，没有提交" in waiting.stderr
    assert "丁（D）的“指标2”（i2）没有登记测量值" in waiting.stderr
    with Round.open(new) as workspace:
        workspace.append(score("e3", "C", "5"))
        workspace.append(submit("e3", "C"))
    value = ("--applicant", "D", "--indicator", "i2", "--value", "10", "--evidence", "重新核算")
    assert evalkit("record", "measure", new, *value).returncode == 0
    assert evalkit("panel", "lock", new, "--yes").returncode == 0
    paper = folder / "out" / "compared.docx"
    shown = evalkit("appeal", "compare", new, "--out", paper)
    assert "丙：本身有改动，总分由 13.00 变为 12.00；乙升到其前，名次由 2 变为 3。" in shown.stdout
    assert "丁：本身有改动，总分由 8.00 变为 10.00。" in shown.stdout
    assert "公示名单有变（所列名次、总分或次序有变），须重新公示" in shown.stdout
    view = json.loads(evalkit("appeal", "compare", new, "--json").stdout)
    assert view["format"] == "evalkit-comparison/1"
    assert [a["id"] for a in view["applicants"] if a["moved"]] == ["C", "D"]
    assert view["before"]["digest"] == view["basis"]["supersedes"]["results"]
    document = docx.Document(io.BytesIO(paper.read_bytes()))
    assert [[c.text for c in row.cells] for row in document.tables[0].rows] == [
        ["参评对象", "名次", "总分"],
        ["丙", "2 → 3", "13.00 → 12.00"],
        ["丁", "4", "8.00 → 10.00"],
    ]
    texts = [p.text for p in document.paragraphs]
    assert "异议：第1号。经领导小组查实，重开有关内容。理由：经核查，专家3受聘于丙公司。" in texts
    assert "丁“指标2”的测量值由 6 改为 10" in "".join(texts)
    again = folder / "again.docx"
    evalkit("appeal", "compare", new, "--out", again)
    assert again.read_bytes() == paper.read_bytes()


def test_english(folder: Path) -> None:
    """No Chinese but names and what people wrote."""
    case = folder / "case"
    new = case_of(folder / "old", case)
    made = amend(case, "--recuse", "e3:C", lang="en")
    evalkit("panel", "lock", new, "--yes")
    said = made.stdout + evalkit("appeal", "compare", new, lang="en").stdout
    names = r"专家3|经核查，专家3受聘于丙公司。?|[甲乙丙丁]"
    assert re.findall("[一-鿿]+", re.sub(names, "", said)) == []


WRONG = [
    ((), 1, "没有写明重开什么"),
    (("--reopen-sheet", "e9:C"), 2, "没有专家 e9"),
    (("--reopen-value", "C:i1"), 1, "C 的“i1”不是由评审秘书或专家组登记的值"),
    (("--panel", "missing.yaml"), 2, "missing.yaml"),
]


@pytest.mark.parametrize(("options", "code", "message"), WRONG)
def test_what_is_wrong_is_said_in_a_line(
    folder: Path, options: tuple[str, ...], code: int, message: str
) -> None:
    """And no folder is there, and no step is taken."""
    new = case_of(folder / "old", folder / "case")
    found = amend(folder / "case", *options)
    assert (found.returncode, found.stdout) == (code, "")
    assert message in found.stderr
    assert not new.exists()
    assert amend(folder / "case", "--recuse", "e3:C").returncode == 0


def test_a_round_that_supersedes_none_needs_another(folder: Path) -> None:
    """Given alone."""
    found = evalkit("appeal", "compare", folder / "old")
    assert (found.returncode, "给出要对照的两个" in found.stderr) == (2, True)


def test_a_changed_predecessor_is_not_compared(folder: Path) -> None:
    """The copy in the successor: files that the lock bound."""
    case = folder / "case"
    new = case_of(folder / "old", case)
    amend(case, "--recuse", "e3:C")
    evalkit("panel", "lock", new, "--yes")
    file = new / FOLDER / "panel.yaml"
    file.write_text(file.read_text("utf-8").replace("places: 2", "places: 1"), "utf-8")
    found = evalkit("appeal", "compare", new)
    assert (found.returncode, "锁定之后被改过" in found.stderr) == (2, True)


def test_who_may_read_the_reason(folder: Path, tmp_path: Path) -> None:
    """It names an expert: those who run the round do; an applicant, an expert, the public do not.

    All of them learn that other results are superseded, and which.
    """
    case = folder / "case"
    new = case_of(folder / "old", case)
    amend(case, "--recuse", "e3:C")
    evalkit("panel", "lock", new, "--yes")
    with Round.open(folder / "old") as workspace:
        before = workspace.results().digest
    with Round.open(new) as workspace:
        views = Views(workspace.results())
    told = [views.panel(), views.report("C", "internal")]
    others = [views.applicant("C"), views.report("C", "public"), views.public(), views.expert("e1")]
    for view in (*told, *others):
        assert view["basis"]["supersedes"]["results"] == before
        assert ("受聘" in json.dumps(view, ensure_ascii=False)) == (view in told)
    for level, shown in (("applicant", False), ("public", False), ("internal", True)):
        out = tmp_path / level
        assert evalkit("report", new, "--out", out, "--level", level).returncode == 0
        page = (out / "C.html").read_text("utf-8")
        assert f"复核后的结果，取代原结果（摘要值 {before[:16]}…）" in page
        assert before in page
        assert ("受聘" in page) == shown


def test_a_rule_read_anew_by_command(folder: Path, tmp_path: Path) -> None:
    """What differs is named; the sentences of the old and the new rule stand beside each other."""
    (tmp_path / "anew").mkdir()
    rounding = {"mode": "half_up", "stage": "total", "places": "1"}
    file = write(tmp_path / "anew", rubric(), panel(rules={"rounding": rounding}))
    case = folder / "case"
    new = case_of(folder / "old", case)
    made = amend(case, "--panel", file)
    assert "重开：规则（rules.rounding）" in made.stdout
    evalkit("panel", "lock", new, "--yes")
    shown = evalkit("appeal", "compare", new).stdout
    assert "原规则：每项指标汇总后四舍五入到小数点后 2 位，再相加得总分。" in shown
    assert "现规则：各项保持精确值，总分合计后四舍五入到小数点后 1 位" in shown
