"""The parts of the board of a round: what its secretary and chair see, as HTML."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from evalkit.pages import page
from evalkit.pages.advice import form_heads, shown_forms

MOST_FAR = 40
"""As many deviations are listed, the greatest first."""

View = Mapping[str, Any]


def summary(view: View) -> str:
    """How far the round is, in a line of figures."""
    return page.fill("board_summary", view["language"], view=view)


def matrix(view: View) -> str:
    """The state of each sheet, experts beside applicants."""
    return page.fill("board_matrix", view["language"], view=view)


def steps(view: View) -> str:
    """What is done for each applicant, and the announced times."""
    return page.fill("board_steps", view["language"], view=view)


def missing(view: View) -> str:
    """What is missing for the lock, by who owes it, each with a reminder to copy."""
    return page.fill("board_missing", view["language"], view=view)


TONES = (0.2, 0.4, 0.6, 0.8)
"""Shares of an item's range from which on scores that lie apart are drawn darker."""


def overview(view: View) -> str:
    """How far apart the scores of each item are, all applicants in one picture."""
    rows = []
    for applicant in view["applicants"]:
        cells = []
        for item in applicant["items"]:
            points = [Decimal(one["points"]) for one in item["scores"]]
            apart = max(points) - min(points) if points else None
            wide = Decimal(item["high"]) - Decimal(item["low"])
            tone = sum(apart >= wide * Decimal(str(t)) for t in TONES) if apart and wide else 0
            cells.append(("—" if apart is None else f"{apart.normalize():f}", tone))
        rows.append((applicant["name"], cells))
    names = [(item["number"], item["name"]) for item in view["applicants"][0]["items"]]
    return page.fill("board_overview", view["language"], view=view, rows=rows, names=names)


def spread(view: View) -> str:
    """How far experts lie apart on every item: pictures first, the numbers on demand."""
    return page.fill("board_spread", view["language"], view=view)


def far(view: View) -> str:
    """Who is far from the others, with what they said."""
    rows = view["far"]
    more = max(len(rows) - MOST_FAR, 0)
    return page.fill("board_far", view["language"], view=view, rows=rows[:MOST_FAR], more=more)


def advice(view: View) -> str:
    """Agreement and rank ranges, marked as a trial."""
    ranks = view["ranks"]
    ends = [rank for row in ranks for rank in (row["low"], row["high"], row["rank"])]
    rows = [(row, *shown_forms(row)) for row in view["agreement"]]
    return page.fill(
        "board_advice",
        view["language"],
        view=view,
        axis=(min(ends, default=1), max(ends, default=1)),
        rows=rows,
        heads=form_heads(view["agreement"]) if rows else ("", ""),
    )


def discussions(view: View) -> str:
    """Every discussion with what was changed in it."""
    return page.fill("board_discussions", view["language"], view=view)


def letters(view: View) -> str:
    """What experts wrote to those who run the round."""
    return page.fill("board_letters", view["language"], view=view)


def opinions(rows: list[tuple[str, str | None]], language: str) -> str:
    """What the panel says of each applicant (name, opinion)."""
    return page.fill("board_opinions", language, rows=rows)


def said(lines: list[Any], language: str, look: str = "") -> str:
    """Sentences, one a paragraph."""
    return page.fill("board_said", language, lines=lines, look=look)
