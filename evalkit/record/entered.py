"""What is entered in a round, as facts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from evalkit.base.tidy_words import COLUMNS
from evalkit.panel import Panel
from evalkit.record.discussion import discussions, scores_changed
from evalkit.record.history import OFFICE_KINDS, History
from evalkit.rubric import Rubric

if TYPE_CHECKING:
    from evalkit.facts.columns import Basis, Facts

Row = tuple[str, str, str, str, str]
"""A row of the tidy table: applicant, expert, indicator, points, reason."""


def parted(panel: Panel, rows: Iterable[Row]) -> tuple[list[Row], list[Row]]:
    """``rows`` that count, and those whose expert or applicant is gone from the panel file, or in
    conflict since.
    """
    applicants, once = {a.id for a in panel.applicants}, set(OFFICE_KINDS.values())
    counted: list[Row] = []
    aside: list[Row] = []
    for row in rows:
        applicant, author = row[:2]
        counts = author in once or panel.may_score(applicant, author)
        (counted if applicant in applicants and counts else aside).append(row)
    return counted, aside


def from_paper(panel: Panel, history: History) -> tuple[tuple[str, str, int], ...]:
    """Who typed in sheets from paper, where the signed ones lie, and how many of them count."""
    counts = {
        key: sum(panel.may_score(applicant, expert) for expert, applicant in sheets)
        for key, sheets in history.typed_in().items()
    }
    return tuple((*key, n) for key, n in sorted(counts.items()) if n)


def basis_of(panel: Panel, history: History) -> Basis:
    """What facts that are made of ``history`` rest on."""
    from evalkit.facts.columns import Basis, Superseded

    found, lock, before = history.succession, history.lock, None
    if found is not None:
        names = ("root", "results", "reason", "objection", "decided_by")
        before = Superseded(**{name: getattr(found, name) for name in names})
    paper = from_paper(panel, history)
    discussed = tuple(scores_changed(one.changes) for one in discussions(history))
    if lock is None:
        return Basis("log", supersedes=before, paper=paper, discussed=discussed)
    return Basis("log", lock.at, lock.author, lock.payload["root"], paper, before, discussed)


def facts_of(
    rubric: Rubric,
    panel: Panel,
    history: History,
    *,
    submitted_only: bool,
    basis: Basis,
    source: str = "",
) -> Facts:
    """What ``history`` holds now of the rubric in force, without what does not count any more."""
    from evalkit.base.spelt import Spelt
    from evalkit.facts.tidy import from_frame

    rows, _aside = parted(panel, history.rows(submitted_only=submitted_only))
    table = Spelt.of(COLUMNS, rows)
    return from_frame(table, rubric, panel, source=source, basis=basis)
