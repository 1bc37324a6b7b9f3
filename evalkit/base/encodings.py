"""Text from the bytes of a file in a named encoding; what to try instead where that fails.

Many bytes are text in several encodings of East Asia, in all but one of them nonsense. So a text
must also look like one: its characters are those that such texts mostly consist of.
"""

from __future__ import annotations

import codecs
import re

from evalkit.base.errors import InputError, Problem
from evalkit.base.text import Text, _

_COMMON = {
    "gbk": ("gb2312", 0xB0A1, 0xD7F9),
    "gb18030": ("gb2312", 0xB0A1, 0xD7F9),
    "big5": ("big5", 0xA440, 0xC67E),
    "shift_jis": ("shift_jis", 0x889F, 0x9872),
    "euc-kr": ("euc-kr", 0xB0A1, 0xC8FE),
}
"""The usual encodings besides UTF-8, and between which two codes their common characters lie: the
first levels of Chinese and Japanese standards, the syllables of Korean."""

_SAMPLE = 4_000
_SYLLABLES = 20
"""In one of 20,000 Chinese texts of this length all characters have codes of syllables."""
_LIKELY = 0.85
"""The share of common characters in nearly every text; in a wrong encoding about half are."""
_MEANT = 4
"""So many Chinese characters are no chance."""


def decoded(data: bytes, encoding: str, source: str) -> str:
    """The text that ``data`` is in ``encoding``; a mark in front of UTF-8 is no part of it.

    Raises InputError, naming ``source``, for an encoding that does not exist, and for bytes that
    are none of it or make no sense in it: with the option that would read them, or what else to do.
    """
    try:
        name = codecs.lookup(encoding).name
        text = data.decode("utf-8-sig" if name == "utf-8" else encoding)
    except UnicodeError as error:
        raise InputError(Problem(_advice(data, encoding), source)) from error
    except (LookupError, TypeError, ValueError) as error:  # no such name, no text, a NUL in it
        raise InputError(_("没有名为“{name}”的编码，常用的是 utf-8、gbk", name=encoding)) from error
    marked = (_mark(data) or name) not in name
    if marked or (not name.startswith(("utf-8", "ascii")) and _nonsense(data, text, name)):
        raise InputError(Problem(_advice(data, encoding), source))
    if "\0" in text[:_SAMPLE] and _wide(data):
        raise InputError(Problem(_advice(data, encoding), source))
    if before := _twice(text):
        said = _("文字是乱码：UTF-8 的文件曾被当作 {other} 打开再存，请用原来的文件", other=before)
        raise InputError(Problem(said, source))
    return text


def usual(data: bytes, besides: str) -> str | None:
    """The one usual encoding ``besides`` the one tried in which ``data`` is plausible text.

    None where it is in none, or in several: then no advice can be sure to be right.
    """
    if wide := _mark(data) or _wide(data):
        return wide
    tried = codecs.lookup(besides).name
    if tried != "utf-8" and _reads(data, "utf-8"):
        return "utf-8"
    if tried != "euc_kr" and _korean(data):
        return "euc-kr"
    found = [n for n in _COMMON if codecs.lookup(n).name != tried and _share(data, n) >= _LIKELY]
    found = [n for n in found if not _western(data.decode(n))]
    if found[:2] == ["gbk", "gb18030"]:
        del found[1]
    return found[0] if len(found) == 1 else None


def _mark(data: bytes) -> str | None:
    """The wide encoding that the first bytes declare; that of UTF-32 begins like that of UTF-16."""
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    return "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else None


def _twice(text: str) -> str | None:
    """The encoding in which a UTF-8 file was once opened and stored again, if all of it shows so.

    Chinese that reads as UTF-8 of other Chinese does not happen in several characters by chance.
    """
    for name in () if text.isascii() else ("cp1252", "latin-1", "gb18030"):
        try:
            before = text.encode(name).decode()
        except UnicodeError:
            continue
        if sum("\u4e00" <= c <= "\u9fff" for c in before) >= _MEANT:
            return name
    return None


def _wide(data: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark, by the zeros beside plain characters."""
    head = data[: _SAMPLE - _SAMPLE % 4]
    zeros = [head[n::4].count(0) * 10 for n in range(4)]
    if len(head) > 8 and sorted(z >= len(head) * 2 for z in zeros) == [False, True, True, True]:
        return "utf-32-le" if zeros[0] < zeros[3] else "utf-32-be"
    first, second = head[::2].count(0), head[1::2].count(0)
    if (
        max(first, second) < 8
        or max(first, second) * 5 < len(head) // 2
        or min(first, second) * 5 > max(first, second)
    ):
        return None
    return "utf-16-be" if first > second else "utf-16-le"


def _reads(data: bytes, encoding: str) -> bool:
    try:
        return not any(ord(c) < 32 and c not in "\t\n\v\f\r" for c in data.decode(encoding))
    except UnicodeError:
        return False


def _share(data: bytes, name: str) -> float:
    """Which share of the letters in ``data`` are common ones of encoding ``name``; 0 if none."""
    if not _reads(data, name):
        return 0.0
    code, low, high = _COMMON[name]
    letters = _letters(data.decode(name))
    return sum(_within(c, code, low, high) for c in letters) / max(len(letters), 1)


_INSIDE = re.compile(r"[A-Za-z][^\x00-\x7f](?=[A-Za-z\s,.;]|$)")
"""A single other letter in a word or at its end."""


def _western(text: str) -> bool:
    """Whether most other letters stand alone in words: a byte of Western text and the next one."""
    return len(_INSIDE.findall(text)) * 2 > len(_letters(text))


def _letters(text: str) -> list[str]:
    return [c for c in text if c.isalpha() and not c.isascii()][:_SAMPLE]


def _korean(data: bytes) -> bool:
    """Whether all is Korean syllables, whose codes are but a part of those of Chinese."""
    enough = _reads(data, "euc-kr") and len(_letters(data.decode("euc-kr"))) >= _SYLLABLES
    return enough and _share(data, "euc-kr") == 1


def _within(char: str, code: str, low: int, high: int) -> bool:
    if "\u3041" <= char <= "\u30ff":
        return code == "shift_jis"
    try:
        return low <= int.from_bytes(char.encode(code)) <= high
    except UnicodeError:
        return False


def _nonsense(data: bytes, text: str, name: str) -> bool:
    """Whether ``text`` is read wrongly: another encoding makes much more sense of ``data``."""
    if text.isascii():
        return False
    if _reads(data, "utf-8") or (name.startswith(("gb", "big5")) and _korean(data)):
        return True
    shares = {codecs.lookup(n).name: _share(data, n) for n in _COMMON}
    own = shares.pop(name, shares["gb18030"] if name == "gb2312" else 0.0)
    return own < 0.7 and max(shares.values()) >= max(_LIKELY, own + 0.2)


def _advice(data: bytes, encoding: str) -> Text:
    other = usual(data, encoding)
    if other is None:
        return _(
            "不是 {encoding} 编码，也看不出是哪一种；请用原来的软件打开，另存为 UTF-8",
            encoding=encoding,
        )
    if other in ("utf-16", "utf-32"):  # the file itself says so
        return _("是 {name} 编码，请用 --encoding {other}", name=other.upper(), other=other)
    if other == "utf-8":
        return _("不是 {encoding} 编码，像是 UTF-8；请去掉 --encoding 再试", encoding=encoding)
    return _("不是 {encoding} 编码；可试 --encoding {other}", encoding=encoding, other=other)
