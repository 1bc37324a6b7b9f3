"""One byte form for one value: canonical JSON after RFC 8785, and its digest."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def dumps(value: Any) -> str:
    """Canonical JSON of ``value``: objects, arrays, text, whole numbers, booleans and null only.

    A float is refused on purpose: official numbers are decimal strings. Keys are sorted by UTF-16
    code units [RFC8785]_ 3.2.3. Raises TypeError or ValueError for what has no canonical form.
    """
    text = json.dumps(_ordered(value), ensure_ascii=False, separators=(",", ":"))
    text.encode()  # a lone surrogate has no UTF-8 form and raises here
    return text


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON of ``value``, in hexadecimal."""
    return hashlib.sha256(dumps(value).encode()).hexdigest()


def _ordered(value: Any) -> Any:
    """``value`` with its keys in order, after a look at everything in it."""
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, dict):
        # keys that are no text raise here; most values are text and need no visit of their own
        ordered = sorted(value) if all(map(str.isascii, value)) else sorted(value, key=_utf_16)
        return {k: v if type(v := value[k]) is str else _ordered(v) for k in ordered}
    if isinstance(value, list | tuple):
        return [_ordered(item) for item in value]
    if isinstance(value, int):
        if abs(value) > 2**53 - 1:
            raise ValueError(f"{value} is beyond the whole numbers that JSON keeps exactly")
        return value
    raise TypeError(f"{type(value).__name__} has no canonical JSON form here")


def _utf_16(key: str) -> bytes:
    return str.encode(key, "utf-16-be")
