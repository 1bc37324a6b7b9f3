"""Milestones over a year, and how many of them stand where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from evalkit.base.text import Text, _
from evalkit.figures.svg import ACCENT, INK, LINE, MUTED, WASH, captions, figure, label, percent

NAMES = {
    "done": _("已完成"),
    "overdue": _("逾期未完成"),
    "due": _("近期到期"),
    "upcoming": _("未到期"),
}
"""Every state in words, in the order in which a stack and a tally show them."""

_GAP, _TALLEST = 10, 132
"""Pixels between the signs of a stack, and the most that a stack may take."""


def timeline(
    nodes: Sequence[Mapping[str, Any]],
    year: int,
    on: str,
    assessed: Sequence[str],
    *,
    language: str = "zh",
) -> str:
    """The due days of milestones over the year, with the day of the assessment as a line.

    ``nodes`` have ``due`` (a day of the year, ISO 8601) and ``state``; those of one day are
    stacked. ``assessed`` are the declared days of assessment, marked on the axis.
    """
    columns = {
        day: sorted((node["state"] for node in same), key=list(NAMES).index)
        for day, same in groupby(sorted(nodes, key=lambda n: n["due"]), key=lambda n: n["due"])
    }
    most = max((len(states) for states in columns.values()), default=1)
    gap = min(Decimal(_GAP), Decimal(_TALLEST) / most).quantize(Decimal("0.1"))
    floor = 30 + int(gap * most)
    body = _months(year, floor, language) + _today(year, on, floor, language)
    body += "".join(_flag(_at(year, day), floor) for day in assessed)
    for day, states in columns.items():
        x = _at(year, day)
        body += "".join(_sign(s, x, f"{floor - gap * n - 8}") for n, s in enumerate(states))
    title = _("{year} 年 {n} 个时间节点的完成时限", year=year, n=len(nodes))
    return figure(floor + 24, title, _described(nodes), body, language)


def tally(counts: Mapping[str, int], most: int, *, language: str = "zh") -> str:
    """How many milestones stand where, as one bar; ``most`` milestones would fill it."""
    x, body = 0, ""
    for state, look in _LOOKS.items():
        if counts[state]:
            width, at = (percent(n, 0, max(most, 1)) for n in (counts[state], x))
            body += f'<rect x="{at}" y="2" width="{width}" height="10" {look}/>'
            x += counts[state]
    said = [_("{name} {n}", name=name, n=counts[state]) for state, name in NAMES.items()]
    title = _("{n} 个时间节点", n=sum(counts[state] for state in NAMES))
    return figure(14, title, Text("{said}", {"said": said}), body, language)


def sign(state: str) -> str:
    """The sign of a state, for a legend or a table; ``assessed`` is the flag on the axis."""
    body = _flag("50%", 4) if state == "assessed" else _sign(state, "50%", "7")
    return f'<svg aria-hidden="true" width="16" height="14" overflow="visible">{body}</svg>'


_LOOKS = {
    "done": f'fill="{ACCENT}" stroke="{ACCENT}"',
    "overdue": f'fill="#fff" stroke="{INK}" stroke-width="2"',
    "due": f'fill="{LINE}" stroke="{LINE}"',
    "upcoming": f'fill="{WASH}" stroke="{LINE}"',
}


def _sign(state: str, x: str, y: str) -> str:
    """A full dot, a cross, a ring and a small ring: they differ without colour, too."""
    if state == "overdue":
        return (
            f'<text x="{x}" y="{y}" dy="6" text-anchor="middle" font-size="17" font-weight="700"'
            f' fill="{INK}">×</text>'
        )
    look = {
        "done": f'r="4" fill="{ACCENT}"',
        "due": f'r="3.5" fill="#fff" stroke="{INK}" stroke-width="1.5"',
        "upcoming": f'r="2.5" fill="#fff" stroke="{MUTED}"',
    }[state]
    return f'<circle cx="{x}" cy="{y}" {look}/>'


def _at(year: int, day: str) -> str:
    """Where a day lies; outside the year it lies at its nearer end."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    days = (min(max(date.fromisoformat(day), first), last) - first).days
    # a margin of four days keeps the signs at both ends inside
    return percent(days, -4, (last - first).days + 4)


def _months(year: int, floor: int, language: str) -> str:
    starts = [_at(year, date(year, month, 1).isoformat()) for month in range(1, 13)]
    middles = [_at(year, date(year, month, 16).isoformat()) for month in range(1, 13)]
    marks = "".join(f'<line x1="{x}" x2="{x}" y1="{floor}" y2="{floor + 5}"/>' for x in starts)
    names = [_("{n}月", n=n).render(language) for n in range(1, 13)]
    words = "".join(
        f'<text x="{x}" y="{floor + 18}">{name}</text>'
        for x, name in zip(middles, names, strict=True)
    )
    return (
        f'<g stroke="{LINE}"><line x1="0" x2="100%" y1="{floor}" y2="{floor}"/>{marks}</g>'
        f"{captions(words)}"
    )


def _flag(x: str, floor: int) -> str:
    return (
        f'<svg x="{x}" y="{floor}" overflow="visible" fill="{MUTED}"><path d="M-4 7H4L0 0Z"/></svg>'
    )


def _today(year: int, on: str, floor: int, language: str) -> str:
    x = _at(year, on)
    words = label(
        x,
        11,
        _("评估日 {day}", day=on),
        language,
        f' font-size="12" font-weight="700" fill="{INK}"',
    )
    return f'{words}<line x1="{x}" x2="{x}" y1="16" y2="{floor}" stroke="{INK}"/>'


def _described(nodes: Sequence[Mapping[str, Any]]) -> Text:
    said = [
        _("{name} {n}", name=name, n=sum(node["state"] == state for node in nodes))
        for state, name in NAMES.items()
    ]
    return Text("{said}", {"said": said})
