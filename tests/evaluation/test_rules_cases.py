"""Published and normative cases of the rules, each through `evaluate` on a small panel.

The numbers and their sources stand in ``tests/data/rules.json``.
"""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from evalkit.base.errors import InputError, Refused
from evalkit.disclosure import Views
from evalkit.evaluation import Results
from evalkit.facts.tidy import from_frame
from evalkit.pages import applicant, summary
from evalkit.pages.derivation import derivation
from evalkit.panel import checks, explain
from evalkit.panel.rules import Rules
from evalkit.panel.units import scale
from evalkit.rubric import Rubric
from tests.support.builders import ROOT, RULES, TRIMMED, frame, load, panel_data, rubric_data
from tests.support.rounds import evaluated, graded, people, scaled
from tests.support.views import reported

CASES = json.loads((ROOT / "tests" / "data" / "rules.json").read_text("utf-8"))
EXACTLY = {"mode": "half_up", "stage": "total", "places": 2}

METHODS = {
    "mean": {"method": "mean", "level": "indicator"},
    "trimmed": TRIMMED,
    "trimmed5": {**TRIMMED, "min_n": 5},
    "winsorised": {**TRIMMED, "method": "winsorised_mean"},
    "median": {"method": "median", "level": "indicator"},
}


# 08: from measured values to points


def quantitative(*columns: tuple[str, str | None]) -> dict[str, Any]:
    """A rubric of quantitative indicators i1, i2 … of (points, unit)."""
    data = rubric_data([points for points, _unit in columns])
    own = data["dimensions"][0]["indicators"]
    for indicator, (_points, unit) in zip(own, columns, strict=True):
        indicator["kind"] = "quantitative"
        if unit:
            indicator["unit"] = unit
    return data


def measure_rules(missing: str, *rules: Any) -> dict[str, Any]:
    """The rules of a round on such a rubric."""
    indicators = {f"i{n}": rule for n, rule in enumerate(rules, 1)}
    return {"measures": {"missing": missing, "indicators": indicators}, "rounding": EXACTLY}


@pytest.mark.parametrize("name", CASES["measured"])
def test_measured_values(tmp_path: Path, name: str) -> None:
    """Each value gives the printed points; experts give nothing on such an indicator."""
    case = CASES["measured"][name]
    ids = [f"a{n}" for n in range(len(case["values"]))]
    rubric = quantitative((case["points"], case["unit"]))
    panel = panel_data(2, ids, measure_rules("refuse", case["rule"]))
    rows = [(a, "measured", "i1", v, "年报") for a, v in zip(ids, case["values"], strict=True)]
    found = people(evaluated(tmp_path, rubric, panel, rows))
    assert [found[a]["total"] for a in ids] == case["published"]


@pytest.mark.parametrize("pool", ["AB", "ABC"])
def test_a_new_applicant_reverses_ranks_only_under_pool_relative_methods(
    tmp_path: Path, pool: str
) -> None:
    """Best ratio: 5 + 5 · 10/15 = 8.33 < 9, with C 5 + .5 > 4 + .75; fixed targets stay."""
    case = CASES["reversal"]
    rows = [
        (a, "measured", f"i{n}", v, "年报")
        for a in pool
        for n, v in enumerate(case["values"][a], 1)
    ]
    rubric = quantitative(("5", None), ("5", None))
    relative = {"method": "best_ratio", "better": "higher"}
    panel = panel_data(1, list(pool), measure_rules("refuse", relative, dict(relative)))
    found = people(evaluated(tmp_path, rubric, panel, rows))
    assert {a: found[a]["total"] for a in "AB"} == case["best_ratio"][pool]
    fixed = [
        {"method": "target_ratio", "better": "higher", "target": t}
        for t in case["target_ratio"]["targets"]
    ]
    panel = panel_data(1, list(pool), measure_rules("refuse", *fixed))
    found = people(evaluated(tmp_path, rubric, panel, rows))
    assert {a: found[a]["total"] for a in "AB"} == {a: case["target_ratio"][a] for a in "AB"}


RATIO = {"method": "target_ratio", "better": "higher", "target": "30"}


@pytest.mark.parametrize("missing", ["refuse", "zero"])
def test_a_missing_value_is_refused_or_zero_as_declared(tmp_path: Path, missing: str) -> None:
    """Never silently 0: the rules say so, and the result does; a value of 0 is not missing."""
    rubric = quantitative(("6", "个"))
    panel = panel_data(1, ["A", "B"], measure_rules(missing, RATIO))
    rows = [("A", "measured", "i1", "0", "年报"), ("B", "measured", "i1", "unscored", "未统计")]
    if missing == "refuse":
        with pytest.raises(Refused, match="B 的“指标1”没有测量值，不能出正式结果"):
            evaluated(tmp_path, rubric, panel, rows)
        return
    results = evaluated(tmp_path, rubric, panel, rows)
    assert [row["total"] for row in people(results).values()] == ["0.00", "0.00"]
    assert [results.flags(n, 0) for n in (0, 1)] == [[], ["no_value_zero"]]


def test_a_mixed_indicator_adds_its_two_parts(tmp_path: Path) -> None:
    """Of 10 points 4 are measured: experts (5 + 6)/2 = 5.5 of 6, and 4 · 15/30 = 2."""
    rubric = rubric_data([10])
    rubric["dimensions"][0]["indicators"][0]["kind"] = "mixed"
    panel = panel_data(2, ["A"], measure_rules("refuse", {**RATIO, "points": "4"}))
    rows = [("A", "e1", "i1", "5", ""), ("A", "e2", "i1", "6", "")]
    found = evaluated(tmp_path, rubric, panel, [*rows, ("A", "measured", "i1", "15", "年报")])
    assert people(found)["A"]["total"] == "7.50"
    with pytest.raises(InputError, match=r"“6\.5”超过“指标1”的满分 6"):
        evaluated(tmp_path, rubric, panel, [("A", "e1", "i1", "6.5", "")])


def test_experts_must_agree_on_an_objective_standard(tmp_path: Path) -> None:
    """4 and 4 are 4; 4 and 5 are no 4.5 but an error that names the applicant."""
    rubric = quantitative(("6", "个"))
    panel = panel_data(2, ["A"], measure_rules("refuse", {"method": "agreed"}))
    rows = [("A", "e1", "i1", "4", ""), ("A", "e2", "i1", "4", "")]
    assert people(evaluated(tmp_path, rubric, panel, rows))["A"]["total"] == "4.00"
    with pytest.raises(Refused, match="有 1 处定量指标各专家计分不一致，第一处是 A 的“i1”"):
        evaluated(tmp_path, rubric, panel, [rows[0], ("A", "e2", "i1", "5", "")])


# 09, 10: aggregation and rounding


@pytest.mark.parametrize("case", CASES["aggregation"]["cases"], ids=lambda case: case["name"])
def test_aggregation(tmp_path: Path, case: dict[str, Any]) -> None:
    """The exact mean that is published, the flag, and a sentence that can be recomputed."""
    rule = dict(METHODS[case["rule"]])
    if "weights" in case:
        rule["weights"] = {f"e{n}": w for n, w in enumerate(case["weights"], 1)}
    rounding = {"mode": "half_up", "stage": "total", "places": 6}
    panel = panel_data(len(case["scores"]), ["A"], {"aggregation": rule, "rounding": rounding})
    rows = [
        ("A", f"e{n}", "i1", s or "recused", "" if s else "参与过")
        for n, s in enumerate(case["scores"], 1)
    ]
    results = evaluated(tmp_path, rubric_data([100]), panel, rows)
    exact = Fraction(case["exact"])
    assert abs(Fraction(people(results)["A"]["total"]) - exact) <= Fraction(1, 2 * 10**6)
    cell = reported(results).report("A", "internal")["dimensions"][0]["indicators"][0]
    assert Fraction(cell["sum"]) / Fraction(cell.get("weight", cell["n"])) == exact
    assert cell["sum"] in derivation(cell, panel["rules"]).render()
    assert results.flags(0, 0) == ([case["flag"]] if "flag" in case else [])
    if "published" in case:
        panel["rules"]["rounding"] = EXACTLY
        assert (
            people(evaluated(tmp_path, rubric_data([100]), panel, rows))["A"]["total"]
            == case["published"]
        )


def test_a_median_takes_no_weights(tmp_path: Path) -> None:
    """The middle score is the middle score; weights beside it would only seem to count."""
    rule = {"method": "median", "level": "indicator", "weights": {"e1": "2"}}
    with pytest.raises(InputError, match="中位数与专家的权重无关，请删去 weights 或改用平均"):
        load(tmp_path, rubric_data([10]), panel_data(1, ["A"], {"aggregation": rule}))


def test_the_median_of_whole_sheets(tmp_path: Path) -> None:
    """Totals 9, 12, 14: the second sheet stands for all, with its own 7 and 5."""
    rule = {"method": "median", "level": "total"}
    panel = panel_data(3, ["A"], {"aggregation": rule})
    sheets = {"e1": ("4", "5"), "e2": ("7", "5"), "e3": ("5", "9")}
    rows = [("A", e, f"i{n}", p, "") for e, own in sheets.items() for n, p in enumerate(own, 1)]
    found = people(evaluated(tmp_path, rubric_data([10, 10]), panel, rows))["A"]
    assert [i["points"] for i in found["indicators"]] == ["7.00", "5.00"]


# Means 7.3333… and 8.1666… with factors 1.33 and 2.67:
# score      7.33 · 1.33 + 8.17 · 2.67 = 9.7489 + 21.8139 = 31.5628
# indicator  round(9.75333…) + round(21.805) = 9.75 + 21.81 = 31.56 (the tie goes up)
# total      9.75333… + 21.805 = 31.55833…
# With other means the three part: 7.1666… and 8.8333…:
# score      7.17 · 1.33 + 8.83 · 2.67 = 9.5361 + 23.5761 = 33.1122 = 33.11
# indicator  9.531666… + 23.585 = 9.53 + 23.59 = 33.12
# total      33.116666… = 33.12
STAGES = [
    (("7", "7", "8"), ("8", "8", "8.5"), ("31.56", "31.56", "31.56")),
    (("7", "7", "7.5"), ("8.5", "9", "9"), ("33.11", "33.12", "33.12")),
]


@pytest.mark.parametrize(("first", "second", "totals"), STAGES)
def test_factors_and_the_stage_of_rounding(
    tmp_path: Path, first: Any, second: Any, totals: tuple[str, ...]
) -> None:
    """A score is rounded before its factor, or the product after it, or only the sum."""
    for stage, total in zip(("score", "indicator", "total"), totals, strict=True):
        rules = {"rounding": {"mode": "half_up", "stage": stage, "places": 2}}
        rows = [
            ("A", f"e{e}", f"i{i}", p, "")
            for i, own in enumerate((first, second), 1)
            for e, p in enumerate(own, 1)
        ]
        results = evaluated(
            tmp_path, scaled("0", "10", "1.33", "2.67"), panel_data(3, ["A"], rules), rows
        )
        assert people(results)["A"]["total"] == total, stage


# 11: bonus and deductions


def test_an_achievement_counts_once(tmp_path: Path) -> None:
    """Twice by one applicant is refused; by two applicants it is a finding for the secretary."""
    claim = {"title": "国家级 平台", "level": "national", "evidence": "佐证1"}
    twice = [{**claim, "id": "n1"}, {**claim, "id": "n2", "title": "国家级平台"}]
    rule = {"bonus": {"recognised_by": "experts", "scope": "national", "cap_stage": "aggregate"}}
    own = {"id": "A", "name": "对象", "lead": "示例牵头", "claims": twice}
    with pytest.raises(InputError, match="成果“国家级平台”申报了两次，一项成果只计一次"):
        load(tmp_path, rubric_data([10], bonus=True), panel_data(1, [own], rule))
    two = [{**own, "claims": twice[:1]}, {**own, "id": "B", "claims": twice[1:]}]
    rubric, panel = load(tmp_path, rubric_data([10], bonus=True), panel_data(1, two, rule))
    said = [finding.render() for finding in checks.findings(panel, rubric)]
    assert "成果“国家级平台”由 A、B 分别申报，请核实是否同一项成果" in said


@pytest.mark.parametrize("stage", ["aggregate", "expert"])
def test_the_cap_in_words(tmp_path: Path, stage: str) -> None:
    """Sums of 8, 12 and 12 make 32/3, cut to 10; capped one by one 28/3. Both can be recomputed."""
    claims = [
        {"id": f"n{k}", "title": f"成果{k}", "level": "national", "evidence": "1"} for k in range(4)
    ]
    own = {"id": "A", "name": "对象", "lead": "示例牵头", "claims": claims}
    rule = {"bonus": {"recognised_by": "experts", "scope": "national", "cap_stage": stage}}
    panel = panel_data(3, [own], rule)
    rows = [("A", f"e{e}", "i1", "9", "") for e in (1, 2, 3)]
    rows += [
        ("A", e, f"bonus.n{k}", p, "")
        for e, p in (("e1", "2"), ("e2", "3"), ("e3", "3"))
        for k in range(4)
    ]
    results = evaluated(tmp_path, rubric_data([10], bonus=True), panel, rows)
    view = Views(results).applicant("A")
    (cell,) = view["bonuses"]
    said = derivation(cell, view["declared"]).render().replace("\N{NO-BREAK SPACE}", " ")
    if stage == "aggregate":
        assert said == "3 个评分之和 32 ÷ 3 ≈ 10.67，超过上限，按 10.00 分计。"
        assert cell["flags"] == ["capped"]
    else:
        assert said == "3 个评分之和 28 ÷ 3 ≈ 9.33。"
        assert cell["flags"] == []


DEDUCTIONS = [
    # the scale, the score, what is taken off, floor and stage, and what is left
    (("0", "10"), "8", "3", "zero", "total", "5.00"),
    (("0", "10"), "2", "3", "zero", "total", "0.00"),
    (("0", "10"), "2", "3", "none", "total", "-1.00"),
    # a total that is below 0 by itself is not lifted by a floor for deductions
    (("-5", "5"), "-2", "3", "zero", "total", "-2.00"),
    (("-5", "5"), "-2", "3", "none", "total", "-5.00"),
]


@pytest.mark.parametrize(("ends", "score", "taken", "floor", "stage", "total"), DEDUCTIONS)
def test_deductions(
    tmp_path: Path, ends: Any, score: str, taken: str, floor: str, stage: str, total: str
) -> None:
    """What is taken off ends at 0 where the rules say so."""
    rubric = scaled(*ends, "1")
    rubric["deductions"] = [{"id": "late", "name": "迟报", "points": "5"}]
    rules = {
        "deductions": {"floor": floor},
        "rounding": {"mode": "half_up", "stage": stage, "places": 2},
    }
    rows = [("A", "e1", "i1", score, ""), ("A", "panel", "late", taken, "迟报三日")]
    found = people(evaluated(tmp_path, rubric, panel_data(1, ["A"], rules), rows))["A"]
    assert (found["total"], found["deduction"]) == (total, f"{taken}.00")


def test_a_total_with_a_deduction_is_rounded_once(tmp_path: Path) -> None:
    """(8 + 8 + 8.5)/3 = 8.1666…, less 0.5: 7.666… = 7.7; rounded apart 8.2 and 0.5 too; but
    with 0 places 7.666… is 8, while 8 − 1 (0.5 goes up) would be 7.
    """
    rubric = rubric_data([10])
    rubric["deductions"] = [{"id": "late", "name": "迟报", "points": "5"}]
    rules = {
        "deductions": {"floor": "zero"},
        "rounding": {"mode": "half_up", "stage": "total", "places": 0},
    }
    rows = [("A", f"e{n}", "i1", p, "") for n, p in enumerate(("8", "8", "8.5"), 1)]
    rows += [("A", "panel", "late", "0.5", "迟报")]
    found = people(evaluated(tmp_path, rubric, panel_data(3, ["A"], rules), rows))
    assert found["A"]["total"] == "8"


def test_what_a_floor_makes_equal_stays_equal(tmp_path: Path) -> None:
    """Deductions take what is there and no more, also where ties look behind the rounding."""
    rubric = rubric_data([10])
    rubric["deductions"] = [{"id": "late", "name": "迟报", "points": "5"}]
    rules = {"deductions": {"floor": "zero"}, "ties": ["unrounded:total"]}
    rows = [("A", "e1", "i1", "1", ""), ("A", "panel", "late", "3", "迟报")]
    rows += [("B", "e1", "i1", "1", ""), ("B", "panel", "late", "4", "迟报")]
    found = people(evaluated(tmp_path, rubric, panel_data(1, ["A", "B"], rules), rows))
    assert [(found[a]["total"], found[a]["rank"]) for a in "AB"] == [("0.00", 1), ("0.00", 1)]


@pytest.mark.parametrize("points", [10, 100])
def test_a_deduction_has_the_published_decimals(tmp_path: Path, points: int) -> None:
    """Two places, whatever the indicators are worth: 10 − 1.25 = 8.75; 1.255 is too fine."""
    rubric = rubric_data([points])
    rubric["deductions"] = [{"id": "late", "name": "迟报", "points": "5"}]
    panel = panel_data(1, ["A"], {"deductions": {"floor": "zero"}})
    rows = [("A", "e1", "i1", "10", ""), ("A", "panel", "late", "1.25", "迟报")]
    assert people(evaluated(tmp_path, rubric, panel, rows))["A"]["total"] == "8.75"
    rows[1] = ("A", "panel", "late", "1.255", "迟报")
    with pytest.raises(InputError, match=r"第 3 行：扣分“1\.255”过细，最细到 0\.01 分$"):
        evaluated(tmp_path, rubric, panel, rows)


def test_only_deductions_make_the_unit_of_scores_finer(tmp_path: Path) -> None:
    """Halves need tenths; with deductions the two published places need hundredths."""
    rubric = rubric_data([10])
    assert scale(*_loaded_rules(tmp_path, rubric, {})) == 10
    rubric["deductions"] = [{"id": "late", "name": "迟报", "points": "5"}]
    assert scale(*_loaded_rules(tmp_path, rubric, {"deductions": {"floor": "zero"}})) == 100


def _loaded_rules(folder: Path, rubric: Any, rules: Any) -> tuple[Rubric, Rules]:
    loaded, panel = load(folder, rubric, panel_data(1, ["A"], rules))
    return loaded, panel.rules


def test_a_deduction_is_a_number(tmp_path: Path) -> None:
    """`unscored` on a deduction is refused: it would read as no deduction."""
    rubric = rubric_data([10])
    rubric["deductions"] = [{"id": "late", "name": "迟报", "points": "5"}]
    panel = panel_data(1, ["A"], {"deductions": {"floor": "zero"}})
    with pytest.raises(InputError, match="第 2 行：“unscored”不能用于扣分项，请写扣几分"):
        evaluated(tmp_path, rubric, panel, [("A", "panel", "late", "unscored", "不清楚")])


# 12: ranks


def ranked(folder: Path, totals: dict[str, str], rules: Any, **more: Any) -> Results:
    """One expert, one indicator of 100 points; a group for each applicant that names one."""
    applicants = [
        {"id": a, "name": a, "lead": f"示例{a}"}
        | ({"group": more["groups"][a]} if "groups" in more else {})
        for a in totals
    ]
    rubric = rubric_data([100]) | more.get("rubric", {})
    panel = panel_data(1, applicants, {"step": "0.0001", **rules})
    rows = [(a, "e1", "i1", p, "") for a, p in totals.items()]
    return evaluated(folder, rubric, panel, rows)


def test_ranks_are_those_of_the_published_totals(tmp_path: Path) -> None:
    """1, 2, 2, 4; and 86.1251 and 86.1299 are both 86.13."""
    totals = dict(zip("abcd", CASES["ties"]["totals"], strict=True))
    assert ranked(tmp_path, totals, {}).rank.tolist() == CASES["ties"]["ranks"]
    scores, ranks = CASES["ties"]["published"]
    found = ranked(tmp_path, dict(zip("ab", scores, strict=True)), {})
    assert found.rank.tolist() == ranks


def test_the_tie_chain_on_three_equal_totals(tmp_path: Path) -> None:
    """All have 88: base 85 + 3, 86 + 2; then the third dimension: C before B before A."""
    case = CASES["ties"]["chain"]
    rubric = rubric_data([100], bonus=True)
    own = rubric["dimensions"][0]["indicators"][0]
    rubric["dimensions"] = [
        {"id": "rest", "name": "其余", "indicators": [{**own, "id": "i1", "points": "70"}]},
        {"id": "group3", "name": "第三", "indicators": [{**own, "id": "i3", "points": "30"}]},
    ]
    claim = {"id": "n1", "title": "成果", "level": "national", "evidence": "1"}
    applicants = [
        {"id": a, "name": a, "lead": f"示例{a}", "claims": [{**claim, "title": a}]} for a in "ABC"
    ]
    rules = {
        "bonus": {"recognised_by": "experts", "scope": "national", "cap_stage": "aggregate"},
        "ties": ["base", "dimension:group3"],
    }
    rows = []
    for a in "ABC":
        base, third = (Fraction(x) for x in case[a])
        for name, p in (("i1", base - third), ("i3", third), ("bonus.n1", 88 - base)):
            rows.append((a, "e1", name, str(p), ""))
    results = evaluated(tmp_path, rubric, panel_data(1, applicants, rules), rows)
    found = people(results)
    assert {row["total"] for row in found.values()} == {"88.00"}
    assert sorted("ABC", key=lambda a: found[a]["rank"]) == case["order"]


def test_lower_is_better(tmp_path: Path) -> None:
    """Grades from 1 (best): the least total is first."""
    found = ranked(tmp_path, {"a": "3", "b": "1", "c": "2"}, {}, rubric={"better": "lower"})
    assert found.rank.tolist() == [3, 1, 2]


@pytest.mark.parametrize("better", ["higher", "lower"])
def test_readers_are_told_that_less_is_better(tmp_path: Path, better: str) -> None:
    """On the pages that show totals, and of the keys of ties; 满分 is not what is aimed at."""
    totals = {a: str(n) for n, a in enumerate("abcd", 1)}
    rules = {"ties": ["indicator:i1"]}
    found = ranked(tmp_path, totals, rules, rubric={"better": better})
    lower = better == "lower"
    page = applicant.outcome(
        applicant.read(json.dumps(reported(found).report("a", "applicant")))
    ).html
    assert ("总分越低越好。" in page, "<dt>满分</dt>" in page) == (lower, not lower)
    said = [str(sentence) for sentence in explain.rules(found.rubric, found.panel)]
    chain = "从低到高排名；总分相同时依次比较“指标1”，也以低者为先，仍相同的并列。"
    assert any(chain in sentence for sentence in said) == lower
    whole = summary.ranking(summary.read(json.dumps(Views(found).panel()))).html
    assert ("总分越低越好。" in whole) == lower
    assert "最高 4.00 分，最低 1.00 分" in whole


def test_what_presumes_that_more_is_better_is_refused_where_less_is(tmp_path: Path) -> None:
    """Deductions on a scale from 1 (best) would reward what they punish."""
    lower = rubric_data([10], bonus=True) | {"better": "lower"}
    with pytest.raises(InputError, match="总分越低越好的指标体系不能有加分项、扣分项"):
        load(tmp_path, lower, panel_data(1, ["A"]))
    rubric = quantitative(("6", "个")) | {"better": "lower"}
    with pytest.raises(InputError, match="总分越低越好的，测量值不能按越好分越高的方法计分"):
        load(tmp_path, rubric, panel_data(1, ["A"], measure_rules("zero", RATIO)))


GROUPS = {"a": "东", "b": "西", "c": "东", "d": "西", "e": "东"}
FIVE = {"a": "90", "b": "80", "c": "70", "d": "85", "e": "90"}


def test_groups_are_ranked_apart_or_together(tmp_path: Path) -> None:
    """East: a and e share the first rank, c is third; west: d before b."""
    apart = ranked(tmp_path, FIVE, {"ranking": "by_group"}, groups=GROUPS)
    assert apart.rank.tolist() == [1, 2, 3, 1, 1]
    together = ranked(tmp_path, FIVE, {"ranking": "overall"}, groups=GROUPS)
    assert together.rank.tolist() == [1, 4, 5, 3, 1]
    with pytest.raises(InputError, match="各组分别排名的，每个评审对象都要写明 group"):
        ranked(tmp_path, FIVE, {"ranking": "by_group"})


SELECTIONS = [
    # (places, tie at the cut, what is proposed for a 90, b 80, c 70, d 85, e 90)
    (2, "none", ["yes", "no", "no", "no", "yes"]),
    (1, "none", ["tied_at_cut", "no", "no", "no", "tied_at_cut"]),
    (1, "all", ["yes", "no", "no", "no", "yes"]),
    (3, "none", ["yes", "no", "no", "yes", "yes"]),
    (0, "all", ["no"] * 5),
    (9, "none", ["yes"] * 5),
]


@pytest.mark.parametrize(("places", "tie", "proposed"), SELECTIONS)
def test_selection_with_ties_at_the_cut(
    tmp_path: Path, places: int, tie: str, proposed: list[str]
) -> None:
    """Equals at the last place go together: all of them, or a person decides."""
    rules = {"selection": {"places": places, "tie_at_cut": tie}}
    found = people(ranked(tmp_path, FIVE, rules))
    assert [row["selected"] for row in found.values()] == proposed


PASSING = [
    # (places, least total of the passing grade, what is proposed for a 90, b 80, c 70, d 85, e 90)
    (9, "82", ["yes", "no", "no", "yes", "yes"]),
    (9, "80", ["yes", "yes", "no", "yes", "yes"]),
    # one place for a and e, who would tie if they passed
    (1, "91", ["no"] * 5),
    (1, "90", ["tied_at_cut", "no", "no", "no", "tied_at_cut"]),
]


@pytest.mark.parametrize(("places", "least", "proposed"), PASSING)
def test_a_grade_that_does_not_pass_is_not_proposed(
    tmp_path: Path, places: int, least: str, proposed: list[str]
) -> None:
    """More places than passers: the rest stay empty, and who fails ties with nobody."""
    rules = {
        "selection": {"places": places, "tie_at_cut": "none"},
        "grades": [{"grade": "good", "at_least": least}],
    }
    found = ranked(tmp_path, FIVE, rules, rubric={"procedures": [graded(good=True, poor=False)]})
    assert [row["selected"] for row in people(found).values()] == proposed
    assert "等次为poor的不列入拟选。" in [str(s) for s in explain.rules(found.rubric, found.panel)]
    view = json.dumps(reported(found).report("c", "internal"))
    assert "等次为poor的不列入拟选。" in applicant.outcome(applicant.read(view)).html


def test_every_grade_may_pass(tmp_path: Path) -> None:
    """Then grades stand against nobody, and no rule says so."""
    rules = {
        "selection": {"places": 4, "tie_at_cut": "none"},
        "grades": [{"grade": "good", "at_least": "82"}],
    }
    found = ranked(tmp_path, FIVE, rules, rubric={"procedures": [graded(good=True, fair=True)]})
    proposed = [row["selected"] for row in people(found).values()]
    assert proposed == ["yes", "yes", "no", "yes", "yes"]
    assert not [s for s in explain.rules(found.rubric, found.panel) if "不列入拟选" in str(s)]


def test_places_for_each_group(tmp_path: Path) -> None:
    """One place in each: east ties between a and e, west goes to d."""
    places = {"东": 1, "西": 1}
    rules = {"ranking": "by_group", "selection": {"places": places, "tie_at_cut": "none"}}
    found = people(ranked(tmp_path, FIVE, rules, groups=GROUPS))
    proposed = {a: row["selected"] for a, row in found.items()}
    assert proposed == {
        "a": "tied_at_cut",
        "b": "no",
        "c": "no",
        "d": "yes",
        "e": "tied_at_cut",
    }


# 13: conditions of entry and grades


def gated(bound: dict[str, Any]) -> dict[str, Any]:
    """A rubric of 10 points with one condition of entry."""
    gate = {"id": "g1", "article": "第九条（一）", "text": "条件示例", "bound": bound}
    return rubric_data([10]) | {"gates": [gate]}


def gate_results(folder: Path, bound: dict[str, Any], entries: list[str | None]) -> list[str]:
    """What ``entries`` mean under ``bound``."""
    ids = [f"a{n}" for n in range(len(entries))]
    panel = panel_data(1, ids, {"gates": {"unknown": "exclude"}})
    rows = [(a, "e1", "i1", "5", "") for a in ids]
    rows += [(a, "gate", "g1", e, "证明") for a, e in zip(ids, entries, strict=True) if e]
    found = people(evaluated(folder, gated(bound), panel, rows))
    for row in found.values():
        assert (row["rank"] is not None) == (row["gates"][0]["result"] == "pass")
    return [found[a]["gates"][0]["result"] for a in ids]


@pytest.mark.parametrize("name", ["capital", "partners"])
def test_conditions_of_entry(tmp_path: Path, name: str) -> None:
    """不低于 includes the number; 元 and 万元 are told apart; nothing on record is unknown."""
    case = CASES["gates"][name]
    bound = {"measure": {"name": "量", "unit": case["unit"]}, "at_least": case["at_least"]}
    assert gate_results(tmp_path, bound, case["entries"]) == case["results"]


@pytest.mark.parametrize(("limit", "bound", "value", "result"), CASES["gates"]["wording"])
def test_inclusive_wording(tmp_path: Path, limit: str, bound: str, value: str, result: str) -> None:
    """以上 and 以下 include the number, 超过 and 不满 do not."""
    whole = {"measure": {"name": "量", "unit": "%"}, limit: bound}
    assert gate_results(tmp_path, whole, [value]) == [result]


def test_an_unknown_condition_stops_the_round_where_declared(tmp_path: Path) -> None:
    """Under refuse nothing is official while it is unknown whether an applicant may take part."""
    rubric = gated({"measure": {"name": "量", "unit": "家"}, "at_least": "10"})
    panel = panel_data(1, ["A"], {"gates": {"unknown": "refuse"}})
    with pytest.raises(Refused, match="A 是否满足准入条件 第九条（一）（g1）尚不清楚"):
        evaluated(tmp_path, rubric, panel, [("A", "e1", "i1", "5", "")])


def test_a_failed_condition_takes_no_rank_and_no_part_in_the_field(tmp_path: Path) -> None:
    """B has the most points and fails: no rank, no place, outside all statistics, still listed."""
    rubric = gated({"measure": {"name": "量", "unit": "家"}, "at_least": "10"})
    rules = {
        "gates": {"unknown": "exclude"},
        "selection": {"places": 1, "tie_at_cut": "all"},
    }
    panel = panel_data(1, ["A", "B", "C"], rules)
    rows = [(a, "e1", "i1", p, "") for a, p in (("A", "5"), ("B", "10"), ("C", "4"))]
    rows += [(a, "gate", "g1", e, "证明") for a, e in (("A", "10"), ("B", "9"), ("C", "11"))]
    results = evaluated(tmp_path, rubric, panel, rows)
    found = people(results)
    assert {a: row["rank"] for a, row in found.items()} == {"A": 1, "B": None, "C": 2}
    assert found["B"]["selected"] == "no"
    assert found["B"]["total"] == "10.00"
    view = Views(results).report("A", "internal")
    assert view["field"]["max"] == "5.00"
    assert view["dimensions"][0]["indicators"][0]["field"]["max"] == "5.00"


def test_a_failed_applicant_is_outside_the_pool_of_a_relative_method(tmp_path: Path) -> None:
    """Best of the pool is A's 20, not B's 40: C has 6 · 10/20 = 3. Fixed targets hold for B too."""
    gates = gated({"measure": {"name": "量", "unit": "家"}, "at_least": "10"})["gates"]
    rubric = quantitative(("6", "个"), ("6", "个")) | {"gates": gates}
    relative = {"method": "best_ratio", "better": "higher"}
    rules = measure_rules("refuse", relative, RATIO) | {"gates": {"unknown": "exclude"}}
    values = {"A": "20", "B": "40", "C": "10"}
    rows = [(a, "measured", i, v, "年报") for a, v in values.items() for i in ("i1", "i2")]
    rows += [(a, "gate", "g1", "fail" if a == "B" else "pass", "证明") for a in values]
    results = evaluated(tmp_path, rubric, panel_data(1, list(values), rules), rows)
    points = {a: [i["points"] for i in row["indicators"]] for a, row in people(results).items()}
    assert points == {"A": ["6.00", "4.00"], "B": [None, "6.00"], "C": ["3.00", "2.00"]}
    view = Views(results).applicant("B")
    said = [derivation(c, view["declared"]).render() for c in view["dimensions"][0]["indicators"]]
    assert "未满足准入条件的不参加比较" in said[0]
    assert said[1].startswith("测量值 40 个，按与目标值之比（封顶）得 6.00 分")


def test_whoever_is_out_of_the_round_holds_up_nobody(tmp_path: Path) -> None:
    """B fails a condition and was never scored: A's result is official, B is listed without."""
    rubric = gated({"measure": {"name": "量", "unit": "家"}, "at_least": "10"})
    panel = panel_data(1, ["A", "B"], {"gates": {"unknown": "refuse"}})
    rows = [
        ("A", "e1", "i1", "5", ""),
        ("A", "gate", "g1", "10", "证明"),
        ("B", "gate", "g1", "9", "证明"),
    ]
    found = people(evaluated(tmp_path, rubric, panel, rows))
    assert (found["A"]["rank"], found["B"]["rank"], found["B"]["total"]) == (1, None, None)


def test_grades_on_the_published_total(tmp_path: Path) -> None:
    """89.995 is published as 90.00 and excellent; 79.9949 as 79.99, never 80."""
    case = CASES["grades"]
    names = [*case["cuts"], "unqualified"]
    procedure = graded(**{n: n != "unqualified" for n in names})
    totals = {f"a{n}": t for n, t in enumerate(case["totals"])}
    rules = {"grades": [{"grade": g, "at_least": c} for g, c in case["cuts"].items()]}
    found = ranked(tmp_path, totals, rules, rubric={"procedures": [procedure]})
    assert [row["grade"] for row in people(found).values()] == case["grades"]
    said = [str(sentence) for sentence in explain.rules(found.rubric, found.panel)]
    cuts = "excellent ≥ 90、good ≥ 80、qualified ≥ 60"
    assert f"按公布的总分分等次：{cuts}，其余unqualified。" in said


LOWER = {"procedures": [graded(fund=True, maybe=True, no=False)], "better": "lower"}
"""Impact scores: the least total is the best, and above the last line nothing is funded."""


def cuts(**lines: dict[str, str]) -> dict[str, Any]:
    """The rule on grades with these lines."""
    return {"grades": [{"grade": grade, **line} for grade, line in lines.items()]}


def test_grades_where_the_lowest_total_is_best(tmp_path: Path) -> None:
    """30.004 is published as 30.00, on the line, and funded; 30.005 as 30.01, and is not.

    No published total lies between 50.00 and the second line, 50.005: 50.01 is above it.
    """
    totals = {"a": "10", "b": "30.004", "c": "30.005", "d": "50", "e": "50.01", "f": "90"}
    rules = cuts(fund={"at_most": "30"}, maybe={"at_most": "50.005"})
    rules |= {"selection": {"places": 9, "tie_at_cut": "all"}}
    rows = people(found := ranked(tmp_path, totals, rules, rubric=LOWER))
    assert [row["grade"] for row in rows.values()] == ["fund", "fund", "maybe", "maybe", "no", "no"]
    assert [row["selected"] for row in rows.values()] == ["yes"] * 4 + ["no"] * 2
    assert [row["rank"] for row in rows.values()] == [1, 2, 3, 4, 5, 6]
    said = [str(sentence) for sentence in explain.rules(found.rubric, found.panel)]
    assert "按公布的总分分等次：fund ≤ 30、maybe ≤ 50.005，其余no。" in said


ONE = "须写一个分数线：总分越高越好的写 at_least，总分越低越好的写 at_most"
CONTRADICTIONS = {
    "no line": ("lower", {}, {"at_most": "50"}, ONE),
    "two lines": ("higher", {"at_least": "30", "at_most": "30"}, {"at_least": "9"}, ONE),
    "least": ("lower", {"at_least": "30"}, {"at_most": "50"}, r"grades\[0\]：.*低越好.*at_most"),
    "most": ("higher", {"at_least": "30"}, {"at_most": "9"}, r"grades\[1\]：.*高越好.*at_least"),
    "falling": ("lower", {"at_most": "50"}, {"at_most": "30"}, "越低越好的，分数线须从低到高"),
    "equal": ("lower", {"at_most": "30"}, {"at_most": "30"}, "分数线须从低到高、互不相同"),
    "rising": ("higher", {"at_least": "30"}, {"at_least": "50"}, "分数线须从高到低、互不相同"),
}


@pytest.mark.parametrize(
    ("better", "fund", "maybe", "said"), CONTRADICTIONS.values(), ids=CONTRADICTIONS
)
def test_lines_of_grades_follow_the_direction(
    tmp_path: Path, better: str, fund: dict[str, str], maybe: dict[str, str], said: str
) -> None:
    """What does not fit is refused in words that name what to write; the schema minds the keys."""
    rules = cuts(fund=fund, maybe=maybe)
    with pytest.raises(InputError, match=said):
        ranked(tmp_path, FIVE, rules, rubric={**LOWER, "better": better})
    schema = jsonschema.Draft202012Validator(Rules.model_json_schema())
    wrong = [e for e in schema.iter_errors({**RULES, **rules}) if list(e.path)[:1] == ["grades"]]
    assert bool(wrong) == (said == ONE)


def test_lines_without_grades_are_refused(tmp_path: Path) -> None:
    """A procedure that grades nobody has no lines; one that does is told its grades."""
    with pytest.raises(InputError, match="本轮的程序不分等次，请删去 grades"):
        ranked(tmp_path, FIVE, cuts(fund={"at_least": "30"}))
    with pytest.raises(InputError, match="等次须依次写 fund、maybe，最后一个等次不写分数线"):
        ranked(tmp_path, FIVE, cuts(fund={"at_most": "30"}), rubric=LOWER)


@pytest.mark.parametrize(
    ("text", "value"),
    [("1元", "0.00000001"), ("123456789012.5元", "1234.567890125"), ("1,234", "1234")],
)
def test_measured_values_come_back_from_their_table(tmp_path: Path, text: str, value: str) -> None:
    """元 in 亿元 have more decimals than a score may have, and are read back all the same."""
    panel = panel_data(1, ["A"], measure_rules("refuse", RATIO))
    loaded = load(tmp_path, quantitative(("6", "亿元")), panel)
    rows = frame([("A", "measured", "i1", text, "年报")])
    facts = from_frame(rows, *loaded)
    number = facts.verified.measured["A", "i1"]
    assert number is not None
    assert format(number, "f") == value
    again = from_frame(facts.to_frame(), *loaded)
    assert again.verified.measured == facts.verified.measured


def test_what_is_wrong_with_values_and_scores_is_said_at_once(tmp_path: Path) -> None:
    """Problems of measured values and of scores stand together, line by line."""
    rubric = quantitative(("6", "个"))
    extra = {"id": "i2", "name": "指标二", "points": "4", "kind": "qualitative"}
    rubric["dimensions"][0]["indicators"].append(extra)
    rubric["points"] = rubric["dimensions"][0]["points"] = "10"
    loaded = load(tmp_path, rubric, panel_data(1, ["A"], measure_rules("refuse", RATIO)))
    rows = [
        ("A", "e1", "i2", "4.5", ""),
        ("A", "measured", "i1", "五个", "年报"),
        ("A", "measured", "i2", "3", "年报"),
        ("Z", "e1", "i2", "3", ""),
    ]
    with pytest.raises(InputError) as caught:
        from_frame(frame(rows), *loaded, source="scores.csv")
    lines = caught.value.render().splitlines()
    assert [line.split("：")[0] for line in lines] == [
        f"scores.csv 第 {n} 行" for n in (2, 3, 4, 5)
    ]


def test_a_comma_that_sets_no_thousands_apart_is_refused(tmp_path: Path) -> None:
    """3,5 is not 35."""
    loaded = load(
        tmp_path, quantitative(("6", "个")), panel_data(1, ["A"], measure_rules("refuse", RATIO))
    )
    with pytest.raises(InputError, match="“3,5”的单位与声明的“个”不同"):
        from_frame(frame([("A", "measured", "i1", "3,5", "年报")]), *loaded)
