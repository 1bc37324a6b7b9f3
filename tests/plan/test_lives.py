"""Both plans over two years, by commands only: declared, recorded, supervised, published, carried.

Each prints a table: provision of the text → step → event (``pytest -s``).
"""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
import pytest
import yaml
from pypdf import PdfReader

from evalkit.plan.folder import LEDGER_FILE, TABLE_FILE, read_ledger
from evalkit.plan.table import COLUMNS
from evalkit.rubric import load_rubric
from tests.support.builders import ROOT
from tests.support.command import evalkit
from tests.support.plans import INDUSTRY, PLUS

pytestmark = pytest.mark.lives


class Life:
    """An office that keeps one ledger after the other, and the table of what it did."""

    def __init__(self, plan: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.plan, self.at, self.patch = plan, folder, monkeypatch
        self.rows: list[tuple[str, str, str]] = []
        rubric = load_rubric(ROOT / "rubrics" / f"{plan}.yaml")
        self.text = "".join(p.text for p in rubric.provisions)

    def today(self, day: str) -> None:
        """Noon in Beijing on ``day``."""
        noon = datetime.fromisoformat(f"{day}T04:00:00").replace(tzinfo=UTC)
        self.patch.setattr("evalkit.plan.year.now", lambda: noon)

    def step(self, provision: str, step: str, *arguments: Any, code: int = 0) -> str:
        """Run a command for a ``provision``, whose words stand in the text; what it said."""
        assert provision in self.text
        run = evalkit(*arguments)
        assert run.returncode == code, run.stderr
        said = run.stdout + run.stderr
        event = next(iter(said.strip().splitlines()), "")
        self.rows.append((provision, step, event[:60]))
        return said

    def record(self, provision: str, step: str, what: str, *more: Any) -> str:
        """Record something in the ledger of now."""
        return self.step(provision, step, "ledger", "record", what, self.at, *more)

    def assessed(self, day: str) -> dict[str, Any]:
        """The assessment of ``day`` as JSON."""
        run = evalkit("progress", self.at, "--on", day, "--json")
        assert run.returncode == 0, run.stderr
        found: dict[str, Any] = json.loads(run.stdout)
        return found

    def node(self, day: str, name: str) -> dict[str, Any]:
        """A milestone on a day."""
        nodes = [n for task in self.assessed(day)["tasks"] for n in task["milestones"]]
        return next(n for n in nodes if n["name"] == name)

    def shown(self) -> None:
        """The table."""
        for provision, step, event in self.rows:
            print(f"{provision} → {step} → {event}")


def fill(folder: Path, demo: Path, year: int, **more: Any) -> None:
    """Make the office's decisions in the ledger's file as the demo does."""
    data = yaml.load((demo / LEDGER_FILE).read_text("utf-8"), yaml.CBaseLoader)
    for name in ("measurements", "judgements", "milestones"):
        data.pop(name, None)
    days = [f"{year}-06-30", f"{year}-12-31"]
    data |= {"id": f"{data['rubric']}-{year}", "year": year, "title": f"{year}年度重点工作进展"}
    data |= {"as_of": f"{year}-01-31", "table": TABLE_FILE, **more}
    data["rules"]["assessed"] = days
    data["staff"] = [{"id": "clerk", "name": "登记人甲", "post": "办公室综合组"}]
    (folder / LEDGER_FILE).write_text(
        yaml.dump(data, allow_unicode=True, Dumper=yaml.CSafeDumper), "utf-8"
    )


def plan_rows(folder: Path, nodes: Sequence[Sequence[str]], due: Mapping[str, str]) -> None:
    """Write ``nodes`` (task, unit, name, due) into the table, and days for those of the text."""
    text = (folder / TABLE_FILE).read_text("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(text))
    at = {name: header.index(name) for name in header}
    for row in rows:
        if row[at["时间节点"]] and not row[at["完成时限"]]:
            row[at["完成时限"]] = due[row[at["时间节点"]]]
        if row[at["时间节点"]]:
            row[at["状态"]] = row[at["状态"]] or "未开始"
    for task, unit, name, day in nodes:
        values = dict(zip(COLUMNS, (task, unit, name, day, "未开始"), strict=False))
        rows.append([values.get(_field(column), "") for column in header])
    with (folder / TABLE_FILE).open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def _field(column: str) -> str:
    return {name: field for field, name in COLUMNS.items()}.get(column, "")


def complete(folder: Path, year: int) -> None:
    """Fill in what the draft of a year after leaves open."""
    days = f"rules.assessed=[{year}-06-30, {year}-12-31]"
    run = evalkit("declare", folder / LEDGER_FILE, f"as_of={year}-01-31", days)
    assert run.returncode == 0, run.stderr


KEEP = "制定年度工作计划和重点工作台账"
NODES = "明确责任单位和推进时间节点"
REPORT = "定期对工作进展情况进行评估并通报"
WATCH = "对未完成目标任务的责任单位进行跟踪督导"
PRESS = "督促责任单位落实工作目标任务"


def test_the_action_plan_over_two_years(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """2025 with a milestone moved, 2026 with what is carried over, to the plan's last day."""
    first, second = tmp_path / "2025", tmp_path / "2026"
    life = Life("henan-ai-plus-2024", first, monkeypatch)
    life.today("2025-01-31")
    command = ("ledger", "template", life.plan, "--year", "2025", "--out", first)
    life.step(KEEP, "空白台账", *command)
    life.step(KEEP, "没有填好不能用", "ledger", "check", first, code=2)
    fill(first, PLUS, 2025)
    nodes = [
        ("task-health", "省卫生健康委", "医学影像数据集", "2025-05-31"),
        ("task-education", "省教育厅", "智慧教育平台接入", "2025-06-30"),
        ("supply-computing", "科技厅", "算力券办法", "2025-09-30"),
    ]
    plan_rows(first, nodes, {KEEP: "2025-01-31"})
    said = life.step(NODES, "检查台账：还有谁没有节点", "ledger", "check", first, code=1)
    assert "任务“探索应用制度创新”" in said
    by = ("--by", "clerk")
    life.record(
        KEEP, "工作计划印发", "done", KEEP, *by, "--done", "2025-01-28", "--evidence", "文件"
    )
    # what May said in May
    life.today("2025-05-31")
    before = life.assessed("2025-05-31")
    life.today("2025-06-05")
    said = life.step(WATCH, "谁逾期", "ledger", "late", first, "--on", "2025-06-05")
    assert "该提醒的责任单位：省卫生健康委" in said
    remind = ("--unit", "wjw", "--milestone", "医学影像", "--answer-by", "2025-06-15")
    life.record(WATCH, "发督导", "reminder", *by, *remind, "--text", "督办〔2025〕1号")
    life.today("2025-06-12")
    answer = ("1", *by, "--text", "验收推迟", "--promised", "2025-08-31")
    life.record(WATCH, "答复", "reply", *answer)
    assert life.node("2025-06-12", "医学影像数据集")["state"] == "overdue"
    move = ("医学影像", *by, "--due", "2025-08-31", "--reason", "伦理审查延长")
    life.record(PRESS, "改期", "moved", *move)
    assert life.assessed("2025-05-31") == before
    assert life.node("2025-06-11", "医学影像数据集")["due"] == "2025-05-31"
    assert life.node("2025-06-12", "医学影像数据集")["state"] == "upcoming"
    _first_half(life, tmp_path, by)
    life.today("2025-12-31")
    value = ("target-industry-models", *by, "--value", "12", "--unit", "个")
    more = ("--as-of", "2025-12-31", "--source", "备案清单")
    life.record(REPORT, "数据", "measurement", *value, *more)
    life.step(REPORT, "年度通报", *_report(first, "2025-12-31", tmp_path / "r3"))
    life.step(KEEP, "结转下一年度", "ledger", "next", first, "--out", second)
    _second_year(life, first, second, tmp_path, by)
    life.shown()


def _report(folder: Path, day: str, out: Path) -> tuple[Any, ...]:
    command = ("ledger", "report", folder, "--on", day, "--by", "clerk", "--out", out)
    return (*command, "--format", "docx")


def _first_half(life: Life, tmp_path: Path, by: tuple[str, str]) -> None:
    """The assessment of the half year, and a completion that comes to light after it."""
    life.today("2025-07-05")
    half = life.assessed("2025-06-30")
    said = life.step(REPORT, "半年通报", *_report(life.at, "2025-06-30", tmp_path / "r1"))
    assert "已登记 2025-06-30 的评估通报" in said
    paper = docx.Document(str(tmp_path / "r1" / "progress.docx"))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    assert "原为 2025-05-31，登记人甲于 2025-06-12 改期：伦理审查延长" in cells
    assert "2025-06-12 答复：验收推迟；承诺 2025-08-31 完成" in cells
    life.today("2025-07-20")
    done = ("智慧教育", *by, "--on", "2025-06-28", "--done", "2025-06-28", "--evidence", "上线报告")
    life.record(PRESS, "补登完成", "done", *done)
    assert life.assessed("2025-06-30") == half
    assert life.node("2025-07-20", "智慧教育平台接入")["late"] == 0
    said = life.step(REPORT, "再出一份", *_report(life.at, "2025-06-30", tmp_path / "r2"))
    assert "以前已登记通报" in said
    papers = [(tmp_path / name / "progress.docx").read_bytes() for name in ("r1", "r2")]
    assert papers[0] == papers[1]


def _second_year(
    life: Life, first: Path, second: Path, tmp_path: Path, by: tuple[str, str]
) -> None:
    """What was carried over, done late; the targets on their day; the whole history."""
    life.at = second
    life.step(KEEP, "没有声明评估日期", "ledger", "check", second, code=2)
    complete(second, 2026)
    plan_rows(second, [], {KEEP: "2026-01-31"})
    life.today("2026-01-31")
    _rubric, ledger = read_ledger(second)
    carried = {m.name: (m.due, m.originally) for m in ledger.milestones if m.originally}
    assert carried == {
        "医学影像数据集": ("2025-08-31", "2025-05-31"),
        "算力券办法": ("2025-09-30", "2025-09-30"),
    }
    assert ledger.follows is not None
    history = json.loads(evalkit("ledger", "history", first, "--json").stdout)
    assert ledger.follows.root in evalkit("ledger", "history", first).stdout
    assert [row["kind"] for row in history].count("moved") == 1
    assert life.node("2026-01-31", "医学影像数据集")["originally"] == "2025-05-31"
    assert life.node("2026-01-31", "医学影像数据集")["late"] == 153
    life.record(
        KEEP, "新年度工作计划", "done", KEEP, *by, "--done", "2026-01-20", "--evidence", "文"
    )
    life.today("2026-12-31")
    for name, day in (("医学影像", "2026-02-28"), ("算力券", "2026-04-30")):
        life.record(PRESS, "结转的完成", "done", name, *by, "--done", day, "--evidence", "单")
    value = ("target-industry-models", *by, "--value", "23", "--unit", "个")
    more = ("--as-of", "2026-12-31", "--source", "备案清单")
    life.record("20个以上垂直领域行业模型", "数据", "measurement", *value, *more)
    judged = ("target-datasets", "--by", "data-judge", "--verdict", "met", "--reason", "31 个")
    life.record("建设一批高质量行业数据集", "认定", "judgement", *judged)
    said = life.step(REPORT, "最后一次通报", *_report(second, "2026-12-31", tmp_path / "r4"))
    assert "已登记" in said
    found = {t["id"]: t["state"] for t in life.assessed("2026-12-31")["targets"]}
    assert (found["target-industry-models"], found["target-datasets"]) == ("met", "met")
    said = life.step(KEEP, "无可结转", "ledger", "next", second, "--out", tmp_path / "n", code=1)
    assert "没有可以结转的" in said
    assert not (tmp_path / "n").exists()


BOOK = "每年发布河南省人工智能产业发展蓝皮书"
TRIPS = "每年组织一批优秀企业家赴国内先进地区与海外发达国家进行考察培训"
CASES = "每年汇总发布一批人工智能产业典型企业、新赋能模式、新推广产品、新应用场景等案例"
PUSH = "细化制定工作推进措施"


def test_the_industry_plan_over_two_years(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """2024 and 2025: units given by the office, the text's yearly duties, a move into the next."""
    first, second = tmp_path / "2024", tmp_path / "2025"
    life = Life("henan-ai-industry-2025", first, monkeypatch)
    life.today("2024-01-31")
    by = ("--by", "clerk")
    command = ("ledger", "template", life.plan, "--year", "2024", "--out", first)
    life.step(PUSH, "空白台账，列出每年要做的事", *command)
    assert BOOK in (first / TABLE_FILE).read_text("utf-8-sig")
    fill(first, INDUSTRY, 2024)
    data = yaml.load((first / LEDGER_FILE).read_text("utf-8"), yaml.CBaseLoader)
    data["units"][0]["tasks"] += ["support-talent", "support-environment"]
    (first / LEDGER_FILE).write_text(
        yaml.dump(data, allow_unicode=True, Dumper=yaml.CSafeDumper), "utf-8"
    )
    _drop_rows(first, CASES, unit="gxt")
    nodes = [("product-vehicles", "xuchang", "巴士示范线路", "2024-11-30")]
    plan_rows(first, nodes, {BOOK: "2024-12-20", TRIPS: "2024-10-31"})
    said = life.step(CASES, "没有列入台账的", "ledger", "check", first, code=1)
    assert f"没有列入原文的时间节点“{CASES}”" in said
    life.today("2024-11-15")
    move = ("巴士", *by, "--due", "2025-03-31", "--reason", "牌照未批")
    life.record(PUSH, "改到下一年度", "moved", *move)
    assert life.node("2024-11-14", "巴士示范线路")["due"] == "2024-11-30"
    life.record(TRIPS, "完成", "done", TRIPS, *by, "--done", "2024-10-30", "--evidence", "名册")
    life.today("2025-01-10")
    out = tmp_path / "pages"
    command = ("ledger", "report", first, "--on", "2024-12-31", *by, "--out", out)
    life.step(PUSH, "评估并通报", *command, "--format", "html", "--format", "docx")
    page = (out / "progress.html").read_text("utf-8")
    assert f"原文写明本年度要做、没有列入台账：{CASES}。" in page
    assert "原为 2024-11-30，登记人甲于 2024-11-15 改期：牌照未批" in page
    paper = "\n".join(p.text for p in docx.Document(str(out / "progress.docx")).paragraphs)
    assert f"1 项没有列入台账：“{CASES}”。" in paper
    assert "依据征求意见稿" in paper
    life.step(PUSH, "结转", "ledger", "next", first, "--out", second)
    _the_year_2025(life, second, by)
    life.shown()


def _the_year_2025(life: Life, second: Path, by: tuple[str, str]) -> None:
    """Yearly duties come again beside the one that is left from the year before."""
    life.at = second
    complete(second, 2025)
    plan_rows(second, [], {BOOK: "2025-12-20", TRIPS: "2025-10-31", CASES: "2025-11-30"})
    life.today("2025-02-01")
    assert life.node("2025-02-01", "巴士示范线路")["state"] == "due"
    books = [m for m in read_ledger(second)[1].milestones if m.name == BOOK]
    assert [(m.due, m.originally) for m in books] == [
        ("2025-12-20", None),
        ("2024-12-20", "2024-12-20"),
    ]
    life.today("2025-12-31")
    number = str(read_ledger(second)[1].milestones.index(books[1]) + 1)
    book = (number, *by, "--done", "2025-03-01", "--evidence", "蓝皮书")
    life.record(BOOK, "补上一年度的", "done", *book)
    value = ("target-related-scale", *by, "--value", "1000", "--unit", "亿元")
    more = ("--as-of", "2025-12-31", "--source", "快报")
    life.record("带动相关产业规模突破1000亿元", "数据", "measurement", *value, *more)
    found = {t["id"]: t["state"] for t in life.assessed("2026-01-01")["targets"]}
    assert found["target-related-scale"] == "missed"  # 突破 does not include the number
    assert (
        "target-highland"
        in yaml.load((second / LEDGER_FILE).read_text("utf-8"), yaml.CSafeLoader)["rules"]["by"]
    )
    life.shown()


def _drop_rows(folder: Path, name: str, unit: str) -> None:
    """Give the rows of the text's duties to ``unit``, and leave out that of ``name``."""
    text = (folder / TABLE_FILE).read_text("utf-8-sig")
    rows = [row for row in csv.reader(io.StringIO(text)) if name not in row]
    at = rows[0].index("责任单位")
    for row in rows[1:]:
        row[at] = unit if row[rows[0].index("时间节点")] else row[at]
    with (folder / TABLE_FILE).open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)


# The commands' own words


@pytest.fixture(name="copy")
def _copy(tmp_path: Path) -> Path:
    for name in (LEDGER_FILE, TABLE_FILE):
        shutil.copyfile(PLUS / name, tmp_path / name)
    return tmp_path


def test_a_milestone_is_found_by_a_part_of_its_name(copy: Path) -> None:
    """Or by its number; words that fit several are listed with theirs."""
    command = ("ledger", "record", "moved", copy)
    rest = ("--by", "clerk", "--due", "2026-12-01", "--reason", "示例")
    run = evalkit(*command, "清单", *rest)
    assert run.returncode == 2
    assert "可以指几个时间节点，请写编号：" in run.stderr
    run = evalkit(*command, "没有的", *rest)
    assert "没有哪个时间节点的名称里有“没有的”" in run.stderr
    assert sorted(p.name for p in copy.iterdir()) == [LEDGER_FILE, TABLE_FILE]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("progress", "--on", "2026-06-30", "--format", "docx"), "--format 要与 --out 同用"),
        (
            ("progress", "--on", "2026-06-30", "--format", "doc", "--out", "x"),
            "--format：“doc”不可用，可选：html、docx、pdf",
        ),
        (
            ("progress", "--on", "2026-06-30", "--format", "docx", "--unit", "fgw", "--out", "x"),
            "Word 通报是整个规划的",
        ),
    ],
)
def test_wrong_formats(copy: Path, arguments: tuple[str, ...], said: str) -> None:
    """One line, and nothing is written."""
    name, *rest = arguments
    run = evalkit(name, copy, *rest, cwd=copy)
    assert run.returncode == 2
    assert said in run.stderr
    assert not (copy / "x").exists()


def test_nothing_recorded_and_nothing_late(copy: Path) -> None:
    """Both are sentences."""
    assert "台账还没有登记过变动" in evalkit("ledger", "history", copy).stdout
    assert (
        "没有逾期未完成的时间节点。" in evalkit("ledger", "late", copy, "--on", "2026-02-01").stdout
    )


@pytest.mark.usefixtures("pango")
def test_the_briefing_as_pdf(copy: Path) -> None:
    """The page of a unit, printed."""
    command = ("progress", copy, "--on", "2026-06-30", "--unit", "nyt", "--format", "pdf")
    run = evalkit(*command, "--out", copy / "out")
    assert run.returncode == 0, run.stderr
    assert sorted(p.name for p in (copy / "out").iterdir()) == ["nyt.pdf"]
    assert "省农业农村厅" in PdfReader(copy / "out" / "nyt.pdf").pages[0].extract_text()
