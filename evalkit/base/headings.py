"""What a table is about: the columns that it must have, may have, and how people head them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from evalkit.base.errors import InputError, Problem
from evalkit.base.text import _
from evalkit.base.tidy_words import COLUMNS, HEADINGS


@dataclass(frozen=True)
class Columns:
    """The columns of one kind of table."""

    needed: tuple[str, ...]
    more: tuple[str, ...] = ()
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Other headings for a column; of several in one table the first counts."""
    one: tuple[str, ...] = ()
    """Columns of which nothing says which of two headings counts."""
    dates: bool = False
    """Whether days stand in it; elsewhere a day in a workbook is a number that Excel changed."""

    @property
    def all(self) -> tuple[str, ...]:
        """Every column that is read."""
        return self.needed + self.more

    def names(self, header: Sequence[str]) -> list[str]:
        """``header`` with the names of the columns that it means, and the rest as it is.

        Width, case, blanks and what nobody sees make no difference.
        """
        keys, names = [_key(text) for text in header], [_seen(text) for text in header]
        for column in self.all:
            spelt = map(_key, (column, *self.words.get(column, ())))
            if found := [word for word in spelt if word in keys]:
                words = found if column in self.one else found[:1]
                names = [column if k in words else n for k, n in zip(keys, names, strict=True)]
        return names

    def meant(self, text: str) -> str | None:
        """The column that ``text`` as a heading alone would mean; None for any other text."""
        return self._meant.get(_key(text))

    @cached_property
    def _meant(self) -> dict[str, str]:
        return {_key(w): name for name in self.all for w in (name, *self.words.get(name, ()))}

    def head(self, cells: Sequence[str]) -> bool:
        """Whether ``cells`` are a header of this kind of table."""
        return set(self.needed) <= set(self.names(cells))

    def require_distinct(self, names: Sequence[str], source: str, line: int) -> None:
        """Raise InputError for a column that stands twice."""
        if twice := next((n for n in names if n and list(names).count(n) > 1), None):
            text = _("表头中“{name}”不止一列，请只留一列", name=twice)
            raise InputError(Problem(text, source, line))

    def require_all(self, names: Sequence[str], source: str, line: int = 1) -> None:
        """Raise InputError for a column that is needed and missing."""
        if absent := [name for name in self.needed if name not in names]:
            if len(names) == 1 and self._within(names[0]):
                said = _("表头只有一格“{cell}”：列之间请用逗号或制表符隔开", cell=names[0][:40])
                raise InputError(Problem(said, source, line))
            text = _(
                "缺少列 {names}；应有 {all}；读到的表头是 {given}",
                names=[self._shown(name) for name in absent],
                all=[self._shown(name) for name in self.all],
                given=["".join(c if c.isprintable() else "□" for c in n[:20]) for n in names[:12]]
                or _("（无）"),
            )
            raise InputError(Problem(text, source, line))

    def require_exactly(self, names: Sequence[str], source: str, line: int = 1) -> None:
        """Raise InputError for a column that is needed and missing, or that nobody reads."""
        self.require_all(names, source, line)
        if unknown := [name for name in names if name not in self.all]:
            known = [self._shown(name) for name in self.all]
            text = _("未知的列 {names}；应有 {all}", names=unknown, all=known)
            raise InputError(Problem(text, source, line))

    def _shown(self, name: str) -> str:
        """``name`` with what people write instead of it."""
        words = self.words.get(name, ())
        return f"{name}（{words[0]}）" if words else name

    def _within(self, text: str) -> bool:
        words = ((column, *self.words.get(column, ())) for column in self.needed)
        return all(any(_key(word) in _key(text) for word in spelt) for spelt in words)


SCORES = Columns(COLUMNS[:4], COLUMNS[4:], HEADINGS, one=("points",))
"""The tidy table of scores."""


def _seen(text: str) -> str:
    if text.isprintable():
        return text.strip()
    return "".join(c for c in text if unicodedata.category(c) != "Cf").strip()


def _key(text: str) -> str:
    if text.isascii():
        return "".join(text.casefold().split())
    return "".join(unicodedata.normalize("NFKC", _seen(text)).casefold().split())
