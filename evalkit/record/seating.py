"""What is recorded of who scores: conflicts, commitments, and seats given while a round is open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING
from uuid import uuid4

from evalkit.base.errors import InputError, Refused
from evalkit.base.names import Names
from evalkit.base.text import _
from evalkit.base.wanted import asked
from evalkit.log.events import Entry, Receipt
from evalkit.panel import Panel
from evalkit.panel.conflicts import Apart
from evalkit.record import commitment
from evalkit.record.admission import require_open
from evalkit.record.assignment import ASSIGNMENT, COMMITMENT, CONFLICT, DRAW, SEED
from evalkit.record.recorded import Recorded

if TYPE_CHECKING:
    from evalkit.assignment.answer import Answer


class Seated(Recorded):
    """A round's record with the acts on who scores whom."""

    @asked
    def record_conflict(
        self, expert: str, reason: str, applicant: str | None = None, *, by: str | None = None
    ) -> list[Receipt]:
        """Keep ``expert`` apart from ``applicant`` from now on (None: from all whom the expert
        scores), in the name of ``by``: that expert or the secretary (None). Ids or names.

        Scores that the expert gave stay in the log and no longer count. All is stored or nothing:
        raises Refused for whatever the rules do not admit.
        """
        with self._logbook.admitting() as history:
            panel = self._panel(history)
            who = _expert(panel, expert)
            author = _author(panel, by)
            whom = [a.id for a in panel.applicants if panel.may_score(a.id, who)]
            if applicant is not None:
                whom = [_applicant(panel, applicant)]
            if not whom:
                raise Refused(_("{expert} 没有要评的对象", expert=who))
            return [
                self._store(Entry(author, uuid4().hex, CONFLICT, a, who, {"text": reason}))
                for a in whom
            ]

    @asked
    def record_commitment(self, expert: str, source: str = "") -> Receipt:
        """Record that ``expert`` committed to the declared text: on paper that lies at ``source``,
        in the secretary's name, or without a source in the expert's own.

        Raises Refused where the round asks for none, and for whatever the rules do not admit.
        """
        panel = self.panel
        who = _expert(panel, expert)
        author = panel.secretary.id if source.strip() else who
        content = commitment.payload(panel, source)
        return self.append(Entry(author, uuid4().hex, COMMITMENT, "", who, content))

    @asked
    def assign(self, reason: str, seed: int, *, dry_run: bool = False) -> Answer:
        """Give seats to experts until every applicant has as many as the panel asks for; all seats
        that hold stay. ``reason`` stands in each entry, with the ``seed`` of the draw.

        Raises as `assignment.answer.assign` does, and Refused after the lock or where somebody
        recorded something on seats in the meantime.
        """
        from evalkit.assignment.answer import assign

        history = self._logbook.state()
        require_open(history)
        answer = assign(self._panel(history), seed)
        if dry_run:
            return answer
        draw = answer.question.digest
        payload = {"text": reason, SEED: str(seed), DRAW: draw}
        with self._logbook.admitting() as history:
            now = self._panel(history)
            if now is not answer.question.panel:
                raise Refused(_("其间又登记了回避或分配，没有改动，请再分配一次"))
            for applicant, experts in answer.added.items():
                for expert in experts:
                    id = uuid4().hex
                    self._store(Entry(now.secretary.id, id, ASSIGNMENT, applicant, expert, payload))
        return answer

    def conflicts(self) -> list[Apart]:
        """Every pair that is kept apart now, with what says so: as declared, then as recorded."""
        return list(conflicts(self.declared, self.panel))


def conflicts(declared: Panel, in_force: Panel) -> Iterator[Apart]:
    """What keeps pairs apart in the panel as ``declared``, then what its round recorded."""
    yield from declared.apart
    known = len(declared.conflicts)
    for one in in_force.conflicts[known:]:
        reason = _("{reason}", reason=one.reason)
        yield Apart(one.applicant, one.expert, "recorded", reason)


def _author(panel: Panel, by: str | None) -> str:
    if by is None:
        return panel.secretary.id
    return _only(Names([(panel.secretary.id, panel.secretary.name), *_people(panel)]), by)


def _people(panel: Panel) -> Iterable[tuple[str, str]]:
    return ((e.id, e.name) for e in panel.experts)


def _expert(panel: Panel, text: str) -> str:
    return panel.expert(_only(Names(_people(panel)), text)).id


def _applicant(panel: Panel, text: str) -> str:
    return panel.applicant(_only(Names((a.id, a.name) for a in panel.applicants), text)).id


def _only(names: Names, text: str) -> str:
    found = names.ids(text)
    if len(found) > 1:
        raise InputError(
            _("“{name}”有 {n} 个同名的，请写标识：{ids}", name=text, n=len(found), ids=found)
        )
    return found[0]
