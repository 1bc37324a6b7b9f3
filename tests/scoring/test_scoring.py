"""The kernels of scoring, against published and normative numbers."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.scoring import aggregate
from evalkit.scoring.points import Rounder, fixed, half_up, text
from evalkit.scoring.rank import competition, one_key
from tests.support.examples import examples

# 四舍五入 on exact decimals: (value, published). Binary floats give 86.12 and 59.99 for the first
# and sixth [GB/T 8170-2008, 3.2 with the "rounding up at five" of Chinese administrative texts].
HALF_UP = [
    ("86.125", "86.13"),
    ("2.675", "2.68"),
    ("1.005", "1.01"),
    ("0.125", "0.13"),
    ("99.995", "100.00"),
    ("59.995", "60.00"),
    ("86.1249999", "86.12"),
    ("-0.125", "-0.13"),
    ("70.045", "70.05"),
    ("79.9949", "79.99"),  # not 80.00: never rounded twice
]


@pytest.mark.parametrize(("value", "published"), HALF_UP)
def test_half_up_on_exact_ties(value: str, published: str) -> None:
    """A tie goes away from zero, on the decimal value itself."""
    number = Fraction(value)
    rounded = half_up(np.array([number.numerator * 100]), number.denominator)[0]
    assert fixed(rounded, 2) == published


def test_half_up_of_a_mean_of_eight() -> None:
    """Eight scores on a 0.5 step: their mean 689/8 = 86.125 is an exact tie, 86.13."""
    scores = np.array([875, 860, 865, 855, 850, 860, 865, 860])
    total, n = aggregate.mean(scores, np.ones(8, dtype=bool))
    assert Fraction(int(total), int(n) * 10) == Fraction(689, 8)
    assert fixed(half_up(total * 100, n * 10), 2) == "86.13"


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**4))
def test_half_up_is_decimals_half_up(numerator: int, denominator: int) -> None:
    """The integer kernel and `decimal` agree on every fraction."""
    with localcontext(prec=60):  # a quotient that is no tie is further from one than 10**-40
        expected = (Decimal(numerator) / Decimal(denominator)).quantize(Decimal(1), ROUND_HALF_UP)
    assert half_up(np.array([numerator]), np.array([denominator]))[0] == expected


def test_points_as_text() -> None:
    """Points in tenths read as people write them: no trailing zero, no exponent."""
    assert [text(v, 10) for v in (0, 5, 80, 100, 1000)] == ["0", "0.5", "8", "10", "100"]


def test_trim_drops_one_instance() -> None:
    """Of three nines one is dropped: (9 + 9 + 8) / 3 = 26/3."""
    scores = np.array([9, 9, 9, 8, 7])
    dropped = aggregate.trim(scores, np.ones(5, dtype=bool), 1, 1)
    total, n = aggregate.mean(scores, dropped == 0)
    assert Fraction(int(total), int(n)) == Fraction(26, 3)
    assert sorted(dropped.tolist()) == [-1, 0, 0, 0, 1]


def test_trim_keeps_a_typed_zero_in_and_a_missing_one_out() -> None:
    """A 0 is a score and may be the lowest; an absent score is none."""
    zero = aggregate.trim(np.array([0, 85, 90, 88, 87]), np.ones(5, dtype=bool), 1, 1)
    assert zero.tolist() == [-1, 0, 1, 0, 0]
    valid = np.array([False, True, True, True, True])
    absent = aggregate.trim(np.array([0, 85, 90, 88, 87]), valid, 1, 1)
    assert absent.tolist() == [0, -1, 1, 0, 0]


@examples(4)
@given(st.lists(st.one_of(st.none(), st.integers(0, 20)), min_size=1, max_size=12),
       st.integers(0, 3), st.integers(0, 3))  # fmt: skip
def test_trim_equals_sorting(scores: list[int | None], high: int, low: int) -> None:
    """Dropping one at a time equals cutting both ends of the sorted scores."""
    valid = np.array([s is not None for s in scores])
    points = np.array([s or 0 for s in scores])
    dropped = aggregate.trim(points, valid, high, low)
    ordered = sorted(s for s in scores if s is not None)
    kept = ordered[: max(len(ordered) - high, 0)][low:]
    assert sorted(points[valid & (dropped == 0)].tolist()) == kept


SUMS = [
    # (fractions, their sum, rounded)
    (["1/2", "1/3"], "5/6", 1),
    (["1/3", "1/6"], "1/2", 1),  # a tie, though neither term is a binary fraction
    (["-1/3", "-1/6"], "-1/2", -1),
    (["1/3", "1/7", "1/42"], "1/2", 1),
    (["1/3", "1/7", "1/43"], "451/903", 0),  # 1/1806 below a tie
    (["-7/2", "3"], "-1/2", -1),
    (["-1/3", "1/3"], "0", 0),
]


@pytest.mark.parametrize(("terms", "total", "rounded"), SUMS)
@pytest.mark.parametrize("kind", [np.int64, object])
def test_sums_of_fractions_are_rounded_once(
    terms: list[str], total: str, rounded: int, kind: type
) -> None:
    """The sum itself is rounded, a tie away from zero."""
    fractions = [Fraction(term) for term in terms]
    assert sum(fractions) == Fraction(total)
    tops, bottoms = zip(*(f.as_integer_ratio() for f in fractions), strict=True)
    assert half_up.sum(np.array([tops], kind), np.array([bottoms], kind)).tolist() == [rounded]


# 2.5 and -2.5 of [decimal]'s table, 1.1 and 1.9; in steps of 0.5: 8.25, 8.75, 8.74, 8.1
ROUNDED = {
    "half_up": ("3", "-3", "1", "2", "8.5", "9", "8.5", "8"),
    "half_even": ("2", "-2", "1", "2", "8", "9", "8.5", "8"),
    "down": ("2", "-2", "1", "1", "8", "8.5", "8.5", "8"),
    "up": ("3", "-3", "2", "2", "8.5", "9", "9", "8.5"),
}


@pytest.mark.parametrize("mode", ROUNDED)
def test_modes_and_steps_of_rounding(mode: str) -> None:
    """The modes of `decimal`, and the same on multiples of a half (8.25 is 16.5 halves)."""
    whole = [Fraction(x) for x in ("2.5", "-2.5", "1.1", "1.9")]
    found = [Rounder(mode).of(x) for x in whole]
    assert found == [int(x) for x in ROUNDED[mode][:4]]
    halves = [Fraction(x) for x in ("8.25", "8.75", "8.74", "8.1")]
    found = [Rounder(mode, 50).of(x * 100) for x in halves]
    assert found == [Fraction(x) * 100 for x in ROUNDED[mode][4:]]


@pytest.mark.parametrize("mode", ["half_even", "down", "up"])
@pytest.mark.parametrize("step", [1, 5, 50])
def test_sums_in_other_modes(mode: str, step: int) -> None:
    """The sum of many fractions is rounded as `decimal` rounds it, multiples of the step kept."""
    random = np.random.default_rng(step)
    bottoms = random.choice([1, 2, 3, 4, 6, 7, 8, 20], (500, 4))
    tops = random.integers(-(10**6), 10**6, (500, 4))
    found = Rounder(mode, step).sum(tops, bottoms).tolist()
    how = "ROUND_" + mode.upper()
    for sums, a, b in zip(found, tops.tolist(), bottoms.tolist(), strict=True):
        exact = sum(Fraction(x, y) for x, y in zip(a, b, strict=True)) / step
        with localcontext(prec=60):
            ratio = Decimal(exact.numerator) / exact.denominator
        assert sums == int(ratio.quantize(Decimal(1), how)) * step


def half_up_differs(n: int, seed: int) -> list[tuple[int, int]]:
    """Fractions, many of them ties, that the kernel and `decimal` round differently."""
    random = np.random.default_rng(seed)
    denominators = random.choice([1, 2, 3, 6, 7, 8, 20, 40, 125, 1000, 9973], n)
    numerators = random.integers(-(10**9), 10**9, n)
    rounded = half_up(numerators, denominators).tolist()
    with localcontext(prec=60):
        return [
            (top, bottom)
            for top, bottom, found in zip(
                numerators.tolist(), denominators.tolist(), rounded, strict=True
            )
            if (Decimal(top) / bottom).quantize(Decimal(1), ROUND_HALF_UP) != found
        ]


def test_half_up_on_twenty_thousand_values() -> None:
    """The kernel and `decimal` agree."""
    assert half_up_differs(20_000, 1) == []


@pytest.mark.soak
def test_half_up_on_a_million_values() -> None:
    """The kernel and `decimal` agree."""
    assert half_up_differs(1_000_000, 2) == []


@examples(4)
@given(st.lists(st.tuples(st.integers(-(10**9), 10**9), st.integers(1, 10**6)), min_size=1))
def test_sums_of_any_fractions(terms: list[tuple[int, int]]) -> None:
    """Cut quotients decide only where they can."""
    total = sum((Fraction(*term) for term in terms), Fraction(0))
    doubled = 2 * abs(total)
    expected = (doubled.numerator + doubled.denominator) // (2 * doubled.denominator)
    tops, bottoms = (np.array([part]) for part in zip(*terms, strict=True))
    assert half_up.sum(tops, bottoms).tolist() == [-expected if total < 0 else expected]


@pytest.mark.parametrize("most", [5, 2**20, 2**40], ids=["small", "large", "no room in 64 bits"])
def test_one_key_orders_as_all_keys(most: int) -> None:
    """Rows with ties on any of the keys keep their ranks, also where the product has no room."""
    rng = np.random.default_rng(most)
    keys = rng.integers(-most, most, (200, 4))
    keys[50:100], keys[100:150, :2] = keys[:50], keys[:50, :2]
    everybody = np.ones(200, dtype=bool)
    expected = competition(keys, everybody)
    assert competition(one_key(keys)[:, None], everybody).tolist() == expected.tolist()


def test_competition_ranks() -> None:
    """90.10, 88.00, 88.00, 85.50 rank 1, 2, 2, 4."""
    ranks = competition(np.array([[9010], [8800], [8800], [8550]]), np.ones(4, dtype=bool))
    assert ranks.tolist() == [1, 2, 2, 4]


def test_a_tie_chain_separates_what_it_can() -> None:
    """Equal totals fall to the base, then to a dimension: C before B before A."""
    keys = np.array([[8800, 8500, 2600], [8800, 8600, 2500], [8800, 8600, 2700]])
    assert competition(keys, np.ones(3, dtype=bool)).tolist() == [3, 2, 1]


def test_whoever_is_not_ranked_takes_no_rank() -> None:
    """An unranked applicant has rank 0 and those after it move up."""
    keys = np.array([[9000], [9500], [8000]])
    assert competition(keys, np.array([True, False, True])).tolist() == [1, 0, 2]
    assert competition(keys, np.zeros(3, dtype=bool)).tolist() == [0, 0, 0]
