"""Figures of one indicator: the points out of the maximum, and the scores behind them.

They repeat for the eye what stands in words beside them, so a screen reader passes them over. Many
stand on one page, so their colours are in its style sheet (``.bar``, ``.lack``, ``.dots``); without
it, as in a notebook, they are plain black.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

_WIDTH, _MARGIN = 300, 4
"""The scale from the least to the greatest, and what a dot or a tick at an end needs beyond it."""

_STACK = 42
"""Units that the tallest stack of dots may take; beyond it the dots overlap."""

_HOLLOW = (
    "dropped_lowest",
    "dropped_highest",
    "dropped_above",
    "dropped_below",
    "replaced_lowest",
    "replaced_highest",
)
_USES = ("counted", *_HOLLOW, "excluded")
"""From the bottom of a stack to its top."""


def bar(points: str | None, maximum: str, median: str | None = None, minimum: str = "0") -> str:
    """A bar of ``points`` out of ``maximum`` with the field's ``median`` as a tick.

    Decimal strings. Without points (None) there is a dashed line, unlike a bar of 0; without a
    median there is no tick. Where ``minimum`` is below 0 the bar starts in between.
    """
    ends = Decimal(minimum), Decimal(maximum)
    tick = "" if median is None else _tick(_text(_at(median, *ends)))
    if points is None:
        line = f'<path d="M0 7h{_WIDTH}" stroke="#000" stroke-dasharray="3"/>'
        return _drawn("lack", _WIDTH, 14, line + tick)
    left, right = sorted(_at(x, *ends) for x in ("0", points))
    return _drawn("bar", _WIDTH, 14, _rect(left, right) + tick)


def dots(scores: Sequence[Mapping[str, str]], maximum: str, minimum: str = "0") -> str:
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
    ends = Decimal(minimum), Decimal(maximum)
    placed = [(_text(_at(points, *ends)), uses) for points, uses in stacks.items()]
    return _drawn("dots", _WIDTH, floor + 5, _stacked(placed, floor, gap), ' stroke="#000"')


def legend(name: str) -> str:
    """The sign that stands in a legend: a ``use`` of a score, ``bar`` or ``median``."""
    if name == "bar":
        return _drawn("bar", 8, 14, _rect(Decimal(0), Decimal(8)))
    if name == "median":
        return _drawn("lack", 8, 14, _tick("3"))
    return _drawn("dots", 8, 14, _stacked([("4", [name])], 7, 8), ' stroke="#000"')


def _drawn(name: str, width: int, height: int, body: str, look: str = "") -> str:
    view = f"-{_MARGIN} 0 {width + 2 * _MARGIN} {height}"
    return f'<svg class="{name}" aria-hidden="true" viewBox="{view}"{look}>{body}</svg>'


def _at(points: str, low: Decimal, high: Decimal) -> Decimal:
    """Where ``points`` lie on the scale, to a tenth of a unit.

    What a measured value gives beyond the ends is drawn at the end.
    """
    inside = min(max(Decimal(points), low), high)
    x = (inside - low) * _WIDTH / (high - low)
    return x.quantize(Decimal("0.1"), ROUND_HALF_UP)


def _text(x: Decimal) -> str:
    return f"{x.normalize():f}"


def _rect(left: Decimal, right: Decimal) -> str:
    x = f'x="{_text(left)}" ' if left else ""
    return f'<rect {x}y="3" width="{_text(right - left)}" height="8"/>'


def _tick(x: str) -> str:
    return f'<rect x="{x}" width="3" height="14"/>'


def _stacked(placed: Sequence[tuple[str, Sequence[str]]], floor: int, gap: int) -> str:
    """Equal scores above each other: filled, then hollow ones, then crosses.

    Dashes without length and with round ends are dots, so that one line draws a whole stack; the
    style sheet sets them 8 apart.
    """
    filled = hollow = crosses = ""
    for x, uses in placed:
        rounds = [use for use in uses if use != "excluded"]
        light = sum(use in _HOLLOW for use in rounds)
        top = floor - gap * (len(rounds) - 1)
        filled += _line(x, floor, top) if rounds else ""
        hollow += _line(x, top + gap * (light - 1), top) if light else ""
        for n in range(len(uses) - len(rounds)):
            crosses += f"M{x} {top - gap * (n + 1)}m-3-3l6 6m0-6l-6 6"
    near = "" if gap == 8 else f' stroke-dasharray="0 {gap}"'
    body = f'<path{near} d="{filled}"/>' if filled else ""
    body += f'<path class="hollow"{near} d="{hollow}"/>' if hollow else ""
    return body + (f'<path class="cross" d="{crosses}"/>' if crosses else "")


def _line(x: str, low: int, high: int) -> str:
    return f"M{x} {low}V{high - Decimal('0.5')}"
