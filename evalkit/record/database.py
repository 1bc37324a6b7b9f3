"""A round in a PostgreSQL database: what was declared lies there beside the log.

The declared files are kept as they are and read back. What the database itself must know to hold
its walls (who is who, who may score whom, within which points) follows from them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from evalkit.base.errors import InputError, Problem, Refused
from evalkit.base.text import _
from evalkit.base.urls import Place
from evalkit.base.wanted import asked
from evalkit.log.driver import Log
from evalkit.log.postgres import PostgresLog
from evalkit.log.postgres_connection import connected, why
from evalkit.log.postgres_schema import install
from evalkit.log.sqlite import SqliteLog
from evalkit.panel import Panel
from evalkit.record.begin import LOG_FILE, Declared, appearing, declared
from evalkit.record.database_rules import declare
from evalkit.record.history import History

if TYPE_CHECKING:
    import psycopg


def begin(place: Place, given: Declared) -> None:
    """Put a new round into the database at ``place``: what was ``given``, and an empty log.

    All of it or nothing. Raises InputError where the panel is there already, for another panel than
    ``place`` names, and as `postgres_schema.install` does.
    """
    with _declaring(place, given.panel) as (db, state):
        if state is not None:
            text = _("数据库里已经有评审组 {panel}", panel=given.panel.id)
            raise InputError(Problem(text, place.shown))
        declare(db, given)


@asked
def redeclare(url: Path | str, panel_file: Path | str) -> Panel:
    """Put another ``panel_file``, with what belongs to it, in the place of that of an open round in
    a database, as whoever made the round; the panel as it is now. Everything recorded stays.

    Raises Refused after the lock, InputError for another panel and as `load_panel` does.
    """
    place, given = Place.read(url), declared(Path(panel_file))
    with _declaring(place, given.panel) as (db, locked):
        if locked is None:
            text = _("数据库里没有评审组 {panel}", panel=given.panel.id)
            raise InputError(Problem(text, place.shown))
        if locked:
            raise Refused(_("评分已经锁定，评审组文件不能再改"))
        declare(db, given)
    return given.panel


@contextmanager
def _declaring(place: Place, panel: Panel) -> Iterator[tuple[psycopg.Connection, bool | None]]:
    """A transaction of whoever administers the schema, in which nobody enters anything, and whether
    the ``panel`` is locked there; None where it is not there.
    """
    import psycopg

    if place.panel not in ("", panel.id):
        text = _("评审组文件是 {own} 的，不是 {panel} 的", own=panel.id, panel=place.panel)
        raise InputError(Problem(text, place.shown))
    with connected(place) as db:
        try:
            with db.transaction():
                install(db, place)
                held = "SELECT FROM evalkit.chain WHERE panel = %s ORDER BY author FOR UPDATE"
                db.execute(held, (panel.id,))
                row = db.execute("SELECT locked FROM evalkit.panel WHERE id = %s", (panel.id,))
                found = row.fetchone()
                yield db, found[0] if found else None
        except psycopg.Error as error:
            problem = Problem(_("不能建立评审（{why}）", why=why(error)), place.shown)
            raise InputError(problem) from error


@contextmanager
def fetched(log: PostgresLog) -> Iterator[Path]:
    """The declared files of the round of ``log`` in a new folder, which stays if all goes well.

    Raises InputError; then the ``log`` is closed.
    """
    import psycopg

    folder = Path(mkdtemp(prefix="evalkit-")).resolve()
    try:
        for name, content in log.files():
            _write(folder, name, content, log.place.shown)
        yield folder
    except BaseException as error:
        rmtree(folder)
        log.close()
        if isinstance(error, psycopg.Error):
            problem = Problem(_("读不到日志（{why}）", why=why(error)), log.place.shown)
            raise InputError(problem) from error
        raise


def _write(folder: Path, name: str, content: bytes, source: str) -> None:
    file = (folder / name).resolve()
    if not file.is_relative_to(folder):
        raise InputError(Problem(_("“{name}”不在文件夹里", name=name), source))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def take(history: History, log: Log, source: Path, folder: Path) -> None:
    """Make ``folder``: the files in ``source``, and ``log`` event for event, whose state is
    ``history``. It appears whole or not at all.

    Raises Refused before the lock, and where the reader of ``log`` may not read all; InputError if
    ``folder`` exists.
    """
    if folder.exists():
        raise InputError(Problem(_("已经存在，请换一个文件夹或先移走"), str(folder)))
    if history.lock is None:
        raise Refused(_("锁定之后才能取到文件夹里：之前还会有新的记录"))
    with appearing(folder) as staging:
        copytree(source, staging, dirs_exist_ok=True)
        SqliteLog.copy(staging / LOG_FILE, log).close()
