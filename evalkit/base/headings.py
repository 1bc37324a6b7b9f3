"""What a table is about: the columns that it must have, may have, and how people head them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

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
            if word := next((word for word in spelt if word in keys), None):
                names = [column if k == word else n for k, n in zip(keys, names, strict=True)]
        return names

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
            text = _(
                "缺少列 {names}；应有 {all}；读到的表头是 {given}",
                names=absent,
                all=list(self.all),
                given=[name[:20] for name in names[:12]] or _("（无）"),
            )
            raise InputError(Problem(text, source, line))

    def require_exactly(self, names: Sequence[str], source: str, line: int = 1) -> None:
        """Raise InputError for a column that is needed and missing, or that nobody reads."""
        self.require_all(names, source, line)
        if unknown := [name for name in names if name not in self.all]:
            text = _("未知的列 {names}；应有 {all}", names=unknown, all=list(self.all))
            raise InputError(Problem(text, source, line))


SCORES = Columns(COLUMNS[:4], COLUMNS[4:], HEADINGS)
"""The tidy table of scores."""


def _seen(text: str) -> str:
    return "".join(c for c in text if unicodedata.category(c) != "Cf").strip()


def _key(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", _seen(text)).casefold().split())
