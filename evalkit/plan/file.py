"""A ledger from its file, and from the table that it names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from evalkit import yamltext
from evalkit.declared import build, dotted
from evalkit.errors import InputError, Problem
from evalkit.plan import checks
from evalkit.plan.ledger import Ledger
from evalkit.plan.table import COLUMNS, Table, milestones
from evalkit.rubric import Rubric
from evalkit.text import _
from evalkit.yamltext import Tree

MAX_BYTES = 16_000_000
"""A year of a province may have ten thousand milestones."""


def load_ledger(path: Path | str, rubric: Rubric, table_of: Callable[[Path], Table]) -> Ledger:
    """The ledger in the YAML file at ``path``, checked against its plan.

    ``table_of`` reads the table that the file names, if it names one, from the same folder. Raises
    InputError for each problem with file, line and field; for a silence of the plan that is not
    declared the error names the article.
    """
    tree = yamltext.read(Path(path), MAX_BYTES)
    _refuse(checks.undeclared(tree, rubric))
    ledger = build(Ledger, tree)
    _refuse(
        Problem(text, tree.source, tree.line(place), dotted(place))
        for place, text in checks.inconsistent(ledger, rubric)
    )
    if ledger.table is None:
        _refuse(
            Problem(text, tree.source, tree.line(place), dotted(place))
            for n, field, text in checks.of_milestones(ledger, rubric)
            for place in [("milestones", n, field)]
        )
        return ledger
    table = table_of(_beside(Path(path), ledger.table, tree))
    rows, lines = milestones(table, rubric)
    ledger = ledger.model_copy(update={"milestones": tuple(rows)})
    _refuse(
        Problem(text, table.source, lines[n], COLUMNS[field])
        for n, field, text in checks.of_milestones(ledger, rubric)
    )
    return ledger


def _refuse(problems: Iterable[Problem]) -> None:
    if found := tuple(problems):
        raise InputError(*found)


def _beside(path: Path, name: str, tree: Tree) -> Path:
    """The table ``name`` in the folder of the ledger file, and nowhere else."""
    if Path(name).name != name:
        text = _("台账表须与本文件放在同一文件夹，这里只写文件名")
        raise InputError(Problem(text, tree.source, tree.line(("table",)), "table"))
    return path.parent / name
