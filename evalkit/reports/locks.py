"""What was made from a lock and lies about: reports and papers, with the roots that they state."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from evalkit.base.errors import InputError, Problem
from evalkit.base.text import _
from evalkit.documents import stated
from evalkit.reports import journal

Stated = tuple[tuple[str, str], ...]
"""Places, and the root that each of them states."""


def found(folder: Path | None, given: Sequence[Path], panel: str) -> tuple[Stated, Stated]:
    """What was made from locks of ``panel``: in the folders ``given`` and in that of the round, and
    beside the latter. None is no folder of its own.

    Raises InputError for a given folder that has nothing of the kind.
    """
    for one in given:
        if not any(_in([one], panel)):
            text = _("这里没有本评审组锁定之后的报告，也没有写着根哈希的文件")
            raise InputError(Problem(text, str(one)))
    inside, beside = list[Path](), list[Path]()
    if folder is not None:
        inside, beside = _folders(folder), _folders(folder.absolute().parent)
    near = sorted({*beside} - {*given, *inside})
    return tuple(_in([*given, *inside], panel)), tuple(_in(near, panel))


def _in(folders: Sequence[Path], panel: str) -> Iterator[tuple[str, str]]:
    yield from journal.locks(folders, panel)
    yield from stated.roots(folders)


def _folders(folder: Path) -> list[Path]:
    """``folder`` and those in it."""
    try:
        return [folder, *sorted(path for path in folder.iterdir() if path.is_dir())]
    except OSError:  # nobody's business here
        return [folder]
