"""Score sheets that come back from computers without a network: all of it is taken, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from evalkit.base import kinds
from evalkit.base.errors import EvalkitError, InputError, Problem, Refused, unreadable
from evalkit.base.headings import SCORES
from evalkit.base.packages import MAX_FILE
from evalkit.base.text import Text, _
from evalkit.base.tidy_words import COLUMNS as TIDY
from evalkit.base.wanted import asked
from evalkit.record.offline import (
    COLUMNS,
    DIGITS,
    HEAD,
    POINTS,
    REASON,
    STAMP,
    OfflineSheet,
    Stamp,
    sheets,
)
from evalkit.record.recorded import Recorded


@asked
def import_sheet(
    workspace: Recorded, path: Path | str, *, typed_by: str, evidence: str, reason: str = ""
) -> int:
    """Enter the filled workbook at ``path``, as `offline_sheets` made it, in the name of its
    expert; how many entries were stored. The rest as in `Recorded.import_scores`.

    Raises InputError with a line for each cell that does not fit, by worksheet and cell: locked
    cells that were changed, scores that the rules do not admit, and a stamp of another round,
    rubric or version of the rules.
    """
    import pandas as pd

    if not (typed_by.strip() and evidence.strip()):
        raise Refused(_("离线评分表须写明由谁录入、签字的原件存在哪里"))
    source = str(path)
    found = _Found(workspace, source)
    for title, rows in _worksheets(Path(path), source):
        found.take(title, rows)
    found.finish()
    frame = pd.DataFrame(found.rows, columns=list(TIDY), dtype=str)
    frame.index = pd.Index(range(1, len(frame) + 1), name="line")
    options = {"typed_by": typed_by, "evidence": evidence, "reason": reason}
    try:
        return workspace.import_scores(frame, source, **options)
    except EvalkitError as error:
        raise type(error)(*(_placed(p, found.places) for p in error.problems)) from error


def _placed(problem: Problem, places: list[str]) -> Problem:
    """``problem`` of a row, with the cell in which it stands."""
    if problem.line is None:
        return problem
    return replace(problem, line=None, field=places[problem.line - 1])


def _worksheets(path: Path, source: str) -> Iterator[tuple[str, dict[int, tuple[Any, ...]]]]:
    from evalkit.base.tables_excel import rows, titles

    try:
        data = path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error
    if data and (other := kinds.other_than("xlsx", data)) is not None:
        raise InputError(Problem(other, source))
    if len(data) > MAX_FILE:
        raise InputError(Problem(_("文件超过 {n} 字节，不能读取", n=MAX_FILE), source))
    for title in titles(data, source):
        try:
            yield title, dict(rows(data, source, title))
        except InputError as error:
            raise InputError(
                *(replace(p, field=p.field or title) for p in error.problems)
            ) from error


@dataclass
class _Found:
    """What was read of a workbook, worksheet after worksheet, and what is wrong with it."""

    round: Recorded
    source: str
    rows: list[list[str]] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    """The cell of the points of each row."""
    stamps: list[Stamp] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def take(self, title: str, rows: dict[int, tuple[Any, ...]]) -> None:
        """Read one worksheet."""
        stamp = Stamp.read(self._text(title, rows, STAMP - 1, 0))
        if stamp is None:
            self._wrong(
                f"{title}!A{STAMP}", _("没有评分表的版本标记，不是 evalkit 写出的离线评分表")
            )
            return
        if (text := self._another(stamp)) is not None:
            self._wrong(f"{title}!A{STAMP}", text)
            return
        self.stamps.append(stamp)
        given = self._given(stamp)
        if given is None:
            said = _("{expert} 现在不评 {applicant}（回避、没有分配，或不在名单中）")
            text = said.filled(expert=stamp.expert, applicant=stamp.applicant)
            self._wrong(f"{title}!A{STAMP}", text)
            return
        self._compare(title, rows, given)
        for r, line in enumerate(given.lines, start=HEAD):
            points, reason = (
                self._text(title, rows, r, c, to_fill_in=True) for c in (POINTS, REASON)
            )
            if reason.strip() and not points.strip():
                self._wrong(_cell(title, r, REASON), _("写了理由，得分却空着，请补填得分"))
            self.rows.append([stamp.applicant, stamp.expert, line.name, points.strip(), reason])
            self.places.append(_cell(title, r, POINTS))

    def finish(self) -> None:
        """Raise InputError for all that is wrong, and for what is missing from the workbook."""
        applicants = [stamp.applicant for stamp in self.stamps]
        for id in dict.fromkeys(id for id in applicants if applicants.count(id) > 1):
            self._wrong("", _("{applicant} 有不止一张工作表，请只留一张", applicant=id))
        if len({stamp.expert for stamp in self.stamps}) > 1:
            self._wrong("", _("里面有不止一位专家的工作表，请分开录入"))
        elif self.stamps and not self.problems and len(applicants) < int(self.stamps[0].of):
            values = {"n": self.stamps[0].of, "m": len(applicants)}
            self._wrong("", _("发出时有 {n} 张工作表，现在只有 {m} 张，请用完整的文件", **values))
        if not self.problems and not any(row[3] for row in self.rows):
            self._wrong("", _("一项也没有填"))
        if self.problems:
            raise InputError(*self.problems)

    def _another(self, stamp: Stamp) -> Text | None:
        """Why the sheet was made for something else; None where it was made for this round."""
        rubric, panel, log = self.round.rubric, self.round.panel, self.round.log.id
        if stamp.panel != panel.id:
            return _(
                "这是评审组 {other} 的评分表，不是 {panel} 的", other=stamp.panel, panel=panel.id
            )
        if stamp.log != log:
            return _("这是同一评审组另一轮的评分表（日志 {other}），不是本轮的", other=stamp.log)
        if stamp.rubric != rubric.digest[:DIGITS]:
            return _("发出以后指标体系改过，请重新写出评分表再填")
        if stamp.rules != panel.digest[:DIGITS]:
            return _("发出以后评审组文件（规则、名单）改过，请重新写出评分表再填")
        if stamp.language not in ("zh", "en") or not stamp.of.isdecimal():
            return _("版本标记被改过，请用发出的文件")
        return None

    def _given(self, stamp: Stamp) -> OfflineSheet | None:
        """The worksheet as it was given out."""
        expert = next((e for e in self.round.panel.experts if e.id == stamp.expert), None)
        if expert is None:
            return None
        own = (self.round.rubric, self.round.panel, self.round.log.id, expert, stamp.language)
        return next((one for one in sheets(*own) if one.stamp.applicant == stamp.applicant), None)

    def _compare(self, title: str, rows: dict[int, tuple[Any, ...]], given: OfflineSheet) -> None:
        """Every cell that is not to be filled in is as it was given out, and nothing is beside."""
        printed = {(r, c): text for r, c, text in given.printed()}
        free = {(HEAD + n, c) for n in range(len(given.lines)) for c in (POINTS, REASON)}
        there = {(line - 1, c) for line, cells in rows.items() for c in range(len(cells))}
        for r, c in sorted(there | printed.keys()):
            if (r, c) in free:
                continue
            text, right = self._text(title, rows, r, c), printed.get((r, c), "")
            if _plain(text) == _plain(right):
                continue
            said = _("这一格被改过，发出时是“{right}”", right=right[:40])
            if not right:
                said = _("这里的“{text}”不会录入，请写在“得分”或“理由”里", text=text[:40])
            self._wrong(_cell(title, r, c), said)

    def _text(
        self,
        title: str,
        rows: dict[int, tuple[Any, ...]],
        r: int,
        c: int,
        *,
        to_fill_in: bool = False,
    ) -> str:
        """What stands in a cell; a problem, and nothing, for what is no plain value."""
        from evalkit.base.tables_excel import words

        cells = rows.get(r + 1, ())
        cell = cells[c] if c < len(cells) else None
        if cell is None or (cell.value is None and not to_fill_in):
            return ""  # what a merged heading covers, say
        try:
            return words(self.source, SCORES)(cell)
        except InputError as error:
            self._wrong(_cell(title, r, c), error.problems[0].text)
            return ""

    def _wrong(self, place: str, text: Text) -> None:
        problem = Problem(text, self.source, field=place)
        if problem not in self.problems:
            self.problems.append(problem)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("_x000D_\n", "\n").strip()


def _cell(title: str, r: int, c: int) -> str:
    from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]

    return f"{title}!{COLUMNS[c] if c < len(COLUMNS) else get_column_letter(c + 1)}{r + 1}"
