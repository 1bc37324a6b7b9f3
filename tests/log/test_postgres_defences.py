"""Each defence of the database, taken away alone, lets its attack through.

Where several stand behind each other, those before it are taken away first, and it must hold alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import psycopg
import pytest

from evalkit.base.errors import Refused
from evalkit.record import accounts
from evalkit.round import Round
from tests.support import walls
from tests.support.postgres import Cluster
from tests.support.sql_attacks import CHANGING, FORGING, READING, another_panel, entry, through
from tests.support.walls import opened, role

ME = f'"{role("e2")}"'


@dataclass(frozen=True)
class Without:
    """Text that is replaced in the definition of a function."""

    function: str
    text: str
    by: str = ""

    def sql(self, db: psycopg.Connection) -> str:
        """The function without it."""
        name = f"evalkit.{self.function}"
        found = db.execute("SELECT pg_get_functiondef(%s::regproc)", (name,)).fetchone()
        assert found is not None
        assert self.text in found[0]
        return str(found[0]).replace(self.text, self.by)


Step = str | Without


@dataclass(frozen=True)
class Case:
    """An attack, what stands before the defence, and how the defence is taken away."""

    attack: str
    removed: Step
    before: tuple[Step, ...] = ()
    person: str = "e2"


def refusal(key: str, function: str = "admit") -> Without:
    """Without the refusal under ``key``."""
    return Without(function, f"PERFORM evalkit.refuse('{key}')", "NULL")


AUTHOR = f"GRANT INSERT (author) ON evalkit.event TO {ME}"
ANY_AUTHOR = "ALTER POLICY writing ON evalkit.event WITH CHECK (true)"
ALL = f"GRANT ALL ON evalkit.event TO {ME}"
SEE_ALL = "CREATE POLICY more ON evalkit.event USING (true)"
MINE = f"GRANT CREATE ON SCHEMA public TO {ME}"
FAKED = (
    "CREATE FUNCTION public.sha256(bytea) RETURNS bytea LANGUAGE sql AS "
    "$f$ SELECT decode(repeat('00', 32), 'hex') $f$; SET search_path = public, pg_catalog; "
    + entry()
    + " RETURNING nullif(hash = repeat('0', 64), false)"
)
OTHER = (
    another_panel("theirs"),
    "INSERT INTO evalkit.person SELECT 'theirs', id, part, quota FROM evalkit.person",
    "INSERT INTO evalkit.applicant SELECT 'theirs', id FROM evalkit.applicant",
    "INSERT INTO evalkit.field VALUES ('theirs', 'A', 'i1', 0, 9, false)",
    "INSERT INTO evalkit.sheet SELECT 'theirs', expert, applicant FROM evalkit.sheet",
    "INSERT INTO evalkit.chain SELECT 'theirs', author FROM evalkit.chain",
)
LOCK = entry(
    kind="lock", applicant="", indicator="", payload='{"root":"x","panel":"y","rubric":"z"}'
)

CASES = {
    "assignment": Case(FORGING["an applicant of others"], refusal("not assigned", "admit_sheet")),
    "conflicts": Case(FORGING["an applicant in conflict"], refusal("not assigned", "admit_sheet")),
    "a conflict stated since": Case(
        entry(), Without("admit_sheet", " OR s.barred"), ("UPDATE evalkit.sheet SET barred = true",)
    ),
    "submitted sheets": Case(FORGING["a submitted sheet"], refusal("submitted", "admit_sheet")),
    "the schedule": Case(
        entry(),
        refusal("closed", "admit_sheet"),
        ("UPDATE evalkit.panel SET opens = now() + '1 day', closes = now() + '2 days'",),
    ),
    "fields": Case(FORGING["an unknown field"], refusal("no field", "admit_sheet")),
    "spelling of points": Case(
        FORGING['points "1e1"'],
        Without("admit_sheet", "given !~ '^-?(0|[1-9][0-9]{0,11})(\\.[0-9]{1,12})?$'", "false"),
    ),
    "the step": Case(
        FORGING['points "8.25"'], Without("admit_sheet", "points % p.step <> 0", "false")
    ),
    "the range": Case(
        FORGING['points "10.5"'],
        Without("admit_sheet", "points BETWEEN f.low AND f.high", "true"),
    ),
    "the lock": Case(
        entry(),
        refusal("locked"),
        ("UPDATE evalkit.panel SET locked = true", "UPDATE evalkit.chain SET open = false"),
    ),
    "the quota": Case(entry(), refusal("quota"), ("UPDATE evalkit.person SET quota = 1",)),
    "one's own name, by the right": Case(
        FORGING["for a peer"], AUTHOR, (refusal("another author"), ANY_AUTHOR)
    ),
    "one's own name, by the trigger": Case(
        FORGING["for a peer"], refusal("another author"), (AUTHOR, ANY_AUTHOR)
    ),
    "one's own name, by the policy": Case(
        FORGING["for a peer"], ANY_AUTHOR, (AUTHOR, refusal("another author"))
    ),
    "the mark of paper": Case(FORGING["typed in from paper"], refusal("another author")),
    "kinds": Case(FORGING["a measure"], refusal("another kind")),
    "the root": Case(LOCK, refusal("another root", "admit_act"), person="secretary"),
    "what is not submitted": Case(
        entry(kind="reopen", indicator="e3", payload='{"text":"x"}'),
        refusal("not submitted", "admit_act"),
        person="secretary",
    ),
    "a conflict of one's own": Case(FORGING["a conflict of a peer"], refusal("another author")),
    "what may be taken back": Case(
        FORGING["a sheet taken back"], Without("admit_act", " AND p.takes_back")
    ),
    "ids": Case(FORGING["an id with a line feed"], refusal("no id")),
    "applicants": Case(entry(kind="message", applicant="Z", indicator=""), refusal("no applicant")),
    "texts only": Case(FORGING["a number in a payload"], refusal("no payload", "canonical")),
    "length of texts": Case(FORGING["a long text"], refusal("too long", "canonical")),
    "number of keys": Case(FORGING["many keys"], refusal("too long", "canonical")),
    "size of payloads": Case(
        FORGING["a million blanks"], Without("canonical", "octet_length(payload) >", "0 >")
    ),
    "one panel": Case(
        entry().replace("$q$round$q$", "'theirs'"),
        Without("person_of", "p.panel = in_panel AND "),
        OTHER,
    ),
    "the server's time": Case(
        entry(more=", at", value=", '2001-01-01T00:00:00.000Z'")
        + " RETURNING nullif(at ~ '^2001', false)",
        Without("admit", "NEW.at :=", "NEW.stored_by :="),
        (f"GRANT INSERT (at) ON evalkit.event TO {ME}",),
    ),
    "one entry for an id": Case(
        FORGING["an id again"],
        "ALTER TABLE evalkit.event DROP CONSTRAINT event_panel_author_event_id_key",
    ),
    "row security": Case(
        READING["a peer's hashes"], "ALTER TABLE evalkit.event DISABLE ROW LEVEL SECURITY"
    ),
    "the policy": Case(READING["a peer's hashes"], SEE_ALL),
    "no part in the owner": Case(
        READING["a peer's score by the function"], f"GRANT evalkit TO {ME}"
    ),
    "nothing of peers": Case(
        READING["a peer by the function"],
        Without("events", "w.part <> 'expert' OR closed", "true"),
    ),
    "who reads what": Case(
        READING["the chair's drafts"], Without("reads", "office AND (", "office AND (true OR ")
    ),
    "places of what is withheld": Case(
        READING["where the chair entered something"],
        Without("events", "office AND e.kind IN", "e.kind IN"),
    ),
    "append-only": Case(
        CHANGING["update"] + " RETURNING seq",
        "DROP TRIGGER event_is_never_changed ON evalkit.event",
        (ALL, SEE_ALL),
    ),
    "append-only, removed": Case(
        CHANGING["delete"] + " RETURNING seq",
        "DROP TRIGGER event_is_never_changed ON evalkit.event",
        (ALL, SEE_ALL),
    ),
    "append-only, emptied": Case(
        CHANGING["truncate"],
        "DROP TRIGGER event_is_never_changed ON evalkit.event",
        (f"GRANT TRUNCATE ON evalkit.event TO {ME}",),
    ),
    "the path of the trigger": Case(
        FAKED, "ALTER FUNCTION evalkit.admit() RESET search_path", (MINE,)
    ),
    "nothing of one's own": Case(CHANGING["a function of one's own"], MINE),
    "no temporary tables": Case(
        CHANGING["a temporary table"], "GRANT TEMPORARY ON DATABASE walled TO PUBLIC"
    ),
}


@pytest.fixture(name="owner", scope="module")
def _owner(postgres: Cluster, walled: str) -> Iterator[psycopg.Connection]:
    with postgres.connect(walled) as db:
        yield db


def attacked(db: psycopg.Connection, case: Case, *steps: Step) -> str:
    """Empty where the attack is through after ``steps``; all of it is undone."""
    db.execute("BEGIN")
    try:
        for step in steps:
            db.execute(step if isinstance(step, str) else step.sql(db))
        db.execute(f'SET LOCAL SESSION AUTHORIZATION "{role(case.person)}"')
        return through(db, case.attack)
    finally:
        db.execute("ROLLBACK")


@pytest.mark.parametrize("name", CASES)
def test_a_defence_that_is_taken_away_lets_its_attack_through(
    owner: psycopg.Connection, name: str
) -> None:
    """And with it in its place, nothing does."""
    case = CASES[name]
    assert attacked(owner, case, *case.before)
    assert not attacked(owner, case, *case.before, case.removed)


def explained(db: psycopg.Connection, where: str, explain: str = "EXPLAIN") -> str:
    """What planner or executor would say to e2 of a query, if e2 might read the table."""
    db.execute("BEGIN")
    try:
        db.execute(f"GRANT SELECT ON evalkit.event TO {ME}")
        db.execute(f"SET LOCAL SESSION AUTHORIZATION {ME}")
        query = f"{explain} SELECT seq FROM evalkit.event WHERE {where}"
        return "\n".join(row[0] for row in db.execute(query).fetchall())
    finally:
        db.execute("ROLLBACK")


def test_estimates_tell_nothing_without_statistics(postgres: Cluster, scoring: str) -> None:
    """Even where one could read the table: with statistics, they tell drafts apart."""

    def estimates(db: psycopg.Connection) -> set[str]:
        kinds = ("score", "submit", "nothing")
        found = {kind: explained(db, f"kind = '{kind}'") for kind in kinds}
        return {text.replace(kind, "") for kind, text in found.items()}

    with postgres.connect(scoring) as db:
        db.execute("ANALYZE evalkit.event")
        assert len(estimates(db)) == 1
        db.execute("ALTER TABLE evalkit.event ALTER kind SET STATISTICS 100")
        db.execute("ANALYZE evalkit.event")
        assert len(estimates(db)) > 1


def test_the_executor_would_count_what_one_may_not_read(postgres: Cluster, scoring: str) -> None:
    """So nobody reads the table itself: what a filter removes is counted, policy or not."""
    with postgres.connect(scoring) as db:
        db.execute("SET enable_seqscan = off; SET enable_bitmapscan = off")
        told = explained(db, "panel = 'round' AND author = 'e3'", "EXPLAIN ANALYZE")
        assert "Rows Removed by Filter: 5" in told
        assert through(db, f"SET SESSION AUTHORIZATION {ME}; {READING['counted by the executor']}")


def after_the_lock(postgres: Cluster, database: str) -> str:
    """What becomes of an entry in a transaction that began before the lock; empty: it is stored."""
    walls.finish(postgres, database)
    late = entry(kind="message", applicant="", indicator="", payload='{"text":"x"}')
    with postgres.connect(database, role("e2")) as db:
        db.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1")
        with opened(postgres, database, "secretary") as office:
            office.lock()
        return through(db, late) or through(db, "COMMIT")


def test_a_transaction_from_before_the_lock_writes_nothing_after_it(
    postgres: Cluster, scoring: str
) -> None:
    """Its snapshot shows an open round; the chain that the lock closed tells it otherwise."""
    assert "serialize" in after_the_lock(postgres, scoring)


def test_without_closed_chains_it_would(postgres: Cluster, scoring: str) -> None:
    """The state of the panel alone is not enough."""
    closing = Without(
        "admit_act", "SET open = false WHERE panel = e.panel", "SET open = false WHERE false"
    )
    with postgres.connect(scoring) as db:
        db.execute(closing.sql(db))
    assert after_the_lock(postgres, scoring) == ""


def test_the_lock_waits_for_who_is_writing(postgres: Cluster, scoring: str) -> None:
    """What is stored at the same moment is under the root; the lock does not wait for ever."""
    walls.finish(postgres, scoring)
    late = entry(kind="message", applicant="", indicator="", payload='{"text":"x"}')
    url = postgres.url(scoring, role("secretary"), "round") + "&options=-c%20lock_timeout%3D300ms"
    with postgres.connect(scoring, role("e2")) as db, Round.open(url) as office:
        db.execute("BEGIN")
        assert not through(db, late)
        with pytest.raises(Refused, match="另一位的登记还没有结束"):
            office.lock()
        assert not through(db, "COMMIT")
        office.lock()
        office._verify(office.history())


def test_strangers_are_not_let_in(postgres: Cluster, walled: str, scoring: str) -> None:
    """Neither by an account of their own, nor by too many connections of one that is let in."""
    with postgres.connect("postgres") as db:
        db.execute("CREATE ROLE stranger LOGIN")
    try:
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            postgres.connect(walled, "stranger")
        with postgres.connect(scoring) as db:
            db.execute(f'GRANT CONNECT ON DATABASE "{scoring}" TO PUBLIC')
        postgres.connect(scoring, "stranger").close()
    finally:
        with postgres.connect("postgres") as db:
            db.execute("DROP ROLE stranger")
    with ExitStack() as stack:
        for _n in range(accounts.CONNECTIONS):
            stack.enter_context(postgres.connect(scoring, role("e2")))
        with pytest.raises(psycopg.OperationalError, match="too many connections"):
            postgres.connect(scoring, role("e2"))
