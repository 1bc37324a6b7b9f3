"""A ledger from its file, and from the table that it names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from evalkit.base import yamltext
from evalkit.base.build import build, require
from evalkit.base.errors import InputError, Problem
from evalkit.base.text import _
from evalkit.base.yamltext import Tree
from evalkit.plan import checks
from evalkit.plan.ledger import Ledger
from evalkit.plan.table import COLUMNS, Table, milestones
from evalkit.rubric import Rubric

MAX_BYTES = 16_000_000
"""A year of a province may have ten thousand milestones."""


def load_ledger(path: Path | str, rubric: Rubric, table_of: Callable[[Path], Table]) -> Ledger:
    """The ledger in the YAML file at ``path``, checked against its plan.

    ``table_of`` reads the table that the file names, if it names one, from the same folder. Raises
    InputError for each problem with file, line and field; for a silence of the plan that is not
    declared the error names the article.
    """
    tree = yamltext.read(Path(path), MAX_BYTES)
    require(tree, checks.undeclared(tree, rubric))
    ledger = build(Ledger, tree)
    require(tree, checks.inconsistent(ledger, rubric))
    if ledger.table is None:
        found = checks.of_milestones(ledger, rubric)
        require(tree, ((("milestones", n, field), text) for n, field, text in found))
        return ledger
    table = table_of(_beside(Path(path), ledger.table, tree))
    rows, lines = milestones(table, rubric)
    ledger = ledger.model_copy(update={"milestones": tuple(rows)})
    problems = [
        Problem(text, table.source, lines[n], COLUMNS[field])
        for n, field, text in checks.of_milestones(ledger, rubric)
    ]
    if problems:
        raise InputError(*problems)
    return ledger


def _beside(path: Path, name: str, tree: Tree) -> Path:
    """The table ``name`` in the folder of the ledger file, and nowhere else."""
    if Path(name).name != name:
        text = _("台账表须与本文件放在同一文件夹，这里只写文件名")
        raise InputError(Problem(text, tree.source, tree.line(("table",)), "table"))
    return path.parent / name
