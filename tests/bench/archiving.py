"""Archiving and verifying many applicants, against ``sha256sum`` on the same files.

``python -m tests.bench.archiving``. The reports are blocks of bytes of a real report's size with a
real journal: what is timed copies, hashes and syncs them, and does not look into them.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from rich.console import Console
from rich.table import Table

from evalkit.analysis import advise
from evalkit.archive import installed
from evalkit.archive.verify import verify
from evalkit.archive.write import archive_round
from evalkit.reports import journal, provenance
from evalkit.round import Round
from tests.bench.growth import exponent, forget_peak, peak
from tests.bench.reports import timed
from tests.support.builders import panel_data, rubric_data, write

SIZES = {"html": 26_000, "ipynb": 36_000}
"""Bytes of a report of the demo, and of its notebook."""
LARGE = {"html": 400_000, "ipynb": 600_000}
"""The same where there is as much to hash as with a few scanned pages of each applicant."""


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


def reports(round_: Round, folder: Path, sizes: Mapping[str, int] = SIZES) -> None:
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
        for ending, size in sizes.items():
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


class Archived(NamedTuple):
    """What one round took, in seconds of CPU, and how large its bag is."""

    megabytes: float
    written: float
    verified: float
    summed: float
    """By ``sha256sum``, of the payload."""


def archived(table: Table, folder: Path, n: int, sizes: Mapping[str, int] = SIZES) -> Archived:
    """Archive and verify a round of ``n`` applicants, and add it to the table.

    Working out results and analysis is not counted, which ``evaluate`` and ``analyse`` cost too.
    """
    with round_of(folder, n) as made:
        reports(made, folder / "reports", sizes)
        bag = folder / "bag"
        derived = timed(lambda: advise(made.results()).to_json())
        wall, cpu = timed(lambda: archive_round(made, bag))
    checked = timed(lambda: verify(bag))
    listed = ["sha256sum", "--check", "--quiet", "manifest-sha256.txt"]
    summed = timed(lambda: subprocess.run(listed, cwd=bag, check=True))
    found = Archived(megabytes(bag / "data"), cpu - derived[1], checked[1], summed[1])
    shutil.rmtree(folder)
    size, own, verified, other = found
    table.add_row(
        f"archive {n:,} applicants, {size:.0f} MB",
        f"{wall:.2f} s",
        f"{own:.2f} s CPU beside the results, {size / own:.0f} MB/s",
    )
    table.add_row(
        f"verify {n:,} applicants",
        f"{checked[0]:.2f} s",
        f"{verified:.2f} s CPU, {size / verified:.0f} MB/s; sha256sum {size / other:.0f} MB/s",
    )
    return found


def archiving(table: Table, folder: Path) -> None:
    """Bags of 250 to 4,000 applicants: CPU, and MB in a second of it, with the fitted exponents;
    and what one MB more takes, against ``sha256sum``.

    The program, which every bag has, is read beforehand: it does not grow with the round.
    """
    installed.installed()
    forget_peak()
    before = peak()
    sizes = 250, 500, 1_000, 4_000
    taken = {n: archived(table, folder / f"archive{n}", n) for n in sizes}
    fits = [
        exponent(sizes, [getattr(one, what) for one in taken.values()])
        for what in ("written", "verified")
    ]
    growth = "archive {:.2f}, verify {:.2f}".format(*fits)
    table.add_row(
        "their growth: exponents", growth, f"peak {before:.0f} + {peak() - before:.0f} MiB"
    )
    large, small = archived(table, folder / "large", 1_000, LARGE), taken[1_000]
    more = [one - other for one, other in zip(large, small, strict=True)]
    rates = (f"{more[0] / seconds:.0f} MB/s" for seconds in more[1:])
    told = "archive {}, verify {}, sha256sum {}".format(*rates)
    table.add_row("a MB more of files, 1,000 applicants", "", told)


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
