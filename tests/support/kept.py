"""The archive that is kept for each version of the format, and how it was made.

``python -m tests.support.kept`` writes the one of today: always the same bytes with the same
evalkit on the same machine. The wheel of evalkit is left out, and of other packages all but a file
each, since they would take twenty times the room.
"""

from __future__ import annotations

import io
import json
import platform
import tempfile
import zipfile
from pathlib import Path
from unittest.mock import patch

from evalkit.archive import installed, layout
from evalkit.archive.write import archive_round
from evalkit.base.packages import settled
from evalkit.log import sqlite
from evalkit.reports import provenance
from evalkit.round import Round
from evalkit.succession import succeed
from tests.support.bags import issued, resealed, ticking
from tests.support.builders import ROOT
from tests.support.locked import upheld

FOLDER = ROOT / "tests" / "data"
LEVELS = ("applicant", "internal")


def file(version: int) -> Path:
    """The archive of a version of the format."""
    return FOLDER / f"archive-{version}.zip"


def unpacked(version: int, folder: Path) -> Path:
    """The archive of a version as the new ``folder``."""
    with zipfile.ZipFile(file(version)) as package:
        package.extractall(folder)
    return folder


def packed() -> bytes:
    """An archive of a round that supersedes another one, with its reports, as one file."""
    ids = (f"{number:032x}" for number in range(100))
    with (
        tempfile.TemporaryDirectory() as place,
        patch.object(sqlite, "uuid4", lambda: type("Id", (), {"hex": next(ids)})),
        patch.object(provenance, "now", lambda: "2026-02-01T02:00:00+00:00"),
        patch.object(platform, "node", lambda: "example"),
        patch.object(platform, "release", lambda: "6.1"),
        patch.object(platform, "platform", lambda: "Linux"),
    ):
        folder = Path(place)
        issued(folder).log.close()
        with Round.open(folder / "round", ticking()) as old:
            objection = upheld(recusals=["e3:B"])
            succeed(old, folder / "successor", objection).log.close()
        with Round.open(folder / "successor", ticking()) as new:
            new.lock()
            for level in LEVELS:
                assert new.report(folder / level, level=level).failures == []
            folders = [folder / level for level in LEVELS]
            archive_round(new, folder / "bag", reports=folders)
        _thin(folder / "bag")
        return _zip(folder / "bag")


def _thin(bag: Path) -> None:
    """Leave out what takes most of the room."""
    code = bag / layout.PAYLOAD / layout.CODE
    for wheel in code.glob("*.whl"):
        wheel.unlink()
    rows, seen = [], set[str]()
    for row in installed.read((code / layout.INSTALLED).read_bytes()):
        if row.distribution == "evalkit" or row.distribution not in seen:
            rows.append(row)
        seen.add(row.distribution)
    (code / layout.INSTALLED).write_bytes(installed.written(rows))
    record = json.loads((code / layout.ENVIRONMENT).read_bytes())
    del record["installed"]["sha256"], record["lock"]
    (code / layout.ENVIRONMENT).write_text(
        json.dumps(record, ensure_ascii=False, indent=1), "utf-8"
    )
    (code / layout.LOCK).unlink()
    resealed(bag)


def _zip(bag: Path) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as package:
        for path in sorted(path for path in bag.rglob("*") if path.is_file()):
            package.write(path, path.relative_to(bag).as_posix())
    return settled(written.getvalue())


if __name__ == "__main__":
    number = int(layout.FORMAT.rpartition("/")[2])
    file(number).write_bytes(packed())
