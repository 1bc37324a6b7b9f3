"""Experts' commitments to confidence and to keeping apart (保密和回避承诺) on record."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from evalkit.base.errors import Refused
from evalkit.base.text import _
from evalkit.log.events import Entry, Event
from evalkit.panel import Panel
from evalkit.record import assignment
from evalkit.record.assignment import COMMITMENT
from evalkit.record.payload import require_payload, require_text

FORM, PAPER = "form", "paper"
"""How a commitment was given: by the expert in the form, or on paper that lies at its source."""


def given(panel: Panel, acts: Iterable[Event], expert: str) -> Event | None:
    """The commitment of ``expert`` to the text that the panel declares now; None without one."""
    asked = panel.rules.committing
    for act in acts:
        own = act.kind == COMMITMENT and act.indicator == expert
        if own and asked is not None and act.payload["digest"] == asked.digest:
            return act
    return None


def payload(panel: Panel, source: str = "") -> dict[str, str]:
    """What an entry says: which text, and how it was given; with a ``source`` on paper.

    Raises Refused where the round asks for no commitment.
    """
    asked = panel.rules.committing
    if asked is None:
        raise Refused(_("本轮不登记保密和回避承诺（rules.commitment: none）"))
    if not source.strip():
        return {"digest": asked.digest, "given": FORM}
    return {"digest": asked.digest, "given": PAPER, "source": source.strip()}


def admit_act(panel: Panel, acts: Iterable[Event], entry: Entry) -> None:
    """Raise Refused unless ``entry``, one of `assignment.KINDS`, may be recorded after ``acts``."""
    if entry.kind == COMMITMENT:
        admit(panel, acts, entry)
    else:
        assignment.admit(panel, entry)


def admit(panel: Panel, acts: Iterable[Event], entry: Entry) -> None:
    """Raise Refused unless the commitment of ``entry`` is one to the declared text, given by the
    expert, or on paper and put on record by the secretary.
    """
    panel.expert(entry.indicator)
    require_payload(entry, {"digest", "given"}, {"source"})
    if entry.applicant:
        raise Refused(_("承诺不分对象，不要写评审对象"))
    paper = entry.payload["given"] == PAPER
    if entry.author != (panel.secretary.id if paper else entry.indicator):
        raise Refused(_("承诺由专家本人在评分表里作出；纸质的由评审秘书登记"))
    if paper:
        require_text(entry.payload.get("source", ""), required=True)
    elif entry.payload["given"] != FORM or "source" in entry.payload:
        raise Refused(_("承诺的方式须为 {form} 或 {paper}", form=FORM, paper=PAPER))
    if entry.payload["digest"] != payload(panel)["digest"]:
        raise Refused(_("承诺书的文字已经改过，请重新打开，看过现在的文字再承诺"))
    if given(panel, acts, entry.indicator) is not None:
        raise Refused(_("{expert} 的承诺已经登记", expert=entry.indicator))


def require_given(panel: Panel, acts: Iterable[Event], expert: str) -> None:
    """Raise Refused where ``expert`` has to commit before scoring and has not."""
    asked = panel.rules.committing
    if asked is None or asked.before != "scoring" or given(panel, acts, expert) is not None:
        return
    raise Refused(_("作出保密和回避承诺之后才能打分"))


def view(panel: Panel, acts: Iterable[Event], expert: str) -> dict[str, Any] | None:
    """What a form shows ``expert``: the text, its digest, whether scoring waits for it, and when it
    was given (None: not yet); None where the round asks for nothing.
    """
    asked = panel.rules.committing
    if asked is None:
        return None
    event = given(panel, acts, expert)
    return {
        "text": asked.text,
        "digest": asked.digest,
        "first": asked.before == "scoring",
        "at": event.at if event is not None else None,
    }
