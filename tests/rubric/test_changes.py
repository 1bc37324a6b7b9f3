"""What changed between two versions of a rubric."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from evalkit.base.declared import Declared
from evalkit.rubric import Rubric, changes, load_rubric
from evalkit.rubric.field_names import CHOICES, field_name
from evalkit.rubric.indicators import ScoreRange
from evalkit.rubric.model import Silence
from evalkit.rubric.open_rules import RULE_NAMES
from evalkit.rubric.provisions import TimeNode
from tests.support.builders import ROOT, rubric_data, write
from tests.support.rubric_models import (
    FULL,
    RUBRICS,
    Place,
    choices,
    hints,
    models,
    optional,
    stem,
    values,
)


def made(folder: Path, data: dict[str, Any]) -> Rubric:
    """A rubric from data."""
    write(folder, data)
    return load_rubric(folder / "small.yaml")


def test_the_same_rubric_has_no_changes(tmp_path: Path) -> None:
    """Nothing changed, nothing said."""
    rubric = made(tmp_path, rubric_data((10, 5), bonus=True))
    assert changes.between(rubric, rubric) == []


def test_every_change_is_a_sentence(tmp_path: Path) -> None:
    """Points, names, guidance, bonus; what is new and what is gone, by id."""
    old = made(tmp_path, rubric_data((10, 5), bonus=True))
    data = rubric_data((8, 5, 2), bonus=True)
    first, second, third = data["dimensions"][0]["indicators"]
    first["name"], second["guidance"], third["id"] = "改名", "改写。", "new"
    data["bonus"][0]["item"]["max"] = "5"
    data["gates"] = [{"id": "g", "article": "第九条", "text": "条件"}]
    found = [text.render() for text in changes.between(old, made(tmp_path, data))]
    assert found == [
        "“改名”（i1）的名称：指标1 → 改名",
        "“改名”（i1）的分值：10 → 8",
        "“指标2”（i2）的说明与评分标准：综合评分。 → 改写。",
        "新增 指标“指标3”（new）",
        "“加分”（bonus）的每项计分的范围：2–3 → 2–5",
        "新增 准入条件“第九条”（g）：条件",
    ]
    back = [text.render() for text in changes.between(made(tmp_path, data), old)]
    assert "删去 指标“指标3”（new）" in back


def test_changes_in_english(tmp_path: Path) -> None:
    """The sentences follow the language of their reader."""
    old = made(tmp_path, rubric_data((10,)))
    new = made(tmp_path, rubric_data((8,)))
    for text in changes.between(old, new):
        assert "→" in text.render("en")
        assert "的" not in text.render("en")


@cache
def rubrics() -> list[Rubric]:
    """The seven that come with evalkit, and one with everything else."""
    return [*map(load_rubric, RUBRICS), Rubric.model_validate(FULL)]


MOST = 1
"""So many elements of a class are edited in each rubric that comes with evalkit."""


def rebuilt(owner: Any, place: Place, part: Declared) -> Any:
    """A copy of ``owner`` with another part at a place; only the part has been validated."""
    if not place:
        return part
    name, *rest = place
    value = getattr(owner, str(name))
    if isinstance(value, tuple):
        n, *rest = rest
        value = tuple(rebuilt(v, tuple(rest), part) if k == n else v for k, v in enumerate(value))
    else:
        value = rebuilt(value, tuple(rest), part)
    return owner.model_copy(update={name: value})


def others(owner: Declared, name: str, value: Any, rubric: Rubric) -> Iterator[Any]:
    """Other values of a field: some of them are no valid ones."""
    annotation = hints(type(owner))[name]
    if (owner.__class__, name) == (Silence, "rule"):
        # the names of rules are a vocabulary that the model does not know
        yield from (rule for rule in RULE_NAMES if rule != value)
        return
    literals = [v for field, v in choices(type(owner)) if field == name]
    plain = owner.model_dump(mode="json")[name]
    yield None
    if isinstance(value, tuple):
        yield from (list(reversed(plain)), plain[1:], plain[:1] + plain[2:])
        yield [*plain, *(["甲单位"] if not any(isinstance(v, dict) for v in plain) else [])]
        yield [*plain, *(p.id for p in (*rubric.gates, *rubric.materials, *rubric.indicators)[:3])]
    elif isinstance(plain, dict) and optional(annotation):
        return
    elif literals:
        yield from (v for v in literals if v != value)
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, int | Decimal):
        yield from (str(value + 1), str(value - 1))
    elif isinstance(value, str):
        yield from (f"{value}改", f"{value[:-1]}9", "2030-01-01", "x9")
    else:
        yield from ("2030-01-01", "5", "某某", "x9")


def edits(rubric: Rubric) -> Iterator[tuple[type[Declared], str, Rubric]]:
    """Rubrics that differ from ``rubric`` in one field, each with the field."""
    times = Counter[tuple[type[Declared], str]]()
    for owner, name, value, place in values(rubric):
        times[type(owner), name] += 1
        if times[type(owner), name] > MOST and rubric.id != FULL["id"]:
            continue
        data = owner.model_dump(mode="json")
        for other in others(owner, name, value, rubric):
            try:
                part = type(owner).model_validate({**data, name: other})
            except ValidationError:
                continue
            yield type(owner), name, rebuilt(rubric, place[:-1], part)
    if rubric.id == FULL["id"]:
        # what is added and taken off goes with higher totals only
        lower = {**FULL, "better": "lower", "bonus": [], "deductions": []}
        yield Rubric, "better", Rubric.model_validate(lower)
        yield Rubric, "points", rubric.model_copy(update={"points": Decimal(16)})
        yearly = TimeNode(name="印发方案", yearly=True)
        yield TimeNode, "yearly", rebuilt(rubric, ("tasks", 0, "nodes", 0), yearly)
        small = {"min": "0", "max": "50", "factor": "0.2"}
        scored = rubric.indicators[0].model_copy(update={"scored": ScoreRange(**small)})
        yield ScoreRange, "max", rebuilt(rubric, ("dimensions", 0, "indicators", 0), scored)


KEYS = {n for m in models() for n in m.model_fields} | {v for m in models() for _, v in choices(m)}
"""What a program reads and a person does not."""


def raw(sentence: str) -> list[str]:
    """What a sentence has of keys, reprs and programs' words."""
    without_ids = re.sub(r"（[A-Za-z0-9_-]+）", "", sentence).replace("[和]", "和")  # a gap's mark
    words = set(re.findall(r"(?<![A-Za-z0-9-])[A-Za-z_]+(?![A-Za-z0-9-])|[{}\[\]']", without_ids))
    return sorted(words & (KEYS | {*"{}[]'", "None", "True", "False", "Decimal", "Text"}))


@pytest.mark.parametrize(
    "n",
    [
        pytest.param(n, id=name, marks=() if name == "full" else pytest.mark.soak)
        for n, name in enumerate([*map(stem, RUBRICS), "full"])
    ],
)
def test_a_change_of_the_digest_is_a_sentence_in_words(n: int) -> None:
    """Whatever differs is said, and nothing where nothing differs; no key and no repr is shown."""
    _differences(rubrics()[n], once=True)


@pytest.mark.soak
def test_every_change_of_the_digest_is_a_sentence_in_words() -> None:
    """The same for every other value of every field, wherever it stands."""
    for rubric in rubrics():
        _differences(rubric, once=False)


def _differences(old: Rubric, *, once: bool) -> None:
    """Each edit of ``old`` is said; ``once``: one of each field."""
    digest, done = old.digest, set[tuple[type[Declared], str]]()
    for owner, name, new in edits(old):
        if once and (owner, name) in done:
            continue
        done.add((owner, name))
        same = new.digest == digest
        found = [text.render() for text in changes.between(old, new)]
        assert (found == []) is same, (owner.__name__, name)
        back = [text.render() for text in changes.between(new, old)]
        assert (back == []) is same, (owner.__name__, name)
        for sentence in (*found, *back):
            one, arrow, two = sentence.partition(" → ")
            assert not arrow or not one.endswith(f"：{two}"), sentence
            assert raw(sentence) == [], sentence


def test_edits_reach_every_field() -> None:
    """The test above changes each field of each model at least once."""
    reached = {(owner, name) for owner, name, _new in edits(Rubric.model_validate(FULL))}
    # there is one format, so no valid rubric has another one
    every = {(m, n) for m in models() for n in m.model_fields} - {(Rubric, "format")}
    # what always has fields of its own differs in one of them
    every -= {(m, n) for m, n in every if Declared in getattr(hints(m)[n], "__mro__", ())}
    missing = {f"{m.__name__}.{name}" for m, name in every - reached}
    assert missing == set(), (
        f"no valid edit changes {missing}: extend others() or tests/support/rubric_models.FULL"
    )


def test_every_field_has_a_name() -> None:
    """A field added to a model is named in field_names, or a secretary reads its key."""
    fields = {(m, name) for m in models() for name in m.model_fields}
    nameless = [f"{m.__name__}.{n}" for m, n in fields if field_name(m, n).message == n]
    assert nameless == [], f"name these in evalkit/rubric/field_names.py: {nameless}"


def test_every_choice_has_words() -> None:
    """A value that a key stands for is said in words."""
    every = [(m, name, value) for m in models() for name, value in choices(m)]
    assert len(every) > 30
    missing = [f"{m.__name__}.{n}: {v}" for m, n, v in every if v not in CHOICES.get(n, {})]
    assert missing == [], f"put these into CHOICES in evalkit/rubric/field_names.py: {missing}"


ZHONGSHAN, PLAN, ANHUI = "zhongshan-platform-2026", "henan-ai-plus-2024", "anhui-application-2025"


def said(name: str, edit: Any) -> list[str]:
    """The sentences on a rubric that comes with evalkit after an edit of its data."""
    old = load_rubric(ROOT / "rubrics" / f"{name}.yaml")
    data = old.model_dump(mode="json")
    edit(data)
    return [text.render() for text in changes.between(old, Rubric.model_validate(data))]


def test_lists_say_what_came_and_went() -> None:
    """Units, needs, grades of a rule, titles."""

    def edit(data: dict[str, Any]) -> None:
        data["tasks"][3]["units"][1] = "省发展改革委"

    assert said(PLAN, edit) == [
        "“人工智能+工业”（task-industry）的责任单位：增加省发展改革委",
        "“人工智能+工业”（task-industry）的责任单位：删去发展改革委",
    ]

    def edit_more(data: dict[str, Any]) -> None:
        first, second = data["procedures"]
        first["titles"] = ["中山市人工智能赋能平台"]
        first["stages"][1]["needs"].remove("gate-registered-capital")
        second["stages"].reverse()
        second["grades"][2] |= {"name": "及格", "passes": False}
        data["standing"][0]["grades"].remove("unqualified")

    report = "“报送综合考评自评价报告”（stage-self-report）"
    review = "“综合考评”（stage-evaluation）"
    assert said(ZHONGSHAN, edit_more) == [
        "“评审认定”（recognition）的授予的名称：增加中山市人工智能赋能平台",
        "“材料收集”（stage-collection）的所需的材料和条件：删去“第九条（一）”（gate-registered-capital）",
        f"“年度综合考评”（annual-evaluation）中环节的顺序：{report}、{review} → {review}、{report}",
        "“及格”（qualified）的名称：合格 → 及格",
        "“及格”（qualified）的是否算合格：是 → 否",
        "“第十二条”（standing-support）的适用的等次：删去“不合格”（unqualified）",
    ]


def test_values_are_in_words() -> None:
    """Bounds, dates, choices, the fields of the source one by one, silences."""

    def edit(data: dict[str, Any]) -> None:
        data["duties"][0]["bound"]["at_least"] = "40"
        data["source"] |= {"valid_until": "2028-12-31", "status": "draft"}
        data["source"]["numbers"].pop()
        data["standing"][2]["then"] = "notify"
        data["silences"][-1]["article"] += "。"

    article = "。"
    found = said(ZHONGSHAN, edit)
    assert found[:4] == [
        "来源的文号：删去中工信规字〔2026〕1号",
        "来源的状态：现行 → 征求意见稿",
        "来源的有效期至：2027年12月31日 → 2028年12月31日",
        "“第九条（四）”（duty-enterprises-served）的数量要求：不少于 30 家 → 不少于 40 家",
    ]
    assert found[4] == "“第十条”（standing-change-consent）的后果：同意变更 → 登记告知"
    assert found[5].startswith("原文没有规定的“撤销后隔多久可以重新申报”的条款和原文的说法：")
    assert found[5].endswith(article)


def test_goals_and_kinds_are_in_words() -> None:
    """A goal with its unit, the day by which it is due, and what kind an indicator is."""

    def edit(data: dict[str, Any]) -> None:
        data["targets"][3] |= {"term": "above", "value": "30", "by": "2027-12-31"}

    what = "“一、总体要求”（target-industry-models）"
    assert sorted(said(PLAN, edit)) == [
        f"{what}的到期日：2026年12月31日 → 2027年12月31日",
        f"{what}的目标值：不少于 20 个 → 超过 30 个",
    ]


def test_what_moves_is_said_to_move() -> None:
    """An indicator in another dimension; a note about other indicators; a new deduction."""

    def edit(data: dict[str, Any]) -> None:
        first, second = data["dimensions"][0]["dimensions"]
        second["indicators"].append(first["indicators"].pop())
        data["notes"][0]["indicators"].append("little-giants")
        data["deductions"] = [{"id": "late", "name": "迟交", "points": "3"}]
        data["dimensions"][1]["dimensions"][0]["indicators"][0]["kind"] = "mixed"

    revenue = "“规模以上制造业企业营收”（manufacturing-revenue）"
    bases = ("“制造业发展基础”（manufacturing-base）", "“智能化基础”（intelligence-base）")
    note = "注“通过开源参与研发或者拥有相关产权的企业,均为工业大模型开发者。”"
    giants = "“国家级智能制造领域专精特新“小巨人”企业数量”（little-giants）"
    share = "“应用人工智能技术的技改项目占比”（ai-renovation-share）"
    assert sorted(said(ANHUI, edit)) == sorted(
        [
            f"{revenue}从{bases[0]}移到{bases[1]}",
            f"{note}的所说明的指标：增加{giants}",
            "新增 扣分项“迟交”（late）",
            f"{share}的定性或定量：定量 → 定性+定量",
        ]
    )
