"""The server is killed at random, and many write at once: what was acknowledged is there."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from evalkit.base.errors import Refused
from evalkit.log import chain
from evalkit.log.events import Entry, Receipt
from tests.support import walls
from tests.support.load import seconds_in_a_database
from tests.support.postgres import Cluster, cluster
from tests.support.walls import opened

pytestmark = pytest.mark.server


@pytest.fixture(name="durable", scope="module")
def _durable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster(durable=True) as found, found.database("killed") as name:
        walls.make(found, name, tmp_path_factory.mktemp("killed"))
        with found.connect(name) as db:  # two hundred rounds are more than an expert may write
            db.execute("UPDATE evalkit.person SET quota = 1000000")
        yield found


class Writer(threading.Thread):
    """Saves of one expert, one after the other, until one is not acknowledged."""

    def __init__(self, server: Cluster, person: str, run: int) -> None:
        super().__init__()
        self._server, self._person, self._run = server, person, run
        self.stored: dict[str, Receipt] = {}
        self.refused: Entry | None = None

    def run(self) -> None:
        """Until the server is gone."""
        with opened(self._server, "killed", self._person) as workspace:
            for n in range(10**6):
                payload = {"points": f"{n % 21 / 2:g}", "text": "评" * 200}
                id = f"{self._run}-{n}"
                entry = Entry(self._person, id, "score", "A", "i1", payload)
                try:
                    self.stored[id] = workspace.append(entry)
                except Refused:
                    self.refused = entry
                    return


def kill(server: Cluster, run: int, moment: random.Random) -> None:
    """Kill the server while two write, and look for all that they were told is stored."""
    writers = [Writer(server, person, run) for person in ("e2", "e3")]
    for writer in writers:
        writer.start()
    while not all(writer.stored for writer in writers):
        time.sleep(0.001)
    time.sleep(moment.random() * 0.1)
    server.kill()
    for writer in writers:
        writer.join()
    server.start()
    for writer in writers:
        assert writer.refused is not None
        author = writer.refused.author
        with opened(server, "killed", author) as workspace:
            events = workspace.history().events
            found = {e.event_id: e for e in events if e.author == author}
            for id, receipt in writer.stored.items():
                event = found[id]
                assert (event.seq, event.hash, event.at) == (receipt.seq, receipt.hash, receipt.at)
            again = workspace.append(writer.refused)  # whether it was stored or not
            assert again == workspace.append(writer.refused)
            own = [e for e in workspace.history().events if e.author == author]
            chain.verify(own)
            assert len(own) <= len(found) + 1


@pytest.mark.parametrize(
    "rounds", [2, pytest.param(200, marks=[pytest.mark.soak, pytest.mark.timeout(3600)])]
)
def test_killing_the_server_loses_nothing_acknowledged(durable: Cluster, rounds: int) -> None:
    """And whoever got no acknowledgement learns by the same entry again."""
    moment = random.Random(rounds)
    for run in range(rounds):
        kill(durable, rounds * 1000 + run, moment)


@pytest.mark.parametrize(
    ("writers", "saves"),
    [(6, 4), pytest.param(50, 200, marks=[pytest.mark.soak, pytest.mark.timeout(1800)])],
)
def test_many_write_at_once_without_an_error(
    durable: Cluster, tmp_path: Path, writers: int, saves: int
) -> None:
    """Every save is acknowledged and in its author's chain; ``make bench`` tells how fast."""
    with durable.database("crowd") as name:
        taken = sorted(seconds_in_a_database(durable, name, tmp_path, writers, saves))
    middle, late = (taken[int(len(taken) * place)] for place in (0.5, 0.99))
    print(f"{len(taken)} saves by {writers} writers, p50 {middle:.3f} s, p99 {late:.3f} s")
