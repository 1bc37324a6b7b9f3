"""The scores of one item as dots on its scale, with their middle; and the sign of a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from evalkit.base.text import Text, _
from evalkit.figures.svg import ACCENT, INK, LINE, MUTED, figure, percent

_HEIGHT, _FLOOR, _ROOM = 30, 22, 16
"""Pixels: of the strip, where its scale lies, and what the tallest stack of dots may take."""


def spread(
    scores: Sequence[str],
    low: str,
    high: str,
    median: str | None,
    moved: Sequence[Sequence[str]] = (),
    *,
    language: str = "zh",
) -> str:
    """Scores (decimal strings) from ``low`` to ``high``, equal ones stacked, a tick at ``median``.

    ``moved`` are pairs of before and after: a ring stays where a score was, with a line to where
    it is now.
    """
    ends = Decimal(low), Decimal(high)
    body = (
        f'<line x1="1%" x2="99%" y1="{_FLOOR}" y2="{_FLOOR}" stroke="{LINE}"/>'
        f'<line x1="1%" x2="1%" y1="{_FLOOR - 3}" y2="{_FLOOR + 3}" stroke="{LINE}"/>'
        f'<line x1="99%" x2="99%" y1="{_FLOOR - 3}" y2="{_FLOOR + 3}" stroke="{LINE}"/>'
    )
    for before, after in moved:
        x, to = _x(before, *ends), _x(after, *ends)
        body += (
            f'<line x1="{x}" x2="{to}" y1="{_FLOOR}" y2="{_FLOOR}" stroke="{MUTED}"'
            f' stroke-width="2"/><circle cx="{x}" cy="{_FLOOR}" r="4" fill="#fff"'
            f' stroke="{MUTED}" stroke-width="1.5"/>'
        )
    if median is not None:
        x = _x(median, *ends)
        body += f'<line x1="{x}" x2="{x}" y1="2" y2="28" stroke="{INK}" stroke-width="1.5"/>'
    stacks: dict[str, int] = {}
    for points in scores:
        stacks[points] = stacks.get(points, 0) + 1
    for points, n in stacks.items():
        x, gap = _x(points, *ends), min(8, _ROOM // max(n - 1, 1))
        body += "".join(
            f'<circle cx="{x}" cy="{_FLOOR - gap * k}" r="4" fill="{ACCENT}"/>' for k in range(n)
        )
    return figure(_HEIGHT, _title(scores, low, high), _described(median, moved), body, language)


def _title(scores: Sequence[str], low: str, high: str) -> Text:
    if not scores:
        return _("没有评分")
    ordered = sorted(scores, key=Decimal)
    return _("{n} 个评分：{scores}（{low} 至 {high} 分）", n=len(scores), scores=list(ordered),
             low=low, high=high)  # fmt: skip


def _described(median: str | None, moved: Sequence[Sequence[str]]) -> Text:
    changes = [_("{a} 改为 {b}", a=a, b=b) for a, b in moved]
    if median is None:
        return _("没有评分")
    if changes:
        return _("中位数 {median}；讨论中 {changes}", median=median, changes=changes)
    return _("中位数 {median}", median=median)


def _x(points: str, low: Decimal, high: Decimal) -> str:
    """Where ``points`` lie, with room for half a dot at both ends."""
    share = percent(min(max(Decimal(points), low), high), low, high).removesuffix("%")
    return f"{(Decimal(share) * Decimal('0.98') + 1).quantize(Decimal('0.01')).normalize():f}%"


_RING = f'<circle cx="9" cy="9" r="7" fill="#fff" stroke="{MUTED}" stroke-width="1.5"/>'
_CHECK = '<path d="M5.2 9.4l2.6 2.6 5-5.6" fill="none" stroke="#fff" stroke-width="2"/>'


def sheet_sign(state: str, filled: int = 0, items: int = 0) -> str:
    """The sign of a sheet's state (`evalkit.record.sheets`): all differ in shape, too."""
    body = {
        "none": "",
        "recused": f'<path d="M4 14L14 4" stroke="{MUTED}" stroke-width="2"/>',
        "empty": _RING,
        "begun": _RING + _wedge(filled, items),
        "given_back": _RING + f'<path d="M12.5 9H6.2m2.6-2.8L6 9l2.8 2.8" fill="none"'
        f' stroke="{INK}" stroke-width="1.6"/>',
        "submitted": f'<circle cx="9" cy="9" r="7.75" fill="{ACCENT}"/>{_CHECK}',
        "paper": f'<rect x="1.5" y="1.5" width="15" height="15" fill="{ACCENT}"/>{_CHECK}',
    }[state]
    return f'<svg class="ek-sign" aria-hidden="true" width="18" height="18">{body}</svg>'


def _wedge(filled: int, items: int) -> str:
    """As much of the ring as is filled in; a ring's circumference does for an angle."""
    around = Decimal(22)
    share = (around * filled / max(items, 1)).quantize(Decimal("0.1"))
    return (
        f'<circle cx="9" cy="9" r="3.5" fill="none" stroke="{ACCENT}" stroke-width="7"'
        f' stroke-dasharray="{share} {around}" transform="rotate(-90 9 9)"/>'
    )
