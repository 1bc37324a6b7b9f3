"""What an append-only log holds: entries of named authors, and the events that they become."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from evalkit.base import typed


@dataclass(frozen=True)
class Entry:
    """What an author wants to append. ``event_id`` is the author's own, so that a retry is safe.

    ``kind`` is one of `CELL_KINDS`, ``recognition`` (a bonus item or a deduction, by the panel as a
    whole), ``measure`` (a measured value), ``gate`` (a condition of entry), ``remark`` (on an
    applicant as a whole; the indicator names its kind), ``dispute`` (how an expert stands to a
    measured value), ``answer`` (to that, by the secretary), ``message`` (of an expert to the
    secretary), ``submit`` (an expert's sheet for an applicant), ``withdraw`` (that sheet again),
    ``reopen`` (the same by the secretary; the indicator names the expert), ``discussion`` (opened
    or closed), ``succession`` (the first entry of a successor round) or ``lock``. ``applicant`` and
    ``indicator`` are empty where they do not apply; a bonus item is ``<bonus>.<claim>``.
    """

    author: str
    event_id: str
    kind: str
    applicant: str = ""
    indicator: str = ""
    payload: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Event(Entry):
    """An entry as it stands in the log of ``panel``: number ``seq`` of its author's chain.

    ``at`` is UTC with milliseconds; ``prev`` is the hash of the author's event before it, empty for
    the first; ``hash`` is `chain.event_hash`.
    """

    panel: str = ""
    seq: int = 0
    at: str = ""
    prev: str = ""
    hash: str = ""
    intact: bool | None = field(default=None, init=False, compare=False, repr=False)
    """Whether ``hash`` is that of the text which lies in the log; None where nobody looked. A copy
    of an event knows nothing of it.
    """

    def says(self, entry: Entry) -> bool:
        """Whether this event is ``entry``, stored."""
        one, other = understood(self), understood(entry)
        return (one.kind, one.applicant, one.indicator, dict(one.payload)) == (
            other.kind,
            other.applicant,
            other.indicator,
            dict(other.payload),
        )


class Row(NamedTuple):
    """A stored event before anything in it is understood: its ``payload`` is the text that lies
    there, and bytes that are no UTF-8 stand as lone surrogates.
    """

    panel: str
    author: str
    seq: int
    event_id: str
    kind: str
    applicant: str
    indicator: str
    payload: str
    at: str
    prev: str
    hash: str
    whole: bool = True
    """Whether its reader may read it; of another one number and hash are right, see `Withheld`."""

    def text(self, key: str) -> str:
        """The text under ``key`` of its payload; empty where there is none."""
        try:
            found = json.loads(self.payload)
        except (ValueError, RecursionError):
            return ""
        return str(found.get(key, "")) if isinstance(found, dict) else ""


def understood(entry: Entry) -> Entry:
    """``entry`` with its score in the one spelling that is stored; as it is without one."""
    points = entry.payload.get("points")
    if entry.kind not in ("score", "recognition") or not isinstance(points, str):
        return entry
    return replace(entry, payload={**entry.payload, "points": typed.canonical(points)})


WITHHELD = "withheld"
"""The kind of an event whose reader may know that it is there, and no more."""


@dataclass(frozen=True)
class Withheld(Event):
    """An event that its reader may not read: what it says is not here, its hash is.

    Only an engine that knows its reader makes one. ``kind`` is `WITHHELD`, or ``clear``.
    """


@dataclass(frozen=True)
class Receipt:
    """The proof that an entry is stored: returned only after COMMIT."""

    author: str
    seq: int
    at: str
    hash: str
