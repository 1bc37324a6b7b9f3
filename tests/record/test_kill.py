"""A writer is killed at random: what it had acknowledged is there."""

from __future__ import annotations

import os
import random
import signal
from functools import partial
from pathlib import Path

import pytest

from evalkit.log.events import Entry
from evalkit.round import Round
from tests.support.builders import panel_data, rubric_data, write
from tests.support.load import forked

AHEAD = 5
"""How many more scores a writer has to store when it is killed, so that it is at work."""


def save(folder: Path, author: str, run: int, most: int, out: int) -> None:
    """A writer: ``most`` scores, and after each of them its receipt into the pipe ``out``."""
    with Round.open(folder) as workspace:
        for n in range(most):
            payload = {"points": str(n % 21 / 2), "text": "评" * 200}
            entry = Entry(author, f"{run}-{n}", "score", "A", "i1", payload)
            receipt = workspace.append(entry)
            os.write(out, f"{receipt.seq} {receipt.hash}\n".encode())
        signal.pause()


def trial(folder: Path, run: int, dice: random.Random) -> int:
    """Two writers, killed after a random number of receipts; returns how many were given."""
    counts = {author: dice.randrange(1, 15) for author in ("e1", "e2")}
    writers = {
        author: forked(partial(save, folder, author, run, n + AHEAD))
        for author, n in counts.items()
    }
    # Killing is timed by what was acknowledged, not by a clock; where in the next write it falls
    # is left to the scheduler.
    said = {
        author: [pipe.readline() for _ in range(counts[author])]
        for author, (_pid, pipe) in writers.items()
    }
    for pid, _pipe in dice.sample(list(writers.values()), 2):
        os.kill(pid, signal.SIGKILL)
    for author, (pid, pipe) in writers.items():
        said[author] += pipe.readlines()
        pipe.close()
        assert os.WTERMSIG(os.waitpid(pid, 0)[1]) == signal.SIGKILL
    with Round.open(folder) as workspace:
        history = workspace.history()
        history.verify()
        stored = {(e.author, f"{e.seq} {e.hash}\n".encode()) for e in history.events}
    # a pipe takes a line whole or not at all; a receipt is in it after its entry is stored
    lost = [(a, line) for a, lines in said.items() for line in lines if (a, line) not in stored]
    assert lost == []
    return sum(map(len, said.values()))


def trials(folder: Path, rounds: int) -> None:
    """Run ``rounds`` trials, ten on each log."""
    panel = write(folder, rubric_data((10,)), panel_data(2, ["A"]))
    dice = random.Random(2025)
    acknowledged = 0
    for run in range(rounds):
        log = folder / f"round{run // 10}"  # ten kills each, one on what the other left
        if not log.exists():
            Round.create(log, panel).log.close()
        acknowledged += trial(log, run, dice)
    print(f"{rounds} rounds killed, {acknowledged} acknowledged scores, 0 lost")
    assert acknowledged >= rounds


@pytest.mark.processes
def test_a_killed_writer_loses_nothing_that_it_acknowledged(tmp_path: Path) -> None:
    """A sample of the trial below."""
    trials(tmp_path, 5)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_a_thousand_kills(tmp_path: Path) -> None:
    """The full figure: 1,000 rounds, two writers each."""
    trials(tmp_path, 1_000)
