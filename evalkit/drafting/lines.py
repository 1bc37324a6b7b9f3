"""A draft in YAML: what is known is written, what is not is marked and counted.

A mark is the value `UNDECIDED`, which no loader takes, or a comment where nothing has to stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import yaml

from evalkit.base import yamltext
from evalkit.base.declared import UNDECIDED
from evalkit.base.text import Text, _

_UNPRINTABLE = re.compile(
    r"[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


@dataclass(frozen=True)
class Said:
    """A value, what a person has to decide about it, and what explains it.

    ``value`` None with a remark is a comment that stands alone.
    """

    value: str | Decimal | None
    remark: Text | None = None
    note: Text | None = None


Node = Said | dict[str, Any] | list[Any]
"""Nested `Said`. In a dict a None is left out, and so is an empty list."""


def undecided(remark: Text) -> Said:
    """A value that a person has to write."""
    return Said(UNDECIDED, remark)


@dataclass(frozen=True)
class Line:
    """One line of the draft. ``key`` is empty for a comment that stands alone."""

    text: str
    key: str = ""
    remark: Text | None = None
    note: Text | None = None

    def render(self, language: str = "zh") -> str:
        """The line with its comment in ``language``."""
        open_ = self.remark and _("{mark}：{what}", mark=UNDECIDED, what=self.remark)
        comments = [text.render(language) for text in (open_, self.note) if text]
        comment = _UNPRINTABLE.sub("\ufffd", " ".join(comments).replace("\n", " "))
        if not comment:
            return self.text
        return f"{self.text}# {comment}" if not self.text.strip() else f"{self.text}  # {comment}"


def lines_of(node: dict[str, Any], indent: str = "") -> Iterator[Line]:
    """The lines of ``node``. The first key of a list's element must have a value."""
    for key, value in node.items():
        if isinstance(value, Said):
            if value.value is not None:
                text = f"{indent}{key}: {scalar(value.value)}"
                yield Line(text, key, value.remark, value.note)
            elif value.remark:
                yield Line(indent, "", value.remark)
        elif isinstance(value, dict):
            yield Line(f"{indent}{key}:", key)
            yield from lines_of(value, indent + "  ")
        elif value:
            if not indent:
                yield Line("")
            yield Line(f"{indent}{key}:", key)
            for element in value:
                yield from _element(element, indent + "  ")


def _element(element: Node, indent: str) -> Iterator[Line]:
    if isinstance(element, Said):
        yield Line(indent, "", element.remark)
        return
    first, *rest = lines_of(element, indent + "  ")  # type: ignore[arg-type]
    yield replace(first, text=f"{indent}- {first.text[len(indent) + 2 :]}")
    yield from rest


def scalar(value: str | Decimal) -> str:
    """``value`` in YAML on one line, read back as the same text; quoted only where it has to be."""
    if isinstance(value, Decimal):
        return format(value, "f")
    plain = _dumped(value, None)
    quoted = plain.startswith(("'", *yamltext.BLANKS)) or "\n" in plain
    return _dumped(value, '"') if quoted else plain


def _dumped(text: str, style: str | None) -> str:
    dumped = yaml.safe_dump({"k": text}, allow_unicode=True, width=10**9, default_style=style)
    return str(dumped).split(": ", 1)[1].rstrip("\n")
