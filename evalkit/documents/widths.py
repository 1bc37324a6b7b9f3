"""Columns wide enough for their words: Chinese breaks anywhere, other words only between them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from evalkit.documents.looks import Column, Form, Notice

LETTER = {Form: 2.5, Notice: 3.1}
"""Millimetres that a letter takes in the tables of forms and of official papers, in wide fonts."""

SIDES = 3.0
"""Millimetres beside the text of a cell."""

_WORD = re.compile(r"[A-Za-z][A-Za-z\-]*")


def fitted(columns: Sequence[Column], texts: Sequence[Sequence[str]]) -> list[Column]:
    """``columns`` in which no word of the ``texts`` (headings first) breaks, as far as others have
    room to give: headings, and the cells of columns of single words.
    """
    widths = [column.width for column in columns]
    needed = [_needed(column, [row[n] for row in texts]) for n, column in enumerate(columns)]
    for n, least in enumerate(needed):
        while widths[n] < least:
            giver = max(range(len(widths)), key=lambda k: widths[k] - needed[k])
            spare = min(widths[giver] - needed[giver], least - widths[n])
            if giver == n or spare <= 0:
                break
            widths[giver] -= spare
            widths[n] += spare
    return [column._replace(width=w) for column, w in zip(columns, widths, strict=True)]


def _needed(column: Column, texts: Sequence[str]) -> float:
    shown = texts if column.style in {Form.MIDDLE, Notice.MIDDLE} else texts[:1]
    longest = max((len(word) for text in shown for word in _WORD.findall(text)), default=0)
    return longest * LETTER[type(column.style)] + SIDES if longest else 0.0
