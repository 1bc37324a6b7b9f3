"""Commitments that experts owe, and applicants with fewer experts than the panel asks for."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from evalkit.base.text import _
from evalkit.panel import Panel
from evalkit.record.commitment import given
from evalkit.record.history import History
from evalkit.record.lack import Lack, by_expert, by_secretary, command, named


def people(panel: Panel, history: History, out: Collection[str]) -> Iterator[Lack]:
    """What is missing about who scores; applicants in ``out`` hold up nobody."""
    for expert in panel.experts if panel.rules.committing else ():
        due = any(panel.may_score(a.id, expert.id) for a in panel.applicants)
        if due and given(panel, history.acts, expert.id) is None:
            words = "record commitment {round} --expert {expert} --source {where}"
            remedy = command(words, expert=expert.id, where=_("签字原件存在哪里"))
            what = _("没有作出保密和回避承诺")
            yield by_expert(panel, expert.id, "commitment", what, remedy)
    if panel.assigning is None or panel.assignment == "all":
        return
    least = panel.assigning.number[0]
    for applicant in panel.applicants:
        n = sum(panel.may_score(applicant.id, e) for e in panel.seats(applicant.id))
        if n < least and applicant.id not in out:
            what = _("{applicant}只有 {n} 位专家可以打分，本轮要求 {least} 位")
            what = what.filled(applicant=named(applicant), n=n, least=least)
            remedy = command("panel assign {round} --reason {why}", why=_("理由"))
            yield by_secretary(panel, "seats", what, remedy, applicant.id)
