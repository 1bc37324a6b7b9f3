"""Reports on many machines: a Dask cluster, each of whose workers has a zygote of its own.

Needs the extra ``dask``. Results go out with the tasks and reports come back, so the machines share
no folder; what they need is the same evalkit and packages.
"""

# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import logging
import platform
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from distributed import Client, KilledWorker, LocalCluster, WorkerPlugin, as_completed

from evalkit.base import resources
from evalkit.base.errors import InputError
from evalkit.base.text import Text, _
from evalkit.engine import pool
from evalkit.engine.zygote import Kind
from evalkit.reports import journal
from evalkit.reports.make import WARM_UP, Made, make
from evalkit.reports.workers import LOST, Job, Outcome, put

LOCAL = "local"
"""In place of an address: a cluster of this machine's processors, for as long as it is needed."""

CHUNK = 25
"""Reports in a task: it runs about a second, so that the scheduler hardly counts."""

AHEAD = 2
"""Tasks that each worker has in hand."""

SECONDS = 15
"""How long to try to reach a scheduler."""

Tell = Callable[[Text], None]


class Zygotes(WorkerPlugin):
    """Starts a worker's zygote before its first task, and ends it with the worker."""

    name = "evalkit-zygotes"

    def setup(self, worker: Any) -> None:  # noqa: ARG002  (dask's signature)
        """Warm up."""
        pool.unfit("python3", [], Kind(WARM_UP, profile=False), 60)

    def teardown(self, worker: Any) -> None:  # noqa: ARG002
        """End the zygote with all its forks."""
        pool.close()


class Mismatch(RuntimeError):  # noqa: N818  (what it says of two machines)
    """A machine, named, has another evalkit, notebook or package that reports are made with."""


def work(jobs: list[Job]) -> list[tuple[Made, Outcome]]:
    """Make the reports of ``jobs`` on a worker; each with the digests of what is sent.

    Raises Mismatch on a machine whose evalkit would make other bytes.
    """
    notebook = resources.path("notebooks", jobs[0].notebook.name)
    sent = []
    for job in jobs:
        if journal.inputs(notebook, job.result) != job.inputs:
            raise Mismatch(platform.node())
        made = make(notebook, job.result, job.id, job.engine)
        sent.append((made, Outcome.of(made)))
    return sent


def run(jobs: Iterator[Job], address: str, tell: Tell) -> Generator[tuple[Job, Outcome]]:
    """Each job with what came of it, as they are done on the cluster at ``address``.

    ``jobs`` are taken when they are needed. A task whose worker is lost runs again elsewhere. Each
    report is checked against the digest it was sent with, and put in place once.
    """
    with _client(address, tell) as client:
        client.register_plugin(Zygotes())
        done = as_completed(loop=client.loop)
        doing: dict[Any, list[Job]] = {}
        _feed(client, jobs, doing, done)
        for future in done:
            chunk = doing.pop(future)
            yield from zip(chunk, _results(future, chunk), strict=True)
            _feed(client, jobs, doing, done)


def _feed(client: Client, jobs: Iterator[Job], doing: dict[Any, list[Job]], done: Any) -> None:
    """Hand out tasks until every worker has enough in hand."""
    workers = max(1, sum(client.nthreads().values()))
    while len(doing) < AHEAD * workers and (chunk := list(islice(jobs, CHUNK))):
        future = client.submit(work, chunk, pure=False)
        doing[future] = chunk
        done.add(future)


def _results(future: Any, chunk: list[Job]) -> list[Outcome]:
    """What came of each report of ``chunk``; those that did not go wrong are in place."""
    try:
        found: list[tuple[Made, Outcome]] = future.result()
    except KilledWorker:  # several workers died of it
        return [LOST] * len(chunk)
    except Mismatch as other:
        text = _(
            "集群里 {machine} 上的 evalkit 或所用的程序包与这里的不同，请装同样的版本",
            machine=str(other),
        )
        raise InputError(text) from None
    return [_received(job, *sent) for job, sent in zip(chunk, found, strict=True)]


def _received(job: Job, made: Made, sent: Outcome) -> Outcome:
    if Outcome.of(made) != sent:
        return Outcome({}, _("报告在传送中变了，请再运行一次"))
    return put(job, made)


@contextmanager
def _client(address: str, tell: Tell) -> Iterator[Client]:
    if address != LOCAL:
        with _connected(address) as client:
            yield client
        return
    options = {"threads_per_worker": 1, "processes": True, "silence_logs": logging.ERROR}
    with LocalCluster(**options) as cluster, Client(cluster, set_as_default=False) as client:
        tell(_("Dask 看板 {link}", link=cluster.dashboard_link))
        yield client


def _connected(address: str) -> Client:
    try:
        return Client(address, set_as_default=False, timeout=SECONDS)
    except (OSError, ValueError):
        text = _("连不上 Dask 调度器 {address}，请检查地址", address=address)
        raise InputError(text) from None
