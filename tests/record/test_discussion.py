"""A discussion before the lock: when, by whom, and what was changed in it and why."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from evalkit.base.errors import EvalkitError, Refused
from evalkit.log.events import Entry
from evalkit.record import discussion
from evalkit.round import Round
from tests.support.builders import panel_data, rubric_data, write
from tests.support.command import evalkit

ALL = {"discussion": {"opens": "after_all_submitted", "experts": "named"}}
OWN = {"discussion": {"opens": "after_own_submitted", "experts": "named"}}


def make(folder: Path, rules: dict[str, Any] = ALL, **more: Any) -> Round:
    """Two experts, the first of them the chair, two applicants, two indicators."""
    folder.mkdir()
    panel = write(folder, rubric_data((10, 5)), panel_data(2, ["A", "B"], rules, **more))
    return Round.create(folder / "round", panel)


def score(round: Round, expert: str, applicant: str, points: str, text: str = "") -> None:
    """The first indicator of a sheet."""
    payload = {"points": points, "text": text}
    round.append(Entry(expert, uuid4().hex, "score", applicant, "i1", payload))


def submit(round: Round, expert: str, applicant: str) -> None:
    """Hand a sheet in."""
    round.append(Entry(expert, uuid4().hex, "submit", applicant))


def fill(round: Round, *sheets: tuple[str, str]) -> None:
    """Score and submit sheets; the first indicator of A gets 8 from e1 and 2 from e2."""
    for expert, applicant in sheets:
        score(round, expert, applicant, "8" if expert == "e1" else "2", "原来的看法")
        payload = {"points": "4", "text": ""}
        round.append(Entry(expert, uuid4().hex, "score", applicant, "i2", payload))
        submit(round, expert, applicant)


EVERY = [(e, a) for e in ("e1", "e2") for a in ("A", "B")]


def test_it_waits_until_every_sheet_is_submitted(tmp_path: Path) -> None:
    """And says how many are not."""
    with make(tmp_path / "files") as round:
        fill(round, *EVERY[:3])
        with pytest.raises(Refused, match="还有 1 份评分表没有提交"):
            round.discuss("open", "分歧大")
        fill(round, EVERY[3])
        round.discuss("open", "分歧大", by="e1", sheets=[("e2", "A")])
        assert round.history().discussion is not None
        assert round.history().given_back == {("e2", "A")}


def test_where_own_sheets_are_enough_the_chair_waits_for_their_own(tmp_path: Path) -> None:
    """The secretary, who owes none, does not."""
    with make(tmp_path / "files", OWN) as round:
        with pytest.raises(Refused, match="您自己的评分表"):
            round.discuss("open", "分歧大", by="e1")
        fill(round, ("e1", "A"), ("e1", "B"))
        round.discuss("open", "分歧大", by="e1")
        round.discuss("closed", "谈完了")
        round.discuss("open", "再谈一次")


@pytest.mark.parametrize(
    ("rules", "said"),
    [({}, "没有声明"), ({"discussion": {"opens": "never", "experts": "named"}}, "never")],
)
def test_undeclared_and_never_are_refused(tmp_path: Path, rules: dict[str, Any], said: str) -> None:
    """There is no default: a panel that says nothing has no discussion."""
    with make(tmp_path / "files", rules) as round:
        fill(round, *EVERY)
        with pytest.raises(Refused, match=said):
            round.discuss("open", "分歧大")
        assert round.discussions() == []


WRONG = [
    (Entry("e2", "1", "discussion", payload={"state": "open", "text": "想谈"}), "组长或评审秘书"),
    (Entry("e1", "1", "discussion", payload={"state": "open", "text": " "}), "请写明理由"),
    (Entry("e1", "1", "discussion", payload={"state": "half", "text": "谈"}), "state"),
    (Entry("e1", "1", "discussion", "A", payload={"state": "open", "text": "谈"}), "state"),
    (Entry("e1", "1", "discussion", payload={"text": "谈"}), "state"),
    (Entry("e1", "1", "discussion", payload={"state": "closed", "text": "谈"}), "没有正在进行"),
    (Entry("e1", "1", "reopen", "A", "e2", {"text": "谈"}), "讨论期间组长也可以"),
]


@pytest.mark.parametrize(("entry", "said"), WRONG)
def test_what_is_none_is_refused(tmp_path: Path, entry: Entry, said: str) -> None:
    """With the reason."""
    with make(tmp_path / "files") as round:
        fill(round, *EVERY)
        with pytest.raises(EvalkitError, match=said):
            round.append(entry)


def test_a_change_in_it_says_why(tmp_path: Path) -> None:
    """In a comment that is not the one which the former points had; the same points need none."""
    with make(tmp_path / "files") as round:
        fill(round, *EVERY)
        round.discuss("open", "分歧大", by="e1", sheets=[("e2", "A")])
        for text in ("", " ", "原来的看法"):
            with pytest.raises(Refused, match="讨论中改分须写明理由"):
                score(round, "e2", "A", "6", text)
        with pytest.raises(Refused, match="讨论中改分须写明理由"):
            round.append(Entry("e2", "c", "clear", "A", "i1", {"text": ""}))
        score(round, "e2", "A", "2", "材料第 9 页有新的证据")  # the comment first, as in the form
        score(round, "e2", "A", "6", "材料第 9 页有新的证据")
        assert round.history().cell("e2", "A", "i1").payload["points"] == "6"
        score(round, "e2", "A", "2", "")  # back to what it was


def test_before_and_after_stay_apart(tmp_path: Path) -> None:
    """Who changed what, from what, to what, why; what held before is still there to be read."""
    with make(tmp_path / "files") as round:
        fill(round, *EVERY)
        round.discuss("open", "分歧大", by="e1", sheets=[("e2", "A"), ("e2", "B")])
        score(round, "e2", "A", "6", "漏看了附件")
        (one,) = round.discussions()
        assert one.closed is None
        assert [c.after.payload["points"] for c in one.changes] == ["6"]
        assert one.submitted_only(round.history()) == []
        with pytest.raises(Refused, match="还有 2 份退回的评分表"):
            round.discuss("closed", "谈完了")
        submit(round, "e2", "A")
        submit(round, "e2", "B")
        round.discuss("closed", "谈完了", by="e1")
        score_before = discussion.before(round.history(), 0).cell("e2", "A", "i1")
        (one,) = round.discussions()
        assert one.given_back == [("e2", "A"), ("e2", "B")]
        (change,) = one.changes
        assert change.before is not None
        assert change.before.payload == score_before.payload
        row = change.row(round.rubric, round.panel, named=True)
        told = ["专家2（e2）", "对象A", "指标1", "2", "6", "漏看了附件"]
        assert [str(cell) for cell in row] == told
        assert str(change.row(round.rubric, round.panel, named=False)[0]) == "一位专家"
        assert discussion.scores_changed(one.changes) == 1


def test_the_lock_waits_for_its_end(tmp_path: Path) -> None:
    """An open one is on the list of what is missing, and the chair owes it."""
    with make(tmp_path / "files") as round:
        fill(round, *EVERY)
        round.discuss("open", "分歧大")
        (lack,) = round.lacking()
        assert (lack.kind, lack.owes) == ("discussion", "e1")
        with pytest.raises(Refused, match="讨论没有结束"):
            round.lock()
        round.discuss("closed", "谈完了")
        round.lock()
        with pytest.raises(Refused, match="锁定"):
            round.discuss("open", "还想谈")


def test_a_chair_in_conflict_gives_nothing_back(tmp_path: Path) -> None:
    """Of the applicant that they are kept apart from."""
    conflicts = [{"expert": "e1", "applicant": "A", "reason": "曾任顾问"}]
    with make(tmp_path / "files", conflicts=conflicts) as round:
        fill(round, ("e2", "A"), ("e1", "B"), ("e2", "B"))
        with pytest.raises(Refused, match="利益冲突（曾任顾问）"):
            round.discuss("open", "分歧大", by="e1", sheets=[("e2", "A")])
        assert round.history().discussion is None  # all of it or nothing
        round.discuss("open", "分歧大", by="e1", sheets=[("e2", "B")])


def test_by_command(tmp_path: Path) -> None:
    """Opened with sheets, listed, closed."""
    with make(tmp_path / "files") as round:
        fill(round, *EVERY)
        folder = round.folder
    assert evalkit("panel", "changes", folder).stdout.strip() == "没有讨论过"
    options = ("--reason", "分歧大", "--by", "e1", "--applicant", "A", "--expert", "e2")
    run = evalkit("panel", "discuss", folder, "open", *options)
    assert (run.returncode, run.stdout.strip()) == (0, "讨论已开始，退回 1 份评分表")
    with Round.open(folder) as round:
        score(round, "e2", "A", "6", "漏看了附件")
    assert "另有 1 处" in evalkit("panel", "changes", folder).stdout
    with Round.open(folder) as round:
        submit(round, "e2", "A")
    run = evalkit("panel", "discuss", folder, "close", "--reason", "谈完了", "--by", "e1")
    assert run.stdout.strip() == "讨论已结束，其间改动 1 处"
    listed = evalkit("panel", "changes", folder).stdout
    assert "漏看了附件" in listed
    assert "讨论没有结束" not in listed
    wrong = evalkit("panel", "discuss", folder, "close", "--reason", "完", "--applicant", "A")
    assert wrong.returncode == 2
