"""The papers of an appeal: the answer to the objector, and the figures before and after."""

from __future__ import annotations

from functools import partial
from typing import Any

from evalkit.appeal.deciding import printed
from evalkit.appeal.reviewers import Reviewer
from evalkit.appeal.steps import Steps
from evalkit.appeal.told import day_of
from evalkit.base.errors import Refused
from evalkit.base.text import _
from evalkit.disclosure.comparison import comparison_view
from evalkit.disclosure.decision import decision_view
from evalkit.documents.comparison_word import comparison
from evalkit.documents.decision_word import decision
from evalkit.evaluation import Results
from evalkit.evaluation.comparison import Comparison
from evalkit.log.events import Event

DECISION, NOTICE, COMPARISON = "复核决定.docx", "复核情况告知书.docx", "复核结果对照.docx"
"""Names of the papers: to the objector; to the applicant concerned, where somebody else objected;
for those who run the round.
"""


def written(
    results: Results,
    steps: Steps,
    compared: Comparison | None,
    language: str = "zh",
    template: bytes | None = None,
) -> dict[str, bytes]:
    """Each paper by its name; ``results`` are those objected to, ``compared`` where something was
    reopened. Raises Refused before the end of the appeal.
    """
    opened, end = steps.of("open"), steps.of("decide") or steps.of("refuse")
    if opened is None or end is None:
        raise Refused(_("还没有决定，不能出复核决定"))
    case = _told(opened, steps.of("accept"), end)
    view = partial(decision_view, results, opened.applicant, case, compared, language)
    found = {DECISION: decision(view(), template)}
    if case["objector_is"] == "third_party" and end.kind == "decide":
        found[NOTICE] = decision(view(to="applicant"), template)
    if compared is not None:
        found[COMPARISON] = comparison(comparison_view(compared, language), template)
    return found


def _told(opened: Event, taken: Event | None, end: Event) -> dict[str, Any]:
    """What `decision_view` asks of the case."""
    names = ("number", "objector", "objector_is", "received", "published", "last", "in_time")
    found: dict[str, Any] = {name: opened.payload[name] for name in names}
    found["ground"] = printed(opened)
    if taken is not None:
        people = [Reviewer.read(text).name for text in taken.payload["reviewers"].split("\n")]
        found |= {"accepted": day_of(taken).isoformat(), "reviewers": people}
    return found | {
        "outcome": end.payload.get("outcome", "refused"),
        "reason": end.payload["reason"],
        "decided": day_of(end).isoformat(),
    }
