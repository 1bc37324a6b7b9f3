"""Official papers after GB/T 9704-2012: titles over several lines, who signs, to whom they go."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from evalkit.base.text import Text
from evalkit.disclosure import Views
from evalkit.documents.briefing_word import briefing
from evalkit.documents.looks import measure
from evalkit.documents.minutes_word import minutes
from evalkit.documents.official import DAY, begin, listed, signed
from evalkit.documents.publicity_word import publicity
from evalkit.documents.titles import ACROSS, broken, width
from evalkit.evaluation import evaluate
from tests.support.builders import demo
from tests.support.plans import PLUS, progress

TITLE = "安徽省人工智能赋能新型工业化示范区(深度应用类)"
BROKEN = [
    (
        "{title}复核结果对照",
        {"title": "2025年度省人工智能行业赋能中心评价（演示）"},
        ["2025年度省人工智能行业赋能中心", "评价（演示）复核结果对照"],
    ),
    (
        "{title}评审会议纪要",
        {"title": "2026年度人工智能深度应用示范区认定评审（演示）"},
        ["2026年度人工智能深度应用示范区", "认定评审（演示）评审会议纪要"],
    ),
    ("{title}评审会议纪要", {"title": "年度评价"}, ["年度评价评审会议纪要"]),
    (
        "关于认定{name}为“{title}”的公告",
        {"name": "虚构市示例县", "title": TITLE},
        ["关于认定虚构市示例县为", "“安徽省人工智能赋能新型工业化", "示范区(深度应用类)”的公告"],
    ),
    (
        "关于撤销{name}“{title}”资格的公告",
        {"name": "虚构智能科技平台丁", "title": "市级人工智能赋能平台"},
        ["关于撤销虚构智能科技平台丁", "“市级人工智能赋能平台”资格的公告"],
    ),
    (
        "关于公布{year}年度“{title}”名单的通知",
        {"year": "2026", "title": TITLE},
        ["关于公布2026年度", "“安徽省人工智能赋能新型工业化", "示范区(深度应用类)”名单的通知"],
    ),
    (
        "关于{plan}进展情况的通报",
        {"plan": "《河南省推动“人工智能+”行动计划(2024—2026年)》"},
        ["关于《河南省推动“人工智能+”行动", "计划(2024—2026年)》进展情况的通报"],
    ),
]


@pytest.mark.parametrize(("message", "values", "lines"), BROKEN)
def test_a_title_breaks_where_its_sense_allows(
    message: str, values: dict[str, str], lines: list[str]
) -> None:
    """7.3.1: whole words, nothing split within brackets, lines of about the same length."""
    assert broken(Text(message, values)).split("\n") == lines


@pytest.mark.parametrize(
    "title",
    ["示范" * 60, "x" * 90, "（" + "评" * 50 + "）", "，" * 45, "一“" * 30, "", "2026" * 20],
)
def test_any_title_fits_its_lines(title: str) -> None:
    """Where nothing better is left, also within words and brackets."""
    lines = broken(title).split("\n")
    assert "".join(lines) == title
    assert all(sum(map(width, line)) <= ACROSS for line in lines)


def test_an_english_title_breaks_between_words() -> None:
    """Its words stay whole, and no line begins with a space."""
    values = {"name": "虚构市示例县", "title": TITLE}
    text = Text("Announcement: {name} is recognised as “{title}”", values)
    lines = broken(text, "en").split("\n")
    assert "".join("".join(lines).split()) == "".join(text.render("en").split())
    assert all(line == line.strip() for line in lines)
    assert {"Announcement:", "recognised"} <= {word for line in lines for word in line.split()}


def test_every_paper_breaks_its_title_so() -> None:
    """The list for publicity and the minutes have it from one place; the status is centred."""
    results = evaluate(*demo())
    panel = results.panel.model_copy(update={"title": "2025年度省人工智能行业赋能中心评价（演示）"})
    views = Views(replace(results, panel=panel))
    for data, ending in (
        (publicity(views.public()), "结果公示"),
        (minutes(views.minutes()), "评审会议纪要"),
    ):
        document = docx.Document(io.BytesIO(data))
        first, second = document.paragraphs[0].text.split("\n")
        assert first.endswith(("行业", "中心"))
        assert second.endswith(f"评价（演示）{ending}")
    status = document.paragraphs[1]
    assert status.text == "依据评分表计算，未经本系统锁定"
    assert status._p.find(".//" + qn("w:jc")).get(qn("w:val")) == "center"


def indents(line: Any) -> float:
    """Characters to the left of a line."""
    return int(line._p.find(".//" + qn("w:ind")).get(qn("w:leftChars"))) / 100


@pytest.mark.parametrize("issuer", ["示例办公室", "新一代人工智能产业发展工作推进小组（示例）"])
def test_issuer_and_day_stand_right_of_the_middle(issuer: str) -> None:
    """7.3.5.1: four characters from the right; a long issuer has the room for one line."""
    paper = begin(Text("通知"), None, "zh", None)
    signed(paper, issuer)
    *_before, above, below = docx.Document(io.BytesIO(paper.to_bytes())).paragraphs
    assert (above.text, below.text) == (issuer, str(DAY))
    assert indents(above) == indents(below)
    assert 28 - 4 - indents(above) >= max(12, len(issuer))


def test_a_long_annex_goes_on_below_the_beginning_of_its_name() -> None:
    """7.3.4: whether there is one annex or several."""
    for names, before in ((["名单" * 20], 3), (["名单" * 20, "表"], 4.55)):
        paper = begin(Text("通知"), None, "zh", None)
        listed(paper, names)
        line = docx.Document(io.BytesIO(paper.to_bytes())).paragraphs[2]
        indent = line._p.find(".//" + qn("w:ind"))
        assert line.text.startswith("附件：")
        assert indents(line) == 2 + before
        assert int(indent.get(qn("w:hangingChars"))) == round(before * 100)


def test_names_on_the_list_for_publicity_stand_on_a_line() -> None:
    """As long as both columns have the room; else the names get a little more than half."""
    view = Views(evaluate(*demo())).public()
    document = docx.Document(io.BytesIO(publicity(view)))
    widths = [column.width.mm for column in document.tables[0].columns]
    for at, name in ((1, "name"), (2, "lead")):
        assert widths[at] >= 4.8 * max(measure(a[name]) for a in view["applicants"]) + 2.4
    assert abs(sum(widths) - 156) < 0.5
    long = {**view, "applicants": [{**a, "lead": "单位" * 20} for a in view["applicants"]]}
    document = docx.Document(io.BytesIO(publicity(long)))
    widths = [column.width.mm for column in document.tables[0].columns]
    assert round(widths[1] / (widths[1] + widths[2]), 2) == 0.55


def test_english_headings_of_a_bulletin_stay_whole() -> None:
    """The annex of units has six columns, none of which may break a word of its heading."""
    document = docx.Document(io.BytesIO(briefing(progress(PLUS, "2026-06-30"), "en")))
    table = next(t for t in document.tables if t.rows[0].cells[1].text == "Milestones")
    for cell, column in zip(table.rows[0].cells, table.columns, strict=True):
        longest = max(map(len, cell.text.split()))
        assert column.width.mm >= longest * 3 + 2.4
