"""How many experts' scores become one, in plain sentences."""

from __future__ import annotations

from decimal import Decimal

from evalkit.base.text import Text, _
from evalkit.panel.aggregation import (
    Aggregation,
    BestOf,
    Mean,
    Median,
    NearMean,
    Share,
    TrimmedMean,
    Winsorised,
)
from evalkit.panel.model import Panel


def sentences(panel: Panel, *, named: bool) -> list[Text]:
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
            "各专家的权重：{weights}；平均时按计入者的权重加权，排高低时同分的以权重大的为高。",
            weights=listed,
        )
        if whole:
            text = _(
                "各专家的权重：{weights}；平均时按计入者的权重加权，"
                "排高低时各项评分都相同的以权重大的为高。",
                weights=listed,
            )
        said.append(text)
    said.append(_combined(rule, whole=whole))
    if whole and not isinstance(rule, Mean | NearMean):
        text = _(
            "总分相同的评分表按指标的先后逐项比较评分，指标都相同的再比较加分（总分不含加分时也是），"
            "与专家的先后无关。"
        )
        said.append(text)
    return said


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


def _combined(rule: Aggregation, *, whole: bool) -> Text:
    what = _("含加分") if getattr(rule, "total_of", None) == "base_and_bonus" else _("不含加分")
    match rule:
        case Mean():
            return _("各项指标取计入评分的算术平均。")
        case Median():
            return _median(what, whole=whole)
        case BestOf():
            return _best(rule, what, whole=whole)
        case NearMean():
            return _near(rule, what, whole=whole)
    if isinstance(rule.drop_highest, Share) or isinstance(rule.drop_lowest, Share):
        return _by_share(rule, what, whole=whole)
    return _by_number(rule, what, whole=whole)


def _median(what: Text, *, whole: bool) -> Text:
    if whole:
        return _("按专家给出的总分（{what}）取居中的一张评分表；有两张的取平均。", what=what)
    return _("逐项指标取中位数；评分个数为双数的，取居中两个的平均。")


def _best(rule: BestOf, what: Text, *, whole: bool) -> Text:
    values = {"what": what, "n": rule.count}
    if whole:
        return _(
            "按专家给出的总分（{what}）只计最好的 {n} 张评分表，取算术平均；"
            "不足 {n} 张时全部计入。",
            **values,
        )
    return _("逐项指标只计最好的 {n} 个评分，取算术平均；不足 {n} 个时全部计入。", n=rule.count)


def _near(rule: NearMean, what: Text, *, whole: bool) -> Text:
    over = {"keep": _("超过"), "drop": _("达到或超过")}[rule.at_percent]
    values = {"over": over, "percent": rule.percent, "n": rule.min_left}
    if whole:
        return _(
            "按专家给出的总分（{what}），与全部评分表的平均相差{over}其 {percent}% 的评分表不计，"
            "其余取算术平均；其余不足 {n} 张时全部计入。",
            what=what,
            **values,
        )
    return _(
        "逐项指标与全部有效评分的平均相差{over}其 {percent}% 的评分不计，其余取算术平均；"
        "其余不足 {n} 个时全部计入。",
        **values,
    )


def _by_number(rule: TrimmedMean | Winsorised, what: Text, *, whole: bool) -> Text:
    values = {"high": rule.drop_highest, "low": rule.drop_lowest, "n": rule.min_n}
    if isinstance(rule, Winsorised):
        return _(
            "逐项指标把 {high} 个最高分、{low} 个最低分换成与之相邻的评分，再取算术平均；"
            "有效评分不足 {n} 个时不换，直接取算术平均。",
            **values,
        )
    if whole:
        return _(
            "按专家给出的总分（{what}）去掉 {high} 张最高、{low} 张最低的评分表，"
            "其余取算术平均；"
            "计入的评分表不足 {n} 张时不去掉。",
            what=what,
            **values,
        )
    return _(
        "逐项指标去掉 {high} 个最高分、{low} 个最低分，其余取算术平均；"
        "有效评分不足 {n} 个时不去掉，直接取算术平均。",
        **values,
    )


def _by_share(rule: TrimmedMean | Winsorised, what: Text, *, whole: bool) -> Text:
    """The same for shares of the valid scores, or of the sheets."""
    ends = {
        "high": _("最高的{n}", n=_number(rule.drop_highest)),
        "low": _("最低的{n}", n=_number(rule.drop_lowest)),
        "n": rule.min_n,
    }
    if isinstance(rule, Winsorised):
        return _(
            "逐项指标把{high}、{low}换成与之相邻的评分，再取算术平均；"
            "有效评分不足 {n} 个时不换，直接取算术平均。",
            **ends,
        )
    if whole:
        return _(
            "按专家给出的总分（{what}）去掉评分表中{high}、{low}，其余取算术平均；"
            "计入的评分表不足 {n} 张时不去掉。",
            what=what,
            **ends,
        )
    return _(
        "逐项指标去掉{high}、{low}，其余取算术平均；有效评分不足 {n} 个时不去掉，直接取算术平均。",
        **ends,
    )


def _number(rule: int | Share) -> Text:
    if not isinstance(rule, Share):
        return _(" {n} 个", n=rule)
    rounded = {"down": _("舍去小数"), "half_up": _("四舍五入"), "up": _("进一")}[rule.rounded]
    return _(" {percent}%（个数{rounded}）", percent=rule.percent, rounded=rounded)
