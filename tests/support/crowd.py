"""Many writers at once, each with an account and a window of their own."""

from __future__ import annotations

import multiprocessing
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from evalkit.log.events import Entry
from evalkit.record import accounts
from evalkit.round import Round
from tests.support.builders import panel_data, rubric_data, write
from tests.support.postgres import Cluster
from tests.support.walls import role

PROCESSES = 5


def write_at_once(
    cluster: Cluster, database: str, folder: Path, writers: int, saves: int
) -> list[float]:
    """Seconds that each of ``writers`` × ``saves`` took to be acknowledged; an error ends it."""
    url, id = cluster.url(database), f"crowd-{writers}"
    file = write(folder, rubric_data((10, 10, 10, 10)), panel_data(writers, ["A"], id=id))
    with Round.create(url, file):
        accounts.make(url)
    try:
        shares = [range(n, writers + 1, PROCESSES) for n in range(1, PROCESSES + 1)]
        urls = [[cluster.url(database, role(f"e{n}", id)) for n in own] for own in shares]
        context = multiprocessing.get_context("fork")
        start = context.Barrier(writers)
        with context.Pool(PROCESSES, _begin, (start,)) as pool:
            found = pool.starmap(_share, [(own, saves) for own in urls if own], chunksize=1)
        return [seconds for own in found for seconds in own]
    finally:
        accounts.drop(url)


def _begin(start: object) -> None:
    globals()["_start"] = start


def _share(urls: list[str], saves: int) -> list[float]:
    with ThreadPoolExecutor(len(urls)) as threads:
        own = threads.map(lambda url: _save(url, saves), urls)
        return [seconds for one in own for seconds in one]


def _save(url: str, saves: int) -> list[float]:
    taken = []
    with Round.open(url) as workspace:
        author = workspace.log.person  # type: ignore[attr-defined]
        globals()["_start"].wait()
        for n in range(saves):
            payload = {"points": f"{n % 21 / 2:g}", "text": "评" * 50}
            entry = Entry(author, f"{n}", "score", "A", f"i{n % 4 + 1}", payload)
            begun = time.perf_counter()
            workspace.append(entry)
            taken.append(time.perf_counter() - begun)
    return taken
