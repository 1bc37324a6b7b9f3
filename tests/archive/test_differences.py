"""Results field by field, statistics to the last digit, notebooks by cell, pages by section."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.archive.differences import (
    ABSENT,
    fields,
    of_results,
    of_statistics,
    only_last_digits,
)
from evalkit.archive.differences_notebook import of_notebooks, result_of
from evalkit.archive.differences_page import of_pages
from evalkit.base.text import render
from tests.support.examples import examples

NAMES = {"A": "甲", "i1": "指标一", "e1": "专家一"}

RESULTS: dict[str, Any] = {
    "status": "official",
    "rules": {"rounding": {"places": 2}},
    "applicants": [
        {
            "id": "A",
            "rank": 1,
            "total": "9.00",
            "indicators": [{"id": "i1", "points": "9.00", "scores": [{"expert": "e1"}]}],
        },
        {"id": "B", "rank": 2, "total": "8.00", "indicators": []},
    ],
}


def changed(document: Any, value: Any, *path: Any) -> Any:
    """A copy of ``document`` with another value at ``path``."""
    found = copy.deepcopy(document)
    place = found
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return found


def said(found: list[Any]) -> list[str]:
    """The differences as sentences."""
    return [render(one.said) for one in found]


def test_results_are_compared_field_by_field() -> None:
    """By the names of people and indicators, the older value first."""
    after = changed(RESULTS, "8.50", "applicants", 0, "indicators", 0, "points")
    after = changed(after, 2, "applicants", 0, "rank")
    assert said(of_results("results.json", RESULTS, after, NAMES)) == [
        "甲（A） › 名次：存档为 1，重做为 2",
        "甲（A） › 指标一（i1） › 得分：存档为 9.00，重做为 8.50",
    ]


def test_who_is_listed_elsewhere_is_compared_with_itself() -> None:
    """Items go by their ids: another order is no difference of values."""
    turned = {**RESULTS, "applicants": RESULTS["applicants"][::-1]}
    assert [f.path for f in fields(RESULTS, turned)] == []


def test_what_only_one_has_is_a_difference() -> None:
    """An applicant, a rule, a score."""
    after = {**RESULTS, "applicants": RESULTS["applicants"][:1]}
    (one,) = of_results("results.json", RESULTS, after, NAMES)
    assert (render(one.part), one.after) == ("B", ABSENT)
    (one,) = of_results("results.json", after, RESULTS, NAMES)
    assert one.before == ABSENT


def test_none_is_not_an_absent_text() -> None:
    """Null, an empty text, zero and no are four values."""
    values = (None, "", 0, False)
    for one in values:
        for other in values:
            differ = list(fields({"x": one}, {"x": other}))
            assert bool(differ) == (one is not other)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=8,
)


@examples(4)
@given(JSON, JSON)
def test_no_fields_differ_exactly_where_the_documents_are_the_same(one: Any, other: Any) -> None:
    """Whatever the documents are, but for the order of items that go by an id."""
    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    found = list(fields(one, other))
    assert not (same and found)
    if not found and not same:
        assert "id" in str(one) or "name" in str(one) or "expert" in str(one)


@pytest.mark.parametrize(
    ("before", "after", "last"),
    [
        ("0.713", "0.714", True),
        ("-0.0", "0.0", True),
        ("0.999", "1.000", True),
        ("0.713", "0.715", False),
        ("0.713", "0.72", False),
        ("3", "4", False),
        ("0.713（95% 区间 0.6 至 0.8）", "0.712（95% 区间 0.6 至 0.8）", True),
        ("0.713 高", "0.714 低", False),
        ("0.713", None, False),
    ],
)
def test_a_last_digit_is_told_from_another_value(before: str, after: str, last: bool) -> None:
    """One unit in the last of as many digits, and nothing but digits."""
    (one,) = of_statistics("analysis.json", {"x": before}, {"x": after}, {})
    assert one.digits is last


@examples(4)
@given(st.integers(-(10**6), 10**6), st.integers(1, 6), st.sampled_from([1, -1]))
def test_every_neighbour_is_a_last_digit(value: int, places: int, step: int) -> None:
    """Whatever carries over; a second unit is none."""
    texts = [f"{(value + n * step) / 10**places:.{places}f}" for n in range(3)]
    assert only_last_digits(texts[0], texts[1])
    assert not only_last_digits(texts[0], texts[2])


def notebook(result: str, html: str, code: str = "show(report)") -> bytes:
    """An executed notebook as papermill leaves it."""
    output = {"output_type": "execute_result", "metadata": {}, "data": {"text/html": html}}
    tag = {"tags": ["injected-parameters"]}
    cells = [
        {"id": "p", "cell_type": "code", "metadata": tag, "outputs": [], "source": result},
        {"id": "2", "cell_type": "code", "metadata": {}, "outputs": [output], "source": code},
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}).encode()


def told(**result: Any) -> str:
    """The cell that papermill puts in."""
    return f"# Parameters\nresult = {json.dumps(json.dumps(result))}\n"


HTML = "<section><h2>总体结果</h2><p>总分</p><b>9.00</b></section>"


def test_notebooks_are_compared_cell_by_cell() -> None:
    """A cell by its id and what it shows; what a report is told, field by field."""
    before = notebook(told(total="9.00", id="A"), HTML)
    assert of_notebooks("A.ipynb", before, before, {}) == []
    after = notebook(told(total="8.00", id="A"), HTML.replace("9.00", "8.00"))
    assert said(of_notebooks("A.ipynb", before, after, {})) == [
        "单元格 p（填入的内容） › 总分：存档为 9.00，重做为 8.00",
        "单元格 2（show(report)）的输出：存档为 9.00，重做为 8.00",
    ]
    assert json.loads(result_of(before) or "") == {"total": "9.00", "id": "A"}


def test_code_and_cells_that_one_lacks_are_named() -> None:
    """Another line of code, a cell more, another kernel."""
    before = notebook(told(), HTML)
    (one,) = of_notebooks("A.ipynb", before, notebook(told(), HTML, "show(result)"), {})
    assert "代码" in render(one.part)
    more = json.loads(before)
    more["cells"].append({"id": "9", "cell_type": "markdown", "source": "又一格", "metadata": {}})
    (one,) = of_notebooks("A.ipynb", before, json.dumps(more).encode(), {})
    assert render(one.said) == "单元格 9（又一格）：存档里没有，重做的里面有"
    other = json.dumps({**json.loads(before), "nbformat": 5}).encode()
    (one,) = of_notebooks("A.ipynb", before, other, {})
    assert (render(one.part), one.before, one.after) == ("nbformat", "4", "5")


@pytest.mark.parametrize("broken", [b"", b"{", b"[]", b'{"cells": 1}', b'{"cells": [1]}', b"\xff"])
def test_what_is_no_notebook_is_said(broken: bytes) -> None:
    """Cut off, or something else under its name."""
    (one,) = of_notebooks("A.ipynb", broken, notebook(told(), HTML), {})
    assert render(one.before) == "不是笔记本"


def test_other_white_space_alone_is_a_difference_of_bytes() -> None:
    """Said as what it is, for notebooks and pages."""
    before = notebook(told(), HTML)
    (one,) = of_notebooks("A.ipynb", before, before + b"\n", {})
    assert "写法不同" in render(one.before)
    (one,) = of_pages("A.html", PAGE.encode(), PAGE.encode() + b"\n")
    assert "写法不同" in render(one.before)


FIGURE = '<svg viewBox="0 0 9 9"><rect x="1.50" width="3"></rect></svg>'
PAGE = f"""<!DOCTYPE html>
<html lang="zh-CN"><head><title>甲</title><style>p{{color:red}}b{{top:0}}</style></head>
<body><main><header><h1>甲</h1></header>
<section><h2>总体结果</h2><p>总分</p><b>9.00</b>{FIGURE}</section>
<section><h2>计分规则</h2><p>算术平均</p></section></main></body></html>"""


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("9.00", "8.00", "“总体结果”一节：存档为 9.00，重做为 8.00"),
        ("算术平均", "去高去低", "“计分规则”一节：存档为 算术平均，重做为 去高去低"),
        ("<title>甲", "<title>乙", "网页标题：存档为 甲，重做为 乙"),
        ("color:red", "color:blue", "样式表：存档为 p{color:red}，重做为 p{color:blue}"),
        ('lang="zh-CN"', 'lang="en"', "网页的语言：存档为 zh-CN，重做为 en"),
        ("计分规则", "规则", "“计分规则”一节：存档里有，重做的里面没有"),
    ],
)
def test_pages_are_compared_section_by_section(old: str, new: str, sentence: str) -> None:
    """By the title of the section, with the first words that differ."""
    assert sentence in said(of_pages("A.html", PAGE.encode(), PAGE.replace(old, new).encode()))


def test_figures_and_markup_are_told_from_words() -> None:
    """What a reader sees otherwise, and what only a browser does."""
    (one,) = of_pages("A.html", PAGE.encode(), PAGE.replace('width="3"', 'width="4"').encode())
    assert "文字相同，图形不同" in render(one.part)
    (one,) = of_pages("A.html", PAGE.encode(), PAGE.replace("<p>算", '<p class="x">算').encode())
    assert "文字相同，排版的标记不同" in render(one.part)


def test_a_last_digit_on_a_page_is_marked_and_another_is_not() -> None:
    """With the figure that goes with it."""
    near = PAGE.replace("9.00", "9.01").replace("1.50", "1.51")
    assert [one.digits for one in of_pages("A.html", PAGE.encode(), near.encode())] == [True]
    far = PAGE.replace("9.00", "9.05")
    assert [one.digits for one in of_pages("A.html", PAGE.encode(), far.encode())] == [False]


def test_what_is_no_page_is_compared_all_the_same() -> None:
    """Nothing that lies there ends in an error."""
    for broken in (b"", b"\x00\xff", b"<main>", b"<html><svg><title>"):
        assert of_pages("A.html", PAGE.encode(), broken)
        assert of_pages("A.html", broken, PAGE.encode())
