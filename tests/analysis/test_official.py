"""What the analysis says of totals under the official rule, against the rule itself."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evalkit.analysis import Line
from evalkit.analysis.reaching import NAMED, enough
from evalkit.analysis.sensitivity import _by, methods, refused, to_the_line
from evalkit.analysis.severity import severity
from evalkit.analysis.sheets import sheets_of
from evalkit.evaluation import Results, evaluate
from evalkit.facts.tidy import from_frame
from tests.support import random_rounds, reference
from tests.support.analyses import rows_of
from tests.support.builders import frame, load, panel_data, rubric_data
from tests.support.reference_runs import run, seeded

SEEDS = pytest.mark.parametrize(
    "seeds", [range(60), pytest.param(range(400), marks=pytest.mark.soak)]
)


def round_of(
    folder: Path,
    scores: list[list[list[float]]],
    *,
    rules: dict[str, Any] | None = None,
    scored: dict[str, str] | None = None,
    deducted: dict[str, str] | None = None,
) -> Results:
    """Applicants a, b … (experts x indicators of 10 points, or of ``scored``), with deductions."""
    x, data = np.array(scores, dtype=float), rubric_data([10] * len(scores[0][0]))
    ids, more = "abcde"[: len(x)], dict[str, Any]()
    if scored:
        for i in data["dimensions"][0]["indicators"]:
            i |= {"points": scored["max"], "scored": dict(scored)}
        points = str(int(scored["max"]) * x.shape[2])
        data |= {"points": points}
        data["dimensions"][0]["points"] = points
    if deducted:
        data["deductions"] = [{"id": "late", "name": "迟报", "points": "10"}]
        more["deductions"] = {"floor": "zero"}
    panel_rules = {**more, **(rules or {})}
    rubric, panel = load(folder, data, panel_data(x.shape[1], list(ids), panel_rules))
    rows = rows_of(x, ids)
    rows += [(a, "panel", "late", taken, "迟报") for a, taken in (deducted or {}).items()]
    return evaluate(rubric, panel, from_frame(frame(rows), rubric, panel))


def rounded(stage: str, places: int) -> dict[str, Any]:
    """The rule on rounding."""
    return {"rounding": {"mode": "half_up", "stage": stage, "places": places}}


# What would be enough


def needed(results: Results, id: str) -> dict[str, str]:
    """The indicators that alone bring ``id`` level with the other side of one place."""
    row = to_the_line(results, Line(places=1))[results.facts.applicants.index(id)]
    assert row is not None
    return {one["column"]: one["points"] for one in row["indicators"]}


def test_a_deduction_can_eat_what_is_gained(tmp_path: Path) -> None:
    """2 − 10 is 0 at the floor, and 7 − 10 is, too; 5 would take 15 of 10 points."""
    results = round_of(tmp_path, [[[5]], [[2]]], deducted={"b": "10"})
    assert needed(results, "b") == {}
    # 6 + 9 − 10 = 5; i2 would need 15
    results = round_of(tmp_path, [[[5, 0]], [[0, 9]]], deducted={"b": "10"})
    assert needed(results, "b") == {"i1": "6.00"}


def test_nobody_can_give_less_than_the_least(tmp_path: Path) -> None:
    """From 1 to 5: 7 comes down to 2 by i1 = 0 alone, which no expert may give."""
    scale = {"min": "1", "max": "5", "factor": "1"}
    results = round_of(tmp_path, [[[5, 2]], [[1, 1]]], scored=scale)
    assert needed(results, "a") == {}
    assert needed(results, "b") == {}  # 7 − 1 is more than 5
    results = round_of(tmp_path, [[[5, 1]], [[1, 2]]], scored=scale)
    assert needed(results, "a") == {"i1": "2.00"}  # 2 + 1 against 1 + 2


def test_points_below_zero_are_points(tmp_path: Path) -> None:
    """From −5 to 5: −3 needs −2 to draw level."""
    scale = {"min": "-5", "max": "5", "factor": "1"}
    results = round_of(tmp_path, [[[-2]], [[-3]]], scored=scale)
    assert needed(results, "a") == {"i1": "-3.00"}
    assert needed(results, "b") == {"i1": "-2.00"}


@pytest.mark.parametrize("stage", ["total", "score", "dimension"])
def test_rounding_later_than_the_indicator_counts(tmp_path: Path, stage: str) -> None:
    """2.333 twice is 5 and needs 6: 3 + 2.333 rounds to 5, 4 + 2.333 to 6."""
    scores = [[[3, 3], [3, 3], [3, 3]], [[2, 2], [2, 2], [3, 3]]]
    results = round_of(tmp_path, scores, rules=rounded(stage, 0))
    if stage == "score":  # 2 + 2 is 4, and 4 + 2 is 6
        assert results.total.tolist() == [6, 4]
    else:
        assert results.total.tolist() == [6, 5]
    assert needed(results, "b") == {"i1": "4", "i2": "4"}


def by_trying(round_: random_rounds.Round, results: Results, n: int, move: int) -> list[Any]:
    """The indicators that `enough` names, by trying all points that can be published."""
    rubric, panel, rows, measured = round_
    rules, unit = panel["rules"], 10 ** panel["rules"]["rounding"]["places"]
    exact, plus, minus = reference.parts(rubric, panel, panel["applicants"][n], rows, measured)
    target = int(results.total[n]) + move
    step = results.panel.rules.rounding.rounder.step * (1 if move > 0 else -1)
    found = []
    for c, i in enumerate(i for d in rubric["dimensions"] for i in d["indicators"]):
        scale = i.get("scored", {"min": "0", "factor": "1"})
        least, most = (
            Fraction(scale["min"]) * Fraction(scale["factor"]) * unit,
            Fraction(i["points"]) * unit,
        )
        p = int(results.points[n, c]) + step
        while least <= p <= most:
            other = {**exact, i["id"]: Fraction(p, unit)}
            total = reference.published(rubric, rules, other, plus, minus)["total"] * unit
            if step * (total - target) >= 0:
                share = abs(p - int(results.points[n, c])) / float(most)
                found.append((share, c, {"column": i["id"], "points": results.number_text(p)}))
                break
            p += step
    return [said for _share, _c, said in sorted(found, key=lambda own: own[:2])[:NAMED]]


@SEEDS
def test_what_is_enough_is_found_by_trying_everything(seeds: range) -> None:
    """Random rounds of every rule, totals that rise and fall by a little and by much."""
    tried = 0
    for seed in seeds:
        round_ = random_rounds.make(seed)
        if round_[1]["rules"]["rounding"]["places"] > 1:
            continue
        results, unit = run(round_), 10 ** round_[1]["rules"]["rounding"]["places"]
        if refused(results):
            continue
        for n in np.flatnonzero(results.rank > 0).tolist():
            for move in (1, -1, 2 * unit, -3 * unit):
                (found,) = enough(results, np.array([n]), np.array([move]))
                assert found == by_trying(round_, results, n, move), (seed, n, move)
                tried += bool(found)
    assert tried > 100


# Another method


@pytest.mark.parametrize(
    "seeds", [(*range(60), 188, 294), pytest.param(range(400), marks=pytest.mark.soak)]
)
def test_the_official_method_stands_beside_the_others_as_it_is(seeds: Iterable[int]) -> None:
    """In random rounds of every rule its column has the official totals and ranks."""
    seen = set()
    for seed in seeds:
        results = seeded(seed)
        rule, sheets = results.panel.rules.aggregation, sheets_of(results)
        ends = getattr(rule, "drop_highest", 1), getattr(rule, "drop_lowest", 1)
        if ends != (1, 1) or rule.method in ("near_mean", "best_of"):
            continue  # not among the methods that stand side by side
        seen.add((rule.method, rule.level))
        rows = methods(results, sheets, severity(sheets))
        for n in np.flatnonzero(results.rank > 0):
            total, rank = results.number_text(results.total[n]), int(results.rank[n])
            assert rows[n][rule.method] == {"total": total, "rank": rank}, seed
    assert len(seen) == 7


@SEEDS
def test_the_others_are_computed_as_the_official_one(seeds: range) -> None:
    """The declared method, taken for another one, gives the official numbers back."""
    for seed in seeds:
        results = seeded(seed)
        again, ranked = _by(results, results.panel.rules.aggregation), results.rank > 0
        assert np.array_equal(again.total[ranked], results.total[ranked]), seed
        assert np.array_equal(again.rank, results.rank), seed


def test_other_methods_round_and_floor_as_declared(tmp_path: Path) -> None:
    """Below 0 a half is rounded away from it; a floor at 0 lifts nobody who was below."""
    scale = {"min": "-5", "max": "5", "factor": "1"}
    # means and medians −2.5 and −3, both −3 at no places
    scores = [[[-2], [-3]], [[-3], [-3]]]
    results = round_of(tmp_path, scores, rules=rounded("indicator", 0), scored=scale)
    sheets = sheets_of(results)
    rows = methods(results, sheets, severity(sheets))
    for row in rows:
        assert row["mean"] == row["median"] == {"total": "-3", "rank": 1}
    # −2 stays −2, 1 − 3 is 0; what is adjusted for severity goes by the same rule
    scores = [[[-3], [-1]], [[2], [0]]]
    results = round_of(tmp_path, scores, scored=scale, deducted={"a": "1", "b": "3"})
    sheets = sheets_of(results)
    rows = methods(results, sheets, severity(sheets))
    assert [row["median"]["total"] for row in rows] == ["-2.00", "0.00"]
    below, lifted = (float(row["severity_adjusted"]["total"]) for row in rows)
    assert below < -1  # shrunk towards the mean of all, −0.5
    assert lifted == 0
