"""The command line goes through the door: what it calls is what a notebook calls."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.support.builders import ROOT

OWN = ("evalkit.base", "evalkit.cli")
"""Words, errors and files; and the command line itself."""

BESIDE = {
    "rubric_beside": "where `panel new` looks for a file, and what it says of it",
    "rubric_place": "see above",
    "form_heads": "how a table of coefficients is headed on any screen",
    "shown_forms": "see above",
    "plain": "the JSON of what `outlook` gives",
    "field_name": "the names of fields, for people",
    "template": "whether a file given with --template will do",
    "lines": "what `outlook` gives, as sentences",
    "coming": "see above",
    "pdf": "whether anything can be printed here",
}
"""Functions that the commands take from a room, with the reason."""

LAID_OUT = {"notice.py"}
"""Lays a rubric out for a terminal, element by element."""


def taken() -> Iterator[tuple[str, str]]:
    """The file of the command line, and the functions and classes that it takes from rooms."""
    for file in sorted(Path(ROOT / "evalkit" / "cli").glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            module = str(node.module) if isinstance(node, ast.ImportFrom) else ""
            if module.startswith("evalkit.") and not module.startswith(OWN):
                yield from ((file.name, a.name) for a in node.names if not a.name.isupper())


def test_commands_call_what_notebooks_call() -> None:
    """Everything but words and constants comes through ``import evalkit as ek``."""
    found = [(f, name) for f, name in taken() if f not in LAID_OUT]
    assert [pair for pair in found if pair[1] not in BESIDE] == []
    assert {name for _f, name in found} | {"field_name"} == set(BESIDE)
