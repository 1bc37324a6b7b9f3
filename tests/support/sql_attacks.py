"""What the expert e2 tries from an account of their own, in the round of `tests.support.walls`.

An attack is SQL. It is through when it ends without an error and, where it gives rows, gives one
with something in it.
"""

from __future__ import annotations

import psycopg

from tests.support.walls import role

PEER, OFFICE = role("e3"), role("secretary")
SCORE = '{"points":"8","text":""}'
EVENTS = "evalkit.events('round', '{}', '{}')"


def entry(
    *,
    kind: str = "score",
    applicant: str = "A",
    indicator: str = "i1",
    payload: str = SCORE,
    id: str = "x",
    more: str = "",
    value: str = "",
) -> str:
    """An INSERT as the library does it, but for what is given; ``more`` is another column."""
    texts = ["round", id, kind, applicant, indicator, payload]
    values = ", ".join(f"$q${text}$q$" for text in texts)
    names = "panel, event_id, kind, applicant, indicator, payload"
    return f"INSERT INTO evalkit.event ({names}{more}) VALUES ({values}{value})"


def another_panel(id: str) -> str:
    """A panel like the one that is there, without anybody in it."""
    same = "log, digest, rubric, step, takes_back"
    return f"INSERT INTO evalkit.panel (id, {same}) SELECT '{id}', {same} FROM evalkit.panel"


READING = {
    "all events": "SELECT * FROM evalkit.event",
    "all events as a table": "TABLE evalkit.event",
    "payloads": "SELECT payload FROM evalkit.event",
    "a peer's numbers": "SELECT seq FROM evalkit.event WHERE author = 'e3'",
    "a peer's hashes": f"SELECT hash FROM evalkit.event EXCEPT SELECT hash FROM {EVENTS}",
    "without row security": "SET row_security = off; SELECT seq FROM evalkit.event",
    "a peer by the function": f"SELECT 1 FROM {EVENTS} WHERE author = 'e3'",
    "a peer's score by the function": f"SELECT 1 FROM {EVENTS} WHERE payload LIKE '%e3%'",
    "the chair's drafts": f"SELECT 1 FROM {EVENTS} WHERE author = 'e1' AND payload <> '{{}}'",
    "where the chair entered something": f"SELECT 1 FROM {EVENTS} "
    "WHERE author = 'e1' AND indicator <> ''",
    "numbers below nothing": "SELECT 1 FROM evalkit.events('round', '{e3}', '{-9}') "
    "WHERE author = 'e3'",
    "no numbers": "SELECT 1 FROM evalkit.events('round', NULL, NULL) WHERE author = 'e3'",
    "a peer's draft, asked of the policy": "SELECT nullif(evalkit.sees('round', 'e3', 'score', "
    "'A', 'i1', 1, 'nobody'), false)",
    "events of another panel": "SELECT 1 FROM evalkit.events('other', '{}', '{}')",
    "files of another panel": "SELECT 1 FROM evalkit.files('other')",
    "other panels": "SELECT 1 FROM evalkit.rounds() WHERE panel = 'other'",
    "another person": "SELECT nullif((evalkit.person_of('other')).id, '')",
    **{
        f"the table {name}": f"SELECT * FROM evalkit.{name}"
        for name in (
            *("applicant", "chain", "field", "file", "migration", "panel", "person", "sheet"),
            "event_id",
        )
    },
    "copied out": "COPY evalkit.event TO STDOUT",
    "copied out by a query": "COPY (SELECT payload FROM evalkit.event) TO STDOUT",
    "as XML": "SELECT query_to_xml('SELECT payload FROM evalkit.event', true, true, '')",
    "the schema as XML": "SELECT 1 WHERE schema_to_xml('evalkit', true, true, '')::text ~ 'e3'",
    "the planner's statistics": "SELECT 1 FROM pg_stats WHERE schemaname = 'evalkit'",
    "the planner's own table": "SELECT * FROM pg_statistic",
    "estimates": "EXPLAIN SELECT seq FROM evalkit.event WHERE author = 'e3'",
    "counted by the executor": "EXPLAIN ANALYZE SELECT seq FROM evalkit.event WHERE author = 'e3'",
    "a cursor": "BEGIN; DECLARE c CURSOR FOR SELECT payload FROM evalkit.event; FETCH c",
    "within an entry": entry().replace("$q$x$q$", "(SELECT max(payload) FROM evalkit.event)"),
    "returned with an entry": entry() + " RETURNING (SELECT max(payload) FROM evalkit.event)",
    "a leaking function": "CREATE FUNCTION pg_temp.leak(text) RETURNS bool LANGUAGE plpgsql "
    "COST 0.0001 AS 'BEGIN RAISE NOTICE ''%'', $1; RETURN true; END'",
    "what the server runs for a peer": f"SELECT 1 FROM pg_stat_activity WHERE usename = '{PEER}' "
    "AND query !~ '^<'",
    "how many events there are": "SELECT last_value FROM pg_sequences WHERE schemaname = 'evalkit' "
    "AND last_value IS NOT NULL",
    "passwords": "SELECT * FROM pg_authid",
    "shadow passwords": "SELECT * FROM pg_shadow",
    "a row by its place": "SELECT currtid2('evalkit.event', '(0,1)')",
    "files of the server": "SELECT pg_read_file('postgresql.conf')",
    "bytes of the server": "SELECT pg_read_binary_file('PG_VERSION')",
    "folders of the server": "SELECT pg_ls_dir('.')",
    "a file as a large object": "SELECT lo_import('/etc/passwd')",
    "the write-ahead log": "SELECT pg_switch_wal()",
    "into a file": "COPY (SELECT 1) TO '/tmp/evalkit-attack'",
    "out of a program": "COPY evalkit.event (payload) FROM PROGRAM 'id'",
    "an extension": "CREATE EXTENSION dblink",
}

OWN_CALLS = {
    f"calls {call}": f"SELECT evalkit.{call}"
    for call in (
        *("administers()", "root('round')", "canonical('{}', 8, 10)", "refuse('')", "never()"),
        *("admit()", "admit_sheet(NULL, NULL, true)", "admit_act(NULL, NULL)"),
        "reads(NULL, true, '', '', true, true, true)",
    )
}

FORGING = {
    "for a peer": entry(more=", author", value=", 'e3'"),
    "for oneself by name": entry(more=", author", value=", 'e2'"),
    "a number": entry(more=", seq", value=", 99"),
    "a time": entry(more=", at", value=", '2001-01-01T00:00:00.000Z'"),
    "a hash before": entry(more=", prev", value=", ''"),
    "a hash": entry(more=", hash", value=", repeat('0', 64)"),
    "a place": entry(more=", id", value=", 1"),
    "another account": entry(more=", stored_by", value=f", '{OFFICE}'"),
    "the default of everything": "INSERT INTO evalkit.event DEFAULT VALUES",
    "in another panel": entry().replace("$q$round$q$", "'other'"),
    "in no panel": entry().replace("$q$round$q$", "NULL"),
    "an applicant in conflict": entry(applicant="B"),
    "an applicant of others": entry(applicant="C"),
    "nobody": entry(applicant="Z"),
    "no applicant": entry(applicant=""),
    "a submitted sheet": entry(applicant="D"),
    "a score that clears a submitted one": entry(
        kind="clear", applicant="D", payload='{"text":""}'
    ),
    "a recusal on a submitted sheet": entry(kind="recusal", applicant="D", payload='{"text":"x"}'),
    "a remark on a submitted sheet": entry(kind="remark", applicant="D", payload='{"text":"x"}'),
    "an unknown field": entry(indicator="i9"),
    "a whole dimension": entry(indicator="d1"),
    **{
        f"points {points}": entry(payload=f'{{"points":{points},"text":""}}')
        for points in (
            *('"10.5"', '"-0.5"', '"8.25"', '"NaN"', '"Infinity"', '"1e1"', '"８"', '""', '" 8"'),
            *("8", "null", '["8"]', '"0x8"', '"8\\n"', '"99999999999999999999"', '"08"'),
        )
    },
    "no points": entry(payload='{"text":""}'),
    "a list": entry(payload='["8"]'),
    "no JSON": entry(payload="{points:8}"),
    "nothing": entry(payload=""),
    "no payload": entry().replace(f"$q${SCORE}$q$", "NULL"),
    "a deep payload": entry().replace(f"$q${SCORE}$q$", "repeat('[', 100000)"),
    "a number in a payload": entry(payload='{"points":"8","text":"","more":1}'),
    "a list in a payload": entry(payload='{"points":"8","text":[]}'),
    "a key with a line feed": entry(payload='{"points":"8","text":"","a\\nb":""}'),
    "NUL": entry(payload='{"points":"8","text":"\\u0000"}'),
    "half a character": entry(payload='{"points":"8","text":"\\ud800"}'),
    "a control character": entry(payload='{"points":"8","text":"\\u001b[2J"}'),
    "a long text": entry(payload=f'{{"points":"8","text":"{"字" * 4001}"}}'),
    "many keys": entry(payload="{" + ",".join(f'"k{n}":""' for n in range(9)) + ',"points":"8"}'),
    "a million blanks": entry().replace(f"$q${SCORE}$q$", f"repeat(' ', 1000000) || '{SCORE}'"),
    "no id": entry(id=""),
    "a long id": entry(id="x" * 65),
    "an id with a line feed": entry(id="x\nround"),
    "an id again": entry(id="D-i1"),
    "an indicator with a line feed": entry(kind="message", applicant="", indicator="a\nb"),
    "a long indicator": entry(kind="message", applicant="", indicator="i" * 131),
    "in conflict, submitted": entry(kind="submit", applicant="B", indicator="", payload="{}"),
    "of others, submitted": entry(kind="submit", applicant="C", indicator="", payload="{}"),
    "submitted again": entry(kind="submit", applicant="D", indicator="", payload="{}"),
    "typed in from paper": entry(
        payload='{"points":"8","text":"","typed_by":"秘书","source":"卷宗"}'
    ),
    **{
        f"a {kind}": entry(kind=kind, indicator="e2", payload='{"points":"1","text":"x"}')
        for kind in (
            *(
                "measure",
                "gate",
                "answer",
                "recognition",
                "reopen",
                "opinion",
                "assignment",
                "discussion",
            ),
            *("succession", "withheld", "SCORE", ""),
        )
    },
    "a conflict of a peer": entry(kind="conflict", indicator="e3", payload='{"text":"x"}'),
    "a commitment of a peer": entry(
        kind="commitment", applicant="", indicator="e3", payload='{"digest":"x","given":"form"}'
    ),
    "a sheet taken back": entry(
        kind="withdraw", applicant="D", indicator="", payload='{"text":"x"}'
    ),
    "a sheet of a peer taken back": entry(
        kind="withdraw", applicant="B", indicator="e3", payload='{"text":"x"}'
    ),
    "a value disputed on a submitted sheet": entry(
        kind="dispute", applicant="D", payload='{"text":"x"}'
    ),
    "the lock": entry(
        kind="lock", applicant="", indicator="", payload='{"root":"","panel":"","rubric":""}'
    ),
    "the own sheet given back": entry(
        kind="reopen", applicant="D", indicator="e2", payload='{"text":"x"}'
    ),
    "replaced": entry(id="D-i1") + " ON CONFLICT (panel, author, event_id) DO UPDATE SET at = 'x'",
    "asked whether there is one": entry(id="A-i1")
    + " ON CONFLICT (panel, author, event_id) DO NOTHING",
    "in a block": f"DO $do$ BEGIN {entry(applicant='C')}; END $do$",
    "from a copy": "COPY evalkit.event FROM STDIN",
}

CHANGING = {
    "update": "UPDATE evalkit.event SET payload = '{}'",
    "update of nothing": "UPDATE evalkit.event SET payload = payload WHERE false",
    "delete": "DELETE FROM evalkit.event",
    "truncate": "TRUNCATE evalkit.event",
    "merge": "MERGE INTO evalkit.event e USING (SELECT 1) x ON true WHEN MATCHED THEN DELETE",
    "drop table": "DROP TABLE evalkit.event",
    "drop schema": "DROP SCHEMA evalkit CASCADE",
    "drop column": "ALTER TABLE evalkit.event DROP COLUMN hash",
    "disable triggers": "ALTER TABLE evalkit.event DISABLE TRIGGER ALL",
    "drop trigger": "DROP TRIGGER event_is_admitted ON evalkit.event",
    "another trigger": "CREATE TRIGGER z BEFORE INSERT ON evalkit.event FOR EACH ROW "
    "EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "a rule": "CREATE RULE r AS ON INSERT TO evalkit.event DO INSTEAD NOTHING",
    "disable row security": "ALTER TABLE evalkit.event DISABLE ROW LEVEL SECURITY",
    "another policy": "CREATE POLICY p ON evalkit.event USING (true)",
    "drop policy": "DROP POLICY reading ON evalkit.event",
    "statistics": "ALTER TABLE evalkit.event ALTER payload SET STATISTICS 1000",
    "more statistics": "CREATE STATISTICS s ON author, kind FROM evalkit.event",
    "an index": "CREATE INDEX ON evalkit.event (payload)",
    "another function": "CREATE OR REPLACE FUNCTION evalkit.administers() RETURNS boolean "
    "LANGUAGE sql AS 'SELECT true'",
    "a function's path": "ALTER FUNCTION evalkit.admit() RESET search_path",
    "a function of one's own": "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "an operator": "CREATE OPERATOR public.<> (FUNCTION = texteq, LEFTARG = text, RIGHTARG = text)",
    "a schema": "CREATE SCHEMA mine",
    "a table": "CREATE TABLE public.event (payload text)",
    "a temporary table": "CREATE TEMP TABLE event (payload text)",
    "a view": "CREATE VIEW public.v AS SELECT payload FROM evalkit.event",
    "the state of a sheet": "UPDATE evalkit.sheet SET submitted = false",
    "an assignment": "INSERT INTO evalkit.sheet (panel, expert, applicant) "
    "VALUES ('round', 'e2', 'C')",
    "another part": "UPDATE evalkit.person SET part = 'secretary' WHERE id = 'e2'",
    "a peer's account": "UPDATE evalkit.person SET role = session_user WHERE id = 'e3'",
    "a range": "UPDATE evalkit.field SET high = 100",
    "the rules": "UPDATE evalkit.file SET content = ''",
    "the head of a chain": "UPDATE evalkit.chain SET seq = 0",
    "the state of the panel": "UPDATE evalkit.panel SET locked = true",
    "a new panel": "INSERT INTO evalkit.panel SELECT * FROM evalkit.panel",
    "the sequence": "SELECT setval('evalkit.event_id', 1)",
    "a number of the sequence": "SELECT nextval('evalkit.event_id')",
    "row locks": "SELECT 1 FROM evalkit.event FOR UPDATE",
    "locks of heads": "SELECT 1 FROM evalkit.chain FOR UPDATE",
    "table lock": "BEGIN; LOCK TABLE evalkit.event IN ACCESS EXCLUSIVE MODE",
    "weaker table lock": "BEGIN; LOCK TABLE evalkit.event IN SHARE MODE",
    "the owner": "SET ROLE evalkit",
    "a peer": f'SET ROLE "{PEER}"',
    "the administrator": "SET ROLE postgres",
    "a peer's session": f'SET SESSION AUTHORIZATION "{PEER}"',
    "as a replica": "SET session_replication_role = replica",
    "a right": 'GRANT SELECT ON evalkit.event TO "evalkit.round.e2"',
    "a right for all": "ALTER DEFAULT PRIVILEGES FOR ROLE evalkit GRANT SELECT ON TABLES TO PUBLIC",
    "membership": 'GRANT evalkit TO "evalkit.round.e2"',
    "superuser": 'ALTER ROLE "evalkit.round.e2" SUPERUSER',
    "past row security": 'ALTER ROLE "evalkit.round.e2" BYPASSRLS',
    "more connections": 'ALTER ROLE "evalkit.round.e2" CONNECTION LIMIT -1',
    "a peer's password": f"ALTER ROLE \"{PEER}\" PASSWORD 'x'",
    "another role": "CREATE ROLE mine",
    "the owner's things": 'REASSIGN OWNED BY evalkit TO "evalkit.round.e2"',
    "owner of the table": 'ALTER TABLE evalkit.event OWNER TO "evalkit.round.e2"',
    "a peer's connection": "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    f"WHERE usename = '{PEER}'",
    "a peer's statement": "SELECT pg_cancel_backend(pid) FROM pg_stat_activity "
    f"WHERE usename = '{PEER}'",
    "the server's settings": "ALTER SYSTEM SET fsync = off",
    "the server's settings read": "SELECT pg_reload_conf()",
    "the server's log": "SET log_statement = 'all'",
    "no wait for the disk, for all": "ALTER DATABASE walled SET synchronous_commit = off",
    "a backup": "CHECKPOINT",
    "a publication": "CREATE PUBLICATION p FOR TABLE evalkit.event",
    "a prepared transaction": "BEGIN; SELECT evalkit.begin('round'); PREPARE TRANSACTION 'x'",
}

ATTACKS = {
    f"{group}: {name}": sql
    for group, some in {
        "reading": READING,
        "calling": OWN_CALLS,
        "forging": FORGING,
        "changing": CHANGING,
    }.items()
    for name, sql in some.items()
}


def through(db: psycopg.Connection, sql: str) -> str:
    """Empty where the attack is through; else why it is not."""
    try:
        cursor = db.execute(sql)
        while cursor.nextset():
            pass
    except psycopg.Error as error:
        return str(error)
    if cursor.description is None:
        return ""
    rows = cursor.fetchall()
    return "" if any(value is not None for row in rows for value in row) else "nothing"
