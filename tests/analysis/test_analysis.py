"""The advisory function: it follows the declared rule, gives reasons, and changes no result."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.analysis import Line, analyse, samples, seed_of
from evalkit.analysis.formula import formula
from evalkit.analysis.line import declared, fields, places_of
from evalkit.analysis.numbers import ITERATED, number, places_by
from evalkit.analysis.recompute import leave_one_out, resampled
from evalkit.analysis.samples import FORMULA_ROOM, blocks, draw, resample
from evalkit.analysis.totals import by_function
from evalkit.base import canonical
from evalkit.base.errors import InputError
from evalkit.disclosure import Views
from evalkit.evaluation import Results, evaluate
from evalkit.facts.tidy import from_frame
from evalkit.panel.rules import GradeCut
from tests.support import builders
from tests.support.analyses import analysed, assigned, random_scores, round_of, rows_of
from tests.support.builders import TRIMMED, frame, load, panel_data, rubric_data
from tests.support.examples import examples
from tests.support.views import reported

BONUS = {"recognised_by": "experts", "scope": "national", "cap_stage": "aggregate"}


@pytest.fixture(scope="module", name="demo")
def _demo() -> Results:
    """The demo round: 24 applicants, 7 experts, recusals, conflicts, bonus, trimmed means."""
    return evaluate(*builders.demo())


# The official rule under resampling


RULES: dict[str, dict[str, Any]] = {
    "mean": {},
    "trimmed": {"aggregation": TRIMMED},
    "trimmed two of five": {"aggregation": {**TRIMMED, "drop_highest": 2, "min_n": 5}},
    "rounded by dimension": {
        "aggregation": TRIMMED, "rounding": {"mode": "half_up", "stage": "dimension", "places": 1},
    },
    "rounded at the end": {"rounding": {"mode": "half_up", "stage": "total", "places": 0}},
    "whole sheets": {"aggregation": {"method": "mean", "level": "total"}},
    "recused as a whole": {"recusal": "exclude_expert"},
}  # fmt: skip


@pytest.mark.parametrize("rules", RULES.values(), ids=RULES)
def test_the_one_pass_is_the_official_function(tmp_path: Path, rules: dict[str, Any]) -> None:
    """Every total in all 126 samples of five experts equals that of `evaluate`, to the digit."""
    scores = random_scores(1, 4, 5)
    scores[1, 2, 0] = np.nan
    results = round_of(tmp_path, scores, rules)
    compute = formula(results)
    assert compute is not None
    drawn = draw(results.facts, 1, FORMULA_ROOM)
    fast = compute(drawn.counts, drawn.block)
    slow = by_function(results, drawn.counts, drawn.block)
    assert drawn.exact
    assert np.array_equal(fast.known, slow.known)
    assert np.array_equal(fast.total[fast.known], slow.total[slow.known])


@pytest.mark.parametrize("cap_stage", ["aggregate", "expert"])
@pytest.mark.parametrize("recognised_by", ["experts", "panel"])
def test_the_one_pass_with_a_bonus(tmp_path: Path, recognised_by: str, cap_stage: str) -> None:
    """Capped before or after, given by experts or once by the panel, and not claimed at all."""
    claims = [
        {"id": f"n{n}", "title": f"成果{n}", "level": "national", "evidence": "佐证"}
        for n in range(5)
    ]
    applicants = [{"id": "a", "name": "甲", "lead": "乙", "claims": claims}, "b"]
    rules = {"bonus": {**BONUS, "cap_stage": cap_stage, "recognised_by": recognised_by}}
    rubric, panel = load(tmp_path, rubric_data([10], bonus=True), panel_data(4, applicants, rules))
    rows = rows_of(random_scores(2, 2, 4, 1), "ab")
    for e in ("e1", "e2", "e3", "e4") if recognised_by == "experts" else ("panel",):
        for n in range(5):
            given_ = ("3" if int(e[1]) > 1 else "2") if recognised_by == "experts" else "2"
            rows.append(("a", e, f"bonus.n{n}", given_, ""))
    results = evaluate(rubric, panel, from_frame(frame(rows), rubric, panel))
    compute = formula(results)
    assert compute is not None
    drawn = draw(results.facts, 1, FORMULA_ROOM)
    fast = compute(drawn.counts, drawn.block)
    slow = by_function(results, drawn.counts, drawn.block)
    assert np.array_equal(fast.total, slow.total)
    assert fast.known.all()


def test_dropping_whole_sheets(tmp_path: Path) -> None:
    """Sheets are sorted once, too; every sample is that of the official function."""
    rules = {"aggregation": {**TRIMMED, "level": "total", "min_n": 3}}
    results = round_of(tmp_path, random_scores(3, 3, 4), rules)
    compute, drawn = formula(results), draw(results.facts, 1, FORMULA_ROOM)
    assert compute is not None
    fast = compute(drawn.counts, drawn.block)
    slow = by_function(results, drawn.counts, drawn.block)
    assert np.array_equal(fast.total, slow.total)
    found = resample(results, 1)
    assert found.exact
    assert len(found.ways) == 35
    once = np.flatnonzero(found.ways == 24)  # 4! orders: each expert exactly once
    assert np.array_equal(found.totals.total[once[0]], results.total)


def test_a_formula_that_misses_the_official_totals_is_not_used(demo: Results) -> None:
    """A rule that this module does not know shows in the totals, and then the function is asked."""
    assert formula(demo) is not None
    other = dataclasses.replace(demo, total=demo.total + 1)
    assert formula(other) is None


def test_drawing_each_expert_once_changes_nothing(demo: Results) -> None:
    """`resampled` with ones gives the same numbers; a doubled panel has the same plain means."""
    ones = np.ones(demo.facts.seats.shape, dtype=int)
    same = evaluate(demo.rubric, demo.panel, resampled(demo.facts, ones))
    assert np.array_equal(same.total, demo.total)
    assert np.array_equal(same.rank, demo.rank)
    assert resampled(demo.facts, 2 * ones).points.shape == (24, 14, 13)


def test_leaving_one_out_is_the_official_function(demo: Results) -> None:
    """The table without the rows of e4, evaluated on its own, gives the ranks shown for e4."""
    from evalkit.base.tables import read_table

    table = read_table(builders.DEMO / "scores.csv")
    rest = table[table["expert"] != "e4"]
    facts = from_frame(rest, demo.rubric, demo.panel)
    alone = evaluate(demo.rubric, demo.panel, facts, trial=True)
    found = leave_one_out(demo)
    n = found.experts.index(demo.facts.experts.index("e4"))
    assert np.array_equal(found.rank[n], alone.rank)
    assert np.array_equal(found.total[n], alone.total)


# Designs


def test_applicants_with_the_same_experts_are_a_block(tmp_path: Path) -> None:
    """Two groups of three experts: drawn apart, with the seed, and it says so."""
    results = assigned(tmp_path, {a: [1, 2, 3] if a in "ab" else [4, 5, 6] for a in "abcd"}, 6)
    assert blocks(results.facts).tolist() == [0, 0, 1, 1]
    found = resample(results, 5)
    assert (found.exact, found.blocks) == (False, 2)
    assert np.array_equal(found.totals.total, resample(results, 5).totals.total)
    assert not np.array_equal(found.totals.total, resample(results, 6).totals.total)
    view = analysed(results, seed=5).to_dict()["resampling"]
    assert (view["seed"], view["samples"]) == (5, 10_000)
    assert "以随机数种子 5 抽取 10000 组" in view["how"]


def test_drawn_samples_come_near_the_exact_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A panel too large to enumerate is drawn: chances within two per cent of the exact ones."""
    results = round_of(tmp_path, random_scores(6, 5, 4))
    line = Line(places=2)
    exact = analysed(results, line=line).applicants
    monkeypatch.setattr(samples, "MOST_MULTISETS", 1)
    drawn = analysed(results, line=line)
    assert not drawn.resampling["exact"]
    for one, other in zip(exact, drawn.applicants, strict=True):
        assert float(one["inside"]) == pytest.approx(float(other["inside"]), abs=0.02)


def test_groups_that_never_meet_have_no_common_severity(tmp_path: Path) -> None:
    """Each group has its own experts: a reason in place of effects, and no two-way ICC."""
    results = assigned(tmp_path, {a: [1, 2, 3] if a in "ab" else [4, 5, 6] for a in "abcd"}, 6)
    view = analysed(results).to_dict()
    assert "互不相连" in view["severity"]["reason"]
    assert {e["effect"] for e in view["severity"]["experts"]} == {None}
    assert all("各对象的专家不同" in row["reasons"][0] for row in view["agreement"])
    assert view["agreement"][0]["alpha"] is not None
    assert all("severity_adjusted" not in a["methods"] for a in view["applicants"])


def test_nobody_is_referred_to_a_number_that_is_not_there(tmp_path: Path) -> None:
    """Each applicant has an expert of its own, or one has two who agree: no α either, and why."""
    alone = analysed(assigned(tmp_path, {"a": [1], "b": [2]}, 2)).to_dict()["agreement"]
    data = panel_data(3, ["a", "b"], assignment={"a": ["e1", "e2"], "b": ["e3"]})
    rubric, panel = load(tmp_path, rubric_data([10]), data)
    rows = [("a", "e1", "i1", "5", ""), ("a", "e2", "i1", "5", ""), ("b", "e3", "i1", "8", "")]
    results = evaluate(rubric, panel, from_frame(frame(rows), rubric, panel))
    agreed = analysed(results).to_dict()["agreement"]
    for row in (*alone, *agreed):
        assert row["alpha"] is None
        assert not any("请看 α" in why for why in row["reasons"])
    assert "没有两位专家都评的对象" in alone[-1]["reasons"][0]
    assert "评分都相同" in agreed[-1]["reasons"][0]


@pytest.mark.parametrize(
    ("sheets", "said", "alike"),
    [
        ({"a": ["5 ", " 6"], "b": ["7 ", " 8"]}, "没有各项齐全的评分表", "there are no complete"),
        ({"a": ["56", " 6"], "b": ["78", "7 "]}, "只有一位专家的评分表各项齐全", "only one expert"),
        ({"a": ["56", " 6"], "b": ["7 ", "78"]}, "没有两位专家的评分表都各项齐全", "no applicant"),
        ({"a": ["5 "], "b": [" 8"]}, "有评分的专家不足两位", "fewer than two experts"),
    ],
    ids=["two juries", "one whole", "never on the same", "one expert"],
)
def test_totals_of_sheets_that_are_not_complete(
    tmp_path: Path, sheets: dict[str, list[str]], said: str, alike: str
) -> None:
    """Experts who score different indicators are not said to be fewer than two."""
    rules = {"missing": "exclude"}
    rubric, panel = load(tmp_path, rubric_data([10, 10]), panel_data(2, list(sheets), rules))
    rows = [
        (a, f"e{e}", f"i{c}", mark.strip(), "")
        for a, own in sheets.items()
        for e, marks in enumerate(own, 1)
        for c, mark in enumerate(marks, 1)
    ]
    results = evaluate(rubric, panel, from_frame(frame(rows), rubric, panel))
    analysis = analysed(results)
    for language, words in (("zh", said), ("en", alike)):
        (reason,) = analysis.to_dict(language)["agreement"][-1]["reasons"]
        assert words in reason


def test_a_chain_of_experts_is_enough_for_severity(tmp_path: Path) -> None:
    """Applicant a by 1 2 3, b by 2 3 4, c by 3 4 5 …: effects for all."""
    ring = {a: [(n + d) % 6 + 1 for d in range(3)] for n, a in enumerate("abcdef")}
    view = analysed(assigned(tmp_path, ring, 6)).to_dict()["severity"]
    assert view["reason"] is None
    assert all(e["effect"] is not None for e in view["experts"])
    shares = [Decimal(part["share"]) for part in view["components"].values()]
    assert sum(shares) == pytest.approx(1, abs=Decimal("0.002"))


# Reasons instead of numbers


def equal(folder: Path) -> Results:
    """Everybody gives 8 to everybody."""
    return round_of(folder, np.full((4, 3, 2), 8.0))


DEGENERATE: dict[str, tuple[Callable[[Path], Results], str]] = {
    "all equal": (equal, "所有评分都相同"),
    "one expert": (lambda f: round_of(f, random_scores(8, 4, 1)), "不足两位"),
    "one applicant": (lambda f: round_of(f, random_scores(8, 1, 4)), "对象不足两个"),
    "constant experts": (
        lambda f: round_of(f, np.array([[[8.0], [7.0], [6.0]]] * 4)),
        "平均分都相同",
    ),
}


@pytest.mark.parametrize(("build", "reason"), DEGENERATE.values(), ids=DEGENERATE)
def test_a_reason_stands_for_each_missing_number(
    tmp_path: Path, build: Callable[[Path], Results], reason: str
) -> None:
    """Degenerate pools analyse without a crash, without a nan, with the reason in words."""
    results = build(tmp_path)
    analysis = analysed(results, line=Line(places=1, marks=(Decimal(12),)))
    for language in ("zh", "en"):
        text = analysis.to_json(language)
        assert "nan" not in text.lower().replace("finance", "")
        assert "inf" not in text
    view = analysis.to_dict()
    for row in view["agreement"]:
        missing = not row["icc"] or any(one["value"] is None for one in row["icc"])
        assert missing
        assert any(reason in why for why in row["reasons"])
    assert view["severity"]["reason"] is not None


def test_nobody_is_ranked(tmp_path: Path) -> None:
    """An indicator that nobody scored leaves no total; the analysis says nothing about ranks."""
    scores = random_scores(9, 2, 3)
    scores[:, :, 1] = np.nan
    view = analysed(round_of(tmp_path, scores)).to_dict()
    for row in view["applicants"]:
        assert (row["rank"], row["total"], row["interval"]) == (None, None, None)
        assert (row["ranks"], row["left_out"], row["weights"]) == (None, None, None)


def test_an_interval_needs_scores_and_a_formula(tmp_path: Path) -> None:
    """One expert: no interval, and why."""
    view = analysed(round_of(tmp_path, random_scores(8, 3, 1))).to_dict()
    assert {row["interval"] for row in view["applicants"]} == {None}
    assert "计入的评分太少" in view["resampling"]["no_intervals"]


# What it says


def test_the_demo_in_numbers(demo: Results) -> None:
    """Figures of the demo that can be followed on its page."""
    view = analysed(demo, line=Line(places=8)).to_dict()
    by_id = {row["applicant"]: row for row in view["applicants"]}
    assert view["resampling"]["exact"]
    assert view["resampling"]["samples"] == 1716
    # c10 is eighth with 84.80, c18 ninth with 82.50
    assert by_id["c10"]["rank"] == 8
    assert by_id["c10"]["line"]["gap"] == "2.30"
    assert by_id["c18"]["line"]["gap"] == "-2.30"
    assert by_id["c18"]["line"]["indicators"][0]["column"] == "benchmark-solutions"
    assert by_id["c03"]["ranks"] == [1, 1]
    assert view["lists"] == []
    total = view["agreement"][-1]
    assert (total["column"], total["applicants"], total["whole"]) == ("total", 24, 21)


def test_the_interval_of_a_total_is_around_it(demo: Results) -> None:
    """And within 0 and the most points that there are, 110."""
    for row in analysed(demo).to_dict()["applicants"]:
        low, high = Decimal(row["interval"]["low"]), Decimal(row["interval"]["high"])
        assert 0 <= low < Decimal(row["total"]) < high <= 110


def test_plain_means_have_students_interval(tmp_path: Path) -> None:
    """One indicator, three experts 8, 9, 7: 8 ± 4.303 · 1 / √3."""
    scores = np.array([[[8.0], [9.0], [7.0]], [[1.0], [1.5], [2.0]]])
    view = analysed(round_of(tmp_path, scores)).to_dict()
    # t(2, 0.975) = 4.3027, so 2.48 on either side, cut at 10
    assert view["applicants"][0]["interval"] == {"low": "5.52", "high": "10.00"}


def test_who_would_be_on_the_list_without_whom(tmp_path: Path) -> None:
    """Without e3, who alone puts b before a, a is first."""
    scores = np.array([[[8.0], [8.0], [2.0]], [[7.0], [7.0], [9.0]]])
    view = analysed(round_of(tmp_path, scores), line=Line(places=1)).to_dict()
    assert view["lists"] == [{"without": "e3", "enter": ["a"], "leave": ["b"]}]
    assert view["applicants"][0]["left_out"]["by_expert"] == {"e1": 2, "e2": 2, "e3": 1}


def test_methods_side_by_side(tmp_path: Path) -> None:
    """9, 9, 9, 9, 0 against 8 throughout: the mean of 7.2 loses, the median of 9 wins."""
    scores = np.array([[[9.0]] * 4 + [[0.0]], [[8.0]] * 5])
    first = analysed(round_of(tmp_path, scores)).to_dict()["applicants"][0]["methods"]
    assert first["mean"] == {"total": "7.20", "rank": 2}
    assert first["median"] == {"total": "9.00", "rank": 1}
    assert first["trimmed_mean"] == {"total": "9.00", "rank": 1}
    # the 0 counts as 9: all are 9
    assert first["winsorised_mean"] == {"total": "9.00", "rank": 1}
    # with equal severity the adjusted total is shrunk towards the mean of all, 7.6
    assert 7.2 < float(first["severity_adjusted"]["total"]) < 7.7


def test_grades_and_places_follow_the_line(tmp_path: Path) -> None:
    """Without a line nothing is said about it; with one, chances stand for each applicant."""
    results = round_of(tmp_path, random_scores(10, 6, 4))
    bare = analysed(results).to_dict()["applicants"]
    assert {row["inside"] for row in bare} == {row["other_grade"] for row in bare} == {None}
    marks = (Decimal(13), Decimal("11.5"))
    full = analysed(results, line=Line(places=2, marks=marks)).to_dict()["applicants"]
    assert sum(Decimal(row["inside"]) for row in full) == pytest.approx(2, abs=Decimal("0.004"))
    assert all(0 <= Decimal(row["other_grade"]) <= 1 for row in full)


def test_groups_ranked_apart_have_their_own_places() -> None:
    """Ranks start anew in each group."""
    totals, known = np.array([[9, 8, 7, 6]]), np.ones((1, 4), dtype=bool)
    found = places_by(np.array([0, 1, 0, 1]), totals, known)
    assert found.rank.tolist() == [[1, 1, 2, 2]]


def test_the_line_is_read_from_the_rules() -> None:
    """Places and the least totals of grades, where the rules of a panel declare them."""
    rules = SimpleNamespace(
        selecting=SimpleNamespace(places={"甲组": 3, "乙组": 2}),
        grades=tuple(GradeCut(grade=g, at_least=Decimal(n)) for g, n in (("a", 90), ("b", 60))),
        ranking="by_group",
    )
    groups = [SimpleNamespace(group=name) for name in ("甲组", "乙组", "甲组")]
    panel: Any = SimpleNamespace(rules=rules, applicants=groups)
    line = declared(panel)
    assert line == Line({"甲组": 3, "乙组": 2}, (Decimal(90), Decimal(60)))
    results: Any = SimpleNamespace(panel=panel)
    assert places_of(line, results).tolist() == [3, 2, 3]
    assert len(set(fields(results).tolist())) == 2
    line.check(results)


def test_lines_that_do_not_fit_are_refused(demo: Results) -> None:
    """Fewer than none, and groups that are not there."""
    for line in (Line(places=-1), Line(places={"甲组": 3})):
        with pytest.raises(InputError, match="名额"):
            analysed(demo, line=line)
    assert declared(demo.panel) == Line()
    assert set(fields(demo).tolist()) == {0}


# It changes nothing and depends on nothing else


def test_results_and_digest_stay_as_they_are(demo: Results) -> None:
    """Advisory: the same results, byte for byte, before and after."""
    before = demo.to_json()
    analysed(demo)
    assert demo.to_json() == before
    assert "analysis" not in before


def test_results_of_something_else_are_refused(demo: Results, tmp_path: Path) -> None:
    """An analysis is about the results of the same rubric, panel and table."""
    other = round_of(tmp_path, random_scores(11, 3, 3))
    with pytest.raises(InputError, match="请重新汇总"):
        analyse(demo.rubric, demo.panel, demo.facts, other, seed=1)
    points = demo.facts.points.copy()
    points[0, 0, 0] -= 5
    changed = dataclasses.replace(demo.facts, points=points)
    with pytest.raises(InputError, match="请重新汇总"):
        analyse(demo.rubric, demo.panel, changed, demo, seed=1)


def test_canonical_json(demo: Results) -> None:
    """Decimal strings, ids and words; the same bytes each time; English on request."""
    analysis = analysed(demo)
    text = analysis.to_json()
    assert text == canonical.dumps(json.loads(text))
    assert text == analysed(demo).to_json()
    assert "experts" in json.loads(analysis.to_json("en"))["resampling"]["how"]
    assert json.loads(text)["round"]["results"] == demo.digest
    assert seed_of(demo) == int(demo.digest[:8], 16)


def test_numbers_as_text() -> None:
    """Rounded to their digits, no minus before zero, nothing for what is no number."""
    assert number(0.12349, 3) == "0.123"
    assert number(-0.0001, 3) == "0.000"
    assert number(-0.5, 1) == "-0.5"
    assert number(float("nan"), 3) is None
    assert number(0.075 - 1e-12, 2) == number(0.075 + 1e-12, 2) == "0.08"
    assert number(1.6875 - 3e-6, 3, ITERATED) == "1.688"


def _renamed(view: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """The parts of an analysis that must not depend on names or order, by old names."""
    back = {new: old for old, new in names.items()}

    def fix(value: Any) -> Any:
        if isinstance(value, dict):
            return {back.get(k, k): fix(v) for k, v in value.items()}
        if isinstance(value, list):
            return [fix(v) for v in value]
        return back.get(value, value) if isinstance(value, str) else value

    applicants = {back[row["applicant"]]: fix(row) for row in view["applicants"]}
    for row in applicants.values():
        del row["next"], row["ahead"]  # who follows among equals is a matter of order
    experts = {back[row["expert"]]: fix(row) for row in view["severity"]["experts"]}
    return {
        "applicants": applicants,
        "agreement": view["agreement"],
        "experts": experts,
        "components": view["severity"]["components"],
    }


@examples(0.4)
@given(st.integers(0, 10_000), st.permutations(range(5)), st.permutations(range(4)))
def test_names_and_order_decide_nothing(
    tmp_path: Path, seed: int, applicants: list[int], experts: list[int]
) -> None:
    """Applicants and experts renamed and listed in another order: the same statistics."""
    scores = random_scores(seed, 5, 4)
    ids = "abcde"
    names = {ids[a]: ids[n] for n, a in enumerate(applicants)}
    names |= {f"e{e + 1}": f"e{n + 1}" for n, e in enumerate(experts)}
    rules = {"aggregation": TRIMMED}
    line = Line(places=2)
    one = analysed(round_of(tmp_path, scores, rules), line=line).to_dict()
    other = analysed(round_of(tmp_path, scores[applicants][:, experts], rules), line=line).to_dict()
    same = dict(zip([*ids, "e1", "e2", "e3", "e4"], [*ids, "e1", "e2", "e3", "e4"], strict=True))
    assert _renamed(other, names) == _renamed(one, same)


# What the applicant may know


def test_the_applicant_learns_its_own_range_only(demo: Results) -> None:
    """Two whole numbers; no expert, nobody else."""
    view = reported(demo).applicant("c01")
    assert view["analysis"] == {"left_out": {"low": 4, "high": 5}}
    assert {k: v for k, v in view.items() if k != "analysis"} == Views(demo).applicant("c01")


def test_few_experts_or_no_rank_tell_nothing(tmp_path: Path) -> None:
    """Fewer experts than declared, a single one, or an applicant without a rank."""
    rules = {"disclosure": {"min_experts": 3, "min_applicants": 1}}
    scores = random_scores(12, 3, 3)
    assert reported(round_of(tmp_path, scores, rules)).applicant("a")["analysis"]["left_out"]
    few = round_of(tmp_path, scores[:, :2], rules)
    assert reported(few).applicant("a")["analysis"] == {"left_out": None}
    single = round_of(tmp_path, scores[:, :1])
    assert reported(single).applicant("a")["analysis"] == {"left_out": None}
    scores[0, :, 0] = np.nan
    unranked = round_of(tmp_path, scores, rules)
    assert reported(unranked).applicant("a")["analysis"] == {"left_out": None}
    scores[0, 0, 0] = 8  # without e1 there would be no score on i1
    assert reported(round_of(tmp_path, scores, rules)).applicant("a")["analysis"] == {
        "left_out": None
    }
