"""The power fails at any moment: what was acknowledged is there, in a whole database."""

from __future__ import annotations

import os
import random
import tempfile
from pathlib import Path

import pytest

from tests.support.power import after_cuts, lost, recorded

EXTRA_DELETE = {"journal_mode": "DELETE", "synchronous": "EXTRA"}
FULL_DELETE = {"journal_mode": "DELETE", "synchronous": "FULL"}
NORMAL = {"synchronous": "NORMAL"}


MEMORY = Path("/dev/shm")
"""A folder in memory, where there is one: thousands of files are written."""


def trial(
    folder: Path, entries: int, each: int, seed: int, **settings: str
) -> tuple[int, int, int]:
    """Cuts at every step of a log, how many of them lost an acknowledged event, and how many left
    a database that is not whole.
    """
    dice = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    note = recorded(folder, entries, dice, **settings)
    assert len(note.acknowledged) == entries
    where = MEMORY if os.access(MEMORY, os.W_OK) else folder
    with tempfile.TemporaryDirectory(dir=where) as after:
        cuts = after_cuts(note, each, dice)
        found = [lost(Path(after), files, hashes) for files, hashes in cuts]
    assert len(found) == each * len(note.steps)
    return len(found), sum(n > 0 for n, _whole in found), sum(not whole for _n, whole in found)


def test_a_power_cut_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    """With the library's own settings. A sample of the trial below."""
    cuts, losing, broken = trial(tmp_path, 12, 2, 1)
    assert cuts > 300
    assert (losing, broken) == (0, 0)


def test_the_trial_finds_settings_that_lose(tmp_path: Path) -> None:
    """Without a sync of its folder a deleted journal comes back; fewer syncs lose more."""
    assert trial(tmp_path / "a", 6, 1, 1, **FULL_DELETE)[1] > 0
    assert trial(tmp_path / "b", 12, 1, 1, **NORMAL)[1] > 0


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_fifty_thousand_power_cuts(tmp_path: Path) -> None:
    """The full figure, and as many cuts again with settings of others."""
    for name, settings in {
        "truncate/extra": {},
        "delete/extra": EXTRA_DELETE,
        "delete/full": FULL_DELETE,
        "truncate/normal": NORMAL,
    }.items():
        logs = 40 if not settings else 4
        found = [trial(tmp_path / name / str(n), 60, 2, n, **settings) for n in range(logs)]
        cuts, losing, broken = map(sum, zip(*found, strict=True))
        print(f"{name}: {cuts} cuts, {losing} lost an acknowledged event, {broken} corrupt")
        if not settings:
            assert cuts >= 50_000
        if settings in ({}, EXTRA_DELETE):
            assert (losing, broken) == (0, 0)
        else:
            assert losing > 0
