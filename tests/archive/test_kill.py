"""Whoever archives is killed at any moment: there is a whole bag, or none."""

from __future__ import annotations

import os
import random
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import bagit
import pytest

from evalkit.archive.placing import staging_of
from evalkit.archive.verify import verify
from evalkit.archive.write import archive_round
from evalkit.round import Round
from tests.support import bags
from tests.support.load import forked

pytestmark = pytest.mark.processes

LAST = 60
"""So many of the last operations see to it that all is on the disk, and put the bag in place."""


def archive(small: Path, out: Path, key: Path) -> None:
    """The bag of the small round."""
    with Round.open(small / "round", bags.ticking()) as workspace:
        archive_round(workspace, out, key=key)


def watched(work: Callable[[], None], last: int, out: int) -> None:
    """Do the ``work`` up to its operation number ``last`` on files, and be killed before that one;
    if there are fewer, write their number into the pipe ``out``.
    """
    seen = 0

    def watch(event: str, _arguments: object) -> None:
        nonlocal seen
        if event.startswith(("open", "os.", "shutil.", "sqlite3.", "subprocess.")):
            seen += 1
            if seen == last:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    work()
    os.write(out, f"{seen}\n".encode())


def operations(small: Path, out: Path, key: Path, last: int) -> int:
    """How many operations on files it took to archive; 0 for one that was killed before."""
    pid, pipe = forked(partial(watched, partial(archive, small, out, key), last))
    with pipe:
        said = pipe.readline()
    code = os.waitpid(pid, 0)[1]
    assert os.WTERMSIG(code) == (0 if said else signal.SIGKILL)
    return int(said or 0)


def whole(bag: Path) -> bool:
    """Whether it is, by evalkit and by bagit."""
    bagit.Bag(str(bag)).validate()
    return verify(bag).ok


def trials(small: Path, folder: Path, key: Path, rounds: int) -> None:
    """Kill as many times, half of them near the end; the next attempt makes what is missing."""
    archive(small, folder / "first", key)  # and warms what is computed once
    total = operations(small, folder / "second", key, sys.maxsize)
    assert total > 2 * LAST
    dice, there = random.Random(2025), 0
    for run in range(rounds):
        out = folder / f"bag{run}"
        first = 1 if run % 2 else total - LAST
        operations(small, out, key, dice.randint(first, total))
        if out.exists():
            assert whole(out)
            there += 1
        else:
            assert staging_of(out).exists() or run % 2
            archive(small, out, key)
            assert not staging_of(out).exists()
            if run % 10 == 0:
                assert whole(out)
    print(f"{rounds} kills, {there} whole bags, 0 broken ones")


def test_a_killed_archive_leaves_no_half_bag(small: Path, tmp_path: Path, key: Path) -> None:
    """A sample of the trial below."""
    trials(small, tmp_path, key, 3)


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_a_thousand_killed_archives(small: Path, tmp_path: Path, key: Path) -> None:
    """The full figure."""
    trials(small, tmp_path, key, 1_000)
