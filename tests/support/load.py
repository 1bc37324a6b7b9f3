"""Many experts who save at once, each in a process of its own."""

from __future__ import annotations

import os
import time
import traceback
from array import array
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import IO

from evalkit.log.events import Entry
from evalkit.record import accounts
from evalkit.round import Round
from tests.support.builders import panel_data, rubric_data, write
from tests.support.postgres import Cluster


def forked(work: Callable[[int], None]) -> tuple[int, IO[bytes]]:
    """The id of a process that does ``work``, which gets the end of a pipe to write into, and the
    other end. A fork of this process has all modules: an interpreter of its own takes a second.
    """
    reading, writing = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writing)
        return pid, os.fdopen(reading, "rb")
    code = 1
    try:
        os.close(reading)
        work(writing)
        code = 0
    except BaseException:  # noqa: BLE001  (the parent reads of it on the error stream)
        traceback.print_exc()
    finally:
        os._exit(code)


def seconds_of_saves(folder: Path, writers: int, saves: int) -> list[float]:
    """`at_once` in a round in ``folder``."""
    folder.mkdir()
    panel = write(folder, rubric_data((10, 5)), panel_data(writers, ["A", "B"]))
    Round.create(folder / "round", panel).log.close()
    places = dict.fromkeys((f"e{k}" for k in range(1, writers + 1)), folder / "round")
    return at_once(places, saves, folder / "round")


def seconds_in_a_database(
    cluster: Cluster, database: str, folder: Path, writers: int, saves: int
) -> list[float]:
    """`at_once` in a round in a database, each writer by an account of their own."""
    url = cluster.url(database)
    data = panel_data(writers, ["A", "B"], id=f"crowd-{writers}")
    Round.create(url, write(folder, rubric_data((10, 5)), data)).log.close()
    try:
        made = {one.person: cluster.url(database, one.role) for one in accounts.make(url)}
        return at_once({k: v for k, v in made.items() if k != "secretary"}, saves, url)
    finally:
        accounts.drop(url)


def at_once(places: Mapping[str, Path | str], saves: int, whole: Path | str) -> list[float]:
    """How long each of ``saves`` took each writer, from asking to the receipt, without a pause in
    between: authors with the place where each opens the round. Every one of them is in the log in
    ``whole``, and nothing else.
    """
    waiting, start = os.pipe()

    def work(author: str, out: int) -> None:
        os.close(start)
        taken = array("d")
        with Round.open(places[author]) as workspace:
            os.write(out, b"r")
            os.read(waiting, 1)  # ends when the other end is closed
            for n in range(saves):
                payload = {"points": str(n % 11 / 2), "text": "评语" * 20}
                entry = Entry(author, str(n), "score", "AB"[n % 2], "i2", payload)
                begun = time.perf_counter()
                workspace.append(entry)
                taken.append(time.perf_counter() - begun)
        os.write(out, taken.tobytes())

    own = [forked(partial(work, author)) for author in places]
    pids, pipes = zip(*own, strict=True)
    ready = [pipe.read(1) for pipe in pipes]
    os.close(start)
    os.close(waiting)
    found = array("d")
    for pipe in pipes:
        found.frombytes(pipe.read())
        pipe.close()
    codes = [os.waitpid(pid, 0)[1] for pid in pids]
    assert (ready, codes) == ([b"r"] * len(places), [0] * len(places))
    with Round.open(whole) as workspace:
        history = workspace.history()
        history.verify()
        assert len(history.events) == len(places) * saves == len(found)
    return list(found)
