"""The assignment is the best one, keeps to all that is asked, and is the same anywhere."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from evalkit.assignment.question import question
from evalkit.assignment.solve import Infeasible, solve
from tests.support.assignments import cost, random_panel, tried
from tests.support.builders import load, rubric_data


def against_all(folder: Path, seed: int) -> bool:
    """Compare with every assignment of a small panel; whether there is any."""
    random = Random(seed)
    data = random_panel(random, random.randint(2, 4), random.randint(2, 5))
    panel = load(folder, rubric_data((10,)), data)[1]
    asked = question(panel, seed)
    best = sorted(tried(asked), key=lambda found: cost(asked, found))
    if not best:
        with pytest.raises(Infeasible):
            solve(asked)
        return False
    found = solve(asked)
    assert cost(asked, found) == cost(asked, best[0])
    assert (found == best[0]).all()
    assert not any(found[n, e] for n, e in zip(*(~asked.free).nonzero(), strict=True))
    return True


def test_the_assignment_equals_the_best_of_all(tmp_path: Path) -> None:
    """Groups, kinds, fields, bounds, conflicts and seats that hold, in all orders of the aims."""
    possible = [against_all(tmp_path, seed) for seed in range(40)]
    assert 10 < sum(possible) < 40


@pytest.mark.soak
def test_a_thousand_assignments_equal_the_best_of_all(tmp_path: Path) -> None:
    """The full figure."""
    possible = [against_all(tmp_path, seed) for seed in range(1000, 2000)]
    assert 250 < sum(possible) < 1000
