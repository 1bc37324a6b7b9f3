"""The ledger as a table (重点工作台账): rows that an office fills in, as milestones."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from evalkit.base.build import build, unusable
from evalkit.base.errors import InputError, Problem
from evalkit.base.headings import Columns
from evalkit.base.text import _
from evalkit.base.yamltext import Tree
from evalkit.plan.ledger import Milestone
from evalkit.rubric import Rubric

if TYPE_CHECKING:
    import pandas as pd

TASK_NAME = "任务"

COLUMNS = {
    "task": "任务标识",
    "unit": "责任单位",
    "name": "时间节点",
    "due": "完成时限",
    "state": "状态",
    "done": "完成日期",
    "evidence": "佐证材料",
    "note": "备注",
}
"""The column of each field, besides `TASK_NAME`, which only helps whoever fills it in."""

CARRIED = "原定时限"
"""The column that only what was carried over from the year before needs."""

MILESTONES = Columns(tuple(COLUMNS.values()), (TASK_NAME, CARRIED), dates=True)

FIELDS = {**COLUMNS, "originally": CARRIED}
"""The column of each field, `CARRIED` too."""

STATES = {"已完成": "done", "进行中": "ongoing", "未开始": "not_started"}

_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


def milestones(
    table: pd.DataFrame, source: str, rubric: Rubric
) -> tuple[list[Milestone], list[int]]:
    """The milestones in ``table``, as `read_table` gives it from ``source``, and the line of each.

    A row that names only task and unit declares nothing and is passed over. Raises InputError with
    line and column for each problem.
    """
    MILESTONES.require_exactly([*table.columns], source)
    names = {task.id: task.name for task in rubric.tasks}
    found, lines, problems = [], [], list[Problem]()
    rows: list[dict[str, str]] = table.to_dict("records")  # type: ignore[assignment]
    for line, row in zip(table.index.tolist(), rows, strict=True):
        values = {field: row[name] for field, name in FIELDS.items() if row.get(name)}
        if values.keys() <= {"task", "unit"}:
            continue
        try:
            _same_task(row, names, source)
            places: dict[tuple[str | int, ...], int] = {(field,): line for field in values}
            found.append(build(Milestone, Tree(_plain(values), places, source)))
            lines.append(line)
        except InputError as error:
            problems += [replace(_column(p, row), line=line) for p in error.problems]
    if problems:
        raise InputError(*problems)
    return found, lines


def _same_task(row: Mapping[str, str], names: Mapping[str, str], source: str) -> None:
    name = row.get(TASK_NAME, "")
    known = names.get(row[COLUMNS["task"]], name)
    if name and name != known:
        text = _("“{name}”与任务标识不符，这个标识是“{known}”", name=name, known=known)
        raise InputError(Problem(text, source, field=TASK_NAME))


def _plain(values: Mapping[str, str]) -> dict[str, str]:
    """A row in the words of the model; a date may be as spreadsheets write it, year first."""
    plain = {**values, "state": STATES.get(values.get("state", ""), values.get("state", ""))}
    for field in ("due", "done", "originally"):
        if found := _DATE.fullmatch(plain.get(field, "")):
            year, month, day = found.groups()
            plain[field] = f"{year}-{month:0>2}-{day:0>2}"
    return {field: value for field, value in plain.items() if value}


def _column(problem: Problem, row: Mapping[str, str]) -> Problem:
    """``problem`` under the name of its column, and with the words that the table knows."""
    name = FIELDS.get(problem.field, problem.field)
    if problem.field == "state" and row[name]:
        text = unusable(row[name], STATES)
        return replace(problem, field=name, text=text)
    return replace(problem, field=name)
