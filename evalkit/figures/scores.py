"""Figures of one indicator: the points out of the maximum, and the scores behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from evalkit.figures.svg import ACCENT, INK, LINE, WASH, figure, percent
from evalkit.text import Text, _

_STACK = 42
"""Pixels that the tallest stack of dots may take; beyond it the dots overlap."""

_HOLLOW = ("dropped_lowest", "dropped_highest", "replaced_lowest", "replaced_highest")
_USES = ("counted", *_HOLLOW, "excluded")
"""From the bottom of a stack to its top."""


def bar(
    points: str | None,
    maximum: str,
    median: str | None = None,
    minimum: str = "0",
    *,
    language: str = "zh",
) -> str:
    """A bar of ``points`` out of ``maximum`` with the field's ``median`` as a tick.

    Decimal strings. Without points (None) the track stays empty and dashed, unlike a bar of 0;
    without a median there is no tick. Where ``minimum`` is below 0 the bar starts in between.
    """
    body = f'<rect y="3" width="100%" height="8" fill="{WASH}"/>'
    if points is None:
        body = f'<rect y="3" width="100%" height="8" fill="none" stroke="{LINE}" {_DASHED}/>'
    else:
        body += _filled(Decimal(points), maximum, minimum)
    if median is not None:
        body += _tick(_at(median, maximum, minimum))
    return figure(14, _said(points, maximum), _field(median), body, language)


def dots(
    scores: Sequence[Mapping[str, str]], maximum: str, minimum: str = "0", *, language: str = "zh"
) -> str:
    """The scores of the experts as dots from ``minimum`` to ``maximum``, equal ones stacked.

    ``scores`` have ``points`` (decimal strings) and ``use``: counted ones are filled, dropped and
    replaced ones hollow, excluded ones crosses. No scores give a figure without dots.
    """
    stacks: dict[str, list[str]] = {}
    for use in _USES:
        for score in scores:
            if score["use"] == use:
                stacks.setdefault(score["points"], []).append(use)
    tallest = max((len(stack) for stack in stacks.values()), default=0)
    gap = min(8, max(1, _STACK // max(tallest - 1, 1)))
    floor = 5 + gap * max(tallest - 1, 0)
    body = "".join(
        _stack(_at(points, maximum, minimum), floor, gap, uses) for points, uses in stacks.items()
    )
    title = _("{n} 个评分的分布", n=len(scores))
    listed = Text("{scores}", {"scores": [score["points"] for score in scores]})
    return figure(floor + 5, title, listed, body, language, _dotted(gap))


def legend(name: str) -> str:
    """The sign that stands in a legend: a ``use`` of a score, ``bar`` or ``median``."""
    look = ""
    if name == "bar":
        body = f'<rect y="3" width="16" height="8" fill="{ACCENT}"/>'
    elif name == "median":
        body = _tick("50%")
    else:
        body, look = _stack("50%", 7, 8, [name]), _dotted(8)
    return f'<svg aria-hidden="true" width="16" height="14" overflow="visible"{look}>{body}</svg>'


_DASHED = 'stroke-dasharray="3"'


def _at(points: str | Decimal, maximum: str, minimum: str) -> str:
    """Where ``points`` lie; what a measured value gives beyond the ends is drawn at the end."""
    low, high = Decimal(minimum), Decimal(maximum)
    return percent(min(max(Decimal(points), low), high), low, high)


def _filled(points: Decimal, maximum: str, minimum: str) -> str:
    """From 0 to ``points``, to whichever side."""
    ends = (_at(x, maximum, minimum) for x in (Decimal(0), points))
    left, right = sorted(Decimal(x.rstrip("%")) for x in ends)
    x = f'x="{left.normalize():f}%" ' if left else ""
    width = f"{(right - left).normalize():f}%"
    return f'<rect {x}y="3" width="{width}" height="8" fill="{ACCENT}"/>'


def _tick(x: str) -> str:
    # The white edge keeps the tick visible on the dark bar, also in black and white.
    return f'<rect x="{x}" width="3" height="14" fill="{INK}" stroke="#fff"/>'


def _dotted(gap: int) -> str:
    # Dashes without length and with round ends are dots: one line draws a whole stack.
    return f' stroke="{INK}" stroke-width="7" stroke-linecap="round" stroke-dasharray="0 {gap}"'


def _stack(x: str, floor: int, gap: int, uses: Sequence[str]) -> str:
    """Equal scores above each other: filled, then hollow ones, then crosses."""
    rounds = [use for use in uses if use != "excluded"]
    hollow = sum(use in _HOLLOW for use in rounds)
    above = floor - gap * len(rounds)
    body = _column(x, floor, gap, len(rounds), "")
    body += _column(x, above + gap * hollow, gap, hollow, ' stroke="#fff" stroke-width="4.6"')
    return body + "".join(
        f'<text x="{x}" y="{above - gap * n + 5}" text-anchor="middle" fill="{INK}" stroke="none"'
        ' font-size="14">×</text>'
        for n in range(len(uses) - len(rounds))
    )


def _column(x: str, floor: int, gap: int, n: int, look: str) -> str:
    if n == 0:
        return ""
    top = f"{floor - gap * (n - 1) - Decimal('0.5')}"
    return f'<line x1="{x}" x2="{x}" y1="{floor}" y2="{top}"{look}/>'


def _said(points: str | None, maximum: str) -> Text:
    if points is None:
        return _("没有得分，满分 {max} 分", max=maximum)
    return _("得 {points} 分，满分 {max} 分", points=points, max=maximum)


def _field(median: str | None) -> Text:
    if median is None:
        return _("没有全体的统计")
    return _("全体中位数 {median} 分", median=median)
