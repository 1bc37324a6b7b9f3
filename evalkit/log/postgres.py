"""The log in a PostgreSQL database: for many writers, each with an account of their own.

Number, time and hash of an event are the server's; see ``postgres-1.sql`` for what it lets pass and
who reads what. psycopg comes with ``evalkit[postgres]``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, LiteralString

from evalkit.base import canonical
from evalkit.base.errors import InputError, Problem, Refused
from evalkit.base.text import _
from evalkit.base.urls import Place
from evalkit.log.driver import Clock
from evalkit.log.events import Entry, Event, Receipt, Row, Withheld
from evalkit.log.postgres_connection import WHY, connected, why

if TYPE_CHECKING:
    import psycopg


class PostgresLog:
    """The log at ``place``, as the account that its address names may see and write it.

    After `writing` has ended, the event survives a crash of the server, whose own setting
    ``synchronous_commit`` must not be off. A connection that broke is made again when the log is
    next used. ``clock`` is the server's unless given. Raises InputError for a place that cannot be
    reached or has no such panel for this account.
    """

    def __init__(self, place: Place, clock: Clock | None = None) -> None:
        self.place, self._given = place, clock
        self._connection = connected(place)
        self._writing, self._begun = False, None
        self._added: list[Event] | None = None  # since what was read in this transaction
        self._withheld = False
        try:
            self.panel, self.id, self.person, self.part = self._round(place)
        except BaseException:
            self.close()
            raise

    def _round(self, place: Place) -> tuple[str, str, str | None, str | None]:
        """Id of the panel and of its log, and who this account is in it; None for an owner."""
        import psycopg

        try:
            rows = self._db.execute("SELECT panel, log, person, part FROM evalkit.rounds()")
            found = [row for row in rows if place.panel in ("", row[0])]
        except psycopg.Error as error:
            problem = Problem(_("不能作为日志打开（{why}）", why=why(error)), place.shown)
            raise InputError(problem) from error
        if len(found) == 1:
            return found[0]
        text = _("这里没有评审组“{panel}”，或这个账户不是它的成员", panel=place.panel)
        if found:
            names = [row[0] for row in found]
            text = _("请在地址后面写明评审组：?panel=，如 {names}", names=names)
        raise InputError(Problem(text, place.shown))

    @property
    def _db(self) -> psycopg.Connection:
        """The connection; made again where it broke, but never within a transaction."""
        if not self._writing and self._connection.closed:
            self._connection = connected(self.place)
        return self._connection

    def clock(self) -> datetime:
        """The time by which entries are admitted: the server's, at the begin of `writing`."""
        if self._given is not None:
            return self._given()
        if self._begun is not None:
            return self._begun
        return self._row("SELECT clock_timestamp()")[0]

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A transaction in which nobody else adds to the account's own chain, and in the
        secretary's nobody to any; committed at the end, or nothing is.

        Raises Refused when the server does not store it; where the connection broke during the
        commit, the same entry again tells whether it did.
        """
        import psycopg

        try:
            with ExitStack() as stack:
                self._begin(stack)
                self._writing = True
                (self._begun,) = self._row("SELECT evalkit.begin(%s)", self.panel)
                yield
        except psycopg.Error as error:
            raise Refused(_("没有保存（{why}）", why=why(error))) from error
        except InputError as error:  # no new connection
            raise Refused(*error.problems) from error
        finally:
            self._writing, self._begun, self._added = False, None, None

    def append(self, entry: Entry) -> Receipt:
        """Store ``entry`` at the end of its author's chain. Only inside `writing`.

        The receipt is good once `writing` has ended without an error.
        """
        from psycopg import sql

        values = {
            "panel": self.panel,
            "event_id": entry.event_id,
            "kind": entry.kind,
            "applicant": entry.applicant,
            "indicator": entry.indicator,
            "payload": canonical.dumps(dict(entry.payload)),
        }
        if entry.author != self.person:
            if self.part != "secretary":
                raise Refused(WHY["another author"])
            values["author"] = entry.author
        into = "INSERT INTO evalkit.event ({}) VALUES ({}) RETURNING seq, at, prev, hash"
        names = sql.SQL(", ").join(map(sql.Identifier, values))
        marks = sql.SQL(", ").join(map(sql.Placeholder, values))
        row = self._db.execute(sql.SQL(into).format(names, marks), values).fetchone()
        if row is None:
            raise Refused(_("没有保存（{why}）", why=WHY["42501"]))
        seq, at, before, own = row
        event = Event(**vars(entry), panel=self.panel, seq=seq, at=at, prev=before, hash=own)
        if self._added is not None:
            self._added.append(event)
        return Receipt(entry.author, seq, at, own)

    def since(self, position: Any) -> tuple[list[Event], Any]:
        """Events stored after ``position`` (0: all), in stored order, and the new position: the
        number of the last event of each author, as transactions need not end in their order.
        """
        known: dict[str, int] = dict(position or {})
        if position and self._added is not None:  # what others added is read next time
            found, self._added = self._added, []
        else:
            found = [self._event(row) for row in self._read(known)]
            self._added = [] if self._writing else None
        known |= {event.author: event.seq for event in found}
        return found, known

    def _read(self, known: Mapping[str, int]) -> list[tuple[Any, ...]]:
        import psycopg

        query = "SELECT * FROM evalkit.events(%s, %s, %s)"
        try:
            given = self.panel, list(known), list(known.values())
            return self._execute(query, *given).fetchall()
        except psycopg.Error as error:
            problem = Problem(_("读不到日志（{why}）", why=why(error)), self.place.shown)
            raise InputError(problem) from error

    ordered = False
    """Authors do not wait for each other."""

    @property
    def complete(self) -> bool:
        """An expert does not know of the rows of others."""
        return self.part != "expert"

    def rows(self) -> list[Row]:
        """All rows as they lie there, in stored order, see `walk`. Raises InputError."""
        return [Row(*(self.panel, *row[2:], row[1])) for row in self._read({})]

    def unguarded(self) -> list[str]:
        """Nothing: whose tables these are is for the database's administrator to look after."""
        return []

    def reveals(self, events: list[Event]) -> bool:
        """Whether these ``events`` let the reader read what was withheld before."""
        return self._withheld and any(event.kind in ("submit", "lock") for event in events)

    def files(self) -> list[tuple[str, bytes]]:
        """Name and content of each file that was declared. Raises as psycopg does."""
        query = "SELECT name, content FROM evalkit.files(%s)"
        return self._execute(query, self.panel).fetchall()

    def _begin(self, stack: ExitStack) -> None:
        """Begin a transaction; a connection that broke is made again, once."""
        import psycopg

        try:
            stack.enter_context(self._db.transaction())
        except psycopg.OperationalError:
            if not self._connection.closed:
                raise
            stack.enter_context(self._db.transaction())

    def _row(self, query: LiteralString, *values: Any) -> tuple[Any, ...]:
        return self._execute(query, *values).fetchone() or (None,)

    def _execute(self, query: LiteralString, *values: Any) -> psycopg.Cursor:
        """Run ``query``. A connection that broke is made again, once, but not in a transaction."""
        import psycopg

        try:
            return self._db.execute(query, values)
        except psycopg.OperationalError:
            if self._writing or not self._connection.closed:
                raise
            return self._db.execute(query, values)

    def _event(self, row: tuple[Any, ...]) -> Event:
        _id, whole, author, seq, event_id, kind, applicant, indicator, payload, *chained = row
        at, before, own = chained
        make = Event if whole else Withheld
        self._withheld |= not whole
        return make(
            author=author,
            event_id=event_id,
            kind=kind,
            applicant=applicant,
            indicator=indicator,
            payload=json.loads(payload),
            panel=self.panel,
            seq=seq,
            at=at,
            prev=before,
            hash=own,
        )
