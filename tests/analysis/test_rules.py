"""The analysis under every kind of official rule: scales, measured values, groups, deductions."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evalkit.analysis import Line, totals
from evalkit.analysis import formula as formulas
from evalkit.analysis.formula import formula
from evalkit.analysis.line import fields, places_of
from evalkit.analysis.numbers import places_by
from evalkit.analysis.recompute import resampled
from evalkit.analysis.samples import FORMULA_ROOM, Samples, draw, resample
from evalkit.analysis.totals import Totals, by_function
from evalkit.evaluation import Results, evaluate
from evalkit.facts.tidy import from_frame
from evalkit.pages import advice, summary
from evalkit.panel.units import by_scores
from tests.support.analyses import analysed, random_scores, round_of, rows_of
from tests.support.builders import TRIMMED, frame, load, panel_data, rubric_data
from tests.support.pages_read import assert_inert, text_of
from tests.support.reference_runs import seeded
from tests.support.rounds import graded, scaled
from tests.support.views import panel as for_panel

MEDIAN = {"method": "median", "level": "indicator"}
WINSORISED = {**TRIMMED, "method": "winsorised_mean"}
WEIGHTS = {"e1": "2", "e2": "1", "e3": "1", "e4": "0.5", "e5": "1"}


def same_as_official(results: Results, found: Totals, drawn: Samples) -> None:
    """In every sample: who has a total, which, and the ranks by the declared chain of ties."""
    rules = results.panel.rules
    behind = any(by_scores(key) for key in rules.ties)
    for n, times in enumerate(drawn.counts):
        facts = resampled(results.facts, times[drawn.block])
        one = evaluate(results.rubric, results.panel, facts, trial=True)
        known = found.known[n]
        assert known.tolist() == ((one.rank > 0) & results.eligible).tolist()
        assert found.total[n][known].tolist() == one.total[known].tolist()
        if behind:
            continue  # samples compare the chain up to what looks behind published numbers
        ranks = places_by(fields(results), found.order[[n]], known[None]).rank[0]
        assert ranks.tolist() == np.where(known, one.rank, 0).tolist()


def in_step(results: Results) -> bool:
    """Samples are the official function; whether scores sorted once give the same."""
    drawn = draw(results.facts, 1, FORMULA_ROOM)
    slow = by_function(results, drawn.counts, drawn.block)
    same_as_official(results, slow, drawn)
    compute = formula(results)
    if compute is None:
        return False
    fast = compute(drawn.counts, drawn.block)
    assert np.array_equal(fast.known, slow.known)
    assert np.array_equal(fast.total[fast.known], slow.total[slow.known])
    assert np.array_equal(fast.order[fast.known], slow.order[slow.known])
    return True


def test_samples_of_random_rounds_are_the_official_function() -> None:
    """Any combination of scales, methods, weights, measured values, bonus, stages and ties."""
    tried = {True: 0, False: 0}
    for seed in range(120):
        results = seeded(seed)
        if results.panel.rules.standardise is not None:
            continue  # samples keep the means and deviations of all experts
        drawn = draw(results.facts, seed, FORMULA_ROOM)
        some = np.random.default_rng(seed).choice(len(drawn.counts), 4)
        few = Samples(drawn.counts[some], drawn.ways[some], drawn.block, drawn.exact)
        same_as_official(results, by_function(results, few.counts, few.block), few)
        compute = formula(results)
        tried[compute is not None] += bool((results.rank > 0).any())
        if compute is not None:
            same_as_official(results, compute(few.counts, few.block), few)
        else:
            rule = results.panel.rules.aggregation
            assert rule.weights or rule.level == "total" or rule.method == "near_mean"
    assert min(tried.values()) > 20


def test_neither_blocks_nor_rounding_beforehand_change_a_total(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One applicant and one sample at a time, every sum rounded once, and what is dropped looked up
    in all samples or in none: the same totals.
    """
    rounded = 0
    for seed in range(60):
        results = seeded(seed)
        compute, drawn = formula(results), draw(results.facts, seed, FORMULA_ROOM)
        if compute is None:
            continue
        some = drawn.counts[:: max(len(drawn.counts) // 5, 1)]
        whole = compute(some, drawn.block)
        ways = (
            (totals, "CELLS", 1),
            (formulas, "OFTEN", 0),
            (formulas, "FEW", 2),
            (formulas, "FEW", 0),
        )
        for module, name, value in ways:
            with monkeypatch.context() as patch:
                patch.setattr(module, name, value)
                other = compute(some, drawn.block)
            assert np.array_equal(other.known, whole.known)
            for one, two in ((other.total, whole.total), (other.order, whole.order)):
                assert np.array_equal(one[whole.known], two[whole.known])
        rounded += totals.Rounded.of(results, 1, 1) is not None
    assert rounded > 10


@pytest.mark.parametrize(
    ("rule", "offered"),
    [
        ({"aggregation": MEDIAN}, True),
        ({"aggregation": WINSORISED}, True),
        ({"aggregation": {**MEDIAN, "level": "total"}}, True),
        ({"aggregation": {"method": "mean", "level": "indicator", "weights": WEIGHTS}}, False),
    ],
    ids=["median", "winsorised", "median of sheets", "weighted"],
)
def test_every_method_of_aggregation(tmp_path: Path, rule: dict[str, Any], offered: bool) -> None:
    """In one pass where that is exact, else by the official function on every sample."""
    scores = random_scores(21, 3, 5)
    scores[1, 2, 0] = np.nan
    results = round_of(tmp_path, scores, rule)
    assert in_step(results) == offered
    found = resample(results, 1)
    each_once = np.flatnonzero(found.ways == 120)  # 5! orders
    assert np.array_equal(found.totals.total[each_once[0]], results.total)
    view = analysed(results).to_dict()
    assert view["resampling"]["exact"]
    assert "没有现成的区间公式" in view["resampling"]["no_intervals"]


SAME = [
    ("mean", {"method": "mean", "level": "indicator"}),
    ("trimmed_mean", TRIMMED),
    ("winsorised_mean", WINSORISED),
    ("median", MEDIAN),
]


@pytest.mark.parametrize("stage", ["indicator", "total"])
@pytest.mark.parametrize(("method", "rule"), SAME)
def test_the_declared_method_stands_among_the_others(
    tmp_path: Path, method: str, rule: dict[str, Any], stage: str
) -> None:
    """Its total beside the others is the official one, rounded where the rules round."""
    rules = {"aggregation": rule, "rounding": {"mode": "half_up", "stage": stage, "places": 2}}
    results = round_of(tmp_path, random_scores(22, 5, 5), rules)
    for row in analysed(results).to_dict()["applicants"]:
        assert row["methods"][method]["total"] == row["total"]


def measured(folder: Path, kinds: list[str], more: dict[str, Any] | None = None) -> Results:
    """i1 by experts; i2 quantitative or mixed, its measured part of 4 by ratio to a target of 8."""
    data = rubric_data([10, 10])
    data["dimensions"][0]["indicators"][1]["kind"] = kinds[0]
    rule = {"method": "target_ratio", "better": "higher", "target": "8"}
    if kinds[0] == "mixed":
        rule["points"] = "4"
    rules = {"measures": {"missing": "refuse", "indicators": {"i2": rule}}, **(more or {})}
    rubric, panel = load(folder, data, panel_data(4, list("abc"), rules))
    scores = random_scores(23, 3, 4)
    scores[:, :, 1] = np.minimum(scores[:, :, 1], 6)
    rows = [row for row in rows_of(scores, "abc") if kinds[0] == "mixed" or row[2] == "i1"]
    rows += [("a", "measured", "i2", "8", ""), ("b", "measured", "i2", "4", "")]
    rows += [("c", "measured", "i2", "2", "")]
    return evaluate(rubric, panel, from_frame(frame(rows), rubric, panel))


def test_a_measured_value_is_no_opinion(tmp_path: Path) -> None:
    """It stays as it is in every sample, stands outside agreement, and moves no interval."""
    results = measured(tmp_path, ["quantitative"])
    assert in_step(results)
    thirds = {"mode": "half_up", "stage": "total", "places": 0}
    assert in_step(measured(tmp_path, ["quantitative"], {"rounding": thirds}))
    view = analysed(results).to_dict()
    assert [row["column"] for row in view["agreement"]] == ["i1", "total"]
    for row in view["applicants"]:
        assert row["methods"]["mean"]["total"] == row["total"]
        base = {e: float(s["total"]) for e, s in row["sheets"].items()}
        assert all(total <= 10 for total in base.values())
        # 10, 5 and 2.5 points by value
        by_value = {"a": 10, "b": 5, "c": 2.5}[row["applicant"]]
        assert float(row["total"]) == pytest.approx(
            np.mean(list(base.values())) + by_value, abs=0.01
        )


def test_experts_score_part_of_a_mixed_indicator(tmp_path: Path) -> None:
    """The part by value is added in every sample and in other methods, too."""
    results = measured(tmp_path, ["mixed"])
    assert in_step(results)
    view = analysed(results).to_dict()
    for row in view["applicants"]:
        assert row["methods"]["mean"]["total"] == row["total"]
        adjusted = float(row["methods"]["severity_adjusted"]["total"])
        assert adjusted == pytest.approx(float(row["total"]), abs=1.5)
    assert view["findings"] == []


def test_scores_on_a_scale_with_a_factor(tmp_path: Path) -> None:
    """Marks out of 100 for 10 points: totals of sheets and intervals are in points."""
    data = rubric_data([10, 10])
    for indicator in data["dimensions"][0]["indicators"]:
        indicator["scored"] = {"min": "0", "max": "100", "factor": "0.1"}
    rubric, panel = load(tmp_path, data, panel_data(4, list("abc"), {"step": "1"}))
    rows = rows_of(np.round(random_scores(24, 3, 4) * 10), "abc")
    results = evaluate(rubric, panel, from_frame(frame(rows), rubric, panel))
    view = analysed(results).to_dict()
    for row in view["applicants"]:
        sheets = [float(sheet["total"]) for sheet in row["sheets"].values()]
        assert np.mean(sheets) == pytest.approx(float(row["total"]), abs=0.011)
        assert row["methods"]["mean"]["total"] == row["total"]
        low, high = (float(row["interval"][end]) for end in ("low", "high"))
        assert low < float(row["total"]) < high <= 20
    assert resample(results, 1).exact
    assert in_step(results)


def test_equals_are_ranked_by_the_declared_tie_in_samples(tmp_path: Path) -> None:
    """B has the better i1 in every sample in which the totals are the same, so it stays ahead."""
    scores = np.array([[[5.0, 7.0]] * 3, [[7.0, 5.0]] * 3])
    results = round_of(tmp_path, scores, {"ties": ["indicator:i1"]})
    view = analysed(results, line=Line(places=1)).to_dict()["applicants"]
    assert [row["rank"] for row in view] == [2, 1]
    assert [row["ranks"] for row in view] == [[2, 2], [1, 1]]
    assert [row["inside"] for row in view] == ["0.000", "1.000"]
    assert view[1]["ahead"] == "1.000"


def two_groups(folder: Path, places: dict[str, int]) -> Results:
    """Applicants a and b in one group, c and d in the other, far below them."""
    applicants = [
        {"id": a, "name": f"对象{a}", "lead": f"示例{a}", "group": "甲组" if a in "ab" else "乙组"}
        for a in "abcd"
    ]
    rules = {"ranking": "by_group", "selection": {"places": places, "tie_at_cut": "all"}}
    rubric, panel = load(folder, rubric_data([10]), panel_data(3, applicants, rules))
    scores = np.array([[[9.0], [8.0], [9.0]], [[8.0], [7.0], [9.0]], [[5.0]] * 3, [[4.0]] * 3])
    rows = rows_of(scores, "abcd")
    return evaluate(rubric, panel, from_frame(frame(rows), rubric, panel))


def test_a_group_may_have_no_places(tmp_path: Path) -> None:
    """A dash for its chance, its gap and the indicators that would do; the page stands."""
    view = for_panel(two_groups(tmp_path, {"甲组": 1, "乙组": 0}))
    rows = {row["applicant"]: row for row in view["analysis"]["rows"]}
    assert (rows["c"]["inside"], rows["c"]["line"]) == (None, None)
    words = text_of(summary, view)
    # rank 1, no chance of being inside, certainly ahead of d
    assert re.search(r"对象c 乙组5\.005\.00 — 5\.00\D+1\D+1\D+1\D+1—100%", words)
    none = for_panel(two_groups(tmp_path, {"甲组": 0, "乙组": 0}))
    assert "入围" not in advice.stability(none).html


def test_level_with_the_line(tmp_path: Path) -> None:
    """Equal totals that i1 alone separates at the line have a gap of 0; without a line a dash."""
    scores = np.array([[[9.0, 9.0]], [[8.0, 6.0]], [[6.0, 8.0]], [[5.0, 5.0]]])
    results = round_of(tmp_path, scores, {"ties": ["indicator:i1"]})
    assert results.rank.tolist() == [1, 2, 3, 4]

    def lines(places: int) -> list[Any]:
        view = analysed(results, line=Line(places=places)).to_dict()
        return [row["line"] and row["line"]["gap"] for row in view["applicants"]]

    assert lines(2) == ["4.00", "0.00", "0.00", "-4.00"]
    assert lines(1) == ["4.00", "-4.00", "-4.00", "-8.00"]
    assert lines(4) == [None] * 4  # nobody is behind it
    view = for_panel(results, line=Line(places=2))
    assert view["analysis"]["rows"][1]["line"] == {"gap": "0.00", "indicators": []}
    words = assert_inert(advice.stability(view).html).text
    assert words.count("与入围线同分—") == 2
    view = for_panel(results, "en", line=Line(places=2))
    assert assert_inert(advice.stability(view).html).text.count("level with the line—") == 2


def test_groups_compete_apart(tmp_path: Path) -> None:
    """Two groups with one place each: ranks, chances and gaps within the group."""
    results = two_groups(tmp_path, {"甲组": 1, "乙组": 1})
    assert fields(results).tolist() in ([0, 0, 1, 1], [1, 1, 0, 0])
    assert places_of(Line(2), results).tolist() == [2, 2, 2, 2]
    view = analysed(results).to_dict()
    assert view["settings"]["places"] == {"甲组": 1, "乙组": 1}
    by_id = {row["applicant"]: row for row in view["applicants"]}
    assert [by_id[a]["rank"] for a in "abcd"] == [1, 2, 1, 2]
    assert (by_id["c"]["inside"], by_id["d"]["inside"]) == ("1.000", "0.000")
    assert by_id["c"]["next"] == "d"
    assert by_id["c"]["line"]["gap"] == "1.00"
    # a and b: only draws of e3 alone (1 of 27) tie
    assert float(by_id["a"]["inside"]) == pytest.approx(1 - 0.5 / 27, abs=0.0005)
    html = advice.stability(for_panel(results)).html
    assert html.count("<small>甲组</small>") == 4
    assert "少任何一位专家，各组名额的名单都不变。" in html


def test_a_lower_total_can_be_better(tmp_path: Path) -> None:
    """Ranks turn round everywhere: official, sampled, by other methods, with other weights."""
    data = {**rubric_data([10]), "better": "lower"}
    rubric, panel = load(tmp_path, data, panel_data(3, list("abc")))
    scores = np.array([[[3.0], [2.0], [3.0]], [[5.0], [5.0], [6.0]], [[9.0]] * 3])
    rows = rows_of(scores, "abc")
    results = evaluate(rubric, panel, from_frame(frame(rows), rubric, panel))
    view = analysed(results, line=Line(places=1)).to_dict()["applicants"]
    assert [row["rank"] for row in view] == [1, 2, 3]
    assert [row["ranks"] for row in view] == [[1, 1], [2, 2], [3, 3]]
    assert [row["methods"]["median"]["rank"] for row in view] == [1, 2, 3]
    assert [(row["weights"]["low"], row["weights"]["high"]) for row in view] == [
        (1, 1), (2, 2), (3, 3),
    ]  # fmt: skip
    assert [row["inside"] for row in view] == ["1.000", "0.000", "0.000"]
    # 2.67 against 5.33: a may rise by 2.66, b must fall by as much
    assert [row["line"]["gap"] for row in view[:2]] == ["2.66", "-2.66"]
    assert view[1]["line"]["indicators"][0]["points"] == "2.67"


@pytest.mark.parametrize(
    ("better", "zh", "en"),
    [
        ("higher", "正数偏宽，负数偏严。混合模型", "Above zero: lenient, below: severe. The mixed"),
        (
            "lower",
            "总分越低越好，所以正数偏严，负数偏宽。混合模型",
            "As a lower total is better, above zero: severe, below: lenient. The mixed",
        ),
    ],
)
def test_who_is_lenient_follows_the_direction(
    tmp_path: Path, better: str, zh: str, en: str
) -> None:
    """The effects stay in points: e3 gives 2 more than e1 either way; the words turn round."""
    data = {**rubric_data([10]), "better": better}
    rubric, panel = load(tmp_path, data, panel_data(3, list("abc")))
    scores = np.array([[[3.0], [4.0], [5.0]], [[5.0], [5.5], [7.0]], [[6.0], [8.0], [8.0]]])
    facts = from_frame(frame(rows_of(scores, "abc")), rubric, panel)
    results = evaluate(rubric, panel, facts)
    for language, said in (("zh", zh), ("en", en)):
        view = for_panel(results, language)
        effects = [row["least_squares"] for row in view["analysis"]["severity"]["experts"]]
        assert effects == ["-1.06", "0.11", "0.94"]
        assert said in " ".join(advice.agreement(view).html.split())


def test_marks_follow_the_direction(tmp_path: Path) -> None:
    """From 1 (best) to 9, times 10: a total of 30 has reached the mark of 30 and is in with 29.

    Of the ordered draws of 2, 3, 4 those with a mean of at most 3 stay: sums 6 … 12 come
    1, 3, 6, 7, 6, 3, 1 times; of sums above 9 (10 of 27) 0.370 change the grade. The draws of 3, 4,
    4 come to 30 once (3, 3, 3), 1 / 27.
    """
    rubric_ = scaled("1", "9", "10") | {"better": "lower"}
    rubric_["procedures"] = [graded(fund=True, no=False)]
    rounding = {"mode": "half_up", "stage": "total", "places": 0}
    rules = {"step": "1", "rounding": rounding, "grades": [{"grade": "fund", "at_most": "30"}]}
    rubric, panel = load(tmp_path, rubric_, panel_data(3, list("ab"), rules))
    rows = rows_of(np.array([[[2.0], [3.0], [4.0]], [[3.0], [4.0], [4.0]]]), "ab")
    results = evaluate(rubric, panel, from_frame(frame(rows), rubric, panel))
    grades = [row["grade"] for row in results.to_dict()["applicants"]]
    assert (results.total.tolist(), grades) == ([30, 37], ["fund", "no"])
    # a mark between two totals divides them where the nearest better one does
    for line in (None, Line(marks=(Decimal(30),)), Line(marks=(Decimal("30.9"),))):
        view = analysed(results, line=line).to_dict()["applicants"]
        assert [row["other_grade"] for row in view] == ["0.370", "0.037"]


def test_other_grades_are_those_of_the_mirrored_round(tmp_path: Path) -> None:
    """At most 4.5 and 6 of x are reached as often as at least 5.5 and 4 of 10 − x."""
    rounding = {"mode": "half_up", "stage": "total", "places": 4}
    scores = random_scores(31, 5, 4, 1)
    found = []
    for better, given, marks in (
        ("higher", scores, (Decimal("5.5"), Decimal(4))),
        ("lower", 10 - scores, (Decimal("4.5"), Decimal(6))),
    ):
        data = {**rubric_data([10]), "better": better}
        rubric, panel = load(tmp_path, data, panel_data(4, list("abcde"), {"rounding": rounding}))
        facts = from_frame(frame(rows_of(given, "abcde")), rubric, panel)
        view = analysed(evaluate(rubric, panel, facts), line=Line(marks=marks)).to_dict()
        found.append([row["other_grade"] for row in view["applicants"]])
    assert found[0] == found[1]
    assert any(Decimal(share) > 0 for share in found[0])


def interval_of(folder: Path, rubric: Any, marks: str, rules: Any, *more: Any) -> dict[str, str]:
    """The interval of A, whom experts e1, e2 … give the ``marks`` on i1."""
    own = marks.split()
    loaded = load(folder, rubric, panel_data(len(own), ["A"], rules))
    rows = [*(("A", f"e{n}", "i1", mark, "") for n, mark in enumerate(own, 1)), *more]
    results = evaluate(*loaded, from_frame(frame(rows), *loaded))
    found: dict[str, str] = analysed(results).to_dict()["applicants"][0]["interval"]
    return found


def test_an_interval_stays_on_the_scale(tmp_path: Path) -> None:
    """Between the totals of the least and of the greatest scores, which need not be 0."""
    # impact scores: 1, 1, 2 give 13; 4.303 · 10 / (√3 · √3) = 14.3 on either side, 1 is the best
    whole = {"rounding": {"mode": "half_up", "stage": "total", "places": 0}, "step": "1"}
    impact = scaled("1", "9", "10") | {"better": "lower"}
    assert interval_of(tmp_path, impact, "1 1 2", whole) == {"low": "10", "high": "27"}
    # -4 ± 4.303 · 1 / √3 = -4 ± 2.48: below 0, but not below -5
    execution = scaled("-5", "5", "1")
    assert interval_of(tmp_path, execution, "-3 -5 -4", {}) == {"low": "-5.00", "high": "-1.52"}


@pytest.mark.parametrize("floor", ["zero", "none"])
def test_what_no_expert_scores_stands_in_an_interval(tmp_path: Path, floor: str) -> None:
    """A measured value is 5 whatever experts say, and a deduction of 7 is taken off in any case."""
    data = rubric_data([10, 10])
    data["dimensions"][0]["indicators"][1]["kind"] = "quantitative"
    data["deductions"] = [{"id": "fault", "name": "扣分", "points": "8"}]
    ratio = {"method": "target_ratio", "better": "higher", "target": "8"}
    rules = {
        "deductions": {"floor": floor},
        "measures": {"missing": "refuse", "indicators": {"i2": ratio}},
    }
    more = [("A", "measured", "i2", "4", ""), ("A", "panel", "fault", "7", "迟交材料")]
    # 9 + 5 - 7 = 7, 2.48 on either side, at most 10 + 5 - 7
    high = interval_of(tmp_path, data, "8 9 10", rules, *more)
    assert high == {"low": "4.52", "high": "8.00"}
    # 1 + 5 - 7 = -1: between 0 + 5 - 7 and 1.48, or 0 where a deduction takes what is there
    least = {"none": "-2.00", "zero": "0.00"}[floor]
    assert interval_of(tmp_path, data, "0 1 2", rules, *more)["low"] == least


def test_deductions_are_taken_off(tmp_path: Path) -> None:
    """Decided once: the same in every sample and by every method."""
    data = rubric_data([10])
    data["deductions"] = [{"id": "fault", "name": "扣分", "points": "5"}]
    rules = {"deductions": {"floor": "zero"}}
    rubric, panel = load(tmp_path, data, panel_data(3, list("ab"), rules))
    rows = [*rows_of(random_scores(25, 2, 3, 1), "ab"), ("a", "panel", "fault", "3", "迟交材料")]
    results = evaluate(rubric, panel, from_frame(frame(rows), rubric, panel))
    found = resample(results, 1)
    each_once = np.flatnonzero(found.ways == 6)
    assert np.array_equal(found.totals.total[each_once[0]], results.total)
    for row in analysed(results).to_dict()["applicants"]:
        assert row["methods"]["mean"]["total"] == row["total"]
