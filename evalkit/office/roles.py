"""Roles however they are written: one office under its full and its short name, in any width.

A text calls the same office 省工业和信息化厅 and 省工信厅; a secretary types brackets of the other
width, a list with 、 or 由…负责. What is the same is taken for the same, what is merely near is
named for a person to decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from evalkit.base.text import Text, _
from evalkit.panel.employers import key, near

_SHORT = {
    "工业和信息化": "工信",
    "发展和改革": "发改",
    "发展改革": "发改",
    "政务服务和数据管理": "政数",
    "政务和数据": "政数",
    "科学技术": "科技",
    "人力资源和社会保障": "人社",
    "人力资源社会保障": "人社",
    "卫生健康": "卫健",
    "委员会": "委",
    "人民政府": "政府",
}
"""Full names with the short forms that official texts use for them; longer ones first."""

_BY = re.compile(r"^由(.+?)(?:负责|组织|办理|决定|判断|实施|认定)?$")


@lru_cache(maxsize=4096)
def plain(role: str) -> str:
    """``role`` in its shortest spelling, without blanks, width, points and the shape of brackets.

    各赋能中心 and 赋能中心 are the same role, held by many.
    """
    found = key(role.strip())
    if match := _BY.match(found):
        found = match[1]
    for name, short in _SHORT.items():
        found = found.replace(name, short)
    return found.removeprefix("各")


@lru_cache(maxsize=4096)
def spellings(role: str) -> frozenset[str]:
    """Each way in which ``role`` may be held: as a whole, or one of those that 或 leaves open."""
    return frozenset({plain(role), *map(plain, _outside_brackets(role, "或"))})


@lru_cache(maxsize=4096)
def held(roles: tuple[str, ...]) -> frozenset[str]:
    """What a person with these ``roles`` is; a list with 、 or ； names several."""
    return frozenset(
        plain(part)
        for role in roles
        for part in (role, *_outside_brackets(_unwrapped(role), "、，,;；/"))
    )


def matches(needed: str, roles: Iterable[str]) -> bool:
    """Whether somebody with ``roles`` may act as ``needed``."""
    return bool(spellings(needed) & held(tuple(roles)))


def hint(role: str, known: Iterable[str]) -> Text | None:
    """Which of the ``known`` roles may be meant by ``role``; None where nothing is near."""
    names = {plain(name): name for name in known}
    close = [names[b] for _a, b in near([plain(role)], names)]
    return _("相近的有：{names}", names=sorted(close)) if close else None


def _unwrapped(role: str) -> str:
    match = _BY.match(role.strip())
    return match[1] if match else role


def _outside_brackets(text: str, marks: str) -> list[str]:
    """The parts of ``text`` between ``marks``; what stands in brackets is not divided."""
    parts, depth = [""], 0
    for char in text:
        depth += (char in "(（[【〔") - (char in ")）]】〕")
        if char in marks and depth <= 0:
            parts.append("")
        else:
            parts[-1] += char
    return [part for part in parts if part.strip()] if len(parts) > 1 else []
