"""What a lock binds: the files of the round as they were."""

from __future__ import annotations

from pathlib import Path

from evalkit.base.errors import InputError, Problem
from evalkit.base.text import _
from evalkit.panel import Panel
from evalkit.record.log import Event
from evalkit.rubric import Rubric

PANEL_FILE = "panel.yaml"


def require_unchanged(lock: Event, folder: Path, panel: Panel, rubric: Rubric) -> None:
    """Raise InputError where ``panel`` or ``rubric`` in ``folder`` is not what was locked."""
    now_there = {
        "panel": (panel.digest, PANEL_FILE),
        "rubric": (rubric.digest, f"{rubric.id}.yaml"),
    }
    for name, (digest, file) in now_there.items():
        if lock.payload.get(name) != digest:
            raise InputError(Problem(_("锁定之后被改过，请恢复锁定时的文件"), str(folder / file)))
