"""The hash under which an event is chained."""

from __future__ import annotations

import hashlib

from evalkit.log import chain
from evalkit.log.events import Event


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
