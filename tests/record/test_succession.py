"""A successor round: it takes what an upheld objection reopens, and nothing else."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from evalkit.base.errors import EvalkitError, InputError, Refused
from evalkit.log import chain
from evalkit.log.events import Entry
from evalkit.log.sqlite import SqliteLog
from evalkit.panel import load_panel
from evalkit.record.begin import LOG_FILE, PANEL_FILE
from evalkit.record.successor import FOLDER
from evalkit.round import Round
from evalkit.succession import predecessor, succeed
from tests.support.builders import panel_data, rubric_data, write
from tests.support.locked import (
    locked,
    panel,
    record,
    rubric,
    score,
    submit,
    upheld,
)
from tests.support.rounds import people


@pytest.fixture(name="old")
def _old(tmp_path: Path) -> Iterator[Round]:
    with locked(tmp_path / "files") as workspace:
        yield workspace


def totals(workspace: Round) -> dict[str, tuple[str | None, int | None]]:
    """Total and rank of each applicant."""
    return {a: (row["total"], row["rank"]) for a, row in people(workspace.results()).items()}


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below ``folder``; SQLite's empty journal is none."""
    files = (f for f in folder.rglob("*") if f.is_file() and not f.name.endswith("-journal"))
    return {str(f.relative_to(folder)): f.read_bytes() for f in files}


AS_LOCKED = {"A": ("16.00", 1), "B": ("13.00", 2), "C": ("13.00", 2), "D": ("8.00", 4)}


def test_a_sheet_is_given_back_and_counts_as_it_is_submitted_anew(old: Round) -> None:
    """The expert finds what it had entered; the lock waits for the new submission."""
    assert totals(old) == AS_LOCKED
    with succeed(old, old.folder.parent / "new", upheld(sheets=["e3:C"])) as new:
        cell = new.history().cell("e3", "C", "i1")
        assert cell is not None
        assert cell.payload["points"] == "8"
        assert not new.history().submitted("e3", "C")
        with pytest.raises(Refused, match="专家3（e3）：丙（C）的评分表已打齐，没有提交"):
            new.lock()
        new.append(score("e3", "C", "5"))
        new.append(submit("e3", "C"))
        new.lock()
        assert totals(new) == {**AS_LOCKED, "C": ("12.00", 3)}


def test_a_conflict_that_was_found_takes_the_scores_out(old: Round) -> None:
    """A panel file with the conflict says so; the sheet is closed for good."""
    with succeed(old, old.folder.parent / "new", upheld(recusals=["e1:D"])) as new:
        declared = load_panel(new.folder / PANEL_FILE)
        assert [(c.expert, c.applicant, c.reason) for c in declared.conflicts] == [
            ("e1", "D", "经核查，异议属实")
        ]
        with pytest.raises(Refused, match="没有重开"):
            new.append(score("e1", "D", "9"))
        new.lock()
        facts = new.results().facts
        frame = facts.to_frame()
        assert len(frame) == len(old.results().facts.to_frame()) - 1
        assert not ((frame["expert"] == "e1") & (frame["applicant"] == "D")).any()
        assert totals(new) == AS_LOCKED


VALUES = [
    (("measure", "D", "i2", "10"), "没有登记测量值", {"D": ("10.00", 4)}),
    (("measure", "D", "i2", "6"), "没有登记测量值", {}),
    (("recognition", "A", "bonus.n1", "3"), "没有认定", {"A": ("17.00", 1)}),
    (("recognition", "B", "late", "1.5"), "没有认定", {"B": ("11.50", 3)}),
    (("gate", "B", "g1", "9"), "没有登记", {"B": ("13.00", None), "D": ("8.00", 3)}),
]


@pytest.mark.parametrize(("entry", "missing", "changed"), VALUES)
def test_a_value_is_recorded_anew(
    old: Round, entry: tuple[str, str, str, str], missing: str, changed: dict[str, Any]
) -> None:
    """A measured value, a bonus item, a deduction, a condition, if only as it was: the lock waits
    for each.
    """
    _kind, applicant, name, _points = entry
    with succeed(old, old.folder.parent / "new", upheld(values=[f"{applicant}:{name}"])) as new:
        assert [(lack.applicant, lack.indicator) for lack in new.lacking()] == [(applicant, name)]
        with pytest.raises(Refused, match=missing):
            new.lock()
        assert new.record(*entry, "复核") is not None
        new.lock()
        assert totals(new) == {**AS_LOCKED, **changed}


def test_a_rule_is_read_anew(old: Round, tmp_path: Path) -> None:
    """The file of the panel may say other rules; what differs stands in the first entry."""
    (tmp_path / "anew").mkdir()
    ties = {"ties": ["indicator:i2"], "rounding": {"mode": "down", "stage": "total", "places": 1}}
    file = write(tmp_path / "anew", rubric(), panel(rules=ties))
    with succeed(old, tmp_path / "new", upheld(panel_file=file)) as new:
        found = new.history().succession
        assert found is not None
        assert found.rules == ("rules.rounding", "rules.ties")
        new.lock()
        assert totals(new)["A"] == ("16.0", 1)


def test_a_rubric_is_read_anew(old: Round, tmp_path: Path) -> None:
    """Another version beside the new file of the panel."""
    (tmp_path / "anew").mkdir()
    data = rubric()
    data["version"], data["deductions"][0]["points"] = "2", "6"
    file = write(tmp_path / "anew", data, panel())
    with succeed(old, tmp_path / "new", upheld(panel_file=file)) as new:
        assert new.history().succession.rules == ("rubric",)  # type: ignore[union-attr]
        assert new.rubric.version == "2"
        assert predecessor(new).rubric.version == "1"


REFUSED: list[tuple[Entry, str]] = [
    (score("e3", "B", "5"), "没有重开，仍按原来锁定的；重开的是：e3 对 C 的评分表、D 的 i2"),
    (score("e2", "C", "5"), "没有重开"),
    (submit("e2", "C"), "没有重开"),
    (record("measure", "C", "i2", "9"), "没有重开"),
    (record("gate", "D", "g1", "fail"), "没有重开"),
    (record("recognition", "A", "bonus.n1", "3"), "没有重开"),
    (Entry("secretary", "x", "reopen", "B", "e3", {"text": "再看"}), "没有重开"),
    (Entry("secretary", "x", "succession"), "未知的记录类型"),
    (score("e3", "C", "99"), "“99”不在 0 至 10 分之间"),
]


@pytest.mark.parametrize(("entry", "message"), REFUSED)
def test_nothing_else_is_taken(old: Round, entry: Entry, message: str) -> None:
    """The refusal names what is open, and nothing is stored."""
    objection = upheld(sheets=["e3:C"], values=["D:i2"])
    with succeed(old, old.folder.parent / "new", objection) as new:
        with pytest.raises(Refused) as caught:
            new.append(entry)
        assert message in caught.value.render()
        assert [event.kind for event in new.history().events] == ["succession"]


NOT_REOPENABLE: list[tuple[dict[str, Any], str]] = [
    ({}, "没有写明重开什么"),
    ({"sheets": ["e9:A"]}, "没有专家 e9"),
    ({"sheets": ["e1:Z"]}, "没有评审对象 Z"),
    ({"sheets": ["e1"]}, "请写成 专家:评审对象"),
    ({"recusals": ["e1:Z"]}, "没有评审对象 Z"),
    ({"values": ["A:i1"]}, "A 的“i1”不是由评审秘书或专家组登记的值"),
    ({"values": ["B:bonus.n1"]}, "B 的“bonus.n1”不是"),
    ({"sheets": ["e1:A"], "recusals": ["e1:A"]}, "有利益冲突，评分表不能重开"),
    ({"panel_file": "old"}, "与原来锁定的没有不同"),
]


@pytest.mark.parametrize(("reopened", "message"), NOT_REOPENABLE)
def test_what_cannot_be_reopened_leaves_no_folder(
    old: Round, reopened: dict[str, Any], message: str
) -> None:
    """Every fault is said in words before anything is there."""
    if "panel_file" in reopened:
        reopened = {"panel_file": old.folder / PANEL_FILE}
    with pytest.raises(EvalkitError) as caught:
        succeed(old, old.folder.parent / "new", upheld(**reopened))
    assert message in caught.value.render()
    assert [f.name for f in old.folder.parent.iterdir() if "new" in f.name] == []


def test_only_a_locked_round_has_a_successor(tmp_path: Path) -> None:
    """Before that, what is wrong is simply corrected."""
    (tmp_path / "files").mkdir()
    file = write(tmp_path / "files", rubric_data((10,)), panel_data(1, ["A"]))
    with Round.create(tmp_path / "old", file) as old, pytest.raises(Refused, match="尚未锁定"):
        succeed(old, tmp_path / "new", upheld(sheets=["e1:A"]))


CHANGED: list[tuple[dict[str, Any], str]] = [
    ({"id": "other"}, "id 与原来锁定的不同"),
    ({"assignment": {a: ["e1", "e2"] for a in "ABCD"}}, "assignment 与原来锁定的不同"),
    (
        {"conflicts": [{"expert": "e1", "applicant": "A", "reason": "顾问"}]},
        "conflicts 与原来锁定的不同；查实的利益冲突请用 --recuse",
    ),
    ({"rules": {"step": "5"}}, "“9”不是最小单位 5 的整数倍"),
]


@pytest.mark.parametrize(("change", "message"), CHANGED)
def test_a_new_file_changes_rules_and_no_more(
    old: Round, tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    """Nor rules under which the scores that stay could not have been given."""
    (tmp_path / "anew").mkdir()
    more = {"title": "复核", **change}
    file = write(tmp_path / "anew", rubric(), panel(**more))
    with pytest.raises(EvalkitError) as caught:
        succeed(old, tmp_path / "new", upheld(panel_file=file))
    assert message in caught.value.render()
    assert not (tmp_path / "new").exists()


def test_the_originals_stay_byte_by_byte(old: Round) -> None:
    """Neither the folder of the old round nor its copy in the new one is ever written to."""
    before = contents(old.folder)
    with succeed(old, old.folder.parent / "new", upheld(sheets=["e3:C"])) as new:
        new.append(score("e3", "C", "5"))
        new.append(submit("e3", "C"))
        new.lock()
        new.results()
        with predecessor(new) as kept:
            assert kept.results().digest == old.results().digest
        assert contents(new.folder / FOLDER) == before
    assert contents(old.folder) == before


def test_the_lock_of_the_successor_binds_what_it_supersedes(old: Round) -> None:
    """Root and results stand in the results as well, so that their digest is about them."""
    root = old.history().lock.payload["root"]  # type: ignore[union-attr]
    with succeed(old, old.folder.parent / "new", upheld(recusals=["e1:D"])) as new:
        new.lock()
        lock = new.history().lock
        assert lock is not None
        assert lock.payload["supersedes"] == root
        basis = new.results().to_dict()["basis"]
        assert basis["supersedes"] == {"root": root, "results": old.results().digest}
        assert basis["root"] == lock.payload["root"] != root


def tampered(log: Path, change: str) -> None:
    """Change the log behind the library's back, as its owner could."""
    log.chmod(0o644)
    with sqlite3.connect(log) as db:
        for kind in ("changed", "removed"):
            db.execute(f"DROP TRIGGER event_is_never_{kind}")
        db.execute("DROP TRIGGER event_continues_its_chain")
        db.execute(change)
    db.close()


CHANGES = [
    ("""UPDATE event SET payload = '{"points":"1","text":""}' WHERE author = 'e2' AND seq = 1""",
     "前一轮（predecessor）的日志被改动：e2 的第 1 条记录"),
    ("DELETE FROM event WHERE kind = 'lock'", "不是本轮所取代的那一轮"),
    ("DELETE FROM event WHERE author = 'e3'", "登记的根哈希与现有记录不符"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "message"), CHANGES)
def test_a_changed_predecessor_is_found(old: Round, change: str, message: str) -> None:
    """In the copy that the successor rests on; the lock and the facts refuse it."""
    with succeed(old, old.folder.parent / "new", upheld(recusals=["e1:D"])) as new:
        folder = new.folder
    tampered(folder / FOLDER / LOG_FILE, change)
    with Round.open(folder) as new:
        for ask in (new.facts, new.lock, new.require_lockable):
            with pytest.raises(InputError) as caught:
                ask()
            assert message in caught.value.render()


def test_another_round_in_its_place_is_found(tmp_path: Path) -> None:
    """A log that is whole in itself, and another one than that which was superseded."""
    with locked(tmp_path / "a") as one, locked(tmp_path / "b") as other:
        with succeed(one, tmp_path / "new", upheld(recusals=["e1:D"])) as new:
            new.lock()
        (tmp_path / "new" / FOLDER / LOG_FILE).unlink()
        shutil.copyfile(other.folder / LOG_FILE, tmp_path / "new" / FOLDER / LOG_FILE)
    with Round.open(tmp_path / "new") as new, pytest.raises(InputError, match="不是本轮所取代的"):
        new.results()


def test_without_its_first_entry_a_successor_takes_nothing(old: Round) -> None:
    """Nor without the round before, nor with a second first entry that would open more."""
    with succeed(old, old.folder.parent / "new", upheld(sheets=["e3:C"])) as new:
        first = new.history().events[0]
        folder = new.folder
    log = SqliteLog(folder / LOG_FILE, "round")
    with log.writing():
        payload = {**first.payload, "sheets": "e1:A e3:C"}
        log.append(Entry("secretary", "more", "succession", payload=payload))
    log.close()
    with Round.open(folder) as new, pytest.raises(InputError, match="复核轮次的第一条记录"):
        new.facts()
    tampered(folder / LOG_FILE, "DELETE FROM event")
    with Round.open(folder) as new, pytest.raises(InputError, match="复核轮次缺第一条记录"):
        new.append(score("e3", "C", "5"))
    shutil.rmtree(folder / FOLDER)
    with Round.open(folder) as new:
        assert new.history().succession is None


def test_an_entry_behind_the_lock_is_found(old: Round) -> None:
    """The chain of its author is whole; the root of the lock does not know it."""
    log = old.log
    root = old.history().heads["e1"]
    with sqlite3.connect(old.folder / LOG_FILE) as db:
        db.execute("DROP TRIGGER event_continues_its_chain")
    db.close()
    with log.writing():
        log.append(score("e1", "A", "1"))
    assert root.seq < old.history().heads["e1"].seq
    with pytest.raises(InputError, match="锁定之后还有记录"):
        old.results()


def test_files_changed_after_the_beginning_are_found(old: Round) -> None:
    """What is read anew was said at the beginning; a later change is another objection."""
    with succeed(old, old.folder.parent / "new", upheld(recusals=["e1:D"])) as new:
        folder = new.folder
    text = (folder / PANEL_FILE).read_text("utf-8")
    (folder / PANEL_FILE).write_text(text.replace("places: 2", "places: 1"), "utf-8")
    with Round.open(folder) as new:
        with pytest.raises(InputError, match="复核轮次开始之后"):
            new.results(trial=True)
        with pytest.raises(InputError, match="复核轮次开始之后"):
            new.lock()


def test_a_successor_has_a_successor(old: Round, tmp_path: Path) -> None:
    """What the first reopened is closed again; its conflict stays; all three are verified."""
    with succeed(old, tmp_path / "second", upheld(sheets=["e3:C"], recusals=["e1:D"])) as second:
        second.append(score("e3", "C", "5"))
        second.append(submit("e3", "C"))
        second.lock()
        with succeed(second, tmp_path / "third", upheld(values=["D:i2"])) as third:
            with pytest.raises(Refused, match="没有重开"):
                third.append(score("e3", "C", "8"))
            third.append(record("measure", "D", "i2", "10"))
            third.lock()
            assert totals(third) == {**AS_LOCKED, "C": ("12.00", 3), "D": ("10.00", 4)}
            assert ("D", "e1") in third.panel.recused
            with predecessor(third) as kept, predecessor(kept) as first:
                assert kept.results().digest == second.results().digest
                assert first.results().digest == old.results().digest
    tampered(
        tmp_path / "third" / FOLDER / FOLDER / LOG_FILE,
        """UPDATE event SET payload = '{"points":"1","text":""}' WHERE author = 'e2' AND seq = 1""",
    )
    with Round.open(tmp_path / "third") as third, pytest.raises(InputError) as caught:
        third.results()
    twice = "前一轮（predecessor）的前一轮（predecessor）的日志被改动"
    assert twice in caught.value.render()


CONFLICTS = [
    "",
    "conflicts: []\n",
    "conflicts:\n- {expert: e2, applicant: B, reason: 顾问}\n",
    "conflicts:\n  # 申报\n  - expert: e2\n    applicant: B\n    reason: 顾问\n\n",
    'conflicts: [{expert: e2, applicant: B, reason: "顾问: #1"}]\n',
]


@pytest.mark.parametrize("text", CONFLICTS)
@pytest.mark.parametrize("last", [True, False])
def test_conflicts_are_added_to_the_file_as_people_write_it(
    tmp_path: Path, text: str, *, last: bool
) -> None:
    """However the file lists them; everything else stays to the letter, comments too."""
    files = tmp_path / "files"
    files.mkdir()
    write(files, rubric_data((10,)), panel_data(2, ["A", "B"], {"missing": "exclude"}))
    plain = "# 说明\n" + (files / PANEL_FILE).read_text("utf-8")
    (files / PANEL_FILE).write_text(plain + text if last else text + plain, "utf-8")
    with Round.create(tmp_path / "old", files / PANEL_FILE) as old:
        for expert, applicant in (("e1", "A"), ("e1", "B"), ("e2", "A")):
            old.append(score(expert, applicant, "5"))
            old.append(submit(expert, applicant))
        old.lock()
        known = {(c.expert, c.applicant, c.reason) for c in old.panel.conflicts}
        with succeed(old, tmp_path / "new", upheld(recusals=["e1:A"])) as new:
            found = {(c.expert, c.applicant, c.reason) for c in new.panel.conflicts}
            assert found == known | {("e1", "A", "经核查，异议属实")}
            written = (new.folder / PANEL_FILE).read_text("utf-8")
            assert written.startswith(plain.rstrip() if last else "# 说明")
            tree = yaml.load(written, yaml.CSafeLoader)
            del tree["conflicts"]
            assert tree == yaml.load(plain, yaml.CSafeLoader)


def test_conflicts_in_a_table_are_taken_over(tmp_path: Path) -> None:
    """The file then lists them itself; the tables beside it come along."""
    files = tmp_path / "files"
    files.mkdir()
    write(files, rubric_data((10,)), panel_data(2, ["A", "B"], conflicts="conflicts.csv"))
    (files / "conflicts.csv").write_text("expert,applicant,reason\ne2,B,顾问\n", "utf-8")
    with Round.create(tmp_path / "old", files / PANEL_FILE) as old:
        for expert, applicant in (("e1", "A"), ("e1", "B"), ("e2", "A")):
            old.append(score(expert, applicant, "5"))
            old.append(submit(expert, applicant))
        old.lock()
        with succeed(old, tmp_path / "new", upheld(recusals=["e1:A"])) as new:
            assert set(new.panel.recused) == {("B", "e2"), ("A", "e1")}
            with predecessor(new) as kept:
                assert kept.panel.digest == old.panel.digest


AFTER = datetime(2026, 3, 1, tzinfo=UTC)
TIMES = {"opens": "2026-01-19T09:00:00+08:00", "lock": "2026-01-26T17:30:00+08:00"}


def test_times_of_the_first_round_do_not_bind_its_successor(tmp_path: Path) -> None:
    """They are over; a file with times of its own binds again."""
    times = [datetime(2026, 1, 20, tzinfo=UTC)]
    files = tmp_path / "files"
    files.mkdir()
    enforced = {"schedule": {**TIMES, "enforced": "true"}}
    file = write(files, rubric_data((10,)), panel_data(1, ["A"], **enforced))
    with Round.create(tmp_path / "old", file, lambda: times[0]) as old:
        old.append(score("e1", "A", "5"))
        old.append(submit("e1", "A"))
        times[0] = AFTER
        old.lock()
        with succeed(old, tmp_path / "new", upheld(sheets=["e1:A"])) as new:
            new.append(score("e1", "A", "6"))
        enforced["schedule"]["lock"] = "2026-02-26T17:30:00+08:00"
        file = write(files, rubric_data((10,)), panel_data(1, ["A"], **enforced))
        objection = upheld(sheets=["e1:A"], panel_file=file)
        with (
            succeed(old, tmp_path / "timed", objection) as new,
            pytest.raises(Refused, match="截止"),
        ):
            new.append(score("e1", "A", "6"))


def test_a_window_of_the_first_round_overwrites_nothing(old: Round) -> None:
    """Numbers begin anew: a cell that was taken over has the number 0."""
    with succeed(old, old.folder.parent / "new", upheld(sheets=["e3:C"])) as new:
        with pytest.raises(Refused, match="另一个窗口"):
            new.append(score("e3", "C", "5"), seen=3)
        new.append(score("e3", "C", "5"), seen=0)
        new.append(score("e3", "C", "6"), seen=1)


def test_chains_and_ids_are_those_of_the_new_log(old: Round) -> None:
    """An id of the first round may be used again; every chain begins with its first event."""
    with succeed(old, old.folder.parent / "new", upheld(sheets=["e3:C"])) as new:
        used = old.history().cell("e3", "C", "i1")
        assert used is not None
        entry = Entry("e3", used.event_id, "score", "C", "i1", {"points": "6", "text": ""})
        receipt = new.append(entry)
        assert (receipt.seq, new.append(entry)) == (1, receipt)
        assert {e.author: e.seq for e in new.history().events} == {"secretary": 1, "e3": 1}
        chain.verify(new.history().events)
