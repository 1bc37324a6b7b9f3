"""Measured values of one applicant, and the points that follow from each by the declared method."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from evalkit.base.terms import instant
from evalkit.base.text import Text, _, render
from evalkit.base.tidy_words import UNSCORED_WORD
from evalkit.facts.verified import measured_value
from evalkit.log.events import Event
from evalkit.panel import Panel
from evalkit.panel.rules import Rules
from evalkit.panel.units import expert_range, measured_points, rule_of
from evalkit.record.owed import WORDS
from evalkit.round import Round
from evalkit.rubric import Rubric
from evalkit.rubric.indicators import Indicator
from evalkit.rubric.measure_words import in_words
from evalkit.rubric.measures import MeasureRule, PoolRelative, points_of
from evalkit.scoring.points import fixed


def computed(
    workspace: Round, expert: str, applicant: str, language: str
) -> Iterator[dict[str, Any]]:
    """Each measured indicator: ``value`` as it was typed (empty: not on record) with ``unit`` and
    ``evidence``, its ``points`` out of ``max`` rounded as published (None: none yet), ``why`` there
    are none, ``how`` they follow, and what the office answered to this expert's dispute.
    """
    rubric, panel, history = workspace.rubric, workspace.panel, workspace.history()
    for i in rubric.indicators:
        most, rule = measured_points(panel.rules, i), rule_of(panel.rules, i)
        if not most or rule is None:
            continue
        event = history.recorded("measure", applicant, i.id)
        points = _points(rubric, panel, i, rule, event)
        stand = history.spoken.stand(expert, applicant, i.id)
        text = event.payload["points"] if event else ""
        answer = stand.answer if stand else None
        yield {
            "id": i.id,
            "number": i.number or "",
            "name": i.name,
            "unit": i.unit or "",
            "max": format(most, "f"),
            "alone": expert_range(panel.rules, i) is None,
            "value": render(WORDS.get(text, text), language),
            "evidence": event.payload["text"] if event else "",
            "points": _published(panel.rules, points) if points is not None else None,
            "why": render(_why_none(rule, event, points), language),
            "how": in_words(rule).render(language),
            "answer": _said(answer, language) if answer else "",
        }


def _points(
    rubric: Rubric, panel: Panel, indicator: Indicator, rule: MeasureRule, event: Event | None
) -> Fraction | None:
    """The exact points; None where nothing is on record, or they depend on other applicants."""
    if event is None or isinstance(rule, PoolRelative) or panel.rules.measures is None:
        return None
    payload = event.payload
    value = measured_value(rubric, panel, indicator.id, payload["points"], payload["text"])
    if value is None:
        return Fraction(0) if panel.rules.measures.missing == "zero" else None
    return points_of(rule, [value], measured_points(panel.rules, indicator))[0]


def _published(rules: Rules, points: Fraction) -> str:
    rule = rules.rounding
    return fixed(rule.rounder.of(points * 10**rule.places), rule.places)


def _why_none(rule: MeasureRule, event: Event | None, points: Fraction | None) -> Text | str:
    if points is not None:
        return ""
    if event is None:
        return _("还没有登记")
    if event.payload["points"] == UNSCORED_WORD:
        return _("没有数据，不计分")
    return _("与其他对象相比较得出，评分结束后才知道") if isinstance(rule, PoolRelative) else ""


def _said(answer: Event, language: str) -> str:
    text = answer.payload["text"]
    if answer.kind == "measure":
        text = answer.payload.get("reason", "") or text
    said = _("{text}（{at}）", text=text, at=instant(answer.at))
    return said.render(language)
