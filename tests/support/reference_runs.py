"""Rounds in the form of the reference, evaluated and read back into that form."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any

from evalkit.evaluation import Results, evaluate
from evalkit.facts.tidy import from_frame
from evalkit.panel import Panel
from evalkit.panel.rule_checks import problems
from evalkit.rubric import Rubric
from tests.support import random_rounds, reference
from tests.support.builders import frame


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


@cache
def seeded(seed: int) -> Results:
    """The results of a random round, evaluated once for all tests."""
    return run(random_rounds.make(seed))


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
            **({"placings": value(row["placings"])} if "placings" in row else {}),
        }
    return found
