"""Points as whole numbers of a small unit, and the rounding of exact fractions."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

_EXACT = Context(prec=100)

FINE = 2**16
"""Parts of a whole that quotients are cut to before their sum is rounded; see `Rounder.sum`."""


def _more(mode: str, whole: Any, rest: Any, denominator: Any) -> Any:
    """Whether a magnitude of ``whole`` and ``rest / denominator`` goes up to the next whole one."""
    if mode == "down":
        return False
    if mode == "up":
        return rest > 0
    if mode == "half_up":
        return 2 * rest >= denominator
    return (2 * rest > denominator) | ((2 * rest == denominator) & (whole % 2 == 1))


@dataclass(frozen=True)
class Rounder:
    """Exact fractions to multiples of ``step``, by one of the modes of [IEEE854]_ and `decimal`.

    ``half_up`` to the nearest, ties away from zero (ROUND_HALF_UP, 四舍五入); ``half_even`` to the
    nearest, ties to the even multiple (四舍六入五成双); ``down`` towards zero (去尾); ``up`` away
    from zero (进一). 17225/200 = 86.125 gives 86.13, 86.12, 86.12 and 86.13 in hundredths.
    """

    mode: str
    step: int = 1

    def __call__(self, numerator: np.ndarray, denominator: np.ndarray | int) -> np.ndarray:
        """``numerator / denominator`` rounded, exactly, in int64.

        Arrays of whole numbers (int64, or Python's in an object array where int64 has no room) of
        one shape or broadcastable, denominators positive.
        """
        import numpy as np

        bottom = denominator if self.step == 1 else np.asarray(denominator) * self.step
        magnitude = np.abs(numerator)
        whole = magnitude // bottom
        up = _more(self.mode, whole, magnitude - whole * bottom, bottom)
        rounded = whole + up if self.step == 1 else (whole + up) * self.step
        if np.any(below := numerator < 0):
            rounded = np.where(below, -rounded, rounded)
        return np.asarray(rounded).astype(np.int64, copy=False)

    def of(self, value: Fraction) -> int:
        """One ``value`` rounded."""
        bottom = value.denominator * self.step
        whole, rest = divmod(abs(value.numerator), bottom)
        rounded = (whole + bool(_more(self.mode, whole, rest, bottom))) * self.step
        return -rounded if value < 0 else rounded

    def sum(self, numerators: np.ndarray, denominators: np.ndarray) -> np.ndarray:
        """The sum of fractions along the last axis, rounded once, exactly.

        Whole numbers (..., terms), denominators positive; `FINE` times the numerators must have
        room. A common denominator has no room in int64 and is seldom needed: each quotient cut to
        1/FINE is too small by less than one of these, or by nothing, so the sum lies within as many
        of them as it has terms with a rest. No mode rounds a greater number to a smaller one; only
        where the ends of that range round differently is the sum itself taken.
        """
        import numpy as np

        fine = numerators * FINE
        cut = fine // denominators
        parts, short = cut.sum(-1), (cut * denominators != fine).sum(-1)
        rounded = self(parts, FINE)
        unsure = rounded != self(parts + short, FINE)
        for place in map(tuple, np.argwhere(unsure).tolist()):
            terms = zip(numerators[place].tolist(), denominators[place].tolist(), strict=True)
            rounded[place] = self.of(sum((Fraction(*term) for term in terms), Fraction(0)))
        return rounded


half_up = Rounder("half_up")
"""四舍五入 to a whole number."""


def roomy(numbers: np.ndarray, factor: int) -> np.ndarray:
    """``numbers``, as Python's whole numbers of any size if ``factor`` times them leave int64."""
    largest = max(abs(int(numbers.max(initial=0))), abs(int(numbers.min(initial=0))))
    return numbers.astype(object) if largest * factor >= 2**62 else numbers


def narrow(numbers: np.ndarray) -> np.ndarray:
    """``numbers`` in int64 if they all have room there, which is many times faster."""
    return numbers if abs(numbers).max(initial=0) >= 2**62 else numbers.astype("int64")


@lru_cache(2**16)
def text(value: int, unit: int) -> str:
    """``value`` counted in 1/``unit`` of a point (a power of ten), without trailing zeros."""
    number = (Decimal(value) / unit).normalize()
    return format(number, "f")


def exact_text(value: Fraction) -> str:
    """``value`` as a decimal string, or as ``p/q`` where no decimal is exact."""
    bottom = value.denominator
    for prime in (2, 5):
        while not bottom % prime:
            bottom //= prime
    if bottom > 1:
        return str(value)
    return format(
        _EXACT.divide(Decimal(value.numerator), Decimal(value.denominator)).normalize(), "f"
    )


def fixed(value: int | np.integer, places: int) -> str:
    """``value`` counted in units of the last decimal place: ``fixed(8613, 2)`` is 86.13."""
    return _fixed(int(value), places)


@lru_cache(2**16)
def _fixed(value: int, places: int) -> str:
    return format(Decimal(value).scaleb(-places), "f")
