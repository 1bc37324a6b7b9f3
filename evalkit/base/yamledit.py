"""A value in a YAML file put in the place of another, and every other character left as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from evalkit.base import yamltext
from evalkit.base.declared import is_undecided
from evalkit.base.errors import InputError, Problem
from evalkit.base.files import place
from evalkit.base.text import Text, _
from evalkit.base.wanted import asked

MAX_BYTES, MAX_NODES = 16_000_000, 250_000

Place = tuple[str | int, ...]

_PART = re.compile(r"([^.\[\]]+)|\[([^\[\]]+)\]")


@asked
def declare(path: Path | str, values: Mapping[str, str]) -> list[str]:
    """Write ``values`` into the YAML file ``path``: each by its key, such as ``rules.step``,
    ``experts[0].name`` or ``applicants[c01].name``, as one would type it there.

    A key that is not there yet is added at the end of what it belongs to; comments and layout stay.
    A value that begins with ``@`` names a YAML file whose content is meant. Returns the keys that
    are still 待定, in the order of the file. All are written or none: raises InputError for a key
    that leads nowhere and a value that is no YAML.
    """
    file = Path(path)
    yamltext.read(file, MAX_BYTES, MAX_NODES)  # refuses whatever is not plain YAML
    text = file.read_bytes().decode("utf-8-sig")
    for key, value in values.items():
        text = _with(text, key, _written(value, key), str(file))
    tree = yamltext.parse(text, str(file), MAX_NODES)
    place({file: text.encode()})
    return [yamltext.dotted(where) for where in _undecided(tree.value)]


def _with(text: str, key: str, value: str, source: str) -> str:
    """``text`` with ``value`` under ``key``."""
    node: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    parts = _parts(key)
    for n, part in enumerate(parts):
        below = _below(node, part)
        if below is not None:
            node = below
        elif n == len(parts) - 1 and isinstance(node, yaml.MappingNode) and isinstance(part, str):
            return _added(text, node, part, value)
        else:
            there = [k.value for k, _v in node.value] if isinstance(node, yaml.MappingNode) else []
            known = _("“{key}”在文件里没有；这一层有 {keys}", key=key, keys=there or _("（无）"))
            raise InputError(Problem(known, source, node.start_mark.line + 1 if node else 1))
    before = text[: node.start_mark.index]
    gap = " " if before.endswith(":") else ""  # a key without a value, as drafts have it
    return before + gap + value + text[_end(node) :]


def _parts(key: str) -> list[str | int]:
    found = [(name, inner) for name, inner in _PART.findall(key)]
    if not found or re.sub(_PART, "", key).strip("."):
        raise InputError(_("“{key}”不是键，请写成 rules.step、experts[0].name 这样", key=key))
    return [name or (int(inner) if inner.isdigit() else inner) for name, inner in found]


def _below(node: Any, part: str | int) -> Any:
    """What stands in ``node`` under a key, at a place of a list, or with an id; else None."""
    if isinstance(node, yaml.MappingNode):
        return next((v for k, v in node.value if k.value == part), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int):
        return node.value[part] if part < len(node.value) else None
    if isinstance(node, yaml.SequenceNode):
        for one in node.value:
            id = _below(one, "id")
            if id is not None and id.value == part:
                return one
    return None


def _end(node: Any) -> int:
    """Where ``node`` ends; a block's own mark lies behind the comments that follow it."""
    if isinstance(node, yaml.ScalarNode) or node.flow_style:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _end(last[1] if isinstance(last, tuple) else last)


def _added(text: str, node: yaml.MappingNode, key: str, value: str) -> str:
    if node.flow_style:
        end = node.end_mark.index - 1
        comma = ", " if node.value else ""
        return f"{text[:end]}{comma}{key}: {value}{text[end:]}"
    end = text.find("\n", _end(node))
    end = len(text) if end < 0 else end
    return f"{text[:end]}\n{' ' * node.start_mark.column}{key}: {value}{text[end:]}"


def _written(value: str, key: str) -> str:
    """``value`` as it may stand behind its key: as it is, or else between quotation marks."""
    if value.startswith("@"):
        content = yamltext.read(Path(value[1:]), MAX_BYTES, MAX_NODES).value
        return json.dumps(content, ensure_ascii=False)
    try:
        tree = yamltext.parse(f"key: {value}\n", "")
    except InputError as error:
        if value[:1] in "{[\"'":
            text = Text(_("“{key}”的值不能用：{why}").message, {"key": key})
            raise InputError(text.filled(why=error.problems[0].text)) from error
        tree = None
    given = tree.value.get("key") if tree is not None and isinstance(tree.value, dict) else None
    flow = value[:1] in "{[\"'"
    if "\n" not in value and value.strip() and (flow or given == value.strip()):
        return value.strip()
    return json.dumps(value, ensure_ascii=False)


def _undecided(value: Any, where: Place = ()) -> list[Place]:
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        return [found for key, below in pairs for found in _undecided(below, (*where, key))]
    return [where] if is_undecided(value) else []
