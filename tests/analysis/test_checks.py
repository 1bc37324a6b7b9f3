"""Checks on score sheets: kernels, and the findings that name who, where and why."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evalkit.analysis.findings import Finding, Thresholds, findings
from evalkit.evaluation import Results, evaluate
from evalkit.facts.columns import Facts
from evalkit.facts.tidy import from_frame
from evalkit.rubric import load_rubric
from evalkit.scoring import checks
from tests.support.builders import load, panel_data, rubric_data, table, write

LIMITS = Thresholds()


def round_of(
    folder: Path, scores: dict[str, Sequence[Sequence[Any]]], points: Sequence[int]
) -> Results:
    """A round over indicators worth ``points``; scores are experts × indicators by applicant."""
    experts = max(len(sheet) for sheet in scores.values())
    rubric, panel = load(folder, rubric_data(points), panel_data(experts, list(scores)))
    return evaluate(rubric, panel, from_frame(table(scores), rubric, panel))


def found(results: Results, kind: str, limits: Thresholds = LIMITS) -> list[Finding]:
    """Findings of one kind."""
    return [f for f in findings(results, limits) if f.kind.startswith(kind)]


def all_of(*values: float) -> tuple[np.ndarray, np.ndarray]:
    """Scores of one cell, all of them valid."""
    return np.array(values), np.ones(len(values), dtype=bool)


def test_robust_z_by_hand() -> None:
    """[IH93]_: median 80, deviations 2 1 0 1 20, MAD 1, so 100 has 0.6745 · 20 / 1 = 13.49."""
    z = checks.robust_z(*all_of(78, 79, 80, 81, 100), step=1)
    assert z[4] == pytest.approx(13.49)
    assert z[0] == pytest.approx(-1.349)


def test_robust_z_where_most_agree() -> None:
    """MAD 0 on a step of 0.5: 5 among eights has 0.6745 · (−3) / 0.25 = −8.09; equals have 0."""
    assert checks.robust_z(*all_of(8, 8, 8, 8, 5), step=0.5)[4] == pytest.approx(-8.094)
    assert checks.robust_z(*all_of(8, 8, 8), step=0.5).tolist() == [0, 0, 0]


def test_robust_z_passes_over_gaps() -> None:
    """A missing score has no z and moves no median."""
    points, valid = np.array([78, 79, 80, 81, 100, 0]), np.array([True] * 5 + [False])
    z = checks.robust_z(points, valid, step=1)
    assert z[4] == pytest.approx(13.49)
    assert np.isnan(z[5])
    assert np.isnan(checks.robust_z(points, np.zeros(6, dtype=bool), step=1)).all()


def test_an_outlier_is_named(tmp_path: Path) -> None:
    """Expert 5 gives 2 where the others give 8 or so: who, whom, which indicator, and why."""
    results = round_of(
        tmp_path, {"a": [[8, 8], [8, 7], [9, 8], [8, 8], [2, 8]], "b": [[6, 6]] * 5}, [10, 10]
    )
    (finding,) = found(results, "outlier")
    assert (finding.kind, finding.applicant, finding.expert, finding.column) == (
        "outlier_low", "a", "e5", "i1",
    )  # fmt: skip
    assert finding.text.render() == "给 2 分，各专家的中位数是 8 分，明显偏低，请核对"
    assert "low" in finding.text.render("en")


def test_thresholds_are_parameters(tmp_path: Path) -> None:
    """A deviation of 1.5 of 10 points counts once its share is declared as enough."""
    results = round_of(tmp_path, {"a": [[8], [8], [8], [8], ["9.5"]]}, [10])
    assert found(results, "outlier") == []
    shown = found(results, "outlier", Thresholds(share=Decimal("0.15")))
    assert [f.kind for f in shown] == ["outlier_high"]
    # 0.6745 · 1.5 / 0.25 = 4.05
    assert found(results, "outlier", Thresholds(share=Decimal("0.15"), z=Decimal("4.1"))) == []


def test_two_experts_have_no_middle(tmp_path: Path) -> None:
    """Neither of two can be the one that is off."""
    results = round_of(tmp_path, {"a": [[1], [9]]}, [10])
    assert found(results, "outlier") == []


def test_an_expert_who_tells_nothing_apart(tmp_path: Path) -> None:
    """Expert 2 gives 80 % everywhere; the others differ from applicant to applicant."""
    scores = {
        a: [[level, 2 * level], [8, 16], [level + 1, 2 * level]]
        for a, level in zip("abcdef", (3, 5, 6, 7, 8, 9), strict=True)
    }
    (finding,) = found(round_of(tmp_path, scores, [10, 20]), "undistinguished")
    assert (finding.expert, finding.applicant, finding.column) == ("e2", None, None)
    assert "12 个评分几乎都是分值的 80%" in finding.text.render()
    few = {a: scores[a] for a in "abc"}  # six scores are too few to say so
    assert found(round_of(tmp_path, few, [10, 20]), "undistinguished") == []


def test_experts_may_not_differ_on_a_fact(tmp_path: Path) -> None:
    """On a quantitative indicator 8, 8 and 6 cannot all be right."""
    results = round_of(tmp_path, {"a": [[8], [8], [6]], "b": [[5], [5], [5]]}, [10])
    data = rubric_data([10])
    data["dimensions"][0]["indicators"][0]["kind"] = "quantitative"
    write(tmp_path, data)
    changed = Results(**{**vars(results), "rubric": load_rubric(tmp_path / "small.yaml")})
    (finding,) = found(changed, "objective")
    assert (finding.applicant, finding.column, finding.expert) == ("a", "i1", None)
    assert "6、8 分" in finding.text.render()
    assert found(results, "objective") == []


def test_range_and_step(tmp_path: Path) -> None:
    """Tables refuse these; facts from elsewhere may hold them: 11 of 10, and 8.3 off the step."""
    results = round_of(tmp_path, {"a": [[8], [7]]}, [10])
    points = results.facts.points.copy()
    points[0, :, 0] = [110, 83]
    facts = Facts(**{**vars(results.facts), "points": points})
    shown = found(Results(**{**vars(results), "facts": facts}), "range")
    assert [f.expert for f in shown] == ["e1", "e2"]
    assert "11 分不在 0 到 10 分之间" in shown[0].text.render()


def test_written_sums(tmp_path: Path) -> None:
    """Sheet e1 says 15 and adds up to 14; sheet e2 is right; others state nothing."""
    results = round_of(tmp_path, {"a": [[8, 6], [7, 6], [7, 7]]}, [10, 10])
    stated = {("a", "e1"): Decimal(15), ("a", "e2"): Decimal(13)}
    (finding,) = (f for f in findings(results, LIMITS, stated) if f.kind == "sum")
    assert (finding.applicant, finding.expert) == ("a", "e1")
    assert finding.text.render() == "评分表写的合计是 15 分，各项相加是 14 分，请核对"
