"""A draft of a rubric file from an indicator table; what that leaves open is never filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from evalkit.base import yamltext
from evalkit.base.build import build
from evalkit.base.errors import InputError
from evalkit.base.text import Text, _, is_id
from evalkit.drafting import status
from evalkit.drafting.grid import Grid
from evalkit.drafting.lines import Line, Said, lines_of, undecided
from evalkit.drafting.nodes import Nodes, total
from evalkit.drafting.outline import Outline
from evalkit.drafting.reading import outline
from evalkit.drafting.words import compact
from evalkit.rubric import FORMAT, Rubric


@dataclass(frozen=True)
class Draft:
    """The text of a rubric file, and what a person still has to decide in it."""

    lines: tuple[Line, ...]
    indicators: int
    language: str = "zh"
    """In which the comments are written."""

    @property
    def text(self) -> str:
        """The YAML file."""
        return _text(self.lines, self.language)

    @property
    def pending(self) -> list[tuple[int, str, Text]]:
        """Line number, key (empty for a comment) and what has to be decided there."""
        return [(n, line.key, line.remark) for n, line in enumerate(self.lines, 1) if line.remark]


def draft_of(grid: Grid, id: str, origin: Text, *, named: bool) -> Draft | None:
    """The draft of the rubric file ``<id>.yaml`` from ``grid``; None if that lists no indicators.

    ``origin`` says in the first line where the table comes from; ``named`` whether a person has
    chosen the id.
    """
    found = outline(grid)
    if found is None:
        return None
    lines = [Line("", note=origin), *lines_of(_rubric(found, id, named=named))]
    return Draft(tuple(_judged(lines)), len(found.indicators))


def _rubric(found: Outline, id: str, *, named: bool) -> dict[str, object]:
    nodes = Nodes()
    rename = _("取自文件名；请取一个稳定的标识，文件名与它一致")
    source = undecided(_("指标表里没有，请照原文填写"))
    above = found.title_in_doubt
    halved = _("上一行“{line}”若也是标题，请补上", line=above) if above else None
    untitled = undecided(_("表前没有认出标题，请照原文填写"))
    return {
        "format": Said(FORMAT),
        "id": Said(id, None if named else rename) if is_id(id) else undecided(rename),
        "version": undecided(_("请写版本，如年份；内容改动即换版本")),
        "title": Said(found.title, halved) if found.title else untitled,
        "source": {
            **dict.fromkeys(("title", "issuer", "table"), source),
            "status": status.said(found.status),
        },
        "points": total(found),
        **{f"remark{n}": Said(None, text) for n, text in enumerate(_remarks(found))},
        "dimensions": [nodes.dimension(g) for g in found.groups if g.counts],
        "bonus": [node for g in found.groups if g.adds for node in nodes.beside(g)],
        "deductions": [node for g in found.groups if g.takes for node in nodes.beside(g)],
        "notes": [{"text": Said(note, _ABOUT)} for note in found.notes],
    }


_ABOUT = _("没有写明针对哪些指标；只针对一部分的，请补 indicators")


def _remarks(found: Outline) -> Iterator[Text]:
    yield from found.remarks
    printed = [item.number or "" for item in found.indicators]
    serial = [int(number) for number in printed if re.fullmatch(r"\d{1,4}", number)]
    if serial and serial[0] != 1:
        yield _("序号从 {n} 开始，请核对原文是否缺行", n=serial[0])
    jumps = [f"{a}→{b}" for a, b in pairwise(serial) if b != a + 1]
    if jumps:
        yield _("序号不连续（{jumps}），请核对原文是否缺行", jumps=jumps)
    columns = found.columns
    left_out = [columns.headings[p] for p in columns.left_out if columns.headings[p]]
    if left_out:
        yield _("这几列没有录入：{columns}", columns=left_out)
    if len(columns.guidance) > 1:
        joined = [columns.headings[p] for p in columns.guidance]
        yield _("这几列依次并入 guidance：{columns}", columns=joined)
    percent = [columns.headings[p] for p in columns.points.values() if "%" in columns.headings[p]]
    if percent:
        yield _("“{column}”按分值录入，请核对总分", column=percent)
    for group in found.groups:
        said = {"name": compact(group.printed), "rows": [row.words for row in group.all_items]}
        if group.mixes:
            yield _("没有录入“{name}”：加分的请写进 bonus，扣分的写进 deductions：{rows}", **said)
        elif group.vetoes:
            yield _("没有录入“{name}”：一票否决不计分，作为准入条件写进 gates：{rows}", **said)
        elif group.own is not None and group.own not in group.items and group.own.guidance:
            yield _("“{name}”一行另有说明，没有录入：{words}", **said, words=group.own.guidance)


def _judged(lines: list[Line]) -> list[Line]:
    """``lines`` with what the loader has against them, where nothing is marked yet."""
    try:
        build(Rubric, yamltext.parse(_text(lines), ""))
    except InputError as error:
        for problem in error.problems:
            at = (problem.line or 1) - 1
            if lines[at].remark is None:
                lines[at] = replace(lines[at], remark=problem.text)
    return lines


def _text(lines: list[Line] | tuple[Line, ...], language: str = "zh") -> str:
    return "".join(line.render(language) + "\n" for line in lines)
