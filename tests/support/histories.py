"""The state of a round without a log: as if a tidy table had been entered by its experts."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from evalkit.facts.frames import as_text
from evalkit.log.events import Entry, Event
from evalkit.panel import Panel
from evalkit.record import entries
from evalkit.record.fields import blank, fields
from evalkit.record.history import CELL_KINDS, History
from evalkit.rubric import Rubric


def history_of(rubric: Rubric, panel: Panel, frame: Any) -> History:
    """As `Round.import_scores` leaves it: what is not whole is not submitted, if that is asked."""
    history, counts, paper = History(), Counter[str](), entries.Paper()

    def put(entry: Entry) -> None:
        counts[entry.author] += 1
        event = Event(**vars(entry), seq=counts[entry.author])
        history.extend([replace(event, event_id=f"{counts[entry.author]}")])

    sheets = {}
    for _line, entry, _reason in entries.of_scores(as_text(frame, ""), panel, paper, ""):
        put(entry)
        if entry.kind in CELL_KINDS:
            sheets[entry.author, entry.applicant] = None
    for expert, applicant in sheets:
        empty = blank(history, fields(rubric, panel, applicant), expert, applicant)
        if not empty or panel.rules.missing == "exclude":
            put(Entry(expert, "", "submit", applicant))
    return history
