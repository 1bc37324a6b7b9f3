"""The numbers of a round as columns, and what is said of each: its text, its uses, its flags."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal

import numpy as np

from evalkit.base import canonical
from evalkit.evaluation.counting import too_few_left
from evalkit.evaluation.measured import Measured, Values
from evalkit.facts.columns import (
    CONFLICT,
    MISSING,
    RECUSED,
    SCORED,
    UNSCORED,
    Facts,
)
from evalkit.panel import Panel
from evalkit.panel.aggregation import NearMean, TrimmedMean, Winsorised
from evalkit.panel.units import expert_range, rule_of, weight_unit
from evalkit.rubric import Rubric
from evalkit.rubric.indicators import Indicator
from evalkit.scoring.points import exact_text, fixed, text
from evalkit.scoring.rank import one_key

Status = Literal["official", "table", "trial", "what_if"]
"""From a locked log; from a finished table of scores; before the lock, not to be relied on; from
amended inputs, never to be."""

_NOT_USED = {UNSCORED: "unscored", RECUSED: "recused", CONFLICT: "conflict", MISSING: "missing"}
_DROPPED = {1: "dropped_highest", -1: "dropped_lowest"}
_FAR = {1: "dropped_above", -1: "dropped_below"}
_REPLACED = {1: "replaced_highest", -1: "replaced_lowest"}
_USES = ("counted", "excluded", *_NOT_USED.values(), *_DROPPED.values(), *_FAR.values(),
         *_REPLACED.values())  # fmt: skip


@dataclass(frozen=True, eq=False)
class Cells:
    """Columns of exact whole numbers, counted in units of the last published decimal place.

    Shapes: ``points``, ``sums``, ``capped``, ``number`` and ``defined`` (applicants, columns);
    ``dimensions`` (applicants, dimensions); ``base``, ``bonus``, ``deduction``, ``total``,
    ``rank``, ``selected``, ``grade`` and ``eligible`` (applicants); ``counted`` and ``dropped`` as
    in the facts. ``sums`` are in units of the facts' scale, times the experts' weights if they have
    any; ``capped`` says where a bonus comes to more than its cap. ``exact`` are the points of every
    column before rounding: numerators in units of the facts' scale, and denominators (0: none). An
    applicant with an undefined column has no total, rank 0 stands for no rank, grade -1 for no
    grade.
    """

    status: Status
    rubric: Rubric
    panel: Panel
    facts: Facts
    used: Facts
    """The facts as their scores count: on a common scale where the rules say so."""
    counted: np.ndarray
    dropped: np.ndarray
    number: np.ndarray
    sums: np.ndarray
    capped: np.ndarray
    defined: np.ndarray
    points: np.ndarray
    dimensions: np.ndarray
    base: np.ndarray
    bonus: np.ndarray
    deduction: np.ndarray
    total: np.ndarray
    rank: np.ndarray
    selected: np.ndarray
    grade: np.ndarray
    eligible: np.ndarray
    missed: np.ndarray
    """(applicants, minimums): which conditions of rank an applicant with a total did not meet."""
    placings: np.ndarray | None
    """(applicants, experts): twice the place by each expert, 0 for none; None without that rule."""
    measured: Values
    exact: tuple[np.ndarray, np.ndarray]

    def number_text(self, value: np.integer[Any] | int) -> str:
        """A published number as a decimal string with the declared places."""
        return fixed(value, self.panel.rules.rounding.places)

    def least_text(self, indicators: Iterable[Indicator]) -> str:
        """The points that the least scores on ``indicators`` come to, where they are below 0."""
        least = (min(i.range.min * i.range.factor, Decimal(0)) for i in indicators)
        return format(sum(least, Decimal(0)), "f")

    def scale_text(self, indicator: Indicator) -> dict[str, str]:
        """The least (``min``) and the greatest (``max``) score that an expert may give."""
        low, high = expert_range(self.panel.rules, indicator) or (Decimal(0), indicator.points)
        return {"min": format(low, "f"), "max": format(high, "f")}

    def sum_text(self, n: int, c: int) -> str:
        """The sum of the scores that count on a column, times the experts' weights if any."""
        return text(int(self.sums[n, c]), self._sum_unit)

    @cached_property
    def _sum_unit(self) -> int:
        weights = self.panel.rules.aggregation.weights or {}
        return self.facts.scale * weight_unit(weights.values())

    def dimension_text(self, n: int, k: int) -> str | None:
        """Points of applicant ``n`` on dimension ``k``; None if an indicator of it has none."""
        return self.number_text(self.dimensions[n, k]) if self._whole[n, k] else None

    @cached_property
    def _whole(self) -> np.ndarray:
        """(applicants, dimensions): whether all indicators of a dimension have points."""
        place = {id: c for c, id in enumerate(self.facts.columns)}
        within = ([place[i.id] for i in d.leaves] for d in self.rubric.dimensions)
        return np.stack([self.defined[:, columns].all(axis=1) for columns in within], axis=1)

    def flags(self, n: int, c: int) -> list[str]:
        """What a reader must know about a number: not trimmed, capped, experts left out."""
        found = [flag for flag, at in self._flagged.items() if at[n, c]]
        if (own := self.measured.get((n, c))) and own.value is None and own.points is not None:
            found.append("no_value_zero")
        return found

    @cached_property
    def _flagged(self) -> dict[str, np.ndarray]:
        """(applicants, columns): where each flag stands that follows from the scores."""
        rule, kept = self.panel.rules.aggregation, self.dropped == 0
        trims = isinstance(rule, TrimmedMean | Winsorised) and rule.drops
        few = self.number < getattr(rule, "min_n", 0)
        excluded = (self.facts.state == SCORED) & ~self.counted & kept
        return {
            "not_trimmed": kept.all(axis=1) & (self.number > 0) & few & bool(trims),
            "too_few_left": too_few_left(self.rubric, self.panel, self.used),
            "capped": self.capped,
            "experts_excluded": excluded.any(axis=1),
        }

    def uses(self, n: int, c: int) -> list[tuple[int, str]]:
        """Every seat of a cell and what became of it, such as counted or recused."""
        names = self._use[n, :, c].tolist()
        return [(s, _USES[name]) for s, name in enumerate(names) if name >= 0]

    @cached_property
    def _use(self) -> np.ndarray:
        """Shaped as in the facts: what became of each score, by its place in `_USES`; -1: none."""
        state, kept = self.facts.state, self.dropped == 0
        far = isinstance(self.panel.rules.aggregation, NearMean)
        found = np.full(state.shape, -1, dtype=np.int8)
        for cell, name in _NOT_USED.items():
            found[state == cell] = _USES.index(name)
        scored = state == SCORED
        found[scored] = _USES.index("excluded")
        found[scored & self.counted & kept] = _USES.index("counted")
        for side in (1, -1):
            own = scored & (self.dropped == side)
            found[own & self.counted] = _USES.index(_REPLACED[side])
            found[own & ~self.counted] = _USES.index((_FAR if far else _DROPPED)[side])
        return found

    def extras(self, n: int, c: int) -> dict[str, Any]:
        """What only some columns have: the experts' weights, a measured value, a factor.

        With it ``score``, what was combined before it, rounded like points; None where nothing was.
        """
        found = dict[str, Any]()
        if (weights := self.panel.rules.aggregation.weights) and self.number[n, c]:
            seats = np.flatnonzero(self.counted[n, :, c])
            experts = [self.facts.experts[self.facts.seats[n, s]] for s in seats]
            found["weight"] = format(sum(weights[e] for e in experts), "f")
        if c < len(self.rubric.indicators):
            indicator = self.rubric.indicators[c]
            if indicator.range.factor != 1:
                found["factor"] = format(indicator.range.factor, "f")
                found["score"] = self._score(n, c, found.get("weight"))
            if own := self.measured.get((n, c)):
                found["measured"] = self._measured(own, indicator)
        return found

    def _score(self, n: int, c: int, weight: str | None) -> str | None:
        number, places = int(self.number[n, c]), self.panel.rules.rounding.places
        if not number:
            return None
        mean = Fraction(self.sum_text(n, c)) / Fraction(weight or number) * 10**places
        return fixed(self.panel.rules.rounding.rounder.of(mean), places)

    def _measured(self, own: Measured, indicator: Indicator) -> dict[str, Any]:
        rule = rule_of(self.panel.rules, indicator)
        return {
            "value": None if own.value is None else format(own.value, "f"),
            "unit": indicator.unit,
            "method": rule.method if rule else None,
            "points": None if own.points is None else exact_text(own.points),
            "of": format(own.of, "f"),
        }

    def entered(self, n: int) -> list[list[Score]]:
        """Every score of applicant ``n``, column by column, in the order of the seats."""
        facts, scale = self.facts, self.facts.scale
        experts = [facts.experts[seat] for seat in facts.seats[n].tolist()]
        converted = self.used is not facts
        arrays = (self._use, facts.state, facts.points, self.used.points)
        return [
            [
                (
                    expert,
                    _USES[use],
                    points if state == SCORED else None,
                    counted if converted and state == SCORED else None,
                    scale,
                )
                for expert, use, state, points, counted in zip(experts, *column, strict=True)
                if use >= 0
            ]
            for column in zip(*(array[n].T.tolist() for array in arrays), strict=True)
        ]

    def score_texts(self, own: slice) -> list[list[list[str]]]:
        """The canonical JSON of every `score` of applicants ``own``, by column and seat.

        Empty where nothing was asked. Of all those that say the same one is put into words.
        """
        facts, use = self.facts, self._use[own]
        scored, converted = facts.state[own] == SCORED, self.used is not facts
        seats = np.broadcast_to(facts.seats[own, :, None], use.shape)
        points, counted = (np.where(scored, part.points[own], 0) for part in (facts, self.used))
        rows = np.stack([seats, use, scored, points, counted], axis=-1).reshape(-1, 5)
        _keys, first, kind = np.unique(one_key(rows), return_index=True, return_inverse=True)
        texts = [""] * len(first)
        for n, (seat, name, there, own_points, used) in enumerate(rows[first].tolist()):
            if name >= 0:
                given = own_points if there else None, used if there and converted else None
                row = score(facts.experts[seat], _USES[name], *given, facts.scale)
                texts[n] = canonical.dumps(row)
        whole = np.array(texts, dtype=object)[kind].reshape(use.shape)
        found: list[list[list[str]]] = whole.swapaxes(1, 2).tolist()
        return found

    def cell(self, n: int, c: int) -> dict[str, Any]:
        """What is said of applicant ``n`` on column ``c``, as in `Results.to_dict`, without the
        scores: their place is empty.
        """
        return {
            "id": self.facts.columns[c],
            "points": self.number_text(self.points[n, c]) if self.defined[n, c] else None,
            "sum": self.sum_text(n, c),
            "n": int(self.number[n, c]),
            "scores": [],
            "flags": self.flags(n, c),
            **self.extras(n, c),
        }

    def numbers(self, n: int) -> list[tuple[Any, ...] | None]:
        """What `cell` depends on, column by column; None where that is more than these numbers."""
        weighed = bool(self.panel.rules.aggregation.weights)
        flags = self._flagged.values()
        arrays = (self.defined, self.points, self.sums, self.number, *flags)
        columns = enumerate(zip(*(array[n].tolist() for array in arrays), strict=True))
        return [
            None if weighed or (n, c) in self.measured else (c, *numbers) for c, numbers in columns
        ]


Score = tuple[str, str, int | None, int | None, int]
"""By whom, what became of it, points as entered and as converted to a common scale (None: there are
none), in 1/unit of a point, and that unit."""


def score(by: str, use: str, points: int | None, converted: int | None, unit: int) -> Any:
    """A score as in `Results.to_dict`."""
    row = {"expert": by, "use": use}
    if points is not None:
        row["points"] = text(points, unit)
    if converted is not None:
        row["converted"] = text(converted, unit)
    return row
