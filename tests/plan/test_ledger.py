"""Ledgers: what the office has to declare, what is refused, and in which words."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from evalkit.base.errors import InputError
from evalkit.plan import briefing
from evalkit.plan.folder import LEDGER_FILE, TABLE_FILE, read_ledger
from evalkit.plan.table import COLUMNS, STATES
from evalkit.rubric import load_rubric
from evalkit.rubric.open_rules import SILENCES
from tests.support.builders import ROOT
from tests.support.command import evalkit
from tests.support.plans import INDUSTRY, PLANS, PLUS, Change, changed, load

SILENT = [
    (plan, silence.rule)
    for plan in PLANS
    for silence in load_rubric(ROOT / "rubrics" / f"{plan}.yaml").silences
]
"""Every silence of both plans."""


def refused(folder: Path) -> str:
    """What loading says about the ledger in ``folder``."""
    with pytest.raises(InputError) as caught:
        read_ledger(folder)
    return caught.value.render()


def test_both_plans_say_where_they_are_silent() -> None:
    """Each silence has a name that the ledger knows; plan 001 dates all, plan 003 has no range."""
    assert {rule for plan, rule in SILENT if plan == "henan-ai-plus-2024"} == (
        set(SILENCES) - {"by"}
    )
    assert {rule for plan, rule in SILENT if plan == "henan-ai-industry-2025"} == (
        set(SILENCES) - {"range"}
    )


@pytest.mark.parametrize(("plan", "rule"), SILENT)
def test_a_silence_that_is_not_declared_is_refused_by_name(
    tmp_path: Path, plan: str, rule: str
) -> None:
    """The error names the rule and the article that is silent about it."""

    def leave_out(data: dict[str, Any]) -> None:
        for name in (rule, "table") if rule == "milestones" else (rule,):
            data.pop(name, None)
            data["rules"].pop(name, None)

    said = refused(changed(tmp_path, PLANS[plan], leave_out))
    silence = load_rubric(ROOT / "rubrics" / f"{plan}.yaml").silence(rule)
    assert silence is not None
    assert f"没有声明“{SILENCES[rule]}”" in said
    assert silence.article in said
    assert said.startswith(f"{tmp_path / LEDGER_FILE} 第 ")
    assert len(said.splitlines()) == 1


def measured(**more: str) -> dict[str, str]:
    """A measurement of the industry models, changed."""
    base = {"target": "target-industry-models", "value": "9", "unit": "个", "source": "示例"}
    return {**base, "as_of": "2026-02-01", **more}


def judged(**more: str) -> dict[str, str]:
    """A judgement on the standards, changed."""
    base = {"target": "target-practices-standards", "judge": "data-judge", "verdict": "met"}
    return {**base, "judged_on": "2026-02-01", "reason": "示例", **more}


BAD: list[tuple[str, Change, str]] = [
    ("no plan", lambda d: d.update(rubric="henan-centre-2025"), "henan-centre-2025 不是规划"),
    (
        "unknown key",
        lambda d: d.update(extra="1"),
        "extra：未知的键“extra”，请检查拼写或删去；这里可以写：format、id、title",
    ),
    (
        "about left out",
        lambda d: d["rules"].update(about={}),
        "rules.about：没有声明目标 target-demonstration-cases（一、总体要求“100个左右",
    ),
    (
        "about of another",
        lambda d: d["rules"]["about"].update({"target-datasets": "undecided"}),
        "rules.about.target-datasets：规划中没有这样的目标",
    ),
    (
        "about in words",
        lambda d: d["rules"]["about"].update({"target-demonstration-cases": "often"}),
        "rules.about.target-demonstration-cases：这里应是若干“键: 值”",
    ),
    (
        "half an about",
        lambda d: d["rules"]["about"]["target-demonstration-cases"].pop("above"),
        "rules.about.target-demonstration-cases.above：缺少这一项",
    ),
    (
        "negative about",
        lambda d: d["rules"]["about"]["target-demonstration-cases"].update(below="-1"),
        "允许范围须不小于 0",
    ),
    (
        "range left out",
        lambda d: d["rules"]["range"].pop("target-base-models"),
        "rules.range：没有声明目标 target-base-models（一、总体要求“形成2—3个",
    ),
    (
        "range in other words",
        lambda d: d["rules"]["range"].update({"target-base-models": "maybe"}),
        "“maybe”不可用，可选：exact 或 or_more",
    ),
    ("no judge", lambda d: d["rules"].update(judges=[]), "rules.judges：不能为空"),
    ("no day", lambda d: d["rules"].update(assessed=[]), "rules.assessed：不能为空"),
    (
        "days in disorder",
        lambda d: d["rules"].update(assessed=["2026-06-30", "2026-03-31"]),
        "rules.assessed：日期须由早到晚",
    ),
    (
        "day of another year",
        lambda d: d["rules"].update(assessed=["2027-03-31"]),
        "rules.assessed[0]：2027-03-31 不在 2026 年度内",
    ),
    (
        "short name without its unit",
        lambda d: d["units"][0].update(written=["省发展改革委"]),
        "没有声明任务“人工智能+工业”（二、（四））的责任单位“发展改革委”是哪个单位",
    ),
    (
        "a name for two",
        lambda d: d["units"][1].update(written=["省科技厅", "科技厅", "发展改革委"]),
        "“发展改革委”指向两个责任单位",
    ),
    (
        "a name that the text lacks",
        lambda d: d["units"][3].update(written=["财政厅", "省财政局"]),
        "units[3].written：原文没有写过“省财政局”",
    ),
    (
        "a task whose units the text names",
        lambda d: d["units"][3].update(tasks=["task-health"]),
        "units[3].tasks：task-health 不是原文没有写明责任单位的任务",
    ),
    ("a unit twice", lambda d: d["units"][1].update(id="FGW"), "标识“fgw”用了不止一次"),
    ("a reserved id", lambda d: d["units"][1].update(id="progress"), "是总报告的文件名"),
    (
        "value of no target",
        lambda d: d["measurements"].append(measured(target="target-datasets")),
        "规划中没有这样的数量目标",
    ),
    (
        "value in another unit",
        lambda d: d["measurements"].append(measured(unit="万个")),
        "目标的单位是“个”，这里是“万个”，请换算",
    ),
    (
        "value of the future",
        lambda d: d["measurements"].append(measured(as_of="2026-07-01")),
        "measurements[6].as_of：2026-07-01 晚于台账登记到的日期 2026-06-30",
    ),
    (
        "two values of a day",
        lambda d: d["measurements"].append(measured(as_of="2026-06-30")),
        "同一目标同一天有两条记录",
    ),
    (
        "value with a float",
        lambda d: d["measurements"].append(measured(value="1e3")),
        "measurements[6].value：“1e3”不是数字",
    ),
    (
        "judgement of a number",
        lambda d: d["judgements"].append(judged(target="target-industry-models")),
        "或者它有数量、不由人认定",
    ),
    (
        "judgement by anybody",
        lambda d: d["judgements"].append(judged(judge="somebody")),
        "judgements[2].judge：rules.judges 中没有这个人",
    ),
    (
        "table elsewhere",
        lambda d: d.update(table="../milestones.csv"),
        "table：台账表须与本文件放在同一文件夹",
    ),
    ("no such table", lambda d: d.update(table="nothing.csv"), "nothing.csv：无法读取"),
]


@pytest.mark.parametrize(("change", "message"), [b[1:] for b in BAD], ids=[b[0] for b in BAD])
def test_a_bad_ledger_is_refused(tmp_path: Path, change: Change, message: str) -> None:
    """The error names file, line, field and remedy."""
    assert message in refused(changed(tmp_path, PLUS, change))


def row(**more: str) -> dict[str, str]:
    """A milestone of the industry plan, changed; an empty word leaves its key out."""
    base = {"task": "support-policy", "unit": "gxt", "name": "节点", "due": "2025-03-31"}
    return {k: v for k, v in {**base, "state": "ongoing", **more}.items() if v}


BAD_ROWS = [
    (row(task="support-money"), "task：规划中没有任务 support-money"),
    (row(unit="发改委"), "unit：没有声明过责任单位“发改委”"),
    (row(unit="alliance"), "“河南省人工智能产业创新发展联盟”不是这项任务的责任单位，可选：省工业"),
    (row(due="2026-03-31"), "due：时限 2026-03-31 不在 2025 年度内"),
    (row(due="2025-02-30"), "due：“2025-02-30”：2025 年 2 月没有 30 日"),
    (row(due=""), "due：缺少这一项"),
    (row(state="done"), "已完成的须写完成日期和佐证材料"),
    (row(state="done", done="2025-03-30"), "已完成的须写完成日期和佐证材料"),
    (row(done="2025-03-30"), "有完成日期的，状态须为已完成"),
    (
        row(state="done", done="2026-01-02", evidence="示例"),
        "done：2026-01-02 晚于台账登记到的日期 2025-12-31",
    ),
    (row(name="专项扶持政策送审"), "name：同一任务、同一单位的这个节点重复了"),
]


@pytest.mark.parametrize(("bad", "message"), BAD_ROWS)
def test_a_bad_milestone_is_refused(tmp_path: Path, bad: dict[str, str], message: str) -> None:
    """In the file itself: its line and field."""
    said = refused(changed(tmp_path, INDUSTRY, lambda d: d["milestones"].append(bad)))
    assert f"{tmp_path / LEDGER_FILE} 第 " in said
    assert "：milestones[17]" in said
    assert message in said


def test_a_unit_has_several_names(tmp_path: Path) -> None:
    """A milestone may name its unit by id, by full name or as the text writes it."""
    for name in ("fgw", "省发展改革委", "发展改革委"):
        rows = [{**row(task="task-industry", unit=name), "due": "2026-03-31"}]

        def inline(data: dict[str, Any], rows: Any = rows) -> None:
            del data["table"]
            data["milestones"] = rows

        _, ledger = load(tmp_path, PLUS, inline)
        assert ledger.unit(ledger.milestones[0].unit).id == "fgw"


# The table


def table_of(
    folder: Path, change: Callable[[list[list[str]]], Any], encoding: str = "utf-8"
) -> str:
    """The demo with a changed table; what loading says about it."""
    changed(folder, PLUS, lambda _data: None)
    with (PLUS / TABLE_FILE).open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    change(rows)
    with (folder / TABLE_FILE).open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    return refused(folder)


def cell(line: int, column: str, value: str) -> Callable[[list[list[str]]], None]:
    """Puts ``value`` into a cell."""

    def change(rows: list[list[str]]) -> None:
        rows[line - 1][rows[0].index(column)] = value

    return change


BAD_CELLS = [
    (cell(2, "完成时限", "2026-02-30"), "第 2 行：完成时限：“2026-02-30”：2026 年 2 月没有 30 日"),
    (cell(3, "完成时限", "6月底"), "第 3 行：完成时限：“6月底”不是日期"),
    (cell(4, "完成时限", ""), "第 4 行：完成时限：缺少这一项"),
    (cell(2, "状态", "完成"), "第 2 行：状态：“完成”不可用，可选：已完成、进行中、未开始"),
    (cell(2, "状态", ""), "第 2 行：状态：缺少这一项"),
    (cell(2, "佐证材料", ""), "第 2 行：已完成的须写完成日期和佐证材料"),
    (cell(2, "完成日期", ""), "第 2 行：已完成的须写完成日期和佐证材料"),
    (cell(4, "完成日期", "2026-05-01"), "第 4 行：有完成日期的，状态须为已完成"),
    (cell(2, "责任单位", "卫健委"), "第 2 行：责任单位：没有声明过责任单位“卫健委”"),
    (cell(2, "责任单位", "财政厅"), "第 2 行：责任单位：“省财政厅”不是这项任务的责任单位"),
    (cell(2, "任务", "人工智能+教育"), "第 2 行：任务：“人工智能+教育”与任务标识不符"),
    (cell(2, "任务标识", "task-x"), "第 2 行：任务标识：规划中没有任务 task-x"),
    (cell(3, "时间节点", "印发医疗健康行业模型平台建设方案"), "第 3 行：时间节点：同一任务"),
    (cell(1, "备注", "说明"), "第 1 行：缺少列 备注"),
    (cell(1, "任务", "序号"), "第 1 行：未知的列 序号"),
    (cell(1, "任务", "备注"), "第 1 行：表头中“备注”不止一列"),
    (lambda rows: rows[4].append("多出"), "第 5 行：这一行比表头多出 1 格"),
    (lambda rows: rows.clear(), "文件是空的"),
]


@pytest.mark.parametrize(("change", "message"), BAD_CELLS)
def test_a_bad_table_is_refused(tmp_path: Path, change: Any, message: str) -> None:
    """The error names the table, the line in it, and the column as the office reads it."""
    said = table_of(tmp_path, change)
    assert str(tmp_path / TABLE_FILE) in said
    assert message in said


def test_all_problems_of_a_table_are_listed_at_once(tmp_path: Path) -> None:
    """Two bad rows give two lines."""

    def change(rows: list[list[str]]) -> None:
        cell(2, "状态", "好")(rows)
        cell(3, "完成时限", "x")(rows)

    first, second = table_of(tmp_path, change).splitlines()
    assert "第 2 行：状态" in first
    assert "第 3 行：完成时限" in second


def test_a_table_as_spreadsheets_write_it(tmp_path: Path) -> None:
    """Dates with slashes, a mark at the start, another encoding if it is named."""
    text = (PLUS / TABLE_FILE).read_text("utf-8")
    changed(tmp_path, PLUS, lambda _data: None)
    plain = read_ledger(PLUS)[1].digest
    slashed = text.replace("2026-02-28", "2026/2/28").replace("2026-06-20", "2026年6月20日")
    assert slashed != text
    (tmp_path / TABLE_FILE).write_text(slashed, "utf-8-sig")
    assert read_ledger(tmp_path)[1].digest == plain
    (tmp_path / TABLE_FILE).write_text(slashed, "gbk")
    assert "不是 utf-8 编码" in refused(tmp_path)
    assert read_ledger(tmp_path, "gbk")[1].digest == plain


def test_the_column_that_only_helps_to_read_may_be_left_out(tmp_path: Path) -> None:
    """Without the names of the tasks, and with the columns turned round, it is the same ledger."""
    with (PLUS / TABLE_FILE).open(encoding="utf-8", newline="") as file:
        rows = [[cell for n, cell in enumerate(r) if n != 1][::-1] for r in csv.reader(file)]
    changed(tmp_path, PLUS, lambda _data: None)
    with (tmp_path / TABLE_FILE).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    assert read_ledger(tmp_path)[1].digest == read_ledger(PLUS)[1].digest


def test_rows_in_the_file_and_in_a_table_are_the_same_ledger(tmp_path: Path) -> None:
    """The digest is over what is declared, not over where it stands."""
    ledger = read_ledger(PLUS)[1]

    def inline(data: dict[str, Any]) -> None:
        del data["table"]
        rows = [m.model_dump(mode="json", exclude_none=True) for m in ledger.milestones]
        data["milestones"] = rows

    assert load(tmp_path, PLUS, inline)[1].digest == ledger.digest


def test_both_places_at_once_are_refused(tmp_path: Path) -> None:
    """Milestones stand in the file or in a table, so that none is overlooked."""
    said = refused(changed(tmp_path, PLUS, lambda d: d.update(milestones=[row()])))
    assert "只能用一处" in said


# Schema, check and template


@pytest.mark.parametrize("demo", PLANS.values(), ids=PLANS)
def test_the_schema_accepts_what_the_loader_accepts(demo: Path) -> None:
    """An editor that follows the schema has no complaint about the demos."""
    schema = json.loads((ROOT / "panels" / "ledger.schema.json").read_text("utf-8"))
    data = yaml.load((demo / LEDGER_FILE).read_text("utf-8"), yaml.CBaseLoader)
    data["year"] = int(data["year"])
    jsonschema.validate(data, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**data, "extra": "1"}, schema)


def test_findings_name_what_is_missing() -> None:
    """Tasks and units without milestones, targets without data, an undecided 左右."""
    found = [finding.render() for finding in briefing.findings(*read_ledger(INDUSTRY))]
    assert "任务“智能无人机”没有责任单位" in found
    assert "任务“加强组织推进”：省工业和信息化厅没有时间节点" in found
    assert "目标“在重点领域攻克10项左右关键核心技术”：“左右”的范围尚未确定" in found
    assert "目标“2025年，工业用机器人普及率达到50%以上”没有数据或认定" in found


def test_check_on_the_command_line(tmp_path: Path) -> None:
    """1 and what to look at; 2 and one line a problem; 0 once nothing is left open."""
    run = evalkit("ledger", "check", PLUS)
    assert run.returncode == 1
    assert "任务“探索应用制度创新”" in run.stdout
    changed(tmp_path, PLUS, lambda d: d["rules"].pop("judges"))
    run = evalkit("ledger", "check", tmp_path)
    assert (run.returncode, run.stdout) == (2, "")
    assert "没有声明“没有数量的目标由谁认定”" in run.stderr
    assert len(run.stderr.splitlines()) == 1


@pytest.mark.parametrize("plan", PLANS)
def test_an_empty_ledger_is_refused_until_it_is_filled_in(tmp_path: Path, plan: str) -> None:
    """The template decides nothing: every silence of the plan is named by the loader."""
    out = tmp_path / "new"
    run = evalkit("ledger", "template", plan, "--year", "2026", "--out", out)
    assert run.returncode == 0, run.stderr
    said = refused(out)
    for silence in load_rubric(ROOT / "rubrics" / f"{plan}.yaml").silences:
        if silence.rule not in {"units", "milestones"}:
            assert f"没有声明“{SILENCES[silence.rule]}”" in said
    again = evalkit("ledger", "template", plan, "--year", "2026", "--out", out)
    assert again.returncode == 2
    assert "已经存在" in again.stderr
    assert sorted(p.name for p in out.iterdir()) == [LEDGER_FILE, TABLE_FILE]


@pytest.mark.parametrize("rubric", ["henan-centre-2025", "zhongshan-platform-2026"])
def test_no_template_for_a_text_that_is_no_plan(tmp_path: Path, rubric: str) -> None:
    """What it has instead and the command for that are said; nothing is written."""
    run = evalkit("ledger", "template", rubric, "--year", "2026", "--out", tmp_path / "new")
    assert run.returncode == 1
    assert f"{rubric} 没有目标和任务，不能建立台账；它有 " in run.stderr
    assert f"请用 evalkit panel new {rubric} 起草评审组文件" in run.stderr
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("year", ["0", "20266", "-1"])
def test_no_template_for_a_year_that_is_none(tmp_path: Path, year: str) -> None:
    """Four digits, as people write a year."""
    command = ("ledger", "template", "henan-ai-plus-2024", f"--year={year}")
    run = evalkit(*command, "--out", tmp_path / "new")
    assert run.returncode == 2
    assert f"“{year}”不是年度，请写成 2026 这样的四位数" in run.stderr
    assert not (tmp_path / "new").exists()


def test_the_templates_table_has_a_row_for_each_task_and_unit(tmp_path: Path) -> None:
    """Excel knows its encoding; filled in, it loads; rows left empty declare nothing."""
    command = ("ledger", "template", "henan-ai-plus-2024", "--year", "2026", "--out", tmp_path)
    assert evalkit(*command).returncode == 0
    data = (tmp_path / TABLE_FILE).read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(data.decode("utf-8-sig").splitlines()))
    assert set(rows[0]) == {*COLUMNS.values(), "任务"}
    rubric = load_rubric(ROOT / "rubrics" / "henan-ai-plus-2024.yaml")
    wanted = [(task.id, unit) for task in rubric.tasks for unit in task.units]
    assert [(row[0], row[2]) for row in rows[1:]] == wanted
    (tmp_path / LEDGER_FILE).write_bytes((PLUS / LEDGER_FILE).read_bytes())
    named = [row for row in rows[1:] if row[3]]
    assert [(row[2], row[3]) for row in named] == [
        ("省发展改革委", "制定年度工作计划和重点工作台账")
    ]
    assert "完成时限：缺少这一项" in refused(tmp_path)
    named[0][3] = ""
    with (tmp_path / TABLE_FILE).open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    assert read_ledger(tmp_path)[1].milestones == ()
    rows[1][3:6] = ["示例节点", "2026-05-31", next(iter(STATES))]
    rows[1][6:8] = ["2026-05-20", "示例佐证"]
    with (tmp_path / TABLE_FILE).open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    (milestone,) = read_ledger(tmp_path)[1].milestones
    assert (milestone.unit, milestone.due, milestone.state) == (
        "省卫生健康委",
        "2026-05-31",
        "done",
    )


def test_quotations_in_silences_stand_in_the_plan() -> None:
    """What a silence quotes is the plan's own wording."""
    for plan in PLANS:
        rubric = load_rubric(ROOT / "rubrics" / f"{plan}.yaml")
        text = "".join(provision.text for provision in rubric.provisions)
        quoted = [q for s in rubric.silences for q in re.findall("“([^”]+)”", s.article)]
        assert quoted
        assert [q for q in quoted if q not in text and q not in {"省", "左右"}] == []
