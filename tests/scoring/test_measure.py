"""From measured values to points, against published and normative numbers."""

from __future__ import annotations

import _pydecimal as slow
from collections.abc import Callable, Sequence
from decimal import ROUND_UP, Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple, get_args

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evalkit.base.text import Text
from evalkit.scoring import measure
from evalkit.scoring.measure import (
    ALL_EQUAL,
    COEFFICIENTS,
    FLAGS,
    RELATIVE_TO_POOL,
    Better,
    Knot,
    Relative,
    Tier,
)

D = Decimal
FULL = D(10)
SIXTY_FORTY = {"base": D("0.6"), "span": D("0.4")}


def decimals(*texts: str | int) -> list[Decimal]:
    """Exact decimals from what they look like."""
    return [D(text) for text in texts]


def test_efficacy_below_the_unallowable_value() -> None:
    """5.81 % with 12 % satisfactory and 6 % unallowable is 58.73: less than 60 [GX]."""
    # 60 + 40 · (5.81 − 6) / (12 − 6) = 60 − 7.6 / 6 = 60 − 19/15 = 881/15 = 58.7333…
    for clamp in get_args(measure.Clamp):
        score = measure.efficacy(
            D("5.81"),
            satisfactory=D(12),
            unallowable=D(6),
            **SIXTY_FORTY,
            clamp=clamp,
            points=D(100),
            better="higher",
        )
        assert score == Fraction(881, 15)
        assert abs(score - Fraction("58.73")) <= Fraction("0.005")


# (value, weight, standards from 优秀 to 较差, printed score, exact score). Only the two standards
# that enclose the value act; the exam item prints no others, so 15, -1 and -5 are filled in.
FIVE_TIERS = [
    # Exam item on [SASAC06]: (8 − 1.7) / (9.5 − 1.7) = 6.3/7.8 = .8077; 12 + .8077 · (16 − 12)
    ("8", 20, ("15", "9.5", "1.7", "-1", "-5"), "15.23", Fraction(198, 13)),
    # Course slides on that formula [JF], 净资产收益率 and 总资产报酬率:
    # 24 + (6.35 − 6) / (14.6 − 6) · (30 − 24) = 24 + 2.1/8.6 = 24 + 21/86
    ("6.35", 30, ("14.6", "6.0", "-0.5", "-10.2", "-23.6"), "24.24", Fraction(2085, 86)),
    # 4.8 + (6.66 + 1.5) / (6.8 + 1.5) · (7.2 − 4.8) = 4.8 + 8.16/8.3 · 2.4
    ("6.66", 12, ("17.8", "11.9", "6.8", "-1.5", "-6.1"), "7.16", Fraction(14856, 2075)),
]


@pytest.mark.parametrize(("value", "weight", "standards", "printed", "exact"), FIVE_TIERS)
def test_five_tier_efficacy(
    value: str, weight: int, standards: tuple[str, ...], printed: str, exact: Fraction
) -> None:
    """The points of the tier below plus the part of the step that was climbed [SASAC06]."""
    score = measure.five_tier(
        D(value), standards=decimals(*standards), points=D(weight), better="higher"
    )
    assert score == exact
    assert abs(score - Fraction(printed)) <= Fraction("0.005")


def test_five_tier_efficacy_coefficient() -> None:
    """The same exam item prints the coefficient .8077 on the way to 15.23."""
    standards = decimals("15", "9.5", "1.7", "-1", "-5")
    score = measure.five_tier(D(8), standards=standards, points=D(20), better="higher")
    # 调整分 / (上档基础分 − 本档基础分) = (15.2308 − 12) / (16 − 12) = 21/26
    assert (score - 12) / 4 == Fraction(21, 26)
    assert abs(Fraction(21, 26) - Fraction("0.8077")) <= Fraction("0.00005")


# smaa.pvf, cutoffs 50, 75, 90, 100 with the values 1, .8, .5, 0 [SMAA]
KNOTS = [Knot(D(50), D(1)), Knot(D(75), D("0.8")), Knot(D(90), D("0.5")), Knot(D(100), D(0))]
CLIPPED = [("50", "1"), ("90", "0.5"), ("100", "0"), ("10", "1"), ("40", "1"), ("101", "0"),
           ("120", "0")]  # fmt: skip
# 1 + 40 · .2/25 = 1.32; 1 + 10 · .008 = 1.08; 0 − 1 · .5/10 = −.05; 0 − 20 · .05 = −1
EXTENDED = [("10", "1.32"), ("40", "1.08"), ("101", "-0.05"), ("120", "-1")]


@pytest.mark.parametrize(
    ("outside", "value", "expected"),
    [("clip", *row) for row in CLIPPED] + [("extend", *row) for row in EXTENDED],
)
def test_piecewise_linear(outside: measure.Outside, value: str, expected: str) -> None:
    """The documented example and the tests of smaa.pvf, within and beyond the cutoffs [SMAA]."""
    score = measure.piecewise(D(value), knots=KNOTS, outside=outside, points=D(1), better="lower")
    assert score == Fraction(expected)


def test_midranks_share_the_places_of_a_tie() -> None:
    """10, 20, 20, 30 have the ranks 1, 2.5, 2.5, 4 and 0, 2, 2, 4 points of 4 [K45]."""
    # 4 · (2.5 − 1) / (4 − 1) = 2
    scored = measure.percentile(decimals(10, 20, 20, 30), points=D(4), better="higher")
    assert scored.points == (0, 2, 2, 4)


@pytest.mark.parametrize(
    ("value", "expected"), [("0", 0), ("15", 3), ("30", 6), ("45", 6), ("-3", 0)]
)
def test_ratio_to_a_target(value: str, expected: int) -> None:
    """6 points for a target of 30: 6 · 15/30 = 3; more than 30 stays 6, a decline is 0."""
    assert measure.target_ratio(D(value), target=D(30), points=D(6), better="higher") == expected


@pytest.mark.parametrize(
    ("value", "expected"), [("30", 6), ("15", 6), ("0", 6), ("-3", 6), ("45", 4), ("60", 3)]
)
def test_ratio_to_a_target_not_to_be_exceeded(value: str, expected: int) -> None:
    """Where lower is better, 45 against a target of 30 gives 6 · 30/45 = 4."""
    assert measure.target_ratio(D(value), target=D(30), points=D(6), better="lower") == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("0", "0"), ("9", "1.5"), ("99", "3"), ("-0.5", "0"), ("-7", "0"), ("1000", "3")],
)
def test_logarithms_that_come_out_even(value: str, expected: str) -> None:
    """3 points, full at 99: 3 · ln 10 / ln 100 is 1.5 exactly; outside it is cut at 0 and 3."""
    assert measure.log_saturating(D(value), cap=D(99), points=D(3)) == Fraction(expected)


# 以上 and 以下 include the number, 超过 and 不满 do not [CC1259].
ATLEAST = [Tier(D(100), True, D(4)), Tier(D(50), True, D(2))]
MORE_THAN = [Tier(D(100), False, D(4)), Tier(D(50), False, D(2))]
AT_MOST = [Tier(D(50), True, D(4)), Tier(D(100), True, D(2))]
LESS_THAN = [Tier(D(50), False, D(4)), Tier(D(100), False, D(2))]
MIXED = [Tier(D(100), False, D(4)), Tier(D(50), True, D(2))]
TIERS = [
    ("以上", ATLEAST, "higher", ("1000", "100", "99.99", "50", "49.99"), (4, 4, 2, 2, 1)),
    ("超过", MORE_THAN, "higher", ("100.01", "100", "50.01", "50", "-5"), (4, 2, 2, 1, 1)),
    ("以下", AT_MOST, "lower", ("-5", "50", "50.01", "100", "100.01"), (4, 4, 2, 2, 1)),
    ("不满", LESS_THAN, "lower", ("49.99", "50", "99.99", "100", "1000"), (4, 2, 2, 1, 1)),
    ("超过、以上", MIXED, "higher", ("100.01", "100", "50", "49.99", "0"), (4, 2, 2, 1, 1)),
]


@pytest.mark.parametrize(("word", "tiers", "better", "values", "expected"), TIERS)
def test_a_tier_says_whether_its_bound_belongs_to_it(
    word: str, tiers: Sequence[Tier], better: Better, values: Sequence[str], expected: Sequence[int]
) -> None:
    """At the bound itself 以上 and 以下 give the tier, 超过 and 不满 the next one [CC1259]."""
    scored = [
        measure.tier_table(D(v), tiers=tiers, otherwise=D(1), points=D(4), better=better)
        for v in values
    ]
    assert scored == list(expected), word


def test_efficacy_is_cut_only_where_that_is_declared() -> None:
    """0 gives 60 − 40 = 20, −12 gives −60 or 0, and 24 gives 180 or 100."""
    # 60 + 40 · (0 − 6) / 6 = 20;  60 + 40 · (−12 − 6) / 6 = −60;  60 + 40 · (24 − 6) / 6 = 180
    line = {"satisfactory": D(12), "unallowable": D(6), "points": D(100), "better": "higher"}
    values = decimals(0, -12, 24)
    free = [measure.efficacy(v, **line, **SIXTY_FORTY, clamp="none") for v in values]
    cut = [measure.efficacy(v, **line, **SIXTY_FORTY, clamp="points") for v in values]
    assert free == [20, -60, 180]
    assert cut == [20, 0, 100]


def test_five_tiers_where_lower_is_better() -> None:
    """44.14 % debt with 41.1 优秀 and 53.1 良好 has 0.8 of the points and most of the next step."""
    # 12 · .8 + (44.14 − 53.1) / (41.1 − 53.1) · (12 − 9.6) = 9.6 + 8.96/12 · 2.4 = 9.6 + 1.792
    standards = decimals("41.1", "53.1", "74.3", "89.8", "100")
    score = measure.five_tier(D("44.14"), standards=standards, points=D(12), better="lower")
    assert score == Fraction("11.392")


def test_five_tiers_end_in_a_step_and_a_ceiling() -> None:
    """较差 itself keeps 0.2 of the points, anything below it none; above 优秀 they stay full."""
    values = decimals("100", "9", "1", "0.99", "-50")
    standards = decimals(9, 7, 5, 3, 1)
    scored = [
        measure.five_tier(v, standards=standards, points=FULL, better="higher") for v in values
    ]
    assert scored == [10, 10, 2, 0, 0]


# 达到50得10分，每少5扣1分: 48 is 0.4 portions short, 42 is 1.6, 0 is 10, and 60 cannot pass 10.
SHORT = {"start": D(50), "start_points": D(10), "each": D(5), "each_points": D(1)}
# 每个3分，最高10分: 3 are 9 points, 4 would be 12; 2.5 have half a portion.
COUNT = {"start": D(0), "start_points": D(0), "each": D(1), "each_points": D(3)}
# 30天得6分，每超1天扣1分，每提前1天加1分
DAYS = {"start": D(30), "start_points": D(6), "each": D(1), "each_points": D(1)}
PER_UNIT = [
    (SHORT, "higher", "none", {"60": 10, "50": 10, "48": 10, "45": 9, "42": 9, "0": 0, "-9": 0}),
    (SHORT, "higher", "whole", {"50": 10, "48": 9, "45": 9, "42": 8, "0": 0}),
    (SHORT, "higher", "share", {"50": 10, "48": "9.6", "42": "8.4"}),
    (COUNT, "higher", "none", {"0": 0, "1": 3, "2.5": 6, "3": 9, "4": 10}),
    (COUNT, "higher", "whole", {"2.5": 9}),
    (COUNT, "higher", "share", {"2.5": "7.5"}),
    (DAYS, "lower", "none", {"30": 6, "31.5": 5, "36": 0, "40": 0, "28": 8, "20": 10}),
    (DAYS, "lower", "whole", {"31.5": 4, "28.5": 8}),
]


@pytest.mark.parametrize(("line", "better", "part", "expected"), PER_UNIT)
def test_points_for_each_portion(
    line: dict[str, Decimal], better: Better, part: measure.Part, expected: dict[str, int | str]
) -> None:
    """Whole portions, shares of them, or a begun one as a whole; cut at 0 and at 10 points."""
    for value, points in expected.items():
        score = measure.per_unit(D(value), **line, part=part, points=FULL, better=better)
        assert score == Fraction(points), value


POOLED = [measure.best_ratio, measure.min_max, measure.percentile]
Pooled = Callable[..., Relative]


def totals(method: Pooled, objects: Sequence[tuple[int, int]], weights: tuple[int, int]) -> list:
    """The sum over two indicators, each relative to the pool."""
    columns = zip(*objects, strict=True)
    scored = [
        method(decimals(*column), points=D(weight), better="higher").points
        for column, weight in zip(columns, weights, strict=True)
    ]
    return [sum(parts) for parts in zip(*scored, strict=True)]


def test_a_third_applicant_turns_two_others_round() -> None:
    """Best ratio: A 8.33 < B 9.0, and with C A 5.5 > B 4.75, though neither changed [BG83]."""
    a, b, c = (100, 10), (80, 15), (10, 100)
    # A 5 · 100/100 + 5 · 10/15 = 25/3;  B 5 · 80/100 + 5 · 15/15 = 9
    assert totals(measure.best_ratio, [a, b], (5, 5)) == [Fraction(25, 3), 9]
    # A 5 + 5 · 10/100 = 5.5;  B 4 + 5 · 15/100 = 4.75
    assert totals(measure.best_ratio, [a, b, c], (5, 5))[:2] == [Fraction("5.5"), Fraction("4.75")]


@pytest.mark.parametrize("method", POOLED)
def test_every_method_on_the_pool_can_reverse_ranks(method: Pooled) -> None:
    """With 4 and 6 points B (80, 15) beats A (100, 10); once C (90, 100) is there, A beats B."""
    # best ratio: 8 < 9.2, then 4.6 > 4.1; min-max: 4 < 6, then 4 > 1/3; midrank: 4 < 6, then 4 > 3
    a, b = totals(method, [(100, 10), (80, 15)], (4, 6))
    assert a < b
    a, b, _c = totals(method, [(100, 10), (80, 15), (90, 100)], (4, 6))
    assert a > b


def test_fixed_benchmarks_are_immune_to_a_third_applicant() -> None:
    """Against targets of 100 and 15 A has 8.33 and B 9.0, whether C is there or not."""

    def total(x: int, y: int) -> Fraction:
        first = measure.target_ratio(D(x), target=D(100), points=D(5), better="higher")
        return first + measure.target_ratio(D(y), target=D(15), points=D(5), better="higher")

    two = {name: total(*xy) for name, xy in {"A": (100, 10), "B": (80, 15)}.items()}
    three = {n: total(*xy) for n, xy in {"A": (100, 10), "B": (80, 15), "C": (10, 100)}.items()}
    assert two == {"A": Fraction(25, 3), "B": 9}
    assert {name: three[name] for name in two} == two


@pytest.mark.parametrize("method", POOLED)
@pytest.mark.parametrize("better", get_args(Better))
@pytest.mark.parametrize("pool", [(7, 7, 7), (7,), (0, 0), (-3, -3, -3), ()])
def test_a_pool_without_differences(method: Pooled, better: Better, pool: tuple[int, ...]) -> None:
    """All equal the best: full points, said aloud; nobody at all: nothing, and no division by 0."""
    scored = method(decimals(*pool), points=D(4), better=better)
    assert scored.points == (4,) * len(pool)
    assert scored.flags == ((RELATIVE_TO_POOL, ALL_EQUAL) if pool else (RELATIVE_TO_POOL,))


# (values, better, points of 6): a ratio to 0 or to a negative best means nothing
RATIOS = [
    ((0, -5), "higher", (6, 0)),
    ((-1, -2), "higher", (6, 0)),
    ((4, -2, 2), "higher", (6, 0, 3)),
    ((0, 5, 1), "lower", (6, 0, 0)),
    ((-2, -1, 3), "lower", (6, 0, 0)),
    ((2, 4, 3), "lower", (6, 3, 4)),
]


@pytest.mark.parametrize(("values", "better", "expected"), RATIOS)
def test_ratio_to_a_best_of_any_sign(
    values: tuple[int, ...], better: Better, expected: tuple[int, ...]
) -> None:
    """The best has full points; the others a ratio where the best is above 0, else none."""
    assert measure.best_ratio(decimals(*values), points=D(6), better=better).points == expected


def test_the_warnings_say_what_follows() -> None:
    """Every flag has words for people, and the warning names the other applicants' ranks."""
    assert set(FLAGS) == {RELATIVE_TO_POOL, ALL_EQUAL}
    assert "名次都可能改变" in FLAGS[RELATIVE_TO_POOL].render()


NUMBERS = st.decimals(-1000, 1000, places=2)
POSITIVE = st.decimals("0.01", 1000, places=2)
SCORES = st.decimals(0, FULL, places=1)
DIRECTIONS = st.sampled_from(get_args(Better))
POOLS = st.lists(NUMBERS, min_size=1, max_size=8)


class Scale(NamedTuple):
    """A method with its benchmarks, on an axis where up is better, and its mirror image below."""

    score: Callable[[Decimal, Better], Fraction]
    marks: list[tuple[Decimal, Fraction]]
    bounded: bool

    def at(self, height: Decimal, better: Better) -> Fraction:
        """Points of a value as good as ``height``: where lower is better its negative."""
        return self.score(height if better == "higher" else -height, better)


def mirrored(heights: Sequence[Decimal], better: Better) -> list[Decimal]:
    """Benchmarks as good as ``heights``."""
    return [h if better == "higher" else -h for h in heights]


def ladders(least: int, most: int) -> st.SearchStrategy[list[Decimal]]:
    """Distinct heights from best to worst."""
    lists = st.lists(NUMBERS, min_size=least, max_size=most, unique=True)
    return lists.map(lambda found: sorted(found, reverse=True))


def falling(n: int) -> st.SearchStrategy[list[Decimal]]:
    """Points that do not rise from best to worst."""
    return st.lists(SCORES, min_size=n, max_size=n).map(lambda found: sorted(found, reverse=True))


@st.composite
def tier_tables(draw: st.DrawFn) -> Scale:
    """Tables of one to five tiers."""
    heights = draw(ladders(1, 5))
    *scores, otherwise = draw(falling(len(heights) + 1))
    inclusive = [draw(st.booleans()) for _h in heights]

    def score(value: Decimal, better: Better) -> Fraction:
        tiers = list(map(Tier, mirrored(heights, better), inclusive, scores))
        return measure.tier_table(
            value, tiers=tiers, otherwise=otherwise, points=FULL, better=better
        )

    below = [*scores[1:], otherwise]
    reached = [s if i else b for s, i, b in zip(scores, inclusive, below, strict=True)]
    return Scale(score, list(zip(heights, map(Fraction, reached), strict=True)), bounded=True)


@st.composite
def efficacies(draw: st.DrawFn) -> Scale:
    """Efficacy coefficients with other shares than 60 and 40, cut or not."""
    heights = draw(ladders(2, 2))
    base = draw(st.decimals(0, "0.9", places=1))
    span = draw(st.decimals("0.1", 1 - base, places=1))
    clamp = draw(st.sampled_from(get_args(measure.Clamp)))

    def score(value: Decimal, better: Better) -> Fraction:
        best, worst = mirrored(heights, better)
        ends = {"satisfactory": best, "unallowable": worst}
        return measure.efficacy(
            value, **ends, base=base, span=span, clamp=clamp, points=FULL, better=better
        )

    marks = [Fraction(FULL * (base + span)), Fraction(FULL * base)]
    return Scale(score, list(zip(heights, marks, strict=True)), bounded=clamp == "points")


@st.composite
def five_tiers(draw: st.DrawFn) -> Scale:
    """Five standard values."""
    heights = draw(ladders(5, 5))

    def score(value: Decimal, better: Better) -> Fraction:
        standards = mirrored(heights, better)
        return measure.five_tier(value, standards=standards, points=FULL, better=better)

    marks = [coefficient * 10 for coefficient in COEFFICIENTS]
    return Scale(score, list(zip(heights, marks, strict=True)), bounded=True)


@st.composite
def polylines(draw: st.DrawFn) -> Scale:
    """Two to six knots, cut or extended."""
    heights = draw(ladders(2, 6))
    scores = draw(falling(len(heights)))
    outside = draw(st.sampled_from(get_args(measure.Outside)))

    def score(value: Decimal, better: Better) -> Fraction:
        knots = list(map(Knot, mirrored(heights, better), scores))
        return measure.piecewise(value, knots=knots, outside=outside, points=FULL, better=better)

    marks = list(zip(heights, map(Fraction, scores), strict=True))
    return Scale(score, marks, bounded=outside == "clip")


SCALES = st.one_of(tier_tables(), efficacies(), five_tiers(), polylines())


@given(SCALES, DIRECTIONS)
def test_exact_at_every_benchmark(scale: Scale, better: Better) -> None:
    """A value that equals a benchmark has the declared points, without a rounding error."""
    assert [scale.at(height, better) for height, _p in scale.marks] == [p for _h, p in scale.marks]


@given(SCALES, DIRECTIONS, POOLS)
def test_never_worse_for_a_better_value(scale: Scale, better: Better, pool: list[Decimal]) -> None:
    """Points rise with the measure or stay: in its declared direction, benchmarks included."""
    heights = sorted([*pool, *(height for height, _p in scale.marks)])
    scored = [scale.at(height, better) for height in heights]
    assert all(low <= high for low, high in pairwise(scored))


@given(SCALES, DIRECTIONS, NUMBERS)
def test_points_stay_within_the_indicator(scale: Scale, better: Better, height: Decimal) -> None:
    """Between 0 and the full points, unless the method declares that its line goes on."""
    assume(scale.bounded)
    assert 0 <= scale.at(height, better) <= 10


@given(SCALES, NUMBERS)
def test_lower_is_better_mirrors_higher_is_better(scale: Scale, height: Decimal) -> None:
    """With value and benchmarks negated, the other direction gives the same points."""
    assert scale.at(height, "lower") == scale.at(height, "higher")


@given(SCALES, DIRECTIONS, POOLS, NUMBERS)
def test_an_applicant_more_changes_nothing(
    scale: Scale, better: Better, pool: list[Decimal], newcomer: Decimal
) -> None:
    """With fixed benchmarks everybody keeps their points when somebody joins."""
    before = [scale.at(height, better) for height in pool]
    assert [scale.at(height, better) for height in [*pool, newcomer]][:-1] == before


@given(POSITIVE, NUMBERS, NUMBERS, DIRECTIONS)
def test_target_ratio_is_bounded_and_monotone(
    target: Decimal, x: Decimal, y: Decimal, better: Better
) -> None:
    """A value nearer the target, or beyond it, never has fewer points; all lie in 0 to 10."""
    worse, good = sorted((x, y), reverse=better == "lower")
    low, high = (
        measure.target_ratio(v, target=target, points=FULL, better=better) for v in (worse, good)
    )
    assert 0 <= low <= high <= 10
    assert measure.target_ratio(target, target=target, points=FULL, better=better) == 10


@given(POSITIVE, POSITIVE)
def test_target_ratio_turned_round(x: Decimal, target: Decimal) -> None:
    """Staying under a target is reaching it with value and target exchanged."""
    under = measure.target_ratio(x, target=target, points=FULL, better="lower")
    assert under == measure.target_ratio(target, target=x, points=FULL, better="higher")


@given(POSITIVE, NUMBERS, NUMBERS)
def test_logarithms_are_bounded_and_monotone(cap: Decimal, x: Decimal, y: Decimal) -> None:
    """Rounding does not turn the order round, nor lead beyond the points."""
    low, high = (measure.log_saturating(v, cap=cap, points=FULL) for v in sorted((x, y)))
    assert 0 <= low <= high <= 10
    assert measure.log_saturating(cap, cap=cap, points=FULL) == 10


@given(st.sampled_from(POOLED), DIRECTIONS, POOLS)
def test_points_on_the_pool_are_bounded_and_monotone(
    method: Pooled, better: Better, pool: list[Decimal]
) -> None:
    """The best has full points, equals are equal, and nobody is overtaken by a worse one."""
    scored = method(pool, points=FULL, better=better)
    by_quality = sorted(zip(pool, scored.points, strict=True), reverse=better == "lower")
    assert all(0 <= points <= 10 for points in scored.points)
    assert by_quality[-1][1] == max(scored.points)
    for (x, low), (y, high) in pairwise(by_quality):
        assert low == high if x == y else low <= high
    assert RELATIVE_TO_POOL in scored.flags


@given(st.sampled_from([measure.min_max, measure.percentile]), POOLS)
def test_the_pool_mirrored(method: Pooled, pool: list[Decimal]) -> None:
    """Lower is better on a pool equals higher is better on the negated pool."""
    lower = method(pool, points=FULL, better="lower")
    assert lower == method([-x for x in pool], points=FULL, better="higher")


@given(st.decimals("0.000001", "999999", places=6), st.decimals("0.000001", 10**6, places=6))
def test_the_logarithm_is_correctly_rounded(x: Decimal, cap: Decimal) -> None:
    """Python's slow `decimal` with 90 digits, rounded to 34, agrees with the fast one."""
    assume(x < cap)
    wide, narrow = slow.Context(prec=90), slow.Context(prec=measure.LOG_DIGITS)
    logs = [wide.ln(wide.add(1, slow.Decimal(str(v)))) for v in (x, cap)]
    expected = Fraction(str(narrow.plus(wide.divide(*logs))))
    assert measure.log_saturating(x, cap=cap, points=FULL) == 10 * expected


def test_the_logarithm_in_full() -> None:
    """The quotient ln 6 / ln 100 has these 34 digits, whatever precision the process has set."""
    # .389075625191821816254383398989804167…, by the series of artanh in whole numbers
    with localcontext(prec=3, rounding=ROUND_UP):
        score = measure.log_saturating(D(5), cap=D(99), points=D(1))
    assert score == Fraction("0.3890756251918218162543833989898042")


def five(*standards: str, value: Decimal = FULL, better: Better = "higher") -> Fraction:
    """A five-tier score with ``standards``."""
    return measure.five_tier(value, standards=decimals(*standards), points=FULL, better=better)


def line(*knots: tuple[int, int], value: Decimal = FULL) -> Fraction:
    """A score on the line through ``knots``, higher is better."""
    declared = [Knot(D(x), D(p)) for x, p in knots]
    return measure.piecewise(value, knots=declared, outside="clip", points=FULL, better="higher")


def shares(base: str, span: str) -> Fraction:
    """An efficacy coefficient with these shares."""
    return measure.efficacy(
        D(1),
        satisfactory=D(2),
        unallowable=D(1),
        base=D(base),
        span=D(span),
        clamp="none",
        points=FULL,
        better="higher",
    )


def table(*tiers: Tier, otherwise: int = 0) -> Fraction:
    """A tier table, higher is better."""
    return measure.tier_table(
        D(1), tiers=tiers, otherwise=D(otherwise), points=FULL, better="higher"
    )


WRONG: list[tuple[Callable[[], object], str]] = [
    (
        lambda: five("9", "7", "5", "3"),
        "标准值须依次为优秀、良好、平均、较低、较差 5 个，这里有 4 个",
    ),
    (lambda: five("1", "3", "5", "7", "9"), "基准值 1、3、5、7、9 须从大到小、互不相同"),
    (lambda: five("9", "7", "7", "3", "1"), "基准值 9、7、7、3、1 须从大到小、互不相同"),
    (
        lambda: five("9", "7", "5", "3", "1", better="lower"),
        "基准值 9、7、5、3、1 须从小到大、互不相同",
    ),
    (lambda: line((9, 10)), "基准值有 1 个，至少须有 2 个"),
    (table, "基准值有 0 个，至少须有 1 个"),
    (lambda: line((9, 4), (1, 6)), "得分 4、6 次序有误：较差的不能高于较好的"),
    (
        lambda: line((9, 11), (5, 3), (1, -1)),
        "得分 11、-1 须在 0 至 10 之间；要超出，折点只写到 0 或 10，并声明 outside: extend",
    ),
    (lambda: table(Tier(D(5), True, D(11))), "得分 11 须在 0 至 10 之间"),
    (
        lambda: table(Tier(D(5), True, D(3)), otherwise=4),
        "得分 3、4 次序有误：较差的不能高于较好的",
    ),
    (lambda: shares("0.6", "0.5"), "base 0.6 须不小于 0，span 0.5 须大于 0，合计不超过 1"),
    (lambda: shares("60", "40"), "base 60 须不小于 0，span 40 须大于 0，合计不超过 1"),
    (lambda: shares("-0.1", "0.4"), "base -0.1 须不小于 0，span 0.4 须大于 0，合计不超过 1"),
    (lambda: shares("0.6", "0"), "base 0.6 须不小于 0，span 0 须大于 0，合计不超过 1"),
    (
        lambda: measure.target_ratio(D(1), target=D(0), points=FULL, better="lower"),
        "目标值 0 须大于 0，不能的请改用分档计分",
    ),
    (
        lambda: measure.log_saturating(D(1), cap=D(-5), points=FULL),
        "封顶值 -5 须大于 0，请改正",
    ),
    (
        lambda: measure.log_saturating(D(1), cap=D("1E-60"), points=FULL),
        "封顶值 1E-60 须大于 0，请改正",
    ),
    (lambda: measure.min_max([D(1)], points=D(0), better="higher"), "分值 0 须大于 0，请改正"),
]


@pytest.mark.parametrize(("call", "message"), WRONG)
def test_what_does_not_fit_is_refused(call: Callable[[], object], message: str) -> None:
    """The error carries a message that names the value and what it should be."""
    with pytest.raises(ValueError, match=r".") as caught:
        call()
    (text,) = caught.value.args
    assert isinstance(text, Text)
    assert text.render() == message


MISSING = [None, D("NaN"), D("sNaN"), D("Infinity"), 0.5, ""]


@pytest.mark.parametrize("value", MISSING, ids=repr)
def test_a_missing_value_is_never_scored(value: object) -> None:
    """None, NaN, infinity and floats raise in every method; none of them becomes 0."""
    calls: list[Callable[[], object]] = [
        lambda: five("9", "7", "5", "3", "1", value=value),
        lambda: line((9, 10), (1, 0), value=value),
        lambda: measure.target_ratio(value, target=D(1), points=FULL, better="higher"),
        lambda: measure.log_saturating(value, cap=D(9), points=FULL),
        *(lambda m=m: m([D(1), value], points=FULL, better="higher") for m in POOLED),
    ]
    for call in calls:
        with pytest.raises(ValueError, match="没有数据的须标明缺失，不按 0 计分"):
            call()


def test_benchmarks_are_checked_before_the_value() -> None:
    """One trial call finds a wrong declaration, even with a value that is none."""
    with pytest.raises(ValueError, match="互不相同"):
        five("1", "2", "3", "4", "5", value=D("NaN"))


def test_the_tables_of_cases_are_not_empty() -> None:
    """The parametrised tests above look at something."""
    tables = (FIVE_TIERS, CLIPPED, EXTENDED, TIERS, RATIOS, WRONG, MISSING, POOLED)
    assert all(len(cases) >= 3 for cases in tables)
