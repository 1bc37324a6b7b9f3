"""How the points of a round are counted: units, factors, ranges of what an expert may give."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from math import lcm

from evalkit.base.declared import plain
from evalkit.panel.rules import Rules
from evalkit.rubric import Rubric
from evalkit.rubric.indicators import Indicator
from evalkit.rubric.measures import MeasureRule, by_experts


def scale(rubric: Rubric, rules: Rules) -> int:
    """Units a point is counted in: the power of ten in which every allowed score is whole."""
    numbers, finest = [rules.step], Decimal(1).scaleb(-rules.rounding.places)
    for i in rubric.indicators:
        numbers += [i.points, *(expert_range(rules, i) or ())]
    numbers += [n for b in rubric.bonus for n in (b.points, b.item.min, b.item.max)]
    # a deduction keeps to no step, so it may have the decimals that are published
    numbers += [n for d in rubric.deductions for n in (d.points, finest)]
    if rules.standardise is not None:
        numbers.append(Decimal(1).scaleb(-rules.standardise.digits))
    places = max(-int(Decimal(n).as_tuple().exponent) for n in numbers)
    return int(10 ** max(places, 0))


def factors(rubric: Rubric) -> list[int]:
    """The factor of every indicator as a whole number of their common unit."""
    ratios = [i.range.factor.as_integer_ratio() for i in rubric.indicators]
    unit = factor_unit(rubric)
    return [top * (unit // bottom) for top, bottom in ratios]


def factor_unit(rubric: Rubric) -> int:
    """Units that a factor of 1 is counted in, so that the factors of all indicators are whole."""
    return lcm(*(i.range.factor.as_integer_ratio()[1] for i in rubric.indicators))


def weight_unit(weights: Iterable[Decimal]) -> int:
    """Units that experts' weights are counted in, so that all are whole; 1 without weights."""
    return int(10 ** max((-int(Decimal(w).as_tuple().exponent) for w in weights), default=0))


def expert_range(rules: Rules, indicator: Indicator) -> tuple[Decimal, Decimal] | None:
    """The least and greatest score of an expert; None where a measured value decides all."""
    own = indicator.range
    high = own.max - measured_points(rules, indicator)
    return (own.min, high) if high > own.min else None


def expert_most(rules: Rules, indicators: Iterable[Indicator]) -> Decimal:
    """The points that an expert's greatest scores on ``indicators`` come to."""
    ends = [(expert_range(rules, i), i.range.factor) for i in indicators]
    return plain(sum((end[1] * factor for end, factor in ends if end), Decimal(0)))


def measured_points(rules: Rules, indicator: Indicator) -> Decimal:
    """How many points of ``indicator`` a measured value decides; 0 where experts give them all."""
    rule = rule_of(rules, indicator)
    if rule is None or by_experts(rule):
        return Decimal(0)
    return indicator.points if indicator.kind == "quantitative" else rule.points or Decimal(0)


def rule_of(rules: Rules, indicator: Indicator) -> MeasureRule | None:
    """How a measured value counts on ``indicator``: as declared, else as published.

    What a panel declares beside a published method says the same and what that leaves open.
    """
    declared = rules.measures.indicators.get(indicator.id) if rules.measures else None
    return declared or indicator.measure


def common_scale(rules: Rules, indicator: Indicator) -> bool:
    """Whether experts' scores on ``indicator`` may be converted: where they need not agree."""
    rule = rule_of(rules, indicator)
    return rule is None or rule.method != "agreed"


def tie_keys(rubric: Rubric, *, placings: bool = False) -> tuple[str, ...]:
    """What a tie chain may name for ``rubric``; also the total, where ``placings`` go before it."""
    dimensions = [f"dimension:{d.id}" for d in rubric.dimensions]
    indicators = [i.id for i in rubric.indicators]
    named = [f"indicator:{id}" for id in indicators]
    return (
        *(("total",) if placings else ()),
        *("base", "bonus", *dimensions, *named),
        *("unrounded:total", "unrounded:base", *(f"unrounded:{k}" for k in (*dimensions, *named))),
        *("best_sheet", "worst_sheet", "top_scores"),
        *(f"{key}:{id}" for key in ("best_score", "worst_score") for id in indicators),
    )


def published_keys(rubric: Rubric) -> dict[str, Decimal]:
    """The published numbers that rules may name, and the most that each can come to."""
    base = rubric.points or Decimal(0)
    bonus = sum((b.points for b in rubric.bonus), Decimal(0))
    return {
        "total": base + bonus,
        "base": base,
        "bonus": bonus,
        **{f"dimension:{d.id}": d.total for d in rubric.dimensions},
        **{f"indicator:{i.id}": i.points for i in rubric.indicators},
    }


def by_scores(key: str) -> bool:
    """Whether ``key`` of a tie chain looks behind the published numbers."""
    return key.partition(":")[0] not in {"total", "base", "bonus", "dimension", "indicator"}
