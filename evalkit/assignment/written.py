"""An assignment written into the file of a panel, or into a table beside it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from evalkit.base import yamltext
from evalkit.base.errors import InputError, Problem
from evalkit.base.files import place
from evalkit.base.text import _
from evalkit.base.yamledit import with_value
from evalkit.panel.load import MAX_BYTES, MAX_NODES

Seats = Mapping[str, tuple[str, ...]]
TABLE = "assignment.csv"


def write(path: Path, seats: Seats, seed: int) -> Path:
    """Put the ``seats``, experts by applicant, and the ``seed`` into the panel file at ``path``;
    comments and layout stay. Where its applicants or its assignment stand in a table, the seats go
    into one, too.

    Returns the file with the seats. All is written or nothing: raises InputError where another file
    has the table's name.
    """
    tree = yamltext.read(path, MAX_BYTES, MAX_NODES)
    text = path.read_bytes().decode("utf-8-sig")
    files: dict[Path, bytes] = {}
    there = path
    if any(_in_table(tree.value.get(key)) for key in ("applicants", "assignment")):
        there, files = _table(path, tree, seats)
        value = there.name
    else:
        rows = (f"  {a}: [{', '.join(own)}]" for a, own in seats.items())
        value = "{\n" + ",\n".join(rows) + "}"
    text = with_value(text, "assignment", value, str(path))
    text = with_value(text, "assigning.seed", str(seed), str(path))
    yamltext.parse(text, str(path), MAX_NODES)
    place({**files, path: text.encode()})
    return there


def _in_table(given: object) -> bool:
    return (isinstance(given, str) and given != "all") or (
        isinstance(given, dict) and "table" in given
    )


def _table(path: Path, tree: yamltext.Tree, seats: Seats) -> tuple[Path, dict[Path, bytes]]:
    given = tree.value.get("assignment")
    own = isinstance(given, str) and given.lower().endswith(".csv")
    file = path.parent / (given if own else TABLE)
    if file.exists() and not own:
        raise InputError(Problem(_("这里已有另一个同名的表，请改名后再试"), str(file)))
    rows = [f"{a},{e}\n" for a, experts in seats.items() for e in experts]
    return file, {file: "".join(["applicant,expert\n", *rows]).encode()}
