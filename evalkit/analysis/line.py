"""Where the round draws its lines: how many places there are, and the totals of grades."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from evalkit.base.errors import InputError
from evalkit.base.text import _
from evalkit.evaluation import Results
from evalkit.panel import Panel


@dataclass(frozen=True)
class Line:
    """What the uncertainty is asked about. Without places and marks only ranks are."""

    places: int | Mapping[str, int] | None = None
    """How many are selected; by name of the group where groups are ranked apart."""
    marks: tuple[Decimal, ...] = ()
    """The published total from which on each grade but the worst is reached: the least one of the
    grade, or the greatest where a lower total is better."""

    def check(self, results: Results) -> None:
        """Raises InputError for fewer than no places, or for groups that are not there."""
        numbers = self.places.values() if isinstance(self.places, Mapping) else [self.places or 0]
        if any(n < 0 for n in numbers):
            raise InputError(_("名额不能是负数"))
        if isinstance(self.places, Mapping) and set(self.places) != set(_groups(results)):
            raise InputError(
                _("名额须逐组写明，组名为{groups}", groups=sorted(set(_groups(results))))
            )


def declared(panel: Panel) -> Line:
    """The line that the rules of ``panel`` declare; an empty one where they declare none."""
    selection, cuts = panel.rules.selecting, panel.rules.grades or ()
    return Line(selection.places if selection else None, tuple(cut.bound for cut in cuts))


def fields(results: Results) -> np.ndarray:
    """(applicants,): numbers of the groups that are ranked apart; all 0 where none are."""
    apart = results.panel.rules.ranking == "by_group"
    names = [name if apart else "" for name in _groups(results)]
    return np.unique(np.array(names), return_inverse=True)[1]


def places_of(line: Line, results: Results) -> np.ndarray:
    """(applicants,): the places that each competes for; 0 where no number is declared."""
    if isinstance(line.places, Mapping):
        return np.array([line.places[name] for name in _groups(results)])
    return np.full(len(results.facts.applicants), line.places or 0)


def _groups(results: Results) -> list[str]:
    return [applicant.group or "" for applicant in results.panel.applicants]
