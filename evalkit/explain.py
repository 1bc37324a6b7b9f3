"""The rules of a round in plain sentences, for those who are scored by them."""

from __future__ import annotations

from evalkit.panel import Panel
from evalkit.rubric import Rubric
from evalkit.rules import TrimmedMean
from evalkit.text import Text, _


def rules(rubric: Rubric, panel: Panel) -> list[Text]:
    """One sentence for each declared rule, in the order in which the rules act."""
    r = panel.rules
    sentences = [_("每位专家在每项指标 0 分至满分之间打分，最小单位 {step} 分。", step=r.step)]
    sentences += _aggregation(panel)
    sentences.append(
        {
            "refuse": _("有漏评时不出结果；专家注明理由不评的，该评分不计入，也不按 0 分计。"),
            "exclude": _("漏评和注明理由不评的评分不计入，也不按 0 分计。"),
        }[r.missing]
    )
    sentences.append(
        {
            "exclude_indicator": _("专家对某项指标回避的，只是该项不计入其评分。"),
            "exclude_expert": _("专家对某项指标回避的，其对该对象的评分全部不计入。"),
        }[r.recusal]
    )
    sentences += _bonus(rubric, panel)
    sentences += _rounding(panel)
    sentences.append(_ties(rubric, panel))
    return sentences


def _aggregation(panel: Panel) -> list[Text]:
    rule = panel.rules.aggregation
    whole = rule.level == "total"
    sentences = []
    if whole:
        sentences.append(_("各项齐全的评分表才计入。"))
    if not isinstance(rule, TrimmedMean):
        sentences.append(_("各项指标取计入评分的算术平均。"))
        return sentences
    values = {"high": rule.drop_highest, "low": rule.drop_lowest, "n": rule.min_n}
    if whole:
        what = _("含加分") if rule.total_of == "base_and_bonus" else _("不含加分")
        sentences.append(
            _(
                "按专家给出的总分（{what}）去掉 {high} 张最高、{low} 张最低的评分表，"
                "其余取算术平均；"
                "计入的评分表不足 {n} 张时不去掉。",
                what=what,
                **values,
            )
        )
    else:
        sentences.append(
            _(
                "逐项指标去掉 {high} 个最高分、{low} 个最低分，其余取算术平均；"
                "有效评分不足 {n} 个时不去掉，直接取算术平均。",
                **values,
            )
        )
    return sentences


def _bonus(rubric: Rubric, panel: Panel) -> list[Text]:
    rule = panel.rules.bonus
    if rule is None:
        return []
    sentences = []
    for group in rubric.bonus:
        values = {
            "low": group.item.min,
            "high": group.item.max,
            "cap": group.points,
            "scope": {
                "national": _("国家级成果"),
                "national_or_provincial": _("国家级和省级成果"),
            }[rule.scope],
        }
        if rule.recognised_by == "panel":
            text = _(
                "加分限{scope}，由专家组统一认定，每项 {low} 至 {high} 分，累计不超过 {cap} 分。",
                **values,
            )
        elif rule.cap_stage == "aggregate":
            text = _(
                "加分限{scope}，由各专家分别计分，每项 0 分或 {low} 至 {high} 分，"
                "汇总后不超过 {cap} 分。",
                **values,
            )
        else:
            text = _(
                "加分限{scope}，由各专家分别计分，每项 0 分或 {low} 至 {high} 分，"
                "每位专家先以 {cap} 分封顶，再汇总。",
                **values,
            )
        sentences.append(text)
    return sentences


def _rounding(panel: Panel) -> list[Text]:
    rule = panel.rules.rounding
    values = {"places": rule.places}
    return [
        {
            "indicator": _(
                "每项指标汇总后四舍五入到小数点后 {places} 位，再相加得总分。", **values
            ),
            "dimension": _(
                "每个一级指标合计后四舍五入到小数点后 {places} 位，再相加得总分；"
                "所列各项指标得分仅为显示而取整，相加可能与合计差一个末位。",
                **values,
            ),
            "total": _(
                "各项保持精确值，总分合计后四舍五入到小数点后 {places} 位；"
                "所列分项得分仅为显示而取整，相加可能与总分差一个末位。",
                **values,
            ),
        }[rule.stage]
    ]


def _ties(rubric: Rubric, panel: Panel) -> Text:
    if not panel.rules.ties:
        return _("按公布的总分排名，总分相同的并列。")
    names: dict[str, Text | str] = {"base": _("不含加分的得分"), "bonus": _("加分")}
    names |= {f"dimension:{d.id}": f"“{d.name}”" for d in rubric.dimensions}
    names |= {f"indicator:{i.id}": f"“{i.name}”" for i in rubric.indicators}
    keys = [names[key] for key in panel.rules.ties]
    return _("按公布的总分排名；总分相同时依次比较{keys}，仍相同的并列。", keys=keys)
