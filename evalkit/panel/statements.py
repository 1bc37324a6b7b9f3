"""What experts read beside each field: a table beside the panel's file, and the material in it.

``statements.csv`` or ``statements.xlsx`` has a row for each statement; files lie in ``material/``.
Nothing of it decides points, so it belongs to the round's folder and not to the declared rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from evalkit.base.errors import InputError, Problem
from evalkit.base.headings import Columns
from evalkit.base.names import Names
from evalkit.base.text import Text, _, bad_character
from evalkit.base.wanted import asked
from evalkit.panel.lists import several
from evalkit.panel.model import Panel
from evalkit.rubric import Rubric

TABLES = ("statements.csv", "statements.xlsx")
MATERIAL = "material"
MEDIA = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
}
"""Kinds of file that a browser shows, by the end of their names."""

MAX_TEXT = 20_000
MOST_SHOWN = 20

COLUMNS = Columns(
    ("applicant", "indicator"),
    ("statement", "verdict", "note", "file", "page"),
    {
        "applicant": ("评审对象标识", "评审对象", "对象标识", "对象"),
        "indicator": ("指标标识", "项目标识", "指标", "项目"),
        "statement": ("自述", "申报内容", "自评", "自评内容"),
        "verdict": ("部门意见", "部门核查意见", "核查意见", "审核意见"),
        "note": ("备注", "说明"),
        "file": ("材料", "佐证材料", "文件"),
        "page": ("页码", "页"),
    },
)


@dataclass(frozen=True)
class Statement:
    """A row: what the ``applicant`` states on an ``indicator``, what the department says of that, a
    ``note`` of the office, and where it is proved. Texts that are not there are empty.
    """

    applicant: str
    indicator: str
    """Of an indicator, or ``<bonus>.<claim>``; empty for the applicant as a whole."""
    statement: str = ""
    verdict: str = ""
    note: str = ""
    file: str = ""
    """Below ``material/``, with slashes."""
    page: int | None = None


def table_in(folder: Path) -> Path | None:
    """The table in ``folder``; None where there is none. Raises InputError for two."""
    found = [folder / name for name in TABLES if (folder / name).is_file()]
    if len(found) > 1:
        raise InputError(Problem(_("{names} 只能有一个", names=list(TABLES)), str(folder)))
    return found[0] if found else None


def belonging(folder: Path) -> dict[str, Path]:
    """The table in ``folder`` and all material below it, by their paths in a new folder.

    Raises InputError for a link, which would be another file there.
    """
    table = table_in(folder)
    if table is None:
        return {}
    found = {table.name: table}
    for file in sorted((folder / MATERIAL).rglob("*")):
        if file.is_symlink():
            raise InputError(Problem(_("是一个链接，请换成文件本身"), str(file)))
        if file.is_file():
            found[file.relative_to(folder).as_posix()] = file
    return found


@asked
def read_statements(folder: Path, rubric: Rubric, panel: Panel) -> tuple[Statement, ...]:
    """The rows of the table in ``folder``, applicants and indicators by id or name; none without a
    table. ``rubric`` is that in force. Raises InputError as `read_table` does, and with a line for
    each row that does not fit.
    """
    table = table_in(folder)
    return tuple(_rows(table, rubric, panel)) if table is not None else ()


def _rows(table: Path, rubric: Rubric, panel: Panel) -> Iterator[Statement]:
    from evalkit.base.tables import read_table

    try:
        frame = read_table(table, columns=COLUMNS)
    except InputError as error:
        raise InputError(*map(_without_options, error.problems)) from error
    names = list(frame.columns)
    head = int(frame.index[0]) - 1 if len(frame) else 1
    COLUMNS.require_exactly(names, str(table), head)
    known = _Known(rubric, panel, table.parent / MATERIAL)
    problems, found = [], []
    for line, row in zip(map(int, frame.index), frame.to_dict("records"), strict=True):
        try:
            found.append(known.statement({str(key): value for key, value in row.items()}))
        except ValueError as error:
            problems.append(Problem(error.args[0], str(table), line))
    if problems:
        raise InputError(*problems[:MOST_SHOWN])
    yield from found


def _without_options(problem: Problem) -> Problem:
    """``problem`` without what only a command has: this table is read in UTF-8 alone."""
    if "--" not in problem.text.render():
        return problem
    text = _("{why}（这张表只读 UTF-8 的 CSV 或只有一张工作表的 .xlsx）", why=problem.text)
    return replace(problem, text=text)


class _Known:
    """What the rows of a table may name; raises ValueError, with a `Text`, for anything else."""

    def __init__(self, rubric: Rubric, panel: Panel, material: Path) -> None:
        self.material = material
        self.applicants = {a.id: a for a in panel.applicants}
        self.owners = Names((a.id, a.name) for a in panel.applicants)
        self.indicators = [(i.id, i.name) for i in rubric.indicators]
        self.bonuses = [group.id for group in rubric.bonus]

    def statement(self, row: dict[str, str]) -> Statement:
        """The statement in ``row``."""
        for column, text in row.items():
            if (position := bad_character(text)) is not None:
                raise ValueError(_("{name} 第 {n} 个字符不可显示", name=column, n=position + 1))
            if len(text) > MAX_TEXT:
                raise ValueError(_("{name} 超过 {n} 字", name=column, n=MAX_TEXT))
        owner = _only(self.owners, row["applicant"])
        if owner not in self.applicants:
            raise ValueError(_("没有评审对象“{applicant}”，请核对名单", applicant=owner))
        words = {name: row.get(name, "") for name in ("statement", "verdict", "note")}
        file = row.get("file", "")
        if not any(words.values()) and not file:
            raise ValueError(_("这一行没有内容"))
        page = _page(row.get("page", ""), file)
        if file:
            find_material(self.material, file)
        name = self._name(owner, row.get("indicator", ""))
        return Statement(owner, name, **words, file=file, page=page)

    def _name(self, owner: str, text: str) -> str:
        if not text:
            return ""
        claims = self.applicants[owner].claims
        items = [(f"{group}.{claim.id}", claim.title) for group in self.bonuses for claim in claims]
        name = _only(Names([*self.indicators, *items]), text)
        if name not in {id for id, _title in (*self.indicators, *items)}:
            raise ValueError(_("没有指标或加分成果“{name}”，请核对指标体系", name=name))
        return name


def _only(names: Names, text: str) -> str:
    found = names.ids(text)
    if len(found) > 1:
        raise ValueError(several(text, found))
    return found[0]


def _page(text: str, file: str) -> int | None:
    if not text:
        return None
    if not file:
        raise ValueError(_("写了页码 {page}，没有写是哪个文件", page=text))
    if not re.fullmatch("[1-9][0-9]{0,4}", text):
        raise ValueError(_("页码“{page}”应为 1 至 99999 的整数", page=text))
    return int(text)


def find_material(material: Path, name: str) -> Path:
    """The file ``name`` below the folder ``material``.

    Raises ValueError, with a `Text`, for a path that leads elsewhere, by whatever way, for a kind
    that a browser does not show, and for a file that is not there.
    """
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or re.search(r'[\\:*?"<>|\x00-\x1f]', name):
        raise ValueError(_wrong_place(name))
    if path.suffix.lower() not in MEDIA:
        kinds = [kind.lstrip(".") for kind in MEDIA]
        raise ValueError(_("“{file}”的类型打不开，可用：{kinds}", file=name, kinds=kinds))
    root = material.resolve()
    file = (root / path).resolve()
    if not file.is_relative_to(root):
        raise ValueError(_wrong_place(name))
    if not file.is_file():
        raise ValueError(_("{folder}/ 里没有文件“{file}”", folder=MATERIAL, file=name))
    return file


def _wrong_place(name: str) -> Text:
    text = _("“{file}”不在 {folder}/ 之内：请把文件放进去，这里只写其中的路径")
    return text.filled(file=name, folder=MATERIAL)
