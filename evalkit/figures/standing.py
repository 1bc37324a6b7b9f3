"""Where one applicant stands in the whole field."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from evalkit.base.text import Text, _
from evalkit.figures.svg import ACCENT, INK, LINE, MUTED, WASH, axis, figure, label, percent

_HEIGHT = 112


def standing(own: str | None, field: Mapping[str, str], *, language: str = "zh") -> str:
    """The range, the middle half and the median of all totals, with the ``own`` one marked.

    Decimal strings; ``field`` has ``min``, ``q1``, ``median``, ``q3`` and ``max``. Without an own
    total (None) only the field is drawn.
    """
    numbers = {name: Decimal(field[name]) for name in ("min", "q1", "median", "q3", "max")}
    ends = [*numbers.values(), *([Decimal(own)] if own is not None else [])]
    ticks = axis(min(ends), max(ends))
    low, high = ticks[0], ticks[-1]
    at = {name: percent(value, low, high) for name, value in numbers.items()}
    body = _axis(ticks, language) + _field(
        at, percent(numbers["q3"] - numbers["q1"] + low, low, high)
    )
    median = _("中位数 {median}", median=field["median"])
    body += label(at["median"], 76, median, language, f' font-size="12" fill="{INK}"')
    if own is not None:
        body += _own(percent(Decimal(own), low, high), own, language)
    return figure(_HEIGHT, _title(own), _described(field), body, language)


def _axis(ticks: list[Decimal], language: str) -> str:
    marks = "".join(f'<line x1="{x}" x2="{x}" y1="88" y2="92"/>' for x in _places(ticks))
    words = "".join(
        label(x, 105, f"{tick.normalize():f}", language)
        for x, tick in zip(_places(ticks), ticks, strict=True)
    )
    return (
        f'<g stroke="{LINE}"><line x1="0" x2="100%" y1="88" y2="88"/>{marks}</g>'
        f'<g font-size="11" fill="{MUTED}">{words}</g>'
    )


def _places(ticks: list[Decimal]) -> list[str]:
    return [percent(tick, ticks[0], ticks[-1]) for tick in ticks]


def _field(at: Mapping[str, str], width: str) -> str:
    ends = "".join(
        f'<line x1="{at[name]}" x2="{at[name]}" y1="43" y2="53"/>' for name in ("min", "max")
    )
    return (
        f'<g stroke="{INK}"><line x1="{at["min"]}" x2="{at["max"]}" y1="48" y2="48"/>{ends}'
        f'<rect x="{at["q1"]}" y="38" width="{width}" height="20" fill="{WASH}"/>'
        f'<line x1="{at["median"]}" x2="{at["median"]}" y1="38" y2="58" stroke-width="3"/></g>'
    )


def _own(x: str, own: str, language: str) -> str:
    look = f' font-size="14" font-weight="700" fill="{ACCENT}"'
    words = label(x, 13, _("本单位 {total}", total=own), language, look)
    return (
        f'{words}<svg x="{x}" y="19" overflow="visible" fill="{ACCENT}">'
        '<path d="M-6 0H6L0 10Z"/><path d="M-1 8h2v36h-2z"/></svg>'
    )


def _title(own: str | None) -> Text:
    if own is None:
        return _("全体总分的分布")
    return _("本单位总分 {total} 在全体中的位置", total=own)


def _described(field: Mapping[str, str]) -> Text:
    return _(
        "全体最低 {min}，下四分位数 {q1}，中位数 {median}，上四分位数 {q3}，最高 {max}", **field
    )
