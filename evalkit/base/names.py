"""Names that people write where an id stands behind them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping

NO_WORDS: Mapping[str, tuple[str, ...]] = {}


class Names:
    """What the names of one kind of thing mean."""

    def __init__(
        self, pairs: Iterable[tuple[str, str]], words: Mapping[str, tuple[str, ...]] = NO_WORDS
    ) -> None:
        pairs = list(pairs)
        self._ids = {id for id, _name in pairs}
        self._named: dict[str, list[str]] = {}
        for id, name in (*pairs, *((w, spelt) for w in words for spelt in words[w])):
            self._named.setdefault(_key(name), []).append(id)

    def ids(self, text: str) -> list[str]:
        """Every id behind ``text``, or what it is itself: width and blanks make no difference."""
        return [text] if text in self._ids else self._named.get(_key(text), [text])


def _key(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
