"""Drafts of panel files with every choice made, as a secretary makes them."""

from __future__ import annotations

import re
from pathlib import Path

from evalkit.panel.checks import UNDECIDED
from evalkit.panel.draft import draft
from evalkit.rubric import Rubric, load_rubric
from evalkit.rubric.provisions import Procedure
from tests.support.builders import ROOT

RUBRICS = {path.stem: load_rubric(path) for path in sorted((ROOT / "rubrics").glob("*.yaml"))}
"""Every rubric file of the repository."""

ROUNDS = [
    (name, procedure)
    for name, rubric in RUBRICS.items()
    for procedure in (rubric.procedures or (None,))
    if rubric.indicators or procedure is not None
]
"""Everything that a panel can be formed for: a rubric and one of its procedures."""

IDS = [f"{name}:{procedure.id if procedure else ''}" for name, procedure in ROUNDS]


def drafted(rubric: str, procedure: Procedure | None) -> str:
    """The draft for a round."""
    return draft(RUBRICS[rubric], procedure and procedure.id)


def tableless(rubric: Rubric, procedure: Procedure | None) -> Rubric:
    """``rubric`` without its own table where the procedure does not use it."""
    from decimal import Decimal

    from evalkit.rubric.indicators import Table

    if procedure is None or procedure.table == "rubric":
        return rubric
    return rubric.with_table(Table(points=Decimal(0), dimensions=()))


def undecided(text: str) -> list[int]:
    """The lines of ``text`` on which something is yet to be decided."""
    lines = text.splitlines()
    return [n for n, line in enumerate(lines, 1) if line.endswith(f": {UNDECIDED}")]


def decided(text: str, pick: int = 0) -> str:
    """``text`` with everything decided by the listed choice number ``pick`` (or the last one)."""
    found, choices = [], list[str]()
    for line in text.splitlines():
        if re.match(r" *# 写法", line):
            choices = []
        elif option := re.fullmatch(r" *# {5}(.*)", line):
            choices.append(option[1])
        if not line.endswith(f": {UNDECIDED}"):
            found.append(line)
        elif line.startswith("table:"):
            found += ["table:", *(f"  {choice}" for choice in choices)]
        else:
            found.append(line.replace(UNDECIDED, choices[min(pick, len(choices) - 1)]))
    return "\n".join(found) + "\n"


def write(folder: Path, text: str) -> Path:
    """``text`` as the panel file in ``folder``."""
    (folder / "panel.yaml").write_text(text, "utf-8")
    return folder / "panel.yaml"
