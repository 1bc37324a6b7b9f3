"""The board of a register: what may come next is offered, what is entered passes the same rules."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from evalkit.office.acts import possible
from evalkit.office.register import Register
from evalkit.workbench import panel_board
from evalkit.workbench.register_board import RegisterBoard
from tests.support.builders import ROOT

NOW = datetime.fromisoformat("2027-09-01T10:00:00+08:00")


@pytest.fixture(name="board")
def _board(tmp_path: Path) -> Iterator[RegisterBoard]:
    shutil.copytree(ROOT / "panels" / "anhui-standing-demo", tmp_path / "office")
    with Register.open(tmp_path / "office", lambda: NOW) as register:
        yield RegisterBoard(register)


def enter(board: RegisterBoard, whom: str, label: str, **fields: str) -> str:
    """Choose the applicant and the act whose label has these words, fill it in, press the button;
    what is said then.
    """
    board._whom.value = whom
    chosen = [n for text, n in board._what.options if label in text]
    assert chosen, (label, board._what.options)
    board._what.value = chosen[0]
    people = next(f["options"] for f in board.form.fields if f["name"] == "by")
    board.form.enter(**{"by": people[0][0], **fields})
    return str(board._said.value)


def test_it_says_how_everybody_stands(board: RegisterBoard) -> None:
    """The sentences of `evalkit standing show`."""
    for id in ("z01", "z02", "z05"):
        board._whom.value = id
        assert board._register.office.applicant(id).name in board._whom.label
        assert "<li" in board._stands.value


def test_a_proposal_is_decided_and_chained(board: RegisterBoard) -> None:
    """By whom the text names, with a reason; the log has it, the office's file does not change."""
    before = board._register.file.read_bytes()
    said = enter(board, "z02", "采纳建议“撤销", reason="整改后仍不合格，会议决定撤销")
    assert "已登记" in said, said
    assert board._register.outlook("z02")["state"] == "revoked"
    (event,) = board._register.events
    assert (event.author, event.kind) == ("p-office", "answer")
    assert board._register.file.read_bytes() == before
    board._register.verify()


def test_without_a_reason_nothing_is_stored(board: RegisterBoard) -> None:
    """The refusal is said, and what was chosen stays."""
    said = enter(board, "z02", "采纳建议“撤销")
    assert "理由" in said
    assert board._register.events == []
    assert board._what.value is not None


def test_a_publicity_with_an_objection(board: RegisterBoard) -> None:
    """Raised by name, taken up, checked, dismissed: each offered when its turn comes."""
    day = {"day": "2026-06-05"}
    who = {"objector": "示例企业（虚构）", "objector_is": "third_party"}
    enter(board, "z05", "公示：提出异议", reason="名单有误", **who, **day)
    for label in ("受理异议", "核查异议", "异议不成立"):
        said = enter(board, "z05", f"异议 r11：{label}", reason=f"{label}的理由", day="2026-06-06")
        assert "已登记" in said, said
    states = {o["id"]: o["state"] for o in board._register.outlook("z05")["objections"]}
    assert states == {"r09": "admitted", "r11": "dismissed"}
    assert len(board._register.events) == 4


def test_every_act_names_what_it_asks(board: RegisterBoard) -> None:
    """Each field that an act asks for has a heading, and nobody is offered who may not act."""
    register = board._register
    for applicant in register.office.applicants:
        one = register.outlook(applicant.id)
        for act in possible(register.book, one):
            people = register.office.people(register.office.applicant(applicant.id))
            assert set(act.people) <= people.keys()
            assert {*act.asks} <= {*_fields()}
            assert {*act.choices} <= {*act.asks}


def _fields() -> set[str]:
    from evalkit.workbench.register_board import _FIELDS

    return set(_FIELDS)


def test_the_notebook_takes_either_folder(board: RegisterBoard) -> None:
    """A folder with a standing file is a register, whoever opens the notebook."""
    folder = board._register.file.parent
    assert isinstance(panel_board(str(folder)), RegisterBoard)


def test_a_form_of_another_applicant_stores_nothing(board: RegisterBoard) -> None:
    """Sent when the board already shows somebody else, and sent twice: once or not at all."""
    board._whom.value = "z02"
    board._what.value = next(n for text, n in board._what.options if "采纳建议“撤销" in text)
    values = {"reason": "整改后仍不合格", "by": "p-office"}
    message = {"type": "enter", "drawn": board.form.drawn, "values": values}
    board._whom.value = "z01"
    board.form._receive(board.form, message, [])
    assert board._register.events == []
    board._whom.value = "z02"
    board._what.value = next(n for text, n in board._what.options if "采纳建议“撤销" in text)
    message["drawn"] = board.form.drawn
    for _again in range(2):
        board.form._receive(board.form, message, [])
    assert len(board._register.events) == 1


def test_a_form_without_fields_does_nothing(board: RegisterBoard) -> None:
    """Nothing is chosen yet."""
    board.form.show("", [])
    board.form.enter()
    assert board._register.events == []
