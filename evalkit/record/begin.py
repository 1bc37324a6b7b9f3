"""The folder of a new round: copies of what was declared, and an empty log."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from evalkit.base.errors import InputError, Problem
from evalkit.base.files import naming
from evalkit.record.sqlite import Clock, SqliteLog

LOG_FILE = "log.sqlite"


def begin(folder: Path, files: Mapping[str, Path], panel: str, clock: Clock) -> None:
    """Make ``folder`` with copies of ``files`` by their new names and an empty log of ``panel``.

    It appears whole or not at all. Raises OSError and InputError as the system and the log do.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with naming(folder):
        staging = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
        try:
            for name, file in files.items():
                shutil.copyfile(file, staging / name)
            SqliteLog(staging / LOG_FILE, panel, clock).close()
            staging.chmod(0o755)
            staging.rename(folder)
        except InputError as error:  # of the log, with its place for now
            raise InputError(Problem(error.problems[0].text, str(folder / LOG_FILE))) from error
        finally:
            shutil.rmtree(staging, ignore_errors=True)
