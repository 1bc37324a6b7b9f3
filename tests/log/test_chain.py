"""The hash under which an event is chained."""

from __future__ import annotations

import hashlib
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from evalkit.base.errors import InputError
from evalkit.log import chain
from evalkit.log.events import Entry, Event
from evalkit.log.sqlite import SqliteLog


def test_the_hash_has_a_fixed_preimage() -> None:
    """The bytes under the hash are specified, so another engine can compute the same."""
    event = Event(
        author="e1",
        event_id="id",
        kind="score",
        applicant="A",
        indicator="i1",
        payload={"text": "好", "points": "8.5"},
        panel="round",
        seq=7,
        at="2026-01-20T01:02:03.004Z",
        prev="ab",
    )
    text = (
        "evalkit-event/1\nround\ne1\n7\nid\nscore\nA\ni1\n"
        '{"points":"8.5","text":"好"}\n2026-01-20T01:02:03.004Z\nab'
    )
    assert chain.event_hash(event) == hashlib.sha256(text.encode()).hexdigest()


def test_what_is_read_knows_whether_it_is_intact_and_a_copy_does_not(tmp_path: Path) -> None:
    """The hash is compared once, with the text that lies there; a copy is looked at anew."""
    file = tmp_path / "log.sqlite"
    with closing(SqliteLog(file, "round")) as log, log.writing():
        for n in range(3):
            log.append(Entry("e1", f"{n}", "remark", payload={"text": f"好{n}"}))
    with closing(SqliteLog(file, "round")) as log:
        whole, _position = log.since(0)
        chain.verify(whole)
        assert [event.intact for event in whole] == [True, True, True]
        changed = [*whole[:2], replace(whole[2], payload={"text": "坏"})]
        with pytest.raises(InputError, match="e1 的第 3 条记录"):
            chain.verify(changed)
        log._db.execute("DROP TRIGGER event_is_never_changed")
        log._db.execute("UPDATE event SET payload = replace(payload, ':', ' : ') WHERE seq = 2")
        altered, _position = log.since(0)
    assert [event.intact for event in altered] == [True, False, True]
    with pytest.raises(InputError, match="e1 的第 2 条记录"):
        chain.verify(altered)
