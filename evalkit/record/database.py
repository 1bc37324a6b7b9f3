"""A round in a PostgreSQL database: what was declared lies there beside the log.

The declared files are kept as they are and read back. What the database itself must know to hold
its walls (who is who, who may score whom, within which points) follows from them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from evalkit.base.errors import InputError, Problem, Refused
from evalkit.base.text import _
from evalkit.base.urls import Place
from evalkit.log.driver import Log
from evalkit.log.postgres import PostgresLog
from evalkit.log.postgres_connection import connected, why
from evalkit.log.postgres_schema import install
from evalkit.log.sqlite import SqliteLog
from evalkit.panel import Panel
from evalkit.record.begin import LOG_FILE, appearing
from evalkit.record.fields import fields
from evalkit.record.history import History
from evalkit.rubric import Rubric

if TYPE_CHECKING:
    import psycopg

OFFICE_QUOTA, LEAST_QUOTA, CHANGES = 1_000_000, 1_000, 50
"""Most events of the secretary; of an expert, and so many more for each cell that is theirs."""


def begin(place: Place, files: Mapping[str, Path], rubric: Rubric, panel: Panel) -> None:
    """Put a new round into the database at ``place``: ``files`` by their names, an empty log.

    All of it or nothing. ``rubric`` is that in force. Raises InputError where the panel is there
    already, for another panel than ``place`` names, and as `postgres_schema.install` does.
    """
    import psycopg

    if place.panel not in ("", panel.id):
        text = _("评审组文件是 {own} 的，不是 {panel} 的", own=panel.id, panel=place.panel)
        raise InputError(Problem(text, place.shown))
    with connected(place) as db:
        try:
            with db.transaction():
                install(db, place)
                _declare(db, files, rubric, panel)
        except psycopg.errors.UniqueViolation as error:
            text = _("数据库里已经有评审组 {panel}", panel=panel.id)
            raise InputError(Problem(text, place.shown)) from error
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


def _declare(
    db: psycopg.Connection, files: Mapping[str, Path], rubric: Rubric, panel: Panel
) -> None:
    schedule, id = panel.schedule, panel.id
    ends = (schedule.opens, schedule.lock) if schedule.enforced else (None, None)
    step = format(panel.rules.step, "f")
    takes_back = panel.rules.withdrawal == "until_lock"
    one = (id, uuid4().hex, panel.digest, rubric.digest, step, *ends, takes_back)
    names = "id, log, digest, rubric, step, opens, closes, takes_back"
    _insert(db, "panel", names, [one])
    _insert(db, "file", "panel, name, content", ((id, n, f.read_bytes()) for n, f in files.items()))
    allowed = {a.id: fields(rubric, panel, a.id) for a in panel.applicants}
    sheets = [
        (e.id, a.id) for a in panel.applicants for e in panel.experts if panel.may_score(a.id, e.id)
    ]
    people = [(id, panel.secretary.id, "secretary", OFFICE_QUOTA)]
    for expert in panel.experts:
        cells = sum(len(allowed[a]) + 1 for e, a in sheets if e == expert.id)
        part = "chair" if expert.role == "chair" else "expert"
        people.append((id, expert.id, part, LEAST_QUOTA + CHANGES * cells))
    _insert(db, "person", "panel, id, part, quota", people)
    _insert(db, "chain", "panel, author", ((id, person[1]) for person in people))
    _insert(db, "applicant", "panel, id", ((id, a) for a in allowed))
    _insert(db, "field", "panel, applicant, indicator, low, high, zero", _ranges(id, allowed))
    _insert(db, "sheet", "panel, expert, applicant", ((id, *pair) for pair in sheets))


def _ranges(panel: str, allowed: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[Any, ...]]:
    for applicant, own in allowed.items():
        for name, (low, high, zero) in own.items():
            yield panel, applicant, name, low, high, zero


def _insert(db: psycopg.Connection, table: str, names: str, rows: Any) -> None:
    with db.cursor() as cursor, cursor.copy(f"COPY evalkit.{table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
