"""All reports of a round: made when they are not there yet, on any number of workers."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from evalkit.base import canonical, resources
from evalkit.base.errors import InputError, ReportError
from evalkit.base.text import Text, _
from evalkit.base.wanted import asked
from evalkit.disclosure import Level, Views
from evalkit.disclosure.overview import published, require_real
from evalkit.reports import journal, provenance, workers
from evalkit.reports.make import EngineName
from evalkit.reports.produce import APPLICANT, failed, title
from evalkit.reports.standing import Standing
from evalkit.reports.workers import Job, Outcome

if TYPE_CHECKING:
    from evalkit.evaluation import Results

WORTH_A_WORKER = 50
"""Reports that take as long as a worker needs to start, where it is a process of its own."""


@dataclass
class Batch:
    """What came of a run: how many were made, how many lay there already, and the failures.

    ``left`` are ids of reports that lie there and are no longer of the panel.
    """

    made: int = 0
    kept: int = 0
    left: list[str] = field(default_factory=list)
    failures: list[ReportError] = field(default_factory=list)

    def require_whole(self) -> None:
        """Raise ReportError that names every failure, if there is one."""
        if self.failures:
            raise ReportError(*(p for error in self.failures for p in error.problems))


@dataclass(frozen=True)
class Order:
    """What is asked for. ``workers`` None leaves the number to the machine and the work.

    ``dask`` is the address of a cluster that makes the reports instead, or ``local``. ``reissue``
    is the reason for which reports of a locked round that were issued already are made anew.
    """

    out: Path
    level: Level = "applicant"
    language: str = "zh"
    engine: EngineName = "warm"
    workers: int | None = None
    dask: str | None = None
    reissue: str = ""


@asked
def make_reports(
    views: Views,
    ids: Sequence[str],
    order: Order,
    advance: Callable[[], None] = lambda: None,
    tell: Callable[[Text], None] = lambda _words: None,
) -> Batch:
    """Write the reports of ``ids`` into a folder, and what is known of the run beside them.

    ``views`` are of the results, with the ranks without each expert (`leave_one_out`).

    A report that lies there whole and was made from the same inputs is left alone. One that fails
    leaves its executed notebook with the error and stops no other. Of a locked round, what was
    issued stays as it lies there, and is among the failures where it would be another one now.
    ``advance`` is called for each; ``tell`` is told where to watch a cluster.
    Raises InputError for an unknown id, Refused where the folder holds other reports (see `_head`),
    for a what-if, and for the public where the panel declared nothing to be public or the results
    are a trial.
    """
    results = views.results
    require_real(results)
    for id in ids:
        results.panel.applicant(id)
    if order.level == "public":
        published(results)
    began, batch = provenance.now(), Batch()
    notebook = resources.path("notebooks", APPLICANT)
    with journal.opened(order.out, _head(results, order)) as book:
        standing = Standing(results.status == "official", order.reissue)
        jobs = _jobs(views, ids, order, notebook, book, batch, standing, advance)
        with closing(_run(jobs, order, len(ids), tell)) as done:
            for job, outcome in done:
                _note(results, job, outcome, book, batch)
                advance()
        batch.left = book.compact(results.facts.applicants)
        batch.failures += standing.problems(order.out)
        counts = {"made": batch.made, "kept": batch.kept, "failed": len(batch.failures)}
        provenance.record(order.out, results, notebook, began, **_asked(order), reports=counts)
    return batch


def _asked(order: Order) -> dict[str, str]:
    """What is on record of an order, beside what came of it."""
    asked = {"level": order.level, "language": order.language, "engine": order.engine}
    return asked | ({"reissue": order.reissue} if order.reissue else {})


def _head(results: Results, order: Order) -> journal.Head:
    """What a folder's reports must have in common, so that a trial overwrites nothing official."""
    return {
        "panel": results.panel.id,
        "level": order.level,
        "language": order.language,
        "status": results.status,
        "root": results.facts.basis.root,
    }


def _run(
    jobs: Iterator[Job], order: Order, reports: int, tell: Callable[[Text], None]
) -> Generator[tuple[Job, Outcome]]:
    if order.dask is None:
        return workers.run(jobs, _workers(order, reports))
    try:
        from evalkit.reports import cluster
    except ImportError:
        raise InputError(_("这里没有装 Dask，请先运行 pip install 'evalkit[dask]'")) from None
    return cluster.run(jobs, order.dask, tell)


def _workers(order: Order, reports: int) -> int:
    if order.workers is not None:
        return order.workers
    cores = os.cpu_count() or 1
    threads = min(cores, workers.THREADS, reports // 2)  # they start at once
    return max(1, threads, min(cores, reports // WORTH_A_WORKER))


def _jobs(
    views: Views,
    ids: Sequence[str],
    order: Order,
    notebook: Path,
    book: journal.Journal,
    batch: Batch,
    standing: Standing,
    advance: Callable[[], None],
) -> Iterator[Job]:
    """What is still to do, one result at a time, so that memory does not grow with the round."""
    for id in ids:
        result = canonical.dumps(views.report(id, order.level, order.language))
        inputs = journal.inputs(notebook, result)
        if book.holds(id, inputs):
            batch.kept += 1
            advance()
        elif standing.stays(book, id):
            advance()
        else:
            page = order.out / f"{id}.html"
            yield Job(id, result, inputs, notebook, page, order.engine, standing.guarded)


def _note(
    results: Results, job: Job, outcome: Outcome, book: journal.Journal, batch: Batch
) -> None:
    if outcome.taken:
        text = _("{name} 没有登记过，与现在做出的不同，没有动它；请移走后再出", name=job.page.name)
        batch.failures.append(ReportError(text))
    elif outcome.error:
        book.forget(job.id)
        who = title(results.panel.applicant(job.id).name, job.id)
        batch.failures.append(failed(who, outcome.error, f"{job.id}.ipynb"))
    else:
        book.add(job.id, job.inputs, outcome.digests)
        batch.made += 1
