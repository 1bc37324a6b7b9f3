"""The board: everything that it shows and stores is the round's own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from evalkit.log.events import Entry
from evalkit.round import Round
from evalkit.workbench import panel_board
from evalkit.workbench.board import Board
from tests.support.builders import ROOT, panel_data, rubric_data, write
from tests.support.served import PATIENCE, free_port, running

MEASURES = {
    "measures": {
        "missing": "refuse",
        "indicators": {"i2": {"method": "target_ratio", "better": "higher", "target": "30"}},
    }
}


def make(folder: Path) -> Round:
    """One expert, one applicant, an indicator to score and one to measure."""
    rubric = rubric_data((10, 10))
    rubric["dimensions"][0]["indicators"][1] |= {"kind": "quantitative", "unit": "万元"}
    folder.mkdir()
    panel = write(folder, rubric, panel_data(1, ["A"], MEASURES))
    return Round.create(folder / "round", panel)


@pytest.fixture(name="board")
def _board(tmp_path: Path) -> Any:
    with make(tmp_path / "files") as workspace:
        yield Board(workspace)


def enter(board: Board, value: str, evidence: str = "报表第 1 页", reason: str = "") -> str:
    """Type it and press the button; what is said then."""
    board._record._what.value = 0
    board._record.form.enter(value=value, evidence=evidence, reason=reason)
    return str(board._said.value)


def test_it_shows_what_is_missing_and_who_owes_it(board: Board) -> None:
    """The same list as the command's."""
    assert "还缺 2 项" in board._head.value
    assert board._reminders.value.splitlines() == [
        lack.line().render() for lack in board.round.lacking()
    ]


def test_a_value_is_recorded_in_the_name_of_whoever_enters_it(board: Board) -> None:
    """With unit and evidence; the list is shorter then, and the mark is there."""
    assert "已登记 A 的 i2：0.0012亿元" in enter(board, "0.0012亿元")
    event = board.round.history().recorded("measure", "A", "i2")
    assert event is not None
    assert (event.author, event.payload["text"]) == (board.round.panel.secretary.id, "报表第 1 页")
    assert "还缺 1 项" in board._head.value
    assert board._record._what.options[0][0].startswith("✓")


def test_what_the_rules_refuse_is_said_and_not_stored(board: Board) -> None:
    """A value that is none, and a change without a reason."""
    assert "不是数字" in enter(board, "许多")
    assert not board.round.history().events
    enter(board, "12")
    said = enter(board, "13")
    assert "理由" in said
    assert "已登记 A" in enter(board, "13", reason="报表更正")
    assert [e.payload["points"] for e in board.round.history().events] == ["12", "13"]


def test_what_was_typed_stays_after_a_refusal(board: Board) -> None:
    """The form is drawn anew only when something was stored."""
    before = board._record.form.drawn
    board._record.form.enter(value="许多", evidence="报表")
    assert board._record.form.drawn == before
    board._record.form.enter(value="12", evidence="报表")
    assert board._record.form.drawn > before


def test_a_message_about_another_thing_is_not_taken(board: Board) -> None:
    """What was shown before, fields that are none, and what is no text."""
    form = board._record.form
    message = {"type": "enter", "drawn": form.drawn - 1, "values": {"value": "12"}}
    form._receive(form, message, [])
    form._receive(form, {**message, "drawn": form.drawn, "values": {"value": 12}}, [])
    form._receive(form, {"type": "other"}, [])
    assert board.round.history().events == []


def test_text_of_others_is_never_markup(board: Board) -> None:
    """What somebody types comes back as text."""
    assert "<script>" not in enter(board, "<script>alert(1)</script>")


def test_the_lock_waits_and_asks_twice(board: Board) -> None:
    """The button is dead while anything is missing; the first press locks nothing."""
    locking = board._lock
    assert locking._ask.disabled
    enter(board, "12")
    expert = board.round.panel.experts[0].id
    score = {"points": "8", "text": ""}
    board.round.append(Entry(expert, "1", "score", "A", "i1", score))
    board.round.append(Entry(expert, "2", "submit", "A"))
    board.show("")
    assert not locking._ask.disabled
    locking._ask.click()
    assert board.round.history().lock is None
    locking._question.children[1].click()
    assert board.round.history().lock is None
    locking._ask.click()
    locking._question.children[0].click()
    lock = board.round.history().lock
    assert lock is not None
    assert lock.payload["root"] in locking._state.value
    assert board.round.results().digest


def test_in_english(tmp_path: Path) -> None:
    """No Chinese but names and what the texts say."""
    with make(tmp_path / "files") as workspace:
        board = Board(workspace, "en")
        tab = board.children[1]
        assert all(title.isascii() for title in tab.titles)


def test_without_a_round_it_is_practice() -> None:
    """A demo in a folder of its own."""
    board = panel_board()
    assert "practice" in str(board.round.folder)
    assert len(board.round.lacking()) > 100


def test_a_secretary_enters_a_value_in_a_browser(tmp_path: Path, browser: Browser) -> None:
    """``evalkit board``, by keyboard: chosen, typed, stored, said."""
    with make(tmp_path / "files") as workspace:
        folder = workspace.folder
    command = [sys.executable, "-m", "evalkit", "board", str(folder), "--no-browser"]
    with running([*command, "--port", free_port()], ROOT, r"http://\S+token=\S+") as server:
        page = browser.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(server.url)
        page.get_by_role("tab", name="登记").click()
        page.get_by_label("值", exact=True).fill("12")
        page.keyboard.press("Tab")
        page.keyboard.type("报表第 2 页")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("已登记 A 的 i2：12", timeout=PATIENCE)
        page.close()
    with Round.open(folder) as again:
        event = again.history().recorded("measure", "A", "i2")
        assert event is not None
        assert event.payload == {"points": "12", "text": "报表第 2 页"}
