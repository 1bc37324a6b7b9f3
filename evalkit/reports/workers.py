"""Reports on several processors: a few workers are threads of this process and share its zygote.

Most of a report is made in forks, outside this process. Where there are more workers than one
process can feed, each is a process of its own, with a zygote of its own.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping
from concurrent.futures import (
    FIRST_COMPLETED,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from evalkit.base.digests import sha256
from evalkit.base.text import Text, _
from evalkit.reports.make import EngineName, Made, begin, make
from evalkit.reports.produce import keep

THREADS = 4
"""Workers that one process can feed: a report keeps it busy for a quarter of the time."""

AHEAD = 2
"""Reports that each worker has in hand, so that it never waits for the next one."""

TRIES = 3
"""How often a report is begun when the process that makes it is killed."""


@dataclass(frozen=True)
class Job:
    """A report to make: its result as JSON, and where its page goes."""

    id: str
    result: str
    inputs: str
    notebook: Path
    page: Path
    engine: EngineName
    issued: bool = False
    """Whether a page that lies there already, and is another one, stays."""


@dataclass(frozen=True)
class Outcome:
    """What came of a job: the digests of its two files, or what went wrong in words; or that
    its place is ``taken`` by another page, which stays.
    """

    digests: Mapping[str, str]
    error: Text | str = ""
    taken: bool = False

    @classmethod
    def of(cls, made: Made) -> Outcome:
        """The outcome of a report that was made."""
        parts = {"ipynb": made.notebook, "html": made.page}
        return cls({n: sha256(p) for n, p in parts.items() if p}, made.error)


def do(job: Job) -> Outcome:
    """Make a report and put it in place."""
    return put(job, make(job.notebook, job.result, job.id, job.engine))


def put(job: Job, made: Made) -> Outcome:
    """Put what was ``made`` in place, unless it is taken."""
    if job.issued and job.page.exists() and job.page.read_bytes() != made.page:
        return Outcome({}, taken=True)
    keep(made, job.page)
    return Outcome.of(made)


LOST = Outcome({}, _("工作进程意外结束"))
"""What comes of a job whose process is killed each time."""


def run(jobs: Iterable[Job], workers: int) -> Generator[tuple[Job, Outcome]]:
    """Each job with what came of it, as they are done. One worker is this process itself.

    ``jobs`` are taken when they are needed. A process that is killed is replaced, and what it had
    in hand is made again.
    """
    if workers == 1:
        yield from ((job, do(job)) for job in jobs)
        return
    coming, again, begun = iter(jobs), list[Job](), Counter[str]()
    while True:
        doing: dict[Job, Future[Outcome] | None] = {}
        try:
            with _pool(workers) as pool:
                yield from _through(pool, chain(again, coming), AHEAD * workers, doing)
        except BrokenProcessPool:
            begun.update(job.id for job in doing)
            yield from ((job, LOST) for job in doing if begun[job.id] >= TRIES)
            again = [job for job in doing if begun[job.id] < TRIES]
        else:
            return


def _through(
    pool: Executor,
    jobs: Iterator[Job],
    most: int,
    doing: dict[Job, Future[Outcome] | None],
) -> Iterator[tuple[Job, Outcome]]:
    """Put ``jobs`` through ``pool``, at most ``most`` at a time; ``doing`` is what is in hand."""
    while True:
        for job in islice(jobs, most - len(doing)):
            doing[job] = None  # it is in hand even if the pool is broken and takes no more
            doing[job] = pool.submit(do, job)
        if not doing:
            return
        wait([future for future in doing.values() if future], return_when=FIRST_COMPLETED)
        for job, future in list(doing.items()):
            if future and future.done():
                outcome = future.result()
                del doing[job]
                yield job, outcome


def _pool(workers: int) -> Executor:
    if workers <= THREADS:
        return ThreadPoolExecutor(workers)
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, context, initializer=_begin)


def _begin() -> None:
    """Begin as any process that makes reports; end when the one that asks for them has ended."""
    parent = multiprocessing.parent_process()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one who asks for reports decides
    if parent is not None:
        threading.Thread(target=_follow, args=(parent,), daemon=True).start()
    begin()
    gc.collect()
    gc.freeze()


def _follow(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(1)
