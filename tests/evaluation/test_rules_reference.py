"""`evaluate` against the slow reference on random rounds, and what holds in all of them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from evalkit.evaluation import Results, evaluate
from evalkit.facts.tidy import from_frame
from evalkit.panel import Panel
from evalkit.panel.rule_checks import problems
from evalkit.rubric import Rubric
from tests.support import random_rounds, reference
from tests.support.builders import frame

BLOCK = 50
SMALL, LARGE = range(300 // BLOCK), range(300 // BLOCK, 10_000 // BLOCK)


def tidy(rows: reference.Rows, measured: dict[tuple[str, str], str]) -> Any:
    """The table of a round, with the reasons that it needs."""
    found = [(*key, points, "理由" if points[:1].isalpha() else "") for key, points in rows.items()]
    found += [(a, "measured", i, v, "理由") for (a, i), v in measured.items()]
    return frame(found)


def run(round_: random_rounds.Round) -> Results:
    """Evaluate a round as it is written down."""
    rubric, panel = Rubric.model_validate(round_[0]), Panel.model_validate(round_[1])
    assert not list(problems(panel.rules, rubric, None, grouped=False))
    return evaluate(rubric, panel, from_frame(tidy(*round_[2:]), rubric, panel))


def read(results: Results) -> dict[str, Any]:
    """The published numbers in the form of the reference."""

    def value(text: str | None) -> Fraction | None:
        return None if text is None else Fraction(text)

    found = {}
    for row in results.to_dict()["applicants"]:
        numbers = {k: value(row[k]) for k in ("base", "bonus", "total")}
        taken = Fraction(0) if row["total"] is not None else None
        found[row["id"]] = {
            **numbers,
            "deduction": value(row["deduction"]) if "deduction" in row else taken,
            "points": {i["id"]: value(i["points"]) for i in row["indicators"]},
            "dimensions": {d["id"]: value(d["points"]) for d in row["dimensions"]},
            "rank": row["rank"],
        }
    return found


def compare(block: int) -> list[int]:
    """Seeds of a block of rounds for which product and reference differ."""
    seeds = range(block * BLOCK, (block + 1) * BLOCK)
    rounds = {seed: random_rounds.make(seed) for seed in seeds}
    return [s for s, r in rounds.items() if read(run(r)) != reference.expected(*r)]


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
        *((m, v) for m in ("mean", "trimmed_mean", "median") for v in ("indicator", "total")),
        ("winsorised_mean", "indicator"),
    }
    assert {r["rounding"]["stage"] for r in rules} == {
        *("indicator", "dimension", "total"),
        *("score", "score_indicator", "score_dimension"),
    }
    assert {r["rounding"]["mode"] for r in rules} == {"half_up", "half_even", "down", "up"}
    assert sum("step" in r["rounding"] for r in rules) > 10
    bonuses = {tuple(r["bonus"].values())[::2] for r in rules if "bonus" in r}
    assert len(bonuses) == 4
    assert sum("weights" in r["aggregation"] for r in rules) > 30
    assert sum("measures" in r for r in rules) > 100
    whole = [own["total"] is not None for r in rounds for own in reference.expected(*r).values()]
    assert sum(whole) > len(whole) / 2
