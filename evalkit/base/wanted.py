"""Whether the arguments of a public function are of the kinds that it declares."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import wraps
from numbers import Integral
from pathlib import Path
from types import NoneType
from typing import Any, TypeVar, cast

from evalkit.base.errors import InputError
from evalkit.base.text import LANGUAGES, Text, _

_F = TypeVar("_F", bound=Callable[..., Any])

SOURCES = {
    "Rubric": "ek.load_rubric",
    "Panel": "ek.load_panel",
    "Facts": "ek.read_scores",
    "Results": "ek.evaluate",
    "Analysis": "ek.advise",
    "Views": "ek.Views",
    "Comparison": "ek.compare_results",
    "Round": "ek.open",
    "UpheldObjection": "ek.UpheldObjection",
    "Line": "ek.Line",
    "Thresholds": "ek.Thresholds",
    "Entry": "ek.Entry",
    "Order": "ek.Order",
    "Ledger": "ek.read_ledger",
    "Assessed": "ek.assess",
    "Rulebook": "ek.load_office",
}
"""Where one gets a thing of a class, or of its alias. Names, so that no room need be imported."""

_ALIASES = {"Assessed": "Progress"}

_PLAIN: dict[str, tuple[type, Text | str]] = {
    "None": (NoneType, "None"),
    "bool": (bool, _("True 或 False")),
    "int": (Integral, _("整数")),
    "str": (str, _("文字")),
    "Level": (str, _("文字")),
    "EngineName": (str, _("文字")),
    "bytes": (bytes, "bytes"),
    "Path": (Path, _("文件或文件夹的路径")),
    "date": (date, "datetime.date"),
    "Sequence": (Iterable, _("标识的列表")),
    "View": (Mapping, _("ek.Views 给出的内容")),
    "DataFrame": (object, "DataFrame"),
}


def asked(function: _F) -> _F:
    """Let ``function`` raise InputError, in a line, for an argument of another kind than declared.

    Only kinds that are named here are looked at. A text that stands for a path becomes a Path.
    """
    signature = inspect.signature(function)
    wanted = {
        p.name: kinds for p in signature.parameters.values() if (kinds := _kinds(p.annotation))
    }

    @wraps(function)
    def call(*args: Any, **options: Any) -> Any:
        given = signature.bind(*args, **options)
        for name, value in given.arguments.items():
            if name in wanted:
                given.arguments[name] = _fit(name, value, wanted[name])
            if name == "language" and value not in (*LANGUAGES, signature.parameters[name].default):
                text = _("language 须为 {languages} 之一", languages=LANGUAGES)
                raise InputError(text)
            if name == "seed" and value is not None and value < 0:
                raise InputError(_("seed 不能小于 0，给出的是 {given}", given=value))
        return function(*given.args, **given.kwargs)

    return cast("_F", call)


def _kinds(annotation: str) -> list[str]:
    """The kinds in ``annotation``, as it stands in the source; none where one is not known."""
    found = [re.sub(r"\[.*|.*\.", "", kind) for kind in str(annotation).split(" | ")]
    return found if all(kind in _PLAIN or kind in SOURCES for kind in found) else []


def _fit(name: str, value: Any, kinds: list[str]) -> Any:
    if any(_is(value, kind) for kind in kinds):
        return value
    if "Path" in kinds and isinstance(value, str):
        return Path(value)
    shown = type(value).__name__ if kinds[0] in SOURCES else f"{value!r:.40}".replace("\n", " ")
    if kinds[0] in SOURCES:
        text = _(
            "这里要的是 {wanted}（用 {how} 得到），给出的是 {given}",
            wanted=kinds[0],
            how=SOURCES[kinds[0]],
            given=shown,
        )
        raise InputError(text)
    words = list(dict.fromkeys(str(_PLAIN[k][1]) for k in kinds if k in _PLAIN and k != "None"))
    text = _("{name} 要的是{wanted}，给出的是 {given}", name=name, wanted=words, given=shown)
    raise InputError(text)


def _is(value: Any, kind: str) -> bool:
    """Whether ``value`` is a ``kind``; a text is no list, a yes or no is no number."""
    if kind in SOURCES or kind == "DataFrame":
        return _ALIASES.get(kind, kind) in [one.__name__ for one in type(value).__mro__]
    if kind == "bool":
        return isinstance(value, bool) or type(value).__name__ == "bool"
    if kind == "int":
        return isinstance(value, Integral) and not isinstance(value, bool)
    if kind == "Sequence":
        sized = hasattr(value, "__len__") and isinstance(value, Iterable)
        return (
            sized and not isinstance(value, str | bytes) and all(isinstance(v, str) for v in value)
        )
    return isinstance(value, _PLAIN[kind][0])
