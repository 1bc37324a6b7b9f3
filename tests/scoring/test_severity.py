"""Severity of experts and components of variance, against books and statsmodels."""

from __future__ import annotations

import numpy as np
import pytest

from evalkit.scoring import mixed
from evalkit.scoring.severity import additive, components, crossed
from tests.support.literature import case, matrix


def long(x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Scores of a table with gaps, with the index of applicant and expert."""
    a, e = np.nonzero(~np.isnan(x))
    return x[a, e], a, e


INCOMPLETE = case(5)
VALUES = {e["quantity"]: e["value"] for e in INCOMPLETE["expected"]}


def test_an_incomplete_design_by_least_squares() -> None:
    """[M13]_, the balanced incomplete block design of a catalyst, as printed."""
    found = additive(*long(matrix(INCOMPLETE["data"])))
    assert found.applicants == pytest.approx(VALUES["applicant_effects_adjusted"], abs=1e-9)
    assert found.mean + found.applicants == pytest.approx(VALUES["adjusted_means"], abs=1e-9)
    assert found.experts == pytest.approx(VALUES["expert_effects(+ = lenient)"], abs=1e-9)
    rest = np.square(unexplained(*long(matrix(INCOMPLETE["data"])))).sum()
    assert rest == pytest.approx(VALUES["SS_error"], abs=1e-9)


def test_the_order_changes_when_severity_is_taken_off() -> None:
    """Raw means say 4, 1, 3, 2; applicant 1 was seen by the lenient ones: 4, 3, 2, 1."""
    x = matrix(INCOMPLETE["data"])
    raw = np.nanmean(x, axis=1)
    assert raw == pytest.approx(VALUES["raw_applicant_means"], abs=1e-9)
    assert (np.argsort(-raw) + 1).tolist() == [4, 1, 3, 2]
    assert (np.argsort(-additive(*long(x)).applicants) + 1).tolist() == [4, 3, 2, 1]


PENICILLIN = case(6)


@pytest.mark.parametrize("expected", PENICILLIN["expected"], ids=lambda e: e["quantity"])
def test_crossed_effects_of_penicillin(expected: dict) -> None:
    """[B15]_, chapter 2: REML components and predictions as lme4 gives them."""
    found = crossed(*long(np.array(PENICILLIN["data"])))
    a, e, r = found.var_applicant, found.var_expert, found.var_residual
    known = {
        "mu": found.mean,
        "var_applicant": a,
        "var_expert": e,
        "var_resid": r,
        "BLUP_applicant": dict(zip(PENICILLIN["samples"], found.applicants, strict=True)),
        # in a complete design REML is the analysis of variance
        "ICC_A1": a / (a + e + r),
        "ICC_C1": a / (a + r),
    }[expected["quantity"]]
    tolerance = max(expected["tol"], 1e-6)
    assert known == pytest.approx(expected["value"], abs=tolerance)


def test_crossed_effects_agree_with_statsmodels() -> None:
    """Twelve applicants, six experts, three of ten scores missing: components and predictions."""
    import pandas as pd
    import statsmodels.api as sm

    rng = np.random.default_rng(7)
    x = 80 + rng.normal(0, 4, (12, 1)) + rng.normal(0, 2, 6) + rng.normal(0, 1.5, (12, 6))
    x[rng.random(x.shape) < 0.3] = np.nan
    y, a, e = long(x)
    found = crossed(y, a, e)
    frame = pd.DataFrame({"y": y, "a": a, "e": e, "all": 1})
    parts = {"a": "0 + C(a)", "e": "0 + C(e)"}
    model = sm.MixedLM.from_formula(
        "y ~ 1", groups="all", vc_formula=parts, re_formula="0", data=frame
    )
    fit = model.fit(reml=True, method=["lbfgs", "nm"])
    by_name = dict(zip(model.exog_vc.names, fit.vcomp, strict=True))
    assert found.var_residual == pytest.approx(fit.scale, rel=1e-2)
    assert found.var_applicant == pytest.approx(by_name["a"], rel=1e-2)
    assert found.var_expert == pytest.approx(by_name["e"], rel=2e-2)
    assert found.mean == pytest.approx(fit.fe_params.iloc[0], abs=1e-2)
    effects = next(iter(fit.random_effects.values()))
    wanted = [effects[f"e[C(e)[{n}]]"] for n in range(6)]
    assert found.experts == pytest.approx(wanted, abs=2e-2)


def test_the_error_of_a_prediction() -> None:
    """Complete, components known: the root of the prediction variance by its definition."""
    rng = np.random.default_rng(8)
    x = 80 + rng.normal(0, 4, (9, 1)) + rng.normal(0, 2, 5) + rng.normal(0, 1.5, (9, 5))
    y, a, e = long(x)
    found = crossed(y, a, e)
    za, ze = np.eye(9)[a], np.eye(5)[e]
    v = found.var_applicant * za @ za.T + found.var_expert * ze @ ze.T
    v += found.var_residual * np.eye(len(y))
    inverse = np.linalg.inv(v)
    one = np.ones((len(y), 1))
    p = inverse - inverse @ one @ one.T @ inverse / (one.T @ inverse @ one)
    c = found.var_expert * ze
    wanted = np.sqrt(found.var_expert - np.einsum("ij,ik,kj->j", c, p, c))
    assert found.expert_se == pytest.approx(wanted, rel=1e-6)


def test_no_severity_is_a_variance_of_zero() -> None:
    """Experts alike: the component stays at its bound, effects are 0, nothing fails."""
    rng = np.random.default_rng(9)
    x = 80 + rng.normal(0, 4, (40, 1)) + rng.normal(0, 1, (40, 4))
    x -= x.mean(0) - x.mean()
    found = crossed(*long(x))
    assert found.var_expert == pytest.approx(0, abs=1e-6)
    assert found.experts == pytest.approx(np.zeros(4), abs=1e-3)


MINIMA: dict[str, tuple[list[list[float | None]], list[float]]] = {
    # [applicant, expert, residual]; minima of the deviance found on a fine grid of both ratios
    "two minima, the lower one inside": (
        [[2, 1.5, 1], [5, 4, 4], [0.5, None, None]],
        [4.8815, 0.2446, 0.0425],
    ),
    "roles turned round": ([[2, 5, 0.5], [1.5, 4, None], [1, 4, None]], [0.2446, 4.8815, 0.0425]),
    # means of the applicants 7, 7, 7: B = 0, those of the experts alike, too: only a residual
    "both at the bound": ([[6, 7, 8], [8, 6, 7], [7, 8, 6]], [0, 0, 6 / 8]),
    # columns 20 each, J = 0; rows 8, 8, 4: B = 3 (1.33² · 2 + 2.67²) / 2 = 16, pooled W = 6 / 6
    "experts at the bound": ([[8, 7, 9], [7, 9, 8], [5, 4, 3]], [(16 - 1) / 3, 0, 6 / 6]),
    # the same on its side
    "applicants at the bound": ([[8, 7, 5], [7, 9, 4], [9, 8, 3]], [0, (16 - 1) / 3, 6 / 6]),
}


@pytest.mark.parametrize(("rows", "wanted"), MINIMA.values(), ids=MINIMA)
@pytest.mark.parametrize("scale", [1, 1e-4, 1e4])
def test_the_least_of_all_minima(
    rows: list[list[float | None]], wanted: list[float], scale: float
) -> None:
    """Inside and at either bound, and alike when scores are counted in another unit."""
    y, a, e = long(matrix(rows))
    found = crossed(y * scale + 3 * scale, a, e)
    parts = [found.var_applicant, found.var_expert, found.var_residual]
    assert [p / scale**2 for p in parts] == pytest.approx(wanted, abs=6e-5)
    assert [p == 0 for p in parts] == [w == 0 for w in wanted]


def deviance(
    y: np.ndarray, a: np.ndarray, e: np.ndarray, ratios: list[tuple[float, float]]
) -> np.ndarray:
    """The restricted deviance by its definition, with the whole matrix of covariances, at each of
    the ``ratios``.
    """
    za, ze, one = np.eye(a.max() + 1)[a], np.eye(e.max() + 1)[e], np.ones((len(y), 1))
    of_a, of_e = np.array(ratios).T[:, :, None, None]
    v = np.eye(len(y)) + of_a * (za @ za.T) + of_e * (ze @ ze.T)
    inverse = np.linalg.inv(v)
    size = one.T @ inverse @ one
    p = inverse - inverse @ one @ one.T @ inverse / size
    rest = np.einsum("i,nij,j->n", y, p, y)
    return np.linalg.slogdet(v)[1] + np.log(size[:, 0, 0]) + (len(y) - 1) * np.log(rest)


def small(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """A small design with gaps and one chain through it; None where too little is left."""
    rng = np.random.default_rng(seed)
    shape = int(rng.integers(3, 7)), int(rng.integers(2, 6))
    sides = rng.choice([0, 1, 3], 2)
    x = rng.normal(0, sides[0], (shape[0], 1)) + rng.normal(0, sides[1], shape[1])
    x = np.round(2 * (x + rng.normal(0, rng.choice([0.2, 1, 2]), shape))) / 2
    x[rng.random(shape) < rng.choice([0, 0.3, 0.5])] = np.nan
    y, a, e = long(x)
    a, e = (np.unique(part, return_inverse=True)[1] for part in (a, e))
    few = len(y) <= len(np.unique(a)) + len(np.unique(e))
    return None if few or components(a, e).max() > 0 else (y, a, e)


def unexplained(y: np.ndarray, a: np.ndarray, e: np.ndarray) -> np.ndarray:
    """What least squares leave of each score."""
    found = additive(y, a, e)
    return y - found.mean - found.applicants[a] - found.experts[e]


@pytest.mark.parametrize(
    "block", [0, *(pytest.param(n, marks=pytest.mark.soak) for n in (1, 2, 3))]
)
def test_nothing_on_a_grid_of_ratios_is_better(block: int) -> None:
    """Thirty random small designs each, against the deviance by its definition."""
    roots = np.concatenate([[0.0], np.geomspace(1e-2, 1e2, 14)])
    compared = 0
    for seed in range(30 * block, 30 * block + 30):
        design = small(seed)
        if design is None or np.square(unexplained(*design)).sum() < 1e-9:
            continue
        found = crossed(*design)
        ratios = found.var_applicant / found.var_residual, found.var_expert / found.var_residual
        grid = deviance(*design, [(r**2, s**2) for r in roots for s in roots])
        assert deviance(*design, [ratios])[0] <= grid.min() + 1e-7, seed
        compared += 1
    assert compared > 10


def test_many_experts_are_solved_as_few_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three diagonals, gaps left out and ratios passed over give what eigenvalues at all of them
    do, at the bounds, too; to a millionth, which is what a search by values can tell.
    """
    rng, designs = np.random.default_rng(10), []
    for sides in ((2, 1), (2, 0), (0, 1), (0, 0)):
        x = rng.normal(0, sides[0], (40, 1)) + rng.normal(0, sides[1], 15)
        x = np.round(2 * (x + rng.normal(0, 1.5, x.shape))) / 2
        x[rng.random(x.shape) < 0.6] = np.nan
        designs.append(long(x))
    designs += [design for seed in range(20) if (design := small(seed)) is not None]
    designs = [one for one in designs if np.square(unexplained(*one)).sum() > 1e-9]
    few = [crossed(*design) for design in designs]
    looked: list[float] = []
    at = mixed.Design.terms
    monkeypatch.setattr(mixed.Design, "terms", lambda own, r: (looked.append(r), at(own, r))[1])
    monkeypatch.setattr(mixed, "MANY", 2)
    for design, wanted in zip(designs, few, strict=True):
        found = crossed(*design)
        assert len(np.unique(design[1])) > 2
        for part, same in zip(found, wanted, strict=True):
            assert part == pytest.approx(same, rel=1e-6, abs=1e-6)
        assert (found.var_applicant == 0) == (wanted.var_applicant == 0)
        assert (found.var_expert == 0) == (wanted.var_expert == 0)
    assert len(designs) > 15
    assert len(looked) < 60 * len(designs)  # it was by the way of many


def test_a_disconnected_design_is_refused() -> None:
    """Experts 1, 2 see applicants 1, 2, experts 3, 4 the others: no chain leads across."""
    x = matrix([[8, 9, None, None], [7, 7, None, None], [None, None, 6, 8], [None, None, 5, 9]])
    assert components(*long(x)[1:]).tolist() == [0, 0, 0, 0, 1, 1, 1, 1]
    with pytest.raises(ValueError, match="互不相连"):
        additive(*long(x))
    x[1, 2] = 7  # one score joins them
    assert components(*long(x)[1:]).max() == 0
    assert additive(*long(x)).applicants.sum() == pytest.approx(0)


@pytest.mark.parametrize(
    "x",
    [
        matrix([[8, 9]]),
        matrix([[8], [9]]),
        matrix([[8, 9], [8, None]]),
        np.full((4, 4), 85.3),
        np.arange(4.0)[:, None] + np.arange(3.0),
    ],
    ids=["one applicant", "one expert", "too few", "all equal", "no residual"],
)
def test_too_little_to_tell(x: np.ndarray) -> None:
    """A reason in words, no nan and no warning."""
    with pytest.raises(ValueError, match="分不开"):
        crossed(*long(x))
