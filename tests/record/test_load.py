"""Many experts save at once: nobody is refused, nobody waits much longer than the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.load import seconds_of_saves


def test_experts_who_save_at_once_are_all_served(tmp_path: Path) -> None:
    """A sample of the trial below; how long it takes is for ``make bench``."""
    assert len(seconds_of_saves(tmp_path / "load", 6, 4)) == 24


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_fifty_experts_save_two_hundred_times(tmp_path: Path) -> None:
    """The full figure: 10,000 saves, none refused, every one in a whole chain."""
    taken = sorted(seconds_of_saves(tmp_path / "load", 50, 200))
    places = {"p50": 0.5, "p99": 0.99}
    shown = ", ".join(f"{k} {taken[int(len(taken) * p)]:.3f} s" for k, p in places.items())
    print(f"{len(taken)} saves by 50 writers, {shown}, longest {taken[-1]:.3f} s")
