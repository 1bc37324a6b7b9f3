"""Severity of experts and components of variance, against books and statsmodels."""

from __future__ import annotations

import numpy as np
import pytest

from evalkit.scoring.severity import additive, components, crossed, nested
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
    assert found.ss_applicants == pytest.approx(VALUES["SS_applicants_adjusted"], abs=1e-9)
    assert found.ss_error == pytest.approx(VALUES["SS_error"], abs=1e-9)


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


@pytest.mark.parametrize("expected", case(7)["expected"], ids=lambda e: e["quantity"])
def test_raters_nested_in_tasks(expected: dict) -> None:
    """[B01]_, table 3.2: ten persons, three tasks, four raters in each."""
    found = nested(np.array(case(7)["data"], dtype=float).reshape(10, 3, 4))
    name = {"var_p": "p", "var_t": "t", "var_r:t": "r_t", "var_pt": "pt", "var_pr:t,e": "pr_t"}
    value = getattr(found, name[expected["quantity"]])
    assert value == pytest.approx(expected["value"], abs=expected["tol"])
