"""Ledgers of plans from their folders, and the empty files of a new one."""

from __future__ import annotations

import csv
import io
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from evalkit.base.errors import InputError, Problem, Refused
from evalkit.base.files import place
from evalkit.base.tables import read_table
from evalkit.base.text import Text, _
from evalkit.base.wanted import asked
from evalkit.panel import find_rubric
from evalkit.plan import form
from evalkit.plan.file import load_ledger
from evalkit.plan.table import MILESTONES, Table

if TYPE_CHECKING:
    from evalkit.plan.ledger import Ledger
    from evalkit.rubric import Rubric

LEDGER_FILE, TABLE_FILE = "ledger.yaml", "milestones.csv"


@asked
def read_ledger(path: Path, encoding: str = "utf-8") -> tuple[Rubric, Ledger]:
    """The plan and the ledger in ``path``: a ledger file, or the folder with ``ledger.yaml``.

    ``encoding`` is that of the table that the ledger names, if it names one. Raises InputError.
    """
    file = path / LEDGER_FILE if path.is_dir() else path
    rubric = find_rubric(file)
    return rubric, load_ledger(file, rubric, partial(milestone_table, encoding=encoding))


def milestone_table(path: Path, encoding: str = "utf-8") -> Table:
    """The table of milestones in the file at ``path`` as text. Raises InputError."""
    frame = read_table(path, encoding, columns=MILESTONES)
    rows: list[dict[str, str]] = frame.to_dict("records")  # type: ignore[assignment]
    return Table(tuple(frame.columns), tuple(zip(frame.index, rows, strict=True)), str(path))


def _no_plan(rubric: Rubric) -> Text:
    """What a text without targets and tasks has instead, and which command is meant for it."""
    if rubric.indicators or rubric.procedures:
        return _(
            "{id} 没有目标和任务，不能建立台账；它有 {n} 项指标、{m} 个评审程序，用于评分："
            "请用 evalkit panel new {id} 起草评审组文件",
            id=rubric.id,
            n=len(rubric.indicators),
            m=len(rubric.procedures),
        )
    return _("{id} 没有目标和任务，不能建立台账", id=rubric.id)


@asked
def write_new(rubric: Rubric, year: int, out: Path, language: str = "zh") -> None:
    """Write the empty ledger and table of a plan into the folder ``out``.

    Raises InputError if one of them is there already, or for a year of other than four digits;
    Refused for a text that sets no targets and tasks. Then nothing is written.
    """
    if not (rubric.targets or rubric.tasks):
        raise Refused(_no_plan(rubric))
    if not 1900 <= year <= 2999:
        why = _("“{value}”不是年度，请写成 2026 这样的四位数", value=year)
        raise InputError(Problem(why, field="--year"))
    text = io.StringIO(newline="")
    csv.writer(text).writerows(form.table(rubric, year))
    files = {
        LEDGER_FILE: form.declaration(rubric, year, TABLE_FILE, language).encode(),
        # with a mark, by which Excel knows the encoding
        TABLE_FILE: text.getvalue().encode("utf-8-sig"),
    }
    for name in files:
        if (out / name).exists():
            raise InputError(Problem(_("已经存在，请换一个文件夹或先移走"), str(out / name)))
    place({out / name: content for name, content in files.items()})
