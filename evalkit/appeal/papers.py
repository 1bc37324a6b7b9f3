"""The papers of an appeal: the answer to the objector, the figures, and the steps as text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from evalkit.appeal.reviewers import Reviewer
from evalkit.appeal.told import day_of
from evalkit.archive.kept_round import events_text
from evalkit.base.errors import Refused
from evalkit.base.text import _
from evalkit.disclosure.comparison import comparison_view
from evalkit.disclosure.decision import decision_view
from evalkit.documents.comparison_word import comparison
from evalkit.documents.decision_word import decision
from evalkit.round import Round

if TYPE_CHECKING:
    from evalkit.appeal.case import Appeal

DECISION, COMPARISON, TEXT = "复核决定.docx", "复核结果对照.docx", "appeal.jsonl"
"""Names of the papers: to the objector; for those who run the round; the log as text."""


def written(
    appeal: Appeal, language: str = "zh", template: bytes | None = None
) -> dict[Path, bytes]:
    """Each paper by its place in the case file. Raises Refused before the end of the appeal."""
    end = appeal.steps.of("decide") or appeal.steps.of("refuse")
    if end is None:
        raise Refused(_("还没有决定，不能出复核决定"))
    folder, compared = appeal.folder / "papers", appeal.compared()
    with Round.open(appeal.folder / "original") as old:
        results = old.results()
    case = _told(appeal)
    view = decision_view(results, appeal.opened.applicant, case, compared, language)
    found = {folder / DECISION: decision(view, template), folder / TEXT: text_of(appeal)}
    if compared is not None:
        figures = comparison_view(compared, language)
        found[folder / COMPARISON] = comparison(figures, template)
    return found


def text_of(appeal: Appeal) -> bytes:
    """The log as text: canonical JSON, a step a line, with number, previous hash and hash."""
    return events_text(appeal.stored())


def _told(appeal: Appeal) -> dict[str, Any]:
    """What `decision_view` asks of the case."""
    steps = appeal.steps
    opened = appeal.opened.payload
    names = ("number", "objector", "objector_is", "ground", "received", "published", "last")
    found: dict[str, Any] = {name: opened[name] for name in (*names, "in_time")}
    if (taken := steps.of("accept")) is not None:
        people = [Reviewer.read(text).name for text in taken.payload["reviewers"].split("\n")]
        found |= {"accepted": day_of(taken).isoformat(), "reviewers": people}
    if (end := steps.of("decide")) is not None:
        found |= {"outcome": end.payload["outcome"], "reason": end.payload["reason"]}
    elif (end := steps.of("refuse")) is not None:
        found |= {"outcome": "refused", "reason": end.payload["reason"]}
    if end is not None:
        found["decided"] = day_of(end).isoformat()
    return found
