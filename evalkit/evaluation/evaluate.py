"""The official function: rubric, panel and facts in, results out. No clock, files or floats."""

from __future__ import annotations

from typing import Any

import numpy as np

from evalkit.base.errors import Refused
from evalkit.base.text import _
from evalkit.base.wanted import asked
from evalkit.evaluation import measured, placings
from evalkit.evaluation.cells import Status
from evalkit.evaluation.counting import Counting, bonus_columns, capped, combined, count
from evalkit.evaluation.measured import DISAGREED
from evalkit.evaluation.published import Fraction, Published, as_points
from evalkit.evaluation.ranking import eligible, grades, ranks, reached, selected
from evalkit.evaluation.results import Results
from evalkit.evaluation.standardised import standardised
from evalkit.facts import verified
from evalkit.facts.columns import MISSING, RECUSED, SCORED, UNSCORED, Facts
from evalkit.panel import Panel
from evalkit.rubric import Rubric


@asked
def evaluate(rubric: Rubric, panel: Panel, facts: Facts, *, trial: bool = False) -> Results:
    """Points, totals and ranks by the declared rules, with how each number came about.

    Before the lock this raises Refused, except as a ``trial``, which the results then carry as
    their status. It also raises Refused when entries are missing and the rules say ``refuse``.
    An applicant with an indicator that nobody could score gets no total and no rank, never a zero;
    one that fails a condition of entry has no rank and takes none.
    """
    rubric = panel.in_force(rubric)
    able = eligible(rubric, panel, facts)
    used = standardised(rubric, panel, facts, able)
    counting = count(rubric, panel, used)
    by_value = measured.points(rubric, panel, facts, able)
    agreed = measured.agreement(rubric, panel, facts)
    if not trial:
        _require_final(rubric, panel, facts, able)
        _require_agreement(facts, agreed, able)
    exact, sums, capped = _aggregate(rubric, panel, used, counting)
    exact = exact[0], np.where(agreed == DISAGREED, 0, exact[1])
    exact = as_points(rubric, panel, facts.scale, exact)
    exact = measured.added(exact, by_value, facts.scale)
    numbers = Published(rubric, panel, facts.scale, exact)
    return Results(
        status=_status(facts, trial=trial),
        rubric=rubric,
        panel=panel,
        facts=facts,
        used=used,
        counted=counting.counted,
        dropped=counting.dropped,
        number=counting.counted.sum(axis=1),
        sums=sums,
        capped=capped,
        measured=by_value,
        eligible=able,
        exact=exact,
        **numbers.all(),
        **_placed(panel, numbers, used, able, trial=trial),
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
                "请补评或注明不评的理由；"
                "不由各位专家都评的，逐处记 recused 和理由，或声明 missing: exclude",
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
    sums, denominator = combined(panel, facts, counting)
    once, waiting = _decided_once(rubric, panel, facts), _waiting_for_panel(rubric, panel, facts)
    sums = np.where(once, np.maximum(facts.recognised, 0), sums)
    denominator = np.where(once, ~waiting, denominator)
    top = capped(rubric, facts.scale, sums, denominator)
    return (top, denominator), sums, sums > top


def _placed(
    panel: Panel, numbers: Published, facts: Facts, able: np.ndarray, *, trial: bool
) -> dict[str, Any]:
    """Ranks, what stands against them or behind them, selection and grades."""
    whole = numbers.defined.all(axis=1) & able
    missed = ~reached(numbers) & whole[:, None]
    whole = whole & ~missed.any(axis=1)
    placed, problem = placings.placed(numbers.rubric, panel, facts, whole)
    if problem and not trial:
        raise Refused(problem)
    rank, grade = ranks(numbers, whole, facts, placed), grades(numbers, whole)
    proposed = selected(numbers.rubric, panel, rank, grade)
    return {
        "rank": rank,
        "selected": proposed,
        "grade": grade,
        "placings": placed,
        "missed": missed,
    }
