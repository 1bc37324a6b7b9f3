"""Who is in a drafted panel: made-up people to be replaced, or the lists that a table holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from evalkit.base.errors import InputError, Problem
from evalkit.base.files import naming
from evalkit.base.text import _
from evalkit.base.yamltext import Tree
from evalkit.panel.choices import flow
from evalkit.panel.lists import with_lists

NO_TABLES: Mapping[str, str] = MappingProxyType({})


def people(replace: str, tables: Mapping[str, str]) -> Iterator[str]:
    """Experts, assignment and applicants; ``tables`` names the files of the lists that exist, and
    ``replace`` is the mark of a line to be replaced.
    """
    yield from _listed("experts", tables, replace, _experts())
    yield ""
    yield "assignment: all"
    yield ""
    yield from _listed("applicants", tables, replace, _applicants())


def beside(out: Path, tables: Mapping[str, Path]) -> dict[Path, bytes]:
    """The files of ``tables`` that have yet to be copied beside the panel file ``out``.

    Raises InputError for a table that is no list of experts or applicants, with its rows, and where
    another file of that name lies there.
    """
    copies: dict[Path, bytes] = {}
    for key, file in tables.items():
        with naming(file):
            content = file.read_bytes()
        with_lists(file, Tree({key: file.name}, {}, str(file)))
        there = out.parent / file.name
        if not there.exists():
            copies[there] = content
        elif there.read_bytes() != content:
            text = _("这里已有另一个同名的表，请改名后再试")
            raise InputError(Problem(text, str(there)))
    return copies


def _listed(
    key: str, tables: Mapping[str, str], replace: str, lines: Iterator[str]
) -> Iterator[str]:
    if key in tables:
        yield f"{key}: {tables[key]}"
    else:
        yield f"{key}:{replace}"
        yield from lines


def _experts() -> Iterator[str]:
    for n, name in enumerate("甲乙丙丁戊", 1):
        role = "chair" if n == 1 else "member"
        person = {"id": f"e{n}", "name": f"专家{name}", "role": role}
        yield f"  - {flow(person | {'employer': f'示例单位{name}（虚构）'})}"


def _applicants() -> Iterator[str]:
    for n, name in enumerate("甲乙", 1):
        yield f"  - {{id: a{n}, name: 示例对象{name}, lead: 示例牵头单位{name}（虚构）}}"
