"""The score sheet of an expert for a computer without a network: what stands in which cell of it.

A worksheet for each applicant. What is printed there follows from rubric and panel alone, so that
`offline_reading` can tell any cell that is not as it was given out; the stamp names the log, the
rubric and the rules that the sheet was made for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from evalkit.base.text import Text, _, render
from evalkit.base.tidy_words import POINTS_WORDS, RECUSED_WORD, UNSCORED_WORD
from evalkit.panel import Applicant, Panel, Person
from evalkit.record.fields import Range, fields, title
from evalkit.record.history import History
from evalkit.rubric import Rubric

FORMAT = "evalkit-sheet/1"
DIGITS = 16
"""So much of each digest stands in the stamp."""

COLUMNS = "ABCDEFG"
POINTS, REASON, NAME = 4, 5, 6
"""Where in a row the points, their reason and the id of the field stand."""
STAMP, HEAD = 5, 6
"""Rows of the stamp and of the headings, from 1; the fields follow."""

HEADINGS = (_("序号"), _("指标"), _("评分标准"), _("要求"), _("得分"), _("理由"), _("标识"))


@dataclass(frozen=True)
class Stamp:
    """What a worksheet was made for; digests in their first `DIGITS` digits. ``of`` is how many
    worksheets the expert got.
    """

    language: str
    panel: str
    log: str
    rubric: str
    rules: str
    expert: str
    applicant: str
    of: str

    def __str__(self) -> str:
        return " ".join((FORMAT, *vars(self).values()))

    @classmethod
    def read(cls, text: str) -> Stamp | None:
        """The stamp in ``text``; None for any other text."""
        format, *parts = text.split(" ")
        return cls(*parts) if format == FORMAT and len(parts) == 8 else None


@dataclass(frozen=True)
class Line:
    """A field to fill in: its ``cells`` but those for points and reason, and what it takes."""

    name: str
    cells: tuple[str, str, str, str]
    allowed: Range
    points: str = ""
    reason: str = ""


@dataclass(frozen=True)
class OfflineSheet:
    """A worksheet: texts over the table, the fields, and the line to sign."""

    stamp: Stamp
    name: str
    """Of the applicant."""
    above: tuple[str, ...]
    """Rows 1 to `STAMP`; each takes the whole width."""
    headings: tuple[str, ...]
    lines: tuple[Line, ...]
    below: str

    def printed(self) -> Iterator[tuple[int, int, str]]:
        """Row and column, both from 0, of each cell that is not to be filled in, and its text."""
        for r, text in enumerate(self.above):
            yield r, 0, text
        for c, text in enumerate(self.headings):
            yield HEAD - 1, c, text
        for r, line in enumerate(self.lines, start=HEAD):
            for c, text in enumerate(line.cells):
                yield r, c, text
            yield r, NAME, line.name
        yield self.sign, 0, self.below

    @property
    def sign(self) -> int:
        """The row to sign in, from 0."""
        return HEAD + len(self.lines) + 1


def words(language: str) -> tuple[str, str]:
    """What stands for no score and for a recusal in the column of points."""
    if language == "en":
        return UNSCORED_WORD, RECUSED_WORD
    return POINTS_WORDS[UNSCORED_WORD][0], POINTS_WORDS[RECUSED_WORD][0]


def sheets(
    rubric: Rubric, panel: Panel, log: str, expert: Person, language: str
) -> list[OfflineSheet]:
    """The worksheets of ``expert`` as they are given out, empty. ``rubric`` is that in force."""
    own = [
        a
        for a in panel.applicants
        if expert.id in panel.seats(a.id) and panel.may_score(a.id, expert.id)
    ]
    return [_sheet(rubric, panel, log, expert, a, len(own), language) for a in own]


def filled(sheet: OfflineSheet, history: History) -> OfflineSheet:
    """``sheet`` with what its expert entered already."""
    lines = []
    for line in sheet.lines:
        cell = history.cell(sheet.stamp.expert, sheet.stamp.applicant, line.name)
        if cell is not None and cell.kind != "clear":
            unscored, recused = words(sheet.stamp.language)
            said = {"unscored": unscored, "recusal": recused}.get(cell.kind)
            points = said or cell.payload["points"]
            line = replace(line, points=points, reason=cell.payload["text"])  # noqa: PLW2901
        lines.append(line)
    return replace(sheet, lines=tuple(lines))


def _sheet(
    rubric: Rubric,
    panel: Panel,
    log: str,
    expert: Person,
    applicant: Applicant,
    of: int,
    language: str,
) -> OfflineSheet:
    made_for = rubric.digest[:DIGITS], panel.digest[:DIGITS]
    stamp = Stamp(language, panel.id, log, *made_for, expert.id, applicant.id, str(of))
    signed = _(
        "专家（{name}）签字：　　　　　　　　　　日期：　　　　年　　月　　日", name=expert.name
    )
    return OfflineSheet(
        stamp,
        applicant.name,
        _above(panel, expert, applicant, stamp, language),
        tuple(h.render(language) for h in HEADINGS),
        _lines(rubric, panel, applicant, language),
        signed.render(language).strip(),
    )


def _above(
    panel: Panel, expert: Person, applicant: Applicant, stamp: Stamp, language: str
) -> tuple[str, ...]:
    """What stands above the table: whose sheet of whom, and how it is filled in."""
    unscored, recused = words(language)
    texts: list[Text | str] = [
        panel.title,
        _(
            "参评对象：{name}（{id}），{lead}",
            name=applicant.name,
            id=applicant.id,
            lead=applicant.lead,
        ),
        _("专家：{name}（{id}）", name=expert.name, id=expert.id),
        _(
            "只填“得分”和“理由”两列。不评填“{unscored}”，回避填“{recused}”，都要写明理由；"
            "空着就是没有打分。其余的格子请不要改动。",
            unscored=unscored,
            recused=recused,
        ),
        str(stamp),
    ]
    return tuple(render(text, language).strip() for text in texts)


def _lines(rubric: Rubric, panel: Panel, applicant: Applicant, language: str) -> tuple[Line, ...]:
    """A line for each value that the expert enters."""
    known = {i.id: i for i in rubric.indicators}
    claims = {claim.id: claim.title for claim in applicant.claims}
    lines = []
    for name, allowed in fields(rubric, panel, applicant.id).items():
        indicator, (column, _dot, item) = known.get(name), name.partition(".")
        number = (indicator.number or "") if indicator else ""
        guidance = (indicator.guidance or "") if indicator else claims.get(item, "")
        shown = title(rubric, name) if indicator else title(rubric, column)
        texts: list[Text | str] = [number, shown, guidance, _range(panel, allowed)]
        cells = [render(text, language).strip() for text in texts]
        lines.append(Line(name, (cells[0], cells[1], cells[2], cells[3]), allowed))
    return tuple(lines)


def _range(panel: Panel, allowed: Range) -> Text:
    low, high, zero = allowed
    said = _("0，或 {low} 至 {high} 分") if zero else _("{low} 至 {high} 分，以 {step} 分为一档")
    return said.filled(low=low, high=high, step=panel.rules.step)
