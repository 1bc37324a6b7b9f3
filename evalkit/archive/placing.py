"""A folder that appears whole, is on the disk when it does, or does not appear at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from evalkit.base.errors import InputError, Problem, Refused
from evalkit.base.files import naming
from evalkit.base.text import _

AT_ONCE = 8
"""So many files are put on the disk at a time: it is the waiting that takes time."""


def staging_of(folder: Path) -> Path:
    """Where ``folder`` is made, beside its place. What an interrupted attempt left there goes with
    the next one.
    """
    return folder.with_name(f".{folder.name}.making")


@contextmanager
def whole(folder: Path) -> Iterator[Path]:
    """An empty folder to fill, which is put in the place of ``folder`` when all went well, with
    every file of it on the disk.

    Raises InputError where ``folder`` is there, Refused while another process makes it, and OSError
    as the system does.
    """
    if folder.exists():
        raise InputError(Problem(_("已经存在，请换一个文件夹或先移走"), str(folder)))
    staging = staging_of(folder)
    staging.mkdir(parents=True, exist_ok=True)
    with _alone(staging, folder), naming(folder):
        try:
            _empty(staging)
            yield staging
            flush(staging)
            staging.rename(folder)
            _flush_one(folder.parent)
        finally:
            shutil.rmtree(staging, ignore_errors=True)


def flush(folder: Path) -> None:
    """Put everything below ``folder`` on the disk, files first and each folder after its own.

    Raises OSError as the system does.
    """
    found = [(Path(place), names) for place, _folders, names in os.walk(folder, topdown=False)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(_flush_one, (place / name for place, names in found for name in names)))
    for place, _names in found:
        _flush_one(place)


def _flush_one(path: Path) -> None:
    if path.is_dir() and os.name != "posix":
        return  # only there can a folder be opened
    descriptor = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


@contextmanager
def _alone(staging: Path, folder: Path) -> Iterator[None]:
    """Keep other processes from making the same folder. Raises Refused if one does."""
    try:
        import fcntl
    except ImportError:  # not on Windows
        yield
        return
    descriptor = os.open(staging, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        text = _("另一个进程正在做这个档案，请等它结束")
        raise Refused(Problem(text, str(folder))) from None
    finally:
        os.close(descriptor)
