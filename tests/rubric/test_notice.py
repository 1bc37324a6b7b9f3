"""The whole notice on a terminal: ``evalkit rubric show``."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from evalkit.base import terms
from evalkit.base.declared import Date, Declared, Identifier
from evalkit.cli import notice
from evalkit.rubric import Rubric, load_rubric
from evalkit.rubric.field_names import CHOICES
from evalkit.rubric.indicators import Indicator
from evalkit.rubric.measures import Method
from evalkit.rubric.provisions import Grade
from evalkit.rubric.wording import composite, elements, goal, rule, shortly
from tests.support.builders import ROOT
from tests.support.rubric_models import FULL, RUBRICS, choices, hints, inside, stem, values

COMMON = {name: load_rubric(ROOT / "rubrics" / f"{name}.yaml") for name in map(stem, RUBRICS)}
EVERY = {**COMMON, "full": Rubric.model_validate(FULL)}


def printed(rubric: Rubric, width: int, language: str = "zh") -> str:
    """What a terminal of this width shows."""
    out = io.StringIO()
    console = Console(file=out, width=width, highlight=False, markup=False, color_system=None)
    notice.write(rubric, language, console, width)
    return out.getvalue()


def bare(text: str) -> str:
    """``text`` without blanks and ends of lines."""
    return re.sub(r"\s", "", text)


def expected(rubric: Rubric) -> Iterator[tuple[str, str]]:
    """What the notice has to show: the place of each value and its words."""
    known = elements(rubric)
    kinds = {i.kind for i in rubric.indicators}
    for owner, name, value, place in values(rubric):
        if value is None or value == type(owner).model_fields[name].default:
            continue
        # not of the notice: the format of the file, ids, a column in which all rows are the same
        if name == "format" or (name == "id" and owner is not rubric):
            continue
        if (type(owner), name) == (Indicator, "kind") and len(kinds) == 1:
            continue
        if isinstance(owner, Method):  # said in one phrase, below
            continue
        if isinstance(value, Method):
            yield f"{type(owner).__name__}.{name} {place}", str(composite(value))
            continue
        for one in value if isinstance(value, tuple) else (value,):
            if not isinstance(one, Declared):
                where = f"{type(owner).__name__}.{name} {place}"
                yield where, str(shown(owner, name, one, known))


def shown(owner: Declared, name: str, one: Any, known: Any) -> Any:
    """One value as the notice has it."""
    hint = list(inside(hints(type(owner))[name]))
    found: Any = format(one, "f") if isinstance(one, Decimal) else one
    if name == "rule":
        found = rule(one, known)
    elif (type(owner), name) == (Grade, "passes"):
        found = f"{owner.name}（{'算合格' if one else '不合格'}）"
    elif name == "term":
        found = goal(owner)
    elif Identifier in hint and name != "id":
        found = next(shortly(e) for (_place, id), e in known.items() if id == one)
    elif isinstance(one, bool) or (name, one) in choices(type(owner)):
        found = CHOICES[name][one]
    elif Date in hint:
        found = terms.day(one)
    return found


PRINTED = [
    pytest.param(name, width, marks=() if (n - k) % 3 == 0 or name == "full" else pytest.mark.soak)
    for n, name in enumerate(EVERY)
    for k, width in enumerate((notice.LEAST, 80, 120))
]
"""Each rubric at one width, the one that has everything at all of them; the rest in the soak."""


@pytest.mark.parametrize(("name", "width"), PRINTED)
def test_everything_that_a_rubric_says_is_shown(name: str, width: int) -> None:
    """Every field of every element, in words; no line is wider than the terminal, none is cut."""
    text = printed(EVERY[name], width)
    every, whole = list(expected(EVERY[name])), bare(text)
    missing = [(where, said) for where, said in every if bare(said) not in whole]
    assert missing == [], "show these in evalkit/cli/notice.py"
    assert [line for line in text.splitlines() if cell_len(line) > width] == []
    assert ("…" in text) is any("…" in said for _where, said in every)


def test_there_is_much_to_show() -> None:
    """The test above looks at texts, names, units, bounds, dates and words of all kinds."""
    every = [where for rubric in EVERY.values() for where, _said in expected(rubric)]
    assert {where.split(" ")[0] for where in every} >= {
        *("Indicator.guidance", "Indicator.unit", "Indicator.kind", "Dimension.name"),
        *("Bonus.guidance", "Deduction.points", "Rubric.points", "Note.indicators"),
        *("Material.due", "Material.most_characters", "Material.strict", "Task.units"),
        *("Target.by", "Target.term", "Measure.unit", "Bound.at_least", "Provision.text"),
        *("Procedure.titles", "Grade.passes", "Stage.actor", "Stage.needs"),
        *("StandingRule.then", "Silence.rule", "Source.numbers", "Source.valid_until"),
    }


def test_a_kind_that_all_share_is_no_column() -> None:
    """The notice of Henan tells nothing apart; that of Anhui does."""
    assert " 类型 " not in printed(COMMON["henan-centre-2025"], 80)
    assert " 类型 " in printed(COMMON["anhui-product-2025"], 80)


def test_levels_stand_below_one_another() -> None:
    """一级指标, 二级指标 and indicators are further in from level to level, with their points."""
    lines = printed(COMMON["anhui-application-2025"], 80).splitlines()
    start = next(n for n, line in enumerate(lines) if "一级指标、二级指标、指标" in line)
    rows = lines[start + 2 : start + 5]
    found = [(len(row) - len(row.lstrip()), row.split()) for row in rows]
    assert found == [
        (2, ["产业基础", "20"]),
        (4, ["制造业发展基础", "8"]),
        (6, ["1", "规模以上制造业企业数量", "个", "定量", "4"]),
    ]


def test_bounds_and_days_are_in_words() -> None:
    """What a secretary looks for: how much, until when, who, what follows."""
    text = printed(COMMON["zhongshan-platform-2026"], 120)
    for said in (
        "数量要求：年服务企业数量不少于 30 家",
        "有效期至：2027年12月31日",
        "等次：优秀（算合格）、良好（算合格）、合格（算合格）、不合格（不合格）",
        "后果：重新启动认定",
        "天数（公示）：第八条（四）规定",
    ):
        assert said in text


def test_lines_break_as_chinese_lines_do() -> None:
    """No line begins with a comma; words of letters stay whole; a long one is broken, not lost."""
    assert notice.fold("甲乙丙丁，戊己", 8) == ["甲乙丙", "丁，戊己"]
    assert notice.fold("甲乙丙（丁）", 8) == ["甲乙丙", "（丁）"]
    assert notice.fold("采用AI-2025标准", 8) == ["采用", "AI-2025", "标准"]
    assert "".join(notice.fold("x" * 25, 10)) == "x" * 25
    assert notice.fold("", 10) == [""]


def test_the_notice_is_shown_in_english() -> None:
    """Labels and choices follow the language; the words of the text stay as they are."""
    text = printed(COMMON["zhongshan-platform-2026"], 80, "en")
    assert "市人工智能产业办公室" in text
    assert "Conditions of entry" in text
