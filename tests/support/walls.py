"""A round in a database with an account for everybody, in the middle of scoring."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from evalkit.log.events import Entry
from evalkit.record import accounts
from evalkit.round import Round
from tests.support.builders import panel_data, rubric_data, write
from tests.support.postgres import Cluster

SCORES = {"i1": "8.5", "i2": "3"}


def role(person: str, panel: str = "round") -> str:
    """The account of ``person``."""
    return accounts.role_name(panel, person)


def declared(folder: Path, **more: Any) -> Path:
    """The chair e1, and e2 and e3: all score A and D, e1 and e3 also B, where e2 is in conflict,
    and C, to which e2 is not assigned.
    """
    applicants = [{"id": a, "name": f"对象{a}", "lead": f"示例牵头{a}"} for a in "ABCD"]
    applicants[1]["lead"] = "示例单位2"
    seats = {"A": ["e1", "e2", "e3"], "B": ["e1", "e2", "e3"], "C": ["e1", "e3"]}
    data = panel_data(3, applicants, assignment={**seats, "D": ["e1", "e2", "e3"]}, **more)
    folder.mkdir(exist_ok=True)
    return write(folder, rubric_data((10, 5)), data)


def fill(workspace: Round, expert: str, applicant: str, *, submit: bool = True) -> None:
    """Enter the sheet of ``expert`` for ``applicant``."""
    for name, points in SCORES.items():
        place = expert, f"{applicant}-{name}", "score", applicant, name
        workspace.append(Entry(*place, {"points": points, "text": f"{expert}的评语"}))
    if submit:
        workspace.append(Entry(expert, f"{applicant}-submit", "submit", applicant))


@contextmanager
def opened(cluster: Cluster, database: str, person: str = "", **options: Any) -> Iterator[Round]:
    """The round as ``person`` sees it; as its maker without one."""
    user = role(person) if person else "postgres"
    with Round.open(cluster.url(database, user, "round"), **options) as workspace:
        yield workspace


def make(cluster: Cluster, database: str, folder: Path) -> None:
    """A round with accounts, and something on record of everybody.

    Submitted are the sheets of e3 for B and of e2 for D; e1 and e3 have drafts for A.
    """
    url = cluster.url(database)
    with Round.create(url, declared(folder)):
        accounts.make(url)
    with opened(cluster, database, "e1") as chair:
        fill(chair, "e1", "A", submit=False)
        chair.record_opinion("C", "同意", "e1")
    with opened(cluster, database, "e2") as own:
        fill(own, "e2", "D")
    with opened(cluster, database, "e3") as peer:
        fill(peer, "e3", "A", submit=False)
        fill(peer, "e3", "B")


def finish(cluster: Cluster, database: str) -> None:
    """Every sheet that `make` left open."""
    for person, applicants in {"e1": "ABCD", "e2": "A", "e3": "ACD"}.items():
        with opened(cluster, database, person) as workspace:
            for applicant in applicants:
                fill(workspace, person, applicant)


@contextmanager
def copied(cluster: Cluster, name: str, template: str) -> Iterator[str]:
    """A copy of the database ``template``, into which the same accounts are let."""
    with cluster.database(name, template) as database:
        with cluster.connect(database) as db:
            db.execute(f'REVOKE ALL ON DATABASE "{database}" FROM PUBLIC')
            for person in ("e1", "e2", "e3", "secretary"):
                db.execute(f'GRANT CONNECT ON DATABASE "{database}" TO "{role(person)}"')
        yield database
