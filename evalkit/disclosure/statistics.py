"""Which statistics of a field may be told, so that nobody works out another's number from them.

Who reads them holds their own report, perhaps that of one more applicant who joins them, the list
for publicity and all its ranks, the rules, the rubric, and so the numbers that are possible at all.
From exact statistics that is enough: the least and the greatest are somebody's number, so is the
median of an odd field, and who stands in the middle of an even one subtracts. Therefore

1. Where everybody's number is public, all statistics are told, exactly: they tell nothing more.
2. Where the order of the numbers is known, as ranks are, nothing is told. Two who stand above and
   below a third leave it few numbers; whatever cuts through these, be it told to a round step or
   withheld because it would cut, can leave it one. A rank among so many says where one stands.
3. Else a median is told, no least, greatest, quartile or mean, where each half of the field holds
   `PART` whose numbers are not public: beside two who join each other stand two more, and none of
   the others can be told from the rest.
4. It is told to the nearest multiple of a round step (1, 2 or 5 times a power of ten) that is wide
   beside the distance between numbers that are possible, so that it is nobody's number; where that
   would be more than a quarter of the range, nothing is told.

None of this looks at a number that is secret, as an audit must that shall tell nothing by what it
withholds [KMN05]_. What an applicant is owed, its rank and whether it is proposed, may tell in rare
cases: who has all points and ranks second knows of another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from evalkit.scoring.points import half_up

TOGETHER = 2
"""So many applicants may put together what they were told."""

PART = TOGETHER + 2
"""As many whose numbers are not public stand on either side of what is told."""

LIKELY = 4
"""At least so many possible numbers are told as the same one."""


@dataclass(frozen=True)
class Told:
    """Statistics in units of the last published place: with ``step`` 1 exact ``min``, ``q1``,
    ``median``, ``q3`` and ``max``, else a ``median`` to the nearest multiple of ``step``.
    """

    numbers: Mapping[str, int]
    step: int


@dataclass(frozen=True)
class Range:
    """What numbers are possible: from ``low`` to ``high``, ``apart`` from each other or closer."""

    low: int
    high: int
    apart: int


def told(values: np.ndarray, hidden: int, possible: Range | None) -> Told | None:
    """What may be told of ``values`` (whole numbers), ``hidden`` of which are not public.

    ``possible`` is None where it is known whose number is greater. None where nothing may be told.
    """
    if not hidden:
        return exact(values)
    step = next(_steps(possible), None) if possible else None
    if hidden < 2 * PART or step is None:
        return None
    return Told({"median": _quartile(np.sort(values), 2, step)}, step)


def exact(values: np.ndarray) -> Told | None:
    """All statistics of ``values``, for those who know them; None where there are none."""
    if not len(values):
        return None
    values = np.sort(values)
    quartiles = {"q1": 1, "median": 2, "q3": 3}
    inside = {name: _quartile(values, quarter, 1) for name, quarter in quartiles.items()}
    return Told({"min": int(values[0]), **inside, "max": int(values[-1])}, 1)


def _steps(possible: Range) -> Iterator[int]:
    """Round steps from the finest that may be told to the widest that still says something."""
    wide = possible.high - possible.low
    least, digits = max(LIKELY * possible.apart, -(-wide // 100)), 1
    while 4 * digits <= wide:
        yield from (n * digits for n in (1, 2, 5) if least <= n * digits <= wide // 4)
        digits *= 10


def _quartile(ordered: np.ndarray, quarter: int, step: int) -> int:
    """A quartile (interpolated between order statistics, exact in quarters) to the ``step``."""
    at, rest = divmod((len(ordered) - 1) * quarter, 4)
    above = ordered[min(at + 1, len(ordered) - 1)]
    return int(half_up(ordered[at] * (4 - rest) + above * rest, 4 * step)) * step
