"""Tables and single values as entries of the log, in the names of those who gave them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evalkit.base.text import normalise_number
from evalkit.base.tidy_words import COLUMNS
from evalkit.log.events import Entry, Event
from evalkit.panel import Panel
from evalkit.record.history import OFFICE_KINDS, History
from evalkit.record.payload import PAPER, REASON, same

if TYPE_CHECKING:
    from evalkit.base.spelt import Spelt


@dataclass(frozen=True)
class Paper:
    """What score sheets on paper are known by: who typed them in, and where the signed ones lie."""

    typed_by: str = ""
    source: str = ""

    @property
    def payload(self) -> dict[str, str]:
        """What each entry carries of it; nothing for scores that are not from paper."""
        given = dict(zip(PAPER, (self.typed_by, self.source), strict=True))
        return given if any(given.values()) else {}


Line = tuple[int, Entry, str]
"""A line of a table, what it enters, and why where it changes something."""


def of_scores(table: Spelt, panel: Panel, paper: Paper, reason: str) -> Iterator[Line]:
    """The rows of a tidy table as entries; ``reason`` is that of all that change something."""
    kinds = {"unscored": "unscored", "recused": "recusal"}
    office = {word: kind for kind, word in OFFICE_KINDS.items()}
    rows = zip(table.lines.tolist(), *map(table.cells, COLUMNS), strict=True)
    for line, applicant, author, indicator, given, text in rows:
        points = normalise_number(given)
        kind, more = kinds.get(points, "score"), paper.payload
        if points == "":
            continue
        if author in office:
            author, kind, more = panel.secretary.id, office[author], {}  # noqa: PLW2901
            points = given  # a measured value may carry its unit
        states_points = kind == "score" or kind in OFFICE_KINDS
        payload = {"points": points, "text": text} if states_points else {"text": text}
        yield line, Entry(author, "", kind, applicant, indicator, payload | more), reason


def once(author: str, kind: str, applicant: str, indicator: str, value: str, text: str) -> Entry:
    """An entry of something that is recorded once for all."""
    value = normalise_number(value) if kind == "recognition" else value.strip()
    return Entry(author, "", kind, applicant, indicator, {"points": value, "text": text})


def current(history: History, entry: Entry) -> Event | None:
    """What is on record where ``entry`` belongs."""
    if entry.kind in OFFICE_KINDS:
        return history.recorded(entry.kind, entry.applicant, entry.indicator)
    cell = history.cell(entry.author, entry.applicant, entry.indicator)
    return None if cell is None or cell.kind == "clear" else cell


def changed(history: History, entry: Entry, reason: str = "") -> Entry | None:
    """``entry`` as it has to be stored, None where the same is on record.

    It gets an id, and ``reason`` where it changes something: scores that are not from paper are
    changed by their experts, who need none.
    """
    before = current(history, entry)
    if same(before, entry):
        return None
    payload = dict(entry.payload)
    states_reason = entry.kind in OFFICE_KINDS or PAPER[0] in payload
    if before is not None and reason.strip() and states_reason:
        payload[REASON] = reason
    return _with_id(history, replace(entry, payload=payload))


def submission(history: History, expert: str, applicant: str, paper: Paper) -> Entry | None:
    """The submission of a sheet; None where it is submitted already."""
    if history.submitted(expert, applicant):
        return None
    return _with_id(history, Entry(expert, "", "submit", applicant, "", paper.payload))


def _with_id(history: History, entry: Entry) -> Entry:
    """``entry`` with an id made from its content, so that the same acts give the same log.

    Another one where that is taken: by the same content before something else stood there.
    """
    parts = [entry.kind, entry.applicant, entry.indicator, *entry.payload.values()]
    id = _digest(parts)
    while history.find(entry.author, id) is not None:
        parts.append("")
        id = _digest(parts)
    return replace(entry, event_id=id)


def _digest(parts: list[str]) -> str:
    text = "\n".join(parts)
    return f"import-{hashlib.sha256(text.encode()).hexdigest()[:32]}"
