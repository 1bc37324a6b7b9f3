"""One byte form for one value: canonical JSON after RFC 8785, and its digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator
from itertools import chain
from json.encoder import encode_basestring as _quoted
from typing import Any


def dumps(value: Any) -> str:
    """Canonical JSON of ``value``: objects, arrays, text, whole numbers, booleans and null only.

    A float is refused on purpose: official numbers are decimal strings. Keys are sorted by UTF-16
    code units [RFC8785]_ 3.2.3. Raises TypeError or ValueError for what has no canonical form.
    """
    if type(value) is dict and _TEXT.issuperset(map(type, chain(value, value.values()))):
        text = _texts(value)
    else:
        ascii_keys = _admitted((value,))  # these the encoder sorts by itself, and fast
        text = _SORTED(value) if ascii_keys else _AS_IT_IS(_ordered(value))
    text.encode()  # a lone surrogate has no UTF-8 form and raises here
    return text


_TEXT = {str}
_AS_IT_IS, _SORTED = (
    json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=sort).encode
    for sort in (False, True)
)


def _texts(value: dict[str, str]) -> str:
    """An object of nothing but texts, which most of a log is, without the encoder's own beginning,
    which takes longer than so little to write.
    """
    names = sorted(value) if "".join(value).isascii() else _sorted(value)
    return "{" + ",".join([f"{_quoted(name)}:{_quoted(value[name])}" for name in names]) + "}"


class Canonical(str):
    """A text that is canonical JSON already, as an item of an iterator in `pieces`."""

    __slots__ = ()


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON of ``value``, in hexadecimal.

    Where ``value`` is an object, an array in it may be an iterator: it is read item by item, so
    that what is hashed need not fit into memory. Items that are `Canonical` are taken as they are.
    """
    found = hashlib.sha256()
    for piece in pieces(value):
        found.update(piece.encode())
    return found.hexdigest()


def pieces(value: Any) -> Iterator[str]:
    """The text of `dumps`, in pieces; ``value`` as in `digest`."""
    if not isinstance(value, dict) or not any(isinstance(v, Iterator) for v in value.values()):
        yield dumps(value)
        return
    _admitted((dict.fromkeys(value),))
    before = "{"
    for key in _sorted(value):
        yield f"{before}{dumps(key)}:"
        before = ","
        if isinstance(value[key], Iterator):
            yield from _array(value[key])
        else:
            yield dumps(value[key])
    yield "}"


def _array(items: Iterator[Any]) -> Iterator[str]:
    before = "["
    for item in items:
        yield before + (item if isinstance(item, Canonical) else dumps(item))
        before = ","
    yield "[]" if before == "[" else "]"


_PLAIN = {str, bool, type(None)}


def _admitted(items: Collection[Any]) -> bool:
    """Whether all keys in ``items`` are ASCII; raises for what has no canonical form."""
    ascii_keys = True
    if _PLAIN.issuperset(map(type, items)):
        return ascii_keys
    for item in items:
        if type(item) in _PLAIN:
            continue
        if isinstance(item, dict):
            try:
                keys = "".join(item)
            except TypeError:
                raise TypeError("canonical JSON needs text as keys") from None
            values = item.values()
            plain = _PLAIN.issuperset(map(type, values))
            ascii_keys = (plain or _admitted(values)) and keys.isascii() and ascii_keys
        elif isinstance(item, list | tuple):
            ascii_keys = _admitted(item) and ascii_keys
        elif isinstance(item, int):
            if abs(item) > 2**53 - 1:
                raise ValueError(f"{item} is beyond the whole numbers that JSON keeps exactly")
        elif item is not None and not isinstance(item, str):
            raise TypeError(f"{type(item).__name__} has no canonical JSON form here")
    return ascii_keys


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _ordered(value[key]) for key in _sorted(value)}
    if isinstance(value, list | tuple):
        return [_ordered(item) for item in value]
    return value


def _sorted(value: dict[str, Any]) -> list[str]:
    return sorted(value, key=lambda key: key.encode("utf-16-be"))
