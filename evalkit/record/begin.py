"""The folder of a round: copies of what was declared, an empty log, and what its lock binds."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from evalkit.base.errors import InputError, Problem
from evalkit.base.files import naming
from evalkit.base.text import _
from evalkit.log.driver import Clock
from evalkit.log.events import Event
from evalkit.log.sqlite import SqliteLog
from evalkit.panel import Panel
from evalkit.rubric import Rubric

LOG_FILE, PANEL_FILE = "log.sqlite", "panel.yaml"


def begin(
    folder: Path, files: Mapping[str, Path], panel: str, clock: Clock, log: str = LOG_FILE
) -> None:
    """Make ``folder``: copies of ``files`` by their new paths, and an empty ``log`` of ``panel``.

    It appears whole or not at all. Raises OSError and InputError as the system and the log do.
    """
    with appearing(folder) as staging:
        copy_into(staging, files)
        SqliteLog(staging / log, panel, clock).close()


def copy_into(folder: Path, files: Mapping[str, Path]) -> None:
    """Copy ``files`` to their paths below ``folder``. Raises OSError as the system does."""
    for name, file in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, folder / name)


@contextmanager
def appearing(folder: Path) -> Iterator[Path]:
    """A new folder to fill, which is put in the place of ``folder`` when all went well.

    Raises OSError as the system does; an InputError about a file in it names its later place.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with naming(folder):
        staging = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
        try:
            yield staging
            staging.chmod(0o755)
            staging.rename(folder)
        except InputError as error:
            for_now, later = str(staging), str(folder)
            placed = (replace(p, source=p.source.replace(for_now, later)) for p in error.problems)
            raise InputError(*placed) from error
        finally:
            shutil.rmtree(staging, ignore_errors=True)


def require_unchanged(binding: Event, folder: Path, panel: Panel, rubric: Rubric) -> None:
    """Raise InputError where ``panel`` or ``rubric`` in ``folder`` is not what was bound by a lock,
    or by the beginning of a successor round.
    """
    now_there = {
        "panel": (panel.digest, PANEL_FILE),
        "rubric": (rubric.digest, f"{rubric.id}.yaml"),
    }
    text = _("锁定之后被改过，请恢复锁定时的文件")
    if binding.kind != "lock":
        text = _("复核轮次开始之后被改过，请恢复当时的文件；规则另有改动的，另开复核轮次")
    for name, (digest, file) in now_there.items():
        if binding.payload.get(name) != digest:
            raise InputError(Problem(text, str(folder / file)))
