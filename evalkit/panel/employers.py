"""Names of employers: which are the same however typed, and which a person must compare."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

_BRACKETS = str.maketrans("【】〔〕［］[]{}「」《》", "()()()()()()()")
_DROPPED = re.compile(r"[\s·•・\-—_,.，。、“”\"'‘’]")
_LEAST = 3
"""Characters of a name that may be near another by being a part of it."""


@lru_cache(maxsize=65_536)
def key(name: str) -> str:
    """``name`` without what typing adds: width, case, blanks, points and the shape of brackets."""
    plain = unicodedata.normalize("NFKC", name).translate(_BRACKETS)
    plain = "".join(c for c in plain if unicodedata.category(c)[0] not in "CZ")
    return _DROPPED.sub("", plain).casefold()


def near(employers: Iterable[str], parties: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Employers of experts with the parties to the round that they are like without being equal.

    Like is: the same but for what stands in brackets, a part of the other, or its abbreviation
    (浙大 for 浙江大学).
    """
    known = dict.fromkeys(parties)
    for employer in dict.fromkeys(employers):
        for party in known:
            if key(employer) != key(party) and _alike(_core(employer), _core(party)):
                yield employer, party


@lru_cache(maxsize=65_536)
def _core(name: str) -> str:
    return re.sub(r"\([^()]*\)", "", key(name)) or key(name)


def _alike(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if short == long:
        return True
    if short in long:
        # 示例单位1 is no part of 示例单位12
        rest = long.replace(short, "\0", 1).partition("\0")[2]
        return len(short) >= _LEAST and not (short[-1].isdigit() and rest[:1].isdigit())
    return 2 <= len(short) <= 4 and short[0] == long[0] and _in_order(short, long)


def _in_order(short: str, long: str) -> bool:
    """Whether the characters of ``short`` stand in ``long`` in their order."""
    rest = iter(long)
    return all(char in rest for char in short)
