"""How experts' scores and measured values become points, in plain sentences."""

from __future__ import annotations

from decimal import Decimal

from evalkit.base.text import Text, _
from evalkit.panel.aggregation import Aggregation, Mean, NearMean, Share
from evalkit.panel.model import Panel
from evalkit.panel.units import measured_points, rule_of
from evalkit.rubric import Rubric
from evalkit.rubric.indicators import Indicator
from evalkit.rubric.measure_words import in_words
from evalkit.rubric.measures import FLAGGED, PoolRelative, left_open

_COMBINED = {
    ("mean", "indicator"): _("各项指标取计入评分的算术平均。"),
    ("mean", "total"): _("各项指标取计入评分的算术平均。"),
    ("median", "indicator"): _("逐项指标取中位数；评分个数为双数的，取居中两个的平均。"),
    ("median", "total"): _("按专家给出的总分（{what}）取居中的一张评分表；有两张的取平均。"),
    ("best_of", "indicator"): _(
        "逐项指标只计最好的 {n} 个评分，取算术平均；不足 {n} 个时全部计入。"
    ),
    ("best_of", "total"): _(
        "按专家给出的总分（{what}）只计最好的 {n} 张评分表，取算术平均；不足 {n} 张时全部计入。"
    ),
    ("near_mean", "indicator"): _(
        "逐项指标与全部有效评分的平均相差{over}其 {percent}% 的评分不计，其余取算术平均；"
        "其余不足 {n} 个时全部计入。"
    ),
    ("near_mean", "total"): _(
        "按专家给出的总分（{what}），与全部评分表的平均相差{over}其 {percent}% 的评分表不计，"
        "其余取算术平均；其余不足 {n} 张时全部计入。"
    ),
    ("winsorised_mean", "indicator"): _(
        "逐项指标把 {high} 个最高分、{low} 个最低分换成与之相邻的评分，再取算术平均；"
        "有效评分不足 {n} 个时不换，直接取算术平均。"
    ),
    ("trimmed_mean", "indicator"): _(
        "逐项指标去掉 {high} 个最高分、{low} 个最低分，其余取算术平均；"
        "有效评分不足 {n} 个时不去掉，直接取算术平均。"
    ),
    ("trimmed_mean", "total"): _(
        "按专家给出的总分（{what}）去掉 {high} 张最高、{low} 张最低的评分表，"
        "其余取算术平均；"
        "计入的评分表不足 {n} 张时不去掉。"
    ),
}
"""What a method makes of scores, by the level at which it does."""

_BY_SHARE = {
    ("winsorised_mean", "indicator"): _(
        "逐项指标把{high}、{low}换成与之相邻的评分，再取算术平均；"
        "有效评分不足 {n} 个时不换，直接取算术平均。"
    ),
    ("trimmed_mean", "indicator"): _(
        "逐项指标去掉{high}、{low}，其余取算术平均；有效评分不足 {n} 个时不去掉，直接取算术平均。"
    ),
    ("trimmed_mean", "total"): _(
        "按专家给出的总分（{what}）去掉评分表中{high}、{low}，其余取算术平均；"
        "计入的评分表不足 {n} 张时不去掉。"
    ),
}
"""The same for shares of the valid scores, or of the sheets."""


def aggregated(panel: Panel, *, named: bool) -> list[Text]:
    """Which sheets and scores count, with which weight, and what is made of them."""
    rule = panel.rules.aggregation
    whole = rule.level == "total"
    said = [_("各项齐全的评分表才计入。")] if whole else []
    if rule.weights:
        weights = rule.weights.items()
        listed = (
            [f"{panel.expert(e).name} {w}" for e, w in weights]
            if named
            else sorted((str(w) for _e, w in weights), key=Decimal, reverse=True)
        )
        text = _(
            "各专家的权重：{weights}；平均时按计入者的权重加权，排高低时同分的以权重大的为高。"
        )
        if whole:
            text = _(
                "各专家的权重：{weights}；平均时按计入者的权重加权，"
                "排高低时各项评分都相同的以权重大的为高。"
            )
        said.append(text.filled(weights=listed))
    said.append(_combined(rule))
    if whole and not isinstance(rule, Mean | NearMean):
        text = _(
            "总分相同的评分表按指标的先后逐项比较评分，指标都相同的再比较加分（总分不含加分时也是），"
            "与专家的先后无关。"
        )
        said.append(text)
    return said


def _combined(rule: Aggregation) -> Text:
    bonus = getattr(rule, "total_of", None) == "base_and_bonus"
    values = {"what": _("含加分") if bonus else _("不含加分"), "n": rule.least}
    if isinstance(rule, NearMean):
        over = {"keep": _("超过"), "drop": _("达到或超过")}[rule.at_percent]
        values |= {"over": over, "percent": rule.percent}
    ends = {end: getattr(rule, f"drop_{end}est", 0) for end in ("high", "low")}
    if any(isinstance(end, Share) for end in ends.values()):
        values["high"] = _("最高的{n}", n=_number(ends["high"]))
        values["low"] = _("最低的{n}", n=_number(ends["low"]))
        return _BY_SHARE[rule.method, rule.level].filled(**values)
    return _COMBINED[rule.method, rule.level].filled(**values, **ends)


def _number(rule: int | Share) -> Text:
    if not isinstance(rule, Share):
        return _(" {n} 个", n=rule)
    rounded = {"down": _("舍去小数"), "half_up": _("四舍五入"), "up": _("进一")}[rule.rounded]
    return _(" {percent}%（个数{rounded}）", percent=rule.percent, rounded=rounded)


def converted(panel: Panel) -> list[Text]:
    """On which common scale scores are brought before anything else."""
    rule = panel.rules.standardise
    if rule is None:
        return []
    to = (
        _("该项指标全部有效评分的平均和标准差")
        if rule.to == "panel"
        else _("平均 {mean}、标准差 {spread}", mean=rule.to.mean, spread=rule.to.spread)
    )
    by = {"population": _("除以个数"), "sample": _("除以个数减一")}[rule.spread]
    return [
        _(
            "汇总之前，每位专家在每项指标上的评分先换算到{to}："
            "换算后 = 平均 + 标准差 ×（评分 − 该专家的平均）÷ 该专家的标准差；"
            "评分全都相同的换算为平均，超出打分范围的按范围的一端计，"
            "有效评分不足 {n} 个的专家不换算。",
            to=to,
            n=rule.min_n,
        ),
        _(
            "标准差（{by}）和换算后的评分四舍五入到小数点后 {digits} 位；"
            "只算满足准入条件的对象；须一致的指标和加分不换算。报告里列出的是换算后的评分。",
            by=by,
            digits=rule.digits,
        ),
    ]


_NO_VALUE = {
    "refuse": _("有指标没有测量值时不出结果。"),
    "zero": _("没有测量值的，该部分按 0 分计并注明。"),
}


def _source(i: Indicator) -> Text | str:
    if i.measure is None:
        return ""
    if left_open(i.measure, i.kind):
        return _("（原文规定，原文没有写全的由评审组声明）")
    return _("（原文规定）")


def measured(rubric: Rubric, panel: Panel) -> list[Text]:
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
            source=_source(i),
        )
        for i, rule in ruled
    ]
    found.append(_NO_VALUE[panel.rules.measures.missing])
    if any(isinstance(rule, PoolRelative) for _indicator, rule in ruled):
        found.append(_("{warning}。", warning=FLAGGED))
    return found


def _of(panel: Panel, indicator: Indicator) -> Text:
    points = measured_points(panel.rules, indicator)
    if indicator.kind == "mixed" and points:
        return _("（其中定量部分 {points} 分）", points=points)
    return _("（{points} 分）", points=indicator.points)
