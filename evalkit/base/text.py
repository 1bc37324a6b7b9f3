"""Texts for people (Chinese first, English beside) and normalising of what people type.

Every message is written in Chinese in the code and wrapped in ``_``; it stays a message with its
values until a shell renders it in the language of its reader. The language is always a parameter,
never read from the environment.
"""

from __future__ import annotations

import gettext
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("zh", "en")
"""Languages of the interface; the first one is the language that the texts are written in."""

ID_PATTERN = r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}"
"""What an identifier may look like. It is also a safe file name, unlike a display name."""

_HALF_WIDTH = {0xFF01 + n: 0x21 + n for n in range(94)} | {ord("。"): "."}

_FORBIDDEN = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd-\uffff]")

_ID = re.compile(ID_PATTERN)

_RESERVED = {"con", "prn", "aux", "nul", *(f"{p}{n}" for p in ("com", "lpt") for n in range(1, 10))}


@dataclass(frozen=True)
class Text:
    """A message with its values, not yet in a language. Values may be messages themselves."""

    message: str
    values: dict[str, Any] = field(default_factory=dict)

    def render(self, language: str = "zh") -> str:
        """The message in ``language`` (one of `LANGUAGES`) with its values filled in."""
        values = {k: render(v, language) for k, v in self.values.items()}
        message = translations(language).gettext(self.message)
        return message.format(**values) if values else message

    def filled(self, **values: Any) -> Text:
        """The same message with these values, too."""
        return Text(self.message, {**self.values, **values})

    def __str__(self) -> str:
        return self.render()


def _(message: str, /, **values: Any) -> Text:
    """Mark ``message`` for translation and bind its values."""
    return Text(message, values)


def render(value: Any, language: str = "zh") -> str:
    """``value`` as words in ``language``; a sequence is joined as that language lists things."""
    if isinstance(value, Text):
        return value.render(language)
    if isinstance(value, list | tuple):
        return ("、" if language == "zh" else ", ").join(render(v, language) for v in value)
    return str(value)


@cache
def translations(language: str) -> gettext.NullTranslations:
    """The catalogue of ``language``. Raises ValueError for a language that evalkit lacks."""
    if language not in LANGUAGES:
        raise ValueError(f"language {language!r} is not one of {LANGUAGES}")
    if language == LANGUAGES[0]:
        return gettext.NullTranslations()
    return gettext.translation("evalkit", Path(__file__).parent.parent / "locale", [language])


def is_id(text: str) -> bool:
    """Whether ``text`` can name a thing in files, folders and tables."""
    return _ID.fullmatch(text) is not None and text.lower() not in _RESERVED


def normalise_number(text: str) -> str:
    """What a person typed as a number, in plain ASCII: ``８。5`` becomes ``8.5``.

    Input methods write full-width digits and the Chinese full stop; nothing else is repaired.
    """
    return text.translate(_HALF_WIDTH).strip()


def bad_character(text: str) -> int | None:
    """Position of the first character that no document can carry, or that stands for a lost one.

    These are NUL and other controls, lone surrogates, the two that XML forbids (U+FFFE, U+FFFF) and
    U+FFFD, which programs write where they could not read.
    Tab and line breaks are fine. None when the text is clean.
    """
    found = _FORBIDDEN.search(text)
    return found.start() if found else None
