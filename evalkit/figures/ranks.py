"""Ranks that could have been: one row of a table each, on a common axis, with the line drawn."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from evalkit.base.text import Text, _
from evalkit.figures.svg import ACCENT, INK, LINE, MUTED, captions, figure, percent

_HEIGHT = 24
_MIDDLE = _HEIGHT // 2

Axis = tuple[int, int]
"""First and last rank that the rows show."""


def rank_axis(axis: Axis, *, language: str = "zh") -> str:
    """The ranks above the rows of a table."""
    first, last = axis
    step = next(
        s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10**9) if last - first < 8 * s
    )
    ticks = [r for r in range(first, last + 1) if r % step == 0 or r == first]
    if len(ticks) > 1 and ticks[1] - ticks[0] < step / 2:
        del ticks[1]
    words = "".join(f'<text x="{_x(r, axis)}" y="13">{r}</text>' for r in ticks)
    listed = Text("{ticks}", {"ticks": ticks})
    title = _("名次从第 {first} 名到第 {last} 名", first=first, last=last)
    return figure(18, title, listed, captions(words), language)


def rank_range(
    rank: int, low: int, high: int, axis: Axis, places: int | None = None, *, language: str = "zh"
) -> str:
    """The official ``rank`` as a dot on a bar from ``low`` to ``high``."""
    bar = (
        f'<line x1="{_x(low, axis)}" x2="{_x(high, axis)}" y1="{_MIDDLE}" y2="{_MIDDLE}"'
        f' stroke="{LINE}" stroke-width="9" stroke-linecap="round"/>'
    )
    dot = f'<circle cx="{_x(rank, axis)}" cy="{_MIDDLE}" r="4" fill="{ACCENT}"/>'
    desc = _("变动范围第 {low} 至第 {high} 名", low=low, high=high)
    return figure(_HEIGHT, _official(rank), desc, _line(axis, places) + bar + dot, language)


def left_out(
    rank: int, times: Mapping[str, int], axis: Axis, places: int | None = None, *,
    language: str = "zh",
) -> str:  # fmt: skip
    """Ranks without one expert as rings, larger for more experts; a tick at the official rank.

    ``times`` counts, for each rank, the experts whose absence leads to it; its keys are text, as in
    JSON.
    """
    found = sorted((int(r), n) for r, n in times.items())
    most = max((n for _r, n in found), default=1)
    body = _line(axis, places)
    if found:
        ends = _x(found[0][0], axis), _x(found[-1][0], axis)
        body += (
            f'<line x1="{ends[0]}" x2="{ends[1]}" y1="{_MIDDLE}" y2="{_MIDDLE}" stroke="{MUTED}"/>'
        )
    for r, n in found:
        size = (Decimal(3) + Decimal(3) * n / most).quantize(Decimal("0.1"))
        body += (
            f'<circle cx="{_x(r, axis)}" cy="{_MIDDLE}" r="{size}" fill="#fff" stroke="{INK}"'
            ' stroke-width="1.5"/>'
        )
    x = _x(rank, axis)
    body += f'<line x1="{x}" x2="{x}" y1="3" y2="21" stroke="{ACCENT}" stroke-width="2.5"/>'
    said = [_("第 {rank} 名 {n} 次", rank=r, n=n) for r, n in found]
    desc = _("逐一少一位专家：{times}", times=said)
    return figure(_HEIGHT, _official(rank), desc, body, language)


def rank_sign(name: str) -> str:
    """The sign in a legend: ``official``, ``range``, ``left_out`` or ``line``."""
    body = {
        "official": f'<circle cx="11" cy="7" r="4" fill="{ACCENT}"/>',
        "range": f'<line x1="5" x2="17" y1="7" y2="7" stroke="{LINE}" stroke-width="9"'
        ' stroke-linecap="round"/>',
        "left_out": f'<circle cx="11" cy="7" r="5" fill="#fff" stroke="{INK}" stroke-width="1.5"/>',
        "line": f'<line x1="11" x2="11" y1="0" y2="14" stroke="{INK}" stroke-dasharray="3 3"/>',
    }[name]
    return f'<svg aria-hidden="true" width="22" height="14">{body}</svg>'


def _official(rank: int) -> Text:
    return _("正式名次第 {rank} 名", rank=rank)


def _x(rank: int, axis: Axis) -> str:
    first, last = axis
    return percent(2 * (rank - first) + 1, 0, 2 * (last - first + 1))


def _line(axis: Axis, places: int | None) -> str:
    first, last = axis
    if places is None or not first <= places < last:
        return ""
    x = percent(places - first + 1, 0, last - first + 1)
    return (
        f'<line x1="{x}" x2="{x}" y1="-5" y2="{_HEIGHT + 4}" stroke="{INK}"'
        ' stroke-dasharray="3 3"/>'
    )
