"""What a page may send: of whatever form a message is, it is stored or refused in words."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest

from evalkit.round import Round
from evalkit.workbench.sheet import ScoreSheet
from tests.support.builders import panel_data, rubric_data, write

GOOD = {
    "type": "save",
    "event_id": "one",
    "applicant": "A",
    "indicator": "i1",
    "state": "scored",
    "points": "8",
    "text": "",
    "seen": 0,
}
OTHERS: tuple[Any, ...] = (["8"], {"8": "9"}, 8.5, True, None, "\ud800", "x" * 5000)


def test_no_message_is_an_error_of_the_program(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Every value of a message as a list, an object, a number, nothing; and what is no message."""
    sent: list[dict[str, Any]] = []
    with Round.create(
        tmp_path / "round", write(tmp_path, rubric_data((10,)), panel_data(1, ["A"]))
    ) as workspace:
        sheet = ScoreSheet(workspace, "e1")
        sheet.send = lambda message, *_buffers: sent.append(message)
        messages = [{**GOOD, name: value} for name in GOOD for value in OTHERS]
        messages += [[], None, "save", 3, {"type": "submit", "event_id": [], "applicant": "A"}]
        with caplog.at_level(logging.ERROR):
            for message in messages:
                before = len(workspace.history().events)
                sheet._receive(None, message, None)
                assert sent, message
                refused = sent.pop()["type"] == "refused"
                assert (len(workspace.history().events) == before) == refused, message
        assert [record.message for record in caplog.records] == []
        sheet._receive(None, {**GOOD, "event_id": "last", "seen": 0, "points": "7"}, None)
        assert sent.pop()["type"] in ("saved", "refused")
        assert all(
            isinstance(v, str) for e in workspace.history().events for v in e.payload.values()
        )
