"""What a report costs: stock commands, stock API, the warm engine, a letter, no notebook at all.

``python -m tests.bench.reports [--many]`` prints the table; ``--many`` adds 10,000 applicants.
CPU is that of all processes; ratios hold within one run, wall times drift with the machine.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import math
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from evalkit.base import resources
from evalkit.base.canonical import dumps
from evalkit.evaluation import evaluate
from tests.bench.growth import exponent
from tests.bench.mail_merge import fill_in, template
from tests.support.builders import ROOT, many
from tests.support.views import reported

NOTEBOOK = resources.path("notebooks", "applicant_report.ipynb")
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
"""Users have compiled modules; a machine that forbids to write them would flatter the ratios."""

Cost = tuple[float, float]
"""Wall and CPU seconds a report."""


def cpu_seconds() -> float:
    """User and system time of this process and its finished children."""
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(u.ru_utime + u.ru_stime for u in usages)


def timed(action: Callable[[], object]) -> Cost:
    """Wall and CPU seconds of ``action``, finished children included."""
    wall, cpu = time.perf_counter(), cpu_seconds()
    action()
    return time.perf_counter() - wall, cpu_seconds() - cpu


def batch(n: int, workers: int, engine: str = "warm") -> dict[str, float]:
    """Make ``n`` reports in a process of its own.

    Its wall and CPU seconds, and MiB: its largest memory, how much of that the batch added, and
    what workers and zygotes share and have at the end.
    """
    code = f"from tests.bench.reports import inside; inside({n}, {workers}, {engine!r})"
    command = [sys.executable, "-c", code]
    said = subprocess.run(
        command, cwd=ROOT, env=ENVIRONMENT, check=True, capture_output=True, text=True
    )
    found: dict[str, float] = json.loads(said.stdout)
    return found


def inside(n: int, workers: int, engine: str) -> None:
    """What `batch` runs: ``n`` reports of the demo's applicants, repeated."""
    from evalkit.engine import pool
    from evalkit.reports.batch import Order, make_reports

    results = evaluate(*many(n))
    ids = list(results.facts.applicants)
    before, left, others = peak(), itertools.count(1), 0.0
    with tempfile.TemporaryDirectory() as out:
        order = Order(Path(out), workers=workers, engine=engine)  # type: ignore[arg-type]

        def advance() -> None:
            nonlocal others
            if next(left) == n:
                others = memory_of_children()

        def action() -> None:
            assert make_reports(reported(results), ids, order, advance).made == n
            pool.close()

        wall, cpu = timed(action)
    memory = {"memory": peak(), "grew": peak() - before, "others": others}
    print(json.dumps({"wall": wall, "cpu": cpu, **memory}))


def peak() -> float:
    """The largest memory of this process in MiB; ``ru_maxrss`` would begin with its parent's."""
    (line,) = (x for x in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in x)
    return int(line.split()[1]) / 1024


def memory_of_children() -> float:
    """The memory of all processes below this one in MiB, shared pages counted once."""
    found = 0
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            found += child.memory_full_info().pss
    return found / 2**20


def marginal(n: int, workers: int, engine: str = "warm") -> Cost:
    """What one more report costs when many are made: without the start of the processes."""
    few, more = batch(workers, workers, engine), batch(workers + n, workers, engine)
    return (more["wall"] - few["wall"]) / n, (more["cpu"] - few["cpu"]) / n


class Stock:
    """The report as papermill's and nbconvert's users make it."""

    def __init__(self, folder: Path) -> None:
        self.out = folder / "stock.ipynb"
        self.parameters = folder / "parameters.yaml"
        self.letter = folder / "letter.docx"
        self.views = reported(evaluate(*many(24)))
        self.result = self.view()
        self.parameters.write_text(dumps({"result": self.result}), "utf-8")
        template(self.letter)

    def view(self) -> str:
        """What a batch hands to the notebook."""
        return dumps(self.views.report("c03", "applicant", "zh"))

    def commands(self) -> None:
        """``papermill`` and ``jupyter nbconvert``, one after the other."""
        run = [sys.executable, "-m"]
        arguments = [NOTEBOOK, self.out, "-f", self.parameters, "--log-level", "ERROR"]
        for command in (
            [*run, "papermill", *map(str, arguments), "--no-progress-bar"],
            [*run, "nbconvert", "--to", "html", str(self.out), "--log-level", "ERROR"],
        ):
            subprocess.run(command, check=True, capture_output=True, env=ENVIRONMENT)

    def api(self) -> None:
        """Both in one process that stays, the exporter kept."""
        import papermill
        from nbconvert import HTMLExporter

        self.exporter = getattr(self, "exporter", None) or HTMLExporter()
        options = {"kernel_name": "python3", "progress_bar": False}
        quiet = {"extra_arguments": ["--log-level=CRITICAL"]}
        papermill.execute_notebook(
            str(NOTEBOOK), str(self.out), {"result": self.result}, **options, **quiet
        )
        html, _ = self.exporter.from_filename(str(self.out))
        self.out.with_suffix(".html").write_text(html, "utf-8")

    def mail_merge(self) -> None:
        """A letter in Word from the same view."""
        fill_in(self.letter, json.loads(self.view()), self.out.with_suffix(".docx"))

    def no_notebook(self) -> None:
        """A plain function: the same view, the same parts filled in, one page written."""
        from evalkit.pages import applicant

        report = applicant.read(self.view())
        first = ("heading", "outcome", "dimensions", "indicators")
        names = (*first, "adjustments", "rules", "provenance")
        page = "\n".join(getattr(applicant, name)(report).html for name in names)
        self.out.with_suffix(".html").write_text(page, "utf-8")


def costs(folder: Path, rounds: int = 3) -> dict[str, Cost]:
    """The median cost of each way, taken in turns."""
    stock = Stock(folder)
    stock.commands()
    stock.api()
    stock.mail_merge()
    ways: dict[str, Callable[[], Cost]] = {
        "papermill + nbconvert commands": lambda: timed(stock.commands),
        "their API in a loop": lambda: timed(stock.api),
        "warm engine, 1 worker": lambda: marginal(100, 1),
        "warm engine, 2 workers": lambda: marginal(200, 2),
        "docxtpl, a letter": lambda: _mean([timed(stock.mail_merge) for _ in range(20)]),
        "no notebook": lambda: _mean([timed(stock.no_notebook) for _ in range(20)]),
    }
    found: dict[str, list[Cost]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            found[name].append(way())
    return {name: _median(values) for name, values in found.items()}


def _median(values: list[Cost]) -> Cost:
    walls, cpus = zip(*values, strict=True)
    return statistics.median(walls), statistics.median(cpus)


def _mean(values: list[Cost]) -> Cost:
    walls, cpus = zip(*values, strict=True)
    return statistics.fmean(walls), statistics.fmean(cpus)


def table(found: dict[str, Cost]) -> Table:
    """The costs as a table, the stock commands first."""
    columns = ("CPU", "wall", "reports/s", "stock CPU ÷", "CPU ÷ no notebook")
    shown = Table("a report by", *columns, title="Reports")
    (_, stock), *_, (_, bound) = found.values()
    for name, (wall, cpu) in found.items():
        times = f"{cpu * 1000:.1f} ms", f"{wall * 1000:.1f} ms", f"{1 / wall:.1f}"
        shown.add_row(name, *times, f"{stock / cpu:.1f}", f"{cpu / bound:.1f}")
    return shown


def starts(found: dict[str, Cost]) -> Table:
    """What a batch takes before and beside its reports, and how many make up for a second worker.

    ``found`` has what one more report costs with one and with two workers.
    """
    shown = Table("workers", "CPU", "wall", "pays from", title="Start of a batch")
    walls = {}
    for workers in (1, 2):
        wall, cpu = found[f"warm engine, {workers} worker{'s' * (workers > 1)}"]
        few = batch(workers, workers)
        walls[workers] = wall, few["wall"] - workers * wall
        own = f"{few['cpu'] - workers * cpu:.2f} s", f"{walls[workers][1]:.2f} s"
        saved, later = (walls[1][part] - walls[workers][part] for part in (0, 1))
        pays = max(workers, math.ceil(-later / saved)) if saved > 0 else 1
        shown.add_row(f"{workers}", *own, f"{pays} report{'s' * (pays > 1)}")
    return shown


def growth(sizes: list[int]) -> Table:
    """Cost and memory as rounds grow; memory is that of the process that orders the reports.

    The exponent is that of the CPU beside the start of a batch.
    """
    columns = ("applicants", "CPU a report", "wall", "memory", "for the batch", "in forks")
    shown = Table(*columns, title="Two workers")
    start = batch(2, 2)["cpu"]
    found = [batch(n, 2) for n in sizes]
    for n, one in zip(sizes, found, strict=True):
        cpu, wall = f"{(one['cpu'] - start) / n * 1000:.0f} ms", f"{one['wall']:.1f} s"
        memory = (f"{one[part]:.0f} MiB" for part in ("memory", "grew", "others"))
        shown.add_row(f"{n:,}", cpu, wall, *memory)
    cpus, peaks = [one["cpu"] - start for one in found], [one["memory"] for one in found]
    fitted = f"n^{exponent(sizes, cpus):.2f}", "", f"n^{exponent(sizes, peaks):.2f}"
    shown.add_row("", *fitted)
    return shown


def sizes(folder: Path) -> Table:
    """How large the pages are, in kB of 1,000 bytes."""
    from evalkit.reports.batch import Order, make_reports

    results = evaluate(*many(24))
    make_reports(reported(results), results.facts.applicants, Order(folder, workers=1))
    found = sorted(file.stat().st_size / 1000 for file in folder.glob("*.html"))
    shown = Table("pages of the demo", "kB", title="Size")
    for name, size in (("smallest", found[0]), ("median", found[12]), ("largest", found[-1])):
        shown.add_row(name, f"{size:.1f}")
    return shown


def run(console: Console, *, with_10_000: bool = False) -> None:
    """Print everything."""
    folder = Path(tempfile.mkdtemp())
    try:
        found = costs(folder)
        console.print(table(found))
        console.print(starts(found))
        console.print(sizes(folder / "sizes"))
        console.print(growth([24, 75, 300, 1_000, *([10_000] if with_10_000 else [])]))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    run(Console(width=110), with_10_000="--many" in sys.argv)
