"""A table of texts by its columns: every spelling stands once, and each row has its number.

What is read from a text is read once for each spelling, and no library for tables is needed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

Column = tuple[list[str], np.ndarray]
"""The spellings, and the number of one for each row."""


def column_of(
    cells: Sequence[str], read: Callable[[str], str] = str, *, ordered: bool = False
) -> Column:
    """``cells`` as ``read``: their spellings in the order of words where ``ordered``, else as they
    come.
    """
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    codes = np.fromiter(map(numbers.__getitem__, cells), np.int64, len(cells))
    words = [read(text) for text in numbers]
    found = [*dict.fromkeys(words)]
    if ordered:
        found.sort()
    place = {word: n for n, word in enumerate(found)}
    return found, np.array([place[word] for word in words], np.int64)[codes]


@dataclass(frozen=True)
class Spelt:
    """A table. ``lines`` are those of its rows in the file; a name may stand twice among ``names``
    where nobody reads its column.
    """

    names: tuple[str, ...]
    columns: tuple[Column, ...]
    lines: np.ndarray

    @classmethod
    def of(
        cls,
        names: Sequence[str],
        rows: Sequence[Sequence[str]],
        lines: Sequence[int] | None = None,
        *,
        ordered: bool = False,
    ) -> Spelt:
        """A table of ``rows``; without ``lines``, one a line below a header."""
        cells = zip(*rows, strict=True) if rows else ((),) * len(names)
        at = range(2, len(rows) + 2) if lines is None else lines
        columns = tuple(column_of(column, ordered=ordered) for column in cells)
        return cls(tuple(names), columns, np.array(at, np.int64))

    def __len__(self) -> int:
        return len(self.lines)

    def __getitem__(self, name: str) -> Column:
        return self.columns[self._at[name]]

    @cached_property
    def _at(self) -> dict[str, int]:
        return {name: n for n, name in reversed([*enumerate(self.names)])}

    def cells(self, name: str) -> list[str]:
        """The text of a column in every row."""
        texts, codes = self[name]
        return [texts[code] for code in codes.tolist()]

    def text(self, name: str, row: int) -> str:
        """What stands in a row."""
        texts, codes = self[name]
        return texts[codes[row]]

    def holds(self, name: str, belongs: Callable[[str], bool]) -> np.ndarray:
        """In which rows the text of a column ``belongs``."""
        texts, codes = self[name]
        return np.array([*map(belongs, texts), False], bool)[codes]

    def where(self, rows: np.ndarray) -> Spelt:
        """The ``rows`` alone: a truth value for each."""
        if rows.all():
            return self
        columns = tuple((texts, codes[rows]) for texts, codes in self.columns)
        return Spelt(self.names, columns, self.lines[rows])

    def to_frame(self) -> pd.DataFrame:
        """The table as a DataFrame of text; its index is ``line``."""
        import pandas as pd

        columns = {
            n: pd.Categorical.from_codes(codes, pd.Index(texts, dtype=str)).astype(str)
            for n, (texts, codes) in enumerate(self.columns)
        }
        frame = pd.DataFrame(columns, index=pd.Index(self.lines, name="line"))
        return frame.set_axis(list(self.names), axis="columns")
