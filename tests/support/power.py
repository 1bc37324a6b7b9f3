"""A disk whose power can be cut: SQLite writes through it, and it remembers in which order.

`recorded` lets the library write its log through a VFS that notes every write, truncation, sync
and deletion, and when which event was acknowledged. `after_cuts` gives the files as they may lie on
the disk when the power fails at one of these moments: what was synced is there; of what was not,
each write is there, is not, or is there in some of its sectors, whatever came after it.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import apsw
import pytest

from evalkit.log import sqlite
from evalkit.log.events import Entry
from evalkit.log.sqlite import SqliteLog

SECTOR = 512

Files = dict[str, bytes]
"""Contents by the ending of the name: that of the database is empty, its journal's is -journal."""


class Step(NamedTuple):
    """One thing that was asked of the disk: ``write``, ``truncate``, ``sync``, ``delete``."""

    kind: str
    file: str
    at: int = 0
    """Offset of a write, size of a truncation, whether a deletion has its folder synced."""
    data: bytes = b""


@dataclass
class Recorded:
    """What was asked of the disk, and what was acknowledged by then."""

    steps: list[Step] = field(default_factory=list)
    acknowledged: list[tuple[int, str]] = field(default_factory=list)
    """How many steps there were when the hash of an event was handed out."""


class _File(apsw.VFSFile):
    def __init__(self, base: str, name: Any, flags: Any, note: Recorded) -> None:
        super().__init__(base, name, flags)
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        self._own = "-journal" if path.endswith("-journal") else ""
        self._note = note.steps

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self._note.append(Step("write", self._own, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, size: int) -> None:  # noqa: N802
        self._note.append(Step("truncate", self._own, size))
        super().xTruncate(size)

    def xSync(self, _flags: int) -> None:  # noqa: N802
        self._note.append(Step("sync", self._own))  # the disk under this one need not


class _Disk(apsw.VFS):
    def __init__(self, name: str, note: Recorded) -> None:
        super().__init__(name, "")
        self._note = note

    def xOpen(self, name: Any, flags: Any) -> _File:  # noqa: N802
        return _File("", name, flags, self._note)

    def xDelete(self, name: str, sync: bool) -> None:  # noqa: N802
        if name.endswith("-journal"):
            self._note.steps.append(Step("delete", "-journal", int(sync)))
        super().xDelete(name, sync)


class _Connection(apsw.Connection):
    """As the library talks to its database, with some of its settings replaced."""

    text_factory = str
    settings: Mapping[str, str]

    def execute(self, statement: str, *values: Any) -> Any:
        pragma, _equals, _value = statement.removeprefix("PRAGMA ").partition(" = ")
        if statement.startswith("PRAGMA ") and pragma in self.settings:
            statement = f"PRAGMA {pragma} = {self.settings[pragma]}"
        return super().execute(statement, *values)


@contextmanager
def _recording(settings: Mapping[str, str]) -> Iterator[Recorded]:
    """The library writes through the disk; ``settings`` are pragmas that are not the library's."""
    note, name = Recorded(), f"disk-{uuid4().hex}"
    disk = _Disk(name, note)

    def connect(path: Path, **_options: Any) -> _Connection:
        connection = _Connection(str(path), vfs=name)
        connection.settings = settings
        return connection

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite.sqlite3, "connect", connect)
        yield note
    disk.unregister()


def recorded(folder: Path, entries: int, dice: random.Random, **settings: str) -> Recorded:
    """What the disk was asked when a new log took so many ``entries`` of two authors, one or some
    in a transaction, with short and long texts.
    """
    with _recording(settings) as note, closing(SqliteLog(folder / "log", "round")) as log:
        left = entries
        while left:
            some = min(left, dice.choice((1, 1, 1, 2, 5)))
            with log.writing():
                receipts = [log.append(_entry(left - n, dice)) for n in range(some)]
            note.acknowledged += [(len(note.steps), r.hash) for r in receipts]
            left -= some
    return note


def _entry(n: int, dice: random.Random) -> Entry:
    payload = {"points": "8", "text": "评" * dice.choice((0, 3, 40, 1500))}
    return Entry(dice.choice(("e1", "e2")), str(n), "score", "A", "i1", payload)


class _Lying:
    """A file on the disk: what is surely there, and what was asked since it was synced."""

    def __init__(self) -> None:
        self.sure, self.asked = bytearray(), list[Step]()

    def ask(self, step: Step) -> None:
        if step.kind == "sync":
            for one in self.asked:
                _apply(self.sure, one)
            self.asked.clear()
        else:
            self.asked.append(step)

    def cut(self, dice: random.Random) -> bytearray:
        """What may lie there: each unsynced step whole, in part or not at all."""
        found = bytearray(self.sure)
        for step in self.asked:
            fate = dice.random()
            if fate < 0.4:
                _apply(found, step)
            elif fate < 0.6 and step.kind == "write":
                _apply_some(found, step, dice)
        return found


def _apply(content: bytearray, step: Step) -> None:
    if step.kind == "truncate":
        del content[step.at :]
        content.extend(bytes(step.at - len(content)))
    else:
        content.extend(bytes(max(0, step.at - len(content))))
        content[step.at : step.at + len(step.data)] = step.data


def _apply_some(content: bytearray, step: Step, dice: random.Random) -> None:
    """Some of the sectors of a write; where the file grew, what lay on the disk before."""
    end = step.at + len(step.data)
    content.extend(dice.randbytes(max(0, end - len(content))))
    place = step.at
    while place < end:
        upto = min(end, (place // SECTOR + 1) * SECTOR)
        if dice.random() < 0.5:
            content[place:upto] = step.data[place - step.at : upto - step.at]
        place = upto


def after_cuts(note: Recorded, each: int, dice: random.Random) -> Iterator[tuple[Files, set[str]]]:
    """The files after a cut at each step, in ``each`` random ways, with what was acknowledged."""
    lying = {"": _Lying(), "-journal": _Lying()}
    gone: _Lying | None = None  # a journal whose deletion has not reached the disk
    hashes, told = set[str](), iter([*note.acknowledged, (len(note.steps) + 1, "")])
    when, hash = next(told)
    for n, step in enumerate(note.steps):
        while when <= n:
            hashes.add(hash)
            when, hash = next(told)
        for _ in range(each):
            files = {name: bytes(one.cut(dice)) for name, one in lying.items()}
            if gone is not None and dice.random() < 0.5:
                files["-journal"] = bytes(gone.cut(dice))
            yield files, hashes
        if step.kind == "delete":
            gone = None if step.at else lying["-journal"]
            lying["-journal"] = _Lying()
        else:
            lying[step.file].ask(step)
            # a new journal takes the place of the old one once it is synced
            gone = None if step.kind == "sync" and step.file else gone


def lost(folder: Path, files: Files, hashes: set[str]) -> tuple[int, bool]:
    """How many of the ``hashes`` a plain SQLite does not find in the ``files`` any more, and
    whether it finds the database whole.
    """
    for name, content in files.items():
        path = folder / f"log{name}"
        path.write_bytes(content)
        if not content:
            path.unlink()
    if not (folder / "log").exists():
        return len(hashes), not hashes
    with closing(sqlite3.connect(folder / "log")) as db:
        try:
            db.execute("PRAGMA synchronous = OFF")
            whole = db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            table = db.execute("SELECT 1 FROM sqlite_master WHERE name = 'event'").fetchone()
            query = "SELECT hash FROM event"
            found = {hash for (hash,) in db.execute(query)} if table else set[str]()
        except sqlite3.DatabaseError:
            return len(hashes), False
    return len(hashes - found), whole
