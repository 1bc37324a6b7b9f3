"""How far a target with a number is attained."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from evalkit.base.text import Text, _
from evalkit.figures.svg import ACCENT, INK, LINE, WASH, figure, percent


def reach(
    value: str | None, span: Mapping[str, str | bool | None], unit: str, *, language: str = "zh"
) -> str:
    """A bar of ``value`` from 0, and a tick at each end of the values that attain the target.

    Decimal strings; ``span`` has ``low`` and ``high`` (None: without a limit). The scale goes a
    fifth beyond the greatest of them. Without a value (None) the track stays empty and dashed,
    unlike a bar of 0.
    """
    ends = [Decimal(str(end)) for end in (span["low"], span["high"]) if end is not None]
    full = max([*ends, Decimal(value or 0), Decimal(0)]) * Decimal("1.2") or Decimal(1)

    def at(number: Decimal) -> str:
        return percent(max(number, Decimal(0)), 0, full)

    track = f'<rect y="3" width="100%" height="8" fill="{WASH}"/>'
    if value is None:
        track = (
            f'<rect y="3" width="100%" height="8" fill="none" stroke="{LINE}"'
            ' stroke-dasharray="3"/>'
        )
    else:
        track += f'<rect y="3" width="{at(Decimal(value))}" height="8" fill="{ACCENT}"/>'
    # The white edge keeps a tick visible on the dark bar, also in black and white.
    ticks = "".join(
        f'<rect x="{at(end)}" width="3" height="14" fill="{INK}" stroke="#fff"/>' for end in ends
    )
    return figure(14, _said(value, unit), _aim(span, unit), track + ticks, language)


def _said(value: str | None, unit: str) -> Text:
    if value is None:
        return _("没有数据")
    return _("现为 {value} {unit}", value=value, unit=unit)


def _aim(span: Mapping[str, str | bool | None], unit: str) -> Text:
    if span["high"] is None:
        return _("刻度在 {low} {unit}", low=span["low"], unit=unit)
    return _("刻度在 {low} 和 {high} {unit}", low=span["low"], high=span["high"], unit=unit)
