"""Conditions, targets, standing rules, references: what a rubric file is refused for, and where."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalkit.base.errors import InputError
from evalkit.plan import briefing
from evalkit.plan.folder import table
from evalkit.rubric import load_rubric
from evalkit.rubric.open_rules import findings
from tests.support.builders import ROOT
from tests.support.command import evalkit
from tests.support.plans import INDUSTRY, load

CENTRE, PLUS, YOUNG = "henan-centre-2025", "henan-ai-plus-2024", "henan-ai-industry-2025"
ZHONGSHAN = "zhongshan-platform-2026"


def edited(folder: Path, name: str, old: str, new: str) -> tuple[Path, int]:
    """A copy of a rubric file in which ``old`` once became ``new``, and the line of the change."""
    text = (ROOT / "rubrics" / f"{name}.yaml").read_text("utf-8")
    assert text.count(old) == 1, old
    file = folder / f"{name}.yaml"
    file.write_text(text.replace(old, new), "utf-8")
    return file, text[: text.index(old)].count("\n") + 1


BASE_MODELS = """先进可用的基础大模型, unit: 个}
    term: range
    value: 2
    upper: 3
"""

REFUSED = [
    ("seldom", ZHONGSHAN, "rounds: 2", "rounds: 1", 0, "连续不合格至少是 2 个年度"),
    ("never", ZHONGSHAN, "rounds: 2", "rounds: 0", 0, "连续不合格至少是 2 个年度"),
    (
        "no number of rounds",
        ZHONGSHAN,
        "    rounds: 2\n",
        "",
        None,
        "when 为 failed_consecutively 时须写 rounds",
    ),
    (
        "a range that runs backwards",
        PLUS,
        BASE_MODELS,
        BASE_MODELS.replace("upper: 3", "upper: 2"),
        3,
        "区间 2—2 须由小到大",
    ),
    (
        "a need",
        CENTRE,
        "[material-report, material-evidence]",
        "[material-reprot]",
        0,
        "条件或材料",
    ),
    ("a bonus", CENTRE, "item: {min: 2, max: 3}", "item: {min: 3, max: 2}", 0, "且由小到大"),
    ("an id twice", CENTRE, "- id: core-technology", "- id: major-projects", 0, "用了不止一次"),
    ("a grade", ZHONGSHAN, "good, qualified, unqualified]", "good, superb]", 0, "等次"),
]


@pytest.mark.parametrize(
    ("name", "old", "new", "below", "message"),
    [row[1:] for row in REFUSED],
    ids=[row[0] for row in REFUSED],
)
def test_what_cannot_be_is_refused_at_its_line(
    tmp_path: Path, name: str, old: str, new: str, below: int | None, message: str
) -> None:
    """The error names the line of the element, not that of the file's head."""
    file, line = edited(tmp_path, name, old, new)
    with pytest.raises(InputError) as caught:
        load_rubric(file)
    said = caught.value.render()
    assert message in said
    if below is not None:
        assert f"第 {line + below} 行" in said
    assert "第 3 行" not in said


@pytest.mark.parametrize(
    ("limits", "refused"),
    [
        ("at_least: 30, below: 30", True),
        ("above: 30, at_most: 30", True),
        ("at_least: 5000, below: 3", True),
        ("at_least: 30, at_most: 30", False),
        ("at_least: 30, below: 31", False),
    ],
)
def test_limits_that_nobody_can_meet(tmp_path: Path, limits: str, refused: bool) -> None:
    """A condition that no value meets is a mistake in the file."""
    file, _line = edited(tmp_path, ZHONGSHAN, "unit: 家}, at_least: 30}", f"unit: 家}}, {limits}}}")
    if refused:
        with pytest.raises(InputError, match="没有数能同时满足下限"):
            load_rubric(file)
    else:
        load_rubric(file)


@pytest.mark.parametrize("file", sorted((ROOT / "rubrics").glob("*.yaml")), ids=lambda f: f.stem)
def test_every_file_says_where_its_text_is_silent(file: Path) -> None:
    """For every rule that a panel, an office or a ledger has to declare, and for no other."""
    assert list(findings(load_rubric(file))) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        (CENTRE, "rule: step\n", "rule: stepp\n", ["没有名为“stepp”的规则", "没有“step”（打分"]),
        (
            ZHONGSHAN,
            "rule: days.stage-publicity",
            "rule: days.stage-publicty",
            ["没有名为“days.stage-publicty”", "没有“days.stage-publicity”（天数）"],
        ),
        (YOUNG, "rule: assessed", "rule: asessed", ["“asessed”", "没有“assessed”（评估并通报"]),
    ],
)
def test_a_misspelt_silence_is_found(
    tmp_path: Path, name: str, old: str, new: str, said: list[str]
) -> None:
    """``rubric check`` names it, and the rule that is left without an article."""
    file, _line = edited(tmp_path, name, old, new)
    run = evalkit("rubric", "check", file)
    assert run.returncode == 1
    for words in said:
        assert words in run.stdout.replace("\n", "")
    assert "没有发现问题" not in run.stdout


def test_the_texts_own_times_stand_in_the_empty_table(tmp_path: Path) -> None:
    """A row for each, to be given a day and a unit; ``ledger check`` asks for those left out."""
    rubric = load_rubric(ROOT / "rubrics" / f"{YOUNG}.yaml")
    names = [node.name for task in rubric.tasks for node in task.nodes]
    assert len(names) == 3
    for task in rubric.tasks:
        for node in task.nodes:
            assert node.name in task.text
    rows = table(rubric, 2025)
    assert [row[3] for row in rows[1:] if row[3]] == names
    said = [text.render() for text in briefing.findings(*load(tmp_path, INDUSTRY, dict))]
    for name in names:
        assert any(f"没有列入原文的时间节点“{name}”" in sentence for sentence in said)


def test_a_time_of_the_text_that_the_ledger_puts_off(tmp_path: Path) -> None:
    """A due day in the text belongs to its year, and a later one in the ledger is pointed out."""
    file, _line = edited(
        tmp_path,
        YOUNG,
        "      - name: 每年发布河南省人工智能产业发展蓝皮书\n        yearly: true\n",
        "      - name: 每年发布河南省人工智能产业发展蓝皮书\n        due: 2025-06-30\n",
    )
    rubric = load_rubric(file)
    (row,) = (row for row in table(rubric, 2025) if "蓝皮书" in row[3])
    assert row[4] == "2025-06-30"
    assert not [row for row in table(rubric, 2026) if "蓝皮书" in row[3]]

    def late(data: dict[str, object]) -> None:
        units = data["units"]
        assert isinstance(units, list)
        units[0]["tasks"].append("support-environment")
        milestones = data["milestones"]
        assert isinstance(milestones, list)
        node = {"task": "support-environment", "unit": "gxt", "state": "not_started"}
        node["name"] = "每年发布河南省人工智能产业发展蓝皮书"
        milestones.append({**node, "due": "2025-09-30"})

    _same, ledger = load(tmp_path, INDUSTRY, late)
    said = [text.render() for text in briefing.findings(rubric, ledger)]
    assert any("时限 2025-09-30 晚于原文的 2025-06-30" in sentence for sentence in said)


def test_a_target_without_a_day_gets_one_from_the_office(tmp_path: Path) -> None:
    """“3-5年” has no last day: the ledger declares it, and for no other target."""

    def undated(data: dict[str, object]) -> None:
        rules = data["rules"]
        assert isinstance(rules, dict)
        rules["by"] = {"target-highland": "2029-12-31"}

    with pytest.raises(InputError, match="target-national-pilot-zone"):
        load(tmp_path, INDUSTRY, undated)

    def vain(data: dict[str, object]) -> None:
        rules = data["rules"]
        assert isinstance(rules, dict)
        rules["by"] = {**rules["by"], "target-projects": "2026-12-31"}

    with pytest.raises(InputError, match=r"rules\.by\.target-projects"):
        load(tmp_path, INDUSTRY, vain)
