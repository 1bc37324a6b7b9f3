"""Conflicts, commitments and seats of an open round: what is admitted, and what follows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import evalkit as ek
from evalkit.base.errors import Refused
from evalkit.log.events import Entry
from evalkit.record import commitment
from evalkit.round import Round
from evalkit.succession import UpheldObjection, succeed
from tests.support.builders import panel_data, rubric_data, table, write
from tests.support.command import evalkit

SEATS = {"A": ["e1", "e2"], "B": ["e2", "e3"], "C": ["e1", "e3"]}
PROMISE = {"text": "本人承诺对评审情况保密；有利害关系的主动回避。", "before": "scoring"}


def begun(folder: Path, **more: Any) -> Round:
    """Four experts, three applicants of two experts each."""
    rules = more.pop("rules", {})
    given = {"assigning": {"experts": 2, "seed": 7}, "assignment": SEATS} | more
    given = {key: value for key, value in given.items() if value is not None}
    panel = panel_data(4, list("ABC"), rules, **given)
    (folder / "files").mkdir()
    file = write(folder / "files", rubric_data((10,)), panel)
    return Round.create(folder / "round", file)


def scored(round_: Round, **points: int) -> None:
    """Enter and submit sheets: ``e1_A=8`` is expert e1 on applicant A."""
    for name, given in points.items():
        expert, applicant = name.split("_")
        payload = {"points": str(given), "text": ""}
        round_.append(Entry(expert, f"{name}-1", "score", applicant, "i1", payload))
        round_.append(Entry(expert, f"{name}-2", "submit", applicant))


def test_a_late_conflict_by_commands(tmp_path: Path) -> None:
    """Scores stay in the log and no longer count, another expert fills the seat, nobody else's
    sheet is touched, and minutes and digest say what was in force.
    """
    with begun(tmp_path) as round_:
        folder, declared = round_.folder, round_.panel.digest
        scored(round_, e1_A=8, e2_A=2, e2_B=5, e3_B=7, e1_C=6, e3_C=6)
        before = len(round_.history().events)
    run = evalkit(
        "record", "conflict", folder, "--expert", "e2", "--applicant", "A", "--reason", "亲属"
    )
    assert run.returncode == 0, run.stderr
    assert "对象A（A）只有 1 位专家可以打分，本轮要求 2 位" in run.stdout
    run = evalkit("panel", "lock", folder, "--yes")
    assert "只有 1 位专家可以打分" in run.stderr
    run = evalkit("panel", "assign", folder, "--reason", "e2 回避后补派", "--seed", "1")
    assert "新分配 1 个席位" in run.stdout, run.stderr
    assert "亲属" in evalkit("panel", "conflicts", folder).stdout
    with Round.open(folder) as round_:
        events = round_.history().events[before:]
        assert [(e.kind, e.applicant, e.author) for e in events] == [
            ("conflict", "A", "secretary"),
            ("assignment", "A", "secretary"),
        ]
        new = events[1].indicator
        assert new == "e4"  # who has least to do
        assert events[1].payload["seed"] == "1"
        assert round_.panel.seats("A") == ("e1", "e2", "e4")
        assert {a: round_.panel.seats(a) for a in "BC"} == {"B": ("e2", "e3"), "C": ("e1", "e3")}
        assert round_.history().cell("e2", "A", "i1").payload["points"] == "2"
        assert round_.set_aside() == [("A", "e2", "i1", "2", "")]
        scored(round_, e4_A=9)
        round_.lock()
        results = round_.results()
        assert results.for_applicant("A")["total"] == "8.50"
        assert results.panel.digest == declared == round_.history().lock.payload["panel"]
        apart = ek.Views(results).minutes()["apart"]
        assert [(r["applicant"], r["expert"], r["reasons"]) for r in apart] == [
            ("对象A", "专家2", ["亲属"])
        ]
        notes = ek.Views(results).panel()["notes"]
        assert {"applicant": "A", "expert": "e2", "use": "conflict", "reason": "亲属"} in notes
    with Round.open(folder) as again:
        assert again.results().digest == results.digest


WRONG = [
    (Entry("e1", "1", "conflict", "A", "e2", {"text": "亲属"}), "由专家本人或评审秘书登记"),
    (Entry("e2", "1", "conflict", "A", "e2", {"text": " "}), "请写明理由"),
    (Entry("e2", "1", "conflict", "Z", "e2", {"text": "亲属"}), "没有评审对象 Z"),
    (Entry("e9", "1", "conflict", "A", "e9", {"text": "亲属"}), "没有专家 e9"),
    (Entry("e2", "1", "conflict", "A", "e2", {"text": "亲属", "x": ""}), "内容应为 text"),
    (Entry("secretary", "1", "conflict", "C", "e2", {"text": "亲属"}), "已经回避（曾任顾问）"),
    (Entry("e2", "1", "assignment", "A", "e3", {"text": "补派"}), "只有评审秘书可以分配专家"),
    (Entry("secretary", "1", "assignment", "A", "e2", {"text": "补派"}), "已经被分配评"),
    (Entry("secretary", "1", "assignment", "C", "e2", {"text": "补派"}), "不能分配"),
    (Entry("secretary", "1", "assignment", "A", "e3", {"text": ""}), "请写明理由"),
    (Entry("e2", "1", "commitment", "", "e2", {"digest": "0", "given": "form"}), "本轮不登记"),
]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Round]:
    """A round in which e2 is apart from C."""
    conflicts = [{"expert": "e2", "applicant": "C", "reason": "曾任顾问"}]
    with begun(tmp_path_factory.mktemp("plain"), conflicts=conflicts) as round_:
        yield round_


@pytest.mark.parametrize(("entry", "why"), WRONG)
def test_what_is_not_admitted(plain: Round, entry: Entry, why: str) -> None:
    """Only who may record it, only what is not there yet, and never without a reason."""
    with pytest.raises(ek.EvalkitError, match=why):
        plain.append(entry)
    assert not plain.history().acts


def test_where_all_score_all_nobody_is_assigned(tmp_path: Path) -> None:
    """A conflict needs no other seat then; a seat is refused, and the command says so."""
    with begun(tmp_path, assignment="all", assigning=None) as round_:
        with pytest.raises(Refused, match="不必分配"):
            round_.append(Entry("secretary", "1", "assignment", "A", "e3", {"text": "补派"}))
        round_.record_conflict("专家3", "亲属", "对象A", by="e3")
        assert [e for e in "1234" if round_.panel.may_score("A", f"e{e}")] == ["1", "2", "4"]
        assert round_.history().acts[0].author == "e3"
        folder = round_.folder
    run = evalkit("panel", "assign", folder, "--reason", "补派")
    assert (run.returncode, "不必分配" in run.stdout) == (0, True)


def test_an_expert_leaves(tmp_path: Path) -> None:
    """Without an applicant, all that the expert was to score; all of it or nothing."""
    with begun(tmp_path) as round_:
        assert len(round_.record_conflict("e1", "因病退出")) == 2
        with pytest.raises(Refused, match="没有要评的对象"):
            round_.record_conflict("e1", "因病退出")
        answer = round_.assign("补派", 3)
        assert set(answer.added) == {"A", "C"}
        assert round_.assign("补派", 3).added == {}
        assert not round_.progress()[0].due


def test_nothing_is_assigned_where_it_cannot_be(tmp_path: Path) -> None:
    """The applicant that has too few is named, and the log stays as it was."""
    with begun(tmp_path) as round_:
        for expert in ("e1", "e3", "e4"):
            round_.record_conflict(expert, "亲属", "A")
        with pytest.raises(Refused, match="对象A（A）须有 2 位专家，能评的只有 1 位") as refused:
            round_.assign("补派", 3)
        assert "回避 3" in str(refused.value)
        assert [e.kind for e in round_.history().acts] == ["conflict"] * 3


def test_a_trial_stores_nothing_and_a_lock_closes(tmp_path: Path) -> None:
    """`--dry-run` shows what would be; after the lock nothing of it is taken."""
    with begun(tmp_path, rules={"missing": "exclude"}) as round_:
        round_.record_conflict("e2", "亲属", "A")
        folder = round_.folder
        run = evalkit("panel", "assign", folder, "--dry-run", "--explain", "--applicant", "A")
        assert "专家2（e2）：回避，亲属" in run.stdout
        assert len(round_.history().acts) == 1
        round_.assign("补派", 3)
        scored(round_, e1_A=8, e2_B=5, e3_C=6)
        round_.lock()
        for act in (
            lambda: round_.record_conflict("e1", "亲属", "A"),
            lambda: round_.assign("", 1),
        ):
            with pytest.raises(Refused, match="锁定"):
                act()


def test_commitments_come_before_scores(tmp_path: Path) -> None:
    """In the form by the expert, on paper by the secretary; of another text it counts no more."""
    with begun(tmp_path, rules={"commitment": PROMISE}) as round_:
        folder = round_.folder
        with pytest.raises(Refused, match="作出保密和回避承诺之后才能打分"):
            scored(round_, e1_A=8)
        assert commitment.view(round_.panel, round_.history().acts, "e1")["at"] is None
        round_.record_commitment("e1")
        run = evalkit("record", "commitment", folder, "--expert", "e2", "--source", "3 号卷")
        assert run.returncode == 0, run.stderr
        acts = round_.history().acts
        assert [(a.author, a.indicator, a.payload["given"]) for a in acts] == [
            ("e1", "e1", "form"),
            ("secretary", "e2", "paper"),
        ]
        assert commitment.view(round_.panel, acts, "e1")["at"] == acts[0].at
        with pytest.raises(Refused, match="已经登记"):
            round_.record_commitment("e1")
        wrong = {"digest": "0" * 64, "given": "form"}
        with pytest.raises(Refused, match="承诺书的文字已经改过"):
            round_.append(Entry("e3", "1", "commitment", "", "e3", wrong))
        scored(round_, e1_A=8, e2_A=6, e2_B=5, e1_C=6)
        owing = [lack.owes for lack in round_.lacking() if lack.kind == "commitment"]
        assert owing == ["e3"]  # nobody is assigned to e4
    panel = folder / "panel.yaml"
    panel.write_text(panel.read_text("utf-8").replace("主动回避", "一律主动回避"), "utf-8")
    with Round.open(folder) as round_:
        owing = [lack.owes for lack in round_.lacking() if lack.kind == "commitment"]
        assert owing == ["e1", "e2", "e3"]


def test_before_the_lock_is_later_than_before_scoring(tmp_path: Path) -> None:
    """Scores are taken, and the lock waits."""
    with begun(tmp_path, rules={"commitment": PROMISE | {"before": "lock"}}) as round_:
        scored(round_, e1_A=8, e2_A=6, e2_B=5, e3_B=5, e1_C=6, e3_C=6)
        with pytest.raises(Refused, match="没有作出保密和回避承诺"):
            round_.lock()
        for expert in ("e1", "e2", "e3"):
            round_.record_commitment(expert, "1 号卷")
        round_.lock()


def test_a_successor_keeps_what_was_recorded(tmp_path: Path) -> None:
    """Its panel is that in force at the lock; seats and conflicts are closed in it."""
    with begun(tmp_path) as old:
        old.record_conflict("e2", "亲属", "A")
        old.assign("补派", 3)
        new = next(e for e in old.panel.seats("A") if e not in ("e1", "e2"))
        scored(old, **{"e1_A": 8, f"{new}_A": 6, "e2_B": 5, "e3_B": 5, "e1_C": 6, "e3_C": 6})
        old.lock()
        upheld = UpheldObjection("核对有误", "异议 1", "厅务会议", sheets=["e1:C"])
        with succeed(old, tmp_path / "next", upheld) as after:
            assert after.panel.seats("A") == old.panel.seats("A")
            assert ("A", "e2") in after.panel.recused
            with pytest.raises(Refused, match="没有重开"):
                after.record_conflict("e1", "亲属", "B")
            entry = Entry("secretary", "x", "assignment", "A", "e3", {"text": "补派"})
            with pytest.raises(Refused, match="没有重开"):
                after.append(entry)


def test_the_last_word_is_that_of_the_log(tmp_path: Path) -> None:
    """Two processes: whoever has an older state of the panel reads on before it admits."""
    with begun(tmp_path) as one, Round.open(one.folder) as other:
        assert other.panel.may_score("A", "e2")
        one.record_conflict("e2", "亲属", "A")
        with pytest.raises(Refused, match="利益冲突（亲属）"):
            scored(other, e2_A=5)
        assert not other.panel.may_score("A", "e2")


def test_imported_scores_follow_the_panel_in_force(tmp_path: Path) -> None:
    """A table for the expert who took the seat is taken; for the one who left it, refused."""
    with begun(tmp_path) as round_:
        round_.record_conflict("e2", "亲属", "A")
        round_.append(Entry("secretary", "x", "assignment", "A", "e3", {"text": "补派"}))
        frame = table({"A": [[8], [2], [6]]})
        with pytest.raises(ek.InputError, match="e2"):
            round_.import_scores(frame)
        kept = frame[frame["expert"] != "e2"]
        assert round_.import_scores(kept) == 4
