"""What may not grow faster than its work: four sizes of each, the exponent that fits, and memory.

``python -m tests.bench.sizes``. Each size is measured in a process of its own, forked from one in
which everything is imported: CPU, the least of three runs, and by how much its memory grew at most.
"""

from __future__ import annotations

import os
import resource
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from evalkit.disclosure import Views
from evalkit.documents.offline_excel import offline_sheets
from evalkit.documents.workbook import workbook
from evalkit.evaluation import Results, evaluate
from evalkit.facts.tidy import read_scores
from evalkit.log.chain import digest_of
from evalkit.log.sqlite import SqliteLog
from evalkit.log.walk import Walk
from evalkit.panel import load_panel
from evalkit.record.history import History
from evalkit.round import Round
from evalkit.rubric import load_rubric
from tests.bench.analysis import cpu
from tests.bench.growth import exponent
from tests.bench.loading import files
from tests.support.builders import demo, panel_data, rubric_data, write

Prepared = Callable[[Path, int], Callable[[], object]]
"""Makes what is measured at a size, in an empty folder."""


def measured(action: Callable[[], object], repeats: int = 3) -> tuple[float, float]:
    """CPU seconds of ``action``, and by how many MiB it grew, in a fork of this process."""
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        taken = cpu(action, repeats)
        more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        os.write(writing, f"{taken} {more / 1024}".encode())
        os._exit(0)
    os.waitpid(child, 0)
    seconds, mib = os.read(reading, 100).split()
    os.close(reading)
    os.close(writing)
    return float(seconds), float(mib)


def grown(table: Table, what: str, sizes: Sequence[int], prepare: Prepared, unit: str) -> None:
    """A row: seconds and MiB at all ``sizes``, the time for one, and the fitted exponent."""
    found = []
    for n in sizes:
        with tempfile.TemporaryDirectory() as folder:
            found.append(measured(prepare(Path(folder), n)))
    seconds = [taken for taken, _mib in found]
    scale, word = (1e6, "µs") if seconds[-1] / sizes[-1] < 1e-4 else (1e3, "ms")
    each = " / ".join(f"{s / n * scale:.3g}" for s, n in zip(seconds, sizes, strict=True))
    table.add_row(
        f"{what}, {' / '.join(f'{n:,}' for n in sizes)}",
        f"{seconds[-1]:.2f} s",
        f"{each} {word} {unit}; exponent {exponent(sizes, seconds):.2f}; {found[-1][1]:.0f} MiB",
    )


def log_of(file: Path, n: int) -> None:
    """A log of ``n`` scores by twenty experts, written past the triggers: they would take most of
    the time, and chains that they admit are what is written.
    """
    heads: dict[str, tuple[int, str]] = {}
    begun, rows = datetime(2026, 1, 20, tzinfo=UTC), []
    for k in range(n):
        cell, author = k // 20, f"e{k % 20 + 1}"
        seq, prev = heads.get(author, (0, ""))
        payload = f'{{"points":"{k % 8}.5","text":"评语：成果较好，需补充佐证材料。"}}'
        at = (begun + timedelta(milliseconds=37 * k)).isoformat(timespec="milliseconds")[:23] + "Z"
        place = f"{k:032x}", "score", f"a{cell // 13}", f"i{cell % 13 + 1}", payload
        own = digest_of("round", author, seq + 1, *place, at, prev)
        rows.append(("round", author, seq + 1, *place, at, prev, own))
        heads[author] = seq + 1, own
    with closing(SqliteLog(file, "round")) as log, log.writing():
        db = log._db
        triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        for name, _sql in (made := triggers.fetchall()):
            db.execute(f"DROP TRIGGER {name}")
        db.executemany(f"INSERT INTO event VALUES ({', '.join('?' * len(rows[0]))})", rows)
        for _name, sql in made:
            db.execute(sql)


def _replayed(file: Path) -> None:
    with closing(SqliteLog(file, "round")) as log:
        events, _position = log.since(0)
    history = History(events)
    history.verify()


def _walked(file: Path) -> None:
    with closing(SqliteLog(file, "round")) as log:
        Walk.over(log.rows(), "round")


def a_log(act: Callable[[Path], None], folder: Path, n: int) -> Callable[[], object]:
    """A log of ``n`` events, to be gone through."""
    log_of(folder / "log.sqlite", n)
    return partial(act, folder / "log.sqlite")


def copies(n: int) -> Results:
    """The results of the demo with ``n`` applicants: its own again and again, under other names."""
    import pandas as pd

    rubric, panel, facts = demo()
    entered, first = facts.to_frame(), panel.applicants
    own: dict[Any, pd.DataFrame] = dict(iter(entered.groupby("applicant")))
    many, tables, conflicts = [], [], []
    for k in range(n):
        one, id = first[k % len(first)], f"x{k}"
        many.append(one.model_copy(update={"id": id, "name": f"{one.name}{k}"}))
        tables.append(own[one.id].assign(applicant=id))
        apart = [c for c in panel.conflicts if c.applicant == one.id]
        conflicts += [c.model_copy(update={"applicant": id}) for c in apart]
    changes = {"applicants": tuple(many), "conflicts": tuple(conflicts)}
    panel = panel.model_copy(update=changes)
    frame = pd.concat(tables, ignore_index=True)
    return evaluate(rubric, panel, read_scores(frame, rubric, panel))


def internal_views(_folder: Path, n: int) -> Callable[[], object]:
    """What the internal report of each applicant is made of."""
    views = Views(copies(n))
    ids = views.results.facts.applicants
    return lambda: [views.report(id, "internal") for id in ids]


def excel(_folder: Path, n: int) -> Callable[[], object]:
    """The workbook of a round."""
    results = copies(n)
    return lambda: workbook(Views(results))


def offline(folder: Path, n: int) -> Callable[[], object]:
    """An expert's sheets to fill in without a network."""
    ids = [f"a{k}" for k in range(n)]
    file = write(folder, rubric_data([8] * 9 + [7] * 4), panel_data(1, ids))
    round_ = Round.create(folder / "round", file)
    return lambda: offline_sheets(round_)


def from_a_table(folder: Path, n: int) -> Callable[[], object]:
    """Loading a panel whose applicants stand in a table."""
    panel_file, _scores = files(folder, n)
    rubric = load_rubric(folder / "small.yaml")
    return lambda: load_panel(panel_file, rubric)


def from_yaml(folder: Path, n: int) -> Callable[[], object]:
    """Loading a panel that is one file."""
    file = write(folder, rubric_data([20] * 5), panel_data(3, [f"a{k}" for k in range(n)]))
    rubric = load_rubric(folder / "small.yaml")
    return lambda: load_panel(file, rubric)


def its_scores(folder: Path, n: int) -> Callable[[], object]:
    """Reading nine scores of each applicant."""
    panel_file, scores = files(folder, n)
    rubric = load_rubric(folder / "small.yaml")
    panel = load_panel(panel_file, rubric)
    return lambda: read_scores(scores, rubric, panel)


EACH: tuple[tuple[str, tuple[int, ...], Prepared, str], ...] = (
    (
        "a log read, replayed, verified",
        (10_000, 50_000, 200_000, 1_000_000),
        partial(a_log, _replayed),
        "an event",
    ),
    (
        "its rows walked, as `evalkit verify` does",
        (10_000, 50_000, 200_000, 1_000_000),
        partial(a_log, _walked),
        "an event",
    ),
    ("internal views", (24, 100, 300, 1_000), internal_views, "a report"),
    ("Excel", (75, 150, 300, 600), excel, "an applicant"),
    ("offline sheets of one expert", (50, 100, 200, 400), offline, "a sheet"),
    ("a panel from a table", (12_500, 25_000, 50_000, 100_000), from_a_table, "an applicant"),
    ("a panel from YAML", (4_000, 8_000, 16_000, 32_000), from_yaml, "an applicant"),
    ("nine scores each, CSV", (12_500, 25_000, 50_000, 100_000), its_scores, "an applicant"),
)


def sizes(table: Table, _folder: Any = None) -> None:
    """All of them."""
    for what, sizes, prepare, unit in EACH:
        grown(table, what, sizes, prepare, unit)


def main() -> None:
    """These lines alone."""
    table = Table("what", "the largest", "each, growth and memory")
    sizes(table)
    Console(width=140).print(table)


if __name__ == "__main__":
    main()
