"""The schema of logs in a PostgreSQL database: made and kept up by whoever administers it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.base.errors import InputError, Problem
from evalkit.base.text import _
from evalkit.base.urls import Place
from evalkit.log.migrations import newest, scripts
from evalkit.log.postgres_connection import why

if TYPE_CHECKING:
    import psycopg

OWNER = "evalkit"
"""The role to which the schema and all in it belong, and as which nobody logs in."""

_OLDEST = 150000
"""Before it, everybody may create things in the schema ``public``."""


def install(db: psycopg.Connection, place: Place) -> None:
    """Make the schema or bring it to the newest version, and shut the database to strangers.

    Only inside a transaction, in which everything after this is done as `OWNER`. Raises InputError
    where the account may not do this, and for a schema of a later version.
    """
    import psycopg

    if db.info.server_version < _OLDEST:
        text = _("PostgreSQL 须为 15 或更新的版本")
        raise InputError(Problem(text, place.shown))
    try:
        _own(db)
        _migrate(db, place)
    except psycopg.errors.InsufficientPrivilege as error:
        text = _(
            "建立评审须用数据库的所有者，且有建立账户的权限（CREATEROLE）：{why}", why=why(error)
        )
        raise InputError(Problem(text, place.shown)) from error


def _own(db: psycopg.Connection) -> None:
    from psycopg import sql

    database = sql.Identifier(db.info.dbname)
    if db.execute("SELECT FROM pg_roles WHERE rolname = %s", (OWNER,)).rowcount == 0:
        db.execute("CREATE ROLE evalkit NOLOGIN")
    # from version 16 on, whoever made a role may grant it, and is no member by that alone
    right = "SET" if db.info.server_version >= 160000 else "MEMBER"
    row = db.execute("SELECT pg_has_role(current_user, %s, %s)", (OWNER, right)).fetchone()
    if row != (True,):
        db.execute("GRANT evalkit TO CURRENT_USER")
    # nobody who was not let in connects, or makes tables that pass for others
    db.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    db.execute(sql.SQL("GRANT CREATE ON DATABASE {} TO evalkit").format(database))
    db.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    db.execute("SET LOCAL ROLE evalkit")
    db.execute("CREATE SCHEMA IF NOT EXISTS evalkit")


def _migrate(db: psycopg.Connection, place: Place) -> None:
    db.execute("CREATE TABLE IF NOT EXISTS evalkit.migration (version integer PRIMARY KEY)")
    db.execute("LOCK TABLE evalkit.migration")
    row = db.execute("SELECT coalesce(max(version), 0) FROM evalkit.migration").fetchone()
    found, known = int(row[0]) if row else 0, newest("postgres")
    if found > known:
        text = _("日志的版本是 {found}，这个版本的 evalkit 读 {known}", found=found, known=known)
        raise InputError(Problem(text, place.shown))
    for number, script in scripts("postgres", found):
        db.execute(script.encode())
        db.execute("INSERT INTO evalkit.migration VALUES (%s)", (number,))
