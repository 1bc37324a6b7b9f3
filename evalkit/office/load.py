"""An office's file, checked against its rubric."""

from __future__ import annotations

from pathlib import Path

from evalkit.base import yamltext
from evalkit.base.build import build, require
from evalkit.base.wanted import asked
from evalkit.office import checks
from evalkit.office.file import Office
from evalkit.panel import MAX_BYTES
from evalkit.rubric import Rubric


@asked
def load_office(path: Path | str, rubric: Rubric) -> Office:
    """The office's file at ``path``, checked against its rubric (see `evalkit.panel.find_rubric`).

    Raises InputError for each problem: a rule that is not declared, named with the article that is
    silent about it; a name that leads nowhere; a record that the procedure does not allow.
    """
    tree = yamltext.read(Path(path), MAX_BYTES)
    require(tree, checks.undecided(tree, rubric))
    require(tree, checks.undeclared(tree, rubric))
    office = build(Office, tree)
    require(tree, checks.inconsistent(office, rubric))
    require(tree, checks.unlawful(office, rubric))
    return office
