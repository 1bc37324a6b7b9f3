"""The folder of a round: copies of what was declared, an empty log, and what its lock binds."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from evalkit.base.errors import InputError, Problem
from evalkit.base.files import naming
from evalkit.base.text import _
from evalkit.log.events import Event
from evalkit.log.sqlite import Clock, SqliteLog
from evalkit.panel import Panel
from evalkit.rubric import Rubric

LOG_FILE, PANEL_FILE = "log.sqlite", "panel.yaml"


def begin(
    folder: Path, files: Mapping[str, Path], panel: str, clock: Clock, log: str = LOG_FILE
) -> None:
    """Make ``folder``: copies of ``files`` by their new names, and an empty ``log`` of ``panel``.

    It appears whole or not at all. Raises OSError and InputError as the system and the log do.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with naming(folder):
        staging = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
        try:
            for name, file in files.items():
                shutil.copyfile(file, staging / name)
            SqliteLog(staging / log, panel, clock).close()
            staging.chmod(0o755)
            staging.rename(folder)
        except InputError as error:  # of the log, with its place for now
            raise InputError(Problem(error.problems[0].text, str(folder / log))) from error
        finally:
            shutil.rmtree(staging, ignore_errors=True)


def require_unchanged(lock: Event, folder: Path, panel: Panel, rubric: Rubric) -> None:
    """Raise InputError where ``panel`` or ``rubric`` in ``folder`` is not what was locked."""
    now_there = {
        "panel": (panel.digest, PANEL_FILE),
        "rubric": (rubric.digest, f"{rubric.id}.yaml"),
    }
    for name, (digest, file) in now_there.items():
        if lock.payload.get(name) != digest:
            raise InputError(Problem(_("锁定之后被改过，请恢复锁定时的文件"), str(folder / file)))
