"""YAML read as text: every scalar stays the string that stands in the file, with its line.

Types come from the model that reads the tree, so no number ever passes through a float and no
word turns into a truth value. What different YAML readers understand differently is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from yaml.reader import Reader

from evalkit.base.errors import InputError, Problem, unreadable
from evalkit.base.kinds import kind_of, named
from evalkit.base.text import Text, _
from evalkit.base.typed import invisible
from evalkit.base.yaml_faults import BREAKS, misread, odd_key, unprintable

MAX_BYTES = 1_000_000
MAX_DEPTH = 32
MAX_NODES = 100_000
"""A model may find four faults in each; a thousand nodes take about 3 MB then."""

_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_RESOLVE = yaml.SafeLoader.yaml_implicit_resolvers
_PLAIN_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")


@dataclass(frozen=True)
class Listed:
    """A list of a tree that stands in a table: its file, and the line of each row."""

    source: str
    lines: Sequence[int]


@dataclass(frozen=True)
class Tree:
    """A YAML file: nested dicts, lists and strings, and the line of every node by its path."""

    value: Any
    lines: dict[tuple[str | int, ...], int]
    source: str
    tables: Mapping[str, Listed] = field(default_factory=dict)
    """Lists under keys of the file that stand in tables beside it."""

    def problem(self, text: Text, path: tuple[str | int, ...]) -> Problem:
        """``text`` about what stands at ``path``: in the file, or in a row of its table."""
        table = self.tables.get(str(path[0])) if path else None
        if table is None or len(path) < 2 or not isinstance(path[1], int):
            return Problem(text, self.source, self.line(path), dotted(path))
        return Problem(text, table.source, table.lines[path[1]], dotted(path[2:]))

    def scalars(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Every scalar with its path, in the order of the file."""
        yield from _scalars(self.value, ())

    def has(self, path: tuple[str | int, ...]) -> bool:
        """Whether something stands at ``path``."""
        return path in self.lines or (path[:1] != () and path[0] in self.tables)

    def line(self, path: tuple[str | int, ...]) -> int:
        """Line of the node at ``path``, or of the nearest one around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)  # an empty file has no node at all

    def below(self, key: str) -> Tree:
        """The part of the tree under ``key``, which must be there."""
        lines = {path[1:]: line for path, line in self.lines.items() if path[:1] == (key,)}
        return Tree(self.value[key], lines, self.source)


def _scalars(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[Any, str]]:
    if isinstance(value, dict | list):
        for key, below in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _scalars(below, (*path, key))
    else:
        yield path, value


def dotted(path: tuple[str | int, ...]) -> str:
    """``path`` as people write it: ``experts[0].id``."""
    dotted = ""
    for part in path:
        dotted += f"[{part}]" if isinstance(part, int) else f".{part}" if dotted else part
    return dotted


def read(path: Path, most: int = MAX_BYTES, nodes: int = MAX_NODES) -> Tree:
    """Read the YAML file at ``path``, of at most ``most`` bytes and ``nodes`` nodes.

    Raises InputError, with the line, for a file that is missing, too large, not UTF-8, not
    YAML, deeper than `MAX_DEPTH`, or that uses anchors, aliases, tags, duplicate keys or unquoted
    words that YAML versions read differently (``NO``, ``010``, ``1:30``).
    """
    return parse(text_of(path, most), str(path), nodes)


def text_of(path: Path, most: int = MAX_BYTES) -> str:
    """What stands in the file at ``path``, to `parse`. Raises as `read` does."""
    try:
        with path.open("rb") as stream:
            data = stream.read(most + 1)  # no more of what may have no end
    except OSError as error:
        raise unreadable(path, error) from error
    if len(data) > most:
        raise InputError(Problem(_("文件超过 {n} 字节，不能读取", n=most), str(path)))
    if (kind := kind_of(data)) not in ("text", "json"):
        raise InputError(Problem(_("这是{what}，不是 YAML 文本", what=named(kind)), str(path)))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InputError(Problem(_("不是 UTF-8 编码，请另存为 UTF-8"), str(path), line)) from error


def parse(text: str, source: str, nodes: int = MAX_NODES) -> Tree:
    """The tree of YAML ``text``; ``source`` names it in errors. Raises as `read` does."""
    if found := BREAKS.search(text):
        raise InputError(unprintable(text, source, found))
    composer = _Composer(text, source, nodes)
    try:
        events = yaml.parse(text, Loader=_PARSER)
        value = composer.document(events)
    except yaml.MarkedYAMLError as error:
        raise InputError(misread(error, text.splitlines(), source)) from error
    except yaml.YAMLError as error:  # the reader's own errors carry no mark
        raise InputError(unprintable(text, source, Reader.NON_PRINTABLE.search(text))) from error
    return Tree(value, composer.lines, source)


class _Composer:
    """Builds the tree from parse events without recursion, so depth cannot exhaust the stack."""

    def __init__(self, text: str, source: str, nodes: int) -> None:
        self.text, self.source = text.splitlines(), source
        self.nodes = nodes
        self.lines: dict[tuple[str | int, ...], int] = {}
        self.seen: set[str] = set()
        """Keys that are seen whole."""

    def document(self, events: Iterator[Any]) -> Any:
        root: list[Any] = []
        # open containers: (path, container, pending key)
        stack: list[tuple[tuple[str | int, ...], Any, str | None]] = []
        documents = 0
        for event in events:
            line = event.start_mark.line + 1
            if isinstance(event, yaml.NodeEvent):  # an alias is one as well
                self.check(event, line, len(stack))
                self.place(event, line, stack, root)
            elif isinstance(event, yaml.CollectionEndEvent):
                stack.pop()
            elif isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.fail(_("一个文件只能有一个 YAML 文档"), line)
        return root[0] if root else ""

    def check(self, event: Any, line: int, depth: int) -> None:
        if getattr(event, "anchor", None):
            self.fail(_ALIASES, line)
        if getattr(event, "tag", None) not in (None, "!"):
            self.fail(_("不允许使用标签 {tag}，请写普通文字", tag=event.tag), line)
        if depth >= MAX_DEPTH:
            self.fail(_("嵌套超过 {n} 层", n=MAX_DEPTH), line)
        if len(self.lines) >= self.nodes:
            text = _(
                "内容超过 {n} 项，不能读取；长的名单请放在旁边的表里，如 applicants: a.csv",
                n=self.nodes,
            )
            self.fail(text, line)
        if isinstance(event, yaml.ScalarEvent) and event.implicit[0]:
            self.check_plain(event, line)

    def check_plain(self, event: Any, line: int) -> None:
        """A scalar without quotes must be what it looks like."""
        if _ambiguous(event.value):
            self.fail(_("“{value}”在不同 YAML 版本中含义不同，请加引号", value=event.value), line)
        if event.value[:1] in BLANKS:
            code = f"U+{ord(event.value[0]):04X}"
            self.fail(_("缩进或文字开头用了特殊的空白 {code}，请改成普通空格", code=code), line)
        begin, end = event.start_mark, event.end_mark
        own = self.text[begin.line : begin.line + 1]
        alone = bool(own) and not own[0][: begin.column].strip(" -")
        for n in range(begin.line + (not alone), min(end.line + 1, len(self.text))):
            if (text := odd_key(self.text[n])) is not None and _within(n, end):
                self.fail(text, n + 1)

    def place(self, event: Any, line: int, stack: list[Any], root: list[Any]) -> None:
        scalar = isinstance(event, yaml.ScalarEvent)
        node: Any = event.value if scalar else {} if _is_mapping(event) else []
        path: tuple[str | int, ...] = ()
        if stack:
            parent_path, parent, key = stack[-1]
            if isinstance(parent, list):
                path = (*parent_path, len(parent))
                parent.append(node)
            elif key is None:
                if not scalar:
                    self.fail(_("键必须是文字"), line)
                if node not in self.seen and (hidden := invisible(node)):
                    self.fail(hidden, line)
                self.seen.add(node)
                if node in parent:
                    first = self.lines[(*parent_path, node)]
                    self.fail(_("键“{key}”重复（已见于第 {n} 行）", key=node, n=first), line)
                stack[-1] = (parent_path, parent, node)
                self.lines[(*parent_path, node)] = line
                return
            else:
                path = (*parent_path, key)
                parent[key] = node
                stack[-1] = (parent_path, parent, None)
        else:
            root.append(node)
        self.lines.setdefault(path, line)
        if not scalar:
            stack.append((path, node, None))

    def fail(self, text: Text, line: int) -> None:
        raise InputError(Problem(text, self.source, line))


BLANKS = frozenset("\u3000\u00a0\u2000\u2002\u2003\u2009\u200b\u202f\ufeff\u2060")

_ALIASES = _(
    "不允许使用锚点或别名（& *），请把内容写全；"
    "PyYAML 对重复的内容会这样写，导出前请设 Dumper.ignore_aliases = lambda *_: True"
)


def _within(line: int, end: Any) -> bool:
    """Whether a scalar that ends at ``end`` has something on ``line``."""
    return line < end.line or end.column > 0


def _is_mapping(event: Any) -> bool:
    return isinstance(event, yaml.MappingStartEvent)


def _ambiguous(value: str) -> bool:
    """Whether a YAML 1.1 reader takes the plain scalar for something else than it looks like."""
    for tag, pattern in _RESOLVE.get(value[:1], ()):
        if pattern.match(value):
            if tag.endswith(":bool"):
                return value not in ("true", "false")
            if tag.endswith((":int", ":float")):
                return _PLAIN_NUMBER.fullmatch(value) is None
    return False
