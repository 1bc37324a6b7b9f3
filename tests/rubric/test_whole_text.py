"""Every sentence of the five texts is quoted by its rubric files, or left out for a reason."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from evalkit.base import terms
from evalkit.rubric import Rubric
from evalkit.rubric.indicators import Dimension, Indicator
from tests.support.source_texts import (
    ANHUI,
    CENTRE,
    INDUSTRY,
    PARTS,
    PLUS,
    SOURCES,
    ZHONGSHAN,
    Coverage,
    N,
    at,
    loaded,
)

KINDS = {"quantitative": "定量", "qualitative": "定性", "mixed": "定性+定量"}

FRONT = ("征求意见公告", "征求意见通知", "印发通知", "开头")
"""Where a text says who issued it, when and under which number."""

LABEL = "the label of an annex; what it is called stands in the file"
COLUMNS = "the heads of the columns; the keys of the file stand for them"
DATE = "blanks for a date"
WITHOUT = {
    "起草说明": "how the draft came about; it repeats the articles and binds nobody",
    "网页": "the head of the web page on which the text was found",
}
"""Parts that are left out whole, and why."""

LEFT_OUT: dict[str, dict[str, str]] = {
    CENTRE: {
        "附件": LABEL,
        "一级指标二级指标权重指标说明与评分标准": COLUMNS,
        "年月日": DATE,
        "制": "behind the name of who made the form",
    },
    PLUS: {
        "责任单位": "before the names of the units",
        "和": "between two targets",
    },
    ANHUI: {
        "附件": LABEL,
        "序号一级指标二级指标三级指标说明分值": COLUMNS,
        "注": "before the notes",
    },
    INDUSTRY: {"附件": LABEL, "征求意见稿": "source.status says it"},
    ZHONGSHAN: {
        "文号": "before the numbers",
        "信息来源本网发布日期浏览次数分享【文字解读】": "the head of the web page",
        "政策解读": "a link to an explanation",
    },
}
"""What of a text no file quotes, and why."""


def articles(rubric: Rubric) -> Iterator[tuple[str, str]]:
    """What a file quotes from an article: the words, and the article."""
    for provision in rubric.provisions:
        yield provision.text, provision.article
        units = getattr(provision, "units", ())
        for words in (*headings(provision.article), getattr(provision, "name", None), *units):
            if words:
                yield words, provision.article
                yield words, provision.article.partition("（")[0]
    for entry in (entry for form in rubric.forms for entry in form.entries):
        yield from ((words, entry.article.partition("（")[0]) for words in headings(entry.article))


def headings(article: str) -> list[str]:
    """The words of headings in an article, without numbers: 一、总体要求（三）发展目标 has two."""
    named = {name for parts in PARTS.values() for _begins, name in parts if name}
    rest = article.removeprefix(
        max((n for n in named if article.startswith(n)), key=len, default="")
    )
    return [words for words in re.split(rf"第{N}+条|{N}+、|（{N}+）|\d+", rest) if words]


def table(rubric: Rubric) -> Iterator[str]:
    """The table of indicators from its title to its last row, as it stands in the text."""
    yield rubric.title
    for dimension in rubric.dimensions:
        yield from group(dimension)
    for b in rubric.bonus:
        yield f"加分项（最高{b.points}分）{b.name}{b.points}{b.guidance}"
    yield from (note.text for note in rubric.notes)


def group(dimension: Dimension) -> Iterator[str]:
    """A dimension and what is in it."""
    yield f"{dimension.number or ''}{dimension.name}"
    if dimension.points is not None:
        yield f"{dimension.points}分"
    for inner in dimension.dimensions:
        yield from group(inner)
    yield from map(row, dimension.indicators)


def row(i: Indicator) -> str:
    """An indicator with its points: with guidance as Henan prints it, else as Anhui does."""
    if i.guidance:
        return f"{i.number}{i.name}{i.points}{i.guidance}"
    return f"{i.name}{f'({i.unit})' if i.unit else ''}|{KINDS[i.kind]}|{i.points}"


def head(rubric: Rubric) -> Iterator[str]:
    """What the file says of its source."""
    source = rubric.source
    yield from (rubric.title, source.title, *source.numbers, *source.issuer.split("、"))
    if source.issued:
        yield str(terms.day(source.issued))


@pytest.mark.parametrize("source", PARTS)
def test_every_sentence_is_quoted_or_left_out_for_a_reason(source: str) -> None:
    """From the first character of the text to the last; each passage at the article it names.

    All files of a text count together.
    """
    coverage, lost = Coverage(source), []
    for rubric in (loaded(name) for name, file in SOURCES.items() if file == source):
        lost += [p.id for p in rubric.provisions if not coverage.quote(p.text, p.article)]
        for words, article in articles(rubric):
            coverage.quote(words, article)
        for words in head(rubric):
            for part in FRONT:
                coverage.quote(words, part)
        if rubric.dimensions:
            lost += coverage.follow(table(rubric), rubric.source.table)
        for form in rubric.forms:
            entries = ((e.name, e.signed, e.text) for e in form.entries)
            told = (form.text, form.issuer, *(one.text for one in form.instructions))
            for words in filter(None, told):
                coverage.quote(words, form.article)
            lost += coverage.follow([w for e in entries for w in e if w], form.article)
        lost += coverage.headings(rubric.outline)
    assert lost == [], "not in the text, or not where the file says"
    left = [w for section, w in coverage.left() if not section.startswith(tuple(WITHOUT))]
    assert set(left) == LEFT_OUT[source].keys(), left


@pytest.mark.parametrize("name", SOURCES)
def test_what_a_reading_is_about_stands_where_it_says(name: str) -> None:
    """A decision of the file is shown by the words that were read."""
    coverage = Coverage(SOURCES[name])
    assert [r.id for r in loaded(name).readings if not coverage.quote(r.text, r.article)] == []


@pytest.mark.parametrize(
    ("article", "key"),
    [
        ("三、（二）1", "三、（二）"),
        ("一、总体要求", "一、"),
        ("第九条（一）", "第九条（一）"),
        ("附件4-2三、核心能力建设情况（一）", "附件4-2三、（一）"),
        ("附件4-2填报说明", "附件4-2"),
        ("征求意见通知", "征求意见通知"),
        ("开头", ""),
    ],
)
def test_an_article_leads_to_its_section(article: str, key: str) -> None:
    """The tests above look where an article leads."""
    assert at(article) == key
