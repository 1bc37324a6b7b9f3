"""What experts wrote to those who run the round: messages, for the secretary alone, and objections
to measured values.
"""

from __future__ import annotations

from typing import Any

from evalkit.panel import Panel
from evalkit.record.discussion import runs
from evalkit.record.fields import title
from evalkit.record.history import History
from evalkit.record.remark import messages
from evalkit.rubric import Rubric

FORMAT = "evalkit-letters/1"


def letters_view(
    rubric: Rubric, panel: Panel, history: History, reader: str, language: str
) -> dict[str, Any]:
    """``messages`` in their order, the latest first, none for who is not the secretary, and
    ``disputes`` with their answers; nothing for a reader who does not run the round.
    """
    experts = {e.id: e.name for e in panel.experts}
    applicants = {a.id: a.name for a in panel.applicants}
    told = messages(history) if reader == panel.secretary.id else []
    disputes = list(history.spoken.disputes()) if reader in runs(panel) else []
    return {
        "format": FORMAT,
        "language": language,
        "messages": [
            {
                "expert": experts.get(one.expert, one.expert),
                "applicant": applicants.get(one.applicant, one.applicant),
                "text": one.text,
                "at": one.at,
            }
            for one in reversed(told)
        ],
        "disputes": [
            {
                "place": f"{stand.event.applicant}|{stand.event.indicator}",
                "expert": experts.get(stand.event.author, stand.event.author),
                "applicant": applicants.get(stand.event.applicant, stand.event.applicant),
                "item": title(rubric, stand.event.indicator),
                "text": stand.event.payload["text"],
                "open": stand.open,
                "answer": stand.answer.payload["text"] if stand.answer else None,
            }
            for stand in disputes
            if (stand.event.applicant, reader) not in panel.recused
        ],
    }
