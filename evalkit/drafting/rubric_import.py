"""From a document to drafts of rubric files: which reader, which tables, which file names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from evalkit.base import encodings, kinds, packages
from evalkit.base.errors import InputError, Problem, unreadable
from evalkit.base.files import place
from evalkit.base.text import Text, _, bad_character
from evalkit.base.wanted import asked
from evalkit.drafting import docx_tables, html_tables, pasted
from evalkit.drafting.columns import recognise
from evalkit.drafting.draft import Draft, draft_of
from evalkit.drafting.grid import Grid

MAX_TEXT = 1_000_000
"""Bytes of pasted text."""
MAX_LINES = 100_000
"""Lines of pasted text. Each costs hundreds of bytes of memory, however short it is."""
MAX_ROWS = 2_000
"""Rows of an indicator table."""

_FOREIGN = {
    kinds.OLE: _("是旧版 .doc 或加了密码的文件，请去掉密码后另存为 .docx"),
    b"%PDF": _("是 PDF，不能直接读取；请用 Word 打开后另存为 .docx，或把指标表复制成文本文件"),
    b"{\\rtf": _("是 RTF，请用 Word 打开后另存为 .docx"),
}
_WORD = {".docx", ".doc", ".docm", ".wps"}
"""Names of Word files; people also call a text or a web page so."""
_NO_TABLE = _("没有找到指标表：表头须有“一级指标”“指标”之类的列名，并有分值")
_NO_TEXT_TABLE = _("{why}；文本里的表须用竖线（|）或制表符分列，或是网页的表", why=_NO_TABLE)


@dataclass(frozen=True)
class File:
    """A draft and where it goes."""

    path: Path
    draft: Draft

    def undecided(self) -> Iterator[Text]:
        """What a person has to decide: a sentence for each reason, with all its lines."""
        lines: dict[tuple[str, str], list[int]] = {}
        for line, key, remark in self.draft.pending:
            lines.setdefault((key, str(remark)), []).append(line)
        for _line, key, remark in self.draft.pending:
            numbers = lines.pop((key, str(remark)), None)
            if numbers and key:
                yield _("  第 {lines} 行 {key}：{what}", lines=numbers, key=key, what=remark)
            elif numbers:
                yield _("  第 {lines} 行：{what}", lines=numbers, what=remark)


def drafts(
    source: Path,
    out: Path,
    table: int | None = None,
    encoding: str = "utf-8",
    language: str = "zh",
) -> list[File]:
    """A draft for each indicator table of ``source``, or for the one numbered ``table`` from 1.

    ``out`` is a folder, or the YAML file for a single draft; comments are in ``language``.
    Nothing is written yet. Raises InputError for a file that cannot be read or has no such table,
    and for drafts that exist.
    """
    grids = _tables(source, encoding)
    if any(len(grid.rows) > MAX_ROWS for grid in grids):
        raise InputError(Problem(_("指标表超过 {n} 行，不能读取", n=MAX_ROWS), str(source)))
    if table is not None and not 1 <= table <= len(grids):
        text = _("有 {n} 张指标表，没有第 {table} 张", n=len(grids), table=table)
        raise InputError(Problem(text, str(source)))
    wanted = [n for n in range(1, len(grids) + 1) if table in (None, n)]
    single = out.suffix in (".yaml", ".yml")
    if single and len(wanted) > 1:
        text = _("有 {n} 张指标表；请给出文件夹，或用 --table 选一张", n=len(grids))
        raise InputError(Problem(text, str(source)))
    files = []
    for n in wanted:
        stem = f"{source.stem}-{n}" if len(grids) > 1 else source.stem
        path = out if single else out / f"{stem}.yaml"
        if path.exists():
            raise InputError(Problem(_("已经存在，没有改动；请换一个 --out 或先移走"), str(path)))
        draft = draft_of(grids[n - 1], path.stem, _origin(source, n), named=single)
        if draft is not None:
            files.append(File(path, replace(draft, language=language)))
    return files


@asked
def import_rubric(
    file: Path,
    out: Path,
    table: int | None = None,
    encoding: str = "utf-8",
    language: str = "zh",
) -> list[File]:
    """Write a draft for each indicator table in ``file`` into the folder ``out``: see `drafts`."""
    files = drafts(file, out, table, encoding, language)
    write(files)
    return files


def write(files: list[File]) -> None:
    """Put ``files`` in place, each whole or not at all."""
    place({file.path: file.draft.text.encode() for file in files})


def _indicator_tables(grids: list[Grid], none: Text, source: Path) -> list[Grid]:
    """Those that list indicators; what looks like the rest of one is remarked.

    Raises InputError, saying ``none``, if there are none.
    """
    found: list[Grid] = []
    columns = None
    for grid in grids:
        recognised = recognise(grid)
        if recognised:
            columns = recognised[0]
            found.append(grid)
        elif columns and any(columns.placed(row, exact=False) for row in grid.rows):
            place = grid.place(grid.rows[0])
            rest = _("后面没有表头的一张像是续表，没有录入（自{place}起）", place=place)
            found[-1] = replace(found[-1], remarks=(*found[-1].remarks, rest))
    if not found:
        raise InputError(Problem(none, str(source)))
    return found


def _tables(source: Path, encoding: str) -> list[Grid]:
    """The indicator tables of ``source``, of which there is at least one."""
    data = _read(source)
    for start, text in _FOREIGN.items():
        if data.startswith(start):
            raise InputError(Problem(text, str(source)))
    if data.startswith(kinds.ZIP):
        return _indicator_tables(docx_tables.tables_in(data, str(source)), _NO_TABLE, source)
    try:
        return _pasted(data, source, encoding)
    except InputError as error:
        if source.suffix.lower() not in _WORD:
            raise
        (problem,) = error.problems
        raise InputError(Problem(_no_word(problem), str(source))) from error


def _pasted(data: bytes, source: Path, encoding: str) -> list[Grid]:
    if len(data) > MAX_TEXT:
        raise InputError(Problem(_("文本超过 {n} 字节，请只留指标表", n=MAX_TEXT), str(source)))
    text = _decoded(data, source, encoding)
    if text.count("\n") + text.count("\r") > MAX_LINES:
        raise InputError(Problem(_("文本超过 {n} 行，请只留指标表", n=MAX_LINES), str(source)))
    none = _NO_TEXT_TABLE
    if not text.isascii() and encodings.usual(data, encoding) == "utf-8":
        none = _("{why}；像是 UTF-8，请去掉 --encoding 再试", why=_NO_TEXT_TABLE)
    read = html_tables if html_tables.has_tables(text) else pasted
    return _indicator_tables(read.tables_in(text), none, source)


def _no_word(problem: Problem) -> Text:
    """What is wrong with a file that is called a Word file and is none."""
    why = problem.text
    if problem.line is not None:
        why = _("第 {n} 行：{why}", n=problem.line, why=why)
    return _(
        "不是 Word 文件，或已损坏：请用 Word 或 WPS 打开后另存为 .docx，或把指标表复制成文本文件；"
        "当作文本来读：{why}",
        why=why,
    )


def _read(source: Path) -> bytes:
    try:
        with source.open("rb") as stream:
            data = stream.read(packages.MAX_FILE + 1)
    except OSError as error:
        raise unreadable(source, error) from error
    if len(data) > packages.MAX_FILE:
        text = _("文件超过 {n} 字节，不能读取", n=packages.MAX_FILE)
        raise InputError(Problem(text, str(source)))
    return data


def _decoded(data: bytes, source: Path, encoding: str) -> str:
    text = encodings.decoded(data, encoding, str(source))
    text = text.replace("\x0b", " ").replace("\x0c", " ")  # breaks of lines and pages
    position = bad_character(text)
    if position is not None:
        line = text[:position].count("\n") + 1
        raise InputError(Problem(_("有不可显示的字符，请删去"), str(source), line))
    return text


def _origin(source: Path, number: int) -> Text:
    return _(
        "由 evalkit rubric import 从 {file} 的第 {n} 张指标表起草；写有“待定”的地方请照原文确定，"
        "再用 evalkit rubric check 检查",
        file=source.name,
        n=number,
    )
