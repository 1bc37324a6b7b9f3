"""Intervals, the exact bootstrap over experts, and other methods and weights."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.scoring import uncertainty
from evalkit.scoring.rank import competition
from evalkit.scoring.sensitivity import anywhere, around, gaps, in_billionths, smaa, weighted
from evalkit.scoring.uncertainty import beats, interval, moves, multisets, places, rank_range, top
from tests.support.examples import examples
from tests.support.literature import case

NONE = np.zeros(1, dtype=int)
SHROUT = np.array(case(1)["data"])
COUNTS, WAYS = multisets(4)
TOTALS = COUNTS.astype(np.int64) @ SHROUT.T
ALL = np.ones(TOTALS.shape, dtype=bool)
EXPECTED = {e["quantity"]: e["value"] for e in case(14)["expected"]}


@pytest.mark.parametrize(("k", "number"), [(1, 1), (3, 10), (4, 35), (5, 126), (7, 1716)])
def test_multisets_are_all_of_them(k: int, number: int) -> None:
    """C(2k − 1, k), with weights that sum to kᵏ ordered draws."""
    counts, ways = multisets(k)
    assert counts.shape == (number, k)
    assert (counts.sum(1) == k).all()
    assert ways.sum() == k**k
    assert uncertainty.number_of_multisets(k) == number


def test_ways_count_ordered_draws() -> None:
    """Against all 27 ordered draws of three."""
    counts, ways = multisets(3)
    drawn = [tuple(np.bincount(draw, minlength=3)) for draw in product(range(3), repeat=3)]
    wanted = [drawn.count(tuple(row)) for row in counts.tolist()]
    assert ways.tolist() == wanted


@pytest.mark.parametrize(("better", "worse", "name"), [
    (5, 1, "P(applicant5 mean > applicant1)"),
    (3, 1, "P(applicant3 > applicant1)"),
    (6, 4, "P(applicant6 > applicant4)"),
])  # fmt: skip
def test_exact_probabilities_of_a_win(better: int, worse: int, name: str) -> None:
    """Case 14: over 256 ordered draws of the same experts for both; ties count one half."""
    found = beats(TOTALS[:, [better - 1]], TOTALS[:, [worse - 1]], ALL[:, :1], WAYS)[0]
    assert Fraction(found) == Fraction(EXPECTED[name])


def test_exact_probabilities_of_the_first_place() -> None:
    """Case 14: applicant 3 draws level with 5 in one of 256 draws and then has half the place."""
    found = top(places(TOTALS, ALL), WAYS, 1)
    assert [Fraction(p) for p in found] == [Fraction(p) for p in EXPECTED["P(top1) shared ties"]]


def test_chances_of_k_places_add_up_to_k() -> None:
    """Whoever is inside, k are: ties at the line share what is left."""
    for k in range(1, 7):
        assert top(places(TOTALS, ALL), WAYS, k).sum() == pytest.approx(k)


def test_rank_ranges_by_counting() -> None:
    """Applicant 2 has rank 6 in more than 2.5 % of 256 draws and 5 in more than 2.5 %."""
    found = places(TOTALS, ALL)
    ends = rank_range(found, WAYS)
    for a in range(6):
        ranks = np.sort(np.repeat(found.rank[:, a], WAYS))
        # of 256 sorted ranks 6.4 are cut off at either side: the 7th and the 250th remain
        assert ends[a].tolist() == [ranks[6], ranks[249]]


def test_who_has_no_total_takes_no_rank() -> None:
    """Where one has none the others move up, and its chances are over the rest of the draws."""
    known = ALL.copy()
    known[:5, 4] = False
    found = places(TOTALS, known)
    assert (found.rank[:5, 4] == 0).all()
    for row in range(5):
        wanted = competition(TOTALS[row][:, None], known[row])
        assert found.rank[row].tolist() == wanted.tolist()
    assert top(found, WAYS, 1)[4] == pytest.approx(1.0, abs=0.01)
    never = places(TOTALS, np.zeros_like(ALL))
    assert rank_range(never, WAYS).tolist() == [[0, 0]] * 6
    assert np.isnan(top(never, WAYS, 1)).all()


@examples(2)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=9))
def test_places_are_competition_ranks(totals: list[int]) -> None:
    """The kernel of the official ranks gives the same, however far apart and of whatever kind."""
    row = np.array([totals])
    ranked = np.ones(row.shape, dtype=bool)
    wanted = competition(row.T, ranked[0]).tolist()
    for same in (row, row * 2**59 - 2**60, row.astype(np.int16), row / 7):
        found = places(same, ranked)
        assert found.rank[0].tolist() == wanted
        assert found.tied[0].tolist() == [totals.count(t) for t in totals]


def test_grades_at_risk() -> None:
    """A bound belongs to the better grade: 60 has reached it, 59 and 61 straddle it."""
    totals = np.array([[60, 59], [60, 61], [59, 61]])
    moved = moves(totals, totals > 0, np.array([1, 1, 2]), np.array([60]), np.array([60, 61]))
    assert moved.tolist() == [2 / 4, 1 / 4]


def test_students_interval() -> None:
    """Nine experts, nothing dropped: scipy's t interval of the mean."""
    from scipy import stats

    x = np.random.default_rng(0).normal(80, 5, 9)
    low, high = stats.t.interval(0.95, 8, x.mean(), stats.sem(x))
    found = interval(x[:, None], NONE, NONE)
    assert found.df == 8
    assert 2 * found.half == pytest.approx(high - low, rel=1e-9)


@pytest.mark.parametrize("cut", [1, 2])
def test_tukey_and_mclaughlins_interval(cut: int) -> None:
    """[TM63]_: s_w / ((1 − 2γ) √n) with h − 1 degrees of freedom, as scipy computes it."""
    from scipy.stats import mstats

    x = np.random.default_rng(1).normal(80, 5, 12)
    # a share that makes scipy cut exactly ``cut`` of twelve
    low, high = mstats.trimmed_mean_ci(x, limits=(cut / 12, cut / 12), alpha=0.05)
    found = interval(x[:, None], NONE + cut, NONE + cut)
    assert found.df == 12 - 2 * cut - 1
    assert 2 * found.half == pytest.approx(high - low, rel=1e-6)


def test_an_interval_of_a_sum_of_indicators() -> None:
    """Without drops the sum of means has the interval of the mean of the sums."""
    x = np.random.default_rng(2).normal(8, 1, (7, 13))
    many = interval(x, np.zeros(13, dtype=int), np.zeros(13, dtype=int))
    one = interval(x.sum(1, keepdims=True), NONE, NONE)
    assert many.half == pytest.approx(one.half)
    assert many.df == one.df == 6


def test_intervals_with_gaps_and_without_scores() -> None:
    """A gap takes a degree of freedom; a column that nobody scored does not enter."""
    x = np.random.default_rng(3).normal(8, 1, (6, 2))
    cut = np.zeros(2, dtype=int)
    x[0, 1] = np.nan
    assert interval(x, cut, cut).df == 4
    x[:, 1] = np.nan
    assert interval(x, cut, cut).half == pytest.approx(interval(x[:, :1], NONE, NONE).half)
    assert np.isnan(interval(x[:1], cut, cut).half)
    assert np.isnan(interval(np.full((4, 2), np.nan), cut, cut).half)


@pytest.mark.parametrize("cut", [1, 2])
def test_a_column_without_variance_adds_no_uncertainty(cut: int) -> None:
    """Two must agree on the difficulty, seven judge execution: scipy's interval of these."""
    from scipy.stats import mstats

    seven = np.random.default_rng(5).normal(8, 0.4, 7)
    low, high = mstats.trimmed_mean_ci(seven, limits=(cut / 7, cut / 7), alpha=0.05)
    x = np.full((9, 2), np.nan)
    x[:2, 0], x[2:, 1] = 5.9, seven
    drops = np.array([0, cut])
    found = interval(x, drops, drops)
    assert found.df == 7 - 2 * cut - 1
    assert 2 * found.half == pytest.approx(high - low, rel=1e-6)
    # where the rule drops what differs, nothing of the column varies either
    x[:5, 0] = [5.9, 5.9, 5.9, 6.1, 5.0]
    assert interval(x, np.array([1, cut]), np.array([1, cut])) == found


def test_where_no_column_varies() -> None:
    """Nothing to either side, with the degrees of freedom of the shorter column; exactly 0."""
    x = np.full((5, 2), 0.1)
    x[:2, 1] = np.nan
    assert interval(x, NONE.repeat(2), NONE.repeat(2)) == (0.0, 2)


def test_a_single_score_is_not_a_column_without_variance() -> None:
    """What one expert gave, or what is left of three after two drop, may be anything."""
    x = np.random.default_rng(6).normal(8, 1, (5, 2))
    x[1:, 1] = np.nan
    assert np.isnan(interval(x, NONE.repeat(2), NONE.repeat(2)).half)
    x[:3, 1] = 7.0
    assert np.isnan(interval(x, np.array([0, 1]), np.array([0, 1])).half)


@pytest.mark.soak
def test_coverage_of_intervals() -> None:
    """20,000 normal panels of seven: t covers 95 %, trimmed to five of seven 94 %."""
    rng = np.random.default_rng(4)
    x = rng.normal(0, 1, (20_000, 7, 1))
    for cut, centre in ((0, x.mean(1)[:, 0]), (1, np.sort(x, 1)[:, 1:-1].mean(1)[:, 0])):
        drop = np.full((20_000, 1), cut)
        covered = np.abs(centre) <= interval(x, drop, drop).half
        print(f"{cut} dropped at each end: {covered.mean():.3f}")
        assert covered.mean() == pytest.approx(0.95 - cut * 0.01, abs=0.006)


@pytest.mark.parametrize("number", range(3))
def test_smaa_in_closed_form(number: int) -> None:
    """[LS01]_ definitions with uniform weights; 100,000 draws against exact values."""
    one = case(15)["cases"][number]
    names = list(one["alternatives"])
    found = smaa(
        np.array(list(one["alternatives"].values()), dtype=float),
        anywhere(one["criteria"], 100_000, 1),
    )
    for expected in one["expected"]:
        quantity, value = expected["quantity"], expected["value"]
        if quantity.startswith("acceptability"):
            rank = int(quantity[-1]) - 1
            got = {n: found.acceptability[i, rank] for i, n in enumerate(names)}
        elif quantity == "pairwise_win":
            pairs = {w: [names.index(n) for n in w.split(">")] for w in value}
            got = {w: found.wins[i, j] for w, (i, j) in pairs.items()}
        elif isinstance(value, dict):
            got = {n: found.central[i].tolist() for i, n in enumerate(names)}
        else:
            got, value = found.central[0].tolist(), list(value)
        for key in value if isinstance(value, dict) else range(len(value)):
            assert got[key] == pytest.approx(value[key], abs=expected["tol"]), quantity


def test_acceptabilities_are_shares() -> None:
    """Rows and columns sum to 1, also with applicants that always tie."""
    values = np.array([[1.0, 0.0], [1.0, 0.0], [0.2, 0.9]])
    found = smaa(values, anywhere(2, 5_000, 2)).acceptability
    assert found.sum(0) == pytest.approx(np.ones(3))
    assert found.sum(1) == pytest.approx(np.ones(3))
    assert found[0] == pytest.approx(found[1])


def test_weights_around_the_published_ones() -> None:
    """They keep the sum, stay near, and follow from the seed."""
    published = np.array([5.0, 10.0, 15.0])
    drawn = around(published, 0.25, 2_000, 3)
    assert drawn.sum(1) == pytest.approx(np.full(2_000, 30.0))
    assert (np.abs(drawn / published - 1) < 0.7).all()
    assert np.array_equal(drawn, around(published, 0.25, 2_000, 3))
    assert not np.array_equal(drawn, around(published, 0.25, 2_000, 4))


@pytest.mark.parametrize("beside", [0.0, 1.25])
def test_totals_in_billionths(beside: float) -> None:
    """The totals of `weighted` and what stands beside them; the same values have the same total
    wherever they stand.
    """
    rng = np.random.default_rng(4)
    values = np.tile(rng.random((3, 7)), (40, 1))
    weights, more = around(np.arange(1.0, 8.0), 0.25, 200, 5), np.full(120, beside)
    found = in_billionths(values, weights, more)
    assert found / 1e9 == pytest.approx(weighted(values, weights) + more, rel=0, abs=1.5e-9)
    assert (found == np.tile(found[:, :3], 40)).all()


def test_gaps_to_the_line() -> None:
    """90, 85, 85, 80 with two places: 85 ties across the line, 90 leads by 5, 80 lacks 5."""
    totals, ranked = np.array([90, 85, 85, 80, 99]), np.array([True] * 4 + [False])
    assert gaps(totals, ranked, 2).tolist() == [5, 0, 0, -5, 0]
    assert gaps(totals, ranked, 1).tolist() == [5, -5, -5, -10, 0]
    assert gaps(totals, ranked, 4).tolist() == [0] * 5
    assert gaps(totals, ranked, 0).tolist() == [0] * 5
