"""The disk is full: nobody is told that something is saved which is not, and it goes on after."""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from evalkit.base.errors import Refused
from evalkit.log import chain
from evalkit.log.events import Entry
from evalkit.log.sqlite import SqliteLog
from tests.support.programs import program

SIZE = 6 << 20


@pytest.fixture(name="small")
def _small(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, a few megabytes."""
    mount, umount = (program(name, package="mount") for name in ("mount", "umount"))
    disk = tmp_path / "disk"
    disk.mkdir()
    done = subprocess.run(
        [mount, "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(disk)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"no small disk can be mounted here: {done.stderr.strip()}")
    try:
        yield disk
    finally:
        subprocess.run([umount, str(disk)], check=True)


def entry(n: int, dice: random.Random) -> Entry:
    """A score with a short or a long comment."""
    payload = {"points": "8", "text": "评" * dice.choice((0, 10, 400))}
    return Entry(dice.choice(("e1", "e2")), str(n), "score", "A", "i1", payload)


def fill(disk: Path, times: int) -> int:
    """Let the disk be full so many ``times``; how many entries were acknowledged in all."""
    dice, hashes, ballast, count = random.Random(1), list[str](), disk / "ballast", 0
    with closing(SqliteLog(disk / "log", "round")) as log:
        for _ in range(times):
            state = os.statvfs(disk)
            free = state.f_bavail * state.f_frsize
            ballast.write_bytes(bytes(max(0, free - dice.randrange(60_000))))
            with pytest.raises(Refused, match="没有保存（磁盘空间已满）"):  # noqa: PT012
                while True:
                    count += 1
                    with log.writing():
                        receipt = log.append(entry(count, dice))
                    hashes.append(receipt.hash)
            ballast.unlink()
            count += 1
            with log.writing():
                receipt = log.append(entry(count, dice))
            hashes.append(receipt.hash)
            events, _position = log.since(0)
            assert [event.hash for event in events] == hashes
        chain.verify(events)
    return len(hashes)


def test_a_full_disk_loses_nothing(small: Path) -> None:
    """A sample of the trial below."""
    assert fill(small, 5) > 5


@pytest.mark.soak
def test_a_disk_that_is_full_a_hundred_times(small: Path) -> None:
    """The full figure."""
    print(f"full 100 times, {fill(small, 100)} acknowledged entries, 0 lost")
