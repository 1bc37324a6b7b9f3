"""What a plan wants by a date: whether a target is attained, and where a milestone stands.

Values are finite `decimal.Decimal` in the unit of the target, days are `datetime.date`. The day of
the assessment, ``on``, is always given, so that the same facts say the same on every later day. A
time limit ends with its last day ([CC203]_): on the due day nothing is missed or overdue yet.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from evalkit.base.text import _

Term = Literal["at_least", "above", "range", "about"]
"""以上、不低于、达到 include the number, 突破 and 超过 do not ([CC1259]_ for 以上 and 超过)."""

Attainment = Literal["met", "not_yet", "missed", "unknown", "needs_tolerance", "to_judge"]
"""``not_yet`` until the due day and ``missed`` after it; ``unknown`` without a value."""

Verdict = Literal["met", "not_met"]

MilestoneState = Literal["done", "overdue", "due", "upcoming"]
"""Where a milestone stands; ``due`` before the next assessment, ``upcoming`` after it."""


class Tolerance(NamedTuple):
    """How far from the number 左右 may lie, in its unit. ``above`` is None without a limit."""

    below: Decimal
    above: Decimal | None


class Span(NamedTuple):
    """The values that attain a target, from ``low`` to ``high`` (None: without a limit)."""

    low: Decimal
    inclusive: bool
    """Whether ``low`` itself attains it; ``high`` always does."""
    high: Decimal | None

    def holds(self, value: Decimal) -> bool:
        """Whether ``value`` attains the target. Raises ValueError for what is not a number."""
        if not value.is_finite():
            raise ValueError(_("“{value}”不是数值；没有数据的须标明缺失", value=value))
        reached = value >= self.low if self.inclusive else value > self.low
        return reached and (self.high is None or value <= self.high)


def span(
    term: Term,
    goal: Decimal,
    *,
    upper: Decimal | None = None,
    tolerance: Tolerance | None = None,
) -> Span | None:
    """The values that attain a target; None for 左右 as long as nobody has said what it means.

        at_least  goal ≤ x          range  goal ≤ x ≤ upper
        above     goal < x          about  goal - below ≤ x ≤ goal + above

    ``upper`` None in a range means that more attains it too.
    """
    match term:
        case "at_least":
            return Span(goal, True, None)
        case "above":
            return Span(goal, False, None)
        case "range":
            return Span(goal, True, upper)
        case "about":
            if tolerance is None:
                return None
            above = tolerance.above
            return Span(goal - tolerance.below, True, None if above is None else goal + above)


def attainment(value: Decimal | None, reach: Span | None, *, due: date, on: date) -> Attainment:
    """Whether a measured value attains its target on the day ``on``.

    ``reach`` is what `span` gives, ``value`` None where nothing was measured. A missing tolerance
    is said before a missing value: what 左右 means is settled before the value is known.
    """
    if reach is None:
        return "needs_tolerance"
    if value is None:
        return "unknown"
    return "met" if reach.holds(value) else _open(due, on)


def judged(verdict: Verdict | None, *, due: date, on: date) -> Attainment:
    """The same for a target without a number (一批): a person judges; None is not judged yet."""
    if verdict is None:
        return "to_judge"
    return "met" if verdict == "met" else _open(due, on)


def milestone(due: date, done: date | None, *, on: date, until: date) -> MilestoneState:
    """Where a milestone stands on the day ``on``; what is done later is not done yet.

    ``until`` is the last day of the period in which an open milestone counts as ``due``.
    """
    if done is not None and done <= on:
        return "done"
    if due < on:
        return "overdue"
    return "due" if due <= until else "upcoming"


def late(due: date, done: date | None, on: date) -> int:
    """Days by which a milestone was finished late, or is overdue on the day ``on``; else 0."""
    end = done if done is not None and done <= on else on
    return max((end - due).days, 0)


def _open(due: date, on: date) -> Attainment:
    return "missed" if on > due else "not_yet"
