"""A value in a YAML file put in the place of another, and every other character left as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
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

_PART = re.compile(r"([^.\[\]]+)|\[([^\[\]]+)\]")
_MARK = re.compile(
    r"[ \t]*#[ \t]*(待定[：:][^\r\n]*|(?:请替换|replace)[ \t]*)(?=\r?$)", re.MULTILINE
)
"""What a draft says beside a value that a person still has to look at."""


@asked
def declare(path: Path | str, values: Mapping[str, str]) -> list[str]:
    """Write ``values`` into the YAML file ``path``: each by its key, such as ``rules.step``,
    ``experts[0].name`` or ``applicants[c01].name``, as one would type it there. Where it does not
    begin with a key of the file, it may begin with the id, name or number of one thing in it
    (``产业规模.measure``, ``[1.1].measure``).

    A key that is not there yet is added at the end of what it belongs to; comments and layout stay,
    but for the draft's mark on what is written now (`marks`). A value that begins with ``@`` names
    a YAML file whose content is meant. Returns the keys that are still 待定, in the order of the
    file. All are written or none: raises InputError for a key that leads nowhere and a value that
    is no YAML.
    """
    file = Path(path)
    yamltext.read(file, MAX_BYTES, MAX_NODES)  # refuses whatever is not plain YAML
    text = file.read_bytes().decode("utf-8-sig")
    for key, value in values.items():
        text = with_value(text, key, _written(value, key), str(file))
    tree = yamltext.parse(text, str(file), MAX_NODES)
    place({file: text.encode()})
    return [yamltext.dotted(where) for where, value in tree.scalars() if is_undecided(value)]


def marks(path: Path | str) -> dict[str, list[str | int]]:
    """What a draft in the file ``path`` asks a person to look at where no 待定 stands: of each the
    keys at which it stands, or the line of a comment alone. Raises InputError for a file that is no
    plain YAML.
    """
    tree = yamltext.read(Path(path), MAX_BYTES, MAX_NODES)
    keys = {(n, str(where[-1])): yamltext.dotted(where) for where, n in tree.lines.items() if where}
    found: dict[str, list[str | int]] = {}
    text = Path(path).read_bytes().decode("utf-8-sig")
    for n, line in enumerate(text.splitlines(), 1):
        mark = _MARK.search(line)
        if mark and not is_undecided(line[: mark.start()].rpartition(": ")[2]):
            said = re.sub("^待定[：:] ?", "", mark[1].strip())
            key = re.match(r" *(?:- )?([\w-]+):", line)
            found.setdefault(said, []).append(keys.get((n, key[1]), n) if key else n)
    return found


def around(path: Path | str, key: str) -> str:
    """The lines of ``key`` in the YAML file ``path``, and the comments above them: what may stand
    there, and why. Raises InputError for a key that leads nowhere.
    """
    yamltext.read(Path(path), MAX_BYTES, MAX_NODES)
    text = Path(path).read_bytes().decode("utf-8-sig")
    node, parts = _start(text, key, str(path))
    for part in parts:
        below = _below(node, part)
        if below is None:
            raise _nowhere(node, key, str(path))
        node = below
    lines = text.splitlines()
    first = last = node.start_mark.line
    last += text[node.start_mark.index : _end(node)].count("\n")
    if not _flow(node) and lines[first].lstrip().partition(":")[0] != parts[-1]:
        first -= 1
    indent = re.match(r"[ -]*", lines[first])
    above = " " * len(indent[0] if indent else "") + "#"
    while first and lines[first - 1].startswith(above):
        first -= 1
    return "\n".join(lines[first : last + 1])


def _start(text: str, key: str, source: str) -> tuple[Any, list[str | int]]:
    """The node from which ``key`` leads on, and its way from there."""
    top: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    parts = _parts(key)
    if len(parts) > 1 and _below(top, parts[0]) is None:
        found = [n for n in _mappings(top) if str(parts[0]) in _called(n)]
        if len(found) > 1:
            lines = [n.start_mark.line + 1 for n in found]
            several = _("“{name}”不止一处，在第 {lines} 行", name=str(parts[0]), lines=lines)
            raise InputError(Problem(_("{why}，请写全键", why=several), source))
        if found:
            return found[0], parts[1:]
    return top, parts


def _mappings(node: Any) -> Iterator[Any]:
    if isinstance(node, yaml.MappingNode):
        yield node
    below = node.value if isinstance(node, yaml.CollectionNode) else ()
    for one in below:
        yield from _mappings(one[1] if isinstance(one, tuple) else one)


def _called(node: Any) -> set[str]:
    keys = ("id", "name", "number")
    return {v.value for k, v in node.value if k.value in keys and isinstance(v, yaml.ScalarNode)}


def _nowhere(node: Any, key: str, source: str) -> InputError:
    there = [k.value for k, _v in node.value] if isinstance(node, yaml.MappingNode) else []
    known = _("“{key}”在文件里没有；这一层有 {keys}", key=key, keys=there or _("（无）"))
    return InputError(Problem(known, source, node.start_mark.line + 1 if node else 1))


def with_value(text: str, key: str, value: str, source: str) -> str:
    """The YAML ``text`` of the file ``source`` with ``value``, written as YAML, under ``key``.

    Raises InputError for a key that leads nowhere.
    """
    node, parts = _start(text, key, source)
    for n, part in enumerate(parts):
        below = _below(node, part)
        if below is not None:
            node = below
        elif n == len(parts) - 1 and isinstance(node, yaml.MappingNode) and isinstance(part, str):
            return _added(text, node, part, value)
        else:
            raise _nowhere(node, key, source)
    before, after = text[: node.start_mark.index], text[_end(node) :]
    if not _flow(node):  # a block begins on the line below its key
        head, line_end, indent = before.rpartition("\n")
        line = head.rpartition("\n")[2]
        before = head[: -len(line)] * bool(line) + _MARK.sub("", line) + line_end + indent
    gap = " " if before.endswith(":") else ""  # a key without a value, as drafts have it
    mark = _MARK.match(after)
    return before + gap + value + (after[mark.end() :] if mark else after)


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


def _flow(node: Any) -> bool:
    return isinstance(node, yaml.ScalarNode) or bool(node.flow_style)


def _end(node: Any) -> int:
    """Where ``node`` ends; a block's own mark lies behind the comments that follow it."""
    if _flow(node):
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
    after = text[end:]
    if marked := re.match(rf"\r?\n *# 待定[：:] ?{re.escape(key)}\b[^\r\n]*", after):
        after = after[marked.end() :]
    return f"{text[:end]}\n{' ' * node.start_mark.column}{key}: {value}{after}"


def _written(value: str, key: str) -> str:
    """``value`` as it may stand behind its key: as it is, or else between quotation marks."""
    if value.startswith("@"):
        content = yamltext.read(Path(value[1:]), MAX_BYTES, MAX_NODES).value
        return json.dumps(content, ensure_ascii=False)
    if value[:1] in "{[":
        value = re.sub(r"\s*\n\s*", " ", value)
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
