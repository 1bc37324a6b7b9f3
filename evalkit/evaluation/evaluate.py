"""The official function: rubric, panel and facts in, results out. No clock, files or floats."""

from __future__ import annotations

import numpy as np

from evalkit.errors import Refused
from evalkit.evaluation import measured
from evalkit.evaluation.counting import Counting, bonus_columns, caps, count, expert_weights
from evalkit.evaluation.measured import DISAGREED
from evalkit.evaluation.ranking import eligible, grades, ranks, selected
from evalkit.evaluation.results import Results, Status
from evalkit.facts import verified
from evalkit.facts.columns import MISSING, RECUSED, SCORED, UNSCORED, Facts
from evalkit.panel import Panel
from evalkit.rubric import Rubric
from evalkit.scoring import aggregate
from evalkit.scoring.points import FINE, half_up, half_up_sum, roomy
from evalkit.text import _

Fraction = tuple[np.ndarray, np.ndarray]
"""Exact values: numerators in units of the facts' scale, and denominators (0: no value)."""


def evaluate(rubric: Rubric, panel: Panel, facts: Facts, *, trial: bool = False) -> Results:
    """Points, totals and ranks by the declared rules, with how each number came about.

    Before the lock this raises Refused, except as a ``trial``, which the results then carry as
    their status. It also raises Refused when entries are missing and the rules say ``refuse``.
    An applicant with an indicator that nobody could score gets no total and no rank, never a zero;
    one that fails a condition of entry has no rank and takes none.
    """
    rubric = panel.in_force(rubric)
    counting = count(rubric, panel, facts)
    able = eligible(rubric, panel, facts)
    by_value = measured.points(rubric, panel, facts, able)
    agreed = measured.agreement(rubric, panel, facts)
    if not trial:
        _require_final(rubric, panel, facts, able)
        _require_agreement(facts, agreed, able)
    exact, sums, capped = _aggregate(rubric, panel, facts, counting)
    exact = exact[0], np.where(agreed == DISAGREED, 0, exact[1])
    exact = _as_points(rubric, panel, facts, exact)
    exact = measured.added(exact, by_value, facts.scale)
    numbers = published(rubric, panel, facts.scale, exact)
    return Results(
        status=_status(facts, trial=trial),
        rubric=rubric,
        panel=panel,
        facts=facts,
        counted=counting.counted,
        dropped=counting.dropped,
        number=counting.counted.sum(axis=1),
        sums=sums,
        capped=capped,
        measured=by_value,
        eligible=able,
        exact=exact,
        **numbers,
        **_placed(rubric, panel, numbers, able),
    )


def _status(facts: Facts, *, trial: bool) -> Status:
    if trial:
        return "trial"
    return "official" if facts.basis.kind == "log" else "table"


def _require_final(rubric: Rubric, panel: Panel, facts: Facts, able: np.ndarray) -> None:
    """Raise Refused for what is not there yet; whoever is out of the round holds up nobody."""
    if not facts.basis.final:
        raise Refused(_("评分尚未锁定，不能出正式结果；如需试算，请使用 --trial"))
    missing = (facts.state == MISSING) & able[:, None, None]
    if panel.rules.missing == "refuse" and missing.any():
        a, s, c = np.argwhere(missing)[0]
        raise Refused(
            _(
                "有 {n} 处漏评，第一处是专家 {expert} 对 {applicant} 的“{indicator}”；"
                "请补评或注明不评的理由",
                n=int(missing.sum()),
                expert=facts.experts[facts.seats[a, s]],
                applicant=facts.applicants[a],
                indicator=facts.columns[c],
            )
        )
    waiting = _waiting_for_panel(rubric, panel, facts) & able[:, None]
    if waiting.any():
        a = int(np.argmax(waiting.any(axis=1)))
        raise Refused(_("专家组尚未认定 {applicant} 的加分项", applicant=facts.applicants[a]))
    if problem := verified.lacking(rubric, panel, facts.verified):
        raise Refused(problem)


def _require_agreement(facts: Facts, agreed: np.ndarray, able: np.ndarray) -> None:
    wrong = (agreed == DISAGREED) & able[:, None]
    if wrong.any():
        a, c = np.argwhere(wrong)[0]
        raise Refused(
            _(
                "有 {n} 处定量指标各专家计分不一致，第一处是 {applicant} 的“{indicator}”；"
                "定量指标只有一个正确的分数，请核对后更正",
                n=int(wrong.sum()),
                applicant=facts.applicants[a],
                indicator=facts.columns[c],
            )
        )


def _waiting_for_panel(rubric: Rubric, panel: Panel, facts: Facts) -> np.ndarray:
    """(applicants, columns): bonus that the panel as a whole has yet to decide."""
    waiting = np.zeros(facts.recognised.shape, dtype=bool)
    if panel.rules.bonus is not None and panel.rules.bonus.recognised_by == "panel":
        part = bonus_columns(rubric)
        waiting[:, part] = facts.recognised[:, part] < 0
    return waiting


def _decided_once(rubric: Rubric, panel: Panel, facts: Facts) -> np.ndarray:
    """(applicants, columns): what no expert scores: deductions, bonus that the panel as a whole
    decides, and a bonus for which nothing is claimed, which is 0.
    """
    once, part = np.zeros(facts.recognised.shape, dtype=bool), bonus_columns(rubric)
    once[:, part.stop :] = True
    rule = panel.rules.bonus
    if rule is not None and rule.recognised_by == "panel":
        once[:, part] = True
    elif rule is not None:
        unclaimed = np.array([not panel.claims(a) for a in panel.applicants])
        # a past panel may state sums of points without the claims behind them
        by_experts = np.isin(facts.state[:, :, part], (MISSING, SCORED, UNSCORED, RECUSED))
        once[:, part] = unclaimed[:, None] & ~by_experts.any(axis=1)
    return once


def _aggregate(
    rubric: Rubric, panel: Panel, facts: Facts, counting: Counting
) -> tuple[Fraction, np.ndarray, np.ndarray]:
    """The exact points of every column; the sums of what counts, and where a cap cut their mean."""
    points, counted = counting.points.swapaxes(1, 2), counting.counted.swapaxes(1, 2)
    weights = expert_weights(panel, facts)
    sums, denominator = aggregate.mean(
        points, counted, None if weights is None else weights[:, None, :]
    )
    once, part = _decided_once(rubric, panel, facts), bonus_columns(rubric)
    sums = np.where(once, np.maximum(facts.recognised, 0), sums)
    waiting = _waiting_for_panel(rubric, panel, facts)
    denominator = np.where(once, ~waiting, denominator)
    most = np.full_like(sums, np.iinfo(np.int64).max)
    most[:, part] = caps(rubric, facts) * denominator[:, part]
    return (np.minimum(sums, most), denominator), sums, sums > most


def _as_points(rubric: Rubric, panel: Panel, facts: Facts, exact: Fraction) -> Fraction:
    """Combined scores times the factor of their scale, rounded before if the rules say so."""
    top, bottom = exact
    if panel.rules.rounding.stage == "score":
        unit = 10**panel.rules.rounding.places
        rounded = half_up(roomy(top, 2 * unit) * unit, np.maximum(bottom, 1) * facts.scale)
        # a deduction is decided once and is no combined score
        scored = np.arange(top.shape[1]) < bonus_columns(rubric).stop
        top = np.where(scored, rounded * facts.scale, top)
        bottom = np.where(scored & (bottom > 0), unit, bottom)
    factors = [i.range.factor.as_integer_ratio() for i in rubric.indicators]
    if all(factor == (1, 1) for factor in factors):
        return top, bottom
    rest = [(1, 1)] * (len(rubric.columns) - len(factors))
    up, down = np.array([*factors, *rest], dtype=np.int64).T
    return roomy(top, int(up.max())) * up, roomy(bottom, int(down.max())) * down


def published(rubric: Rubric, panel: Panel, scale: int, exact: Fraction) -> dict[str, np.ndarray]:
    """From exact points (rows, columns) to the numbers of `Results` up to the total.

    ``exact`` as there, in units of ``scale``. Rounded at the declared stage and counted in units of
    the last published place.
    """
    rounding, plus = panel.rules.rounding, bonus_columns(rubric)
    defined = (exact[1] > 0).astype(bool)
    top, bottom = np.where(defined, exact[0], 0), np.where(defined, exact[1], 1)
    top = roomy(top, 10**rounding.places * 2 * FINE * top.shape[1]) * 10**rounding.places
    bottom = roomy(bottom, scale * 2) * scale
    points = half_up(top, bottom)
    parts = _dimension_slices(rubric)
    if rounding.stage == "indicator":
        dimensions = np.stack([points[:, part].sum(axis=1) for part in parts], axis=1)
    else:
        dimensions = np.stack([half_up_sum(top[:, p], bottom[:, p]) for p in parts], axis=1)
    bonus, deduction = points[:, plus].sum(axis=1), points[:, plus.stop :].sum(axis=1)
    if rounding.stage in ("total", "score"):
        base = half_up_sum(top[:, : plus.start], bottom[:, : plus.start])
        before = half_up_sum(top[:, : plus.stop], bottom[:, : plus.stop])
        sign = np.where(np.arange(top.shape[1]) < plus.stop, 1, -1)
        total = half_up_sum(top * sign, bottom)
    else:
        base = dimensions.sum(axis=1)
        before = base + bonus
        total = before - deduction
    if panel.rules.deductions is not None and panel.rules.deductions.floor == "zero":
        # a deduction takes what is there and no more; it never lifts a total that is below 0
        total = np.maximum(total, np.minimum(before, 0))
    return {
        "defined": defined,
        "points": points,
        "dimensions": dimensions,
        "base": base,
        "bonus": bonus,
        "deduction": deduction,
        "total": total,
    }


def _placed(
    rubric: Rubric, panel: Panel, numbers: dict[str, np.ndarray], able: np.ndarray
) -> dict[str, np.ndarray]:
    """Ranks, selection and grades."""
    whole = numbers["defined"].all(axis=1) & able
    rank = ranks(rubric, panel, numbers, whole)
    return {
        "rank": rank,
        "selected": selected(panel, rank),
        "grade": grades(panel, numbers["total"], whole),
    }


def _dimension_slices(rubric: Rubric) -> list[slice]:
    ends = np.cumsum([len(d.leaves) for d in rubric.dimensions]).tolist()
    return [slice(start, end) for start, end in zip([0, *ends], ends, strict=False)]
