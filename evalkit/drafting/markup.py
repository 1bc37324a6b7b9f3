"""Markdown inside of a cell: what is emphasis, a link or a line break, and what may be the text.

markdown-it-py reads it [CommonMark]. Two readings are mended: ``**重点：**说明`` is no emphasis for
CommonMark, though everybody means it, and ``产值*占比*100`` is, though nobody does. Its tables are
not used: they drop the cells that a row has too many.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from evalkit.base.text import Text, _
from evalkit.drafting.grid import Row, place_of

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_MARKS = re.compile(r"[*`\[<\\&~]|(?<!_)__(?!_)")
_OPENS, _CLOSES = re.compile(r"(?<!\w)_+[^\s_]"), re.compile(r"[^\s_]_+(?!\w)")
"""Which low lines may be marks; the blanks of a form, to be filled in, are none."""
_LEADING = re.compile(r"\s{0,3}(?:#{1,6}\s+|>\s*|[-*+]\s+)*")
_TAG = re.compile(r"</?(\w+)[^>]*>")
_LOOKS = frozenset(
    ["b", "strong", "i", "em", "u", "span", "font", "p", "div", "center", "mark", "small"]
)
"""Tags of HTML that say how something looks and not what it is."""

_EM, _EM_END, _STRONG, _STRONG_END = "\x01\x02\x03\x04"
"""For marks until it is clear whether they are some; no text has control characters."""
_OPEN = {"em_open": _EM, "em_close": _EM_END, "strong_open": _STRONG, "strong_close": _STRONG_END}
_UNCLOSED = re.compile(r"\*\*(?=\S)([^*\n]+?)(?<=\S)\*\*")
_MENDED = rf"{_STRONG}\1{_STRONG_END}"
_STRONG_PAIR = re.compile(f"{_STRONG}([^{_STRONG}{_STRONG_END}]*){_STRONG_END}")
_EM_PAIR = re.compile(f"{_EM}([^{_EM}{_EM_END}]*){_EM_END}")
_OPERAND = re.compile(r"[A-Za-z0-9)）]\x00|\x00[A-Za-z0-9(（]")
_BEFORE_EM, _AFTER_EM = "\x00，。、；：！？（“‘《【,;:(", "\x00，。、；：！？）”’》】,.;:!?)"
_LEFT = re.compile(r"\*\*|~~|`|(?<!_)__(?!_)")
"""What may still be a mark."""


def read_line(text: str) -> str:
    """A heading, a quotation or a paragraph outside of tables, without its marks."""
    return read(text[_matched(_LEADING, text) :])[0]


def read(text: str) -> tuple[str, bool]:
    """``text`` without the marks of Markdown, and whether some of it may be marks or may not."""
    if not (_MARKS.search(text) or (_OPENS.search(text) and _CLOSES.search(text))):
        return text, False
    said: list[str] = []
    doubt = False
    for token in _parser().parseInline(text)[0].children or []:
        if token.type in _OPEN:
            said.append(_OPEN[token.type])
        elif token.type in ("softbreak", "hardbreak"):
            said.append("\n")
        elif token.type == "html_inline":
            words, known = _tag(token.content)
            said.append(words)
            doubt |= not known
        else:
            mended = token.type == "text" and "\\*" not in text
            said.append(_UNCLOSED.sub(_MENDED, token.content) if mended else token.content)
            doubt |= token.type in ("image", "link_open")
    found, kept = _decided("".join(said))
    return found, doubt or kept or _LEFT.search(found) is not None


def rows(
    given: Iterable[Row], *, markdown: bool, exact: bool
) -> tuple[tuple[Row, ...], tuple[Text, ...]]:
    """``given`` without marks, and what a person should look at.

    In a table that is not written in ``markdown`` (it has no row of dashes) each change is said.
    """
    found: list[Row] = []
    changed: list[int] = []
    doubts: dict[int, list[str]] = {}
    for row in given:
        cells = [read(cell) for cell in row.cells]
        found.append(replace(row, cells=tuple(text for text, _doubt in cells)))
        doubtful = [old for old, (_text, doubt) in zip(row.cells, cells, strict=True) if doubt]
        if doubtful:
            doubts[row.place] = doubtful
        elif found[-1].cells != row.cells and not markdown:
            changed.append(row.place)
    remarks = []
    if changed:
        place = place_of(changed, exact=exact)
        remarks.append(_("{place}有 Markdown 的强调等符号，已经去掉，请核对", place=place))
    for number, words in doubts.items():
        place = place_of([number], exact=exact)
        text = _(
            "{place}有的符号可能是 Markdown 的，请照原文核对：{words}", place=place, words=words
        )
        remarks.append(text)
    return tuple(found), tuple(remarks)


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark")


def _matched(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.match(text)
    return found.end() if found else 0


def _tag(content: str) -> tuple[str, bool]:
    """What a tag of HTML is in plain text, and whether nothing is lost."""
    tag = _TAG.fullmatch(content)
    name = tag[1].lower() if tag else ""
    if name == "br":
        return "\n", True
    return ("", True) if name in _LOOKS else (content, False)


def _decided(text: str) -> tuple[str, bool]:
    """``text`` with each pair of marks gone or, between operands, back; whether one is back."""
    kept = False

    def strong(pair: re.Match[str]) -> str:
        nonlocal kept
        around = f"{_around(pair)[0]}\x00", f"\x00{_around(pair)[1]}"
        if all(map(_OPERAND.search, around)):
            kept = True
            return f"**{pair[1]}**"
        return pair[1]

    def em(pair: re.Match[str]) -> str:
        nonlocal kept
        before, after = _around(pair)
        if (before.isspace() or before in _BEFORE_EM) and (after.isspace() or after in _AFTER_EM):
            return pair[1]
        kept = True
        return f"*{pair[1]}*"

    return _EM_PAIR.sub(em, _STRONG_PAIR.sub(strong, text)), kept


def _around(pair: re.Match[str]) -> tuple[str, str]:
    """The characters before and after; NUL at an end and where another mark stands."""
    text = f"\x00{pair.string}\x00"
    before, after = text[pair.start()], text[pair.end() + 1]
    return tuple("\x00" if c in "\x01\x02\x03\x04" else c for c in (before, after))  # type: ignore[return-value]
