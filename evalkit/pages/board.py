"""The parts of the board of a round: what its secretary and chair see, as HTML."""

from __future__ import annotations

from collections.abc import Mapping
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


def opinions(rows: list[tuple[str, str | None]], language: str) -> str:
    """What the panel says of each applicant (name, opinion)."""
    return page.fill("board_opinions", language, rows=rows)


def said(lines: list[Any], language: str, look: str = "") -> str:
    """Sentences, one a paragraph."""
    return page.fill("board_said", language, lines=lines, look=look)
