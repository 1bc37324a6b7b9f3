"""Accounts of a round in a PostgreSQL database: one for each expert, and one for the secretary.

An account may do what ``log/postgres-1.sql`` lets its person do, and nothing else in the database.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from evalkit.base.errors import InputError, Problem
from evalkit.base.text import _
from evalkit.base.urls import Place
from evalkit.base.wanted import asked
from evalkit.log.postgres_connection import connected, why

if TYPE_CHECKING:
    import psycopg

CONNECTIONS = 8
"""Windows that one account may have open at once."""

_LONGEST = 63

_CALLS = ", evalkit.".join(
    [
        *("rounds()", "files(text)", "begin(text)", "events(text, text[], bigint[])"),
        # what the policies ask in the name of the account
        *("person_of(text)", "sees(text, text, text, text, text, bigint, name)"),
    ]
)
_RIGHTS = (
    "USAGE ON SCHEMA evalkit",
    f"EXECUTE ON FUNCTION evalkit.{_CALLS}",
    "INSERT (panel, event_id, kind, applicant, indicator, payload) ON evalkit.event",
    "SELECT (seq, at, prev, hash) ON evalkit.event",  # what a receipt says
)
_OF_SECRETARY = ("INSERT (author) ON evalkit.event",)
"""For sheets on paper, which are typed in in the names of their experts."""

_ALL = ("ALL ON SCHEMA", "ALL ON ALL FUNCTIONS IN SCHEMA", "ALL ON ALL TABLES IN SCHEMA")


@dataclass(frozen=True)
class Account:
    """A role of the database for a person of a panel; the password is known to nobody else."""

    person: str
    part: str
    role: str
    password: str = field(repr=False)


def role_name(panel: str, person: str) -> str:
    """The role of ``person``: readable, and another one for every other panel and person."""
    name = f"evalkit.{panel}.{person}"
    if len(name) <= _LONGEST:
        return name
    return f"evalkit.{hashlib.sha256(name.encode()).hexdigest()[:40]}"


@asked
def make(url: Path | str, persons: Collection[str] = ()) -> list[Account]:
    """Give an account, with a random password, to ``persons`` (none: everybody) of the panel who
    have none.

    ``url`` is that of the round, as whoever made it. Raises InputError where that account may not
    do this, where there is no such panel or person, and where a role of that name is there already,
    of another database or by hand.
    """
    place = Place.read(url)
    with _as_owner(place) as (db, panel):
        query = "SELECT id, part, role FROM evalkit.person WHERE panel = %s ORDER BY id"
        people = {row[0]: row for row in db.execute(query, (panel,))}
        if unknown := sorted(set(persons) - people.keys()):
            text = _("评审组 {panel} 中没有 {names}", panel=panel, names=unknown)
            raise InputError(Problem(text, place.shown))
        return [
            _make(db, panel, person, part)
            for person, part, role in people.values()
            if role is None and (not persons or person in persons)
        ]


@asked
def drop(url: Path | str) -> list[str]:
    """Take all accounts of the panel away, also from who is connected; names of the roles.

    What they stored stays. Raises InputError as `make` does.
    """
    from psycopg import sql

    with _as_owner(Place.read(url)) as (db, panel):
        query = "SELECT role FROM evalkit.person WHERE panel = %s AND role IS NOT NULL ORDER BY id"
        roles = [row[0] for row in db.execute(query, (panel,))]
        for role in map(sql.Identifier, roles):
            for what in _ALL:
                db.execute(sql.SQL(f"REVOKE {what} evalkit FROM {{}}").format(role))
        db.execute("UPDATE evalkit.person SET role = NULL WHERE panel = %s", (panel,))
        db.execute("RESET ROLE")
        for role in map(sql.Identifier, roles):
            revoke = sql.SQL("REVOKE ALL ON DATABASE {} FROM {}")
            db.execute(revoke.format(sql.Identifier(db.info.dbname), role))
            db.execute(sql.SQL("DROP ROLE {}").format(role))
        return roles


@contextmanager
def _as_owner(place: Place) -> Iterator[tuple[psycopg.Connection, str]]:
    """A transaction as the owner of the schema, and the panel that ``place`` names."""
    import psycopg

    with connected(place) as db:
        try:
            with db.transaction():
                db.execute("SET LOCAL ROLE evalkit")
                rows = db.execute("SELECT id FROM evalkit.panel").fetchall()
                found = [row[0] for row in rows if place.panel in ("", row[0])]
                if len(found) != 1:
                    text = _("请在地址后面写明评审组：?panel=，如 {names}")
                    names = [row[0] for row in rows]
                    raise InputError(Problem(text.filled(names=names), place.shown))
                yield db, found[0]
        except psycopg.errors.DuplicateObject as error:
            text = _("服务器上已经有同名的账户（{why}），请先删去", why=why(error))
            raise InputError(Problem(text, place.shown)) from error
        except psycopg.Error as error:
            text = _("没有改动账户（{why}）；须用建立评审的账户", why=why(error))
            raise InputError(Problem(text, place.shown)) from error


def _make(db: psycopg.Connection, panel: str, person: str, part: str) -> Account:
    """The role with its rights; only the password's verifier goes to the server and its logs."""
    from psycopg import sql

    account = Account(person, part, role_name(panel, person), secrets.token_urlsafe(18))
    role = sql.Identifier(account.role)
    verifier = db.pgconn.encrypt_password(
        account.password.encode(), account.role.encode(), b"scram-sha-256"
    )
    db.execute("RESET ROLE")
    options = f"LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE CONNECTION LIMIT {CONNECTIONS}"
    create = sql.SQL(f"CREATE ROLE {{}} {options} PASSWORD {{}}")
    db.execute(create.format(role, sql.Literal(verifier.decode())))
    connect = sql.SQL("GRANT CONNECT ON DATABASE {} TO {}")
    db.execute(connect.format(sql.Identifier(db.info.dbname), role))
    db.execute("SET LOCAL ROLE evalkit")
    for right in (*_RIGHTS, *(_OF_SECRETARY if part == "secretary" else ())):
        db.execute(sql.SQL(f"GRANT {right} TO {{}}").format(role))
    query = "UPDATE evalkit.person SET role = %s WHERE panel = %s AND id = %s"
    db.execute(query, (account.role, panel, person))
    return account
