"""Two evaluations beside each other: hand-worked numbers, and the reason of every move."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pandas as pd
import pytest
from hypothesis import given

from evalkit.base.errors import InputError
from evalkit.disclosure.comparison import comparison_view
from evalkit.evaluation import Results
from evalkit.evaluation.comparison import Comparison, compare
from tests.support.builders import panel_data, rubric_data
from tests.support.rounds import evaluated, graded

Scores = Mapping[str, tuple[str, ...]]


def results(
    folder: Path,
    scores: Scores,
    rules: Mapping[str, Any] | None = None,
    *,
    rubric: Any = None,
    groups: Mapping[str, str] | None = None,
    **more: Any,
) -> Results:
    """One indicator to 10, scored by as many experts as there are scores; means."""
    rows = [
        (applicant, f"e{n}", "i1", points, "缺页" if points == "unscored" else "")
        for applicant, own in scores.items()
        for n, points in enumerate(own, 1)
        if points
    ]
    applicants = [
        {
            "id": a,
            "name": f"对象{a}",
            "lead": f"示例{a}",
            **({"group": groups[a]} if groups else {}),
        }
        for a in scores
    ]
    experts = max(map(len, scores.values()))
    data = panel_data(experts, applicants, rules, **more)
    return evaluated(folder, rubric or rubric_data((10,)), data, rows)


def explained(compared: Comparison) -> dict[str, str]:
    """The sentences of everybody who moves, in the order of the ranking after."""
    return {c.id: str(c.explained) for c in compared.changes if c.moved}


BEFORE = {"A": ("9", "9"), "B": ("8", "8"), "C": ("7", "7"), "D": ("6", "6")}


def test_everybody_who_moves_is_told_why(tmp_path: Path) -> None:
    """D goes from 6 to 10, past the three others, each of whom loses a place."""
    compared = compare(results(tmp_path, BEFORE), results(tmp_path, {**BEFORE, "D": ("10", "10")}))
    assert [str(change.what) for change in compared.inputs] == [
        "专家1对对象D“指标1”的评分由 6 改为 10",
        "专家2对对象D“指标1”的评分由 6 改为 10",
    ]
    passed = "对象D升到其前，名次由 {} 变为 {}。"
    assert explained(compared) == {
        "D": "本身有改动，总分由 6.00 变为 10.00；对象A、对象B、对象C不再在其前，名次由 4 变为 1。",
        "A": passed.format(1, 2),
        "B": passed.format(2, 3),
        "C": passed.format(3, 4),
    }


TIES = [
    # B leaves a shared second place upwards, without another rank of its own
    ({"B": ("8", "8"), "C": ("8", "8")}, {"B": ("9", "8")}, {
        "B": "本身有改动，总分由 8.00 变为 8.50。",
        "C": "对象B升到其前，名次由 2 变为 3。",
    }),
    # D comes up to B and C, who lose nothing
    ({"B": ("8", "8"), "C": ("8", "8")}, {"D": ("8", "8")}, {
        "D": "本身有改动，总分由 6.00 变为 8.00；对象B、对象C不再在其前，名次由 4 变为 2。",
    }),
    # B falls out of the ranking: whoever was behind it moves up
    ({}, {"B": ("unscored", "unscored")}, {
        "C": "对象B不再在其前，名次由 3 变为 2。",
        "D": "对象B不再在其前，名次由 4 变为 3。",
        "B": "本身有改动，总分由 8.00 变为 —；原第 2 名，现不参加排名。",
    }),
    # another score, the same mean
    ({}, {"B": ("7", "9")}, {"B": "本身有改动，公布的得分没有变。"}),
    ({}, {}, {}),
]  # fmt: skip


@pytest.mark.parametrize(("first", "second", "said"), TIES)
def test_ties_and_gaps(tmp_path: Path, first: Scores, second: Scores, said: Any) -> None:
    """A rank changes by those who are ahead now and were not, and the other way round."""
    before = {**BEFORE, **first}
    compared = compare(results(tmp_path, before), results(tmp_path, {**before, **second}))
    assert explained(compared) == said


def test_back_in_the_ranking(tmp_path: Path) -> None:
    """Whoever had no rank has one now."""
    lacking = results(tmp_path, {**BEFORE, "B": ("unscored", "unscored")})
    compared = compare(lacking, results(tmp_path, BEFORE))
    assert explained(compared)["B"] == ("本身有改动，总分由 — 变为 8.00；原不参加排名，现第 2 名。")
    assert explained(compared)["C"] == "对象B升到其前，名次由 2 变为 3。"


def test_grades_and_selection(tmp_path: Path) -> None:
    """By points, by a line that is read anew, and by a place that somebody else takes."""
    rubric = rubric_data((10,)) | {"procedures": [graded(优=True, 劣=False)]}
    rules = {
        "grades": [{"grade": "good", "at_least": "8"}],
        "selection": {"places": "2", "tie_at_cut": "none"},
    }
    rubric["procedures"][0]["grades"] = [
        {"id": "good", "name": "优秀", "passes": True},
        {"id": "bad", "name": "不合格", "passes": False},
    ]
    first = results(tmp_path, BEFORE, rules, rubric=rubric)
    second = results(tmp_path, {**BEFORE, "C": ("8", "9")}, rules, rubric=rubric)
    assert explained(compare(first, second)) == {
        "C": "本身有改动，总分由 7.00 变为 8.50；对象B不再在其前，名次由 3 变为 2；"
        "等次由不合格变为优秀；现列为拟选。",
        "B": "对象C升到其前，名次由 2 变为 3；不再列为拟选。",
    }
    tied = results(tmp_path, {**BEFORE, "C": ("8", "8")}, rules, rubric=rubric)
    assert explained(compare(first, tied))["B"] == "在最后一个名额上并列，待定。"
    line = {**rules, "grades": [{"grade": "good", "at_least": "9"}]}
    compared = compare(first, results(tmp_path, BEFORE, line, rubric=rubric))
    assert explained(compared) == {"B": "等次由优秀变为不合格；不再列为拟选。"}
    assert [change.kind for change in compared.inputs] == ["rule", "rule"]
    old, new = (str(change.what) for change in compared.inputs)
    assert (old[:4], new[:4]) == ("原规则：", "现规则：")
    assert ("8" in old, "9" in new) == (True, True)


def test_who_is_proposed_decides_where_no_list_is_declared(tmp_path: Path) -> None:
    """A panel may have declared nothing to be public and select all the same."""
    rules = {"selection": {"places": "2", "tie_at_cut": "none"}}
    first = results(tmp_path, BEFORE, rules)
    view = comparison_view(compare(first, results(tmp_path, {**BEFORE, "C": ("9", "8")}, rules)))
    assert view["publicity"] == {
        "changed": True,
        "said": "公示名单有变（新列入 对象C、不再列入 对象B），须重新公示",
    }
    view = comparison_view(compare(first, results(tmp_path, {**BEFORE, "D": ("5", "5")}, rules)))
    assert view["publicity"]["changed"] is None


def test_groups_move_within_themselves(tmp_path: Path) -> None:
    """Whoever passes an applicant of another group changes nothing for it."""
    groups = {"A": "东", "B": "西", "C": "东", "D": "西"}
    rules = {"ranking": "by_group"}
    compared = compare(
        results(tmp_path, BEFORE, rules, groups=groups),
        results(tmp_path, {**BEFORE, "D": ("10", "10")}, rules, groups=groups),
    )
    assert explained(compared) == {
        "D": "本身有改动，总分由 6.00 变为 10.00；对象B不再在其前，名次由 2 变为 1。",
        "B": "对象D升到其前，名次由 1 变为 2。",
    }


def test_a_recusal_is_one_change_and_not_as_many_as_there_are_scores(tmp_path: Path) -> None:
    """With its reason; and the other way round."""
    scores = {"A": ("9", "3"), "B": ("7", "7")}
    conflict = [{"expert": "e2", "applicant": "A", "reason": "顾问"}]
    first = results(tmp_path, scores)
    second = results(tmp_path, {**scores, "A": ("9", "")}, conflicts=conflict)
    compared = compare(first, second)
    said = [str(change.what) for change in compared.inputs]
    assert said == ["专家2回避对象A，其评分不再计入（顾问）"]
    assert explained(compared)["A"].startswith("本身有改动，总分由 6.00 变为 9.00；")
    back = compare(second, first)
    assert [str(change.what) for change in back.inputs] == ["专家2不再回避对象A"]


def test_points_that_change_by_a_rule_alone(tmp_path: Path) -> None:
    """The median in place of the mean: nobody's scores changed."""
    scores = {"A": ("9", "9", "3"), "B": ("8", "8", "8")}
    rules = {"aggregation": {"method": "median", "level": "indicator"}}
    compared = compare(results(tmp_path, scores), results(tmp_path, scores, rules))
    assert explained(compared) == {
        "A": "规则有改动，总分由 7.00 变为 9.00；对象B不再在其前，名次由 2 变为 1。",
        "B": "对象A升到其前，名次由 1 变为 2。",
    }


def test_long_lists_are_cut(tmp_path: Path) -> None:
    """Six names stand in a sentence, and how many there are."""
    scores = {f"x{n}": (f"{9 - n / 2:g}",) for n in range(9)}
    compared = compare(results(tmp_path, scores), results(tmp_path, {**scores, "x8": ("10",)}))
    names = "、".join(f"对象x{n}" for n in range(6))
    assert f"{names}等 8 个不再在其前，名次由 9 变为 1" in explained(compared)["x8"]


def test_only_rounds_of_the_same_applicants_are_compared(tmp_path: Path) -> None:
    """Else it is another round."""
    one = results(tmp_path, BEFORE)
    with pytest.raises(InputError, match="不是同一个评审"):
        compare(one, results(tmp_path, BEFORE, id="other"))
    with pytest.raises(InputError, match="参评对象不同"):
        compare(one, results(tmp_path, {"A": ("9", "9")}))
    with pytest.raises(InputError, match=r"ek\.evaluate"):
        compare(one, "results.json")  # type: ignore[arg-type]


def test_as_a_frame_and_in_a_notebook(tmp_path: Path) -> None:
    """Typed columns, the order of the ranking after; HTML with those who move."""
    compared = compare(results(tmp_path, BEFORE), results(tmp_path, {**BEFORE, "B": ("9", "10")}))
    frame = compared.to_frame()
    assert list(frame["id"]) == ["B", "A", "C", "D"]
    assert list(frame["rank_before"]) == [2, 1, 3, 4]
    assert list(frame["rank_after"]) == [1, 2, 3, 4]
    assert frame["rank_after"].dtype == pd.Int64Dtype()
    assert list(frame["total_after"]) == [9.5, 9, 7, 6]
    assert list(frame["d1_before"]) == [8, 9, 7, 6]
    assert list(frame["moved"]) == [True, True, False, False]
    assert repr(compared) == "Comparison('round', 2 of 4 moved)"
    html = compared._repr_html_()
    assert html is not None
    assert "对象B升到其前" in html
    assert "对象C" not in html


@st.composite
def _twice(draw: st.DrawFn) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    score = st.sampled_from(["unscored", "5", "6", "7"])
    both = [{a: (draw(score),) for a in "ABCDEF"} for _n in range(2)]
    return both[0], both[1]


@given(both=_twice())
def test_names_account_for_every_place(tmp_path: Path, both: tuple[Scores, Scores]) -> None:
    """Places lost and won are as many as the names; who has no sentence is the same as before."""
    compared = compare(results(tmp_path, both[0]), results(tmp_path, both[1]))
    totals = [{a: own[0] for a, own in scores.items()} for scores in both]
    for change in compared.changes:
        was, now = change.before["rank"], change.after["rank"]
        if both[0][change.id] == both[1][change.id]:
            assert change.moved == (was != now)
        else:
            assert change.moved
        if was is None or now is None or was == now:
            continue
        ahead = [
            {a for a, p in side.items() if p != "unscored" and int(p) > int(side[change.id])}
            for side in totals
        ]
        said = str(change.explained)
        assert all(f"对象{a}" in said for a in ahead[0] ^ ahead[1])
        assert now - was == len(ahead[1] - ahead[0]) - len(ahead[0] - ahead[1])


PUBLICITY = [
    (["rank", "total"], {"D": ("6.5", "6.5")}, True, "公示名单有变（所列名次、总分或次序有变）"),
    (["rank"], {"D": ("6.5", "6.5")}, False, "公示名单没有变，不必重新公示"),
    (["rank"], {"D": ("7.5", "7.5")}, True, "公示名单有变"),
    ([], {"D": ("7.5", "7.5")}, False, "公示名单没有变"),
    (None, {"D": ("7.5", "7.5")}, None, "没有可比的公示名单"),
]


@pytest.mark.parametrize(("public", "change", "changed", "said"), PUBLICITY)
def test_a_new_publicity_is_due_where_the_list_changes(
    tmp_path: Path, public: list[str] | None, change: Scores, changed: Any, said: str
) -> None:
    """It depends on what the panel declared to be public."""
    shown = {} if public is None else {"public": public}
    rules = {"disclosure": {"min_experts": 1, "min_applicants": 1, **shown}}
    compared = compare(
        results(tmp_path, BEFORE, rules), results(tmp_path, {**BEFORE, **change}, rules)
    )
    view = comparison_view(compared)
    assert view["publicity"]["changed"] is changed
    assert said in view["publicity"]["said"]
    assert json.loads(json.dumps(view)) == view
