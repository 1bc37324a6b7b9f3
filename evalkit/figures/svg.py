"""What all figures share: the frame that a screen reader can name, positions, and a round axis."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from html import escape

from evalkit.base.text import Text

ACCENT, INK, MUTED, LINE, WASH = "#1b4f72", "#1d242b", "#57626c", "#aeb8c1", "#e7ecf0"


def figure(height: int, title: Text, desc: Text, body: str, language: str, look: str = "") -> str:
    """An ``<svg>`` as wide as its place and ``height`` pixels high, named and described.

    ``look`` holds attributes that the whole body shares.
    """
    return (
        f'<svg role="img" width="100%" height="{height}" overflow="visible"{look}>'
        f"<title>{escape(title.render(language))}</title>"
        f"<desc>{escape(desc.render(language))}</desc>{body}</svg>"
    )


def percent(value: Decimal, low: Decimal, high: Decimal) -> str:
    """Where ``value`` lies from ``low`` to ``high``, as a percentage; the middle if both meet."""
    share = (value - low) * 100 / (high - low) if high > low else Decimal(50)
    return f"{share.quantize(Decimal('0.01'), ROUND_HALF_UP).normalize():f}%"


def label(x: str, y: int, words: Text | str, language: str, look: str = "") -> str:
    """Text at ``x`` (a percentage) that leans inwards near the left and the right end."""
    share = Decimal(x.removesuffix("%"))
    anchor = "start" if share < 15 else "end" if share > 85 else "middle"
    said = escape(words.render(language) if isinstance(words, Text) else words)
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}"{look}>{said}</text>'


def axis(low: Decimal, high: Decimal) -> list[Decimal]:
    """Round numbers in equal steps from at or below ``low`` to at or above ``high``.

    At least two and at most six.
    """
    step, factors = Decimal("0.01"), (Decimal(2), Decimal("2.5"), Decimal(2))
    turn = 0
    while True:
        first = (low / step).to_integral_value(ROUND_FLOOR)
        last = max((high / step).to_integral_value(ROUND_CEILING), first + 1)
        if last - first < 6:
            return [step * n for n in range(int(first), int(last) + 1)]
        step, turn = step * factors[turn % 3], turn + 1
