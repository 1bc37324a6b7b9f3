"""The declared methods from measured values to points, in plain sentences."""

from __future__ import annotations

from evalkit.base.text import Text, _
from evalkit.panel.model import Panel
from evalkit.panel.units import measured_points, rule_of
from evalkit.rubric import Rubric
from evalkit.rubric.indicators import Indicator
from evalkit.rubric.measure_words import in_words
from evalkit.rubric.measures import FLAGGED, PoolRelative


def sentences(rubric: Rubric, panel: Panel) -> list[Text]:
    """One sentence for each indicator that a measured value decides or shares, and on no value."""
    if panel.rules.measures is None:
        return []
    ruled = [(i, rule) for i in rubric.indicators if (rule := rule_of(panel.rules, i)) is not None]
    found = [
        _(
            "“{name}”{of}：{how}{source}。",
            name=i.name + (f"（{i.unit}）" if i.unit else ""),
            of=_of(panel, i),
            how=in_words(rule),
            source=_("（原文规定）") if i.measure is not None else "",
        )
        for i, rule in ruled
    ]
    found.append(
        {
            "refuse": _("有指标没有测量值时不出结果。"),
            "zero": _("没有测量值的，该部分按 0 分计并注明。"),
        }[panel.rules.measures.missing]
    )
    if any(isinstance(rule, PoolRelative) for _indicator, rule in ruled):
        found.append(_("{warning}。", warning=FLAGGED))
    return found


def _of(panel: Panel, indicator: Indicator) -> Text | str:
    points = measured_points(panel.rules, indicator)
    if indicator.kind == "mixed" and points:
        return _("（其中定量部分 {points} 分）", points=points)
    return _("（{points} 分）", points=indicator.points)
