"""What a person types as a score: one gate for the log, tables and forms.

The same spelling has the same value everywhere, or the same refusal. Understood is what can mean
one number only: full-width characters, the full stop of Chinese input methods, a plus sign, blanks
around, a comma before decimals. Nothing else is repaired.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from evalkit.base.declared import TooLong, decimal
from evalkit.base.text import Text, _, normalise_number

_COMMA = re.compile(r"-?(?:[0-9]+,[0-9]{1,2}|0,[0-9]{1,6})")
"""A decimal comma: with three digits behind, it could set thousands apart, unless 0 is before."""

_QUOTED = re.compile(r"=?[\"'“”‘’「『].*[\"'“”‘’」』]", re.DOTALL)
_NEAR = 20
"""So many characters on both sides of a wrong one are quoted."""


def spelt(text: str) -> str:
    """``text`` in the plain spelling of `decimal`, as far as it can mean one number only."""
    plain = normalise_number(text)
    if plain.startswith("+") and plain[1:2].isdigit():
        plain = plain[1:]
    return plain.replace(",", ".") if _COMMA.fullmatch(plain) else plain


def score(text: str) -> Decimal:
    """The number that ``text`` writes.

    Raises ValueError, with a `Text`, for what is none or could be two, and for characters that
    nobody sees; `TooLong` for more digits than a declared number may have.
    """
    if hidden := invisible(text):
        raise ValueError(hidden)
    if _QUOTED.fullmatch(text.strip()):
        said = _("{value} 两边有引号，请去掉，只写 8 或 8.5 这样的数", value=text.strip()[:40])
        raise ValueError(said)
    plain = spelt(text)
    if re.fullmatch(r"-?[0-9]{1,3}(,[0-9]{3})+", plain):
        raise ValueError(
            _("“{value}”里的逗号可以有两种读法，请写成 8 或 8.5 这样的形式", value=text[:60])
        )
    try:
        number = decimal(plain)
    except TooLong as error:
        raise TooLong(error.args[0].filled(value=text[:60])) from error
    except ValueError as error:
        raise ValueError(
            _("“{value}”不是分数，请写成 8 或 8.5 这样的形式", value=text[:60])
        ) from error
    return number or Decimal(0)  # -0 is 0


def canonical(text: str) -> str:
    """The one spelling of the number in ``text`` that is stored; ``text`` itself if it has none."""
    try:
        return format(score(text), "f")
    except ValueError:
        return text


def invisible(text: str) -> Text | None:
    """The first character in ``text`` that nobody sees, by its code point; None without one.

    White space around ``text`` and a plain blank in it are no such characters.
    """
    text = text.strip()
    hidden = [char != " " and unicodedata.category(char)[0] in "CZ" for char in text]
    if not any(hidden):
        return None
    n = hidden.index(True)
    shown = "".join("□" if bad else char for char, bad in zip(text, hidden, strict=True))
    return _(
        "“{value}”的第 {n} 个字符 {code} 看不见，请删去重填",
        value=shown[:n][-_NEAR:] + shown[n : n + _NEAR],
        n=n + 1,
        code=f"U+{ord(text[n]):04X}",
    )
