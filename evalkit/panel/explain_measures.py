"""The declared methods from measured values to points, in plain sentences."""

from __future__ import annotations

from evalkit.base.text import Text, _
from evalkit.panel.measures import (
    FLAGGED,
    Efficacy,
    FiveTier,
    LogSaturating,
    MeasureRule,
    Piecewise,
    PoolRelative,
    TargetRatio,
    Tier,
    TierTable,
)
from evalkit.panel.model import Panel
from evalkit.panel.units import measured_points
from evalkit.rubric import Rubric
from evalkit.rubric.indicators import Indicator
from evalkit.scoring.methods import NAMES


def sentences(rubric: Rubric, panel: Panel) -> list[Text]:
    """One sentence for each indicator that a measured value decides or shares, and on no value."""
    rules, found = panel.rules.measures, list[Text]()
    if rules is None:
        return found
    for indicator in rubric.indicators:
        rule = rules.indicators.get(indicator.id)
        if rule is None:
            continue
        name = indicator.name + (f"（{indicator.unit}）" if indicator.unit else "")
        text = _(
            "“{name}”{of}：{method}{lower}{how}。",
            name=name,
            of=_of(panel, indicator),
            method=NAMES[rule.method],
            lower=_("，越小越好") if getattr(rule, "better", "higher") == "lower" else "",
            how=_how(rule),
        )
        found.append(text)
    found.append(
        {
            "refuse": _("有指标没有测量值时不出结果。"),
            "zero": _("没有测量值的，该部分按 0 分计并注明。"),
        }[rules.missing]
    )
    if any(isinstance(rule, PoolRelative) for rule in rules.indicators.values()):
        found.append(_("{warning}。", warning=FLAGGED))
    return found


def _of(panel: Panel, indicator: Indicator) -> Text | str:
    points = measured_points(panel.rules, indicator)
    if indicator.kind == "mixed" and points:
        return _("（其中定量部分 {points} 分）", points=points)
    return _("（{points} 分）", points=indicator.points)


def _how(rule: MeasureRule) -> Text | str:
    """The benchmarks of a method in words."""
    match rule:
        case TierTable():
            steps = [f"{_sign(rule, t)}{t.bound} → {t.points}" for t in rule.tiers]
            text = _("，{steps}，其余 → {otherwise}", steps=steps, otherwise=rule.otherwise)
        case Efficacy():
            text = _(
                "，满意值 {best}，不允许值 {worst}，基础部分 {base}，调整部分 {span}，{beyond}",
                best=rule.satisfactory,
                worst=rule.unallowable,
                base=rule.base,
                span=rule.span,
                beyond=_BEYOND[rule.clamp],
            )
        case FiveTier():
            values = list(rule.standards)
            text = _("，优秀、良好、平均、较低、较差的标准值依次为 {values}", values=values)
        case Piecewise():
            knots = [f"{k.value} → {k.points}" for k in rule.knots]
            text = _("，{knots}，{beyond}", knots=knots, beyond=_BEYOND[rule.outside])
        case TargetRatio():
            text = _("，目标值 {target}", target=rule.target)
        case LogSaturating():
            text = _("，到 {cap} 满分", cap=rule.cap)
        case _:
            return ""
    return text


_BEYOND = {
    "points": _("超出两端的按同一直线增减，不低于 0 分、不高于满分"),
    "none": _("超出两端的按同一直线增减，可以低于 0 分、高于满分"),
    "clip": _("超出两端的不再增减"),
    "extend": _("超出两端的按最近的直线增减，可以低于 0 分、高于满分"),
}


def _sign(rule: TierTable, tier: Tier) -> str:
    signs = ("≥", ">") if rule.better == "higher" else ("≤", "<")
    return signs[not tier.inclusive]
