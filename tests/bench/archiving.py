"""Archiving and verifying many applicants, against ``sha256sum`` on the same files.

``python -m tests.bench.archiving``. The reports are blocks of bytes of a real report's size with a
real journal: what is timed copies, hashes and syncs them, and does not look into them.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import shutil
import subprocess
import tempfile
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.table import Table

from evalkit.analysis import advise
from evalkit.archive import installed
from evalkit.archive.verify import verify
from evalkit.archive.write import archive_round
from evalkit.reports import journal, provenance
from evalkit.round import Round
from tests.bench.growth import exponent
from tests.bench.reports import timed
from tests.support.builders import panel_data, rubric_data, write

SIZES = {"html": 26_000, "ipynb": 36_000}
"""Bytes of a report of the demo, and of its notebook."""


def round_of(folder: Path, n: int) -> Round:
    """A locked round of ``n`` applicants, five experts and five indicators."""
    folder.mkdir(parents=True)
    ids = [f"a{k}" for k in range(n)]
    file = write(folder, rubric_data([20] * 5), panel_data(5, ids))
    rows = [(a, f"e{e}", f"i{i}", "8", "") for a in ids for e in range(1, 6) for i in range(1, 6)]
    made = Round.create(folder / "round", file)
    made.import_scores(
        pd.DataFrame(rows, columns=["applicant", "expert", "indicator", "points", "reason"])
    )
    made.lock()
    return made


def reports(round_: Round, folder: Path) -> None:
    """A folder of reports of the lock, as a batch leaves it."""
    folder.mkdir()
    lock = round_.history().lock
    head = {
        "format": journal.FORMAT,
        "panel": round_.panel.id,
        "level": "applicant",
        "language": "zh",
        "status": "official",
        "root": lock.payload["root"] if lock else None,
    }
    lines = [json.dumps(head)]
    for applicant in round_.panel.applicants:
        line = {"id": applicant.id, "inputs": "0" * 64}
        for ending, size in SIZES.items():
            content = os.urandom(size)
            (folder / f"{applicant.id}.{ending}").write_bytes(content)
            line[ending] = hashlib.sha256(content).hexdigest()
        lines.append(json.dumps(line))
    (folder / journal.FILE).write_text("\n".join(lines) + "\n", "utf-8")
    told = {"panel": {"id": round_.panel.id}, "level": "applicant", "language": "zh"}
    told |= {"ended": provenance.now(), "results": round_.results().digest}
    (folder / provenance.FILE).write_text(json.dumps(told), "utf-8")


def megabytes(folder: Path) -> float:
    """The size of all files in ``folder``, of 1,000,000 bytes each."""
    return sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) / 1e6


def archiving(table: Table, folder: Path) -> None:
    """Bags of 250 to 4,000 applicants: CPU, and MB in a second of it, with the fitted exponents.

    The program, which every bag has, is read beforehand: it does not grow with the round. Nor is
    working out results and analysis counted, which ``evaluate`` and ``analyse`` cost as well.
    """
    installed.installed()
    one, sizes = 0.0, (250, 500, 1_000, 4_000)
    taken: list[tuple[float, float]] = []
    for n in sizes:
        here = folder / f"archive{n}"
        with round_of(here, n) as made:
            reports(made, here / "reports")
            bag = here / "bag"
            derived = timed(lambda r=made: advise(r.results()).to_json())
            wall, cpu = timed(lambda r=made, b=bag: archive_round(r, b))
        checked = timed(lambda b=bag: verify(b))
        size = megabytes(bag / "data")
        listed = ["sha256sum", "--check", "--quiet", "manifest-sha256.txt"]
        summed = timed(lambda b=bag, c=listed: subprocess.run(c, cwd=b, check=True))
        own = cpu - derived[1]
        taken.append((own, checked[1]))
        one = one or own / n
        table.add_row(
            f"archive {n:,} applicants, {size:.0f} MB",
            f"{wall:.2f} s",
            f"{own:.2f} s CPU beside the results, {size / own:.0f} MB/s, "
            f"{own / n / one:.2f} × per applicant",
        )
        table.add_row(
            f"verify {n:,} applicants",
            f"{checked[0]:.2f} s",
            f"{checked[1]:.2f} s CPU, {size / checked[1]:.0f} MB/s; "
            f"sha256sum {size / summed[1]:.0f} MB/s",
        )
        shutil.rmtree(here)
    fits = [exponent(sizes, seconds) for seconds in zip(*taken, strict=True)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    growth = "archive {:.2f}, verify {:.2f}".format(*fits)
    table.add_row("their growth: exponents", growth, f"peak of this process {peak:.0f} MiB")


def main() -> None:
    """These lines alone."""
    table = Table("what", "time", "ratio")
    folder = Path(tempfile.mkdtemp())
    try:
        archiving(table, folder)
    finally:
        shutil.rmtree(folder)
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
