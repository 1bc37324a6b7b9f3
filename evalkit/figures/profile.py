"""All totals of a round in the order of rank."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from evalkit.base.text import Text, _
from evalkit.figures.svg import ACCENT, LINE, MUTED, axis, captions, figure, percent

_TOP, _BOTTOM, _SLOTS = 10, 170, 12


def profile(rows: Sequence[tuple[str, str]], *, language: str = "zh") -> str:
    """Totals in the order of rank as dots, with a hollow dot where each stood without its bonus.

    ``rows`` are (total, base), decimal strings, best first; gaps between neighbours show where a
    line can be drawn. No rows give an empty string.
    """
    if not rows:
        return ""
    pairs = [(Decimal(total), Decimal(base)) for total, base in rows]
    ticks = axis(min(min(pair) for pair in pairs), max(max(pair) for pair in pairs))
    slots = max(len(pairs), _SLOTS)
    radius = "3.6" if slots <= 60 else "2"
    body = _grid(ticks) + _ranks(len(pairs), slots)
    for n, (total, base) in enumerate(pairs):
        body += _mark(_x(n, slots), _y(total, ticks), _y(base, ticks), radius)
    title = _("{n} 个参评对象的总分，按名次排列", n=len(pairs))
    return figure(194, title, _described(rows), body, language)


def _x(n: int, slots: int) -> str:
    # The left margin of 6 % holds the numbers of the axis.
    share = 6 + Decimal(94) * (2 * n + 1) / (2 * slots)
    return percent(share, 0, 100)


def _y(value: Decimal, ticks: list[Decimal]) -> str:
    share = (value - ticks[0]) / (ticks[-1] - ticks[0])
    y = _BOTTOM - share * (_BOTTOM - _TOP)
    return f"{y.quantize(Decimal('0.1'), ROUND_HALF_UP).normalize():f}"


def _mark(x: str, total: str, base: str, radius: str) -> str:
    before = ""
    if base != total:
        before = (
            f'<line x1="{x}" x2="{x}" y1="{total}" y2="{base}" stroke="{ACCENT}"/>'
            f'<circle cx="{x}" cy="{base}" r="{radius}" fill="#fff" stroke="{ACCENT}"/>'
        )
    return f'{before}<circle cx="{x}" cy="{total}" r="{radius}" fill="{ACCENT}"/>'


def _grid(ticks: list[Decimal]) -> str:
    lines = "".join(
        f'<line x1="5%" x2="100%" y1="{_y(tick, ticks)}" y2="{_y(tick, ticks)}"/>' for tick in ticks
    )
    words = "".join(
        f'<text x="4%" y="{_y(tick, ticks)}" dy="4">{tick.normalize():f}</text>' for tick in ticks
    )
    return (
        f'<g stroke="{LINE}" stroke-width=".6">{lines}</g>'
        f'<g font-size="11" fill="{MUTED}" text-anchor="end">{words}</g>'
    )


def _ranks(n: int, slots: int) -> str:
    step = next(s for s in (1, 5, 10, 20, 50, 100, 200, 500, 1000, 10**9) if n <= 15 * s)
    shown = sorted({0, *range(step - 1, n, step)})
    words = "".join(f'<text x="{_x(k, slots)}" y="188">{k + 1}</text>' for k in shown)
    return captions(words)


def _described(rows: Sequence[tuple[str, str]]) -> Text:
    totals = sorted((total for total, _base in rows), key=Decimal)
    return _("最高 {max} 分，最低 {min} 分", max=totals[-1], min=totals[0])
