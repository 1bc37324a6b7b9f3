"""Time what users wait for, as ratios within one run, and print a table.

python -m tests.bench [--many]; the kernels of the analysis: python -m tests.bench.analysis
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench import reports
from tests.builders import DEMO, TRIMMED, load, panel_data, rubric_data


def timed(action: Callable[[], object], repeats: int = 5) -> tuple[float, float]:
    """Median wall and CPU seconds of ``action``, children included."""
    walls, cpus = [], []
    for _ in range(repeats):
        wall, cpu = time.perf_counter(), cpu_seconds()
        action()
        walls.append(time.perf_counter() - wall)
        cpus.append(cpu_seconds() - cpu)
    return sorted(walls)[repeats // 2], sorted(cpus)[repeats // 2]


def cpu_seconds() -> float:
    """User and system time of this process and its finished children."""
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(u.ru_utime + u.ru_stime for u in usages)


def evaluation(table: Table, folder: Path) -> None:
    """`evaluate` at growing numbers of applicants, 7 experts and 13 indicators."""
    import numpy as np

    from evalkit.evaluation import evaluate
    from evalkit.facts import SCORED, Facts

    base = None
    for n in (1_000, 10_000, 100_000):
        points = [8] * 9 + [7] * 4
        rules = {"aggregation": {**TRIMMED, "min_n": 5}, "ties": ["base"]}
        data = panel_data(7, ["a0"], rules)
        rubric, panel = load(folder, rubric_data(points), data)
        first = panel.applicants[0]
        many = tuple(first.model_copy(update={"id": f"a{k}"}) for k in range(n))
        panel = panel.model_copy(update={"applicants": many})
        shape = (n, 7, 13)
        facts = Facts(
            scale=10,
            applicants=tuple(a.id for a in many),
            experts=tuple(e.id for e in panel.experts),
            columns=rubric.columns,
            seats=np.tile(np.arange(7, dtype=np.int32), (n, 1)),
            points=np.random.default_rng(1).integers(0, 15, shape) * 5,
            state=np.full(shape, SCORED, dtype=np.int8),
            recognised=np.full((n, 13), -1, dtype=np.int64),
        )
        wall, _cpu = timed(lambda r=rubric, p=panel, f=facts: evaluate(r, p, f), 3)
        base = base or wall / n
        table.add_row(
            f"evaluate {n:,} × 7 × 13", f"{wall:.3f} s", f"{wall / n / base:.2f} × per applicant"
        )


def saving(table: Table, folder: Path) -> None:
    """What a save costs in the log, against SQLite's own commit with the same settings."""
    import sqlite3

    from evalkit.record.log import Entry
    from evalkit.workspace import Workspace

    raw = sqlite3.connect(folder / "raw.sqlite", isolation_level=None)
    raw.execute("PRAGMA journal_mode = TRUNCATE")
    raw.execute("PRAGMA synchronous = EXTRA")
    raw.execute("CREATE TABLE t (x TEXT)")
    bare, _ = timed(lambda: [raw.execute("INSERT INTO t VALUES ('8.5')") for _ in range(100)])
    with Workspace.create(folder / "saves", DEMO / "panel.yaml") as workspace:
        count = iter(range(10**6))

        def save() -> None:
            payload = {"points": "4.5", "text": ""}
            for _ in range(100):
                entry = Entry("e1", f"{next(count)}", "score", "c01", "major-projects", payload)
                workspace.append(entry)

        ours, _ = timed(save)
    table.add_row(
        "a save, acknowledged", f"{ours * 10:.2f} ms", f"{ours / bare:.2f} × SQLite's commit"
    )


def starting(table: Table, _folder: Path) -> None:
    """Imports that a user waits for, against Python's own start."""
    python, _ = timed(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True))
    for code in ("import evalkit", "import evalkit.cli", "import evalkit.workspace"):
        wall, _ = timed(lambda c=code: subprocess.run([sys.executable, "-c", c], check=True))
        table.add_row(code, f"{wall * 1000:.0f} ms", f"{wall / python:.1f} × an empty Python")


def main() -> None:
    """Run all of them."""
    table = Table("what", "time", "ratio")
    folder = Path(tempfile.mkdtemp())
    try:
        for bench in (starting, saving, evaluation):
            bench(table, folder)
    finally:
        shutil.rmtree(folder)
    console = Console(width=110)
    console.print(table)
    reports.run(console, with_10_000="--many" in sys.argv)


if __name__ == "__main__":
    main()
