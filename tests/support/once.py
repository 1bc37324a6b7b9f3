"""Folders to be read only that all workers of a run share: the first that needs one makes it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """The new folder ``name``, filled by ``make`` in one of the workers while others wait for it.

    Where ``make`` raises, or skips, the next worker tries anew.
    """
    own = factory.getbasetemp()
    place = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    made = place / f"{name}.made"
    with (place / f"{name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            folder = factory.mktemp(name)
            make(folder)
            made.write_text(str(folder), "utf-8")
        return Path(made.read_text("utf-8"))
