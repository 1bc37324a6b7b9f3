"""The words of the published texts, letter by letter."""

from __future__ import annotations

import hashlib
import json
import re

import pytest

from evalkit.rubric import Indicator, Rubric
from tests.support.builders import ROOT
from tests.support.source_texts import ANHUI, SOURCES, ZHONGSHAN, loaded, source_of, squeeze

LAST_WORDS = {ANHUI: "有效期至2027年12月31日。", ZHONGSHAN: "有效期至2027年12月31日。"}
"""Texts in articles, and how the last article ends."""

SENTENCES = {ANHUI: 45, ZHONGSHAN: 49}
"""How many sentences they have, so that a split that went wrong is seen."""

WITHOUT_ELEMENT = {
    ANHUI: {
        "通用条件": "第五条: a heading; its conditions are gates",
        "分类条件人工智能深度应用示范区": "第六条（一）: headings; one file for each class",
        "人工智能产品创新示范区": "第六条（二）: a heading",
        "人工智能技术赋能示范区": "第六条（三）: a heading",
    },
    ZHONGSHAN: {
        "赋能平台入库申报单位应具备以下基本条件": "第九条: the lead of the gates, in scope",
        "赋能平台有下述情形的市人工智能产业办公室将给予撤销资格处理": (
            "第十三条: the lead of the grounds, in scope; its office is the actor of each"
        ),
    },
}
"""What of a sentence no element quotes, and why."""

OPERATIVE = {ANHUI: range(5, 14), ZHONGSHAN: range(7, 14)}
"""Articles of conditions, procedures, duties and standing: a passage in ``scope`` does not do."""

KINDS = {"quantitative": "定量", "qualitative": "定性", "mixed": "定性+定量"}
NUMERALS = "零一二三四五六七八九十"
DIGESTS = ROOT / "tests" / "data" / "wording.json"


def rows(rubric: Rubric) -> list[str]:
    """The indicator table row by row, as it stands in the source."""
    if any(i.guidance for i in rubric.indicators):
        return _guided_rows(rubric)
    return [squeeze(_printed(i)) for i in rubric.indicators]


def _printed(i: Indicator) -> str:
    unit = f"({i.unit})" if i.unit else ""
    return f"{i.name}{unit}|{KINDS[i.kind]}|{i.points}"


def _guided_rows(rubric: Rubric) -> list[str]:
    found = []
    for d in rubric.dimensions:
        found.append(f"{d.number}{d.name}（{d.points}分）")
        found += [f"{i.number}{i.name}{i.points}{i.guidance}" for i in d.indicators]
    for b in rubric.bonus:
        found.append(f"加分项（最高{b.points}分）{b.name}{b.points}{b.guidance}")
    return [squeeze(passage) for passage in found]


def quotations(rubric: Rubric) -> list[str]:
    """Whatever else the source contains somewhere: titles, bases, notes, provisions, forms."""
    found = [rubric.title, rubric.source.title, *rubric.source.basis, *rubric.source.numbers]
    found += [note.text for note in rubric.notes]
    found += [provision.text for provision in rubric.provisions]
    found += [title for p in rubric.procedures for title in p.titles]
    found += [unit for task in rubric.tasks for unit in task.units]
    found += [node.name for task in rubric.tasks for node in task.nodes]
    found += [*rubric.outline, *(reading.text for reading in rubric.readings)]
    entries = [entry for form in rubric.forms for entry in form.entries]
    found += [w for e in entries for w in (e.name, e.signed, e.text) if w]
    contacts = [(c.office, c.address, c.phone, c.email) for c in rubric.contacts]
    found += [words for contact in contacts for words in contact if words]
    found += [form.issuer for form in rubric.forms if form.issuer]
    return [squeeze(q) for q in found]


def test_every_rubric_is_compared() -> None:
    """A file that is added is compared with its source, too."""
    assert {path.stem for path in (ROOT / "rubrics").glob("*.yaml")} == set(SOURCES)


@pytest.mark.parametrize("name", SOURCES)
def test_the_table_equals_the_source(name: str) -> None:
    """Names, kinds, points and guidance stand in the source in this order."""
    source, at = source_of(name), 0
    table = rows(loaded(name))
    if table:
        at = source.rindex(squeeze(loaded(name).title), 0, source.index(table[0]) + 1)
    for passage in table:
        found = source.find(passage, at)
        assert found >= 0, f"not in the source, or not in this order: {passage}"
        at = found + len(passage)


def test_nothing_of_henans_table_is_left_out() -> None:
    """Between its first and its last passage the table has no other text."""
    source, table = source_of("henan-centre-2025"), rows(loaded("henan-centre-2025"))
    assert "".join(table) in source


@pytest.mark.parametrize("name", [n for n in SOURCES if n.startswith("anhui")])
def test_nothing_of_anhuis_tables_is_left_out(name: str) -> None:
    """Every row that the source marks 定量 or 定性 up to the next note is there."""
    source, table = source_of(name), rows(loaded(name))
    start = source.index(squeeze(loaded(name).title) + "|序号")
    end = source.index("注:", start)
    marked = re.findall(r"\|(?:定性\+定量|定量|定性)\|(\d+)\|", source[start:end])
    points = [format(i.points, "f") for i in loaded(name).indicators]
    assert marked == points
    assert len(table) == len(marked)


@pytest.mark.parametrize("name", SOURCES)
def test_what_is_quoted_stands_in_the_source(name: str) -> None:
    """Titles, notes, provisions and responsible units are the source's own words."""
    source = source_of(name)
    assert [q for q in quotations(loaded(name)) if q not in source] == []


@pytest.mark.parametrize("source", WITHOUT_ELEMENT)
def test_every_sentence_has_an_element(source: str) -> None:
    """Each sentence of each article is quoted by elements of that article, to the last character.

    Numbering, punctuation and chapter headings aside; all rubric files of a text count together.
    """
    names = [name for name, file in SOURCES.items() if file == source]
    rubrics = [loaded(name) for name in names]
    scope = {p.id for rubric in rubrics for p in rubric.scope}
    operative = {_article(n) for n in OPERATIVE[source]}
    left: dict[str, str] = {}
    count = 0
    for article, body in articles(source_of(names[0]), LAST_WORDS[source]):
        at_home = re.compile(rf"{article}(?![{NUMERALS}十])")
        quotes = [
            squeeze(p.text)
            for rubric in rubrics
            for p in rubric.provisions
            if at_home.match(p.article) and not (article in operative and p.id in scope)
        ]
        covered = _covered(body, quotes)
        for sentence in re.finditer(r"[^。;]+[。;]?", body):
            count += 1
            rest = "".join(body[n] for n in range(*sentence.span()) if not covered[n])
            if rest := _bare(rest):
                left[rest] = sentence[0]
    assert left.keys() == WITHOUT_ELEMENT[source].keys(), left
    assert count == SENTENCES[source]


def articles(text: str, last_words: str) -> list[tuple[str, str]]:
    """Number and words of each article, without chapter headings and annexes."""
    text = re.sub(rf"第[{NUMERALS}]+章[^第]{{2,4}}(?=第[{NUMERALS}十]+条)", "", text)
    parts = re.split(rf"(第[{NUMERALS}十]+条)", text[text.index("第一条") :])[1:]
    found = list(zip(parts[::2], parts[1::2], strict=True))
    end = next(n for n, (_, body) in enumerate(found) if last_words in body)
    last = found[end][1]
    found[end] = (found[end][0], last[: last.index(last_words) + len(last_words)])
    return found[: end + 1]


def _covered(body: str, quotes: list[str]) -> list[bool]:
    covered = [False] * len(body)
    for quote in quotes:
        for match in re.finditer(re.escape(quote), body):
            covered[slice(*match.span())] = [True] * len(quote)
    return covered


def _bare(rest: str) -> str:
    """``rest`` without numbering and punctuation."""
    return re.sub(rf"\([{NUMERALS}十]+\)|\d\.|[,。;:、]", "", rest)


def test_the_texts_in_articles_are_read_whole() -> None:
    """Fifteen articles of Anhui, fourteen of Zhongshan."""
    for source, count in ((ANHUI, 15), (ZHONGSHAN, 14)):
        name = next(name for name, file in SOURCES.items() if file == source)
        found = articles(source_of(name), LAST_WORDS[source])
        assert [number for number, _ in found] == [_article(n) for n in range(1, count + 1)]


def _article(n: int) -> str:
    ten, one = divmod(n, 10)
    return f"第{'十' if ten else ''}{NUMERALS[one] if one else ''}条"


@pytest.mark.parametrize("name", SOURCES)
def test_what_a_silence_quotes_stands_in_the_source(name: str) -> None:
    """A rule that the text leaves open is shown by the words that leave it open."""
    source = source_of(name)
    quotes = [q for s in loaded(name).silences for q in re.findall("“([^“”]+)”", s.article)]
    assert [q for q in quotes if squeeze(q) not in source] == []


@pytest.mark.parametrize("name", SOURCES)
def test_the_wording_has_the_digests_that_were_compared(name: str) -> None:
    """Elsewhere the digests of the compared passages guard them.

    After a comparison with the source, ``python -m tests.rubric.test_wording`` writes them anew.
    """
    recorded = json.loads(DIGESTS.read_text("utf-8"))
    assert digest(loaded(name)) == recorded[name]


def digest(rubric: Rubric) -> str:
    """SHA-256 over all compared passages, one a line."""
    compared = "\n".join(rows(rubric) + quotations(rubric))
    return hashlib.sha256(compared.encode()).hexdigest()


if __name__ == "__main__":
    written = {name: digest(loaded(name)) for name in SOURCES}
    DIGESTS.write_text(json.dumps(written, indent=1) + "\n", "utf-8")
