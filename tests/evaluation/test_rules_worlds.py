"""Other systems' published rules as rubric and panel, with made-up scores: what the rules can say.

Sources of the rules: ISU Special Regulations & Technical Rules (judging system, trimmed
mean of the panel, factored components, deductions); NIH peer review (impact score: the mean of all
members' scores from 1 to 9, times 10, rounded to a whole number); grant panels with grades from 1.0
(best) to 5.0; 百分制 with weights as in Chinese comprehensive bid evaluation.
"""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from evalkit.analysis import analyse
from evalkit.analysis.formula import formula
from evalkit.analysis.totals import by_function
from evalkit.base.errors import InputError, Refused
from evalkit.disclosure import Views
from evalkit.pages.applicant import outcome, read
from evalkit.panel import explain
from tests.support.builders import ROOT, TRIMMED, panel_data, rubric_data
from tests.support.rounds import evaluated, people, scaled

SKATING = {
    "step": "0.25",
    "aggregation": TRIMMED,
    "missing": "exclude",
    "rounding": {"mode": "half_up", "stage": "score", "places": 2},
    "deductions": {"floor": "none"},
}


def segment(marks: list[list[str]], falls: str) -> tuple[Any, Any, Any]:
    """Three components by ``marks`` (components, judges) with factor 1.33, and a deduction."""
    rubric = scaled("0.25", "10", "1.33", "1.33", "1.33")
    rubric["deductions"] = [{"id": "falls", "name": "摔倒", "points": "5"}]
    panel = panel_data(len(marks[0]), ["A"], SKATING)
    rows = [
        ("A", f"e{judge}", f"i{component}", mark, "")
        for component, own in enumerate(marks, 1)
        for judge, mark in enumerate(own, 1)
    ]
    return rubric, panel, [*rows, ("A", "panel", "falls", falls, "裁判长")]


NINE = [
    ["8.25", "8.5", "8", "8.25", "8.5", "8.75", "8", "8.25", "7.75"],
    ["8", "8", "8.25", "7.75", "8.5", "8.25", "8.25", "8", "8.5"],
    ["8.5", "8.75", "8.25", "8.5", "8.5", "9", "8.25", "8.5", "8.25"],
]


def test_a_figure_skating_segment(tmp_path: Path) -> None:
    """Nine judges, the highest and lowest of each component dropped, rounded, times its factor."""
    # Sums of seven: 8.25 · 3 + 8.5 · 2 + 8 · 2 = 57.75; 57.75 / 7 = 8.25
    #   8 · 3 + 8.25 · 3 + 8.5 = 57.25 (7.75 and one 8.5 dropped); / 7 = 8.178571… = 8.18
    #   8.25 · 2 + 8.5 · 4 + 8.75 = 59.25 (9 and one 8.25 dropped); / 7 = 8.464285… = 8.46
    # Rounded first, then times 1.33: (8.25 + 8.18 + 8.46) · 1.33 = 24.89 · 1.33 = 33.1037 = 33.10
    # A fall costs 1: 32.1037 = 32.10. Without the first rounding 24.8928… · 1.33 = 33.11 (33.1075)
    found = people(evaluated(tmp_path, *segment(NINE, "1")))["A"]
    assert (found["base"], found["deduction"], found["total"]) == ("33.10", "1.00", "32.10")
    assert [i["score"] for i in found["indicators"][:3]] == ["8.25", "8.18", "8.46"]


@pytest.mark.parametrize(
    ("stage", "second", "total"),
    [
        ("score", "33.10", "66.21"),  # 33.1037 · 2 = 66.2074
        ("score_dimension", "33.10", "66.20"),
        ("score_indicator", "33.10", "66.20"),  # 10.97 + 10.88 + 11.25
        ("score_dimension", "32.92", "66.02"),  # 8.25 · 3 · 1.33 = 32.9175
        ("score_indicator", "32.91", "66.01"),  # 8.25 · 1.33 = 10.9725, and 10.97 · 3
    ],
)
def test_two_segments_are_rounded_before_they_are_added(
    tmp_path: Path, stage: str, second: str, total: str
) -> None:
    """Components rounded first, then segments or factored components; 33.10 for the first one."""
    marks = NINE if second == "33.10" else [NINE[0]] * 3
    rubric, panel, rows = segment([*NINE, *marks], "0")
    six = scaled("0.25", "10", *["1.33"] * 6)
    indicators = six["dimensions"][0]["indicators"]
    rubric["points"] = six["points"]
    rubric["dimensions"] = [
        {"id": id, "name": name, "points": "39.9", "indicators": own}
        for id, name, own in (("sp", "短节目", indicators[:3]), ("fs", "自由滑", indicators[3:]))
    ]
    rounding = {"mode": "half_up", "stage": stage, "places": 2}
    panel["rules"] = {**panel["rules"], "rounding": rounding}
    found = people(evaluated(tmp_path, rubric, panel, rows))["A"]
    assert [d["points"] for d in found["dimensions"]] == ["33.10", second]
    assert found["total"] == total


def test_an_absent_judge_is_missing_and_not_zero(tmp_path: Path) -> None:
    """Result files store an absent judge as 0; here the cell is empty, and six of eight count."""
    marks = [[*own[:8], ""] for own in NINE]
    # 8.25 · 3 + 8.5 · 2 + 8 = 49.75 of six (8.75 and one 8 dropped); 8.291666… = 8.29
    #   8 · 3 + 8.25 · 3 = 48.75 (8.5 and 7.75 dropped); / 6 = 8.125 = 8.13, an exact tie
    #   8.5 · 4 + 8.25 + 8.75 = 51 (9 and one 8.25 dropped); / 6 = 8.5
    # (8.29 + 8.13 + 8.50) · 1.33 = 24.92 · 1.33 = 33.1436 = 33.14
    found = people(evaluated(tmp_path, *segment(marks, "0")))["A"]
    assert found["total"] == "33.14"
    assert [i["n"] for i in found["indicators"][:3]] == [6, 6, 6]
    zero = [[*own[:8], "0"] for own in NINE]
    with pytest.raises(InputError, match=r"“0”小于 0\.25，不能打分"):
        evaluated(tmp_path, *segment(zero, "0"))


def test_seven_judges(tmp_path: Path) -> None:
    """With seven judges five count: 8.25, 8.5, 8, 8.25, 8.5 = 41.5 / 5 = 8.3 on the first."""
    found = people(evaluated(tmp_path, *segment([own[:7] for own in NINE], "0")))["A"]
    assert found["indicators"][0]["n"] == 5
    assert Fraction(found["indicators"][0]["sum"]) == Fraction("41.5")


def test_an_element_with_a_base_value(tmp_path: Path) -> None:
    """Base value 5.30 and grades of execution −5…5 at 10 % of it: the mean of +2, +3, +3 is 8/3."""
    # 5.30 + 8/3 · 0.53 = 5.30 + 1.41333… = 6.71
    rubric = scaled("-5", "5", "0.53")
    base = {"id": "base", "name": "基础分值", "points": "20", "kind": "quantitative"}
    rubric["dimensions"][0]["indicators"].append(base)
    rubric["points"] = rubric["dimensions"][0]["points"] = "22.65"
    line = [{"value": "20", "points": "20"}, {"value": "0", "points": "0"}]
    value = {"method": "piecewise", "better": "higher", "knots": line, "outside": "clip"}
    rules = {
        "step": "1",
        "aggregation": TRIMMED,
        "measures": {"missing": "refuse", "indicators": {"base": value}},
    }
    rows = [("A", f"e{n}", "i1", mark, "") for n, mark in enumerate(("2", "3", "-1", "4", "3"), 1)]
    rows.append(("A", "measured", "base", "5.30", "技术记录"))
    found = people(evaluated(tmp_path, rubric, panel_data(5, ["A"], rules), rows))["A"]
    assert found["total"] == "6.71"


def test_a_grant_panel_with_grades_and_incomplete_assignment(tmp_path: Path) -> None:
    """Six reviewers, three for each proposal; 1.0 is best; the chain compares quality first."""
    rubric = scaled("1", "5", "0.5", "0.5") | {"better": "lower"}
    assignment = {"A": ["e1", "e2", "e3"], "B": ["e2", "e4", "e6"], "C": ["e3", "e5", "e6"]}
    marks = {
        "A": [("1.5", "2.0"), ("2.0", "1.5"), ("1.5", "1.5")],  # 5 + 5 = 10; · 0.5 / 3 = 1.67
        "B": [("1.0", "2.5"), ("1.5", "2.0"), ("1.5", "1.5")],  # 4 + 6 = 10; · 0.5 / 3 = 1.67
        "C": [("3.0", "2.0"), ("2.5", "2.5"), ("4.0", "3.5")],  # 9.5 + 8 = 17.5; 2.92
    }
    rules = {
        "step": "0.1",
        "rounding": {"mode": "half_up", "stage": "total", "places": 2},
        "ties": ["indicator:i1"],
    }
    panel = panel_data(6, list(marks), rules, assignment=assignment)
    rows = [
        (a, e, f"i{n}", mark, "")
        for a, sheets in marks.items()
        for e, own in zip(assignment[a], sheets, strict=True)
        for n, mark in enumerate(own, 1)
    ]
    found = people(evaluated(tmp_path, rubric, panel, rows))
    assert {a: row["total"] for a, row in found.items()} == {"A": "1.67", "B": "1.67", "C": "2.92"}
    assert {a: row["rank"] for a, row in found.items()} == {"A": 2, "B": 1, "C": 3}


def test_an_impact_score(tmp_path: Path) -> None:
    """From 1 (best) to 9, the mean times 10, whole: 2, 2, 3, 2 give 22.5 = 23; 3, 3, 2 give 27."""
    rubric = scaled("1", "9", "10") | {"better": "lower"}
    rules = {
        "step": "1",
        "missing": "exclude",
        "rounding": {"mode": "half_up", "stage": "total", "places": 0},
    }
    marks = {"A": ["2", "2", "3", "2"], "B": ["3", "3", "2", ""]}
    rows = [(a, f"e{n}", "i1", m, "") for a, own in marks.items() for n, m in enumerate(own, 1)]
    found = people(evaluated(tmp_path, rubric, panel_data(4, list(marks), rules), rows))
    assert {a: (row["total"], row["rank"]) for a, row in found.items()} == {
        "A": ("23", 1),
        "B": ("27", 2),
    }


def test_weighted_groups_of_experts(tmp_path: Path) -> None:
    """Technical experts 70 % and financial ones 30 %: shared among three and two of them."""
    # 0.70 / 3 is no decimal: the weights 14, 14, 14, 9, 9 (of 60) stand for 70 : 30
    # (14 · (80 + 85 + 90) + 9 · (60 + 70)) / 60 = (3570 + 1170) / 60 = 79
    weights = {"e1": "14", "e2": "14", "e3": "14", "e4": "9", "e5": "9"}
    rules = {"aggregation": {"method": "mean", "level": "indicator", "weights": weights}}
    marks = ("80", "85", "90", "60", "70")
    rows = [("A", f"e{n}", "i1", m, "") for n, m in enumerate(marks, 1)]
    found = people(evaluated(tmp_path, rubric_data([100]), panel_data(5, ["A"], rules), rows))
    assert found["A"]["total"] == "79.00"


def test_marks_out_of_a_hundred_with_weights(tmp_path: Path) -> None:
    """Each item is marked out of 100 and weighs 35, 40 and 25 %; five judges, ends dropped."""
    rubric = scaled("0", "100", "0.35", "0.4", "0.25")
    rows = []
    for item, marks in enumerate(
        (
            ("80", "82", "84", "90", "70"),
            ("75", "75", "78", "80", "60"),
            ("90", "88", "86", "95", "85"),
        ),
        1,
    ):
        rows += [("A", f"e{n}", f"i{item}", m, "") for n, m in enumerate(marks, 1)]
    # 246/3 · 0.35 + 228/3 · 0.4 + 264/3 · 0.25 = 82 · 0.35 + 76 · 0.4 + 88 · 0.25
    #   = 28.7 + 30.4 + 22 = 81.1
    panel = panel_data(5, ["A"], {"aggregation": TRIMMED, "step": "1"})
    found = people(evaluated(tmp_path, rubric, panel, rows))["A"]
    assert found["total"] == "81.10"
    assert found["indicators"][0]["factor"] == "0.35"


# A common scale


def near(percent: str, at: str = "keep", least: int = 3, level: str = "indicator") -> Any:
    """The mean of what is within a share of the mean of all."""
    return {
        "method": "near_mean",
        "level": level,
        "percent": percent,
        "at_percent": at,
        "min_left": least,
        "below_min_left": "mean",
    }


def shares(percent: str, rounded: str, **more: Any) -> dict[str, Any]:
    """A trimmed mean of a share of the scores at either end."""
    share = {"percent": percent, "rounded": rounded}
    return {**TRIMMED, "drop_highest": share, "drop_lowest": dict(share), "min_n": 3, **more}


def scaled_to(to: Any, **more: Any) -> dict[str, Any]:
    """The rule of conversion."""
    rule = {"to": to, "spread": "population", "digits": 2, "min_n": 2, "below_min_n": "as_scored"}
    return rule | {"all_equal": "mean", "outside": "clip"} | more


def marked(
    tmp_path: Path, marks: list[str], rule: dict[str, Any], **more: Any
) -> dict[str, dict[str, Any]]:
    """Experts e1, e2 … on one indicator of 100 points, applicants a0, a1 …; - is unscored."""
    rows = [
        (f"a{n}", f"e{e}", "i1", "unscored" if m == "-" else m, "缺页" if m == "-" else "")
        for e, own in enumerate(marks, 1)
        for n, m in enumerate(own.split())
    ]
    ids = [f"a{n}" for n in range(len(marks[0].split()))]
    panel = panel_data(len(marks), ids, {"standardise": rule, **more})
    return people(evaluated(tmp_path, scaled("0", "100", "1"), panel, rows))


T_SCORES = {"mean": "50", "spread": "10"}


@pytest.mark.parametrize(
    ("marks", "rule", "totals"),
    [
        # mean 5, deviation √(32/8) = 2: z = -1.5, -0.5 …, 0, 1, 2; T = 50 + 10 z [T08]
        ("2 4 4 4 5 5 7 9", {}, "35.00 45.00 45.00 45.00 50.00 50.00 60.00 70.00"),
        # √(32/7) = 2.13809… = 2.14: 50 - 30/2.14 = 35.981…, - 10/2.14 = 45.327…, 59.346, 68.692
        ("2 4 4 4 5 5 7 9", {"spread": "sample"},
         "35.98 45.33 45.33 45.33 50.00 50.00 59.35 68.69"),
        # to one digit: 2.1, and 50 - 30/2.1 = 35.71… = 35.7
        ("2 4 4 4 5 5 7 9", {"spread": "sample", "digits": 1},
         "35.70 45.20 45.20 45.20 50.00 50.00 59.50 69.00"),
        # all the same: no spread, the mean
        ("7 7 7", {}, "50.00 50.00 50.00"),
        # one score is fewer than two: as it was scored
        ("7 - -", {}, "7.00 None None"),
        # out of the scale: 100 of eleven: mean 9.09…, √826.45 = 28.75; 70 - 20 · 9.09/28.75 = 63.68
        ("0 0 0 0 0 0 0 0 0 0 100", {"to": {"mean": "70", "spread": "20"}},
         "63.68 63.68 63.68 63.68 63.68 63.68 63.68 63.68 63.68 63.68 100.00"),
    ],
)  # fmt: skip
def test_scores_on_a_declared_scale(
    tmp_path: Path, marks: str, rule: dict[str, Any], totals: str
) -> None:
    """T scores of the usual example of a standard deviation; the root is rounded as declared."""
    found = marked(tmp_path, [marks], scaled_to(rule.get("to", T_SCORES)) | rule)
    assert " ".join(str(row["total"]) for row in found.values()) == totals


def test_a_harsh_and_a_lenient_expert_agree_on_the_panels_scale(tmp_path: Path) -> None:
    """e1 60 70 80 and e2 80 85 90: the same order, so each applicant gets the same from both."""
    # all six: mean 77.5, Σ² = 225 · … variance (306.25 + 56.25 + 6.25 + 6.25 + 56.25 + 156.25) / 6
    #   = 587.5 / 6 = 97.916…, root 9.895… = 9.90; e1: root(200/3) = 8.16, e2: root(50/3) = 4.08
    # a0: 77.5 - 9.90 · 10 / 8.16 = 65.367… = 65.37 and 77.5 - 9.90 · 5 / 4.08 = 65.37
    found = marked(tmp_path, ["60 70 80", "80 85 90"], scaled_to("panel"))
    assert [row["total"] for row in found.values()] == ["65.37", "77.50", "89.63"]
    (cell,) = found["a0"]["indicators"]
    scores = [(s["points"], s["converted"]) for s in cell["scores"]]
    assert scores == [("60", "65.37"), ("80", "65.37")]
    assert cell["sum"] == "130.74"


def test_conversion_turns_an_order_that_assignment_made(tmp_path: Path) -> None:
    """Who was scored by the harsh expert alone is not behind for that."""
    marks = ["50 60 70 -", "- 80 85 90"]
    raw = marked(tmp_path, marks, scaled_to("panel", min_n=9))
    even = marked(tmp_path, marks, scaled_to("panel"))
    assert [row["total"] for row in raw.values()] == ["50.00", "70.00", "77.50", "90.00"]
    # all six: mean 72.5, Σ(x − 72.5)² = 1187.5, root(1187.5 / 6) = 14.07; own roots 8.16 and 4.08
    # a0: 72.5 − 14.07 · 10/8.16 = 55.26; a1: (72.5 + 55.26)/2 = 63.88; a2: (89.74 + 72.5)/2
    assert [row["total"] for row in even.values()] == ["55.26", "63.88", "81.12", "89.74"]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (scaled_to("panel", min_n=1), "min_n 至少是 2：一个评分没有标准差"),
        (scaled_to({"mean": "50", "spread": "0"}), "换算后的标准差须大于 0"),
        (scaled_to("panel", digits=5), "“5”太大，最大是 4"),
        (scaled_to("panel", outside="keep"), "“keep”不可用，可选：clip"),
    ],
)
def test_conversions_that_cannot_be(tmp_path: Path, rule: dict[str, Any], said: str) -> None:
    """Nothing that would divide by nothing, or publish more than full points."""
    with pytest.raises(InputError, match=said):
        marked(tmp_path, ["1 2 3"], rule)


@pytest.mark.parametrize(
    "more",
    [
        {"standardise": scaled_to("panel")},
        {"placings": {"of": "base", "tied": "mean", "incomplete": "refuse"}},
        {"minimums": [{"of": "indicator:i1", "at_least": "40"}]},
        {"ties": ["unrounded:total", "worst_sheet"]},
        {"aggregation": near("30")},
        {"aggregation": near("30", level="total")},
        {"aggregation": shares("20", "up", min_n=4)},
        {"rounding": {"mode": "down", "stage": "indicator", "places": 1, "step": "0.5"}},
    ],
)
def test_the_analysis_under_every_rule(tmp_path: Path, more: dict[str, Any]) -> None:
    """Drawn once each, the experts give the official order; what cannot be said has its reason."""
    rubric = scaled("0", "100", "1")
    marks = ["60 70 80 55", "80 85 90 30", "75 80 70 60", "90 62 61 61"]
    rows = [
        (f"a{n}", f"e{e}", "i1", m, "")
        for e, own in enumerate(marks, 1)
        for n, m in enumerate(own.split())
    ]
    rules = {**more, "selection": {"places": 2, "tie_at_cut": "all"}}
    panel = panel_data(4, [f"a{n}" for n in range(4)], rules)
    results = evaluated(tmp_path, rubric, panel, rows)
    once = np.ones((1, 1, 4), dtype=np.int16)
    found = by_function(results, once, np.zeros(4, dtype=np.int64))
    ranked = results.rank > 0
    assert np.array_equal(found.known[0], ranked)
    assert np.array_equal(found.total[0][ranked], results.total[ranked])
    order = np.argsort(-found.order[0][ranked], kind="stable")
    assert (np.diff(results.rank[ranked][order]) >= 0).all()
    if (quick := formula(results)) is not None:
        same = quick(once, np.zeros(4, dtype=np.int64))
        assert np.array_equal(same.order[0][ranked], found.order[0][ranked])
    said = analyse(results.rubric, results.panel, results.facts, results, seed=1)
    refused = {"placings": {"weights", "line"}, "minimums": {"line"}}.get(next(iter(more)), set())
    for key in ("weights", "line"):
        empty = any(row[key] is None for row in said.applicants if row["rank"])
        assert empty == (key in refused)
        assert (key in said.reasons) == (key in refused)


# Shares, deviations, minimums


WIKI = "92 19 101 58 1053 91 26 78 10 13 -40 101 86 85 15 89 89 28 -5 41"


def averaged(tmp_path: Path, marks: str, rule: dict[str, Any]) -> dict[str, Any]:
    """The one indicator of one applicant with these marks from -1000 to 2000."""
    rows = [("A", f"e{n}", "i1", m, "") for n, m in enumerate(marks.split(), 1)]
    panel = panel_data(len(rows), ["A"], {"step": "0.5", "aggregation": rule})
    found = people(evaluated(tmp_path, scaled("-1000", "2000", "1"), panel, rows))["A"]
    return {"total": found["total"], **found["indicators"][0]}


@pytest.mark.parametrize(
    ("rule", "n", "total"),
    [
        # the examples of winsorising: 5 % of 20 is one at either end
        (shares("5", "down"), 18, "56.50"),
        (shares("5", "down", method="winsorised_mean"), 20, "55.65"),
        # 12 % of 20 is 2.4: two, or with rounding up three at either end
        (shares("12", "half_up"), 16, "57.56"),  # 2030 - 1053 - 101 + 40 + 5 = 921; 921 / 16
        (shares("12", "up"), 14, "57.86"),  # 921 - 101 - 10 = 810; 810 / 14
        # 2 % of 20 is 0.4: none, and that is no want of scores
        (shares("2", "down"), 20, "101.50"),
        (shares("5", "down", min_n=21), 20, "101.50"),
    ],
)
def test_trimming_by_share(tmp_path: Path, rule: dict[str, Any], n: int, total: str) -> None:
    """The data of [TM63]_'s usual illustration (mean 101.5), however the number is rounded."""
    found = averaged(tmp_path, WIKI, rule)
    assert (found["n"], found["total"]) == (n, total)
    assert found["flags"] == (["not_trimmed"] if rule["min_n"] == 21 else [])


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ({"percent": "0", "rounded": "up"}, "percent 须大于 0，两头合计不超过 90"),
        ({"percent": "46", "rounded": "up"}, "percent 须大于 0，两头合计不超过 90"),
        ({"percent": "40", "rounded": "up"}, "min_n 须大于 drop_highest 与 drop_lowest 之和"),
        ({"percent": "10"}, "rounded：缺少这一项"),
    ],
)
def test_shares_that_leave_nothing(tmp_path: Path, ends: dict[str, str], said: str) -> None:
    """40 % up of three is two at either end; of four it is two as well."""
    rule = {**TRIMMED, "drop_highest": ends, "drop_lowest": dict(ends), "min_n": 4}
    with pytest.raises(InputError, match=said):
        averaged(tmp_path, "1 2 3 4 5", rule)


@pytest.mark.parametrize("level", ["indicator", "total"])
@pytest.mark.parametrize(
    ("marks", "rule", "n", "total", "flags"),
    [
        # mean 80: 20 % are 16, from 64 to 96; 60 goes, and the rest is 340 / 4
        ("60 80 85 85 90", ("20", "keep", 3), 4, "85.00", []),
        # mean 80: 64 and 96 are exactly so far
        ("64 80 80 80 96", ("20", "keep", 3), 5, "80.00", []),
        ("64 80 80 80 96", ("20", "drop", 3), 3, "80.00", []),
        # compared once: without 10 the mean is 84, and 60 would be too far from that
        ("60 90 92 94 10", ("40", "keep", 3), 4, "84.00", []),
        # two are left of four, fewer than three: all four count
        ("0 50 50 100", ("50", "drop", 3), 4, "50.00", ["too_few_left"]),
        ("0 50 50 100", ("50", "drop", 2), 2, "50.00", []),
        ("0 50 50 101", ("50", "keep", 3), 4, "50.25", ["too_few_left"]),
        ("0 0 0", ("10", "drop", 1), 3, "0.00", []),
        ("-60 -80 -85 -85 -90", ("20", "keep", 3), 4, "-85.00", []),
    ],
)
def test_scores_far_from_the_mean(
    tmp_path: Path, marks: str, rule: Any, n: int, total: str, flags: list[str], level: str
) -> None:
    """More than a share of the mean of all away: one pass, the boundary as declared."""
    found = averaged(tmp_path, marks, near(*rule, level=level))
    assert (found["n"], found["total"], found["flags"]) == (n, total, flags)


def test_what_is_too_far_is_told_apart_from_the_highest(tmp_path: Path) -> None:
    """Each score says what became of it, and the words say why; weights weigh the mean of all."""
    found = averaged(tmp_path, "60 80 85 85 90", near("20"))
    uses = [score["use"] for score in found["scores"]]
    assert uses == ["dropped_below", "counted", "counted", "counted", "counted"]
    # (10 · 0 + 90 + 90) / 12 = 15 and not 60: 0 stays, and 90 goes twice
    weights = {"e1": "10", "e2": "1", "e3": "1"}
    rule = near("100", least=1) | {"weights": weights}
    found = averaged(tmp_path, "0 90 90", rule)
    assert (found["n"], found["total"]) == (1, "0.00")


@pytest.mark.parametrize(
    ("bounds", "ranks", "missed"),
    [
        # A 9 + 4 = 13, B 6 + 5 = 11, C 5 + 6 = 11 (i1 + i2)
        ({"indicator:i2": "4.5"}, [None, 1, 1], ["indicator:i2"]),
        ({"indicator:i2": "4"}, [1, 2, 2], []),
        ({"total": "11.5", "indicator:i2": "4.5"}, [None, None, None], ["indicator:i2"]),
        ({"base": "13"}, [1, None, None], []),
    ],
)
def test_a_minimum_is_a_condition_of_rank(
    tmp_path: Path, bounds: dict[str, str], ranks: list[int | None], missed: list[str]
) -> None:
    """Who misses it keeps the points, has no rank, takes none, and is told why."""
    rules = {
        "minimums": [{"of": of, "at_least": bound} for of, bound in bounds.items()],
        "selection": {"places": 2, "tie_at_cut": "all"},
    }
    marks = {"A": ("9", "4"), "B": ("6", "5"), "C": ("5", "6")}
    rows = [(a, "e1", f"i{n}", m, "") for a, own in marks.items() for n, m in enumerate(own, 1)]
    results = evaluated(tmp_path, rubric_data([10, 10]), panel_data(1, list(marks), rules), rows)
    found = people(results)
    assert [row["rank"] for row in found.values()] == ranks
    assert found["A"]["missed"] == missed
    assert found["A"]["total"] == "13.00"
    assert [row["selected"] == "yes" for row in found.values()] == [r is not None for r in ranks]
    said = [text.render() for text in explain.rules(results.rubric, results.panel)]
    assert sum("没有达到最低分" in text for text in said) == 1
    page = outcome(read(json.dumps(Views(results).applicant("A")))).html
    assert ("没有达到参加排名的最低分（指标2），不参加排名。" in page) == bool(missed)


@pytest.mark.parametrize(
    ("marks", "rank"),
    [("3 3 4", 1), ("2.5 5 5", None), ("3 3 3.5", None), ("5 5 0", None), ("3 3.5 3.5", 1)],
)
def test_thresholds_of_a_research_programme(tmp_path: Path, marks: str, rank: int | None) -> None:
    """[HE22]_: three criteria of 5 points in halves, at least 3 on each and 10 in all."""
    minimums = [{"of": f"indicator:i{n}", "at_least": "3"} for n in (1, 2, 3)]
    rules = {"minimums": [*minimums, {"of": "total", "at_least": "10"}]}
    rows = [("A", "e1", f"i{n}", m, "") for n, m in enumerate(marks.split(), 1)]
    found = people(evaluated(tmp_path, rubric_data([5, 5, 5]), panel_data(1, ["A"], rules), rows))
    assert found["A"]["rank"] == rank


@pytest.mark.parametrize(
    ("minimum", "better", "said"),
    [
        ({"of": "indicator:i9", "at_least": "1"}, "higher", "“indicator:i9”不可用，可选：total、"),
        ({"of": "total", "at_least": "11"}, "higher", "11 高过满分 10，没有对象能达到"),
        ({"of": "total", "at_most": "9"}, "higher", "总分越高越好的，分数线写 at_least"),
        ({"of": "total", "at_least": "9"}, "lower", "总分越低越好的，分数线写 at_most"),
        ({"of": "total"}, "higher", "须写一个分数线"),
    ],
)
def test_minimums_that_do_not_fit(
    tmp_path: Path, minimum: dict[str, str], better: str, said: str
) -> None:
    """A number that is not published, out of reach, or drawn for the other direction."""
    data = rubric_data([10]) | {"better": better}
    with pytest.raises(InputError, match=said):
        evaluated(tmp_path, data, panel_data(1, ["A"], {"minimums": [minimum]}), [])


# Runs


@pytest.mark.parametrize(
    ("runs", "total"),
    [
        ("93.75 88.50 94.50", "188.25"),
        ("94.50 93.00 73.50", "187.50"),
        ("89.25 93.25 26.00", "182.50"),
        ("- 80 -", "160.00"),  # one run alone: its mean, twice; not a run of 0
        ("0 80 -", "80.00"),
    ],
)
@pytest.mark.parametrize("level", ["indicator", "total"])
def test_the_best_two_of_three_runs(tmp_path: Path, runs: str, total: str, level: str) -> None:
    """[BA22]_: in big air the best two of three runs are added; each run has a seat of its own."""
    rubric = scaled("0", "100", "2")
    rule = {"method": "best_of", "level": level, "count": 2, "below_count": "mean"}
    rows = [("A", f"e{n}", "i1", m, "") for n, m in enumerate(runs.split(), 1) if m != "-"]
    rules = {"step": "0.25", "missing": "exclude", "aggregation": rule}
    found = people(evaluated(tmp_path, rubric, panel_data(3, ["A"], rules), rows))["A"]
    assert found["total"] == total
    uses = [score["use"] for score in found["indicators"][0]["scores"]]
    assert uses.count("dropped_lowest") == (0 if "-" in runs else 1)


def test_the_best_is_the_least_where_less_is_better(tmp_path: Path) -> None:
    """The fastest of three: 9.8, and 10.1 goes as the highest; no run is no time."""
    rubric = scaled("0", "100", "1") | {"better": "lower"}
    rule = {"method": "best_of", "level": "indicator", "count": 1, "below_count": "mean"}
    marks = {"A": "10.1 9.8 9.9", "B": "9.7 - -"}
    rows = [
        (a, f"e{n}", "i1", m, "")
        for a, own in marks.items()
        for n, m in enumerate(own.split(), 1)
        if m != "-"
    ]
    rules = {"step": "0.1", "missing": "exclude", "aggregation": rule}
    found = people(evaluated(tmp_path, rubric, panel_data(3, list(marks), rules), rows))
    assert [(row["total"], row["rank"]) for row in found.values()] == [("9.80", 2), ("9.70", 1)]
    none = rules | {"aggregation": rule | {"count": 0}}
    with pytest.raises(InputError, match="count 至少是 1"):
        evaluated(tmp_path, rubric, panel_data(3, list(marks), none), rows)


# Placings and ties


EXECUTIVES = ["1 6 3 2 5 4", "1 5 6 4 2 3", "6 3 2 5 4 1"]
TIED = [
    "1 4.5 2 4.5 3 7.5 6 9 7.5 10",
    "2.5 1 2.5 4.5 4.5 8 9 6.5 10 6.5",
    "2 1 4.5 4.5 4.5 4.5 8 8 8 10",
]
PLACINGS = {"of": "base", "tied": "mean", "incomplete": "refuse"}


def placing(marks: list[str], **more: Any) -> tuple[Any, Any, Any]:
    """One indicator of 20 points, better the lower, on which experts rank applicants a0, a1 …."""
    rubric = scaled("0", "20", "1") | {"better": "lower"}
    rows = [
        (f"a{n}", f"e{e}", "i1", "recused" if m == "-" else m, "回避" if m == "-" else "")
        for e, own in enumerate(marks, 1)
        for n, m in enumerate(own.split())
    ]
    people = [f"a{n}" for n in range(len(marks[0].split()))]
    rules = {"missing": "exclude", "placings": {**PLACINGS, **more}}
    return rubric, panel_data(len(marks), people, rules), rows


@pytest.mark.parametrize(
    ("marks", "sums"),
    [
        (EXECUTIVES, "8 14 11 11 11 8"),
        (TIED, "5.5 6.5 9 13.5 12 20 23 23.5 25.5 26.5"),
    ],
    ids=["no ties", "ties"],
)
def test_sums_of_placings_as_printed(tmp_path: Path, marks: list[str], sums: str) -> None:
    """The two examples of [S56]_ chapter 9: sums of the ranks, tied ones at the mean rank."""
    found = people(evaluated(tmp_path, *placing(marks)))
    assert [row["placings"] for row in found.values()] == sums.split()
    order = sorted(sums.split(), key=float)
    ranks = [1 + order.index(s) for s in sums.split()]
    assert [row["rank"] for row in found.values()] == ranks
    places = [own["placed_by"]["e1"] for own in found.values()]
    assert places == marks[0].split()


def test_placings_may_turn_the_order_of_totals(tmp_path: Path) -> None:
    """Two of three experts put A first by 1 point, the third B by 9: B has more points, A wins."""
    rubric = scaled("0", "10", "1")
    marks = {"A": "10 10 0", "B": "9 9 9", "C": "9 0 0"}
    rows = [
        (a, f"e{n}", "i1", m, "") for a, own in marks.items() for n, m in enumerate(own.split(), 1)
    ]
    # tied at the least place: e1 1 2 2, e2 1 2 3, e3 2 1 2: sums 4, 5, 7; at the mean C has 8
    for tied, sums in (("least", ["4", "5", "7"]), ("mean", ["4.5", "5.5", "8"])):
        rules = {"placings": {**PLACINGS, "tied": tied}, "ties": ["total"]}
        results = evaluated(tmp_path, rubric, panel_data(3, list(marks), rules), rows)
        found = people(results)
        assert [row["rank"] for row in found.values()] == [1, 2, 3]
        assert [row["placings"] for row in found.values()] == sums
        assert [row["total"] for row in found.values()] == ["6.67", "9.00", "3.00"]


def test_an_expert_without_a_sheet_for_everybody_places_nobody(tmp_path: Path) -> None:
    """Else sums would be of different numbers of placings; the rule refuses or leaves him out."""
    gap = [EXECUTIVES[0], EXECUTIVES[1], "6 3 2 5 4 -"]
    with pytest.raises(Refused, match="e3 没有给 a5 打齐"):
        evaluated(tmp_path, *placing(gap))
    found = people(evaluated(tmp_path, *placing(gap, incomplete="exclude_expert")))
    assert [row["placings"] for row in found.values()] == ["2", "11", "9", "6", "7", "7"]
    assert all("e3" not in row["placed_by"] for row in found.values())
    with pytest.raises(Refused, match="须有专家给每个参加排名的对象都打齐"):
        evaluated(tmp_path, *placing(["1 -", "- 1"], incomplete="exclude_expert"))


def test_placings_contradict_weights_and_a_missing_bonus(tmp_path: Path) -> None:
    """Each placing weighs the same; a total with bonus needs one."""
    rubric, panel, rows = placing(EXECUTIVES)
    weights = {"e1": "1", "e2": "1", "e3": "2"}
    panel["rules"] |= {"aggregation": {"method": "mean", "level": "indicator", "weights": weights}}
    panel["rules"]["placings"] = {**PLACINGS, "of": "base_and_bonus"}
    with pytest.raises(InputError) as caught:
        evaluated(tmp_path, rubric, panel, rows)
    assert "rules.placings：名次之和里各位专家的名次一样重" in caught.value.render()
    assert "rules.placings.of：没有加分项，请写 base" in caught.value.render()


@pytest.mark.parametrize(
    ("key", "marks", "ranks"),
    [
        # 25/3 and 24.9/3 are 8.3 both; unrounded A is ahead
        ("unrounded:total", {"A": "8 8 9", "B": "8 8 8.9"}, [1, 2]),
        ("unrounded:dimension:d1", {"A": "8 8 8.9", "B": "8 8 9"}, [2, 1]),
        ("unrounded:indicator:i1", {"A": "8 8 9", "B": "8 9 8"}, [1, 1]),
        ("worst_sheet", {"A": "7 8 9", "B": "8 8 8"}, [2, 1]),
        ("best_sheet", {"A": "7 8 9", "B": "8 8 8"}, [1, 2]),
        ("worst_score:i1", {"A": "7 8 9", "B": "7 7.5 9.5"}, [1, 1]),
        ("best_score:i1", {"A": "7 8 9", "B": "7 7.5 9.5"}, [2, 1]),
        # the greater number of tens goes first, as among archers [Th78]_
        ("top_scores", {"A": "10 10 7", "B": "9 9 9", "C": "10 8.5 8.5"}, [1, 3, 2]),
        ("top_scores", {"A": "10 9 8", "B": "8 9 10"}, [1, 1]),
    ],
)
def test_ties_may_look_behind_published_numbers(
    tmp_path: Path, key: str, marks: dict[str, str], ranks: list[int]
) -> None:
    """Equal published totals, told apart by exact values or by single scores, or sharing a rank."""
    rubric = scaled("0", "10", "1")
    rules = {
        "step": "0.1",
        "missing": "exclude",
        "ties": [key],
        "rounding": {"mode": "half_up", "stage": "total", "places": 1},
    }
    rows = [
        (a, f"e{n}", "i1", m, "") for a, own in marks.items() for n, m in enumerate(own.split(), 1)
    ]
    results = evaluated(tmp_path, rubric, panel_data(3, list(marks), rules), rows)
    found = people(results)
    assert len({row["total"] for row in found.values()}) == 1
    assert [row["rank"] for row in found.values()] == ranks
    said = [text.render() for text in explain.rules(results.rubric, results.panel)]
    assert any("依次比较" in text for text in said)


# Rounding as standards print it


def published(tmp_path: Path, value: str, **rounding: Any) -> str | None:
    """The total that one expert's score comes to."""
    rubric = scaled("-1000", "1000", "1")
    rules = {"step": "0.01", "rounding": {"stage": "total", **rounding}}
    results = evaluated(
        tmp_path, rubric, panel_data(1, ["A"], rules), [("A", "e1", "i1", value, "")]
    )
    total: str | None = people(results)["A"]["total"]
    return total


@pytest.mark.parametrize(
    ("value", "step", "total"),
    [
        ("60.25", "0.5", "60.0"),  # 2 · 60.25 = 120.50 = 120 (even)
        ("60.38", "0.5", "60.5"),  # 120.76 = 121
        ("60.28", "0.5", "60.5"),  # 120.56 = 121
        ("-60.75", "0.5", "-61.0"),  # -121.50 = -122
        ("830", "20", "840.0"),  # 5 · 830 = 4150 = 4200 (in hundreds)
        ("842", "20", "840.0"),
        ("832", "20", "840.0"),
        ("-930", "20", "-920.0"),  # -4650 = -4600
    ],
)
def test_the_half_and_fifth_units_of_gb8170(
    tmp_path: Path, value: str, step: str, total: str
) -> None:
    """The units of [GB8170]_: to multiples of 0.5 and of 20, ties to the even one."""
    assert published(tmp_path, value, mode="half_even", places=1, step=step) == total


@pytest.mark.parametrize(
    ("value", "rule", "total"),
    [
        ("12.32", {"mode": "up", "places": 1}, "12.4"),  # a hand time goes up to the next 0.1 s
        ("10.11", {"mode": "up", "places": 1}, "10.2"),
        ("8.99", {"mode": "down", "places": 1}, "8.9"),
        ("8.95", {"mode": "half_up", "places": 1}, "9.0"),
        ("8.85", {"mode": "half_even", "places": 1}, "8.8"),
        ("8.25", {"mode": "half_up", "places": 1, "step": "0.5"}, "8.5"),
        ("8.49", {"mode": "down", "places": 1, "step": "0.5"}, "8.0"),
        ("8.01", {"mode": "up", "places": 2, "step": "0.25"}, "8.25"),
        ("-8.01", {"mode": "up", "places": 0}, "-9"),
        ("-8.99", {"mode": "down", "places": 0}, "-8"),
    ],
)
def test_other_modes_of_rounding(tmp_path: Path, value: str, rule: Any, total: str) -> None:
    """Up as hand times [MT]_; down towards zero, up away from it; to steps."""
    assert published(tmp_path, value, **rule) == total


@pytest.mark.parametrize(
    ("rounding", "said"),
    [
        ({"step": "0.25", "places": 1}, "rounding.step：须大于 0，且用 1 位小数写得出"),
        ({"step": "0", "places": 1}, "rounding.step：须大于 0"),
        ({"step": "0.3", "places": 1}, "rounding.step：这些项目的分值不是 0.3 的倍数：指标1"),
        ({"mode": "floor", "places": 1}, "“floor”不可用，可选：half_up、half_even、down 或 up"),
    ],
)
def test_roundings_that_do_not_fit(tmp_path: Path, rounding: Any, said: str) -> None:
    """A step that the places cannot write, and full points that no published number could be."""
    with pytest.raises(InputError, match=said):
        published(tmp_path, "8", **{"mode": "half_up", **rounding})


# The recipes of docs/formats.md


POINTS = {
    "method": "piecewise",
    "better": "higher",
    "knots": [{"value": "20", "points": "20"}, {"value": "0", "points": "0"}],
    "outside": "extend",
}

MIDDLE = {**TRIMMED, "drop_highest": 2, "drop_lowest": 2, "min_n": 7}
"""Of seven judges three are left; smaller juries keep all."""


def recipes() -> dict[str, Any]:
    """A dive (seven judges), points by value below it, and two juries with 70 and 30 %."""
    rubric = scaled("0", "41", "3")
    (dive,) = rubric["dimensions"][0]["indicators"]
    shares = scaled("0", "100", "0.7", "0.3")["dimensions"][0]["indicators"]
    value = {"id": "value", "name": "补偿分", "points": "20", "kind": "quantitative"}
    below = {"id": "dive", "name": "动作", "indicators": [dive | {"id": "marks"}]}
    juries = [i | {"id": id} for i, id in zip(shares, ("experts", "public"), strict=True)]
    rubric["dimensions"] = [
        {"id": "round", "name": "一轮", "dimensions": [below], "indicators": [value]},
        {"id": "juries", "name": "评委会", "indicators": juries},
    ]
    return rubric | {"points": "243"}


def test_recipes_for_rounds_of_other_worlds(tmp_path: Path) -> None:
    """Points by value, three middle marks, a difficulty of its own, juries that score apart."""
    marks = {
        # (7 + 7.5 + 8) · 3.2 = 72 for the marks 6.5, 7, 7, 7.5, 8, 8, 9 at the difficulty 3.2
        "A": (["20.8", "22.4", "22.4", "24", "25.6", "25.6", "28.8"], "-4.5", "80 85 90", "60 70"),
        # 12 is no mark, but 12 · 3.0 is as much as 9 · 4.0: 36 · 3 = 108
        "B": (["36"] * 7, "23.1", "- 85 90", "60 70"),
    }
    rows = []
    for a, (dive, value, *juries) in marks.items():
        rows += [(a, f"e{n}", "marks", mark, "") for n, mark in enumerate(dive, 1)]
        rows.append((a, "measured", "value", value, "仪器"))
        for id, first, own in zip(("experts", "public"), (8, 11), juries, strict=True):
            given = enumerate(own.split(), first)
            rows += [(a, f"e{n}", id, mark, "") for n, mark in given if mark != "-"]
    rules = {
        "step": "0.05",
        "missing": "exclude",
        "aggregation": MIDDLE,
        "measures": {"missing": "refuse", "indicators": {"value": POINTS}},
    }
    found = people(evaluated(tmp_path, recipes(), panel_data(12, list(marks), rules), rows))
    points = {a: [i["points"] for i in row["indicators"]] for a, row in found.items()}
    # 85 · 0.7, and 87.5 · 0.7 where one of the jury is missing: its share stays
    assert points["A"] == ["72.00", "-4.50", "59.50", "19.50"]
    assert points["B"] == ["108.00", "23.10", "61.25", "19.50"]
    assert [(d["id"], d["points"]) for d in found["A"]["dimensions"]] == [
        ("round", "67.50"),
        ("juries", "79.00"),
    ]
    # with weights of 14 and 9 the same five give (14 · (85 + 90) + 9 · (60 + 70)) / 46 = 78.70
    weights = {"e1": "14", "e2": "14", "e3": "14", "e4": "9", "e5": "9"}
    rules = {
        "missing": "exclude",
        "aggregation": {"method": "mean", "level": "indicator", "weights": weights},
    }
    rows = [("B", f"e{n}", "i1", m, "") for n, m in enumerate(("85", "90", "60", "70"), 2)]
    found = people(evaluated(tmp_path, rubric_data([100]), panel_data(5, ["B"], rules), rows))
    assert (found["B"]["total"], points["B"][2:]) == ("78.70", ["61.25", "19.50"])


def test_the_printed_example_of_medals(tmp_path: Path) -> None:
    """The files of docs/formats.md: a median of 18.5 is gold, 17 silver, 16.5 none."""
    page = (ROOT / "docs" / "formats.md").read_text("utf-8")
    parts = list(yaml.safe_load_all(page.split("```yaml")[1].split("```")[0]))
    marks = {"A": "18.5 19 17", "B": "17 17 18", "C": "16.5 20 12"}
    rules = {"aggregation": {"method": "median", "level": "indicator"}, **parts[1]}
    rows = [
        (a, f"e{n}", "i1", mark, "")
        for a, own in marks.items()
        for n, mark in enumerate(own.split(), 1)
    ]
    panel = panel_data(3, list(marks), rules)
    found = people(evaluated(tmp_path, rubric_data([20]) | parts[0], panel, rows))
    assert [row["grade"] for row in found.values()] == ["gold", "silver", "none"]
