"""A log behind the library's back: what its owner could do to it, the guards put back after."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from evalkit.log import chain
from evalkit.log.events import Row
from evalkit.record.begin import LOG_FILE
from evalkit.round import Round
from tests.support.builders import frame, write
from tests.support.locked import panel, rows, rubric

FIELDS = Row._fields[:11]
MARKS = ", ".join("?" for _ in FIELDS)


def ticking() -> Callable[[], datetime]:
    """A clock that is a second later each time, so that no two events have one time."""
    instants = (datetime(2026, 1, 20, 9, tzinfo=UTC) + timedelta(seconds=n) for n in range(10**9))
    return lambda: next(instants)


def recorded(folder: Path, *, lock: bool) -> Round:
    """A round of three experts, four applicants and a secretary, all submitted."""
    folder.mkdir(exist_ok=True)
    workspace = Round.create(folder / "round", write(folder, rubric(), panel()), ticking())
    for applicant in "ABCD":
        workspace.import_scores(frame([row for row in rows() if row[0] == applicant]))
    if lock:
        workspace.lock()
    return workspace


@contextmanager
def unguarded(folder: Path) -> Iterator[sqlite3.Connection]:
    """The database of a round without its guards, which are back at the end."""
    with closing(sqlite3.connect(folder / LOG_FILE, isolation_level=None)) as db:
        db.execute("PRAGMA synchronous = OFF")
        found = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        db.executescript(";".join(f"DROP TRIGGER {name}" for name, _sql in found))
        db.execute("PRAGMA ignore_check_constraints = ON")
        yield db
        db.executescript(";".join(sql for _name, sql in found))


@dataclass(frozen=True)
class Edit:
    """What was done, and the rows that may be named for it, as author and number."""

    what: str
    named: tuple[tuple[str, int], ...]


def stored(db: sqlite3.Connection) -> list[tuple[int, Row]]:
    """Every row with its place."""
    query = f"SELECT rowid, {', '.join(FIELDS)} FROM event ORDER BY rowid"
    return [(row[0], Row(*row[1:])) for row in db.execute(query)]


def edit(db: sqlite3.Connection, dice: random.Random) -> Edit:
    """One random edit that leaves every hash but perhaps its own as it is."""
    while True:
        made = dice.choice((_column, _column, _column, _removal, _swap, _payloads, _insertion))
        try:
            db.execute("BEGIN")
            found = made(db, stored(db), dice)
            db.execute("COMMIT")
        except sqlite3.IntegrityError:  # a key that is taken: not even the owner can
            found = None
        if found is not None:
            return found
        if db.in_transaction:
            db.execute("ROLLBACK")


Placed = Sequence[tuple[int, Row]]


def _column(db: sqlite3.Connection, all_: Placed, dice: random.Random) -> Edit | None:
    place, row = dice.choice(all_)
    name = dice.choice(FIELDS)
    value = _another(row, name, [r for _p, r in all_], dice)
    if value == getattr(row, name):
        return None
    db.execute(f"UPDATE event SET {name} = ? WHERE rowid = ?", (value, place))
    now = row._replace(**{name: value})
    return Edit(f"{name} of {row.author} {row.seq}", ((row.author, row.seq), (now.author, now.seq)))


def _another(row: Row, name: str, all_: Sequence[Row], dice: random.Random) -> Any:
    """Another value for a field: of another row, or nearly the same."""
    old = getattr(row, name)
    if name == "seq":
        return dice.choice((old + 1, old + 100, max(1, old - 1), dice.randrange(1, 60)))
    if dice.random() < 0.5:
        return getattr(dice.choice(all_), name)
    if name == "payload":
        return dice.choice(
            (
                old.replace("{", "{ ", 1),
                old.replace("8", "9"),
                old.replace('"points":"', '"points":"1'),
                '{"points":["8"],"text":""}',
                '{"points":8.5,"text":""}',
                "[]",
                "{}",
                "",
                old + "\n",
            )
        )
    return dice.choice((old + " ", old[:-1], old.upper(), old[::-1], "", "\u202e" + old))


def _removal(db: sqlite3.Connection, all_: Placed, dice: random.Random) -> Edit | None:
    """Of one row, or of several in a chain, that others follow."""
    _place, row = dice.choice(all_)
    own = [(p, r) for p, r in all_ if r.author == row.author and r.seq >= row.seq]
    gone = own[: dice.randrange(1, 4)]
    if len(gone) == len(own):
        return None
    db.executemany("DELETE FROM event WHERE rowid = ?", [(p,) for p, _r in gone])
    return Edit(
        f"{row.author} {row.seq} and {len(gone) - 1} more removed", ((row.author, row.seq),)
    )


def _swap(db: sqlite3.Connection, all_: Placed, dice: random.Random) -> Edit:
    """Two rows change places."""
    (one, first), (other, second) = dice.sample(list(all_), 2)
    for old, new in ((one, -1), (other, one), (-1, other)):
        db.execute("UPDATE event SET rowid = ? WHERE rowid = ?", (new, old))
    named = tuple((r.author, n) for r in (first, second) for n in (r.seq - 1, r.seq, r.seq + 1))
    # what lay between them is out of order as well, where the two have other authors
    between = tuple(
        (r.author, r.seq) for p, r in all_ if min(one, other) <= p <= max(one, other) + 1
    )
    return Edit(
        f"{first.author} {first.seq} swapped with {second.author} {second.seq}", named + between
    )


def _payloads(db: sqlite3.Connection, all_: Placed, dice: random.Random) -> Edit | None:
    """Two rows change what they say."""
    (one, first), (other, second) = dice.sample(list(all_), 2)
    if first.payload == second.payload:
        return None
    for place, row in ((one, second), (other, first)):
        db.execute("UPDATE event SET payload = ? WHERE rowid = ?", (row.payload, place))
    return Edit("payloads swapped", ((first.author, first.seq),))


def _insertion(db: sqlite3.Connection, all_: Placed, dice: random.Random) -> Edit:
    """A row more, somewhere in the chain of an author, with a hash that is right in itself."""
    _at, before = dice.choice(all_)
    own = [r.seq for _p, r in all_ if r.author == before.author]
    new = before._replace(seq=max(own) + dice.choice((1, 2, 5)), event_id=f"new{dice.random()}")
    new = new._replace(prev=dice.choice((before.hash, "", "0" * 64)))
    new = new._replace(hash=chain.digest(new, new.payload))
    room = max(p for p, _r in all_) + 1
    insert = f"INSERT INTO event (rowid, {', '.join(FIELDS)}) VALUES (?, {MARKS})"
    db.execute(insert, (room, *(getattr(new, name) for name in FIELDS)))
    return Edit(
        f"{new.author} {new.seq} put in",
        tuple((new.author, n) for n in range(max(own), new.seq + 1)),
    )


def rehashed(db: sqlite3.Connection, author: str, seq: int, payload: str) -> None:
    """Change what one row says, and make the chain of its author whole again."""
    prev = ""
    for place, row in stored(db):
        if row.author != author:
            continue
        new = row._replace(prev=prev, payload=payload if row.seq == seq else row.payload)
        new = new._replace(hash=chain.digest(new, new.payload))
        values = new.prev, new.payload, new.hash, place
        db.execute("UPDATE event SET prev = ?, payload = ?, hash = ? WHERE rowid = ?", values)
        prev = new.hash


def restored(folder: Path, content: bytes) -> None:
    """Put the log of a round back as it was, also where it is open."""
    with (
        closing(sqlite3.connect(folder / LOG_FILE)) as db,
        closing(sqlite3.connect(":memory:")) as whole,
    ):
        db.execute("PRAGMA synchronous = OFF")
        whole.deserialize(content)
        whole.backup(db)
