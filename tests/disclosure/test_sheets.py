"""What an expert signs and what the public sees: taken from the results, and nothing besides."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from evalkit.base import canonical
from evalkit.base.errors import InputError, Refused
from evalkit.disclosure import Views
from evalkit.evaluation import Results, evaluate
from evalkit.facts.tidy import from_frame
from tests.support.builders import demo, frame, load, panel_data, rubric_data, table

BONUS = {"recognised_by": "experts", "scope": "national", "cap_stage": "aggregate"}
CLAIM = {"title": "成果", "level": "national", "evidence": "1"}


@pytest.fixture(name="results", scope="module")
def _results() -> Results:
    return evaluate(*demo())


def small(folder: Path, rows: list[tuple[str, ...]], rules: Any = None, **more: Any) -> Results:
    """A trial of two experts over A, who claims two achievements, and B, who claims none."""
    claims = [{**CLAIM, "id": "n1", "title": "成果n1"}, {**CLAIM, "id": "n2", "title": "成果n2"}]
    applicants = [{"id": "A", "name": "甲", "lead": "某", "claims": claims}, "B"]
    data = panel_data(2, applicants, {"bonus": BONUS, **(rules or {})}, **more)
    rubric, panel = load(folder, rubric_data((10, 5), bonus=True), data)
    return evaluate(rubric, panel, from_frame(frame(rows), rubric, panel), trial=True)


def cells(sheet: dict[str, Any]) -> list[tuple[str, str | None, str, str]]:
    """Id, points, state and reason of each row."""
    return [
        (r["id"], r["points"], r["state"], r["reason"])
        for r in (*sheet["indicators"], *sheet["items"])
    ]


# The sheets of an expert


def test_every_row_that_was_entered_stands_on_a_sheet(results: Results) -> None:
    """The rows under the digest are the expert's rows of the tidy table, no more and no fewer."""
    entered = results.facts.to_frame()
    assert len(results.panel.experts) == 7
    for expert in results.panel.experts:
        view = Views(results).expert(expert.id)
        own = entered[entered["expert"] == expert.id].drop(columns="expert")
        rows = sorted(own.to_numpy().tolist())
        assert rows
        signed = {
            "format": "evalkit-sheets/1",
            "panel": "demo-2025",
            "expert": expert.id,
            "rows": rows,
        }
        assert view["entered"] == canonical.digest(signed)


def test_sheets_and_conflicts(results: Results) -> None:
    """One sheet for each applicant; those kept apart stand by themselves with the reason."""
    view = Views(results).expert("e3")
    assert len(view["sheets"]) == 23
    assert [(c["id"], c["reason"]) for c in view["conflicts"]] == [
        ("c16", "工作单位“示例大学丙（虚构）”是共建单位")
    ]
    assert "c16" not in [s["id"] for s in view["sheets"]]


def test_nothing_of_other_experts_is_on_a_sheet(results: Results) -> None:
    """Neither names nor what the panel made of the scores."""
    view = Views(results).expert("e3")
    text = json.dumps({k: view[k] for k in ("sheets", "conflicts", "expert")}, ensure_ascii=False)
    assert "专家丙" in text
    assert not any(e.name in text for e in results.panel.experts if e.id != "e3")
    assert not {"rank", "total", "use"} & set(view["sheets"][0])


def test_sums_of_a_sheet(tmp_path: Path) -> None:
    """8 + 4.5 = 12.5 and 2 + 2.5 = 4.5; a typed 0 is a score."""
    rows = [("A", "e1", "i1", "8", ""), ("A", "e1", "i2", "4.5", "好")]
    rows += [("A", "e1", "bonus.n1", "2", ""), ("A", "e1", "bonus.n2", "2.5", "")]
    rows += [("B", "e1", "i1", "0", ""), ("B", "e1", "i2", "5", "")]
    one, two = Views(small(tmp_path, rows)).expert("e1")["sheets"]
    assert (one["base"], one["bonus"], len(one["items"])) == ("12.5", "4.5", 2)
    assert (two["base"], two["bonus"], len(two["items"])) == ("5", "0", 0)
    assert cells(two) == [("i1", "0", "scored", ""), ("i2", "5", "scored", "")]


SCALES = [
    # 90 × 0.05 + 80 × 0.05 = 4.5 + 4 = 8.5, as the official points are 4.50 + 4.00
    (("0", "100", "0.05"), ("90", "80"), ("8.5", "10", "8.50")),
    # 5 × 1.3 × 2 = 13; -4.5 × 1.3 + 2 × 1.3 = -5.85 + 2.6 = -3.25
    (("-5", "5", "1.3"), ("-4.5", "2"), ("-3.25", "13", "-3.25")),
    # no scale of its own: 4 + 1.5 = 5.5
    (None, ("4", "1.5"), ("5.5", "10", "5.50")),
]


@pytest.mark.parametrize("better", ["higher", "lower"])
@pytest.mark.parametrize(("scale", "scores", "sums"), SCALES)
def test_the_sum_of_scores_on_a_scale(
    tmp_path: Path, better: str, scale: Any, scores: tuple[str, str], sums: tuple[str, str, str]
) -> None:
    """Each score times its factor, exactly, beside the most that the expert can give."""
    points = 6.5 if scale and scale[0] == "-5" else 5
    data = rubric_data((5, 5)) | {"points": str(2 * points), "better": better}
    data["dimensions"][0]["points"] = str(2 * points)
    for indicator in data["dimensions"][0]["indicators"]:
        indicator["points"] = str(points)
        if scale:
            indicator["scored"] = dict(zip(("min", "max", "factor"), scale, strict=True))
    rubric, panel = load(tmp_path, data, panel_data(1, ["A"]))
    results = evaluate(rubric, panel, from_frame(table({"A": [scores]}), rubric, panel))
    view = Views(results).expert("e1")
    (sheet,) = view["sheets"]
    assert (sheet["base"], view["most"], results.applicant(0)["total"]) == sums
    low, high, factor = scale or ("0", "5", "1")
    for row in sheet["indicators"]:
        assert (row["min"], row["max"], row["factor"]) == (low, high, factor)


def test_the_most_of_an_expert_beside_a_measured_value(tmp_path: Path) -> None:
    """Of 5 + 5 points a measured value gives 5; the expert can give the other 5."""
    data = rubric_data((5, 5))
    data["dimensions"][0]["indicators"][1]["kind"] = "quantitative"
    rule = {"method": "target_ratio", "better": "higher", "target": "100"}
    rules = {"measures": {"indicators": {"i2": rule}, "missing": "refuse"}}
    rubric, panel = load(tmp_path, data, panel_data(1, ["A"], rules))
    rows = frame([("A", "e1", "i1", "4", ""), ("A", "measured", "i2", "80", "")])
    view = Views(evaluate(rubric, panel, from_frame(rows, rubric, panel))).expert("e1")
    assert ([r["id"] for r in view["sheets"][0]["indicators"]], view["most"]) == (["i1"], "5")
    assert view["sheets"][0]["base"] == "4"


def test_no_sum_where_a_score_is_missing(tmp_path: Path) -> None:
    """Unscored, recused and missing are three things, and none of them is zero."""
    rows = [
        ("A", "e1", "i1", "unscored", "缺页"),
        ("A", "e1", "i2", "recused", "参与过"),
        ("A", "e1", "bonus.n1", "unscored", "证书缺页"),
    ]
    sheet, missing = Views(small(tmp_path, rows)).expert("e1")["sheets"]
    assert cells(sheet) == [
        ("i1", None, "unscored", "缺页"),
        ("i2", None, "recused", "参与过"),
        ("bonus.n1", None, "unscored", "证书缺页"),
        ("bonus.n2", None, "missing", ""),
    ]
    assert (sheet["base"], sheet["bonus"]) == (None, None)
    assert cells(missing) == [("i1", None, "missing", ""), ("i2", None, "missing", "")]
    assert missing["base"] is None


def test_a_bonus_group_that_was_declared_unscored_as_a_whole(tmp_path: Path) -> None:
    """Its one row stands for all its items."""
    rows = [("A", "e1", "bonus", "unscored", "材料没有打开")]
    sheet = Views(small(tmp_path, rows)).expert("e1")["sheets"][0]
    assert cells(sheet)[2:] == [("bonus", None, "unscored", "材料没有打开")]


def test_a_bonus_that_the_panel_decides_is_on_no_experts_sheet(tmp_path: Path) -> None:
    """Nobody is asked to sign what the panel decided as a whole."""
    rows = [("A", "panel", "bonus.n1", "2", "认定"), ("A", "panel", "bonus.n2", "0", "不认定")]
    rules = {"bonus": {**BONUS, "recognised_by": "panel"}}
    sheet = Views(small(tmp_path, rows, rules)).expert("e1")["sheets"][0]
    assert [r["id"] for r in sheet["indicators"]] == ["i1", "i2"]
    assert sheet["items"] == []


def test_only_assigned_applicants_have_a_sheet(tmp_path: Path) -> None:
    """An expert who scores one of two signs one sheet; an unknown expert is named."""
    results = small(tmp_path, [], assignment={"A": ["e1"], "B": ["e1", "e2"]})
    assert [s["id"] for s in Views(results).expert("e2")["sheets"]] == ["B"]
    with pytest.raises(InputError, match="没有专家 e9"):
        Views(results).expert("e9")


# The list for publicity


def ranked(folder: Path, public: Any, *, trial: bool = False) -> Results:
    """B before A by points; the panel file has A first."""
    rules = {"disclosure": {"min_experts": 1, "min_applicants": 1}}
    if public is not None:
        rules["disclosure"]["public"] = public
    rubric, panel = load(folder, rubric_data((10,)), panel_data(1, ["A", "B"], rules))
    facts = from_frame(table({"A": [[5]], "B": [[9]]}), rubric, panel)
    return evaluate(rubric, panel, facts, trial=trial)


PUBLIC = [
    ([], [{"name": "对象A"}, {"name": "对象B"}]),
    (["total"], [{"name": "对象A", "total": "5.00"}, {"name": "对象B", "total": "9.00"}]),
    (["rank"], [{"name": "对象B", "rank": 1}, {"name": "对象A", "rank": 2}]),
    (
        ["rank", "total"],
        [
            {"name": "对象B", "rank": 1, "total": "9.00"},
            {"name": "对象A", "rank": 2, "total": "5.00"},
        ],
    ),
]


@pytest.mark.parametrize(("public", "rows"), PUBLIC)
def test_the_public_sees_what_the_panel_declared(
    tmp_path: Path, public: list[str], rows: list[dict[str, Any]]
) -> None:
    """Without the rank the order is the panel's own, and tells nothing."""
    view = Views(ranked(tmp_path, public)).public()
    assert [{k: v for k, v in a.items() if k != "lead"} for a in view["applicants"]] == rows
    assert "experts" not in view


def test_silence_publishes_nothing(tmp_path: Path) -> None:
    """A panel that declared nothing gets no list, and a trial neither."""
    with pytest.raises(Refused, match=r"没有声明公示时列什么（rules\.disclosure\.public）"):
        Views(ranked(tmp_path, None)).public()
    with pytest.raises(Refused, match="试算的结果不能公示"):
        Views(ranked(tmp_path, ["rank"], trial=True)).public()
