"""A writer is killed at random: what it had acknowledged is there."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from evalkit.log import chain
from evalkit.round import Round
from tests.support.builders import panel_data, rubric_data, write

WRITER = """
import sys
from evalkit.log.events import Entry
from evalkit.round import Round

folder, author, run, most = sys.argv[1:]
with Round.open(folder) as workspace:
    for n in range(int(most)):
        points = str(n % 21 / 2)
        payload = {"points": points, "text": "评" * 200}
        entry = Entry(author, f"{run}-{n}", "score", "A", "i1", payload)
        receipt = workspace.append(entry)
        print(receipt.seq, receipt.hash, flush=True)
    sys.stdin.read()
"""

AHEAD = 5
"""How many more scores a writer has to store when it is killed, so that it is at work."""


def trial(folder: Path, run: int, dice: random.Random) -> int:
    """Two writers, killed after a random number of receipts; returns how many were given."""
    counts = {author: dice.randrange(1, 15) for author in ("e1", "e2")}
    writers = {
        author: subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder), author, str(run), str(n + AHEAD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for author, n in counts.items()
    }
    # Killing is timed by what was acknowledged, not by a clock; where in the next write it falls
    # is left to the scheduler.
    said: dict[str, list[tuple[int, str]]] = {author: [] for author in writers}
    for author, writer in writers.items():
        assert writer.stdout is not None
        for _ in range(counts[author]):
            seq, digest = writer.stdout.readline().split()
            said[author].append((int(seq), digest.decode()))
    for writer in dice.sample(list(writers.values()), 2):
        os.kill(writer.pid, signal.SIGKILL)
    for author, writer in writers.items():
        rest, _ = writer.communicate()
        lines = rest.decode().splitlines()
        # the last line may be cut; whatever is whole was acknowledged
        whole = lines if rest.endswith(b"\n") else lines[:-1]
        said[author] += [(int(line.split()[0]), line.split()[1]) for line in whole]
    with Round.open(folder) as workspace:
        events = workspace.history().events
        chain.verify(events)
        stored = {(e.author, e.seq, e.hash) for e in events}
    for author, receipts in said.items():
        lost = [r for r in receipts if (author, *r) not in stored]
        assert lost == [], f"{author} lost {lost}"
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
@pytest.mark.timeout(1200)
def test_two_hundred_kills(tmp_path: Path) -> None:
    """The full figure: 200 rounds, two writers each."""
    trials(tmp_path, 200)
