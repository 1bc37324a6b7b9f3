"""The folder of a round: copies of what was declared, an empty log, and what its lock binds."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from evalkit.base.errors import InputError, Problem
from evalkit.base.files import naming
from evalkit.base.text import _
from evalkit.log.driver import Clock
from evalkit.log.events import Event
from evalkit.log.sqlite import SqliteLog
from evalkit.panel import Panel, load_panel, tables_beside
from evalkit.panel.load import find_rubric_file
from evalkit.panel.statements import belonging, read_statements
from evalkit.rubric import Rubric, load_rubric

LOG_FILE, PANEL_FILE = "log.sqlite", "panel.yaml"


@dataclass(frozen=True)
class Declared:
    """What a round is made of: ``files`` by their names in its folder, the rubric in force, and the
    panel.
    """

    files: Mapping[str, Path]
    rubric: Rubric
    panel: Panel


def declared(source: Path) -> Declared:
    """What the panel file ``source`` declares, with its rubric, its tables and what experts read.

    Raises InputError as their loaders do.
    """
    rubric_file = find_rubric_file(source)
    panel = load_panel(source, load_rubric(rubric_file))
    rubric = panel.in_force(load_rubric(rubric_file))
    read_statements(source.parent, rubric, panel)
    files = {file.name: file for file in (rubric_file, *tables_beside(source))}
    return Declared({**files, PANEL_FILE: source, **belonging(source.parent)}, rubric, panel)


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
