"""A scoring formula that the text prints: the rubric holds it, and no panel can change it."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from evalkit.base.errors import InputError
from evalkit.evaluation import evaluate
from evalkit.facts.tidy import from_frame
from evalkit.panel import explain, load_panel
from evalkit.panel.draft import draft
from evalkit.rubric import Rubric, changes, load_rubric
from evalkit.rubric.measure_words import in_words
from evalkit.rubric.measures import DETAILS, Method, left_open
from evalkit.rubric.open_rules import findings
from tests.support.builders import frame, panel_data, rubric_data, write
from tests.support.drafts import decided

LESS = {
    "method": "per_unit",
    "better": "higher",
    "part": "none",
    "start": "50",
    "start_points": "10",
    "each": "5",
    "each_points": "1",
}
"""产值达到50亿元得10分，每少5亿元扣1分。"""
EACH = {
    "method": "per_unit",
    "better": "higher",
    "part": "none",
    "start": "0",
    "start_points": "0",
    "each": "1",
    "each_points": "3",
}
"""每个3分，最高不超过5分。"""


def published(measure: Any, kind: str = "quantitative") -> dict[str, Any]:
    """A rubric whose first indicator has a published method; the second is qualitative."""
    data = rubric_data((10, 5))
    first = data["dimensions"][0]["indicators"][0]
    first |= {"kind": kind, "unit": "亿元"} | ({"measure": measure} if measure else {})
    first["guidance"] = "产值达到50亿元得10分，每少5亿元扣1分。"
    return data


def rubric_of(folder: Path, data: dict[str, Any]) -> Rubric:
    """The rubric of ``data``."""
    write(folder, data)
    return load_rubric(folder / "small.yaml")


def loaded(folder: Path, data: dict[str, Any], measures: dict[str, Any]) -> Any:
    """Rubric and panel with these rules on measured values."""
    panel = panel_data(1, [{"id": "A", "name": "甲", "lead": "示例"}], {"measures": measures})
    write(folder, data, panel)
    rubric = load_rubric(folder / "small.yaml")
    return rubric, load_panel(folder / "panel.yaml", rubric)


def test_the_panel_need_not_declare_it_again(tmp_path: Path) -> None:
    """32 亿元 are 3 whole portions less than 50: 10 − 3 = 7, and the results name the method."""
    rubric, panel = loaded(tmp_path, published(LESS), {"missing": "refuse"})
    rows = [("A", "measured", "i1", "32亿元", ""), ("A", "e1", "i2", "4", "")]
    results = evaluate(rubric, panel, from_frame(frame(rows), rubric, panel))
    own = results.to_dict()["applicants"][0]
    assert own["total"] == "11.00"
    (cell,) = [i for i in own["indicators"] if i["id"] == "i1"]
    assert cell["measured"] == {
        "value": "32",
        "unit": "亿元",
        "method": "per_unit",
        "points": "7",
        "of": "10",
    }
    sentences = [s.render() for s in explain.rules(rubric, panel)]
    assert (
        "“指标1（亿元）”（10 分）：逐份加减分法，50 得 10 分，每好（差）5 加（扣）1 分，"
        "不足一份的不计（原文规定）。"
    ) in sentences


@pytest.mark.parametrize("declared", [{}, {"i1": LESS}], ids=["left out", "repeated"])
def test_repeating_it_changes_nothing(tmp_path: Path, declared: dict[str, Any]) -> None:
    """The same method, declared again or not, loads."""
    rubric, panel = loaded(tmp_path, published(LESS), {"missing": "zero", "indicators": declared})
    assert rubric.indicators[0].measure is not None
    assert panel.rules.measures is not None


CONTRADICTIONS = [
    {**LESS, "each_points": "2"},
    {**LESS, "better": "lower"},
    {**LESS, "part": "share"},
    {"method": "agreed"},
    {"method": "target_ratio", "better": "higher", "target": "50"},
]


@pytest.mark.parametrize("declared", CONTRADICTIONS)
def test_contradicting_it_is_refused_with_the_text(tmp_path: Path, declared: Any) -> None:
    """The words of the text and what the rubric makes of them stand in the refusal."""
    with pytest.raises(InputError) as caught:
        loaded(tmp_path, published(LESS), {"missing": "zero", "indicators": {"i1": declared}})
    (problem,) = caught.value.problems
    assert problem.field == "rules.measures.indicators.i1"
    assert problem.line is not None
    said = problem.render()
    assert "与原文不同：附件1“指标1”写明 产值达到50亿元得10分，每少5亿元扣1分。" in said
    assert "每好（差）5 加（扣）1 分" in said


OPEN = {name: value for name, value in LESS.items() if name != "part"}
MIXED = {"method": "target_ratio", "better": "higher", "target": "50"}


@pytest.mark.parametrize(
    ("measure", "kind", "missing", "more"),
    [
        (OPEN, "quantitative", "part", {"part": "whole"}),
        (MIXED, "mixed", "points", {"points": "6"}),
    ],
)
def test_what_the_text_leaves_open_is_declared(
    tmp_path: Path, measure: Any, kind: str, missing: str, more: dict[str, str]
) -> None:
    """每少5亿元扣1分 does not say what less than 5 亿元 count; the panel does, and only that."""
    data = published(measure, kind)
    with pytest.raises(InputError, match=f"计分方法原文没有写全，.*声明 {missing}"):
        loaded(tmp_path, data, {"missing": "zero"})
    loaded(tmp_path, data, {"missing": "zero", "indicators": {"i1": {**measure, **more}}})
    text = draft(rubric_of(tmp_path, data), None)
    assert text.count("      i1: 待定") == 1
    write(tmp_path, data)
    (tmp_path / "panel.yaml").write_text(decided(text), "utf-8")
    load_panel(tmp_path / "panel.yaml", load_rubric(tmp_path / "small.yaml"))


def test_a_detail_left_out_by_the_panel_itself_is_named(tmp_path: Path) -> None:
    """Without a published method nothing may stay open."""
    data = published(None)
    with pytest.raises(InputError, match=r"measures\.indicators\.i1\.part：缺少这一项"):
        loaded(tmp_path, data, {"missing": "zero", "indicators": {"i1": OPEN}})


def test_a_draft_of_a_panel_knows_what_is_published(tmp_path: Path) -> None:
    """The published method stands as a remark; prose stands beside what is open."""
    said = draft(rubric_of(tmp_path, published(LESS)), None)
    assert "    # “指标1”原文已定，不必再写：逐份加减分法，50 得 10 分" in said
    assert "i1: 待定" not in said
    assert "  # 没有测量值时的处理" in said
    prose = draft(rubric_of(tmp_path, published(None)), None)
    at = prose.index("      i1: 待定")
    above = prose[:at].splitlines()[-1]
    assert above.endswith("：产值达到50亿元得10分，每少5亿元扣1分。")


MISFITS = [
    (LESS, "qualitative", "定性指标没有测量值"),
    ({**LESS, "start_points": "11"}, "quantitative", "start_points 11 须在 0 至 10 之间"),
    ({**LESS, "each": "0"}, "quantitative", "each 0 和 each_points 1 须大于 0"),
    ({"method": "experts"}, "quantitative", "定量指标不能由专家凭意见打分"),
    ({**LESS, "points": "10"}, "mixed", "定量部分的分值，大于 0、小于 10"),
    ({**LESS, "points": "3"}, "quantitative", "不必写 points"),
]


@pytest.mark.parametrize(("measure", "kind", "said"), MISFITS)
def test_a_published_method_has_to_fit(tmp_path: Path, measure: Any, kind: str, said: str) -> None:
    """The rubric file is refused on the line of the method."""
    with pytest.raises(InputError) as caught:
        rubric_of(tmp_path, published(measure, kind))
    (problem,) = caught.value.problems
    assert said in problem.render()
    assert problem.field == "dimensions[0].indicators[0].measure"


def test_a_file_without_one_has_the_digest_that_it_had(tmp_path: Path) -> None:
    """What is left out does not enter the content."""
    data = published(None)
    without = rubric_of(tmp_path, data)
    assert "measure" not in json.dumps(without.model_dump(mode="json", exclude_defaults=True))
    assert rubric_of(tmp_path, published(LESS)).digest != without.digest


def test_silences_ask_for_missing_values_only(tmp_path: Path) -> None:
    """Where the text prints the method, it is silent about missing values alone."""
    asked = [s.render() for s in findings(rubric_of(tmp_path, published(LESS)))]
    assert any("（没有测量值时的处理）" in s for s in asked)
    assert not any("由测量值计分的方法" in s for s in asked)


METHODS = [
    LESS,
    {"method": "agreed"},
    {"method": "experts"},
    {
        "method": "tier_table",
        "better": "higher",
        "otherwise": "0",
        "tiers": [{"bound": "5", "inclusive": True, "points": "1"}],
    },
    {
        "method": "efficacy",
        "better": "higher",
        "satisfactory": "9",
        "unallowable": "5",
        "base": "0.6",
        "span": "0.4",
        "clamp": "points",
    },
    {"method": "five_tier", "better": "higher", "standards": ["9", "8", "7", "6", "5"]},
    {
        "method": "piecewise",
        "better": "higher",
        "outside": "clip",
        "knots": [{"value": "10", "points": "1"}, {"value": "0", "points": "0"}],
    },
    {"method": "target_ratio", "better": "lower", "target": "10"},
    {"method": "log_saturating", "cap": "10"},
    {"method": "min_max", "better": "higher"},
]


def other(value: Any) -> Any:
    """A value that differs."""
    if isinstance(value, list):
        return [other(value[0]), *value[1:]]
    if isinstance(value, dict):
        name = next(iter(value))
        return {**value, name: other(value[name])}
    words = {"higher": "lower", "lower": "higher", "none": "share", "points": "none"}
    return words.get(value) or str(Decimal(value) + 1)


@pytest.mark.parametrize("measure", METHODS, ids=[m["method"] for m in METHODS])
def test_every_part_of_a_method_is_in_its_words(tmp_path: Path, measure: dict[str, Any]) -> None:
    """A change of any of them is a sentence between two versions."""
    kind = "mixed" if measure["method"] == "experts" else "quantitative"
    old = rubric_of(tmp_path, published(measure, kind))
    before = old.indicators[0].measure
    assert before is not None
    assert isinstance(before, Method)
    assert left_open(before, "quantitative") == []
    for name in measure.keys() - {"method", "outside"}:
        after = type(before).model_validate({**measure, name: other(measure[name])})
        assert str(in_words(after)) != str(in_words(before)), name
    for name in set(DETAILS) & measure.keys():
        after = type(before).model_validate({**measure, name: None})
        assert str(in_words(after)) != str(in_words(before)), name
        assert left_open(after, "quantitative") == [name]
    (sentence,) = changes.between(old, rubric_of(tmp_path, published(None, kind)))
    assert sentence.render().startswith("“指标1”（i1）的由测量值计分的方法：")
