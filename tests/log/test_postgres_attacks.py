"""An expert who can run any SQL reads no draft of a peer and forges nothing."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from tests.support import walls
from tests.support.postgres import Cluster
from tests.support.sql_attacks import ATTACKS, another_panel, entry, through


@pytest.fixture(name="expert", scope="module")
def _expert(postgres: Cluster, walled: str) -> Iterator[psycopg.Connection]:
    with postgres.connect(walled) as db:  # a second panel, of others
        db.execute("SET ROLE evalkit")
        db.execute(another_panel("other"))
        db.execute("INSERT INTO evalkit.file SELECT 'other', name, content FROM evalkit.file")
    with (
        postgres.connect(walled, walls.role("e3")) as peer,
        postgres.connect(walled, walls.role("e2")) as db,
    ):
        peer.execute("SELECT 'something that only e3 asks'")
        yield db
        with postgres.connect(walled) as maker:
            for table in ("file", "panel"):
                column = "id" if table == "panel" else "panel"
                maker.execute(f"DELETE FROM evalkit.{table} WHERE {column} = 'other'")
        assert peer.execute("SELECT 1").fetchall() == [(1,)]


@pytest.fixture(name="state", scope="module")
def _state(postgres: Cluster, walled: str) -> Iterator[psycopg.Connection]:
    with postgres.connect(walled) as db:
        yield db


def whole(db: psycopg.Connection) -> list[tuple]:
    """Every row of every table of the schema."""
    names = db.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'evalkit' ORDER BY 1"
    ).fetchall()
    tables = [db.execute(f"SELECT t::text FROM evalkit.{name} t ORDER BY 1") for (name,) in names]
    return [row for table in tables for row in table]


def test_there_are_enough() -> None:
    """The figure that was promised."""
    assert len(ATTACKS) >= 80


@pytest.mark.parametrize("name", ATTACKS)
def test_no_attack_is_through(
    expert: psycopg.Connection, state: psycopg.Connection, name: str
) -> None:
    """It ends with an error or with nothing, and nothing is changed."""
    before = whole(state)
    try:
        assert through(expert, ATTACKS[name])
    finally:
        expert.execute("ROLLBACK")
        expert.execute("RESET ALL")
    assert whole(state) == before


def test_what_is_allowed_goes_through(expert: psycopg.Connection) -> None:
    """The attacks fail for what they do, not for how they are made."""
    for kind, indicator in (("score", "i1"), ("remark", ""), ("dispute", "i1"), ("message", "")):
        assert not through(expert, f"BEGIN; {entry(kind=kind, indicator=indicator)}")
        expert.execute("ROLLBACK")
