"""The progress of both plans on a day: every target, every unit, and what nobody has reported."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from evalkit.base.errors import InputError
from evalkit.plan import briefing
from evalkit.plan.folder import read_ledger
from evalkit.plan.nodes import counts
from evalkit.plan.progress import Progress, assess
from evalkit.rubric import load_rubric
from tests.support.builders import ROOT
from tests.support.command import evalkit
from tests.support.plans import INDUSTRY, PLANS, PLUS, changed, load, progress

TARGETS = [
    (plan, target.id, target.term)
    for plan in PLANS
    for target in load_rubric(ROOT / "rubrics" / f"{plan}.yaml").targets
]

LEDGERS = {plan: read_ledger(demo) for plan, demo in PLANS.items()}


def states(found: Progress) -> dict[str, str]:
    """The state of each target."""
    return {reached.target.id: reached.state for reached in found.targets}


def known(plan: str, target: str, term: str, value: str) -> Any:
    """A change of a ledger after which ``value`` is all that is known about a target."""
    rubric, ledger = LEDGERS[plan]
    measure = {t.id: t.measure for t in rubric.targets}[target]
    day = ledger.as_of

    def change(data: dict[str, Any]) -> None:
        data["measurements"], data["judgements"] = [], []
        if term == "unquantified":
            judge, fact = ledger.rules.judges[0].id, {"target": target, "reason": "示例"}
            data["judgements"] = [{**fact, "judge": judge, "judged_on": day, "verdict": value}]
        else:
            fact = {"target": target, "value": value, "as_of": day, "source": "示例"}
            data["measurements"] = [{**fact, "unit": measure.unit}]

    return change


def test_both_plans_have_all_their_targets() -> None:
    """7 of the plan for 2024 to 2026, 37 of the one to 2025."""
    assert [plan for plan, _, _ in TARGETS].count("henan-ai-plus-2024") == 7
    assert [plan for plan, _, _ in TARGETS].count("henan-ai-industry-2025") == 37


SOME = [
    pytest.param(*target, marks=() if n % 3 == 0 else pytest.mark.soak)
    for n, target in enumerate(TARGETS)
]
"""A third of the targets in the run, all in the soak."""


@pytest.mark.parametrize(("plan", "target", "term"), SOME)
def test_every_target_can_be_assessed(tmp_path: Path, plan: str, target: str, term: str) -> None:
    """Nothing known, then short of it before and after its day, then attained."""
    rubric, ledger = LEDGERS[plan]
    declared = ledger.rules.by
    by = {t.id: date.fromisoformat(t.by or declared[t.id]) for t in rubric.targets}[target]
    goal = {t.id: t.value for t in rubric.targets}[target]
    assert goal is None or goal > 1
    undecided = ledger.rules.about.get(target) == "undecided"
    short, enough = ("not_met", "met") if term == "unquantified" else ("1", f"{(goal or 0)}")
    if term == "above":
        enough = f"{(goal or 0) + 1}"
    nothing = load(tmp_path, PLANS[plan], lambda d: d.update(measurements=[], judgements=[]))
    unknown = "to_judge" if term == "unquantified" else "unknown"
    day_after = date.fromordinal(by.toordinal() + 1)
    expected = [(nothing, by, unknown), (nothing, day_after, unknown)]
    failing = load(tmp_path, PLANS[plan], known(plan, target, term, short))
    expected += [(failing, by, "not_yet"), (failing, day_after, "missed")]
    reached = load(tmp_path, PLANS[plan], known(plan, target, term, enough))
    expected += [(reached, by, "met"), (reached, day_after, "met")]
    for (plan_, ledger_), on, state in expected:
        found = states(assess(plan_, ledger_, on))[target]
        assert found == ("needs_tolerance" if undecided else state)


def test_the_demos_targets() -> None:
    """The made-up values of plan 003 after its year, each against the words of the text."""
    found = states(progress(INDUSTRY, "2026-01-10"))
    assert {id: state for id, state in found.items() if state != "to_judge"} == {
        "target-core-enterprises": "met",  # 10家左右 declared as at least 9: 11
        "target-projects": "missed",  # 200个: 186
        "target-core-scale": "met",  # 达到500亿元: 512.6
        "target-related-scale": "missed",  # 突破1000亿元: exactly 1000
        "target-key-technologies": "needs_tolerance",  # 10项左右, undecided
        "target-scenarios": "met",  # 100个左右 declared as 95 to 105: 97
        "target-unmanned-sorting": "met",  # 80%以上: exactly 80
        "target-industrial-robots": "unknown",  # 50%以上: nothing reported
        "target-unicorns": "met",
        "target-basic-research": "missed",
        "target-basic-applications": "met",
        "target-unmanned-farming": "met",
        "target-special-robots": "met",
        "target-drone-projects": "met",
        "target-mems-sensors": "met",
        "target-chip-chain": "missed",
    }


def value(as_of: str, number: str) -> dict[str, str]:
    """A measurement of 20个以上垂直领域行业模型."""
    fact = {"target": "target-industry-models", "unit": "个", "source": "示例"}
    return {**fact, "as_of": as_of, "value": number}


@pytest.mark.parametrize(
    ("facts", "on", "state", "used", "later"),
    [
        # the last value known on the day
        ([("2026-03-31", "17"), ("2026-06-30", "23")], "2026-05-01", "not_yet", "17", None),
        ([("2026-06-30", "23"), ("2026-03-31", "17")], "2026-06-30", "met", "23", None),
        # a number may fall again: the last one counts
        ([("2026-03-31", "21"), ("2026-06-30", "19")], "2026-07-01", "not_yet", "19", None),
        # what is reached after the due day was not reached by it
        ([("2026-12-31", "19"), ("2027-02-01", "20")], "2027-03-01", "missed", "19", "20"),
        # and a first value from after it says nothing about it
        ([("2027-02-01", "30")], "2027-03-01", "unknown", None, "30"),
    ],
)
def test_which_value_decides(
    tmp_path: Path,
    facts: list[tuple[str, str]],
    on: str,
    state: str,
    used: str | None,
    later: str | None,
) -> None:
    """The last one up to the due day and the day of the assessment; later ones only inform."""

    def change(data: dict[str, Any]) -> None:
        data.update(as_of="2027-06-30", measurements=[value(*fact) for fact in facts])

    found = assess(*load(tmp_path, PLUS, change), date.fromisoformat(on))
    (target,) = [t for t in found.to_dict()["targets"] if t["id"] == "target-industry-models"]
    assert target["state"] == state
    assert (target["measurement"] and target["measurement"]["value"]) == used
    assert (target["later"] and target["later"]["value"]) == later


def test_units_and_what_is_behind() -> None:
    """省科技厅 on 30 June: five done, one overdue since 1 May, by 61 days."""
    found = progress(PLUS, "2026-06-30").to_dict()
    (unit,) = [unit for unit in found["units"] if unit["id"] == "kjt"]
    # 5 + 1 + 2 + 1 = 9
    assert unit["counts"] == {
        "all": 9,
        "done": 5,
        "overdue": 1,
        "due": 2,
        "upcoming": 1,
        "late": 0,
    }
    assert unit["behind_since"] == "2026-05-01"
    assert unit["without_milestones"] == ["supply-institutions", "support-organisation"]
    (task,) = [task for task in found["tasks"] if task["id"] == "supply-computing"]
    (overdue,) = [node for node in task["milestones"] if node["state"] == "overdue"]
    assert overdue == {
        "unit": "kjt",
        "name": "“算力券”兑付办法",
        "due": "2026-04-30",
        "state": "overdue",
        "since": "2026-05-01",
        "late": 61,  # 31 days of May and 30 of June
        "done": None,
        "evidence": None,
        "reported": "ongoing",
        "note": "办法已会签，待印发",
    }


def test_tasks_without_milestones_and_without_units() -> None:
    """They are said, not left out."""
    tasks = {task["id"]: task for task in progress(PLUS, "2026-06-30").to_dict()["tasks"]}
    assert tasks["supply-institutions"]["milestones"] == []
    assert tasks["supply-institutions"]["without_milestones"] == [
        "kjt",
        "wxb",
        "fgw",
        "gxt",
        "scjgj",
    ]
    tasks = {task["id"]: task for task in progress(INDUSTRY, "2026-01-10").to_dict()["tasks"]}
    assert tasks["product-drones"]["units"] == []
    assert len(tasks) == 27


def test_due_is_what_is_due_before_the_next_assessment() -> None:
    """On the day of an assessment the next one counts; after the last one the end of the year."""
    for on, until in (
        ("2026-01-05", "2026-03-31"),
        ("2026-06-29", "2026-06-30"),
        ("2026-06-30", "2026-09-30"),
        ("2026-12-31", "2026-12-31"),
        ("2027-02-01", "2027-02-01"),
    ):
        assert progress(PLUS, on).until.isoformat() == until


def test_an_earlier_day_can_be_assessed_again() -> None:
    """What the ledger learned later does not show: neither completions, nor words, nor values."""
    found = progress(PLUS, "2026-04-01")
    shown = json.dumps(found.to_dict()["tasks"], ensure_ascii=False)
    assert "2026-06-18" not in shown
    assert "因接口改造推迟" not in shown
    assert '"reported": "' not in shown
    assert states(found)["target-industry-models"] == "not_yet"  # 17 on 31 March
    assert states(found)["target-datasets"] == "to_judge"  # judged in June
    # due by 31 March and done by then, except 豫事办, which came on 9 April
    assert found.to_dict()["counts"]["overdue"] == 1


def test_a_day_before_the_year_is_refused() -> None:
    """A ledger says nothing about the years before its own."""
    with pytest.raises(InputError, match="评估日 2025-12-31 早于台账的年度 2026"):
        progress(PLUS, "2025-12-31")


@pytest.mark.parametrize("plan", PLANS)
def test_canonical_json(plan: str) -> None:
    """RFC 8785 by another implementation, no float, and a digest over exactly these bytes."""
    found = assess(*LEDGERS[plan], date(2026, 6, 30))
    text = found.to_json()
    assert text.encode() == rfc8785.dumps(json.loads(text))
    assert "." not in "".join(str(n) for n in numbers(json.loads(text)))
    assert found.digest == hashlib.sha256(text.encode()).hexdigest()
    assert assess(*read_ledger(PLANS[plan]), date(2026, 6, 30)).digest == found.digest


def numbers(node: Any) -> list[Any]:
    """Every number in a JSON value."""
    if isinstance(node, dict | list):
        return [n for x in (node.values() if isinstance(node, dict) else node) for n in numbers(x)]
    return [node] if isinstance(node, int | float) else []


@pytest.mark.parametrize("plan", PLANS)
def test_the_order_of_rows_decides_nothing(tmp_path: Path, plan: str) -> None:
    """Tasks stand in the order of the text and milestones by day, whatever the ledger's order."""

    def turn(data: dict[str, Any]) -> None:
        rows = [m.model_dump(mode="json", exclude_none=True) for m in LEDGERS[plan][1].milestones]
        data.pop("table", None)
        data["milestones"] = rows[::-1]
        for facts in ("measurements", "judgements"):
            data[facts] = data[facts][::-1]

    on = date(2026, 6, 30)
    here = assess(*LEDGERS[plan], on).to_dict()
    there = assess(*load(tmp_path, PLANS[plan], turn), on).to_dict()
    assert here.pop("ledger") != there.pop("ledger")
    assert here == there


dates = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@given(on=dates, later=dates, plan=st.sampled_from(list(PLANS)))
def test_time_alone(on: date, later: date, plan: str) -> None:
    """Later days know more: milestones are never undone, and every one stands somewhere."""
    on, later = min(on, later), max(on, later)
    before, after = assess(*LEDGERS[plan], on), assess(*LEDGERS[plan], later)
    first, second = counts(before.nodes), counts(after.nodes)
    assert first["done"] <= second["done"]
    assert first["upcoming"] >= second["upcoming"]
    for found in (first, second):
        assert sum(found[s] for s in ("done", "overdue", "due", "upcoming")) == found["all"]
    if later > date(2026, 6, 30):
        # nothing new is known after that day: targets only run out of time
        frozen = assess(*LEDGERS[plan], max(on, date(2026, 6, 30)))
        for id, state in states(frozen).items():
            now = states(after)[id]
            assert now == state or (state, now) == ("not_yet", "missed")


@given(on=dates, plan=st.sampled_from(list(PLANS)))
def test_the_parts_make_the_whole(on: date, plan: str) -> None:
    """Units' counts add up to the plan's, and so do the milestones of their reports."""
    found = assess(*LEDGERS[plan], on)
    units = found.to_dict()["units"]
    assert {
        state: sum(unit["counts"][state] for unit in units) for state in counts(found.nodes)
    } == counts(found.nodes)
    views = [briefing.of_unit(found, unit["id"]) for unit in units]
    assert sum(len(task["milestones"]) for view in views for task in view["tasks"]) == len(
        found.nodes
    )


def test_a_unit_learns_nothing_of_what_others_did() -> None:
    """Its report has its own milestones; the others who share a task are named, as in the plan."""
    found = progress(PLUS, "2026-06-30")
    view = json.dumps(briefing.of_unit(found, "nyt"), ensure_ascii=False)
    assert "智能农机示范基地验收" in view
    others = [n.milestone for n in found.nodes if n.unit != "nyt"]
    assert len(others) == 65
    assert [m.name for m in others if m.name in view] == []
    assert json.loads(view)["targets"] == []


@pytest.mark.parametrize("name", ["fgw", "省发展改革委", "发展改革委"])
def test_a_unit_is_found_by_any_of_its_names(name: str) -> None:
    """By id, by full name or as the text writes it; another name is refused."""
    found = progress(PLUS, "2026-06-30")
    assert briefing.of_unit(found, name)["unit"]["id"] == "fgw"
    with pytest.raises(InputError, match="没有责任单位 发改委"):
        briefing.of_unit(found, "发改委")


# The command line


def test_progress_as_json() -> None:
    """Exactly the canonical bytes, so that others can take their digest."""
    run = evalkit("progress", PLUS, "--on", "2026-06-30", "--json")
    assert run.returncode == 0
    assert run.stdout == progress(PLUS, "2026-06-30").to_json()


def test_progress_at_a_glance() -> None:
    """Without a folder for reports the targets and units are shown, with the digests."""
    run = evalkit("progress", INDUSTRY / "ledger.yaml", "--on", "2026-01-10")
    assert run.returncode == 0
    for said in ("“左右”的范围待定", "河南省人工智能产业创新发展联盟", "评估结果摘要值"):
        assert said in run.stdout
    run = evalkit("progress", PLUS, "--on", "2026-06-30", "--unit", "省农业农村厅")
    assert "省农业农村厅" in run.stdout
    assert "省教育厅" not in run.stdout
    english = evalkit("progress", PLUS, "--on", "2026-06-30", lang="en").stdout
    assert "Not attained yet" in english


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--on", "30.6.2026"), "“30.6.2026”不是日期"),
        (("--on", "2020-01-01"), "早于台账的年度"),
        (("--on", "2026-06-30", "--unit", "发改委"), "没有责任单位 发改委"),
        ((), "--on"),
        (("--on", "2026-06-30", "--unit", "fgw", "--json"), "不能与 --unit 同用"),
    ],
)
def test_mistakes_on_the_command_line(
    tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    """One line, code 2, and nothing is written."""
    run = evalkit("progress", PLUS, *arguments, "--out", tmp_path / "out")
    assert run.returncode == 2
    assert said in run.stderr
    assert len(run.stderr.splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_a_folder_without_a_ledger(tmp_path: Path) -> None:
    """The file that is missing is named."""
    run = evalkit("progress", tmp_path, "--on", "2026-06-30")
    assert run.returncode == 2
    assert "ledger.yaml：无法读取" in run.stderr


def test_a_table_in_another_encoding(tmp_path: Path) -> None:
    """The error names the option that helps."""
    table = (PLUS / "milestones.csv").read_text("utf-8")
    changed(tmp_path, PLUS, lambda _data: None)
    (tmp_path / "milestones.csv").write_text(table, "gbk")
    run = evalkit("progress", tmp_path, "--on", "2026-06-30", "--json")
    assert "--encoding gbk" in run.stderr
    run = evalkit("progress", tmp_path, "--on", "2026-06-30", "--json", "--encoding", "gbk")
    assert run.stdout == progress(PLUS, "2026-06-30").to_json()
