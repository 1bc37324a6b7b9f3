"""Hash chains: what makes a change to a stored event visible.

The hash of an event is the SHA-256 of the UTF-8 text of these fields, joined by line feeds:
``evalkit-event/1``, panel, author, seq (decimal), event_id, kind, applicant, indicator, payload,
at, prev. The payload is canonical JSON, which has no line feed, and neither has any other field, so
the text is unambiguous and every database engine can compute the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256

from evalkit.base import canonical
from evalkit.base.errors import InputError
from evalkit.base.text import Text, _
from evalkit.log.events import Event, Row, Withheld

FORMAT = "evalkit-event/1"


def event_hash(event: Event) -> str:
    """The hash of ``event``, over everything but its own ``hash`` field.

    That of an event which its reader may not read is taken as it is.
    """
    if isinstance(event, Withheld):
        return event.hash
    return digest(event, canonical.dumps(dict(event.payload)))


def digest(link: Event | Row, payload: str) -> str:
    """The hash of ``link`` with this text as its payload. Raises ValueError for half characters."""
    what = link.event_id, link.kind, link.applicant, link.indicator, payload
    return digest_of(link.panel, link.author, link.seq, *what, link.at, link.prev)


def digest_of(
    panel: str,
    author: str,
    seq: int,
    event_id: str,
    kind: str,
    applicant: str,
    indicator: str,
    payload: str,
    at: str,
    prev: str,
) -> str:
    """The hash of what lies in these columns. Raises ValueError for half characters."""
    who = f"{FORMAT}\n{panel}\n{author}\n{seq}\n{event_id}\n{kind}"
    text = f"{who}\n{applicant}\n{indicator}\n{payload}\n{at}\n{prev}"
    return sha256(text.encode()).hexdigest()


def intact(event: Event) -> bool:
    """Whether ``event`` says what its hash is over."""
    return event.hash == event_hash(event) if event.intact is None else event.intact


def root(heads: Mapping[str, Event] | Mapping[str, Row]) -> str:
    """One hash over the last event of every chain: what stands on the minutes at the lock.

    SHA-256 of one line ``author seq hash`` for each author, sorted, each ended by a line feed.
    """
    lines = sorted(f"{h.author} {h.seq} {h.hash}\n" for h in heads.values())
    return sha256("".join(lines).encode("utf-8", "replace")).hexdigest()


def said(link: Event | Row) -> Text:
    """What people call an event."""
    what = " ".join(filter(None, (link.kind, link.applicant, link.indicator)))
    return _("{author} 的第 {seq} 条记录（{what}）", author=link.author, seq=link.seq, what=what)


def verify(events: Iterable[Event]) -> None:
    """Check every chain, and the root that a lock recorded.

    ``events`` in stored order. Raises InputError that names the first event which was changed,
    removed or put in.
    """
    heads: dict[str, Event] = {}
    for event in events:
        before = heads.get(event.author)
        seq, prev = (before.seq + 1, before.hash) if before else (1, "")
        if event.seq != seq or event.prev != prev or not intact(event):
            raise InputError(_("日志被改动：{row}与哈希链不符", row=said(event)))
        if event.kind == "lock" and event.payload.get("root") != root(heads):
            raise InputError(_("日志被改动：锁定时登记的根哈希与现有记录不符"))
        heads[event.author] = event
