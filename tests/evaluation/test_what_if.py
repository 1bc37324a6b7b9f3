"""What would be if: the official function on amended inputs, marked, and good for nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import evalkit as ek
from evalkit.evaluation import Results
from tests.support.builders import DEMO, panel_data, rubric_data
from tests.support.locked import locked
from tests.support.rounds import evaluated

SCORES = {"A": ("9", "7"), "B": ("8", "8"), "C": ("7", "10")}
"""Of e1 and e2 on i1; on i2 everybody has 5 of both. Totals 13, 13 and 13.5."""


@pytest.fixture(name="results")
def _results(tmp_path: Path) -> Results:
    applicants = [{"id": a, "name": f"对象{a}", "lead": f"示例{a}"} for a in SCORES]
    rows = [
        (a, f"e{n}", column, points, "")
        for a, own in SCORES.items()
        for n in (1, 2)
        for column, points in (("i1", own[n - 1]), ("i2", "5"))
    ]
    rules = {"ties": ["indicator:i2"]}
    return evaluated(tmp_path, rubric_data((10, 5)), panel_data(2, applicants, rules), rows)


@pytest.fixture(name="demo", scope="module")
def _demo() -> Results:
    return ek.open("demo").results()


def totals(found: ek.WhatIf) -> dict[str, tuple[str | None, int | None]]:
    """Total and rank of each applicant, as they would be."""
    return {row["id"]: (row["total"], row["rank"]) for row in found.after.rows}


CASES: list[tuple[dict[str, Any], dict[str, tuple[str, int]], list[str]]] = [
    # e1 alone: 9 + 5, 8 + 5, 7 + 5
    (
        {"without_expert": "e2"},
        {"A": ("14.00", 1), "B": ("13.00", 2), "C": ("12.00", 3)},
        ["专家2的评分全部不计"],
    ),
    # A: 9 + 5 of e1 alone
    (
        {"recuse": "e2:A"},
        {"A": ("14.00", 1), "B": ("13.00", 3), "C": ("13.50", 2)},
        ["专家2对对象A的评分不计"],
    ),
    # i1 alone: 8, 8 and 8.5 of 10; the tie-breaker goes with its indicator
    (
        {"without_indicator": "i2"},
        {"A": ("8.00", 2), "B": ("8.00", 2), "C": ("8.50", 1)},
        [
            "“指标2”不计分",
            "满分由 15 分变为 10 分",
            "原规则：按公布的总分排名；总分相同时依次比较“指标2”，仍相同的并列。",
            "原规则：比较的是公布的、已经取整的数。",
            "现规则：按公布的总分排名，总分相同的并列。",
        ],
    ),
    # 13.5 to whole points, half up: 14
    (
        {"rules": {"rounding.places": 0, "rounding.stage": "total"}},
        {"A": ("13", 2), "B": ("13", 2), "C": ("14", 1)},
        [
            "原规则：每项指标汇总后四舍五入到小数点后 2 位，再相加得总分。",
            (
                "现规则：各项保持精确值，总分合计后四舍五入到小数点后 0 位；"
                "所列分项得分仅为显示而取整，相加可能与总分差一个末位。"
            ),
        ],
    ),
    # A: the mean of 9 and 8, and 5
    (
        {"scores": {("A", "e2", "i1"): "8"}},
        {"A": ("13.50", 1), "B": ("13.00", 3), "C": ("13.50", 1)},
        ["专家2对对象A“指标1”的评分由 7 改为 8"],
    ),
]


@pytest.mark.parametrize(("amended", "then", "said"), CASES)
def test_each_amendment_by_hand(
    results: Results, amended: dict[str, Any], then: dict[str, Any], said: list[str]
) -> None:
    """The numbers that follow, and what is otherwise in as many sentences as there are things."""
    found = ek.what_if(results, **amended)
    assert totals(found) == then
    assert [str(text) for text in found.assumed][: len(said)] == said
    assert len(found.assumed) == len(said)


def test_several_at_once(results: Results) -> None:
    """e1's 9, 8 and 6 on i1, of which the last is given here."""
    changed = pd.DataFrame([("对象C", "专家1", "指标1", 6)], columns=["applicant", "expert",
                            "indicator", "points"])  # fmt: skip
    amended = {"without_expert": ["e2"], "without_indicator": ["i2"], "scores": changed}
    found = ek.what_if(results, **amended, rules={"ties": []})
    assert totals(found) == {"A": ("9.00", 1), "B": ("8.00", 2), "C": ("6.00", 3)}
    frame = found.to_frame().set_index("id")
    assert frame.loc["A", ["rank_before", "rank_after"]].tolist() == [2, 1]
    assert frame.loc["A", "why"].startswith("本身有改动，总分由 13.00 变为 9.00；")
    assert set(frame["status"]) == {"what_if"}


def test_an_entry_taken_away_is_no_zero(results: Results) -> None:
    """Nothing in place of e2's 7 for A: the mean of what is left, 9, not of 9 and 0."""
    found = ek.what_if(results, scores={("A", "e2", "i1"): ""}, rules={"missing": "exclude"})
    assert totals(found)["A"] == ("14.00", 1)


def test_one_expert_out_is_what_the_analysis_says(demo: Results) -> None:
    """`leave_one_out` has the same ranks and totals, for every expert of the demo."""
    left_out = ek.leave_one_out(demo)
    for expert, rank, total in zip(left_out.experts, left_out.rank, left_out.total, strict=True):
        after = ek.what_if(demo, without_expert=demo.facts.experts[expert]).after
        assert (after.rank == rank).all()
        assert (after.total == total).all()


def test_a_whole_group_or_bonus_may_go(demo: Results) -> None:
    """With its last indicator a dimension goes; a bonus and the rules on it go without a rest."""
    research = next(d for d in demo.rubric.dimensions if d.id == "research")
    ids = [i.id for i in research.leaves]
    rules = {"ties": ["base"]}
    found = ek.what_if(demo, without_indicator=[*ids, "bonus"], rules=rules)
    assert "research" not in {d.id for d in found.after.rubric.dimensions}
    assert found.after.rubric.points == (demo.rubric.points or 0) - research.total
    assert {row["bonus"] for row in found.after.rows} == {"0.00"}
    assert "research_after" in found.to_frame()


def test_it_is_the_same_every_time_and_changes_nothing(demo: Results) -> None:
    """Twice the same numbers; what it was made from has its digests still."""
    digests = demo.digest, demo.rubric.digest, demo.panel.digest
    frame = demo.facts.to_frame()
    one, other = (ek.what_if(demo, without_expert="e3", rules={"ties": []}) for _n in range(2))
    assert one.after.digest == other.after.digest != demo.digest
    assert (demo.digest, demo.rubric.digest, demo.panel.digest) == digests
    assert demo.facts.to_frame().equals(frame)


def test_a_locked_round_leaves_no_trace(tmp_path: Path) -> None:
    """Measured values, conditions and bonus too: no file of the round's folder differs."""
    with locked(tmp_path / "files") as workspace:
        before = {f: f.read_bytes() for f in workspace.folder.rglob("*") if f.is_file()}
        found = ek.what_if(workspace, scores={("D", "measured", "i2"): "10"})
        assert totals(found)["D"] == ("10.00", 4)
        assert [str(text) for text in found.assumed] == ["丁“指标2”的测量值由 6 改为 10"]
        failed = ek.what_if(workspace, scores={("B", "gate", "g1"): "fail"})
        assert totals(failed)["B"] == ("13.00", None)
        after = {f: f.read_bytes() for f in workspace.folder.rglob("*") if f.is_file()}
        assert after == before
        assert workspace.history().lock is not None


PAPERS: list[Callable[[ek.WhatIf, Path], Any]] = [
    lambda found, _out: ek.Views(found.after).public(),
    lambda found, _out: ek.Views(found.after).minutes(),
    lambda found, _out: ek.Views(found.after).applicant("c01"),
    lambda found, _out: ek.Views(found.after).report("c01", "internal"),
    lambda found, _out: ek.Views(found.after).expert("e1"),
    lambda found, out: ek.make_reports(ek.Views(found.after), ["c01"], ek.Order(out)),
    lambda found, _out: ek.comparison_view(found),
    lambda found, _out: ek.evaluate(found.after.rubric, found.after.panel, found.after.facts),
]


@pytest.mark.parametrize("paper", PAPERS)
def test_it_is_never_official(
    demo: Results, tmp_path: Path, paper: Callable[[ek.WhatIf, Path], Any]
) -> None:
    """No report, sheet, minutes, list or comparison; evaluated as it is it still has no lock."""
    out = tmp_path / "out"
    with pytest.raises(ek.Refused):
        paper(ek.what_if(demo, without_expert="e3"), out)
    assert not out.exists()


def test_it_says_what_it_is(demo: Results) -> None:
    """On the screen, in its canonical JSON, in a workbook of it: nowhere only the numbers."""
    found = ek.what_if(demo, without_expert="e3")
    assert repr(found).startswith("WhatIf('demo-2025', not official: ")
    html = found._repr_html_()
    assert html is not None
    assert "非正式试算，改动了登记的内容或规则" in html
    assert html.count("非正式试算　　") == 400
    assert "专家丙的评分全部不计" in html
    assert '"status":"what_if"' in found.after.to_json()
    assert found.after.to_dict()["basis"]["root"] is None
    assert "非正式试算" in (found.after._repr_html_() or "")
    read = ek.Results.from_json(found.after.to_json(), found.after.rubric, found.after.panel)
    assert "what_if" in repr(read)


WRONG: list[tuple[dict[str, Any], str]] = [
    ({}, "没有写明改动什么"),
    ({"rules": {}}, "没有写明改动什么"),
    ({"without_expert": "e9"}, "没有专家 e9"),
    ({"without_indicator": "x"}, "没有指标 x"),
    ({"rules": {"rounding.place": 1}}, "rules：rounding.place：未知的键“place”"),
    ({"rules": {"rounding.places": 9}}, "rules：rounding.places：“9”太大"),
    ({"rules": {"grades.a": 9}}, "rules：grades.a：没有声明这条规则"),
    ({"rules": {"recusal": None}}, "recusal：缺少这一项"),
    ({"rules": {"ties": ["x"]}}, "rules.ties[0]：“x”不可用"),
    ({"scores": {("c01", "e1", "major-projects"): "9"}}, "scores 第 2 行：“9”超过"),
    ({"scores": {("c16", "e3", "major-projects"): "1"}}, "scores 第 2 行"),
    ({"rules": {"step": 1}}, "改动后的评分 第 2 行：“4.5”不是最小单位 1 的整数倍"),
]


@pytest.mark.parametrize(("amended", "said"), WRONG)
def test_what_does_not_fit_is_named(demo: Results, amended: dict[str, Any], said: str) -> None:
    """By the name of the rule, or the line of the table that was given."""
    with pytest.raises(ek.InputError) as raised:
        ek.what_if(demo, **amended)
    assert said in str(raised.value)


def test_a_cell_given_twice(demo: Results) -> None:
    """Which of them should count nobody knows."""
    cell = pd.read_csv(DEMO / "scores.csv", dtype=str).head(1)
    with pytest.raises(ek.InputError, match="给了两次"):
        ek.what_if(demo, scores=pd.concat([cell, cell]))


def test_a_file_of_scores(demo: Results, tmp_path: Path) -> None:
    """As everywhere else a path will do."""
    file = tmp_path / "changed.csv"
    file.write_text("applicant,expert,indicator,points,reason\nc01,e1,major-projects,1,\n", "utf-8")
    found = ek.what_if(demo, scores=file)
    assert len(found.assumed) == 1


def test_something_else_than_a_round() -> None:
    """Said in a line."""
    with pytest.raises(ek.InputError, match="给出的是 int"):
        ek.what_if(5, without_expert="e1")  # type: ignore[arg-type]
