"""A log of an earlier version opens and reads as it is, and is brought up to date by an entry."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from evalkit.base.errors import InputError, Refused
from evalkit.log import chain, migrations, postgres_schema, sqlite
from evalkit.log.events import Entry
from evalkit.log.sqlite import SqliteLog
from tests.support.builders import ROOT
from tests.support.postgres import Cluster

VERSION_1 = ROOT / "tests" / "data" / "log-1.sqlite"


@pytest.fixture(name="file")
def _file(tmp_path: Path) -> Path:
    return Path(shutil.copyfile(VERSION_1, tmp_path / "log.sqlite"))


def _lost_with_another(log: SqliteLog) -> None:
    log.append(Entry("e1", "lost", "score", "A", "i1", {"points": "1", "text": ""}))
    log._db.execute("INSERT INTO event SELECT * FROM event")


def version(file: Path) -> int:
    """The version of the schema in ``file``."""
    with sqlite3.connect(file) as db:
        return int(db.execute("PRAGMA user_version").fetchone()[0])


def test_a_log_of_version_1_reads_as_it_is(file: Path) -> None:
    """Reading changes no byte of it, so that what is archived stays what it was."""
    before = file.read_bytes()
    log = SqliteLog(file, "round")
    events, _position = log.since(0)
    log.close()
    chain.verify(events)
    assert [e.seq for e in events] == [1, 2, 1]
    assert file.read_bytes() == before
    assert version(file) == 1


def test_it_is_brought_up_to_date_with_the_first_entry(file: Path) -> None:
    """In the same transaction; the chains go on, and what the new version forbids is forbidden."""
    log = SqliteLog(file, "round")
    with pytest.raises(Refused), log.writing():
        _lost_with_another(log)
    assert version(file) == 1
    with log.writing():
        receipt = log.append(Entry("e1", "new", "score", "A", "i1", {"points": "1", "text": ""}))
    assert receipt.seq == 3
    events, _position = log.since(0)
    log.close()
    chain.verify(events)
    assert version(file) == sqlite.VERSION > 1
    with sqlite3.connect(file) as db:
        for statement in (
            "UPDATE log SET panel = 'other'",
            "DELETE FROM log",
            "INSERT INTO log SELECT * FROM log",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                db.execute(statement)


def test_a_new_log_has_every_version(tmp_path: Path, file: Path) -> None:
    """The schema is the same, whichever way a log came to it."""
    SqliteLog(tmp_path / "new.sqlite", "round").close()
    log = SqliteLog(file, "round")
    with log.writing():
        log.append(Entry("e1", "new", "score", "A", "i1", {"points": "1", "text": ""}))
    log.close()
    schemas = []
    for one in (file, tmp_path / "new.sqlite"):
        with sqlite3.connect(one) as db:
            schemas.append(
                db.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
            )
    assert schemas[0] == schemas[1]


def test_a_database_is_brought_up_to_date(
    postgres: Cluster, scoring: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By whoever administers it, script by script; a later version than the known is refused."""
    for script in migrations.FOLDER.glob("postgres-*.sql"):
        shutil.copy(script, tmp_path)
    number = migrations.newest("postgres") + 1
    more = "ALTER TABLE evalkit.panel ADD note text;"
    (tmp_path / f"postgres-{number}.sql").write_text(more, "utf-8")
    place = postgres_schema.Place.read(postgres.url(scoring))
    known = {"newest": migrations.newest, "scripts": migrations.scripts}
    with postgres.connect(scoring) as db:
        with monkeypatch.context() as patch:
            for name, function in known.items():
                patch.setattr(postgres_schema, name, lambda *a, f=function: f(*a, folder=tmp_path))
            for _again in range(2):
                with db.transaction():
                    postgres_schema.install(db, place)
        assert db.execute("SELECT note FROM evalkit.panel").fetchall() == [(None,)]
        versions = db.execute("SELECT version FROM evalkit.migration ORDER BY version").fetchall()
        assert versions == [(n,) for n in range(1, number + 1)]
        with pytest.raises(InputError, match=f"日志的版本是 {number}"), db.transaction():
            postgres_schema.install(db, place)
