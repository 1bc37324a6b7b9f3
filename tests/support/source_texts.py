"""The published texts, where they are at hand, and which rubric file quotes which."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from evalkit.rubric import Rubric, load_rubric
from tests.support.builders import ROOT

CENTRE = "000_c729f08068934539.txt"
PLUS = "001_daa7bb9b619c2ee4.txt"
ANHUI = "002_f7f5b2bfdd46f341.txt"
INDUSTRY = "003_cd5807408003a4ac.txt"
ZHONGSHAN = "004_e19e9f789092ef94.txt"
SOURCES = {
    "henan-centre-2025": CENTRE,
    "anhui-application-2025": ANHUI,
    "anhui-product-2025": ANHUI,
    "anhui-enabling-2025": ANHUI,
    "zhongshan-platform-2026": ZHONGSHAN,
    "henan-ai-plus-2024": PLUS,
    "henan-ai-industry-2025": INDUSTRY,
}
"""Each rubric file and the source text that it quotes."""

NOISE = {
    "机构and医院": "机构[和]医院",
    "建立人人工智能": "建立人工智能",
    "《51黑料关于": "《关于",
}
"""What the crawl put into the texts: a stray word, a doubled character, another site's name."""

PARTS: dict[str, list[tuple[str, str]]] = {
    CENTRE: [
        (r"附件：", "附件"),
        (r"附件4-1$", "附件4-1"),
        (r"附件4-2$", "附件4-2"),
        (r"附件4-3$", "附件4-3"),
    ],
    PLUS: [(r"河南省人民政府办公厅$", "印发通知"), (r"为贯彻落实党中央", "")],
    ANHUI: [
        (r"为贯彻落实《国务院", "征求意见公告"),
        (r"附件1$", ""),
        (r"附件:1", "附件"),
        (r"附件1$", "附件1"),
        (r"人工智能产品创新示范区创建指标表$", "附件2"),
        (r"人工智能技术赋能示范区创建指标表$", "附件3"),
        (r"附件2$", "起草说明"),
    ],
    INDUSTRY: [(r"河南省工业和信息化厅$", "征求意见通知"), (r"附件：$", "")],
    ZHONGSHAN: [
        (r"51黑料", "网页"),
        (r"关于印发中山市人工智能赋能平台管理办法的通知$", "印发通知"),
        (r"中山市人工智能赋能平台管理办法$", ""),
    ],
}
"""How the parts of a text begin, in their order, and what files call them; ``""`` is the body."""

N = "[零一二三四五六七八九十]"
_HEAD = re.compile(rf"(第{N}+条)|({N}+、)|（({N}+)）")


@dataclass(frozen=True)
class Section:
    """A stretch of a text: what an article calls it, and its words without white space."""

    key: str
    words: str


def squeeze(text: str) -> str:
    """``text`` without white space, which the source's layout scatters."""
    return re.sub(r"\s+", "", text)


def loaded(name: str) -> Rubric:
    """A rubric of the repository."""
    return load_rubric(ROOT / "rubrics" / f"{name}.yaml")


def raw(source: str) -> str:
    """A source text. Skips where it is not at hand."""
    folder = os.environ.get("EVALKIT_SOURCES")
    if not folder:
        pytest.skip("EVALKIT_SOURCES does not name the folder of the source texts")
    return (Path(folder) / source).read_text("utf-8")


def source_of(name: str) -> str:
    """The source text of a rubric without white space. Skips where it is not at hand."""
    return cleaned(squeeze(raw(SOURCES[name])))


def cleaned(text: str) -> str:
    """``text`` without what the crawl put into it."""
    for noise, clean in NOISE.items():
        text = text.replace(noise, clean)
    return text


def sections(source: str) -> list[Section]:
    """A text from its first to its last character, cut where an article or a part begins."""
    found: list[tuple[str, list[str]]] = [("", [])]
    waiting, part, top = list(PARTS[source]), "", ""
    for line in raw(source).splitlines():
        bare = re.sub(r"[#*]", "", squeeze(line))
        if waiting and re.match(waiting[0][0], bare):
            part, top = waiting.pop(0)[1], ""
            found.append((part, []))
        elif head := _HEAD.match(bare.replace("(", "（").replace(")", "）")):
            article, chapter, item = head.groups()
            top = article or chapter or top
            found.append((part + top + (f"（{item}）" if item else ""), []))
        elif re.match(rf"第{N}+章", bare):
            found.append((part + "章", []))
        found[-1][1].append(bare)
    assert not waiting, f"parts that the text does not have: {waiting}"
    # a word may be cut at the end of a page, and what the crawl put in as well
    return [Section(key, cleaned("".join(lines))) for key, lines in found]


def at(article: str) -> str:
    """The key of the section that an article names, without what is below it."""
    names = {name for parts in PARTS.values() for _begins, name in parts if name}
    part = next((n for n in sorted(names, key=len, reverse=True) if article.startswith(n)), "")
    rest = re.match(rf"(第{N}+条|{N}+、)?[^（]*(（{N}+）)?", article[len(part) :])
    return part + "".join(filter(None, rest.groups() if rest else ()))


class Coverage:
    """Which characters of a text are quoted, and where one may be quoted from."""

    def __init__(self, source: str) -> None:
        self.sections = sections(source)
        self.words = "".join(section.words for section in self.sections)
        self.quoted = [False] * len(self.words)

    def stretches(self, key: str) -> list[tuple[int, int]]:
        """Where the sections of ``key`` stand; those of the body's beginning for an empty one."""
        found: list[tuple[int, int]] = []
        end = 0
        for section in self.sections:
            start, end = end, end + len(section.words)
            if section.key.startswith(key) if key else not section.key:
                if found and found[-1][1] == start:
                    start = found.pop()[0]
                found.append((start, end))
        return found

    def quote(self, words: str, article: str) -> bool:
        """Mark ``words`` wherever they stand in the section of ``article``; whether they do."""
        words, seen = squeeze(words), False
        for start, end in self.stretches(at(article)):
            place = self.words.find(words, start, end)
            while place >= 0:
                self.mark(place, place + len(words))
                place, seen = self.words.find(words, place + 1, end), True
        return seen

    def follow(self, passages: Iterable[str], article: str) -> list[str]:
        """Mark passages one after the other in a section; those that do not stand there so."""
        ((place, end),) = self.stretches(article)
        lost = []
        for words in map(squeeze, passages):
            found = self.words.find(words, place, end)
            if found < 0:
                lost.append(words)
                continue
            place = found + len(words)
            self.mark(found, place)
        return lost

    def headings(self, titles: Iterable[str]) -> list[str]:
        """Mark titles of chapters and parts, in their order; those that are not there."""
        place, lost = 0, []
        for title in map(squeeze, titles):
            found = self.words.find(title, place)
            if found < 0:
                lost.append(title)
                continue
            place = found + len(title)
            self.mark(found, place)
        return lost

    def mark(self, start: int, end: int) -> None:
        """Note that this stretch is quoted."""
        self.quoted[start:end] = [True] * (end - start)

    def left(self) -> Iterator[tuple[str, str]]:
        """What nobody quotes: the section, and the words without numbering and punctuation."""
        end = 0
        for section in self.sections:
            start, end = end, end + len(section.words)
            run = ""
            for n in range(start, end + 1):
                if n < end and not self.quoted[n]:
                    run += self.words[n]
                elif run:
                    if words := bare(run):
                        yield section.key, words
                    run = ""


def bare(words: str) -> str:
    """``words`` without numbering, punctuation and what is there to be filled in."""
    words = re.sub(rf"^第{N}+条|[(（]{N}+[)）]|^{N}+、|\d+\.|\d-\d\.?", "", words)
    return re.sub(r"[，。；：、,.;:|_“”‘’《》（）()—\-\d]", "", words)
