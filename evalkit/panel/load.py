"""A panel from its YAML file, checked against its rubric."""

from __future__ import annotations

from pathlib import Path

from evalkit.base import resources, yamltext
from evalkit.base.build import build, require
from evalkit.base.errors import InputError, Problem
from evalkit.base.memory import keeping
from evalkit.base.text import _, is_id
from evalkit.base.wanted import asked
from evalkit.panel import checks
from evalkit.panel.lists import table_files, with_lists
from evalkit.panel.model import Panel
from evalkit.rubric import Rubric, load_rubric
from evalkit.rubric import checks as rubric_checks
from evalkit.rubric.indicators import Table

MAX_BYTES, MAX_NODES = 16_000_000, 250_000
"""A panel may list ten thousand applicants; more stand in a table beside it."""


@asked
@keeping
def load_panel(path: Path | str, rubric: Rubric | None = None) -> Panel:
    """The panel in the YAML file at ``path``, checked against its rubric (None: `find_rubric`).

    Raises InputError for each problem; for a rule that is not declared the error names the rule and
    the article that is silent about it.
    """
    tree = yamltext.read(Path(path), MAX_BYTES, MAX_NODES)
    return _loaded(Path(path), tree, _rubric_of(tree) if rubric is None else rubric)


@keeping
def load_both(path: Path) -> tuple[Rubric, Panel]:
    """What `find_rubric` and `load_panel` give for the file at ``path``, which is read once."""
    tree = yamltext.read(path, MAX_BYTES, MAX_NODES)
    rubric = _rubric_of(tree)
    return rubric, _loaded(path, tree, rubric)


def _loaded(path: Path, tree: yamltext.Tree, rubric: Rubric) -> Panel:
    require(tree, checks.undecided(tree, rubric))
    tree = with_lists(path, tree)
    require(tree, checks.wrong_procedure(tree, rubric))
    rubric = _with_table(tree, rubric)
    require(tree, checks.undeclared(tree, rubric))
    panel = build(Panel, tree)
    require(tree, checks.inconsistent(panel, rubric))
    return panel


def tables_beside(path: Path | str) -> list[Path]:
    """The tables that the panel file at ``path`` names, which belong with it."""
    return table_files(Path(path), yamltext.read(Path(path), MAX_BYTES, MAX_NODES))


@asked
def find_rubric(path: Path | str) -> Rubric:
    """The rubric that the panel file at ``path`` names, with the table that the panel supplies.

    It is looked for beside the panel file first, then among those that come with evalkit.
    """
    return _rubric_of(yamltext.read(Path(path), MAX_BYTES, MAX_NODES))


def _rubric_of(tree: yamltext.Tree) -> Rubric:
    return _with_table(tree, load_rubric(_rubric_file(tree)))


def find_rubric_file(path: Path | str) -> Path:
    """Where the rubric lies that the panel file at ``path`` names, see `find_rubric`."""
    return _rubric_file(yamltext.read(Path(path), MAX_BYTES, MAX_NODES))


def _rubric_file(tree: yamltext.Tree) -> Path:
    name = tree.value.get("rubric") if isinstance(tree.value, dict) else None
    if not isinstance(name, str) or not is_id(name):
        raise InputError(Problem(_("须写明所用指标体系的标识"), tree.source, 1, "rubric"))
    beside = Path(tree.source).parent / f"{name}.yaml"
    return beside if beside.exists() else resources.path("rubrics", beside.name)


def rubric_beside(panel_file: Path, name: str) -> Path | None:
    """The file of the rubric ``name`` beside the new ``panel_file`` or here, else None.

    It goes before the one of that name that comes with evalkit. A path is no name.
    """
    places = (panel_file.parent, Path()) if is_id(name) else ()
    files = (p / f"{name}{suffix}" for p in places for suffix in (".yaml", ".yml"))
    return next((file for file in files if file.is_file()), None)


def rubric_place(panel_file: Path, rubric: Rubric) -> Path | None:
    """Where ``rubric`` must be put for ``panel_file`` to find it; None where it is found."""
    try:
        found = find_rubric(panel_file).digest == rubric.digest
    except InputError:
        found = False
    return None if found else panel_file.parent / f"{rubric.id}.yaml"


def _with_table(tree: yamltext.Tree, rubric: Rubric) -> Rubric:
    """``rubric`` with the table in the panel file, if the file has one."""
    given = tree.value.get("table") if isinstance(tree.value, dict) else None
    if not isinstance(given, dict):
        return rubric
    table = build(Table, tree.below("table"))
    if rubric.dimensions == table.dimensions:
        return rubric
    whole = rubric.with_table(table)
    require(tree, ((("table", *place), text) for place, text in rubric_checks.problems(whole)))
    return whole
