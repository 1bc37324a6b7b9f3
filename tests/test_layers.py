"""The architecture, read from the imports."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.support.builders import ROOT

LAYERS = [
    ["base"],
    ["log"],
    ["scoring"],
    ["figures"],
    ["engine"],
    ["rubric"],
    ["panel"],
    ["assignment"],
    ["facts"],
    ["plan"],
    ["evaluation"],
    ["record"],
    ["office"],
    ["analysis"],
    ["disclosure"],
    ["pages"],
    ["documents", "drafting"],
    ["reports"],
    ["round"],
    ["succession"],
    ["archive"],
    ["appeal"],
    ["workbench"],
    ["serving"],
    ["cli", "__main__"],
]
"""From the inside out: a room imports from itself and from those above it in this list."""

ORDER = {room: n for n, layer in enumerate(LAYERS) for room in layer}
SOURCES = sorted((ROOT / "evalkit").rglob("*.py"))
KNOWN = frozenset(SOURCES)
MAX_LINES = 300


@cache
def nodes(file: Path) -> list[ast.AST]:
    """Everything in the source of ``file``, which is read once."""
    return [*ast.walk(ast.parse(file.read_text("utf-8")))]


def room(module: str) -> str:
    """The room of a dotted module below evalkit."""
    return module.split(".")[1] if "." in module else ""


def imports(file: Path) -> Iterator[str]:
    """Dotted names of everything below evalkit that ``file`` imports, for types too."""
    for node in nodes(file):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names if a.name.startswith("evalkit"))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("evalkit"):
            if node.module == "evalkit":
                yield from (f"evalkit.{a.name}" for a in node.names)
            else:
                yield str(node.module)


@cache
def arrows() -> list[tuple[str, str, Path]]:
    """Every import between two rooms."""
    return [*_arrows()]


def _arrows() -> Iterator[tuple[str, str, Path]]:
    for file in SOURCES:
        parts = file.relative_to(ROOT).with_suffix("").parts
        here = parts[1] if parts[1] != "__init__" else ""
        for name in imports(file):
            there = room(name)
            if there not in {"", "__version__", here}:
                yield here, there, file


def test_there_is_something_to_read() -> None:
    """The tests below look at the whole package."""
    assert len(SOURCES) > 30
    assert len(arrows()) > 50


def test_every_room_has_its_layer() -> None:
    """A new room is placed before it is used."""
    rooms = {file.relative_to(ROOT / "evalkit").parts[0].removesuffix(".py") for file in SOURCES}
    assert rooms - {"__init__"} <= set(ORDER)
    assert set(ORDER) <= rooms


def test_no_arrow_goes_against_the_layers() -> None:
    """Inner rooms know nothing of outer ones, and siblings nothing of each other."""
    wrong = [
        f"{file.relative_to(ROOT)}: {here} -> {there}"
        for here, there, file in arrows()
        if here and ORDER[there] >= ORDER[here] and here != "__main__"
    ]
    assert wrong == []


def test_no_files_import_each_other_in_a_circle() -> None:
    """Whoever reads a file has read all that it stands on before, down to the ground."""
    stands_on = {file: set(_files(file)) for file in SOURCES}
    while ground := {file for file, below in stands_on.items() if not below & stands_on.keys()}:
        stands_on = {file: below for file, below in stands_on.items() if file not in ground}
    assert sorted(str(file.relative_to(ROOT)) for file in stands_on) == []


def _files(file: Path) -> Iterator[Path]:
    """The files of evalkit that ``file`` imports, each module itself and not its package."""
    for node in nodes(file):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("evalkit"):
            for name in (f"{node.module}.{alias.name}" for alias in node.names):
                path = ROOT.joinpath(*name.split("."))
                module = next((m for m in _modules(path) if m in KNOWN), None)
                if module is not None and module != file:
                    yield module


def _modules(path: Path) -> Iterator[Path]:
    """Where a dotted name may be defined: a module, a package, or inside the module before it."""
    yield path.with_suffix(".py")
    yield path / "__init__.py"
    yield path.parent.with_suffix(".py")
    yield path.parent / "__init__.py"


def test_tests_lie_as_the_rooms_do() -> None:
    """A folder for every room, with its tests and no others; a name says what is tested."""
    folders = {file.name for file in (ROOT / "tests").iterdir() if (file / "__init__.py").exists()}
    rooms = {file.parent.name for file in (ROOT / "evalkit").glob("*/__init__.py")}
    assert folders - {"support", "bench"} == rooms
    for room in rooms:
        names = [file.name for file in (ROOT / "tests" / room).glob("*.py")]
        tests = [name for name in names if name.startswith("test_")]
        assert tests, room
        assert set(names) - {"conftest.py"} == {"__init__.py", *tests}, room
        assert not [name for name in tests if name.startswith(f"test_{room}_")], room


def test_no_test_imports_another() -> None:
    """What several share stands in tests/support."""
    found = [
        f"{file.relative_to(ROOT)}: {line.strip()}"
        for file in sorted((ROOT / "tests").rglob("*.py"))
        for line in file.read_text("utf-8").splitlines()
        if re.match(r"\s*(from|import) tests\b.*\btest_", line)
    ]
    assert found == []


def test_the_engine_knows_nothing_of_panels() -> None:
    """It runs anybody's notebooks; from the house it has its texts and nothing else."""
    assert {there for here, there, _file in arrows() if here == "engine"} == {"base"}


def test_modules_stay_small() -> None:
    """A module does one job and fits on a few screens."""
    sizes = {f: len(f.read_text("utf-8").splitlines()) for f in SOURCES}
    assert {str(f.relative_to(ROOT)): n for f, n in sizes.items() if n > MAX_LINES} == {}


def test_the_library_does_not_assert() -> None:
    """An assertion is no validation: python -O removes it."""
    found = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in SOURCES
        for node in nodes(file)
        if isinstance(node, ast.Assert)
    ]
    assert found == []


LIGHT = {
    "evalkit": {"numpy", "pandas", "pydantic"},
    "evalkit.pages.applicant": {"numpy", "pandas", "pydantic", "nbconvert"},
    "evalkit.pages.progress": {"numpy", "pandas", "pydantic", "nbconvert"},
    "evalkit.cli": {"numpy", "pandas", "papermill", "nbconvert", "rich.progress"},
    "evalkit.facts.tidy": {"pandas", "sqlite3"},
    "evalkit.evaluation": {"pandas", "sqlite3"},
    "evalkit.round": {"numpy", "pandas"},
    "evalkit.workbench.sheet": {"numpy", "pandas"},
}
"""What a module leaves for later."""

COMMANDS = {
    "--help": set(),
    "panel check panels/demo": set(),
    "evaluate panels/demo": {"numpy", "sqlite3"},
    "evaluate panels/demo --json": {"numpy", "sqlite3"},
}
"""Small commands, and what they need of the libraries for tables, figures and files."""

IMPORTED = """
import importlib, json, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
    print(json.dumps([*sys.modules]))
"""

RUN = """
import contextlib, io, json, sys
from evalkit.cli import main
for command in sys.argv[1:]:
    with contextlib.redirect_stdout(io.StringIO()) as said:
        try:
            main(command.split())
        except SystemExit as ended:
            assert not ended.code
    assert said.getvalue()
    print(json.dumps([*sys.modules]))
"""


def after_each(code: str, names: list[str]) -> dict[str, set[str]]:
    """What an interpreter has imported after each of ``names``, one after the other.

    What is not there then is not there after that one alone.
    """
    run = [sys.executable, "-c", code, *names]
    said = subprocess.run(run, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    return dict(zip(names, map(set, map(json.loads, said.splitlines())), strict=True))


@pytest.fixture(name="imported", scope="module")
def _imported() -> dict[str, set[str]]:
    """Numpy comes with the tables of scores, sqlite with the rounds: an interpreter for each."""
    names = [*LIGHT]
    tables = names.index("evalkit.facts.tidy"), names.index("evalkit.round")
    return {
        **after_each(IMPORTED, names[: tables[0]] + names[tables[1] :]),
        **after_each(IMPORTED, names[slice(*tables)]),
    }


@pytest.mark.parametrize("module", LIGHT)
def test_heavy_libraries_are_imported_when_first_needed(
    module: str, imported: dict[str, set[str]]
) -> None:
    """What experts open and what runs once per report starts light."""
    assert module in imported[module]
    assert LIGHT[module].isdisjoint(imported[module])


@pytest.fixture(name="ran", scope="module")
def _ran() -> dict[str, set[str]]:
    return after_each(RUN, [*COMMANDS])


@pytest.mark.parametrize("command", COMMANDS)
def test_small_commands_stay_light(command: str, ran: dict[str, set[str]]) -> None:
    """No library for tables, figures or files that no line of theirs needs: scores are read and
    evaluated without pandas.
    """
    heavy = {"numpy", "pandas", "scipy", "openpyxl", "docx", "nbconvert", "papermill", "sqlite3"}
    assert (heavy - COMMANDS[command]).isdisjoint(ran[command])
