"""``evalkit record``: a round is entered and locked by commands, from an empty folder."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest

from evalkit.disclosure import Views
from evalkit.pages import applicant, summary
from evalkit.reports import provenance
from evalkit.round import Round
from tests.support.builders import ROOT
from tests.support.command import evalkit
from tests.support.programs import soffice

OFFICE = ("measured", "gate", "panel")
WORDS = {"pass": "满足", "fail": "不满足", "unknown": "尚不清楚", "unscored": "没有数据"}
PAPER = ("--typed-by", "录入员示例", "--source", "签字原件存 3 号卷")


def rows(name: str) -> list[dict[str, str]]:
    """The table of a demo."""
    with (ROOT / "panels" / name / "scores.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def opened(folder: Path, name: str) -> Path:
    """A demo's round, opened, with its experts' sheets typed in from paper."""
    panel = ROOT / "panels" / name / "panel.yaml"
    assert evalkit("panel", "open", panel, "--out", "round", cwd=folder).returncode == 0
    sheets = [row for row in rows(name) if row["expert"] not in OFFICE]
    with (folder / "sheets.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(sheets[0]))
        table.writeheader()
        table.writerows(sheets)
    assert evalkit("record", "scores", "round", "sheets.csv", *PAPER, cwd=folder).returncode == 0
    return folder / "round"


def fill(file: Path, name: str) -> int:
    """Fill a template as an office does, by hand; how many rows."""
    known = {(r["applicant"], r["indicator"]): r for r in rows(name) if r["expert"] in OFFICE}
    book = openpyxl.load_workbook(file)
    cells = list(book.active.iter_rows())
    place = [cell.value for cell in cells[0]]
    for row in cells[1:]:
        given = known[row[place.index("评审对象标识")].value, row[place.index("项目标识")].value]
        row[place.index("值")].value = WORDS.get(given["points"], given["points"])
        row[place.index("依据")].value = given["reason"] or None
    book.save(file)
    return len(cells) - 1


WITH_VALUES = [
    "anhui-application-demo",
    "anhui-evaluation-demo",
    "zhongshan-recognition-demo",
    "zhongshan-evaluation-demo",
]


@pytest.mark.parametrize("name", WITH_VALUES)
def test_a_round_is_finished_by_commands(tmp_path: Path, name: str) -> None:
    """Sheets from paper, a template filled in, the lock: official results, those of the table."""
    opened(tmp_path, name)
    assert evalkit("panel", "lock", "round", "--yes", cwd=tmp_path).returncode == 1
    assert evalkit("record", "template", "round", "--out", "t.xlsx", cwd=tmp_path).returncode == 0
    n = fill(tmp_path / "t.xlsx", name)
    said = evalkit("record", "table", "round", "t.xlsx", cwd=tmp_path).stdout
    assert said == f"新登记 {n} 项；锁定前还缺 0 项\n"
    again = evalkit("record", "table", "round", "t.xlsx", cwd=tmp_path).stdout
    assert again == "新登记 0 项；锁定前还缺 0 项\n"
    assert evalkit("panel", "check", "round", "--for-lock", cwd=tmp_path).returncode == 0
    assert evalkit("panel", "lock", "round", "--yes", cwd=tmp_path).returncode == 0
    results = json.loads(evalkit("evaluate", "round", "--json", cwd=tmp_path).stdout)
    past = json.loads(evalkit("evaluate", ROOT / "panels" / name, "--json").stdout)
    assert results["status"] == "official"
    assert results["applicants"] == past["applicants"]
    late = evalkit("record", "table", "round", "t.xlsx", cwd=tmp_path)
    assert (late.returncode, "锁定，不能再改" in late.stderr) == (1, True)


EVALUATION = "anhui-evaluation-demo"
ONE = [
    ("measure", "--indicator investment-growth --value 30% --evidence 年报第3页"),
    ("deduction", "--item late-reports --points 2 --evidence 三季度漏报"),
]


@pytest.mark.parametrize(("command", "given"), ONE)
def test_one_thing_is_recorded_and_changed_with_a_reason(
    tmp_path: Path, command: str, given: str
) -> None:
    """The same again stores nothing; another value needs a reason, and the old one is named."""
    folder = opened(tmp_path, EVALUATION)

    def run(*more: str, value: str = "") -> Any:
        words = given.replace("30%", value or "30%").replace("points 2", f"points {value or 2}")
        return evalkit("record", command, folder, "--applicant", "s1", *words.split(), *more)

    name = given.split()[1]
    value = {"measure": "30%", "deduction": "2"}[command]
    assert run().stdout == f"已登记 s1 的 {name}：{value}\n"
    assert run().stdout == f"已经登记过 s1 的 {name}：{value}，没有改动\n"
    silent = run(value="1.5")
    assert silent.returncode == 1
    assert f"s1 的 {name} 已登记为“{value}（" in silent.stderr
    assert "改成“1.5（" in silent.stderr
    assert "须写明理由（--reason）" in silent.stderr
    assert run("--reason", "复核后更正", value="1.5").returncode == 0
    assert run("--reason", "复核有误，改回").returncode == 0
    with Round.open(folder) as workspace:
        events = [e for e in workspace.history().events if e.author == "secretary"]
        assert [e.payload.get("reason") for e in events] == [None, "复核后更正", "复核有误，改回"]
        kept = workspace.to_frame().query("applicant == 's1' and indicator == @name")
    assert kept["points"].tolist() == [value.removesuffix("%")]


def test_who_may_record_what(tmp_path: Path) -> None:
    """Values are the secretary's; what the panel recognises may be the chair's as well."""
    folder = opened(tmp_path, EVALUATION)
    value = ("--applicant", "s1", "--indicator", "investment-growth", "--value", "3")
    assert "测量值和准入条件由评审秘书登记" in (
        evalkit("record", "measure", folder, *value, "--by", "e1").stderr
    )
    taken = ("--applicant", "s1", "--item", "late-reports", "--points", "0")
    assert "由组长或评审秘书登记" in (
        evalkit("record", "deduction", folder, *taken, "--by", "e2").stderr
    )
    assert evalkit("record", "deduction", folder, *taken, "--by", "e1").returncode == 0
    with Round.open(folder) as workspace:
        assert workspace.history().events[-1].author == "e1"


WRONG = [
    ("s9,investment-growth,3,,", "第 2 行：没有评审对象“s9”"),
    ("s1,nothing,3,,", "第 2 行：s1 没有要登记的“nothing”"),
    ("s1,investment-growth,3亿元,,", "第 2 行：“3亿元”的单位与声明的“%”不同"),
    ("s1,investment-growth,没有数据,,", "第 2 行：没有测量值须写明理由"),
    ("s1,late-reports,9,迟报,", "第 2 行：“9”不在 0 至 5 分之间"),
    ("s1,late-reports,2,,", "第 2 行：请写明理由"),
    ("s2,investment-growth,4,,", "s2 的 investment-growth 已在第 3 行出现过"),
]


@pytest.mark.parametrize(("row", "said"), WRONG)
def test_a_wrong_row_is_named_and_nothing_is_stored(tmp_path: Path, row: str, said: str) -> None:
    """Every row that does not fit, with its line; the good ones wait for them."""
    folder = opened(tmp_path, EVALUATION)
    good = "评审对象标识,项目标识,值,依据,改动的理由\n{}\ns2,investment-growth,3,年报,\n{}\n"
    text = good.format(row, "s3,late-reports,abc,,") if "已在" not in said else good.format("", row)
    (tmp_path / "t.csv").write_text(text, "utf-8")
    run = evalkit("record", "table", folder, tmp_path / "t.csv")
    assert run.returncode == 2
    assert said in run.stderr
    assert len(run.stderr.splitlines()) == (1 if "已在" in said else 2)
    with Round.open(folder) as workspace:
        assert not [e for e in workspace.history().events if e.author == "secretary"]


def test_a_column_that_is_missing_is_named(tmp_path: Path) -> None:
    """As in every other table."""
    folder = opened(tmp_path, EVALUATION)
    (tmp_path / "t.csv").write_text("评审对象标识,项目标识\ns1,late-reports\n", "utf-8")
    assert "缺少列 value" in evalkit("record", "table", folder, tmp_path / "t.csv").stderr


def test_a_template_keeps_what_is_recorded(tmp_path: Path) -> None:
    """As CSV: with a mark for Excel, a row for each thing owed; it overwrites nothing."""
    folder, out = opened(tmp_path, "zhongshan-recognition-demo"), tmp_path / "t.csv"
    gate = ("--applicant", "z1", "--condition", "gate-local-enterprise", "--value", "满足")
    gate += ("--evidence", "营业执照")
    assert evalkit("record", "gate", folder, *gate).returncode == 0
    assert evalkit("record", "template", folder, "--out", out).returncode == 0
    with out.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert len(lines) == 45
    assert [(r["项目标识"], r["值"]) for r in lines if r["值"]] == [
        ("gate-local-enterprise", "满足")
    ]
    (bound,) = (r for r in lines if r["评审对象标识"] == "z2" and "注册资本" in r["项目名称"])
    assert bound["单位"] == "万元"
    assert bound["要求"].startswith("不少于 5000 万元；")
    assert evalkit("record", "table", folder, out).stdout.startswith("新登记 0 项")
    assert "已经存在，不覆盖" in evalkit("record", "template", folder, "--out", out).stderr
    text = evalkit("record", "template", folder, "--out", tmp_path / "en.csv", lang="en")
    assert text.returncode == 0
    assert evalkit("record", "table", folder, tmp_path / "en.csv").stdout.startswith("新登记 0 项")


@pytest.mark.office
def test_a_template_survives_libreoffice(tmp_path: Path) -> None:
    """Opened and saved there, as its own format and back, it reads as it was filled in."""
    name = "zhongshan-recognition-demo"
    opened(tmp_path, name)
    evalkit("record", "template", "round", "--out", "t.xlsx", cwd=tmp_path)
    n = fill(tmp_path / "t.xlsx", name)
    profile = tmp_path / "profile"
    soffice(soffice(tmp_path / "t.xlsx", "ods", profile), "xlsx", profile)
    said = evalkit("record", "table", "round", "t.xlsx", cwd=tmp_path).stdout
    assert said == f"新登记 {n} 项；锁定前还缺 0 项\n"


def test_sheets_from_paper_say_so(tmp_path: Path) -> None:
    """In each entry, in the status and in what is known of reports; a correction says why."""
    folder = opened(tmp_path, EVALUATION)
    with Round.open(folder) as workspace:
        kinds = {e.kind for e in workspace.history().events}
        paper = {(e.payload["typed_by"], e.payload["source"]) for e in workspace.history().events}
    assert kinds == {"score", "submit"}
    assert paper == {("录入员示例", "签字原件存 3 号卷")}
    status = evalkit("panel", "status", folder).stdout
    assert "据纸质评分表录入 25 份，由录入员示例录入；签字原件存 3 号卷\n" in status
    assert evalkit("record", "scores", folder, tmp_path / "sheets.csv", *PAPER).stdout == (
        "新录入 0 条；锁定前还缺 10 项\n"
    )
    table = (
        (tmp_path / "sheets.csv")
        .read_text("utf-8")
        .replace("s1,e1,plan-progress,91", "s1,e1,plan-progress,19")
    )
    (tmp_path / "sheets.csv").write_text(table, "utf-8")
    scores = ("record", "scores", folder, tmp_path / "sheets.csv", *PAPER)
    closed = evalkit(*scores, "--reason", "录入有误")
    assert closed.stderr == f"{tmp_path}/sheets.csv 第 2 行：这份评分表已经提交，不能再改\n"
    sheet = ("--expert", "e1", "--applicant", "s1", "--reason", "录入有误")
    assert evalkit("panel", "reopen", folder, *sheet).returncode == 0
    assert "s1 的 plan-progress 已登记为“91”" in evalkit(*scores).stderr
    assert evalkit(*scores, "--reason", "录入有误").stdout.startswith("新录入 2 条")
    with Round.open(folder) as workspace:
        event = workspace.history().cell("e1", "s1", "plan-progress")
    assert event is not None
    assert event.payload == {
        "points": "19",
        "text": "",
        "typed_by": "录入员示例",
        "source": "签字原件存 3 号卷",
        "reason": "录入有误",
    }


def test_reports_know_of_paper(tmp_path: Path) -> None:
    """Those who run the round read it on their pages, and it stands in the provenance of reports;
    applicants are not told who types.
    """
    folder = opened(tmp_path, EVALUATION)
    with Round.open(folder) as workspace:
        results = workspace.results(trial=True)
    views = Views(results)
    said = "25 份，由录入员示例录入；签字原件存 3 号卷"
    assert said in summary.provenance(views.panel("zh")).html
    internal = {**views.report("s1", "internal", "zh"), "level": "internal"}
    assert said in applicant.provenance(internal).html
    assert "录入员示例" not in json.dumps(views.report("s1", "applicant", "zh"), ensure_ascii=False)
    known = provenance.record(tmp_path, results, Path("applicant_report.ipynb"), provenance.now())
    paper = {"typed_by": "录入员示例", "source": "签字原件存 3 号卷", "sheets": 25}
    assert known["paper"] == [paper]


def test_a_sheet_that_is_not_whole_stays_open(tmp_path: Path) -> None:
    """It is entered and not submitted; the rest of it completes it."""
    folder = opened(tmp_path, EVALUATION)
    panel = ROOT / "panels" / EVALUATION / "panel.yaml"
    evalkit("panel", "open", panel, "--out", tmp_path / "other")
    lines = (tmp_path / "sheets.csv").read_text("utf-8").splitlines(keepends=True)
    (tmp_path / "part.csv").write_text("".join(lines[:3] + lines[4:]), "utf-8")
    run = evalkit("record", "scores", tmp_path / "other", tmp_path / "part.csv", *PAPER)
    assert "有 1 份评分表还没有打齐，没有提交" in run.stdout
    waiting = evalkit("panel", "check", tmp_path / "other", "--for-lock").stdout.splitlines()[0]
    assert waiting == (
        "专家甲（e1）：示例县甲（s1）的评分表已动笔，没有提交，还有 1 项没打：企业提质降本增效情况"
    )
    rest = evalkit("record", "scores", tmp_path / "other", tmp_path / "sheets.csv", *PAPER)
    assert rest.stdout == "新录入 2 条；锁定前还缺 10 项\n"
    assert folder.exists()


@pytest.mark.parametrize(
    "given", [("--typed-by", "甲", "--source", " "), ("--typed-by", "", "--source", "卷")]
)
def test_paper_needs_both(tmp_path: Path, given: tuple[str, ...]) -> None:
    """Who typed it in, and where the signed sheets lie."""
    folder = opened(tmp_path, EVALUATION)
    run = evalkit("record", "scores", folder, tmp_path / "sheets.csv", *given)
    assert (run.returncode, run.stderr) == (1, "纸质评分表须写明由谁录入、签字的原件存在哪里\n")
