"""`evaluate` against the slow reference on random rounds, and what holds in all of them."""

from __future__ import annotations

import pytest

from evalkit.base import canonical
from tests.support import random_rounds, reference
from tests.support.reference_runs import read, run

LEVELLED = ("mean", "trimmed_mean", "median", "near_mean", "best_of")

BLOCK = 50
SMALL, LARGE = range(3), range(3, 10_000 // BLOCK)


def compare(block: int) -> list[int]:
    """Seeds of a block of rounds for which product and reference differ."""
    return [s for s in range(block * BLOCK, (block + 1) * BLOCK) if differ(random_rounds.make(s))]


def differ(given: random_rounds.Round) -> bool:
    """Whether product and reference differ, or the product's text and dictionary."""
    results = run(given)
    if read(results) != reference.expected(*given):
        return True
    return results.to_json() != canonical.dumps(results.to_dict())


@pytest.mark.parametrize("block", SMALL)
def test_evaluate_equals_the_slow_reference(block: int) -> None:
    """Points, dimensions, base, bonus, deduction, total and rank, exactly."""
    assert compare(block) == []


@pytest.mark.soak
@pytest.mark.parametrize("block", LARGE)
def test_evaluate_equals_the_slow_reference_on_ten_thousand_rounds(block: int) -> None:
    """The same on the rest of 10,000 rounds."""
    assert compare(block) == []


def test_the_random_rounds_cover_the_rules() -> None:
    """Every method, level, stage and kind of bonus stands in the sample, and most have a total."""
    rounds = [random_rounds.make(seed) for seed in range(300)]
    rules = [r[1]["rules"] for r in rounds]
    assert {(r["aggregation"]["method"], r["aggregation"]["level"]) for r in rules} == {
        *(
            (m, v)
            for m in ("mean", "trimmed_mean", "median", "near_mean", "best_of")
            for v in ("indicator", "total")
        ),
        ("winsorised_mean", "indicator"),
    }
    assert {r["rounding"]["stage"] for r in rules} == {
        *("indicator", "dimension", "total"),
        *("score", "score_indicator", "score_dimension"),
    }
    assert {r["rounding"]["mode"] for r in rules} == {"half_up", "half_even", "down", "up"}
    ends = [r["aggregation"].get(f"drop_{end}") for r in rules for end in ("highest", "lowest")]
    assert sum(isinstance(end, dict) for end in ends) > 20
    assert sum("minimums" in r for r in rules) > 30
    assert sum("standardise" in r for r in rules) > 20
    assert sum("placings" in r for r in rules) > 10
    kinds = {key.partition(":")[0] for r in rules for key in r["ties"]}
    assert kinds >= {"base", "bonus", "unrounded", "best_sheet", "worst_score", "top_scores"}
    assert sum("step" in r["rounding"] for r in rules) > 10
    bonuses = {tuple(r["bonus"].values())[::2] for r in rules if "bonus" in r}
    assert len(bonuses) == 4
    assert sum("weights" in r["aggregation"] for r in rules) > 30
    assert sum("measures" in r for r in rules) > 100
    whole = [own["total"] is not None for r in rounds for own in reference.expected(*r).values()]
    assert sum(whole) > len(whole) / 2
