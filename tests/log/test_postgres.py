"""The log in PostgreSQL: the same events and chains as in a file, and who sees what of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from evalkit.base.errors import EvalkitError, InputError, Refused
from evalkit.log import chain
from evalkit.log.events import Entry, Event, Withheld
from evalkit.record import accounts
from evalkit.record.database import redeclare
from evalkit.record.objection import UpheldObjection
from evalkit.round import Round, open_round
from evalkit.succession import succeed
from tests.support import walls
from tests.support.postgres import Cluster
from tests.support.walls import fill, opened


def events(workspace: Round, author: str) -> list[Event]:
    """What the reader knows of the chain of ``author``."""
    return [event for event in workspace.history().events if event.author == author]


def seen(workspace: Round, author: str, applicant: str) -> list[str]:
    """The points that the reader knows of a sheet."""
    own = [e for e in events(workspace, author) if e.applicant == applicant]
    return [e.payload["points"] for e in own if "points" in e.payload]


def test_both_engines_give_the_same_chains(postgres: Cluster, scoring: str, tmp_path: Path) -> None:
    """The same entries have the same numbers and canonical payloads; the hashes of both are what
    the specified preimage gives with the time of each engine.
    """
    texts = [
        "好",
        "",
        '"引号"\\反斜线/',
        "一行\n两行\t列\r",
        "😀 e\u0301 \u2028 ﹏",
        "<b>&amp;</b>",
    ]
    with (
        Round.create(tmp_path / "round", walls.declared(tmp_path / "files")) as file,
        opened(postgres, scoring, "e2") as table,
    ):
        fill(file, "e2", "D")  # as it is in the table already
        for workspace in (file, table):
            for n, text in enumerate(texts):
                payload = {"text": text, "points": f"{n}.50"}
                workspace.append(Entry("e2", f"id {n}", "score", "A", "i1", payload))
            workspace.append(Entry("e2", "u", "unscored", "A", "i2", {"text": "材料缺页"}))
            workspace.append(Entry("e2", "c", "clear", "A", "i1", {"text": ""}))
        stored = events(table, "e2")
        assert len(stored) == 3 + len(texts) + 2
        own = [replace(e, at="", prev="", hash="") for e in stored]
        assert own == [replace(e, at="", prev="", hash="") for e in events(file, "e2")]
        assert [e.hash for e in stored] == [chain.event_hash(e) for e in stored]
        chain.verify(stored)


def test_an_open_round_is_not_fetched(postgres: Cluster, scoring: str, tmp_path: Path) -> None:
    """Nor one of which an account may not read all."""
    with opened(postgres, scoring) as maker, pytest.raises(Refused, match="锁定之后"):
        maker.fetch(tmp_path / "out")
    walls.finish(postgres, scoring)
    with opened(postgres, scoring, "secretary") as office:
        office.lock()
    with opened(postgres, scoring, "e2") as own, pytest.raises(Refused, match="看不到全部"):
        own.fetch(tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_drafts_stay_with_their_authors(postgres: Cluster, scoring: str) -> None:
    """The office knows that and where something is entered; what it is, once it is submitted."""
    with opened(postgres, scoring, "secretary") as office:
        assert (seen(office, "e3", "A"), seen(office, "e3", "B")) == ([], ["8.5", "3"])
        assert {type(e) for e in events(office, "e3") if e.applicant == "A"} == {Withheld}
        begun = {p.expert.id: (p.begun, p.submitted) for p in office.progress()}
        assert begun == {"e1": (1, 0), "e2": (1, 1), "e3": (2, 1)}
        office._verify(office.history())
        with opened(postgres, scoring, "e3") as peer:
            peer.append(Entry("e3", "s", "submit", "A"))
        assert seen(office, "e3", "A") == ["8.5", "3"]
        office._verify(office.history())


def test_an_expert_reads_the_own_chain_and_what_concerns_it(
    postgres: Cluster, scoring: str
) -> None:
    """Nothing of peers; of the office's chains whatever is for the panel."""
    with opened(postgres, scoring, "secretary") as office:
        for expert, applicant in (("e2", "D"), ("e3", "B")):
            entry = Entry("secretary", expert, "reopen", applicant, expert, {"text": "请补"})
            office.append(entry)
    with opened(postgres, scoring, "e2") as own:
        assert {e.author for e in own.history().events} == {"e1", "e2", "secretary"}
        assert [type(e) for e in events(own, "secretary")] == [Event, Withheld]
        assert {(type(e), e.at, e.applicant, e.indicator) for e in events(own, "e1")} == {
            (Withheld, "", "", "")
        }
        assert seen(own, "e2", "D") == ["8.5", "3"]
        own._verify(own.history())


def test_the_chair_reads_a_peers_sheet_after_submitting_the_own(
    postgres: Cluster, scoring: str
) -> None:
    """Who still scores an applicant is not led by others, whatever the office."""
    with opened(postgres, scoring, "e1") as chair:
        assert seen(chair, "e3", "B") == []
        fill(chair, "e1", "B")
        assert seen(chair, "e3", "B") == ["8.5", "3"]
        assert seen(chair, "e3", "A") == []
        chair._verify(chair.history())


def test_a_round_is_locked_and_evaluated(postgres: Cluster, scoring: str, tmp_path: Path) -> None:
    """The root is over all chains, whoever sees what; afterwards nothing enters."""
    walls.finish(postgres, scoring)
    with opened(postgres, scoring, "secretary") as office:
        assert len(office.lacking()) == 0
        receipt = office.lock()
        assert office.lock() == receipt
        history = office.history()
        assert not any(isinstance(e, Withheld) for e in history.events)
        assert history.lock is not None
        heads = {e.author: e for e in history.events if e.kind != "lock"}
        assert history.lock.payload["root"] == chain.root(heads)
        office._verify(history)
        assert len(office.results().ranking) == 4
        found = office.verify(map(str, office.heads()), history.lock.payload["root"])
        assert (found.ok, found.unknown) == (True, ())
    with opened(postgres, scoring, "e2") as own:
        with pytest.raises(Refused, match="锁定"):
            own.append(Entry("e2", "late", "score", "A", "i1", {"points": "1", "text": ""}))
        assert [e.kind for e in own.history().events][-1] == "lock"
        assert not seen(own, "e3", "A")
        own._verify(own.history())  # everybody can compute the root
        assert own.verify().ok
        assert "changed" not in repr(own)
    with open_round(postgres.url(scoring, panel="round")) as maker:
        assert maker.verify().ok
        with maker.fetch(tmp_path / "fetched") as copy:
            assert copy.history().events == maker.history().events
            assert (copy.log.id, copy.log.panel) == (maker.log.id, "round")
            assert copy.results().digest == maker.results().digest
        upheld = UpheldObjection("理由", "异议 1", "会议", ["e2:A"])
        with pytest.raises(Refused, match="请先取到文件夹里"):
            succeed(maker, tmp_path / "next", upheld)


def test_the_facts_of_an_expert_are_their_own_scores(postgres: Cluster, scoring: str) -> None:
    """After the lock, too, whose root they can compute from the hashes of all; for a window that
    was open before, and for one that was not. They are no results.
    """
    own = [("D", "e2", "i1", "8.5"), ("D", "e2", "i2", "3")]
    with opened(postgres, scoring, "e2") as early, opened(postgres, scoring, "secretary") as office:
        assert [row[:4] for row in early.facts().to_frame().itertuples(index=False)] == own
        early.append(Entry("e2", "asked", "message", payload={"text": "请问"}))
        office.append(Entry("secretary", "back", "reopen", "B", "e3", {"text": "请补"}))
        office.record_opinion("A", "同意")
        walls.finish(postgres, scoring)
        with opened(postgres, scoring, "e3") as peer:
            peer.append(Entry("e3", "again", "submit", "B"))
        office.lock()
        with opened(postgres, scoring, "e2") as late:
            for one in (early, late):
                found = [row[:4] for row in one.facts().to_frame().itertuples(index=False)]
                assert sorted(found) == [("A", "e2", "i1", "8.5"), ("A", "e2", "i2", "3"), *own]
                with pytest.raises(Refused, match="只看得到自己的评分"):
                    one.results()
                with pytest.raises(Refused, match="只看得到自己的评分"):
                    one.results(trial=True)
        assert len(office.results().ranking) == 4


def test_a_retry_gives_the_first_receipt(postgres: Cluster, scoring: str) -> None:
    """Also in another window, and after the connection broke."""
    entry = Entry("e2", "once", "score", "A", "i1", {"points": "5", "text": ""})
    with opened(postgres, scoring, "e2") as one, opened(postgres, scoring, "e2") as two:
        first = one.append(entry)
        assert two.append(entry) == first
        with postgres.connect(scoring) as db:
            db.execute(CUT, (walls.role("e2"),))
        assert two.append(entry) == first
        with pytest.raises(Refused, match="event_id 已用于"):
            one.append(replace(entry, payload={"points": "6", "text": ""}))


def test_a_connection_that_breaks_within_an_entry_stores_nothing(
    postgres: Cluster, scoring: str
) -> None:
    """What was begun is not gone on with on another connection."""
    entry = Entry("e2", "half", "score", "A", "i1", {"points": "5", "text": ""})
    with opened(postgres, scoring, "e2") as own:
        with pytest.raises(Refused, match="没有保存"), own.log.writing():
            _cut_off(postgres, scoring, own, entry)
        assert own.history().find("e2", "half") is None
        assert own.append(entry).seq == 4


def _cut_off(server: Cluster, database: str, own: Round, entry: Entry) -> None:
    with server.connect(database) as db:
        db.execute(CUT, (walls.role("e2"),))
    own.log.append(entry)


CUT = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = %s"


def test_a_stale_window_overwrites_nothing(postgres: Cluster, scoring: str) -> None:
    """The number of the cell's last event decides, as in a file."""
    with opened(postgres, scoring, "e2") as one, opened(postgres, scoring, "e2") as two:
        first = one.append(
            Entry("e2", "a", "score", "A", "i1", {"points": "5", "text": ""}), seen=0
        )
        late = Entry("e2", "b", "score", "A", "i1", {"points": "6", "text": ""})
        with pytest.raises(Refused, match="另一个窗口"):
            two.append(late, seen=0)
        assert two.append(late, seen=first.seq).seq == first.seq + 1


def test_a_change_is_found_and_named(postgres: Cluster, scoring: str) -> None:
    """Whoever administers the server can edit a row, and the chain tells which."""
    with postgres.connect(scoring) as db:
        db.execute("ALTER TABLE evalkit.event DISABLE TRIGGER ALL")
        db.execute(
            'UPDATE evalkit.event SET payload = \'{"points":"9","text":""}\' '
            "WHERE author = 'e3' AND seq = 4"
        )
    with opened(postgres, scoring, "secretary") as office:
        wrong = [text.render() for text in office.verify().wrong]
        assert [text.partition("：")[2] for text in wrong] == [
            "e3 的第 4 条记录（score B i2）：内容与它的哈希不符，这一条被改过"
        ]
        with pytest.raises(InputError, match="e3 的第 4 条记录"):
            office._verify(office.history())


def test_sheets_on_paper_are_typed_in_by_the_office(postgres: Cluster, scoring: str) -> None:
    """In the names of their experts, and marked; the expert sees them."""
    rows = [("A", "e2", name, points, "") for name, points in walls.SCORES.items()]
    from tests.support.builders import frame

    with opened(postgres, scoring, "secretary") as office:
        assert office.import_scores(frame(rows), typed_by="某人", evidence="卷宗 1") == 3
        assert seen(office, "e2", "A") == ["8.5", "3"]
    with opened(postgres, scoring, "e2") as own:
        assert own.history().submitted("e2", "A")
        with pytest.raises(Refused, match="别人的名义"):
            own.import_scores(frame([("A", "e3", "i1", "8", "")]))


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("postgresql://nobody@/walled?host={socket}", "不能作为日志打开"),
        ("postgresql://postgres@/nothing?host={socket}", 'database "nothing" does not exist'),
        ("postgresql://postgres@/postgres?host={socket}", "还没有评审"),
        ("postgresql://postgres@/walled?host={socket}&panel=other", "没有评审组“other”"),
        ("postgresql://postgres@/walled?host={socket}/no", "连不上数据库"),
        ("postgresql://h:port/walled", "数据库的地址写错了"),
    ],
)
def test_a_place_that_cannot_be_opened_is_said(
    postgres: Cluster, walled: str, url: str, message: str
) -> None:
    """With its address, and without a password."""
    assert walled == "walled"
    given = url.format(socket=postgres.socket).replace("postgres@", "postgres:geheim@")
    with pytest.raises(EvalkitError, match=message) as caught:
        open_round(given)
    assert "geheim" not in caught.value.render()


def test_a_round_is_made_once(postgres: Cluster, walled: str, tmp_path: Path) -> None:
    """A second one of that panel is refused; one of another panel lies beside it."""
    file = walls.declared(tmp_path / "files")
    with pytest.raises(InputError, match="已经有评审组 round"):
        Round.create(postgres.url(walled), file)
    with pytest.raises(InputError, match="是 round 的，不是 other 的"):
        Round.create(postgres.url(walled, panel="other"), file)
    with pytest.raises(InputError, match="所有者"):
        Round.create(postgres.url(walled, walls.role("e2")), file)


def test_files_are_read_back_and_stay_in_their_folder(
    postgres: Cluster, scoring: str, tmp_path: Path
) -> None:
    """Folders and bytes as they were; a name that leads out of the folder is refused."""
    with postgres.connect(scoring) as db:
        db.execute("INSERT INTO evalkit.file VALUES ('round', 'material/A/表.pdf', '%PDF-\\000')")
    with opened(postgres, scoring, "e2") as own:
        assert (own.folder / "material" / "A" / "表.pdf").read_bytes() == b"%PDF-\0"
        assert (own.folder / "panel.yaml").read_bytes() == walls.declared(tmp_path).read_bytes()
    with postgres.connect(scoring) as db:
        db.execute("INSERT INTO evalkit.file VALUES ('round', '../evil', '')")
    with pytest.raises(InputError, match=r"“\.\./evil”不在文件夹里"), opened(postgres, scoring):
        pass


def test_another_file_of_the_panel_takes_the_place_of_the_first(
    postgres: Cluster, scoring: str, tmp_path: Path
) -> None:
    """Who is new may score, who is gone or in conflict may not; what was recorded stays."""
    url = postgres.url(scoring, panel="round")
    late = Entry("e2", "late", "score", "A", "i1", {"points": "5", "text": ""})
    kept = {"conflicts": [{"expert": "e2", "applicant": "A", "reason": "亲属"}]}
    with pytest.raises(InputError, match="建立评审须用"):
        redeclare(postgres.url(scoring, walls.role("e2")), walls.declared(tmp_path / "x"))
    with pytest.raises(InputError, match="没有评审组 other"):
        redeclare(postgres.url(scoring), walls.declared(tmp_path / "y", id="other"))
    with opened(postgres, scoring) as maker:
        before = maker.history().events
    file = walls.declared(tmp_path / "files", **kept)
    text = file.read_text("utf-8").replace("id: e3", "id: e4").replace("- e3", "- e4")
    file.write_text(text, "utf-8")
    redeclare(url, file)
    with opened(postgres, scoring) as maker:
        assert maker.history().events == before
        assert [e.id for e in maker.panel.experts] == ["e1", "e2", "e4"]
        assert [row[1] for row in maker.set_aside()] == ["e3", "e3", "e3", "e3"]
    for person, place, reason in (("e2", "A", "亲属"), ("e3", "A", "e3")):
        entry = replace(late, author=person, applicant=place)
        with opened(postgres, scoring, person) as own, pytest.raises(Refused, match=reason):
            own.append(entry)
        with opened(postgres, scoring, person) as own:
            _refused_by_the_database(own, entry)
    (new,) = accounts.make(url)
    assert new.person == "e4"
    try:
        with Round.open(postgres.url(scoring, new.role)) as own:
            assert own.append(replace(late, author="e4", applicant="C")).seq == 1
    finally:
        with postgres.connect(scoring) as db:
            db.execute(f'DROP OWNED BY "{new.role}"; DROP ROLE "{new.role}"')


def _refused_by_the_database(own: Round, entry: Entry) -> None:
    with pytest.raises(Refused, match="没有被分配评这个对象，或须回避"), own.log.writing():
        own.log.append(entry)


def test_a_locked_round_keeps_its_files(postgres: Cluster, scoring: str, tmp_path: Path) -> None:
    """They are what the lock binds."""
    walls.finish(postgres, scoring)
    with opened(postgres, scoring, "secretary") as office:
        office.lock()
    with pytest.raises(Refused, match="已经锁定"):
        redeclare(postgres.url(scoring), walls.declared(tmp_path / "files"))


def test_the_address_survives_a_path(postgres: Cluster, walled: str) -> None:
    """Commands take a folder or an address; a Path keeps one slash of several."""
    with Round.open(Path(postgres.url(walled, panel="round"))) as workspace:
        assert workspace.shown == postgres.url(walled, panel="round")
        folder = workspace.folder
        assert (folder / "panel.yaml").exists()
    assert not folder.exists()


def test_what_the_server_says_is_said_in_words(postgres: Cluster, scoring: str) -> None:
    """What goes past the admission is refused by the database, with the same reason."""
    with opened(postgres, scoring, "e2") as own:
        entry = Entry("e2", "x", "score", "B", "i1", {"points": "5", "text": ""})
        with pytest.raises(Refused, match="没有被分配评这个对象，或须回避"), own.log.writing():
            own.log.append(entry)
        with pytest.raises(psycopg.errors.UndefinedFunction):
            own.log._db.execute("SELECT evalkit.nothing()")


def test_a_conflict_stated_late_bars_the_sheet(postgres: Cluster, scoring: str) -> None:
    """By the expert or for it; a seat that is given later opens one."""
    late = Entry("e2", "x", "score", "A", "i1", {"points": "5", "text": ""})
    with opened(postgres, scoring, "secretary") as office, opened(postgres, scoring, "e2") as own:
        for log, entry in (
            (own.log, Entry("e2", "c", "conflict", "A", "e2", {"text": "亲属"})),
            (office.log, Entry("secretary", "s", "assignment", "C", "e2", {"text": "补派"})),
        ):
            with log.writing():
                log.append(entry)
        with pytest.raises(Refused, match="须回避"), own.log.writing():
            own.log.append(late)
        with own.log.writing():
            own.log.append(replace(late, applicant="C"))


def test_a_sheet_is_taken_back_where_the_rules_say_so(postgres: Cluster, scoring: str) -> None:
    """Then it is the expert's own again; what was submitted stays known."""
    back = Entry("e2", "w", "withdraw", "D", "", {"text": "改一处"})
    again = Entry("e2", "x", "score", "D", "i1", {"points": "1", "text": ""})
    with postgres.connect(scoring) as db:
        db.execute("UPDATE evalkit.panel SET takes_back = true")
    with opened(postgres, scoring, "e2") as own, own.log.writing():
        own.log.append(back)
        own.log.append(again)
    with opened(postgres, scoring, "secretary") as office:
        assert seen(office, "e2", "D") == ["8.5", "3"]
        assert isinstance(events(office, "e2")[-1], Withheld)


def test_a_round_is_made_without_being_superuser(postgres: Cluster, tmp_path: Path) -> None:
    """Whoever owns the database and may create roles; others are told so."""
    with postgres.connect("postgres") as db:
        db.execute("CREATE ROLE maker LOGIN CREATEROLE")
    file = walls.declared(tmp_path / "files", id="made")
    try:
        with postgres.database("made") as name:
            url = postgres.url(name, "maker")
            with pytest.raises(InputError, match="建立评审须用数据库的所有者"):
                Round.create(url, file)
            with postgres.connect(name) as db:
                db.execute("ALTER DATABASE made OWNER TO maker")
            with Round.create(url, file):
                people = {made.person: made.role for made in accounts.make(url)}
            with Round.open(postgres.url(name, people["e2"])) as own:
                fill(own, "e2", "A")
            with Round.open(url) as maker:
                assert seen(maker, "e2", "A") == ["8.5", "3"]
                with pytest.raises(Refused, match="不是本评审组的成员"):
                    maker.record_opinion("A", "好", "e1")
            assert set(accounts.drop(url)) == set(people.values())
    finally:
        with postgres.connect("postgres") as db:
            db.execute("DROP ROLE maker")
