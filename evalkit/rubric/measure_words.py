"""The methods from measured values to points, in plain words."""

from __future__ import annotations

from evalkit.base.text import Text, _
from evalkit.rubric.measures import (
    Efficacy,
    FiveTier,
    LogSaturating,
    MeasureRule,
    PerUnit,
    Piecewise,
    TargetRatio,
    TierTable,
)
from evalkit.scoring.methods import NAMES


def in_words(rule: MeasureRule) -> Text:
    """A method with its direction and its benchmarks."""
    lower = _("，越小越好") if getattr(rule, "better", "higher") == "lower" else ""
    return Text(
        "{method}{lower}{how}", {"method": NAMES[rule.method], "lower": lower, "how": _how(rule)}
    )


def _how(rule: MeasureRule) -> Text | str:
    how: Text | str = ""
    match rule:
        case TierTable():
            how = _("，{steps}，其余 → {otherwise}", steps=_steps(rule), otherwise=rule.otherwise)
        case Efficacy():
            how = _(
                "，满意值 {best}，不允许值 {worst}，基础部分 {base}，调整部分 {span}，{beyond}",
                best=rule.satisfactory,
                worst=rule.unallowable,
                base=rule.base,
                span=rule.span,
                beyond=_BEYOND[rule.clamp],
            )
        case FiveTier():
            values = list(rule.standards)
            how = _("，优秀、良好、平均、较低、较差的标准值依次为 {values}", values=values)
        case Piecewise():
            knots = [f"{k.value} → {k.points}" for k in rule.knots]
            how = _("，{knots}，{beyond}", knots=knots, beyond=_BEYOND[rule.outside])
        case PerUnit():
            how = _(
                "，{start} → {points}，每 {each} 一份、每份 {gain} 分，{part}",
                start=rule.start,
                points=rule.start_points,
                each=rule.each,
                gain=rule.each_points,
                part=_PART[rule.part],
            )
        case TargetRatio():
            how = _("，目标值 {target}", target=rule.target)
        case LogSaturating():
            how = _("，到 {cap} 满分", cap=rule.cap)
    return how


_BEYOND = {
    "points": _("超出两端的按同一直线增减，不低于 0 分、不高于满分"),
    "none": _("超出两端的按同一直线增减，可以低于 0 分、高于满分"),
    "clip": _("超出两端的不再增减"),
    "extend": _("超出两端的按最近的直线增减，可以低于 0 分、高于满分"),
    None: _("超出两端的如何计分原文没有规定"),
}

_PART = {
    "none": _("不足一份的不计"),
    "share": _("不足一份的按比例"),
    "whole": _("不足一份的按一份"),
    None: _("不足一份的如何计分原文没有规定"),
}


def _steps(rule: TierTable) -> list[str]:
    signs = ("≥", ">") if rule.better == "higher" else ("≤", "<")
    return [f"{signs[not tier.inclusive]}{tier.bound} → {tier.points}" for tier in rule.tiers]
