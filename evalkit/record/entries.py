"""A finished table of scores as entries of the log, in the names of those who gave them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from evalkit.base.text import normalise_number
from evalkit.log.events import Entry
from evalkit.panel import Panel
from evalkit.record.history import OFFICE_KINDS

if TYPE_CHECKING:
    import pandas as pd


def entries_of(frame: pd.DataFrame, panel: Panel) -> Iterator[Entry]:
    """The rows of a tidy table as entries, then a submit for every sheet among them."""
    kinds = {"unscored": "unscored", "recused": "recusal"}
    office = {word: kind for kind, word in OFFICE_KINDS.items()}
    sheets: dict[tuple[str, str], None] = {}
    for row in frame.to_dict("records"):
        points, text = normalise_number(str(row["points"])), str(row.get("reason", ""))
        author, kind = str(row["expert"]), kinds.get(points, "score")
        if points == "":
            continue
        if author in office:
            author, kind = panel.secretary.id, office[author]
            points = str(row["points"])  # a measured value may carry its unit
        else:
            sheets[author, str(row["applicant"])] = None
        states_points = kind == "score" or kind in OFFICE_KINDS
        payload = {"points": points, "text": text} if states_points else {"text": text}
        yield _named(Entry(author, "", kind, row["applicant"], row["indicator"], payload))
    for author, applicant in sheets:
        yield _named(Entry(author, "", "submit", applicant))


def _named(entry: Entry) -> Entry:
    """``entry`` with an id made from its content, so that importing twice stores it once."""
    parts: Iterable[str] = (entry.kind, entry.applicant, entry.indicator, *entry.payload.values())
    name = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
    return Entry(**{**vars(entry), "event_id": f"import-{name}"})
