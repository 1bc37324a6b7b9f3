"""How far each expert's total lies from the middle one of the same applicant, a row at a time."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from html import escape

from evalkit.base.text import Text, _
from evalkit.figures.svg import INK, LINE, captions, figure, percent

_TONES = (
    ("#fff", INK),
    ("#e7ecf0", INK),
    ("#b9c6d2", INK),
    ("#6f8aa3", "#fff"),
    ("#1b3f5f", "#fff"),
)
"""Fill and letters, from near to far. Sign and size also stand in the cell, for black and white."""

_HEIGHT = 24
_WORDS, _SIGNS = 14, 44
"""Up to this many experts a cell has room for its number, or at least for its sign."""


def heat_names(names: Sequence[str], *, language: str = "zh") -> str:
    """The experts above the rows; their numbers where there are many."""
    shown = names if len(names) <= 10 else [str(n) for n in range(1, len(names) + 1)]
    step = 1 if len(names) <= _SIGNS else 10
    words = "".join(
        f'<text x="{_middle(n, len(names))}" y="13">{escape(name)}</text>'
        for n, name in enumerate(shown)
        if (n + 1) % step == 0 or step == 1
    )
    listed = Text("{names}", {"names": list(names)})
    return figure(18, _("专家"), listed, captions(words), language)


def heat_row(cells: Sequence[str | None], levels: Sequence[str], *, language: str = "zh") -> str:
    """One applicant: signed deviations (decimal strings), nothing where an expert has no total.

    ``levels`` are the four sizes from which on a cell is darker.
    """
    n = len(cells)
    body = "".join(_cell(cell, k, n, levels) for k, cell in enumerate(cells))
    there = [Decimal(cell) for cell in cells if cell is not None]
    title = _("{n} 位专家的总分与居中总分的差", n=len(there))
    listed = Text("{cells}", {"cells": ["—" if cell is None else cell for cell in cells]})
    return figure(_HEIGHT, title, listed, body, language)


def heat_tone(level: int) -> str:
    """The sign of a tone in a legend, from 0 (near) to 4 (far)."""
    box = f'<rect x=".5" y=".5" width="21" height="13" fill="{_TONES[level][0]}" stroke="{LINE}"/>'
    return f'<svg aria-hidden="true" width="22" height="14">{box}</svg>'


def _cell(cell: str | None, k: int, n: int, levels: Sequence[str]) -> str:
    place = f'x="{percent(k, 0, n)}" y="1" width="{percent(1, 0, n)}" height="22"'
    if cell is None:
        return ""
    value = Decimal(cell)
    level = sum(abs(value) >= Decimal(bound) for bound in levels)
    fill, ink = _TONES[level]
    box = f'<rect {place} fill="{fill}" stroke="{LINE}"/>'
    words = _signed(value) if n <= _WORDS else _signed(value)[0] if n <= _SIGNS and level else ""
    if not words:
        return box
    look = f'font-size="11" fill="{ink}" text-anchor="middle"'
    return f'{box}<text x="{_middle(k, n)}" y="16" {look}>{words}</text>'


def _middle(k: int, n: int) -> str:
    return percent(2 * k + 1, 0, 2 * n)


def _signed(value: Decimal) -> str:
    plain = value.normalize()
    return f"{plain:+f}".replace("-", "−") if plain else "0"
