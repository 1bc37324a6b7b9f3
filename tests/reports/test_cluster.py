"""Reports on a Dask cluster: two workers on loopback, and what happens when one is lost."""

from __future__ import annotations

import logging
import os
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import distributed
import pytest

from evalkit.base.errors import InputError
from evalkit.evaluation import Results, evaluate
from evalkit.reports import cluster, journal, make, workers
from evalkit.reports.batch import Order, make_reports
from tests.support import builders
from tests.support.folders import content
from tests.support.views import reported

IDS = [f"c{n:02}" for n in range(1, 25)]


@pytest.fixture(scope="module")
def results() -> Results:
    """The demo round."""
    return evaluate(*builders.demo())


@pytest.fixture(scope="module")
def two() -> Iterator[distributed.LocalCluster]:
    """A scheduler and two workers on this machine; one that is lost is replaced in time."""
    options = {"n_workers": 2, "threads_per_worker": 1, "silence_logs": logging.CRITICAL}
    with distributed.LocalCluster(**options, dashboard_address=None) as made:
        yield made


@pytest.mark.processes
def test_a_lost_worker_costs_nothing_but_time(
    results: Results,
    whole: Path,
    two: distributed.LocalCluster,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One of two is killed after the first reports: all are right, and each is placed once."""
    monkeypatch.setattr(cluster, "CHUNK", 3)
    with distributed.Client(two, set_as_default=False) as client:
        client.wait_for_workers(2)
        pids = list(client.run(os.getpid).values())
    assert len(set(pids)) == 2
    placed: Counter[str] = Counter()
    add = journal.Journal.add

    def counted(self: journal.Journal, id: str, *rest: Any) -> None:
        placed[id] += 1
        add(self, id, *rest)

    monkeypatch.setattr(journal.Journal, "add", counted)

    def killing() -> None:
        if sum(placed.values()) == 1:
            os.kill(pids[0], signal.SIGKILL)

    order = Order(tmp_path, dask=two.scheduler_address)
    found = make_reports(reported(results), IDS, order, killing)
    assert (found.made, found.failures) == (24, [])
    assert placed == Counter(IDS)
    assert content(tmp_path) == content(whole)


@pytest.mark.processes
def test_another_evalkit_on_a_machine_is_refused(
    results: Results, two: distributed.LocalCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the template differs, no report is taken."""
    monkeypatch.setattr(journal, "program", lambda: "another")
    with pytest.raises(InputError, match="同样的版本"):
        make_reports(reported(results), IDS[:3], Order(tmp_path, dask=two.scheduler_address))
    assert list(tmp_path.glob("*.html")) == []


def test_a_report_that_changed_on_its_way_is_not_placed(tmp_path: Path) -> None:
    """Its digest is that of what was sent."""
    made = make.Made(b"notebook", b"page")
    job = workers.Job("c01", "", "", Path("n.ipynb"), tmp_path / "c01.html", "warm")
    sent = workers.Outcome.of(made)
    assert cluster._received(job, made, sent) == sent
    assert (tmp_path / "c01.html").read_bytes() == b"page"
    (tmp_path / "c01.html").unlink()
    changed = make.Made(b"notebook", b"other")
    assert "再运行一次" in str(cluster._received(job, changed, sent).error)
    assert not (tmp_path / "c01.html").exists()


def test_an_address_where_nobody_is(
    results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message names it."""
    monkeypatch.setattr(cluster, "SECONDS", 1)
    with pytest.raises(InputError, match=r"127\.0\.0\.1:9"):
        make_reports(reported(results), IDS, Order(tmp_path, dask="tcp://127.0.0.1:9"))


@pytest.mark.soak
def test_a_cluster_of_this_machine(results: Results, whole: Path, tmp_path: Path) -> None:
    """``local`` says where to watch it, and makes the same bytes."""
    told: list[str] = []
    order = Order(tmp_path, dask=cluster.LOCAL)
    make_reports(reported(results), IDS, order, tell=lambda text: told.append(str(text)))
    assert content(tmp_path) == content(whole)
    (link,) = told
    assert "http://" in link
