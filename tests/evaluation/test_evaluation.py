"""The official function: rules one by one, each on numbers that can be checked by hand."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from evalkit.base.errors import Refused
from evalkit.disclosure import Views
from evalkit.evaluation import Results, evaluate
from evalkit.facts.columns import Basis
from evalkit.facts.tidy import from_frame
from evalkit.pages import applicant
from evalkit.panel import explain
from tests.support.builders import TRIMMED, frame, load, panel_data, rubric_data, table

A = [[13, 5, 5], [8, 8, 5], [13, 9, 5], [7, 9, 4], [13, 5, 3]]
B = [[13, 8, 4], [7, 7, 4], [8, 7, 5], [9, 10, 5], [15, 8, 2]]
"""Two applicants of five experts and three indicators (15, 10, 5), both of mean 22.4."""


def run(folder: Path, scores: Any, rules: Any, points: Any = (15, 10, 5)) -> Results:
    """Evaluate matrices of scores under ``rules``."""
    experts = max(len(matrix) for matrix in scores.values())
    rubric, panel = load(folder, rubric_data(points), panel_data(experts, list(scores), rules))
    return evaluate(rubric, panel, from_frame(table(scores), rubric, panel))


def totals(results: Results) -> dict[str, str | None]:
    """Published totals by applicant."""
    rows = results.to_dict()["applicants"]
    return {row["id"]: row["total"] for row in rows}


def test_mean(tmp_path: Path) -> None:
    """Both have 112/5 = 22.4, and share the first rank."""
    results = run(tmp_path, {"A": A, "B": B}, {})
    assert totals(results) == {"A": "22.40", "B": "22.40"}
    assert results.rank.tolist() == [1, 1]


def test_trimming_each_indicator(tmp_path: Path) -> None:
    """Per indicator A has 34/3 + 22/3 … = 70/3 = 23.33 and B 22, so A wins."""
    rounding = {"mode": "half_up", "stage": "total", "places": 2}
    results = run(tmp_path, {"A": A, "B": B}, {"aggregation": TRIMMED, "rounding": rounding})
    assert totals(results) == {"A": "23.33", "B": "22.00"}


def test_trimming_whole_sheets_reverses_the_winner(tmp_path: Path) -> None:
    """By totals A keeps 23, 21, 21 (65/3 = 21.67) and B keeps 20, 24, 25 (23), so B wins."""
    rounding = {"mode": "half_up", "stage": "total", "places": 2}
    rules = {"aggregation": {**TRIMMED, "level": "total"}, "rounding": rounding}
    assert totals(run(tmp_path, {"A": A, "B": B}, rules)) == {"A": "21.67", "B": "23.00"}


def test_recusal_on_one_indicator_takes_the_whole_sheet_out_of_total_trimming(
    tmp_path: Path,
) -> None:
    """Without the second expert the totals are 23, 27, 20, 21, 21: (23 + 21 + 21) / 3 = 65/3."""
    matrix = [[13, 5, 5], [8, None, 5], [13, 9, 5], [7, 9, 4], [13, 5, 3], [10, 7, 4]]
    rounding = {"mode": "half_up", "stage": "total", "places": 2}
    rules = {"aggregation": {**TRIMMED, "level": "total"}, "rounding": rounding}
    results = run(tmp_path, {"A": matrix}, rules)
    assert totals(results) == {"A": "21.67"}
    first, second = (results.to_dict()["applicants"][0]["indicators"][i]["scores"] for i in (0, 1))
    assert first[1] == {"expert": "e2", "use": "excluded", "points": "8"}
    assert second[1] == {"expert": "e2", "use": "recused"}
    assert "experts_excluded" in results.flags(0, 0)


@pytest.mark.parametrize(
    ("scores", "min_n", "mean", "trimmed"),
    [
        ([85, None, 90, 88, 87, 86, 91], 3, Fraction(351, 4), True),  # 91 and 85 dropped
        ([0, 85, 90, 88, 87], 3, Fraction(260, 3), True),  # a typed 0 is a score, and dropped
        ([8, 9], 3, Fraction(17, 2), False),  # too few: plain mean, flagged
        ([6, 8, 9], 5, Fraction(23, 3), False),
        ([6, 8, 9, 10], 5, Fraction(33, 4), False),
        ([6, 8, 9], 3, Fraction(8), True),
        ([6, 8, 9, 10], 3, Fraction(17, 2), True),
    ],
)
def test_trimming_with_few_or_absent_scores(
    tmp_path: Path, scores: list[int | None], min_n: int, mean: Fraction, trimmed: bool
) -> None:
    """Absent is not zero; below min_n nothing is dropped, and the result says so."""
    rules = {"aggregation": {**TRIMMED, "min_n": min_n}}
    results = run(tmp_path, {"A": [[s] for s in scores]}, rules, points=(100,))
    assert Fraction(int(results.sums[0, 0]), int(results.number[0, 0]) * 10) == mean
    assert ("not_trimmed" in results.flags(0, 0)) is not trimmed


@pytest.mark.parametrize(
    ("stage", "total"),
    [
        ("indicator", "22.01"),  # 7.67 + 7.67 + 6.67
        ("dimension", "22.00"),  # 23/3 + 23/3 + 20/3 = 66/3
        ("total", "22.00"),
    ],
)
def test_the_rounding_stage_is_part_of_the_rules(tmp_path: Path, stage: str, total: str) -> None:
    """Rounding each indicator before the sum gives another total than rounding the sum."""
    rounding = {"mode": "half_up", "stage": stage, "places": 2}
    matrix = [[7, 7, 6], [8, 8, 7], [8, 8, 7]]
    results = run(tmp_path, {"A": matrix}, {"rounding": rounding}, points=(10, 10, 10))
    assert totals(results) == {"A": total}


def test_sums_stay_exact_beyond_64_bits(tmp_path: Path) -> None:
    """With 41 experts and another number of scores on each indicator the fractions get long."""
    counts = (41, 37, 31, 29, 23, 19, 17, 13, 11, 7, 5, 3)
    scores = [
        [(7 * e + 3 * c) % 11 if e < n else None for c, n in enumerate(counts)] for e in range(41)
    ]
    rounding = {"mode": "half_up", "stage": "total", "places": 6}
    results = run(tmp_path, {"A": scores}, {"rounding": rounding}, points=(10,) * len(counts))
    total = sum(Fraction(sum(scores[e][c] or 0 for e in range(n)), n) for c, n in enumerate(counts))
    expected = (total * 10**6 * 2 + 1) // 2
    assert totals(results) == {"A": f"{expected // 10**6}.{expected % 10**6:06d}"}


def test_rank_on_published_scores(tmp_path: Path) -> None:
    """86.1251 and 86.1299 are both published as 86.13 and share the rank."""
    rules = {"step": "0.0001"}
    results = run(tmp_path, {"A": [["86.1251"]], "B": [["86.1299"]]}, rules, points=(100,))
    assert totals(results) == {"A": "86.13", "B": "86.13"}
    assert results.rank.tolist() == [1, 1]


def test_an_indicator_that_nobody_could_score_leaves_no_total(tmp_path: Path) -> None:
    """All experts recused on one indicator: no number, no rank, and the other one moves up."""
    results = run(tmp_path, {"A": [[9, None], [8, None]], "B": [[5, 5], [5, 5]]}, {}, (10, 10))
    rows = results.to_dict()["applicants"]
    assert (rows[0]["total"], rows[0]["rank"]) == (None, None)
    assert rows[0]["indicators"][1]["points"] is None
    assert rows[0]["dimensions"][0]["points"] is None
    assert rows[1]["rank"] == 1


def test_recusal_may_exclude_the_expert_for_the_applicant(tmp_path: Path) -> None:
    """With exclude_expert the recused expert's 10 does not count either: (8 + 8) / 2, not 26/3."""
    matrix = [[10, None], [8, 8], [8, 8]]
    narrow = run(tmp_path, {"A": matrix}, {"recusal": "exclude_indicator"}, (10, 10))
    assert totals(narrow) == {"A": "16.67"}
    wide = run(tmp_path, {"A": matrix}, {"recusal": "exclude_expert"}, (10, 10))
    assert totals(wide) == {"A": "16.00"}


def test_the_order_of_experts_decides_nothing(tmp_path: Path) -> None:
    """Sheets that tie on the total are compared item by item, not by who is listed first."""
    matrix = [[9, 1], [1, 9], [5, 5], [6, 2], [3, 5]]
    rounding = {"mode": "half_up", "stage": "indicator", "places": 2}
    rules = {"aggregation": {**TRIMMED, "level": "total"}, "rounding": rounding}
    seen = set()
    for turn in range(5):
        folder = tmp_path / str(turn)
        folder.mkdir()
        results = run(folder, {"A": matrix[turn:] + matrix[:turn]}, rules, (10, 10))
        row = results.to_dict()["applicants"][0]
        seen.add(tuple(i["points"] for i in row["indicators"]))
    # of the tens 9 + 1 is dropped, of the eights 3 + 5: (1 + 5 + 6)/3 and (9 + 5 + 2)/3
    assert seen == {("4.00", "5.33")}


def claims(n: int, level: str = "national") -> list[dict[str, str]]:
    """Claims n1, n2 … of an applicant."""
    return [
        {"id": f"n{k}", "title": f"成果{k}", "level": level, "evidence": f"佐证{k}"}
        for k in range(1, n + 1)
    ]


def run_bonus(folder: Path, items: dict[str, list[str]], rule: dict[str, str]) -> Results:
    """Evaluate one applicant with full base points and bonus items by expert."""
    n = max(len(given) for given in items.values())
    applicant = {"id": "A", "name": "对象", "lead": "示例牵头", "claims": claims(n)}
    experts = len([e for e in items if e != "panel"]) or 3
    panel = panel_data(experts, [applicant], {"bonus": rule})
    rubric, loaded = load(folder, rubric_data((10,), bonus=True), panel)
    rows = [("A", f"e{e}", "i1", "9.5", "") for e in range(1, experts + 1)]
    rows += [
        ("A", expert, f"bonus.n{k}", points, "专家组认定" if expert == "panel" else "")
        for expert, given in items.items()
        for k, points in enumerate(given, 1)
    ]
    return evaluate(rubric, loaded, from_frame(frame(rows), rubric, loaded))


# Sums of 8, 12 and 10: the mean of 10 is the cap; capped one by one (8 + 10 + 10)/3 = 9.33.
THREE = {"e1": ["2"] * 4, "e2": ["3"] * 4, "e3": ["2.5"] * 4}


@pytest.mark.parametrize(("stage", "bonus"), [("aggregate", "10.00"), ("expert", "9.33")])
def test_the_stage_of_the_bonus_cap(tmp_path: Path, stage: str, bonus: str) -> None:
    """Where the cap acts is a declared rule (附件4-1: 累计最高不超过10分)."""
    rule = {"recognised_by": "experts", "scope": "national", "cap_stage": stage}
    results = run_bonus(tmp_path, THREE, rule)
    assert results.to_dict()["applicants"][0]["bonus"] == bonus


def test_bonus_recognised_once_by_the_panel(tmp_path: Path) -> None:
    """Items of 3, 3, 3 and 2 make 11, capped at 10; base and bonus stay apart: 9.5 + 10."""
    rule = {"recognised_by": "panel", "scope": "national", "cap_stage": "aggregate"}
    results = run_bonus(tmp_path, {"panel": ["3", "3", "3", "2"]}, rule)
    row = results.to_dict()["applicants"][0]
    assert (row["base"], row["bonus"], row["total"]) == ("9.50", "10.00", "19.50")
    assert "capped" in results.flags(0, 1)


def test_no_claim_means_no_bonus(tmp_path: Path) -> None:
    """An applicant that claims nothing has a bonus of 0 and nothing left to score."""
    rule = {"recognised_by": "experts", "scope": "national", "cap_stage": "aggregate"}
    results = run_bonus(tmp_path, {"e1": []}, rule)
    assert results.to_dict()["applicants"][0]["bonus"] == "0.00"


SUMS = [("A", "e1", "bonus", "3", ""), ("A", "e2", "bonus", "2", "")]
"""Sums of bonus points for A, as past panels have them; nobody entered anything for B."""


@pytest.mark.parametrize(
    ("rows", "claimed", "bonus"),
    [
        (SUMS, False, ["2.50", None]),
        ([*SUMS, ("B", "e1", "bonus", "0", "")], False, ["2.50", "0.00"]),
        ([*SUMS, *((("B", e, "bonus", "unscored", "缺页")) for e in ("e1", "e2"))], False,
         ["2.50", None]),
        ([], False, ["0.00", "0.00"]),
        (SUMS, True, ["2.50", "0.00"]),
    ],
    ids=["nothing entered", "a typed 0", "unscored", "no bonus in the round", "nothing claimed"],
)  # fmt: skip
def test_a_bonus_that_nobody_entered(
    tmp_path: Path, rows: Any, *, claimed: bool, bonus: list[str | None]
) -> None:
    """0 where nothing is claimed, for that is what was asked; no number where a score is lacking.

    The round of a table asks for a bonus if it claims achievements, or if it states sums at all.
    """
    rule = {"recognised_by": "experts", "scope": "national", "cap_stage": "aggregate"}
    people: list[Any] = ["A", "B"]
    if claimed:
        names = [("A", claims(0)), ("B", claims(0)), ("C", claims(1))]
        people = [{"id": a, "name": a, "lead": f"示例{a}", "claims": own} for a, own in names]
    panel = panel_data(2, people, {"bonus": rule, "missing": "exclude"})
    rubric, loaded = load(tmp_path, rubric_data((10,), bonus=True), panel)
    scores = [(a, f"e{e}", "i1", "8", "") for a in "ABC"[: len(people)] for e in (1, 2)]
    facts = from_frame(frame([*scores, *rows]), rubric, loaded)
    results = evaluate(rubric, loaded, facts)
    found = results.to_dict()["applicants"]
    assert [row["bonus"] for row in found[:2]] == bonus
    assert [row["rank"] is None for row in found[:2]] == [b is None for b in bonus]
    page = json.dumps(Views(results).applicant("B"))
    said = applicant.adjustments(applicant.read(page)).html
    typed = any(row[0] == "B" and row[3] == "0" for row in rows)
    assert ("没有申报加分成果，加分为 0 分" in said) == (bonus[1] == "0.00" and not typed)
    assert ("没有得分不等于 0 分" in said) == (bonus[1] is None)


@pytest.mark.parametrize(
    ("given", "total"),
    [
        ({"i1": "88", "i2": "88"}, "8.00"),
        ({"i1": "8 ", "i2": "88"}, "8.00"),
        ({"i1": "uu", "i2": "88"}, None),
        ({"i1": "rr", "i2": "88"}, None),
        ({"i1": "ur", "i2": "88"}, None),
        ({"i1": "  ", "i2": "88"}, None),
        ({"i1": "  ", "i2": "  "}, None),
        ({"i1": "00", "i2": "00"}, "0.00"),
    ],
)
@pytest.mark.parametrize("level", ["indicator", "total"])
def test_what_nobody_scored_has_no_number(
    tmp_path: Path, given: dict[str, str], total: str | None, level: str
) -> None:
    """Missing, unscored and recused make no zero; neither has a total, a rank, or a 0.00."""
    rubric = rubric_data((5, 5))
    for i in rubric["dimensions"][0]["indicators"]:
        i["scored"] = {"min": "0", "max": "10", "factor": "0.5"}
    rules = {"missing": "exclude", "aggregation": {"method": "mean", "level": level}}
    loaded = load(tmp_path, rubric, panel_data(2, ["A"], rules))
    words = {"u": "unscored", "r": "recused", " ": ""}
    rows = [
        ("A", f"e{n}", i, words.get(mark, mark), "理由" if mark in "ur" else "")
        for i, marks in given.items()
        for n, mark in enumerate(marks, 1)
    ]
    results = evaluate(*loaded, from_frame(frame(rows), *loaded))
    (found,) = results.to_dict()["applicants"]
    assert (found["total"], found["rank"]) == (total, None if total is None else 1)
    assert (found["dimensions"][0]["points"], found["base"]) == (total, total)


def test_what_the_office_did_not_enter(tmp_path: Path) -> None:
    """No deduction on record takes nothing off, and the rules say so; no condition is unknown."""
    gate = {"id": "g1", "article": "第九条", "text": "条件"}
    taken = {"id": "late", "name": "迟报", "points": "3"}
    data = rubric_data((10,)) | {"gates": [gate], "deductions": [taken]}
    for unknown in ("refuse", "exclude"):
        rules = {"gates": {"unknown": unknown}, "deductions": {"floor": "none"}}
        loaded = load(tmp_path, data, panel_data(1, ["A"], rules))
        facts = from_frame(frame([("A", "e1", "i1", "8", "")]), *loaded)
        if unknown == "refuse":
            with pytest.raises(Refused, match="A 是否满足准入条件 第九条（g1）尚不清楚"):
                evaluate(*loaded, facts)
            continue
        (found,) = evaluate(*loaded, facts).to_dict()["applicants"]
        assert (found["deduction"], found["total"], found["rank"]) == ("0.00", "8.00", None)
        assert found["gates"] == [{"id": "g1", "result": "unknown"}]
        said = [text.render() for text in explain.rules(*loaded)]
        assert sum("没有记录的不扣分" in text for text in said) == 1


def test_before_the_lock_only_a_trial(tmp_path: Path) -> None:
    """An open log has no official results; a trial is marked as one."""
    rubric, panel = load(tmp_path, rubric_data((10,)), panel_data(2, ["A"]))
    rows = frame([("A", "e1", "i1", "8", "")])
    facts = from_frame(rows, rubric, panel, basis=Basis("log"))
    with pytest.raises(Refused, match="尚未锁定"):
        evaluate(rubric, panel, facts)
    results = evaluate(rubric, panel, facts, trial=True)
    assert results.to_dict()["status"] == "trial"
    assert totals(results) == {"A": "8.00"}


def test_missing_scores_are_refused_or_left_out_as_declared(tmp_path: Path) -> None:
    """A blank is never a zero: it stops the evaluation, or it does not count."""
    rows = frame([("A", "e1", "i1", "8", ""), ("A", "e2", "i1", "", "")])
    rubric, strict = load(tmp_path, rubric_data((10,)), panel_data(2, ["A"]))
    first = r"有 1 处漏评，第一处是专家 e2 对 A 的“i1”；.*missing: exclude"
    with pytest.raises(Refused, match=first):
        evaluate(rubric, strict, from_frame(rows, rubric, strict))
    rubric, lax = load(tmp_path, rubric_data((10,)), panel_data(2, ["A"], {"missing": "exclude"}))
    assert totals(evaluate(rubric, lax, from_frame(rows, rubric, lax))) == {"A": "8.00"}
