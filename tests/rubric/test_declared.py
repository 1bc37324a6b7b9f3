"""Rubric and panel files: what is refused, in which words; and what a good file means."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from evalkit.base.errors import InputError
from evalkit.base.yamltext import Tree
from evalkit.panel import checks, find_rubric, load_panel
from evalkit.rubric import Rubric, load_rubric
from evalkit.rubric.open_rules import OWN_AFFAIRS, RULE_NAMES
from tests.support.builders import (
    DEMO,
    ROOT,
    RUBRIC_FILE,
    RULES,
    TRIMMED,
    load,
    panel_data,
    rubric_data,
    write,
)

Change = Callable[[dict[str, Any]], Any]

BAD_RUBRICS: list[tuple[str, Change, str]] = [
    ("sum", lambda r: r.update(points="30"), "总分标明 30 分，各一级指标合计 20 分，请核对原文"),
    (
        "dimension sum",
        lambda r: r["dimensions"][0].update(points="21"),
        "“维度”标明 21 分，其下指标合计 20 分，请核对原文",
    ),
    (
        "unknown key",
        lambda r: r.update(weight="1"),
        "weight：未知的键“weight”，请检查拼写或删去；这里可以写：",
    ),
    ("missing key", lambda r: r.pop("title"), "title：缺少这一项，请补上"),
    ("empty", lambda r: r.update(title=""), "title：不能为空，请填写"),
    (
        "id",
        lambda r: r.update(id="../../x"),
        "id：“../../x”不能作为标识，只能用字母、数字、_ 和 -，最长 64 个字符",
    ),
    ("reserved id", lambda r: r.update(id="CON"), "id：“CON”不能作为标识"),
    (
        "number",
        lambda r: r["dimensions"][0]["indicators"][0].update(points="1e1"),
        "dimensions[0].indicators[0].points：“1e1”不是数字，请写成 8 或 8.5 这样的形式",
    ),
    ("too fine", lambda r: r.update(points="0.2173913"), "“0.2173913”的位数太多：小数点前至多"),
    ("too large", lambda r: r.update(points="1" * 13), "小数点前至多 12 位，小数点后至多 6 位"),
    ("nan", lambda r: r.update(points="nan"), "points：“nan”不是数字"),
    (
        "full-width",
        lambda r: r.update(points="２０"),
        "points：“２０”里的“２”是中文标点或全角字符，请改成半角的 2",
    ),
    (
        "kind",
        lambda r: r["dimensions"][0]["indicators"][0].update(kind="hard"),
        "“hard”不可用，可选：qualitative（定性）、quantitative（定量）或 mixed（定性+定量）",
    ),
    (
        "kind left open",
        lambda r: r["dimensions"][0]["indicators"][0].update(kind="待定"),
        "dimensions[0].indicators[0].kind：还是“待定”，请写明是哪一个：qualitative（定性）、",
    ),
    (
        "number left open",
        lambda r: r.update(points="待定"),
        "points：还是“待定”，请填写确定的内容",
    ),
    (
        "kind by its place",
        lambda r: r["dimensions"][0]["indicators"][0].update(kind="hard"),
        "dimensions[0].indicators[0].kind：“hard”不可用",
    ),
    (
        "repeated id",
        lambda r: r["dimensions"][0]["indicators"][1].update(id="i1"),
        "标识“i1”用了不止一次，请改成不同的",
    ),
    (
        "format",
        lambda r: r.update(format="evalkit-rubric/2"),
        "format：这里写的是“evalkit-rubric/2”，这个版本",
    ),
    (
        "factor",
        lambda r: r["dimensions"][0]["indicators"][0].update(
            scored={"min": "0", "max": "46", "factor": "0.217391"}
        ),
        "打分最高 46 乘以系数 0.217391 是 9.999986，不等于分值 10，请改正其一；系数至多 6 位小数",
    ),
    ("control", lambda r: r.update(title="标\x07题"), "title：第 2 个字符不是可显示的文字，请删去"),
]


@pytest.mark.parametrize(
    ("change", "message"), [c[1:] for c in BAD_RUBRICS], ids=[c[0] for c in BAD_RUBRICS]
)
def test_a_bad_rubric_is_refused(tmp_path: Path, change: Change, message: str) -> None:
    """The error names file, line, field and remedy."""
    data = rubric_data((10, 10))
    change(data)
    write(tmp_path, data)
    with pytest.raises(InputError) as caught:
        load_rubric(tmp_path / "small.yaml")
    line = caught.value.render().splitlines()[0]
    assert line.startswith(f"{tmp_path / 'small.yaml'} 第 ")
    assert message in line


MEAN = RULES["aggregation"]

BAD_PANELS: list[tuple[str, Change, str]] = [
    ("no chair", lambda p: p["experts"][0].update(role="member"), "专家中须有且只有一位组长"),
    ("repeated", lambda p: p["applicants"][1].update(id="a"), "标识“a”用了不止一次"),
    ("reserved", lambda p: p["experts"][1].update(id="panel"), "标识“panel”另有他用"),
    ("step", lambda p: p["rules"].update(step="3"), "最小单位 3 除不尽这些指标的分值：指标1"),
    ("step 0", lambda p: p["rules"].update(step="0"), "打分的最小单位须大于 0"),
    ("ties", lambda p: p["rules"].update(ties=["luck"]), "“luck”不可用，可选：base、bonus"),
    (
        "method",
        lambda p: p["rules"].update(aggregation={"method": "guess"}),
        "aggregation：method 不能是“guess”，可选：mean、trimmed_mean、winsorised_mean、median、",
    ),
    (
        "no method",
        lambda p: p["rules"].update(aggregation={"level": "total"}),
        "rules.aggregation：须写明 method，可选：best_of、mean、median、near_mean、",
    ),
    (
        "a key of another method",
        lambda p: p["rules"].update(aggregation={**MEAN, "total_of": "base"}),
        "total_of：未知的键“total_of”，请检查拼写或删去；这里可以写：weights、method 或 level",
    ),
    (
        "a key of another rule",
        lambda p: p["rules"].update(rounding={**RULES["rounding"], "floor": "zero"}),
        "floor：未知的键“floor”，请检查拼写或删去；这里可以写：mode、stage、places 或 step",
    ),
    (
        "an unknown rule",
        lambda p: p["rules"].update(aggregations={}),
        "未知的键“aggregations”，请检查拼写或删去；这里可以写：step、aggregation、",
    ),
    (
        "a key of a person",
        lambda p: p["experts"][1].update(post="主任"),
        "未知的键“post”，请检查拼写或删去；这里可以写：id、name、role、employer、group、kind 或",
    ),
    (
        "nothing left",
        lambda p: p["rules"].update(aggregation={**TRIMMED, "min_n": "2"}),
        "min_n 须大于 drop_highest 与 drop_lowest 之和",
    ),
    (
        "conflict",
        lambda p: p.update(conflicts=[{"expert": "e9", "applicant": "A", "reason": "亲属"}]),
        "conflicts[0]：引用了不存在的专家或评审对象",
    ),
    (
        "assignment",
        lambda p: p.update(assignment={"A": ["e1"]}),
        "applicants[1]：没有分配任何专家，请补充 assignment",
    ),
    (
        "time",
        lambda p: p["schedule"].update(lock="2026-01-26 17:30"),
        "schedule.lock：“2026-01-26 17:30”没有写时区",
    ),
    ("other rubric", lambda p: p.update(rubric="henan-centre-2025"), "评审组用的指标体系是"),
]


@pytest.mark.parametrize(
    ("change", "message"), [c[1:] for c in BAD_PANELS], ids=[c[0] for c in BAD_PANELS]
)
def test_a_bad_panel_is_refused(tmp_path: Path, change: Change, message: str) -> None:
    """The error names file, line, field and remedy."""
    data = panel_data(2, ["A", "B"])
    change(data)
    with pytest.raises(InputError) as caught:
        load(tmp_path, rubric_data((10,)), data)
    assert message in caught.value.render()
    assert f"{tmp_path / 'panel.yaml'} 第 " in caught.value.render()


DEMO_RULES = tuple(yaml.load((DEMO / "panel.yaml").read_text("utf-8"), yaml.CSafeLoader)["rules"])
DECLARED = [rule for rule in DEMO_RULES if rule not in (*OWN_AFFAIRS, "discussion")]
"""The others may be left out: then no sheet is taken back, no commitment is recorded, and experts
are not shown scores that are far apart.
"""


@pytest.mark.parametrize("rule", DECLARED)
def test_a_rule_that_is_not_declared_is_named_with_the_silent_article(
    tmp_path: Path, rule: str
) -> None:
    """There is no default: the error says which rule, and where the text leaves it open."""
    data = yaml.load((DEMO / "panel.yaml").read_text("utf-8"), yaml.CSafeLoader)
    del data["rules"][rule]
    (tmp_path / "panel.yaml").write_text(
        yaml.dump(data, allow_unicode=True, Dumper=yaml.CSafeDumper), "utf-8"
    )
    rubric = load_rubric(RUBRIC_FILE)
    with pytest.raises(InputError) as caught:
        load_panel(tmp_path / "panel.yaml", rubric)
    silence = rubric.silence(rule)
    assert silence is not None
    assert f"rules.{rule}：没有声明“{RULE_NAMES[rule]}”" in caught.value.render()
    assert silence.article in caught.value.render()


def test_all_problems_are_listed_at_once(tmp_path: Path) -> None:
    """A file with three mistakes gets three lines, not three rounds."""
    data = rubric_data((10, 10))
    data["weight"], data["points"] = "1", "x"
    del data["title"]
    write(tmp_path, data)
    with pytest.raises(InputError) as caught:
        load_rubric(tmp_path / "small.yaml")
    assert len(caught.value.problems) == 3


def test_conflicts_are_found_by_employer(tmp_path: Path) -> None:
    """An expert employed by the lead or a partner is kept apart even when nobody declared it."""
    applicants = [
        {"id": "A", "name": "甲", "lead": "示例单位1"},
        {"id": "B", "name": "乙", "lead": "某", "partners": ["另", "示例单位2"]},
    ]
    rubric, panel = load(tmp_path, rubric_data((10,)), panel_data(3, applicants))
    assert set(panel.recused) == {("A", "e1"), ("B", "e2")}
    assert not panel.may_score("A", "e1")
    assert panel.may_score("A", "e2")
    assert len(list(checks.findings(panel, rubric))) == 2


@pytest.mark.parametrize(
    ("public", "said"),
    [
        (["total", "dimensions"], "没有公开加分，但由公开的总分、各一级指标得分就能算出"),
        (["total", "bonus"], "没有公开各一级指标得分，但由公开的总分、加分就能算出"),
        (["dimensions", "bonus"], "没有公开总分，但由公开的各一级指标得分、加分就能算出"),
        (["rank", "total", "dimensions", "bonus"], None),
        (["rank", "total"], None),
        (["rank"], None),
    ],
)
def test_what_is_public_may_give_away_the_rest(
    tmp_path: Path, public: list[str], said: str | None
) -> None:
    """The total is its parts: whoever has all but one of them has that one, too."""
    rules = {
        "bonus": {"recognised_by": "experts", "scope": "national", "cap_stage": "aggregate"},
        "disclosure": {"min_experts": 1, "min_applicants": 1, "public": public},
    }
    rubric, panel = load(tmp_path, rubric_data((10,), bonus=True), panel_data(1, ["A"], rules))
    found = [text.render() for text in checks.findings(panel, rubric)]
    assert [said is not None and said in text for text in found] == [True] * (said is not None)


def test_bonus_claims_outside_the_declared_scope_do_not_count(tmp_path: Path) -> None:
    """The heading says 国家级, the guidance 国家或全省; the panel declares which."""
    claims = [
        {"id": "n", "title": "国家级", "level": "national", "evidence": "1"},
        {"id": "p", "title": "省级", "level": "provincial", "evidence": "2"},
    ]
    applicant = {"id": "A", "name": "甲", "lead": "某", "claims": claims}
    for scope, eligible in (("national", ["n"]), ("national_or_provincial", ["n", "p"])):
        rule = {"recognised_by": "experts", "scope": scope, "cap_stage": "aggregate"}
        data = panel_data(1, [applicant], {"bonus": rule})
        _rubric, panel = load(tmp_path, rubric_data((10,), bonus=True), data)
        assert [c.id for c in panel.claims(panel.applicants[0])] == eligible


def test_the_digest_follows_the_content_not_the_layout(tmp_path: Path) -> None:
    """Key order, quotes and 10.0 for 10 leave the digest; a changed word does not."""
    data = rubric_data((10, 10))
    write(tmp_path, data)
    first = load_rubric(tmp_path / "small.yaml").digest
    turned = dict(reversed(data.items()))
    turned["points"] = "20.0"
    write(tmp_path, turned)
    assert load_rubric(tmp_path / "small.yaml").digest == first
    data["title"] += "！"
    write(tmp_path, data)
    assert load_rubric(tmp_path / "small.yaml").digest != first


def test_a_changed_copy_is_worked_out_anew(tmp_path: Path) -> None:
    """Its digest and who is kept apart are its own, whatever the original was asked before."""
    rubric, panel = load(tmp_path, rubric_data([10]), panel_data(2, ["a", "b"]))
    own = {"applicant": "b", "expert": "e1", "reason": "曾任顾问"}
    other = load_panel(
        write(tmp_path, rubric_data([10]), panel_data(2, ["a", "b"]) | {"conflicts": [own]}), rubric
    )
    assert panel.recused == {}
    digest = panel.digest
    copied = panel.model_copy(update={"conflicts": other.conflicts})
    assert list(copied.recused) == [("b", "e1")]
    assert copied.digest == other.digest != digest
    assert panel.digest == digest


def test_models_are_frozen() -> None:
    """A loaded rubric cannot be changed by accident."""
    rubric = load_rubric(RUBRIC_FILE)
    with pytest.raises(ValueError, match="frozen"):
        rubric.title = "x"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("file", "schema"),
    [
        (RUBRIC_FILE, "rubrics/rubric.schema.json"),
        (DEMO / "panel.yaml", "panels/panel.schema.json"),
    ],
)
def test_the_schemas_that_editors_use_accept_the_files(file: Path, schema: str) -> None:
    """The JSON Schema of the repository takes the files of the repository, and minds their keys."""
    value = yaml.load(file.read_text("utf-8"), yaml.CSafeLoader)
    value = json.loads(json.dumps(value, default=lambda d: d.isoformat()))
    validator = jsonschema.Draft202012Validator(json.loads((ROOT / schema).read_text("utf-8")))
    validator.validate(value)
    with pytest.raises(jsonschema.ValidationError):
        validator.validate({**value, "unknown": 1})


def test_find_rubric_prefers_the_copy_beside_the_panel(tmp_path: Path) -> None:
    """A round keeps the rubric that it was declared with."""
    panel = write(tmp_path, rubric_data((10,)), panel_data(2, ["A"]))
    assert find_rubric(panel).title == "小指标体系"


def test_measured_indicators_are_not_left_to_opinions(tmp_path: Path) -> None:
    """A 定量 indicator has one right score: how a value becomes points must be declared."""
    data = rubric_data((10,))
    data["dimensions"][0]["indicators"][0]["kind"] = "quantitative"
    with pytest.raises(InputError, match="没有声明“定量指标由测量值计分的方法”"):
        load(tmp_path, data, panel_data(2, ["A"]))
    rules = {"measures": {"missing": "refuse", "indicators": {}}}
    with pytest.raises(InputError, match="没有声明“指标1”如何由测量值计分"):
        load(tmp_path, data, panel_data(2, ["A"], rules))
    rules["measures"]["indicators"] = {"i1": {"method": "experts"}}
    with pytest.raises(InputError, match="定量指标不能由专家凭意见打分"):
        load(tmp_path, data, panel_data(2, ["A"], rules))


def test_dimensions_nest_to_any_depth(tmp_path: Path) -> None:
    """Points may be stated at any level, and must add up wherever they are."""
    data = rubric_data((10, 5))
    (top,) = data["dimensions"]
    below = {"id": "d2", "name": "二级", "indicators": top.pop("indicators")}
    top["dimensions"] = [below]
    write(tmp_path, data)
    rubric = load_rubric(tmp_path / "small.yaml")
    assert [i.id for i in rubric.indicators] == ["i1", "i2"]
    assert [d["parent"] for d in rubric.summary()["dimensions"]] == [None, "d1"]
    assert rubric.summary()["indicators"][0]["dimension"] == "d2"
    below["points"] = "14"
    write(tmp_path, data)
    with pytest.raises(InputError, match="“二级”标明 14 分，其下指标合计 15 分"):
        load_rubric(tmp_path / "small.yaml")


def test_a_field_left_out_is_the_same_as_its_default(tmp_path: Path) -> None:
    """The digest is over what is declared: a later version's new optional fields leave it alone."""
    data = rubric_data((10,))
    write(tmp_path, data)
    first = load_rubric(tmp_path / "small.yaml").digest
    data["bonus"], data["notes"] = [], []
    write(tmp_path, data)
    assert load_rubric(tmp_path / "small.yaml").digest == first


def test_a_tree_of_the_wrong_shape_is_refused() -> None:
    """A file that is a list or a word gets an error, not a traceback."""
    from evalkit.base.build import build

    for value in ([], "word", ""):
        with pytest.raises(InputError, match="键: 值"):
            build(Rubric, Tree(value, {(): 1}, "f.yaml"))


def test_a_file_of_another_kind_has_its_problems_counted() -> None:
    """Found by fuzzing: a list of 60,000 nothings has 240,000 faults, which took 500 MB to list."""
    from evalkit.base.build import build

    def problems(dimensions: int) -> list[str]:
        tree = Tree({"dimensions": [{}] * dimensions}, {(): 1}, "f.yaml")
        with pytest.raises(InputError) as caught:
            build(Rubric, tree)
        return str(caught.value).splitlines()

    # each dimension lacks id and name; the file lacks format, id, version, title and source
    assert len(problems(497)) == 2 * 497 + 5
    assert problems(498) == ["f.yaml：有 1001 处不合格式，多半不是这种文件"]


def test_a_word_that_is_still_undecided_is_refused(tmp_path: Path) -> None:
    """A draft says 待定 where a person has to write; that is never loaded as if it were content."""
    data = rubric_data((10,))
    data["source"]["issuer"] = "待定"
    data["dimensions"][0]["indicators"][0]["guidance"] = " 待定 "
    write(tmp_path, data)
    with pytest.raises(InputError) as caught:
        load_rubric(tmp_path / "small.yaml")
    assert [p.field for p in caught.value.problems] == [
        "source.issuer",
        "dimensions[0].indicators[0].guidance",
    ]
    assert "还是“待定”，请填写确定的内容" in str(caught.value)
