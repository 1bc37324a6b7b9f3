"""Rounds that are archived, and bags that somebody did something to."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import bagit

from evalkit.archive.bag import list_tags
from evalkit.archive.layout import SIGNATURE, TAGMANIFEST
from evalkit.round import Round
from tests.support import programs
from tests.support.builders import frame, write
from tests.support.locked import panel, rows, rubric


def ticking(begin: datetime = datetime(2026, 1, 20, 9, tzinfo=UTC)):
    """A clock that is a second later each time."""
    seconds = iter(range(10**9))
    return lambda: begin + timedelta(seconds=next(seconds))


def issued(folder: Path, *levels: str, language: str = "zh", lock: bool = True) -> Round:
    """A small round in ``folder``/round, locked, with reports of these ``levels`` beside it."""
    folder.mkdir(exist_ok=True)
    workspace = Round.create(folder / "round", write(folder, rubric(), panel()), ticking())
    workspace.import_scores(frame(rows()))
    if lock:
        workspace.lock()
    for level in levels:
        assert workspace.report(folder / level, level=level, language=language).failures == []
    return workspace


def key(folder: Path, name: str) -> Path:
    """A new SSH key."""
    program = programs.program("ssh-keygen", package="openssh-client")
    folder.mkdir(exist_ok=True)
    command = [program, "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", folder / name]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return folder / name


def copied(bag: Path, folder: Path) -> Path:
    """A copy of ``bag`` to do harm to; files are links until `put` changes them."""
    shutil.copytree(bag, folder, copy_function=os.link)
    return folder


def put(file: Path, content: bytes | str) -> None:
    """Let ``file`` have this content, and no other copy of it."""
    data = content.encode() if isinstance(content, str) else content
    half = file.with_name("half-made")
    half.write_bytes(data)
    half.replace(file)


def own(file: Path) -> Path:
    """The ``file`` as one that may be written to in place."""
    put(file, file.read_bytes())
    return file


def resealed(bag: Path) -> None:
    """Regenerate all manifests, as whoever can write files can."""
    for file in bag.iterdir():
        if file.is_file():
            own(file)
    bagit.Bag(str(bag)).save(manifests=True)
    retagged(bag)


def retagged(bag: Path) -> None:
    """Regenerate the list of what lies beside the payload."""
    (bag / TAGMANIFEST).unlink(missing_ok=True)
    hidden = (bag / SIGNATURE).read_bytes() if (bag / SIGNATURE).exists() else None
    (bag / SIGNATURE).unlink(missing_ok=True)
    list_tags(bag)
    if hidden is not None:
        (bag / SIGNATURE).write_bytes(hidden)
