"""An assignment that was made: its seats, the loads, and why each applicant has these experts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from evalkit.assignment.question import Question, question
from evalkit.assignment.shortage import shortages
from evalkit.assignment.solve import Infeasible, solve
from evalkit.base.errors import InputError, Refused
from evalkit.base.shown import Shown
from evalkit.base.text import Text, _
from evalkit.base.wanted import asked
from evalkit.panel import Panel

if TYPE_CHECKING:
    import pandas as pd

SEEDS = 10**9
"""So many seeds there are: a panel file holds whole numbers of nine digits."""

EVERYBODY = _("本轮每位专家评每个对象（assignment: all），不必分配；回避的自动不评")


@dataclass(frozen=True)
class Exchange:
    """What it would cost to seat an expert in the place of one who is seated, all else as it is."""

    expert: str
    out: str | None
    """Who would give way; None where nobody may."""
    squares: int
    """By how much the sum of squared loads would rise."""
    matches: int
    """How many matches of fields would be lost."""


@dataclass(frozen=True)
class Answer(Shown):
    """The best assignment for a `Question`: ``found`` is bool (applicants, experts)."""

    question: Question
    found: np.ndarray

    def __repr__(self) -> str:
        return f"Answer({self.question.panel.id!r}, {int(self.found.sum())} seats)"

    @cached_property
    def seats(self) -> dict[str, tuple[str, ...]]:
        """The experts of each applicant, by id, in the order of the panel."""
        return self._by_id(self.found)

    @cached_property
    def added(self) -> dict[str, tuple[str, ...]]:
        """Of `seats` those that were not held before; applicants without one are left out."""
        new = self._by_id(self.found & ~self.question.held)
        return {a: own for a, own in new.items() if own}

    @property
    def load(self) -> dict[str, int]:
        """How many applicants each expert scores."""
        ids = [e.id for e in self.question.panel.experts]
        return dict(zip(ids, self.found.sum(axis=0).tolist(), strict=True))

    def to_frame(self) -> pd.DataFrame:
        """A row a seat: ``applicant`` and ``expert`` (ids), ``new``, and whether fields match."""
        import pandas as pd

        panel, rows = self.question.panel, []
        for n, e in np.argwhere(self.found).tolist():
            held, matching = self.question.held[n, e], self.question.matching[n, e]
            ids = panel.applicants[n].id, panel.experts[e].id
            rows.append([*ids, not held, bool(matching)])
        return pd.DataFrame(rows, columns=["applicant", "expert", "new", "matching"])

    def write(self, path: Path) -> Path:
        """Put the seats and the seed into the panel file at ``path``, or into a table beside it.

        Comments and layout stay. Returns the file with the seats. Raises as `written.write` does.
        """
        from evalkit.assignment.written import write

        return write(path, self.seats, self.question.seed)

    def exchanges(self, applicant: int) -> Iterator[Exchange]:
        """Of each expert who could score the applicant and is not seated, the cheapest exchange:
        one that keeps to all that is asked, and of equal ones the first in the order of the panel.
        """
        q = self.question
        load, seated = self.found.sum(axis=0), np.flatnonzero(self.found[applicant])
        for e in np.flatnonzero(q.free[applicant] & ~self.found[applicant]).tolist():
            ways = [
                Exchange(
                    q.panel.experts[e].id,
                    q.panel.experts[out].id,
                    2 * int(load[e] - load[out] + 1),
                    int(q.matching[applicant, out]) - int(q.matching[applicant, e]),
                )
                for out in seated.tolist()
                if self._may_change(applicant, out, e)
            ]
            best = min(ways, key=self._cost, default=None)
            yield best or Exchange(q.panel.experts[e].id, None, 0, 0)

    def explained(self, applicant: str) -> Iterator[Text]:
        """Why the applicant with this id has its experts, and what each other one would cost."""
        q = self.question
        n = [a.id for a in q.panel.applicants].index(applicant)
        load, one = self.load, q.panel.applicant(applicant)
        names = {e.id: f"{e.name}（{e.id}）" for e in q.panel.experts}
        for e, expert in enumerate(q.panel.experts):
            why = q.panel.recused.get((applicant, expert.id))
            if self.found[n, e]:
                how = _("保留") if q.held[n, e] else _("新分配")
                match = _("，熟悉“{field}”", field=one.field or one.industry)
                yield _(
                    "{expert}：{how}，共评 {n} 个{match}",
                    expert=names[expert.id],
                    how=how,
                    n=load[expert.id],
                    match=match if q.matching[n, e] else "",
                )
            elif why is not None:
                yield _("{expert}：回避，{reason}", expert=names[expert.id], reason=why)
            elif not q.free[n, e]:
                yield _("{expert}：不在可以评它的组", expert=names[expert.id])
        for change in self.exchanges(n):
            yield _(
                "{expert}：没有选，{what}", expert=names[change.expert], what=_words(self, change)
            )

    def _cost(self, way: Exchange) -> tuple[int, ...]:
        costs = way.squares, way.matches
        return {None: costs[:1], "balance": costs}.get(self.question.asked.first, costs[::-1])

    def _may_change(self, applicant: int, out: int, new: int) -> bool:
        q, load, row = self.question, self.found.sum(axis=0), self.found[applicant].copy()
        row[[out, new]] = False, True
        return bool(
            not q.held[applicant, out]
            and load[new] < q.load[1][new]
            and load[out] > q.load[0][out]
            and all((row & kind.members).sum() >= kind.least for kind in q.kinds)
            and (row & q.matching[applicant]).sum() >= (q.asked.expertise or 0)
        )

    def _by_id(self, found: np.ndarray) -> dict[str, tuple[str, ...]]:
        ids = [e.id for e in self.question.panel.experts]
        return {
            a.id: tuple(ids[e] for e in np.flatnonzero(row).tolist())
            for a, row in zip(self.question.panel.applicants, found, strict=True)
        }


@asked
def assign(panel: Panel, seed: int) -> Answer:
    """The best assignment for ``panel`` as it declares it under ``assigning``; seats that it has
    and that hold stay.

    The same panel and seed give the same assignment on any machine. Raises Refused where all
    experts score all applicants, and with each requirement that cannot hold where none is possible;
    InputError where the panel declares no requirements.
    """
    if panel.assigning is None and panel.assignment == "all":
        raise Refused(EVERYBODY)
    if not 0 <= seed < SEEDS:
        raise InputError(_("抽签的种子须是至多九位的数，给出的是 {seed}", seed=seed))
    asking = question(panel, seed)
    try:
        return Answer(asking, solve(asking))
    except Infeasible:
        problems = shortages(asking)
        raise Refused(_("分配不出来，没有改动任何文件和记录："), *problems) from None


def _words(answer: Answer, change: Exchange) -> Text:
    if change.out is None:
        return _("换上就不符合要求（席位须保留，或负荷、类别、领域的要求不够）")
    parts = [_("负荷平方和 {n}", n=f"{change.squares:+d}")]
    if answer.question.asked.first is not None:
        parts.append(_("领域相符 {n}", n=f"{-change.matches:+d}"))
    if change.squares == 0 and (change.matches == 0 or answer.question.asked.first is None):
        return _("换下{out}同样好，由抽签决定", out=change.out)
    return _("换下{out}：{parts}", out=change.out, parts=parts)
