"""The log in one SQLite file: for one machine and its local disk."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import starmap
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

from evalkit.base import canonical
from evalkit.base.errors import InputError, Problem, Refused
from evalkit.base.memory import keeping
from evalkit.base.text import Text, _
from evalkit.log.chain import digest_of, event_hash
from evalkit.log.chain import said as said_of
from evalkit.log.driver import Clock, Log, now
from evalkit.log.events import Entry, Event, Receipt, Row, Withheld
from evalkit.log.migrations import newest, scripts
from evalkit.log.places import require_local
from evalkit.log.turns import turn

VERSION = newest("sqlite")
BUSY_SECONDS, QUEUE_SECONDS = 20, 10

_FIELDS = "panel, author, seq, event_id, kind, applicant, indicator, payload, at, prev, hash"

_WHY = {
    "SQLITE_FULL": _("磁盘空间已满"),
    "SQLITE_READONLY": _("没有写的权限，或所在的磁盘只能读"),
    "SQLITE_CANTOPEN": _("没有权限，或没有这个文件夹"),
    "SQLITE_PERM": _("没有权限"),
    "SQLITE_BUSY": _("另一个程序正占用着，请稍后再试"),
    "SQLITE_LOCKED": _("另一个程序正占用着，请稍后再试"),
    "SQLITE_NOTADB": _("不是 SQLite 文件"),
    "SQLITE_CORRUPT": _("文件的内容已损坏"),
    "SQLITE_IOERR": _("读写磁盘出错"),
}
"""The database's reasons in words; another one is said as the database says it."""


class SqliteLog:
    """The log of ``panel`` in the file ``path``, created if it is not there.

    Rollback journal, synced at every commit: after `append` returns, the event survives a crash of
    the program and of the machine. Raises InputError for a network or cloud-synced folder, where
    SQLite's locks do not hold, and for a file that is not such a log. One thread at a time may use
    it, not always the same one.
    """

    def __init__(self, path: Path, panel: str, clock: Clock = now, id: str = "") -> None:
        require_local(path)
        self.path, self.panel, self.clock = path, panel, clock
        self._db = sqlite3.connect(
            path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            self._db.execute("PRAGMA journal_mode = TRUNCATE")
            self._db.execute("PRAGMA synchronous = EXTRA")
            self._db.execute("PRAGMA trusted_schema = OFF")
            self._create(id or uuid4().hex)
            self.id, owner = self._db.execute("SELECT id, panel FROM log").fetchone()
        except (sqlite3.Error, TypeError) as error:
            self._db.close()
            problem = Problem(_("不能作为日志打开（{why}）", why=_why(error)), str(path))
            raise InputError(problem) from error
        except Refused as refused:  # no room for an empty log
            self._db.close()
            raise InputError(Problem(refused.problems[0].text, str(path))) from refused
        if owner != panel:
            self._db.close()
            text = _("这是 {owner} 的日志，不是 {panel} 的", owner=owner, panel=panel)
            raise InputError(Problem(text, str(path)))

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A transaction that no other writer can enter; committed at the end, or nothing is.

        Raises Refused when the database cannot store it (disk full, locked for too long).
        """
        with turn(self.path.parent, QUEUE_SECONDS):
            try:
                self._db.execute("BEGIN IMMEDIATE")
                yield
                self._db.execute("COMMIT")
            except BaseException as error:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                if isinstance(error, sqlite3.Error):
                    raise Refused(_("没有保存（{why}）", why=_why(error))) from error
                raise

    def append(self, entry: Entry) -> Receipt:
        """Store ``entry`` at the end of its author's chain. Only inside `writing`.

        The receipt is good once `writing` has ended without an error.
        """
        self._migrate()
        seq, prev = self._head(entry.author)
        event = Event(
            **vars(entry), panel=self.panel, seq=seq + 1, at=_stamp(self.clock()), prev=prev
        )
        event = replace(event, hash=event_hash(event))
        self._insert(event)
        return Receipt(event.author, event.seq, event.at, event.hash)

    @classmethod
    def copy(cls, path: Path, log: Log) -> SqliteLog:
        """``log`` with its id and all its events as they are, in the new file ``path``.

        Raises Refused where its reader may not read all of it.
        """
        events, _position = log.since(0)
        if any(isinstance(event, Withheld) for event in events) or not log.complete:
            raise Refused(_("这个账户看不到全部记录，请用建立评审的账户"))
        made = cls(path, log.panel, log.clock, log.id)
        with made.writing():
            for event in events:
                made._insert(event)
        return made

    def _insert(self, event: Event) -> None:
        values = {**vars(event), "payload": canonical.dumps(dict(event.payload))}
        marks = ", ".join(f":{name.strip()}" for name in _FIELDS.split(","))
        self._db.execute(f"INSERT INTO event ({_FIELDS}) VALUES ({marks})", values)

    @keeping
    def since(self, position: int) -> tuple[list[Event], int]:
        """Events stored after ``position`` (0: all), in stored order, and the new position."""
        query = f"SELECT {_FIELDS}, rowid FROM event WHERE rowid > ? ORDER BY rowid"
        try:
            return _events(self._db.execute(query, (position,)), position, self.path)
        except sqlite3.DatabaseError as error:
            raise self._damaged(error) from error

    ordered = True
    """One writes after another, and reads the clock meanwhile."""
    complete = True

    @keeping
    def rows(self) -> list[Row]:
        """All rows as they lie there, in stored order; see `walk`."""
        query = f"SELECT {_FIELDS} FROM event ORDER BY rowid"
        try:
            return list(starmap(Row, self._db.execute(query)))
        except sqlite3.DatabaseError:  # also for bytes that are no UTF-8
            return self._as_it_lies(query)

    def _as_it_lies(self, query: str) -> list[Row]:
        self._db.text_factory = lambda text: text.decode("utf-8", "surrogateescape")
        try:
            return list(starmap(Row, self._db.execute(query)))
        except sqlite3.DatabaseError as error:
            raise self._damaged(error) from error
        finally:
            self._db.text_factory = str

    def unguarded(self) -> list[str]:
        """What of the tables, indices and triggers is not as its version makes it, by name."""
        query = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        with closing(sqlite3.connect(":memory:")) as made:
            for number, script in scripts("sqlite", 0):
                if number <= version:
                    made.executescript(script)
            right = dict(made.execute(query).fetchall())
        here = dict(self._db.execute(query).fetchall())
        return sorted(name for name in right.keys() | here if right.get(name) != here.get(name))

    def _damaged(self, error: sqlite3.Error) -> InputError:
        return InputError(Problem(_("日志已损坏（{why}）", why=_why(error)), str(self.path)))

    def reveals(self, _events: list[Event]) -> bool:
        """Nothing is withheld from whoever may read the file."""
        return False

    def _head(self, author: str) -> tuple[int, str]:
        row = self._db.execute(
            "SELECT seq, hash FROM event WHERE panel = ? AND author = ? ORDER BY seq DESC LIMIT 1",
            (self.panel, author),
        ).fetchone()
        return row or (0, "")

    def _create(self, id: str) -> None:
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            with self.writing():
                # another process may have been faster
                if self._migrate() == 0:
                    self._db.execute("INSERT INTO log VALUES (?, ?)", (id, self.panel))
        elif version > VERSION:
            problem = _(
                "日志的版本是 {found}，这个版本的 evalkit 读 {known}", found=version, known=VERSION
            )
            self._db.close()
            raise InputError(Problem(problem, str(self.path)))

    def _migrate(self) -> int:
        """Bring the schema to the newest version; which one it had. Only inside `writing`: a log of
        an earlier version reads as it is, and one to which nothing is added keeps its bytes.
        """
        before: int = self._db.execute("PRAGMA user_version").fetchone()[0]
        for _number, script in scripts("sqlite", before):
            for statement in _statements(script):
                self._db.execute(statement)
        return before


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _events(rows: Iterable[Any], position: int, path: Path) -> tuple[list[Event], int]:
    """The events of ``rows``, and the number of the last, else ``position``. A word that stands in
    many is kept once. Raises InputError, with which it is, for a payload that is no texts.
    """
    found: list[Event] = []
    once = dict[str, str]().setdefault
    for row in rows:
        panel, author, seq, id, kind, applicant, indicator, payload, at, prev, hash, position = row
        if (said := _texts(payload)) is None:
            text = _("日志被改动：{row}的内容不是日志所存的形式", row=said_of(Row(*row[:-1])))
            raise InputError(Problem(text, str(path)))
        over = digest_of(panel, author, seq, id, kind, applicant, indicator, payload, at, prev)
        panel, author, kind = once(panel, panel), once(author, author), once(kind, kind)
        applicant, indicator = once(applicant, applicant), once(indicator, indicator)
        event = Event(author, id, kind, applicant, indicator, said, panel, seq, at, prev, hash)
        object.__setattr__(event, "intact", over == hash)
        found.append(event)
    return found, position


def _texts(payload: str) -> dict[str, str] | None:
    """The texts in a ``payload``; None where it is something else."""
    try:
        said, end = _read(payload)
        if end != len(payload):
            said = json.loads(payload)
        "".join(said.values())  # none of them is anything but text
    except (ValueError, RecursionError, TypeError, AttributeError):
        return None
    return cast("dict[str, str]", said)


_read = json.JSONDecoder().raw_decode


def _stamp(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _why(error: Exception) -> Text | str:
    """Why the database refused, in words for people; an extended code counts as its plain one."""
    name = "_".join(getattr(error, "sqlite_errorname", "").split("_")[:2])
    return _WHY.get(name) or str(error)
