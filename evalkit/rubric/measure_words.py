"""The methods from measured values to points, in plain words."""

from __future__ import annotations

from evalkit.base.text import Text, _
from evalkit.rubric.measures import MeasureRule, Piecewise, TierTable
from evalkit.scoring.methods import NAMES

_HOW = {
    "tier_table": _("，{steps}，其余 → {otherwise}"),
    "efficacy": _(
        "，满意值 {satisfactory}，不允许值 {unallowable}，基础部分 {base}，调整部分 {span}，{clamp}"
    ),
    "five_tier": _("，优秀、良好、平均、较低、较差的标准值依次为 {standards}"),
    "piecewise": _("，{steps}，{outside}"),
    "per_unit": _(
        "，{start} 得 {start_points} 分，每好（差）{each} 加（扣）{each_points} 分，{part}"
    ),
    "target_ratio": _("，目标值 {target}"),
    "log_saturating": _("，到 {cap} 满分"),
}
"""What a method says beside its name, by its fields."""

_SAID = {
    "clamp": {
        "points": _("超出两端的按同一直线增减，不低于 0 分、不高于满分"),
        "none": _("超出两端的按同一直线增减，可以低于 0 分、高于满分"),
        None: _("超出两端的如何计分原文没有规定"),
    },
    "outside": {
        "clip": _("超出两端的不再增减"),
        "extend": _("超出两端的按最近的直线增减，可以低于 0 分、高于满分"),
        None: _("超出两端的如何计分原文没有规定"),
    },
    "part": {
        "none": _("不足一份的不计"),
        "share": _("不足一份的按比例"),
        "whole": _("不足一份的按一份"),
        None: _("不足一份的如何计分原文没有规定"),
    },
}
"""The values of a field that is a choice."""


def in_words(rule: MeasureRule) -> Text:
    """A method with its direction and its benchmarks."""
    fields = {name: getattr(rule, name) for name in type(rule).model_fields}
    fields |= {name: _SAID[name][fields[name]] for name in _SAID.keys() & fields.keys()}
    lower = _("，越小越好") if fields.get("better") == "lower" else ""
    how = _HOW[rule.method].filled(**fields, steps=_steps(rule)) if rule.method in _HOW else ""
    return Text("{method}{lower}{how}", {"method": NAMES[rule.method], "lower": lower, "how": how})


def _steps(rule: MeasureRule) -> list[str]:
    """Benchmarks of a table, or of straight lines, with their points."""
    if isinstance(rule, TierTable):
        signs = ("≥", ">") if rule.better == "higher" else ("≤", "<")
        return [f"{signs[not tier.inclusive]}{tier.bound} → {tier.points}" for tier in rule.tiers]
    return [f"{k.value} → {k.points}" for k in rule.knots] if isinstance(rule, Piecewise) else []
