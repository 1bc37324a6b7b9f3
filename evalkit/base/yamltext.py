"""YAML read as text: every scalar stays the string that stands in the file, with its line.

Types come from the model that reads the tree, so no number ever passes through a float and no
word turns into a truth value. What different YAML readers understand differently is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from evalkit.base.errors import InputError, Problem, unreadable
from evalkit.base.text import Text, _

MAX_BYTES = 1_000_000
MAX_DEPTH = 32
MAX_NODES = 100_000
"""A model may find four faults in each; a thousand nodes take about 3 MB then."""

_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_RESOLVE = yaml.SafeLoader.yaml_implicit_resolvers
_PLAIN_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")


@dataclass(frozen=True)
class Tree:
    """A YAML file: nested dicts, lists and strings, and the line of every node by its path."""

    value: Any
    lines: dict[tuple[str | int, ...], int]
    source: str

    def line(self, path: tuple[str | int, ...]) -> int:
        """Line of the node at ``path``, or of the nearest one around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)  # an empty file has no node at all

    def below(self, key: str) -> Tree:
        """The part of the tree under ``key``, which must be there."""
        lines = {path[1:]: line for path, line in self.lines.items() if path[:1] == (key,)}
        return Tree(self.value[key], lines, self.source)


def read(path: Path, most: int = MAX_BYTES, nodes: int = MAX_NODES) -> Tree:
    """Read the YAML file at ``path``, of at most ``most`` bytes and ``nodes`` nodes.

    Raises InputError, with the line, for a file that is missing, too large, not UTF-8, not
    YAML, deeper than `MAX_DEPTH`, or that uses anchors, aliases, tags, duplicate keys or unquoted
    words that YAML versions read differently (``NO``, ``010``, ``1:30``).
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error
    if len(data) > most:
        raise InputError(Problem(_("文件超过 {n} 字节，不能读取", n=most), str(path)))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InputError(Problem(_("不是 UTF-8 编码，请另存为 UTF-8"), str(path), line)) from error
    return parse(text, str(path), nodes)


def parse(text: str, source: str, nodes: int = MAX_NODES) -> Tree:
    """The tree of YAML ``text``; ``source`` names it in errors. Raises as `read` does."""
    composer = _Composer(source, nodes)
    try:
        events = yaml.parse(text, Loader=_PARSER)
        value = composer.document(events)
    except yaml.MarkedYAMLError as error:
        raise InputError(_misread(error, source)) from error
    except yaml.YAMLError as error:  # the reader's own errors carry no mark
        raise InputError(Problem(_("含有 YAML 不允许的字符"), source)) from error
    return Tree(value, composer.lines, source)


_MISREAD = {
    "mapping values are not allowed": _(
        "“: ”出现在不该有的地方：文字里有冒号加空格的请加引号，并核对缩进和上一行的冒号"
    ),
    "did not find expected key": _("缩进与上面各行不齐，或引号后面还有文字"),
    "did not find expected '-'": _("缩进与上面的列表不齐，或列表里少了 -"),
    "block sequence entries are not allowed": _("列表的 - 须另起一行"),
    "could not find expected ':'": _("键的后面缺少冒号和空格"),
    "cannot start any token": _("缩进用了 Tab，或文字以 @、`、% 开头；请改成空格，或给文字加引号"),
    "tab character": _("缩进用了 Tab，请改成空格"),
    "found unexpected end": _("引号没有配对，从这一行开始"),
    "expected ',' or ']'": _("方括号没有配对，或项与项之间少了逗号"),
    "expected ',' or '}'": _("花括号没有配对，或项与项之间少了逗号"),
    "expected node content": _("这里缺少内容，或括号没有配对"),
    "unknown escape character": _("双引号里的 \\ 另有含义，请改用单引号"),
    "found unknown directive": _("文字以 % 开头，请加引号"),
    "expected comment or line break": _("| 或 > 后面须另起一行"),
}
"""What the parser says of the commonest mistakes, and what has to be done about them."""


def _misread(error: yaml.MarkedYAMLError, source: str) -> Problem:
    said = error.problem or error.context or ""
    mark = error.problem_mark
    if "unexpected end" in said:  # where the quotation begins, not where the file ends
        mark = error.context_mark or mark
    causes = _(
        "这一行读不通，常见的原因是缩进不齐、冒号后有空格的文字没有加引号（{said}）", said=said
    )
    detail = next((text for words, text in _MISREAD.items() if words in said), causes)
    line = mark.line + 1 if mark else None
    return Problem(_("不是合法的 YAML（{detail}）", detail=detail), source, line)


class _Composer:
    """Builds the tree from parse events without recursion, so depth cannot exhaust the stack."""

    def __init__(self, source: str, nodes: int) -> None:
        self.source = source
        self.nodes = nodes
        self.lines: dict[tuple[str | int, ...], int] = {}

    def document(self, events: Iterator[Any]) -> Any:
        root: list[Any] = []
        # open containers: (path, container, pending key)
        stack: list[tuple[tuple[str | int, ...], Any, str | None]] = []
        documents = 0
        for event in events:
            line = event.start_mark.line + 1
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.fail(_("一个文件只能有一个 YAML 文档"), line)
            elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                stack.pop()
            elif isinstance(event, yaml.AliasEvent | yaml.NodeEvent):
                self.check(event, line, len(stack))
                self.place(event, line, stack, root)
        return root[0] if root else ""

    def check(self, event: Any, line: int, depth: int) -> None:
        if getattr(event, "anchor", None):
            self.fail(_("不允许使用锚点或别名（& *），请把内容写全"), line)
        if getattr(event, "tag", None) not in (None, "!"):
            self.fail(_("不允许使用标签 {tag}，请写普通文字", tag=event.tag), line)
        if depth >= MAX_DEPTH:
            self.fail(_("嵌套超过 {n} 层", n=MAX_DEPTH), line)
        if len(self.lines) >= self.nodes:
            self.fail(_("内容超过 {n} 项，不能读取", n=self.nodes), line)
        if isinstance(event, yaml.ScalarEvent) and event.implicit[0] and _ambiguous(event.value):
            self.fail(_("“{value}”在不同 YAML 版本中含义不同，请加引号", value=event.value), line)

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
