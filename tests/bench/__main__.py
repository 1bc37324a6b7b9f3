"""Time what users wait for, as ratios within one run, and print a table.

python -m tests.bench [--many]; the analysis alone: python -m tests.bench.analysis
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
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench import reports
from tests.bench.analysis import analyses
from tests.bench.archiving import archiving
from tests.bench.loading import loading
from tests.bench.sizes import sizes
from tests.support.builders import DEMO, ROOT, TRIMMED, load, panel_data, rubric_data, write


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


def facts_of(rubric: Any, panel: Any, n: int) -> tuple[Any, Any]:
    """``panel`` with ``n`` applicants, and random scores of all its experts."""
    import numpy as np

    from evalkit.facts.columns import NOT_ASKED, SCORED, Facts
    from evalkit.facts.tidy import unasked
    from evalkit.panel.units import scale

    first = panel.applicants[0]
    many = tuple(first.model_copy(update={"id": f"a{k}"}) for k in range(n))
    panel = panel.model_copy(update={"applicants": many})
    shape = (n, len(panel.experts), len(rubric.columns))
    state = np.full(shape, SCORED, dtype=np.int8)
    state[:, :, unasked(rubric, panel)] = NOT_ASKED
    unit = scale(rubric, panel.rules)
    step = int(panel.rules.step * unit)
    points = np.random.default_rng(1).integers(0, int(5 / panel.rules.step), shape) * step
    facts = Facts(
        scale=unit,
        applicants=tuple(a.id for a in many),
        experts=tuple(e.id for e in panel.experts),
        columns=rubric.columns,
        seats=np.tile(np.arange(shape[1], dtype=np.int32), (n, 1)),
        points=points * (state == SCORED),
        state=state,
        recognised=np.full((n, shape[2]), -1, dtype=np.int64),
    )
    return panel, facts


def evaluation(table: Table, folder: Path) -> None:
    """`evaluate` at growing numbers of applicants, 7 experts and 13 indicators; and its JSON."""
    from evalkit.evaluation import evaluate

    trimmed = {**TRIMMED, "min_n": 5}
    weights = {f"e{n}": w for n, w in enumerate(("2", "1.5", "1", "1", "0.5", "0.7", "1.3"), 1)}
    stage = {"mode": "half_up", "stage": "total", "places": 2}
    plain = rubric_data([8] * 9 + [7] * 4)
    scaled = rubric_data([8] * 9 + [7] * 4)
    for indicator in scaled["dimensions"][0]["indicators"]:
        factor = f"{int(indicator['points']) / 100:g}"
        indicator["scored"] = {"min": "0", "max": "100", "factor": factor}
    rounds = {
        "mean": (plain, {"aggregation": {"method": "mean", "level": "indicator"}}),
        "trimmed": (plain, {"aggregation": trimmed}),
        "median": (plain, {"aggregation": {"method": "median", "level": "indicator"}}),
        "whole sheets": (plain, {"aggregation": {**trimmed, "level": "total"}}),
        "weights, factors": (
            scaled,
            {"aggregation": {**trimmed, "weights": weights}, "rounding": stage, "step": "1"},
        ),
    }
    for name, (data, rules) in rounds.items():
        base = None
        for n in (1_000, 10_000, 100_000):
            rubric, panel = load(folder, data, panel_data(7, ["a0"], {"ties": ["base"], **rules}))
            panel, facts = facts_of(rubric, panel, n)
            wall, cpu = timed(lambda r=rubric, p=panel, f=facts: evaluate(r, p, f), 3)
            base = base or cpu / n
            ratio = f"{cpu:.3f} s CPU, {cpu / n / base:.2f} × per applicant"
            table.add_row(f"evaluate {n:,} × 7 × 13, {name}", f"{wall:.3f} s", ratio)
            if n == 10_000 and name == "trimmed":
                results = evaluate(rubric, panel, facts)
                wall, cpu = timed(results.to_json, 1)
                table.add_row(f"its JSON, {n:,}", f"{wall:.3f} s", f"{cpu:.3f} s CPU")


def measuring(table: Table, folder: Path) -> None:
    """`evaluate` with 21 measured indicators, by the five-tier method, every value another one."""
    from dataclasses import replace
    from decimal import Decimal
    from random import Random

    from evalkit.evaluation import evaluate
    from evalkit.facts.verified import Verified

    data, random = rubric_data([5] * 21), Random(1)
    for indicator in data["dimensions"][0]["indicators"]:
        indicator["kind"] = "quantitative"
    standards = ["90", "70", "50", "30", "10"]
    rule = {"method": "five_tier", "better": "higher", "standards": standards}
    indicators = {f"i{n}": dict(rule, standards=list(standards)) for n in range(1, 22)}
    rules = {"measures": {"missing": "refuse", "indicators": indicators}}
    rubric, panel = load(folder, data, panel_data(1, ["a0"], rules))
    for n in (1_000, 5_000):
        many, facts = facts_of(rubric, panel, n)
        values = {
            (a, i.id): Decimal(random.randint(0, 10**6)) / 10**4
            for a in facts.applicants
            for i in rubric.indicators
        }
        given = replace(facts, verified=Verified(measured=values))
        wall, cpu = timed(lambda p=many, f=given: evaluate(rubric, p, f), 3)
        table.add_row(f"evaluate {n:,} × 21 measured", f"{wall:.3f} s", f"{cpu:.3f} s CPU")


def a_large_table(table: Table, folder: Path) -> None:
    """``evalkit evaluate`` on three files: 5,000 applicants, three of thirty experts for each."""
    import csv
    from random import Random

    random, points = Random(1), [8] * 9 + [7] * 4
    ids = [f"a{n}" for n in range(5_000)]
    assignment = {a: sorted(random.sample(range(1, 31), 3)) for a in ids}
    seats = {a: [f"e{e}" for e in own] for a, own in assignment.items()}
    panel = write(folder, rubric_data(points), panel_data(30, ids, assignment=seats))
    with (folder / "scores.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(("applicant", "expert", "indicator", "points", "reason"))
        for a, own in seats.items():
            for e in own:
                for i, p in enumerate(points, 1):
                    rows.writerow((a, e, f"i{i}", random.randint(0, 2 * p) / 2, "评语"))
    command = [sys.executable, "-m", "evalkit", "evaluate", "--panel", str(panel)]
    options = ["--rubric", str(folder / "small.yaml"), "--scores", str(folder / "scores.csv")]
    run = [*command, *options, "--json"]
    wall, cpu = timed(lambda: subprocess.run(run, check=True, capture_output=True), 1)
    table.add_row("evalkit evaluate, 5,000 × 3 × 13", f"{wall:.2f} s", f"{cpu:.2f} s CPU")


def saving(table: Table, folder: Path) -> None:
    """What a save costs in the log, against SQLite's own commit with the same settings."""
    import sqlite3

    from evalkit.log.events import Entry
    from evalkit.round import Round

    raw = sqlite3.connect(folder / "raw.sqlite", isolation_level=None)
    raw.execute("PRAGMA journal_mode = TRUNCATE")
    raw.execute("PRAGMA synchronous = EXTRA")
    raw.execute("CREATE TABLE t (x TEXT)")
    bare, _ = timed(lambda: [raw.execute("INSERT INTO t VALUES ('8.5')") for _ in range(100)])
    with Round.create(folder / "saves", DEMO / "panel.yaml") as workspace:
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


def saving_at_once(table: Table, folder: Path) -> None:
    """Fifty experts who save without a pause, each in a process of its own."""
    from tests.support.load import seconds_of_saves

    taken = sorted(seconds_of_saves(folder / "load", 50, 200))
    middle, late = (taken[int(len(taken) * place)] for place in (0.5, 0.99))
    table.add_row("50 experts × 200 saves", f"p50 {middle:.3f} s", f"p99 {late:.3f} s")


def saving_in_a_database(table: Table, folder: Path) -> None:
    """The same fifty in PostgreSQL, by an account each."""
    from tests.support.load import seconds_in_a_database
    from tests.support.postgres import cluster

    (folder / "database").mkdir()
    with cluster(durable=True) as server, server.database("bench") as name:
        given = server, name, folder / "database"
        taken = sorted(seconds_in_a_database(*given, 50, 200))
    middle, late = (taken[int(len(taken) * place)] for place in (0.5, 0.99))
    table.add_row("the same in PostgreSQL", f"p50 {middle:.3f} s", f"p99 {late:.3f} s")


def starting(table: Table, _folder: Path) -> None:
    """Imports that a user waits for, against Python's own start."""
    python, _ = timed(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True))
    for code in ("import evalkit", "import evalkit.cli", "import evalkit.round"):
        wall, _ = timed(lambda c=code: subprocess.run([sys.executable, "-c", c], check=True))
        table.add_row(code, f"{wall * 1000:.0f} ms", f"{wall / python:.1f} × an empty Python")
    for command in ("--help", "panel check panels/demo", "evaluate panels/demo"):
        run = [sys.executable, "-m", "evalkit", *command.split()]
        wall, cpu = timed(
            lambda r=run: subprocess.run(r, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
        )
        table.add_row(f"evalkit {command}", f"{wall:.2f} s", f"{cpu:.2f} s CPU")


def main() -> None:
    """Run all of them."""
    table = Table("what", "time", "ratio")
    folder = Path(tempfile.mkdtemp())
    try:
        for bench in (
            starting,
            saving,
            saving_at_once,
            saving_in_a_database,
            evaluation,
            measuring,
            a_large_table,
            loading,
            sizes,
            archiving,
        ):
            bench(table, folder)
        analyses(table)
    finally:
        shutil.rmtree(folder)
    console = Console(width=110)
    console.print(table)
    reports.run(console, with_10_000="--many" in sys.argv)


if __name__ == "__main__":
    main()
