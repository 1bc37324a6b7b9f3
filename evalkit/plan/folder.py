"""Ledgers of plans from their folders, and the empty files of a new one."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from evalkit.base import yamltext
from evalkit.base.build import build, require
from evalkit.base.errors import InputError, Problem, Refused
from evalkit.base.files import place
from evalkit.base.tables import read_table
from evalkit.base.text import Text, _
from evalkit.panel import MAX_BYTES, find_rubric
from evalkit.plan import checks, form
from evalkit.plan.ledger import Ledger
from evalkit.plan.table import COLUMNS, MILESTONES, milestones
from evalkit.rubric import Rubric

LEDGER_FILE, TABLE_FILE = "ledger.yaml", "milestones.csv"


def read_ledger(path: Path, encoding: str = "utf-8") -> tuple[Rubric, Ledger]:
    """The plan and the ledger in ``path``: a ledger file, or the folder with ``ledger.yaml``.

    ``encoding`` is that of the table that the ledger names, if it names one; it lies in the same
    folder. Raises InputError for each problem with file, line and field; for a silence of the plan
    that is not declared the error names the article.
    """
    file = path / LEDGER_FILE if path.is_dir() else path
    rubric = find_rubric(file)
    tree = yamltext.read(file, MAX_BYTES)
    require(tree, checks.undeclared(tree, rubric))
    ledger = build(Ledger, tree)
    require(tree, checks.inconsistent(ledger, rubric))
    if ledger.table is None:
        found = checks.of_milestones(ledger, rubric)
        require(tree, ((("milestones", n, field), text) for n, field, text in found))
        return rubric, ledger
    if Path(ledger.table).name != ledger.table:
        text = _("台账表须与本文件放在同一文件夹，这里只写文件名")
        raise InputError(tree.problem(text, ("table",)))
    return rubric, _with_table(ledger, file.parent / ledger.table, rubric, encoding)


def _with_table(ledger: Ledger, file: Path, rubric: Rubric, encoding: str) -> Ledger:
    """``ledger`` with the milestones in the table ``file``."""
    table = read_table(file, encoding, columns=MILESTONES)
    rows, lines = milestones(table, str(file), rubric)
    ledger = ledger.model_copy(update={"milestones": tuple(rows)})
    problems = [
        Problem(text, str(file), lines[n], COLUMNS[field])
        for n, field, text in checks.of_milestones(ledger, rubric)
    ]
    if problems:
        raise InputError(*problems)
    return ledger


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
