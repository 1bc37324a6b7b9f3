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
    return json.dumps(_ordered(value), ensure_ascii=False, separators=(",", ":"))


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON of ``value``, in hexadecimal."""
    return hashlib.sha256(dumps(value).encode()).hexdigest()


def _ordered(value: Any) -> Any:
    match value:
        case None | bool():
            return value
        case str():
            value.encode()  # a lone surrogate has no UTF-8 form and raises here
            return value
        case int():
            if abs(value) > 2**53 - 1:
                raise ValueError(f"{value} is beyond the whole numbers that JSON keeps exactly")
            return value
        case dict():
            if not all(isinstance(key, str) for key in value):
                raise TypeError("canonical JSON needs text as keys")
            keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
            return {_ordered(key): _ordered(value[key]) for key in keys}
        case list() | tuple():
            return [_ordered(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no canonical JSON form here")
