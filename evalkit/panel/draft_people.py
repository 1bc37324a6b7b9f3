"""Who is in a drafted panel: made-up people to be replaced, or the lists that a table holds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from evalkit.base.errors import InputError, Problem
from evalkit.base.files import naming
from evalkit.base.names import Names
from evalkit.base.text import _
from evalkit.base.yamltext import Listed
from evalkit.panel.choices import flow
from evalkit.panel.lists import rows_of, several

Lists = Mapping[str, str | list[dict[str, Any]]]
"""Of each list the name of its table, or its rows."""
NO_TABLES: Lists = MappingProxyType({})

_PLAIN = re.compile(r"[a-z]\d+|chair|member|national|provincial")
_LETTERS = {"experts": "e", "applicants": "a"}


def people(replace: str, lists: Lists) -> Iterator[str]:
    """Experts, assignment and applicants; ``replace`` is the mark of a line to be replaced."""
    yield from _listed("experts", lists, replace, _experts())
    yield ""
    yield "assignment: all"
    yield ""
    yield from _listed("applicants", lists, replace, _applicants())
    if "claims" in lists:
        yield f"claims: {lists['claims']}"


def lists_of(tables: Mapping[str, Path]) -> Lists:
    """What a draft says of ``tables``: their names, or, where one of them has no column of ids, the
    rows of all with ids of their own, so that no later row of a table can change whose they are.

    Raises InputError for a table that is no such list and for claims of nobody, with the row.
    """
    found = {key: rows_of(key, file) for key, file in tables.items()}
    if all(any("id" in row for row in rows) for rows, _where in found.values()):
        return {key: file.name for key, file in tables.items()}
    for key, letter in _LETTERS.items():
        rows = found[key][0] if key in found else []
        if not any("id" in row for row in rows):
            rows[:] = [{"id": f"{letter}{n}", **row} for n, row in enumerate(rows, 1)]
    if "claims" in found:
        _give(*found.pop("claims"), found["applicants"][0] if "applicants" in found else [])
    return {key: rows for key, (rows, _where) in found.items()}


def _give(claims: list[dict[str, Any]], where: Listed, applicants: list[dict[str, Any]]) -> None:
    """Put ``claims`` under those of ``applicants`` that they name."""
    names = Names((a.get("id", ""), a.get("name", "")) for a in applicants)
    owners = {a.get("id"): a for a in applicants}
    problems = []
    for row, line in zip(claims, where.lines, strict=True):
        owner = row.pop("applicant", "")
        ids = names.ids(owner)
        if len(ids) > 1 or ids[0] not in owners:
            text = _("没有评审对象“{applicant}”，请核对名单", applicant=owner)
            text = several(owner, ids) if len(ids) > 1 else text
            problems.append(Problem(text, where.source, line))
            continue
        own = owners[ids[0]].setdefault("claims", [])
        own.append({"id": f"n{len(own) + 1}", **row})
    if problems:
        raise InputError(*problems[:20])


def beside(out: Path, tables: Mapping[str, Path]) -> dict[Path, bytes]:
    """The files of ``tables`` that have yet to be copied beside the panel file ``out``.

    Raises InputError where another file of that name lies there.
    """
    copies: dict[Path, bytes] = {}
    for file in tables.values():
        with naming(file):
            content = file.read_bytes()
        there = out.parent / file.name
        if not there.exists():
            copies[there] = content
        elif there.read_bytes() != content:
            text = _("这里已有另一个同名的表，请改名后再试")
            raise InputError(Problem(text, str(there)))
    return copies


def _listed(key: str, lists: Lists, replace: str, lines: Iterator[str]) -> Iterator[str]:
    given = lists.get(key)
    if isinstance(given, str):
        yield f"{key}: {given}"
    elif given is not None:
        yield f"{key}:"
        yield from (f"  - {_quoted(row)}" for row in given)
    else:
        yield f"{key}:{replace}"
        yield from lines


def _quoted(value: Any) -> str:
    """``value`` as YAML in one line; what people wrote stands between quotation marks."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {_quoted(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_quoted, value)) + "]"
    return value if _PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)


def _experts() -> Iterator[str]:
    for n, name in enumerate("甲乙丙丁戊", 1):
        role = "chair" if n == 1 else "member"
        person = {"id": f"e{n}", "name": f"专家{name}", "role": role}
        yield f"  - {flow(person | {'employer': f'示例单位{name}（虚构）'})}"


def _applicants() -> Iterator[str]:
    for n, name in enumerate("甲乙", 1):
        yield f"  - {{id: a{n}, name: 示例对象{name}, lead: 示例牵头单位{name}（虚构）}}"
