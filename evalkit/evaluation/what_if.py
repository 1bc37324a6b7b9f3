"""What would be if: the official function on amended inputs, beside what is. Never official.

Nothing is stored, and the results after say of themselves that they are no results of the round:
they have no lock and no root, and no report, minutes or list for publicity is made of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from evalkit.base.errors import InputError
from evalkit.base.text import Text, _
from evalkit.base.wanted import asked
from evalkit.evaluation.amended import Amendment, Scores
from evalkit.evaluation.cells import Status
from evalkit.evaluation.comparison import Comparison
from evalkit.evaluation.evaluate import evaluate
from evalkit.evaluation.results import Results

if TYPE_CHECKING:
    import pandas as pd

STATUS: Status = "what_if"
"""The status of results that rest on amended inputs."""


class Evaluated(Protocol):
    """What has results: a round."""

    @property
    def final(self) -> bool:
        """Whether nothing can be entered any more."""

    def results(self, *, trial: bool = False) -> Results:
        """Its results; before the lock only as a trial."""


@dataclass(frozen=True, eq=False)
class WhatIf(Comparison):
    """Results ``before``, and ``after`` with the ``amendment``, which are not official."""

    amendment: Amendment

    def __repr__(self) -> str:
        pairs = [(change.before["rank"], change.after["rank"]) for change in self.changes]
        ranks, n = sum(was != now for was, now in pairs), len(pairs)
        return f"WhatIf({self.after.panel.id!r}, not official: {ranks} of {n} ranks would change)"

    @cached_property
    def assumed(self) -> list[Text]:
        """What is otherwise, a sentence each: who is left out, what is struck, then each change of
        a score or value, and of a rule.
        """
        return [*self._left_out(), *self._struck(), *self._entered()]

    def to_frame(self) -> pd.DataFrame:
        """As that of a comparison, and a column ``status`` that says ``what_if`` in every row."""
        return super().to_frame().assign(status=self.after.status)

    def _left_out(self) -> Iterator[Text]:
        for expert in self.amendment.experts:
            name = self.before.panel.expert(expert).name
            yield _("{expert}的评分全部不计", expert=name)
        for expert, applicant in self.amendment.sheets:
            panel = self.before.panel
            values = {"expert": panel.expert(expert).name, "name": panel.applicant(applicant).name}
            yield _("{expert}对{name}的评分不计", **values)

    def _struck(self) -> Iterator[Text]:
        names = {row["id"]: row["name"] for row in self.before.rubric.summary()["indicators"]}
        struck = self.amendment.indicators
        for id in struck:
            yield _("“{name}”不计分", name=names[id])
        was, now = (one.rubric.points for one in (self.before, self.after))
        if was != now:
            yield _("满分由 {before} 分变为 {after} 分", before=was, after=now)

    def _entered(self) -> Iterator[Text]:
        """What was entered or declared otherwise and does not follow from those before."""
        experts, struck = set(self.amendment.experts), set(self.amendment.indicators)
        sheets = set(self.amendment.sheets)
        for change in self.inputs:
            applicant, expert, indicator = change.cell or ("", "", "")
            column = indicator.partition(".")[0]
            out = expert in experts or (expert, applicant) in sheets
            if not out and column not in struck and not change.of_rubric:
                yield change.what


@asked
def what_if(
    of: Results | Evaluated,
    *,
    without_expert: str | Sequence[str] = (),
    without_indicator: str | Sequence[str] = (),
    rules: Mapping[str, Any] | None = None,
    scores: Scores | None = None,
    recuse: str | Sequence[str] = (),
) -> WhatIf:
    """What would be if experts were left out, indicators struck, rules or scores otherwise.

    ``of`` is a round (before its lock as a trial) or `Results`. Experts and indicators are ids, of
    bonus groups and deductions too; what is left keeps its points. ``rules`` go by their names in
    the panel's file: ``{"rounding.places": 1}``, ``{"ties": []}``, or a whole rule as a dictionary;
    None takes one away. ``scores`` are a tidy table (applicant, expert, indicator, points, reason;
    the words of measured values and conditions too) or points by (applicant, expert, indicator), in
    place of what was entered; empty points take an entry away. ``recuse`` are sheets that do not
    count, ``expert:applicant`` as in ``evalkit appeal amend --recuse``.

    Nothing is written. Raises InputError where nothing is amended and for what does not fit, as the
    loaders do, and as `Round.results`.
    """
    before = results_of(of)
    left_out, struck = _ids(without_expert), _ids(without_indicator)
    amendment = Amendment(left_out, struck, rules, scores, tuple(map(_sheet, _ids(recuse))))
    if not (left_out or struck or amendment.sheets or rules) and scores is None:
        text = _("没有写明改动什么：without_expert、without_indicator、rules、scores 或 recuse")
        raise InputError(text)
    inputs = amendment.applied(before.rubric, before.panel, before.facts)
    after = replace(evaluate(*inputs, trial=True), status=STATUS)
    return WhatIf(before, after, amendment)


def results_of(of: Results | Evaluated) -> Results:
    """The results themselves, or those of a round. Raises InputError for anything else."""
    if isinstance(of, Results):
        return of
    if not hasattr(of, "results"):
        kind = type(of).__name__
        raise InputError(_("这里要的是 ek.open 得到的一轮，或 Results，给出的是 {kind}", kind=kind))
    return of.results(trial=not of.final)


def _sheet(text: str) -> tuple[str, str]:
    """Expert and applicant of a sheet. Raises InputError for what is not ``expert:applicant``."""
    expert, colon, applicant = text.partition(":")
    if not (expert and colon and applicant):
        raise InputError(_("“{text}”应写成 专家:对象，如 e3:c01", text=text))
    return expert, applicant


def _ids(given: str | Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([given] if isinstance(given, str) else given))
