"""Two executed notebooks beside each other, cell by cell.

Cells have ids [NBFORMAT]_, and those of a report come from one notebook: the id tells which belong
together. What aligns notebooks without ids (nbdime) takes minutes for two reports whose
numbers differ.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from evalkit.archive.differences import (
    ABSENT,
    PRESENT,
    Difference,
    fields,
    named,
    passage,
    shown,
)
from evalkit.archive.differences_page import of_html
from evalkit.base.text import Text, _

PARAMETERS = "injected-parameters"
"""The tag of the cell in which papermill writes what the report is made from."""

Cell = Mapping[str, Any]


def of_notebooks(
    file: str, before: bytes, after: bytes, names: Mapping[str, str]
) -> list[Difference]:
    """What differs between two executed notebooks: cells by their id, and what surrounds them.

    Empty only for the same bytes. What is no notebook is one difference.
    """
    if before == after:
        return []
    was, now = _read(before), _read(after)
    if was is None or now is None:
        no = _("不是笔记本")
        one, other = (no if notebook is None else _("笔记本") for notebook in (was, now))
        return [Difference("notebook", file, _("全文"), one, other)]
    found = [*_cells(file, was["cells"], now["cells"], names), *_around(file, was, now)]
    text = _("只有 JSON 的写法不同，内容一样")
    return found or [Difference("notebook", file, _("全文"), text, text)]


def result_of(notebook: bytes) -> str | None:
    """The parameter ``result`` that a report was made from; None where there is none."""
    found = _read(notebook)
    cells = found["cells"] if found else []
    source = next((_source(cell) for cell in cells if _is_parameters(cell)), "")
    for line in source.splitlines():
        name, equals, value = line.partition(" = ")
        if name == "result" and equals:
            try:
                return str(json.loads(value))
            except ValueError:
                return None
    return None


def _read(notebook: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(notebook)
    except ValueError:
        return None
    right = isinstance(found, dict) and isinstance(found.get("cells"), list)
    return found if right and all(map(_is_cell, found["cells"])) else None


def _is_cell(cell: Any) -> bool:
    """Whether a cell has what is read of it here, and in its form."""
    if not isinstance(cell, dict) or not isinstance(cell.get("metadata", {}), dict):
        return False
    source, outputs = cell.get("source", ""), cell.get("outputs", [])
    lines = source if isinstance(source, list) else [source]
    return (
        all(isinstance(line, str) for line in lines)
        and isinstance(outputs, list)
        and all(isinstance(one, dict) and isinstance(one.get("data", {}), dict) for one in outputs)
    )


def _cells(
    file: str, was: list[Cell], now: list[Cell], names: Mapping[str, str]
) -> Iterator[Difference]:
    before, after = _by_id(was), _by_id(now)
    for id in [*before, *(id for id in after if id not in before)]:
        one, other = before.get(id), after.get(id)
        if one is None or other is None:
            was_there, is_there = (_there(cell) for cell in (one, other))
            yield Difference("notebook", file, _called(id, one or other or {}), was_there, is_there)
        elif one != other:
            yield from _cell(file, _called(id, one), one, other, names)
    if [*before] != [*after] and before.keys() == after.keys():
        yield Difference("notebook", file, _("各格的顺序"), " ".join(before), " ".join(after))


def _there(cell: Cell | None) -> Text | str:
    return ABSENT if cell is None else PRESENT


def _by_id(cells: list[Cell]) -> dict[str, Cell]:
    return {str(cell.get("id", n)): cell for n, cell in enumerate(cells)}


def _called(id: str, cell: Cell) -> Text:
    """A cell by its id and its last line, which is what it shows."""
    if _is_parameters(cell):
        return _("单元格 {id}（填入的内容）", id=id)
    lines = _source(cell).strip().splitlines()
    return _("单元格 {id}（{line}）", id=id, line=shown(lines[-1] if lines else ""))


def _cell(
    file: str, part: Text, one: Cell, other: Cell, names: Mapping[str, str]
) -> Iterator[Difference]:
    if _source(one) != _source(other):
        yield from _sources(file, part, one, other, names)
    outputs = [cell.get("outputs", []) for cell in (one, other)]
    if outputs[0] != outputs[1]:
        yield _outputs(file, part, *outputs)
    was, now = (_without(cell, "source", "outputs") for cell in (one, other))
    for field in fields(was, now):
        what = _("{part} › {field}", part=part, field=named(field.path, {}))
        yield Difference("notebook", file, what, shown(field.before), shown(field.after))


def _sources(
    file: str, part: Text, one: Cell, other: Cell, names: Mapping[str, str]
) -> Iterator[Difference]:
    """What a report is told, field by field; any other source by its lines."""
    told = [_told(cell) for cell in (one, other)]
    if None in told:
        lines = (_source(cell).splitlines() for cell in (one, other))
        yield Difference("notebook", file, _("{part}的代码", part=part), *passage(*lines))
        return
    for field in fields(*told):
        what = _("{part} › {field}", part=part, field=named(field.path, names))
        yield Difference("notebook", file, what, shown(field.before), shown(field.after))


def _told(cell: Cell) -> Any:
    if not _is_parameters(cell):
        return None
    result = result_of(json.dumps({"cells": [cell]}).encode())
    try:
        return json.loads(result or "")
    except ValueError:
        return None


def _outputs(file: str, part: Text, one: list[Any], other: list[Any]) -> Difference:
    """One difference for what a cell shows: in its page where both have one, else in its text."""
    what = _("{part}的输出", part=part)
    was, now = (_data(outputs, "text/html") for outputs in (one, other))
    if was and now and was != now:
        return of_html(file, what, was, now, "notebook")
    texts = [json.dumps(part, ensure_ascii=False, indent=1).splitlines() for part in (one, other)]
    return Difference("notebook", file, what, *passage(*texts))


def _data(outputs: list[Any], kind: str) -> str:
    found = (output.get("data", {}).get(kind, "") for output in outputs)
    return "".join(text if isinstance(text, str) else "".join(map(str, text)) for text in found)


def _around(file: str, was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    for field in fields(_without(was, "cells"), _without(now, "cells")):
        part = named(field.path, {})
        yield Difference("notebook", file, part, shown(field.before), shown(field.after))


def _without(whole: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in whole.items() if name not in names}


def _is_parameters(cell: Cell) -> bool:
    return PARAMETERS in (cell.get("metadata", {}).get("tags") or [])


def _source(cell: Cell) -> str:
    return "".join(cell.get("source", ""))
