"""The experts' scores as statistics need them: points with gaps, and the totals of whole sheets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evalkit.analysis import scales
from evalkit.base.text import _
from evalkit.evaluation import Results
from evalkit.facts.columns import NOT_ASKED, SCORED

NO_WHOLE_SHEET = _("没有各项齐全的评分表")


@dataclass(frozen=True, eq=False)
class Sheets:
    """Scores on the indicators that experts scored, bonus items left out. nan: no score."""

    columns: tuple[int, ...]
    """Which columns of the facts these are."""
    points: np.ndarray
    """(applicants, seats, columns), as scored; a factor of the scale is not in them."""
    ends: np.ndarray
    """(columns, 2): the least and the greatest score of each."""
    totals: np.ndarray
    """(applicants, seats): points of sheets on which every indicator was scored, else nan."""
    seats: np.ndarray
    """(applicants, seats): index of the expert, -1 where there is none."""

    @property
    def crossed(self) -> bool:
        """Whether the same experts are assigned to all applicants."""
        return bool((self.seats == self.seats[0]).all())


def sheets_of(results: Results) -> Sheets:
    """The sheets behind ``results``; every score entered, whether or not the rules count it."""
    facts = results.facts
    scored = facts.state == SCORED
    columns = [c for c in range(len(results.rubric.indicators)) if scored[:, :, c].any()]
    points = np.where(scored, facts.points / facts.scale, np.nan)[:, :, columns]
    asked = facts.state[:, :, columns] != NOT_ASKED
    whole = (scored[:, :, columns] | ~asked).all(-1) & scored[:, :, columns].any(-1)
    # added up as whole numbers, so that equal totals are equal
    factors, unit = scales.factors(results)
    sums = (np.where(scored, facts.points, 0) * factors)[:, :, columns].sum(-1)
    totals = np.where(whole, sums / (facts.scale * unit), np.nan)
    return Sheets(
        tuple(columns),
        points,
        scales.ends(results)[columns],
        totals,
        facts.seats,
    )
