"""The log in a PostgreSQL database: for many writers, each with an account of their own.

Number, time and hash of an event are the server's; see ``postgres-1.sql`` for what it lets pass and
who reads what. psycopg comes with ``evalkit[postgres]``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from evalkit.base import canonical
from evalkit.base.errors import InputError, Problem, Refused
from evalkit.base.text import Text, _
from evalkit.base.urls import Place
from evalkit.log.driver import Clock
from evalkit.log.events import Entry, Event, Receipt, Row, Withheld

if TYPE_CHECKING:
    import psycopg

REFUSED = "EK001"
"""The state of what the schema itself refuses; the message is a key of `_WHY`."""

_OPTIONS = "-c synchronous_commit=on -c lock_timeout=20s"
"""What is acknowledged is on the disk; nobody waits for ever for a transaction left open. What the
address gives as ``options`` comes behind."""

_WHY = {
    "another author": _("这个账户不能以别人的名义登记"),
    "another kind": _("这个账户不能登记这一类记录"),
    "another root": _("锁定期间又有新的评分，请重新锁定"),
    "append-only": _("日志只能追加，不能改动"),
    "closed": _("现在不在公布的评分时间内，不收评分"),
    "locked": _("评分已锁定，不能再改"),
    "no applicant": _("评审组中没有这个评审对象"),
    "no field": _("没有这个可以打分的项目"),
    "no id": _("标识太长，或有不可显示的字符"),
    "no member": _("这个账户不是本评审组的成员"),
    "no payload": _("记录的内容不合格式"),
    "no points": _("分数不在允许的范围内，或不是最小单位的整数倍"),
    "not assigned": _("没有被分配评这个对象，或须回避"),
    "not taken back": _("这份评分表不能由本人收回，请评审秘书退回"),
    "not submitted": _("这份评分表没有提交，不必退回"),
    "quota": _("这个账户的记录已达上限，请联系评审秘书"),
    "submitted": _("这份评分表已经提交，不能再改"),
    "too long": _("文字太长，没有保存，请缩短"),
    "42501": _("这个账户没有权限"),
    "55P03": _("另一位的登记还没有结束，请稍后再试"),
    "40001": _("另一位的登记还没有结束，请稍后再试"),
    "40P01": _("另一位的登记还没有结束，请稍后再试"),
    "53100": _("数据库的磁盘空间已满"),
    "3F000": _("数据库里还没有评审，请先用 evalkit panel open 建立"),
    "25006": _("数据库现在只能读"),
}
"""The server's reasons in words; another one is said as the server says it."""


def why(error: Exception) -> Text | str:
    """Why the database refused, in words for people."""
    import psycopg

    state = getattr(error, "sqlstate", None)
    message = getattr(getattr(error, "diag", None), "message_primary", None) or str(error)
    if state == REFUSED:
        return _WHY.get(message, message)
    if state in _WHY:
        return _WHY[state]
    if isinstance(error, psycopg.OperationalError):
        return _("连不上数据库，或连接断了：{said}", said=" ".join(str(error).split())[:200])
    return message


def connected(place: Place) -> psycopg.Connection:
    """A connection in which each statement is its own transaction. Raises InputError."""
    try:
        import psycopg
    except ImportError as error:
        text = _("没有安装 psycopg，请安装 evalkit[postgres]")
        raise InputError(Problem(text, place.shown)) from error
    try:
        given = psycopg.conninfo.conninfo_to_dict(place.conninfo)
        options = f"{_OPTIONS} {given.get('options', '')}"
        return psycopg.connect(
            place.conninfo,
            autocommit=True,
            options=options,
            connect_timeout=10,
            application_name="evalkit",
        )
    except psycopg.Error as error:
        problem = Problem(_("不能作为日志打开（{why}）", why=why(error)), place.shown)
        raise InputError(problem) from error


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
        self._begun: datetime | None = None
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
        if self._begun is None and self._connection.closed:
            self._connection = connected(self.place)
        return self._connection

    def clock(self) -> datetime:
        """The time by which entries are admitted: the server's, at the begin of `writing`."""
        if self._given is not None:
            return self._given()
        if self._begun is not None:
            return self._begun
        return self._one("SELECT clock_timestamp()")[0]

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
                self._begun = self._one("SELECT evalkit.begin(%s)", self.panel)[0]
                yield
        except psycopg.Error as error:
            raise Refused(_("没有保存（{why}）", why=why(error))) from error
        except InputError as error:  # no new connection
            raise Refused(*error.problems) from error
        finally:
            self._begun = None

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
                raise Refused(_WHY["another author"])
            values["author"] = entry.author
        into = "INSERT INTO evalkit.event ({}) VALUES ({}) RETURNING seq, at, hash"
        names = sql.SQL(", ").join(map(sql.Identifier, values))
        marks = sql.SQL(", ").join(map(sql.Placeholder, values))
        row = self._db.execute(sql.SQL(into).format(names, marks), values).fetchone()
        if row is None:
            raise Refused(_("没有保存（{why}）", why=_WHY["42501"]))
        return Receipt(entry.author, *row)

    def since(self, position: Any) -> tuple[list[Event], Any]:
        """Events stored after ``position`` (0: all), in stored order, and the new position: the
        number of the last event of each author, as transactions need not end in their order.
        """
        import psycopg

        known: dict[str, int] = dict(position or {})
        query = "SELECT * FROM evalkit.events(%s, %s, %s)"
        try:
            cursor = self._db.execute(query, (self.panel, list(known), list(known.values())))
            found = [self._event(row) for row in cursor]
        except (psycopg.Error, ValueError) as error:
            reason = why(error)
            problem = Problem(_("读不到日志（{why}）", why=reason), self.place.shown)
            raise InputError(problem) from error
        known |= {event.author: event.seq for event in found}
        return found, known

    ordered = False
    """Authors do not wait for each other."""

    @property
    def complete(self) -> bool:
        """An expert does not know of the rows of others."""
        return self.part != "expert"

    def rows(self) -> list[Row]:
        """All rows as they lie there, in stored order, see `walk`. Raises InputError."""
        import psycopg

        query = "SELECT * FROM evalkit.events(%s, %s, %s)"
        try:
            found = self._db.execute(query, (self.panel, [], [])).fetchall()
        except psycopg.Error as error:
            problem = Problem(_("读不到日志（{why}）", why=why(error)), self.place.shown)
            raise InputError(problem) from error
        return [Row(*(self.panel, *row[2:], row[1])) for row in found]

    def unguarded(self) -> list[str]:
        """Nothing: whose tables these are is for the database's administrator to look after."""
        return []

    def reveals(self, events: list[Event]) -> bool:
        """Whether these ``events`` let the reader read what was withheld before."""
        return self._withheld and any(event.kind in ("submit", "lock") for event in events)

    def files(self) -> list[tuple[str, bytes]]:
        """Name and content of each file that was declared. Raises as psycopg does."""
        return self._db.execute(
            "SELECT name, content FROM evalkit.files(%s)", (self.panel,)
        ).fetchall()

    def _begin(self, stack: ExitStack) -> None:
        """Begin a transaction; a connection that broke is made again, once."""
        import psycopg

        try:
            stack.enter_context(self._db.transaction())
        except psycopg.OperationalError:
            if not self._connection.closed:
                raise
            stack.enter_context(self._db.transaction())

    def _one(self, query: str, *values: str) -> Any:
        """The row that ``query`` gives. A connection that broke is made again, once."""
        import psycopg

        try:
            return self._db.execute(query, values or None).fetchone()
        except psycopg.OperationalError:
            if self._begun is not None or not self._connection.closed:
                raise
            return self._db.execute(query, values or None).fetchone()

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
