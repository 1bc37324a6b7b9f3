"""Coefficients of agreement, against printed numbers and the packages that others rely on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.scoring.agreement import against_others, alpha, gwet, kendall_w
from evalkit.scoring.icc import FORMS, icc, mean_squares, one_way
from evalkit.scoring.rank import midranks
from tests.support.examples import examples
from tests.support.literature import GAPS, case, matrix

NAMES = dict(zip(("ICC11", "ICCA1", "ICCC1", "ICC1k", "ICCAk", "ICCCk"), range(6), strict=True))


def scores(seed: int, shape: tuple[int, ...], gaps: float = 0.0) -> np.ndarray:
    """Scores on a step of 0.5 with merit, severity and noise, some of them missing."""
    rng = np.random.default_rng(seed)
    merit = rng.normal(0, 2, (*shape[:-1], 1))
    x = np.round((7 + merit + rng.normal(0, 0.7, shape[-1]) + rng.normal(0, 1, shape)) * 2) / 2
    return np.where(rng.random(shape) < gaps, GAPS, x)


ICC_CASE = case(1)


@pytest.mark.parametrize("expected", ICC_CASE["expected"], ids=lambda e: e["quantity"])
def test_icc_of_shrout_and_fleiss(expected: dict[str, Any]) -> None:
    """[SF79]_, tables 2 to 4: as printed, and the digits and intervals of R psych."""
    x, name = matrix(ICC_CASE["data"]), expected["quantity"]
    if name == "mean_squares":
        m = mean_squares(x)
        found: Any = [m.applicants, m.experts, m.error, m.within]
        wanted: Any = [expected["value"][key] for key in ("BMS", "JMS", "EMS", "WMS")]
    else:
        form, _, what = name.partition("_")
        coefficients, n = icc(x), NAMES[form]
        ends = [coefficients.low[n], coefficients.high[n]]
        found = ends if what == "CI95" else coefficients.value[n]
        wanted = expected["value"]
    assert found == pytest.approx(wanted, abs=expected["tol"])


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # what pingouin asks of pandas
@pytest.mark.parametrize("gaps", [0.0, 0.08])
def test_icc_agrees_with_pingouin(gaps: float) -> None:
    """All forms and intervals on random scores; applicants with a gap stay out of both."""
    import pandas as pd
    import pingouin

    x = scores(1, (40, 5), gaps)
    rows = [(a, e, x[a, e]) for a in range(40) for e in range(5)]
    table = pingouin.intraclass_corr(
        pd.DataFrame(rows, columns=["a", "e", "x"]), "a", "e", "x", nan_policy="omit"
    )
    found = icc(x)
    assert found.n == (~np.isnan(x).any(1)).sum()
    assert found.value == pytest.approx(table["ICC"].to_numpy(), abs=1e-9)
    column = next(name for name in table.columns if name.startswith("CI95"))
    ends = np.stack(table[column].to_numpy()).astype(float)
    assert found.low == pytest.approx(ends[:, 0], abs=0.00501)  # printed with two decimals
    assert found.high == pytest.approx(ends[:, 1], abs=0.00501)


def test_icc_of_many_tables_at_once() -> None:
    """Thirteen indicators with gaps in different places give what each gives alone."""
    x = scores(2, (13, 30, 7), 0.03)
    found = icc(x)
    assert found.value.shape == (13, 6)
    assert len(set(found.n.tolist())) > 1
    for t in range(13):
        alone = icc(x[t][~np.isnan(x[t]).any(1)])
        for part in ("value", "low", "high"):
            assert getattr(found, part)[t] == pytest.approx(getattr(alone, part), abs=1e-12)


def test_a_negative_icc_is_reported() -> None:
    """Experts who order two applicants the other way round: far below 0, and not clamped."""
    # row means 2.5 and 3, grand mean 2.75: B = 2 · (0.25² + 0.25²) / 1 = 0.25
    # within (1, 4) 4.5, within (5, 1) 8: W = 12.5 / 2 = 6.25
    x = matrix([[1, 4], [5, 1]])
    b, w = 0.25, 6.25
    assert icc(x).value[0] == pytest.approx((b - w) / (b + w))
    assert icc(x).value[0] < -0.9


def test_a_form_without_a_positive_denominator_is_not_defined() -> None:
    """Where experts disagree more than applicants differ, (2,k) can be no share of a variance."""
    # rows 3, 2, 1: B = 2 · 2 / 2 = 2; columns 2, 2: J = 0; total 16, so E = (16 − 4) / 2 = 6
    found = icc(matrix([[4, 2], [0, 4], [2, 0]]))
    b, j, e, n = 2, 0, 6, 3
    assert found.value[FORMS.index("ICC(2,1)")] == pytest.approx(
        (b - e) / (b + e + 2 * (j - e) / n)
    )
    assert b + (j - e) / n == 0
    assert np.isnan([part[FORMS.index("ICC(2,k)")] for part in found[:3]]).all()


def test_one_way_of_a_complete_table_is_that_of_shrout_and_fleiss() -> None:
    """[SF79]_, tables 2 to 4: 0.17 and 0.44 with the intervals of the one-way model."""
    x = matrix(ICC_CASE["data"])
    found, whole = one_way(x), icc(x)
    assert found.value == pytest.approx([0.17, 0.44], abs=0.005)
    for part in ("value", "low", "high"):
        assert getattr(found, part) == pytest.approx(getattr(whole, part)[[0, 3]], abs=1e-12)
    assert (found.n, found.k) == (6, 4)


def test_one_way_does_not_ask_who_scored() -> None:
    """Scores of an applicant in any order of the columns, or in columns of their own."""
    x = scores(5, (9, 4), 0.2)
    rng = np.random.default_rng(1)
    apart = np.full((9, 36), np.nan)
    for n, row in enumerate(x):
        apart[n, 4 * n : 4 * n + 4] = rng.permutation(row)
    for one, other in zip(one_way(x), one_way(apart), strict=True):
        assert one == pytest.approx(other, abs=1e-12)


def test_one_way_with_unequal_numbers_by_hand() -> None:
    """[D86]_: three applicants with 3, 2 and 1 scores."""
    # means 5, 8, 2; within (4, 6, 5) 2, (7, 9) 2: W = 4 / 3; N = 6, mean (15 + 16 + 2) / 6 = 5.5
    # B = (3·0.25 + 2·6.25 + 12.25) / 2 = 12.75; k₀ = (6 − 14 / 6) / 2 = 11 / 6
    found = one_way(matrix([[4, 6, 5], [7, 9, None], [2, None, None]]))
    b, w, k = 12.75, 4 / 3, 11 / 6
    assert found.k == pytest.approx(k)
    assert found.value == pytest.approx([(b - w) / (b + (k - 1) * w), (b - w) / b])


def test_the_one_way_interval_covers_95_of_a_hundred() -> None:
    """[W40]_ is exact for any numbers of scores: 4,000 rounds with 1 to 6 of ten applicants."""
    rng, rho = np.random.default_rng(2), 0.4
    shape = 4_000, 10, 6
    x = rng.normal(0, np.sqrt(rho), (*shape[:2], 1)) + rng.normal(0, np.sqrt(1 - rho), shape)
    x[:, np.arange(6) >= np.array([6, 1, 2, 2, 3, 1, 5, 4, 2, 1])[:, None]] = np.nan
    found = one_way(x)
    known = ~np.isnan(found.low + found.high)[:, 0]
    inside = (found.low[known, 0] <= rho) & (rho <= found.high[known, 0])
    assert known.mean() > 0.97
    assert inside.mean() == pytest.approx(0.95, abs=0.011)


@pytest.mark.parametrize(
    ("rows", "value"),
    [
        ([[5, 5], [5, 5]], [np.nan, np.nan]),  # nothing differs
        ([[5, 5], [8, 8]], [1, 1]),
        ([[5, 6], [6, 5]], [-1, np.nan]),  # B = 0: no share of it
        ([[5, None], [6, None]], [np.nan, np.nan]),  # nobody has two scores
        ([[5, 6], [None, None]], [np.nan, np.nan]),  # one applicant
    ],
)
def test_one_way_at_its_ends(rows: list[list[float | None]], value: list[float]) -> None:
    """Defined or not, without a warning; never above 1."""
    assert one_way(matrix(rows)).value == pytest.approx(value, nan_ok=True)


@examples(4)
@given(st.integers(2, 5), st.integers(2, 4), st.data())
def test_every_icc_is_at_most_1_and_within_its_interval(
    n: int, k: int, data: st.DataObject
) -> None:
    """No form is infinite or above 1, no end on the wrong side, in any small table."""
    cells = st.lists(st.integers(0, 10), min_size=n * k, max_size=n * k)
    found = icc(np.array(data.draw(cells), dtype=float).reshape(n, k))
    for value, low, high in zip(*found[:3], strict=True):
        if np.isnan(value):
            assert np.isnan([low, high]).all()
            continue
        assert value <= 1 + 1e-9
        assert np.isnan(low) or -np.inf < low <= value + 1e-9
        assert np.isnan(high) or value - 1e-9 <= high <= 1 + 1e-9


def test_perfect_agreement_and_none_to_speak_of() -> None:
    """The same scores from all give 1 with the interval [1, 1]; all equal gives nothing."""
    perfect = icc(matrix([[1, 1, 1], [2, 2, 2], [9, 9, 9]]))
    for part in (perfect.value, perfect.low, perfect.high):
        assert part == pytest.approx(np.ones(6))
    assert np.isnan(icc(np.full((4, 3), 85.3)).value).all()
    assert np.isnan(icc(matrix([[1, 2, 3]])).value).all()
    assert np.isnan(icc(matrix([[1], [2], [3]])).value).all()


def test_forms_are_named_in_order() -> None:
    """Single forms first, then those of the mean."""
    assert FORMS == ("ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "ICC(1,k)", "ICC(2,k)", "ICC(3,k)")


ALPHA_CASE = case(2)
CANONICAL = matrix(ALPHA_CASE["data"]).T


@pytest.mark.parametrize("expected", ALPHA_CASE["expected"], ids=lambda e: e["quantity"])
def test_alpha_of_the_canonical_data(expected: dict[str, Any]) -> None:
    """[K11]_, section C, with missing data and a unit that has a single value."""
    metric = expected["quantity"].removesuffix("_exact")
    assert alpha(CANONICAL, metric) == pytest.approx(expected["value"], abs=expected["tol"])


@pytest.mark.parametrize("metric", ["nominal", "ordinal", "interval", "ratio"])
@pytest.mark.parametrize("seed", [3, 4])
def test_alpha_agrees_with_krippendorff(metric: Any, seed: int) -> None:
    """Random scores with a fifth missing, and two tables at once."""
    import krippendorff

    x = np.abs(scores(seed, (2, 25, 6), 0.2))
    wanted = [
        krippendorff.alpha(reliability_data=table.T, level_of_measurement=metric) for table in x
    ]
    assert alpha(x, metric) == pytest.approx(wanted, abs=1e-9)


@pytest.mark.parametrize("metric", ["nominal", "ordinal", "interval", "ratio"])
def test_alpha_without_anything_to_pair(metric: Any) -> None:
    """All equal, one expert, or nobody: not defined, and no warning."""
    for x in (np.full((4, 3), 8.0), matrix([[1], [2]]), np.full((3, 3), GAPS)):
        assert np.isnan(alpha(x, metric))


def test_alpha_of_continuous_totals_needs_little_memory() -> None:
    """20,000 × 7 distinct totals: a table of all pairs would take 150 GB, this takes a few MB."""
    import tracemalloc

    rng = np.random.default_rng(5)
    x = rng.normal(80, 5, (20_000, 1)) + rng.normal(0, 3, (20_000, 7))
    tracemalloc.start()
    found = alpha(x, "interval")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == pytest.approx(25 / 34, abs=0.02)  # 5² / (5² + 3²)
    assert peak < 12 * x.nbytes


KENDALL = {c["name"]: c for c in case(3)["cases"]}


@pytest.mark.parametrize("name", KENDALL)
def test_kendalls_w(name: str) -> None:
    """[S56]_ executives and tied rankings; the wine tasting of 2005 with its p-value."""
    x = np.array(KENDALL[name]["raters_x_objects"], dtype=float)
    found = kendall_w(x)
    m, n = x.shape
    known = {
        "s": found.s, "S": found.s, "W": found.w, "W_exact": found.w, "p_chi2": found.p,
        "W_uncorrected": 12 * found.s / (m**2 * (n**3 - n)),
        "W_tie_corrected": found.w, "W_tie_corrected_exact": found.w,
    }  # fmt: skip
    checked = 0
    for expected in KENDALL[name]["expected"]:
        if expected["quantity"] in known:
            value = known[expected["quantity"]]
            assert value == pytest.approx(expected["value"], abs=expected["tol"] + 1e-12)
            checked += 1
    assert checked >= 2


def test_each_judge_against_the_others() -> None:
    """The same tasting: Spearman's R of each judge with the mean of the others."""
    wine = KENDALL["wine_2005_10_03"]
    (printed,) = (e for e in wine["expected"] if e["quantity"] == "R_vs_mean_of_others")
    found = against_others(np.array(wine["raters_x_objects"], dtype=float))
    wanted = [printed["value"][judge] for judge in wine["judges"]]
    assert found == pytest.approx(wanted, abs=printed["tol"])


def test_w_where_nobody_tells_apart() -> None:
    """Every expert gives all the same: not defined."""
    assert np.isnan(kendall_w(np.full((3, 5), 8.0)).w)
    assert np.isnan(against_others(np.full((3, 5), 8.0))).all()


GWET = {
    "AC1": ("identity", "value"),
    "AC1_se": ("identity", "se"),
    "AC2_quadratic": ("quadratic", "value"),
    "AC2_linear": ("linear", "value"),
    "AC2_ordinal_weights": ("ordinal", "value"),
}


@pytest.mark.parametrize("name", GWET)
def test_gwets_coefficients(name: str) -> None:
    """[G14]_ on the data of case 02, as R irrCAC prints them."""
    weights, part = GWET[name]
    (expected,) = (e for e in case(4)["expected"] if e["quantity"] == name)
    found = getattr(gwet(CANONICAL, np.arange(1, 6), weights), part)  # type: ignore[arg-type]
    assert found == pytest.approx(expected["value"], abs=expected["tol"])


def test_gwet_stays_high_where_alpha_falls() -> None:
    """Nine of ten applicants get 5 from all, one gets 5, 5, 4: α is 0, AC1 is near 1."""
    x = np.full((10, 3), 5.0)
    x[9, 2] = 4
    assert alpha(x, "interval") == pytest.approx(0.0, abs=1e-9)
    assert gwet(x, np.arange(6), "identity").value > 0.9
    assert np.isnan(gwet(x[:, :1], np.arange(6), "identity").value)


@given(st.lists(st.integers(0, 6), min_size=1, max_size=12))
def test_midranks_are_those_of_scipy(values: list[int]) -> None:
    """Equal values share their mean rank."""
    from scipy.stats import rankdata

    assert midranks(np.array(values)).tolist() == rankdata(values).tolist()
