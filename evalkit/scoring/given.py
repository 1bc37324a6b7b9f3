"""What people hand to a kernel, checked once: exact numbers in a row, and tables of scores."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from numbers import Integral, Real
from typing import Any

import numpy as np

from evalkit.base.errors import InputError
from evalkit.base.text import _
from evalkit.scoring.points import Rounder, exact_text


class Exact(Fraction):
    """An exact number that shows itself as a decimal, or as p/q where no decimal is exact."""

    def __repr__(self) -> str:
        return f"Exact('{self}')"

    def __str__(self) -> str:
        return exact_text(Fraction(self))

    def rounded(self, places: int = 0, *, mode: str = "half_up") -> Decimal:
        """With so many decimals: 四舍五入, or half_even, down or up; see `points.Rounder`."""
        return Decimal(Rounder(mode).of(Fraction(self) * 10**places)).scaleb(-places)


def is_missing(value: Any) -> bool:
    """Whether ``value`` says that there is no score: None, NaN, or what pandas has for it."""
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:
        return True
    return isinstance(value, Real | Decimal) and bool(value != value)  # noqa: PLR0124  (that is NaN)


def number(value: Any, name: str) -> Fraction:
    """``value`` exactly: text, whole numbers, Decimal and Fraction as they are, a binary float by
    its shortest decimal, so that 0.1 is one tenth. Raises InputError for anything else.
    """
    if isinstance(value, Fraction):
        return Fraction(value)
    plain = isinstance(value, str | Integral | Decimal | Real) and not _is_bool(value)
    text = str(int(value)) if isinstance(value, Integral) and plain else str(value).strip()
    try:
        found = Decimal(text) if plain else None
    except InvalidOperation:
        found = None
    if found is None or not found.is_finite():
        raise InputError(_("{name}：“{value}”不是数", name=name, value=str(value)))
    return Fraction(found)


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool | np.bool_)


def row(values: Any, name: str) -> list[Fraction | None]:
    """A list, tuple, array or Series of numbers; None where one is missing.

    Raises InputError for a single number, for text, for nested values and for what is no number.
    """
    given = _plain(values)
    if not _several(given):
        raise InputError(
            _("{name} 须是一列数，如 [8, 9, 7]，这里是 {kind}", name=name, kind=_kind(values))
        )
    found: list[Fraction | None] = []
    for n, value in enumerate(given):
        if isinstance(value, list | tuple | np.ndarray | dict | set):
            raise InputError(_("{name} 须是一列数，这里是一张表", name=name))
        found.append(None if is_missing(value) else number(value, f"{name}[{n}]"))
    return found


def table(values: Any, name: str = "data") -> np.ndarray:
    """A DataFrame, array or nested list of raters × units as floats (raters, units), nan missing.

    Raises InputError for another shape, rows of unequal length and what is no number.
    """
    given = _plain(values)
    wanted = _(
        "{name} 须是一张表：每行一位专家，每列一个对象；这里是 {kind}",
        name=name,
        kind=_kind(values),
    )
    rows = list(given) if _several(given) and getattr(given, "ndim", 2) == 2 else []
    if not rows or not all(map(_several, rows)):
        raise InputError(wanted)
    exact = [row(one, f"{name}[{n}]") for n, one in enumerate(rows)]
    if not exact[0]:
        raise InputError(wanted)
    for n, one in enumerate(exact):
        if len(one) != len(exact[0]):
            first, here = len(exact[0]), len(one)
            raise InputError(
                _(
                    "{name} 各行须一样长：第 1 行 {first} 个，第 {n} 行 {here} 个；缺的写 None",
                    name=name,
                    first=first,
                    n=n + 1,
                    here=here,
                )
            )
    return np.array([[np.nan if x is None else float(x) for x in one] for one in exact])


def whole(found: np.ndarray, name: str = "data") -> np.ndarray:
    """``found`` without gaps. Raises InputError for the first one."""
    if np.isnan(found).any():
        r, c = np.argwhere(np.isnan(found))[0] + 1
        raise InputError(
            _(
                "{name} 第 {r} 行第 {c} 列缺评分，这里不能有缺；请先删去有缺的对象",
                name=name,
                r=int(r),
                c=int(c),
            )
        )
    return found


def one_of(value: Any, allowed: tuple[str, ...], name: str) -> str:
    """``value`` if it is among the ``allowed`` words. Raises InputError with the list of them."""
    if not isinstance(value, str) or value not in allowed:
        raise InputError(
            _(
                "{name} 须是 {allowed} 之一，这里是“{value}”",
                name=name,
                allowed=list(allowed),
                value=" ".join(f"{value!s:.40}".split()),
            )
        )
    return value


def count(value: Any, name: str, least: int = 0) -> int:
    """A whole number from ``least``. Raises InputError for anything else."""
    if not isinstance(value, Integral) or _is_bool(value) or value < least:
        raise InputError(
            _(
                "{name} 须是不小于 {least} 的整数，这里是 {value}",
                name=name,
                least=least,
                value=str(value),
            )
        )
    return int(value)


def share(value: Any, name: str) -> float:
    """A number between 0 and 1, both left out. Raises InputError for anything else."""
    found = float(number(value, name))
    if not 0 < found < 1:
        raise InputError(_("{name} 须在 0 与 1 之间，这里是 {value}", name=name, value=str(value)))
    return found


def _several(values: Any) -> bool:
    """Whether ``values`` are many in an order of their own."""
    return isinstance(values, Iterable) and not isinstance(values, str | bytes | dict | set)


def _plain(values: Any) -> Any:
    """The array behind a Series or a DataFrame; anything else as it is."""
    return values.to_numpy() if hasattr(values, "to_numpy") else values


def _kind(values: Any) -> str:
    shape = getattr(values, "shape", None)
    return f"{type(values).__name__}{shape if shape is not None else ''}"
