"""What drafts of declared files have in common: notes, options, and keys that are left open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from evalkit.base.declared import UNDECIDED
from evalkit.base.schema import Schema
from evalkit.base.text import Text, _
from evalkit.panel.choices import flow, meanings


class Drafted:
    """The lines of one draft in ``language``; options and meanings are those of ``schema``."""

    def __init__(self, schema: Schema, language: str) -> None:
        self.schema, self.language = schema, language
        mark = _("请替换")  # not inside of the braces: there no catalogue finds it
        self.replace = f"  # {mark.render(language)}"

    def note(self, text: Text, indent: int = 0) -> str:
        """``text`` as a comment."""
        return " " * indent + "# " + text.render(self.language)

    def undecided(self, key: str, options: Iterable[Any], indent: int) -> Iterator[str]:
        """``key`` without a value, below the ``options`` for it."""
        yield from self.choices(options, indent)
        yield f"{' ' * indent}{key}: {UNDECIDED}"

    def meanings(self, node: Schema, indent: int) -> Iterator[str]:
        """What the model says about ``node``."""
        yield from (f"{' ' * indent}# · {words}" for words in meanings(node, self.schema))

    def choices(self, options: Iterable[Any], indent: int) -> Iterator[str]:
        """The ``options`` as comments, one a line."""
        yield self.note(_("写法："), indent)
        yield from (f"{' ' * indent}#     {flow(option)}" for option in options)
