"""Text from the bytes of a file in a named encoding; what to try instead where that fails."""

from __future__ import annotations

import codecs

from evalkit.base.errors import InputError, Problem
from evalkit.base.text import Text, _

_USUAL = ("utf-8", "gbk", "gb18030")
"""What tables and texts are saved in; tried for advice alone, never taken for the one named."""


def decoded(data: bytes, encoding: str, source: str) -> str:
    """The text that ``data`` is in ``encoding``; a mark in front of UTF-8 is no part of it.

    Raises InputError, naming ``source``, for an encoding that does not exist, and for bytes that
    are none of it: with the option that would read them, or what else to do.
    """
    try:
        name = codecs.lookup(encoding).name
        return data.decode("utf-8-sig" if name == "utf-8" else encoding)
    except LookupError as error:
        raise InputError(_("没有名为“{name}”的编码，常用的是 utf-8、gbk", name=encoding)) from error
    except UnicodeError as error:
        raise InputError(Problem(_advice(data, encoding), source)) from error


def usual(data: bytes, besides: str) -> str | None:
    """The first of the usual encodings ``besides`` the one tried that reads ``data`` whole."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for name in _USUAL:
        if name != codecs.lookup(besides).name and _reads(data, name):
            return name
    return None


def _reads(data: bytes, encoding: str) -> bool:
    try:
        return not any(ord(c) < 32 and c not in "\t\n\v\f\r" for c in data.decode(encoding))
    except UnicodeError:
        return False


def _advice(data: bytes, encoding: str) -> Text:
    other = usual(data, encoding)
    if other is None:
        others = [name for name in _USUAL[:2] if name != codecs.lookup(encoding).name]
        return _(
            "不是 {encoding} 编码，也不是 {others}；请用原来的软件打开，另存为 UTF-8",
            encoding=encoding,
            others=others,
        )
    if other == "utf-16":  # the file itself says so
        return _("是 UTF-16 编码，请用 --encoding utf-16")
    if other == "utf-8":
        return _("不是 {encoding} 编码，像是 UTF-8；请去掉 --encoding 再试", encoding=encoding)
    return _("不是 {encoding} 编码；可试 --encoding {other}", encoding=encoding, other=other)
