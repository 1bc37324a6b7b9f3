"""Conflicts and seats recorded while a round is open, and the panel that is then in force."""

from __future__ import annotations

from collections.abc import Sequence

from evalkit.base.errors import Refused
from evalkit.base.text import _
from evalkit.log.events import Entry, Event
from evalkit.panel import Conflict, Panel
from evalkit.record.payload import require_payload, require_text

CONFLICT, ASSIGNMENT, COMMITMENT = "conflict", "assignment", "commitment"

KINDS = (CONFLICT, ASSIGNMENT, COMMITMENT)
"""What experts and the secretary record about who scores; the indicator names the expert."""

SEED, DRAW = "seed", "draw"
"""Of a drawn seat: the seed, and the digest of all that decided (`Question.digest`)."""


def in_force(panel: Panel, acts: Sequence[Event]) -> Panel:
    """``panel`` as declared, with the conflicts and seats of ``acts``; itself where there are none.

    Who is gone from the panel file is left out. Its digest stays that of the declared panel.
    """
    experts, applicants = {e.id for e in panel.experts}, {a.id for a in panel.applicants}
    conflicts: dict[tuple[str, str], Conflict] = {}
    seats: dict[str, tuple[str, ...]] = {}
    for act in acts:
        known = act.applicant in applicants and act.indicator in experts
        pair = (act.applicant, act.indicator)
        if act.kind == CONFLICT and known and pair not in panel.recused:
            reason = act.payload["text"].strip()
            one = Conflict(expert=act.indicator, applicant=act.applicant, reason=reason)
            conflicts.setdefault(pair, one)
        elif act.kind == ASSIGNMENT and known and panel.assignment != "all":
            seats[act.applicant] = (*seats.get(act.applicant, ()), act.indicator)
    if not conflicts and not seats:
        return panel
    return panel.amended(tuple(conflicts.values()), seats)


def admit(panel: Panel, entry: Entry) -> None:
    """Raise Refused unless the conflict or seat of ``entry`` may be recorded; ``panel`` is that in
    force.
    """
    if entry.kind == CONFLICT:
        _admit_conflict(panel, entry)
    else:
        _admit_seat(panel, entry)


def _admit_conflict(panel: Panel, entry: Entry) -> None:
    panel.applicant(entry.applicant)
    panel.expert(entry.indicator)
    if entry.author not in (entry.indicator, panel.secretary.id):
        raise Refused(_("利益冲突由专家本人或评审秘书登记"))
    require_payload(entry, {"text"})
    require_text(entry.payload["text"], required=True)
    if reason := panel.recused.get((entry.applicant, entry.indicator)):
        raise Refused(
            _(
                "{expert} 对 {applicant} 已经回避（{reason}），不必再登记",
                expert=entry.indicator,
                applicant=entry.applicant,
                reason=reason,
            )
        )


def _admit_seat(panel: Panel, entry: Entry) -> None:
    panel.applicant(entry.applicant)
    panel.expert(entry.indicator)
    if entry.author != panel.secretary.id:
        raise Refused(_("只有评审秘书可以分配专家"))
    require_payload(entry, {"text"}, {SEED, DRAW})
    require_text(entry.payload["text"], required=True)
    if panel.assignment == "all":
        raise Refused(_("本轮每位专家评每个对象（assignment: all），不必分配"))
    who = {"expert": entry.indicator, "applicant": entry.applicant}
    if reason := panel.recused.get((entry.applicant, entry.indicator)):
        text = _("{expert} 对 {applicant} 回避（{reason}），不能分配", **who, reason=reason)
        raise Refused(text)
    if entry.indicator in panel.seats(entry.applicant):
        raise Refused(_("{expert} 已经被分配评 {applicant}", **who))
