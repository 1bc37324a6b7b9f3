"""From exact points to the numbers that are published: factors, rounding, sums, the floor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction as Rational
from functools import cached_property
from itertools import accumulate, pairwise

import numpy as np

from evalkit.evaluation.counting import bonus_columns
from evalkit.panel import Panel
from evalkit.rubric import Rubric
from evalkit.scoring.points import FINE, Rounder, roomy

Fraction = tuple[np.ndarray, np.ndarray]
"""Exact values: numerators in units of the facts' scale, and denominators (0: no value)."""


def as_points(rubric: Rubric, panel: Panel, scale: int, exact: Fraction) -> Fraction:
    """Combined scores (rows, columns) times the factor of their scale, exact.

    Rounded before if the rules say so; a deduction is decided once and is no combined score.
    """
    (top, bottom), rounding = exact, panel.rules.rounding
    if rounding.of_scores:
        unit = 10**rounding.places
        step = rounding.rounder.step
        wide = roomy(np.maximum(bottom, 1), 2 * scale * step) * scale
        rounded = rounding.rounder(roomy(top, 2 * unit) * unit, wide)
        scored = np.arange(top.shape[1]) < bonus_columns(rubric).stop
        top = np.where(scored, rounded * scale, top)
        bottom = np.where(scored & (bottom > 0), unit, bottom)
    factors = [i.range.factor.as_integer_ratio() for i in rubric.indicators]
    if all(factor == (1, 1) for factor in factors):
        return top, bottom
    rest = [(1, 1)] * (len(rubric.columns) - len(factors))
    up, down = np.array([*factors, *rest], dtype=np.int64).T
    return roomy(top, int(up.max())) * up, roomy(bottom, int(down.max())) * down


@dataclass(frozen=True, eq=False)
class Published:
    """Whole numbers in units of the last published place, each computed when it is asked for.

    ``exact`` are points (rows, columns) in units of ``scale``. ``defined`` and ``points`` have that
    shape, ``dimensions`` (rows, dimensions), the others (rows,). Where a column is not defined, the
    sums of its row are not to be read.
    """

    rubric: Rubric
    panel: Panel
    scale: int
    exact: Fraction

    def all(self) -> dict[str, np.ndarray]:
        """All of them by name."""
        names = ("defined", "points", "dimensions", "base", "bonus", "deduction", "total")
        return {name: getattr(self, name) for name in names}

    @cached_property
    def defined(self) -> np.ndarray:
        """Whether there is a value."""
        return np.asarray(self.exact[1] > 0).astype(bool)

    @cached_property
    def points(self) -> np.ndarray:
        """The points of every column, each rounded by itself."""
        return self._rounder(*self._fractions)

    @cached_property
    def dimensions(self) -> np.ndarray:
        """The points of every dimension of the first level."""
        return np.stack([self._sum([part]) for part in self._parts], axis=1)

    @cached_property
    def base(self) -> np.ndarray:
        """All indicators together."""
        return self._sum(self._before(self._plus.start))

    @cached_property
    def bonus(self) -> np.ndarray:
        """All bonus groups together."""
        return np.asarray(self.points[:, self._plus].sum(axis=1))

    @cached_property
    def deduction(self) -> np.ndarray:
        """All deductions together, above 0."""
        return np.asarray(self.points[:, self._plus.stop :].sum(axis=1))

    @cached_property
    def total(self) -> np.ndarray:
        """Indicators and bonus less deductions."""
        found = self._sum(self._before(len(self.rubric.columns)))
        if self._floored:
            # a deduction takes what is there and no more; it never lifts a total that is below 0
            before = self._sum(self._before(self._plus.stop))
            found = np.maximum(found, np.minimum(before, 0))
        return found

    def exact_sum(self, row: int, columns: Sequence[int]) -> Rational:
        """The sum of some ``columns`` of a row before any rounding; deductions taken off."""
        top, bottom = self.exact
        terms = [
            int(self._sign[c]) * Rational(int(top[row, c]), int(bottom[row, c]) * self.scale)
            for c in columns
            if bottom[row, c]
        ]
        return sum(terms, Rational(0))

    def exact_total(self, row: int) -> Rational:
        """The total of a row before any rounding, with the declared floor."""
        found = self.exact_sum(row, range(len(self.rubric.columns)))
        if self._floored:
            before = self.exact_sum(row, range(self._plus.stop))
            found = max(found, min(before, Rational(0)))
        return found

    @property
    def _floored(self) -> bool:
        rule = self.panel.rules.deductions
        return rule is not None and rule.floor == "zero"

    @cached_property
    def _fractions(self) -> Fraction:
        """Numerators and denominators in published units; 0 where there is no value."""
        top, bottom = self.exact
        if not self.defined.all():
            top, bottom = np.where(self.defined, top, 0), np.where(self.defined, bottom, 1)
        unit = 10**self.panel.rules.rounding.places
        top = roomy(top, unit * 2 * FINE * top.shape[1]) * unit
        return top, roomy(bottom, self.scale * 2 * self._rounder.step) * self.scale

    @property
    def _rounder(self) -> Rounder:
        return self.panel.rules.rounding.rounder

    @property
    def _plus(self) -> slice:
        return bonus_columns(self.rubric)

    @cached_property
    def _parts(self) -> list[slice]:
        """The columns of each dimension of the first level."""
        ends = [0, *accumulate(len(d.leaves) for d in self.rubric.dimensions)]
        return [slice(start, end) for start, end in pairwise(ends)]

    def _before(self, stop: int) -> list[slice]:
        """The columns up to ``stop``, in groups that are added before they are rounded."""
        if self.panel.rules.rounding.sums_at == "total":
            return [slice(0, stop)]
        beyond = [slice(c, c + 1) for c in range(self._plus.start, len(self.rubric.columns))]
        return [part for part in [*self._parts, *beyond] if part.stop <= stop]

    def _sum(self, groups: list[slice]) -> np.ndarray:
        """The columns of all ``groups``, rounded at the declared stage; deductions taken off."""
        if self.panel.rules.rounding.sums_at == "indicator":
            part = slice(groups[0].start, groups[-1].stop)
            points = self.points[:, part]
            signed = points * self._sign[part] if part.stop > self._plus.stop else points
            return np.asarray(signed.sum(axis=1))
        top, bottom = self._fractions
        signed = top * self._sign
        return np.asarray(sum(self._rounder.sum(signed[:, g], bottom[:, g]) for g in groups))

    @cached_property
    def _sign(self) -> np.ndarray:
        """(columns,): -1 for what is taken off the total, else 1."""
        return np.where(np.arange(len(self.rubric.columns)) < self._plus.stop, 1, -1)
