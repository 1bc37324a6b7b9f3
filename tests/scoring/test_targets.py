"""Targets and milestones against their days: the wording of the plans, and what follows from it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.scoring.targets import (
    Span,
    Term,
    Tolerance,
    attainment,
    judged,
    late,
    milestone,
    span,
)

DUE = date(2026, 12, 31)
BEFORE, AFTER = DUE - timedelta(days=1), DUE + timedelta(days=1)
UNLIMITED = Tolerance(Decimal(5), None)

D = Decimal
values = st.decimals(-(10**6), 10**6, allow_nan=False, places=2)
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
tolerances = st.builds(
    Tolerance, st.decimals(0, 100, places=1), st.none() | st.decimals(0, 100, places=1)
)

WORDING: list[tuple[str, Term, str, str | None, Tolerance | None, str, bool | None]] = [
    # the reference case "wording" of the gates: 以上 includes, 超过 does not (民法典 1259);
    # 不满 is no wording of a target
    ("80%以上", "at_least", "80", None, None, "80", True),
    ("80%以上", "at_least", "80", None, None, "79.99", False),
    ("超过80", "above", "80", None, None, "80", False),
    ("20个以上", "at_least", "20", None, None, "20", True),
    ("10家左右", "about", "10", None, None, "9", None),
    ("2—3个", "range", "2", "3", None, "2", True),
    ("2—3个", "range", "2", "3", None, "3", True),
    ("2—3个", "range", "2", "3", None, "1", False),
    ("2—3个", "range", "2", "3", None, "4", False),
    ("2—3个，多了也算", "range", "2", None, None, "4", True),
    # the case "capital": 不低于5000万元, in one declared unit
    ("不低于5000万元", "at_least", "5000", None, None, "5000", True),
    ("不低于5000万元", "at_least", "5000", None, None, "4999.99", False),
    # the case "partners": 不少于10家
    ("不少于10家", "at_least", "10", None, None, "10", True),
    ("不少于10家", "at_least", "10", None, None, "9", False),
    ("突破1000亿元", "above", "1000", None, None, "1000", False),
    ("突破1000亿元", "above", "1000", None, None, "1000.01", True),
    ("达到500亿元", "at_least", "500", None, None, "500", True),
    # 100 - 5 = 95, 100 + 5 = 105, both ends included
    ("100个左右", "about", "100", None, Tolerance(D(5), D(5)), "95", True),
    ("100个左右", "about", "100", None, Tolerance(D(5), D(5)), "94", False),
    ("100个左右", "about", "100", None, Tolerance(D(5), D(5)), "105", True),
    ("100个左右", "about", "100", None, Tolerance(D(5), D(5)), "106", False),
    ("100个左右，多了不限", "about", "100", None, UNLIMITED, "400", True),
    ("10项左右，正好", "about", "10", None, Tolerance(D(0), D(0)), "10", True),
]


@pytest.mark.parametrize(("words", "term", "goal", "upper", "tolerance", "value", "met"), WORDING)
def test_wording(
    words: str,
    term: Term,
    goal: str,
    upper: str | None,
    tolerance: Tolerance | None,
    value: str,
    met: bool | None,
) -> None:
    """What a word includes; 左右 without a declared tolerance has no answer, whatever the value."""
    reach = span(term, D(goal), upper=upper and D(upper), tolerance=tolerance)
    expected = {True: "met", False: "missed", None: "needs_tolerance"}[met]
    assert attainment(D(value), reach, due=DUE, on=AFTER) == expected, words


@pytest.mark.parametrize(
    ("value", "on", "state"),
    [
        ("20", BEFORE, "met"),
        ("20", AFTER, "met"),
        ("19", BEFORE, "not_yet"),
        # the limit ends with its last day at 24:00 (民法典 203)
        ("19", DUE, "not_yet"),
        ("19", AFTER, "missed"),
        ("0", AFTER, "missed"),
        # the case "partners": missing evidence is unknown, neither pass nor fail
        (None, BEFORE, "unknown"),
        (None, AFTER, "unknown"),
    ],
)
def test_days(value: str | None, on: date, state: str) -> None:
    """A value that falls short is missed only after the due day; no value is no verdict."""
    reach = span("at_least", D(20))
    assert attainment(value and D(value), reach, due=DUE, on=on) == state


@pytest.mark.parametrize(
    ("verdict", "on", "state"),
    [
        (None, BEFORE, "to_judge"),
        (None, AFTER, "to_judge"),
        ("met", BEFORE, "met"),
        ("not_met", DUE, "not_yet"),
        ("not_met", AFTER, "missed"),
    ],
)
def test_a_person_judges_what_has_no_number(verdict, on: date, state: str) -> None:
    """一批 is never decided by the program."""
    assert judged(verdict, due=DUE, on=on) == state


def test_the_tolerance_comes_before_the_value() -> None:
    """Without a tolerance the answer is the same for every value, and for none."""
    for value in (None, D(0), D(10), D(1000)):
        assert attainment(value, None, due=DUE, on=AFTER) == "needs_tolerance"


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_raises(value: str) -> None:
    """A missing value is None, never a NaN that compares as it likes."""
    with pytest.raises(ValueError, match="不是数值"):
        Span(D(1), True, None).holds(D(value))


@given(goal=values, less=values, more=st.decimals(0, 10**6, places=2), on=days)
def test_more_is_never_worse(goal: Decimal, less: Decimal, more: Decimal, on: date) -> None:
    """For 以上 and 突破, whoever attains the target with less attains it with more."""
    for term in ("at_least", "above"):
        reach = span(term, goal)
        if attainment(less, reach, due=DUE, on=on) == "met":
            assert attainment(less + more, reach, due=DUE, on=on) == "met"


@given(value=st.none() | values, goal=values, tolerance=tolerances, on=days, later=days)
def test_time_only_turns_not_yet_into_missed(
    value: Decimal | None, goal: Decimal, tolerance: Tolerance, on: date, later: date
) -> None:
    """Nothing else changes with the day, and never back."""
    on, later = min(on, later), max(on, later)
    for reach in (span("at_least", goal), span("about", goal, tolerance=tolerance), None):
        first = attainment(value, reach, due=DUE, on=on)
        second = attainment(value, reach, due=DUE, on=later)
        assert first == second or (first, second) == ("not_yet", "missed")


@given(goal=values, value=values)
def test_above_is_at_least_without_the_number_itself(goal: Decimal, value: Decimal) -> None:
    """突破 and 以上 differ at one number only."""
    at_least, above = span("at_least", goal), span("above", goal)
    assert at_least is not None
    assert above is not None
    assert (at_least.holds(value) != above.holds(value)) == (value == goal)


@given(goal=values, value=values, narrow=tolerances, wide=tolerances)
def test_a_wider_tolerance_never_takes_away(
    goal: Decimal, value: Decimal, narrow: Tolerance, wide: Tolerance
) -> None:
    """What lies within the narrow tolerance lies within one that is wider on both sides."""
    above = None if None in (narrow.above, wide.above) else max(narrow.above, wide.above)
    joined = Tolerance(max(narrow.below, wide.below), above)
    one, both = span("about", goal, tolerance=narrow), span("about", goal, tolerance=joined)
    assert one is not None
    assert both is not None
    assert both.holds(value) or not one.holds(value)


UNTIL = date(2026, 9, 30)
ON = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("due", "done", "state", "days_late"),
    [
        ("2026-03-31", "2026-03-31", "done", 0),
        ("2026-03-31", "2026-04-09", "done", 9),
        ("2026-12-31", "2026-06-30", "done", 0),
        # done after the day of the assessment: on that day it was open
        ("2026-06-29", "2026-07-01", "overdue", 1),
        ("2026-03-31", None, "overdue", 91),  # 30 + 31 + 30 days of April to June
        ("2026-06-30", None, "due", 0),
        ("2026-09-30", None, "due", 0),
        ("2026-10-01", None, "upcoming", 0),
        ("2026-10-01", "2026-10-01", "upcoming", 0),
    ],
)
def test_where_a_milestone_stands(due: str, done: str | None, state: str, days_late: int) -> None:
    """Done, overdue, due before the next assessment, or later."""
    day, end = date.fromisoformat(due), done and date.fromisoformat(done)
    assert milestone(day, end, on=ON, until=UNTIL) == state
    assert late(day, end, ON) == days_late


@given(due=days, done=st.none() | days, on=days, later=days)
def test_a_milestone_never_gets_undone(due: date, done: date | None, on: date, later: date) -> None:
    """As days pass it goes from upcoming over due and overdue to done, and never back."""
    on, later = min(on, later), max(on, later)
    order = ["upcoming", "due", "overdue", "done"]
    before = milestone(due, done, on=on, until=on + timedelta(days=90))
    after = milestone(due, done, on=later, until=later + timedelta(days=90))
    assert order.index(before) <= order.index(after)
