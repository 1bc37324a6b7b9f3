"""What a database has to know of a declared round to hold its walls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from evalkit.panel import Panel
from evalkit.record.begin import Declared
from evalkit.record.fields import fields

if TYPE_CHECKING:
    import psycopg

OFFICE_QUOTA, LEAST_QUOTA, CHANGES = 1_000_000, 1_000, 50
"""Most events of the secretary; of an expert, and so many more for each cell that is theirs."""

_STATE = """
    INSERT INTO evalkit.panel (id, log, digest, rubric, step, opens, closes, takes_back)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (id) DO UPDATE SET
      (digest, rubric, step, opens, closes, takes_back) = (excluded.digest, excluded.rubric,
      excluded.step, excluded.opens, excluded.closes, excluded.takes_back)
"""
_PERSON = """
    INSERT INTO evalkit.person (panel, id, part, quota) VALUES (%s, %s, %s, %s)
    ON CONFLICT (panel, id) DO UPDATE SET (part, quota) = (excluded.part, excluded.quota)
"""
_NO_PART = "UPDATE evalkit.person SET part = 'expert' WHERE panel = %s AND NOT id = ANY (%s)"
_NEW = {
    "chain": "INSERT INTO evalkit.chain (panel, author) VALUES (%s, %s) ON CONFLICT DO NOTHING",
    "applicant": "INSERT INTO evalkit.applicant VALUES (%s, %s) ON CONFLICT DO NOTHING",
    "sheet": "INSERT INTO evalkit.sheet (panel, expert, applicant) VALUES (%s, %s, %s) "
    "ON CONFLICT DO NOTHING",
}
_BARRED = """
    UPDATE evalkit.sheet s SET barred = (s.expert, s.applicant) IN (
      SELECT * FROM unnest(%(kept_apart)s::text[], %(from)s::text[]))
    OR EXISTS (SELECT FROM evalkit.event e WHERE e.panel = s.panel AND e.kind = 'conflict'
      AND e.indicator = s.expert AND e.applicant = s.applicant)
    OR NOT ((s.expert, s.applicant) IN (SELECT * FROM unnest(%(experts)s::text[], %(whom)s::text[]))
      OR EXISTS (SELECT FROM evalkit.event e WHERE e.panel = s.panel AND e.kind = 'assignment'
        AND e.indicator = s.expert AND e.applicant = s.applicant))
    WHERE s.panel = %(panel)s
"""


def declare(db: psycopg.Connection, given: Declared) -> None:
    """Make what is ``given`` that of its panel, which may be there already; in a transaction.

    Nobody who is gone from it loses what is recorded, and nobody else's sheet opens.
    """
    panel, id = given.panel, given.panel.id
    ends = (panel.schedule.opens, panel.schedule.lock) if panel.schedule.enforced else (None, None)
    step, takes_back = format(panel.rules.step, "f"), panel.rules.withdrawal == "until_lock"
    digests = panel.digest, given.rubric.digest
    db.execute(_STATE, (id, uuid4().hex, *digests, step, *ends, takes_back))
    files = ((id, name, file.read_bytes()) for name, file in given.files.items())
    _replace(db, "file", "panel, name, content", id, files)
    allowed = {a.id: fields(given.rubric, panel, a.id) for a in panel.applicants}
    people = list(_people(panel, allowed))
    with db.cursor() as cursor:
        cursor.executemany(_PERSON, [(id, *person) for person in people])
        cursor.executemany(_NEW["chain"], [(id, person[0]) for person in people])
        cursor.executemany(_NEW["applicant"], [(id, applicant) for applicant in allowed])
        cursor.executemany(_NEW["sheet"], [(id, *pair) for pair in _seats(panel)])
    db.execute(_NO_PART, (id, [person[0] for person in people]))
    _replace(db, "field", "panel, applicant, indicator, low, high, zero", id, _ranges(id, allowed))
    db.execute(_BARRED, {"panel": id, **_columns(panel)})


def _seats(panel: Panel) -> list[tuple[str, str]]:
    """Expert and applicant of every sheet."""
    return [
        (expert.id, applicant.id)
        for applicant in panel.applicants
        for expert in panel.experts
        if panel.may_score(applicant.id, expert.id)
    ]


def _columns(panel: Panel) -> dict[str, list[str]]:
    """Experts with whom they score, and experts with those from whom they are kept apart."""
    seats = _seats(panel)
    return {
        "experts": [expert for expert, _applicant in seats],
        "whom": [applicant for _expert, applicant in seats],
        "kept_apart": [expert for _applicant, expert in panel.recused],
        "from": [applicant for applicant, _expert in panel.recused],
    }


def _people(
    panel: Panel, allowed: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, str, int]]:
    """Id, part and quota of everybody."""
    yield panel.secretary.id, "secretary", OFFICE_QUOTA
    cells = dict.fromkeys((expert.id for expert in panel.experts), 0)
    for who, whom in _seats(panel):
        cells[who] += len(allowed[whom]) + 1
    for expert in panel.experts:
        part = "chair" if expert.role == "chair" else "expert"
        yield expert.id, part, LEAST_QUOTA + CHANGES * cells[expert.id]


def _ranges(panel: str, allowed: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[Any, ...]]:
    for applicant, own in allowed.items():
        for name, (low, high, zero) in own.items():
            yield panel, applicant, name, low, high, zero


def _replace(
    db: psycopg.Connection, table: str, names: str, panel: str, rows: Iterable[tuple[Any, ...]]
) -> None:
    from psycopg import sql

    where = sql.Identifier("evalkit", table)
    db.execute(sql.SQL("DELETE FROM {} WHERE panel = %s").format(where), (panel,))
    columns = sql.SQL(", ").join(map(sql.Identifier, names.split(", ")))
    copy = sql.SQL("COPY {} ({}) FROM STDIN").format(where, columns)
    with db.cursor() as cursor, cursor.copy(copy) as lines:
        for row in rows:
            lines.write_row(row)
