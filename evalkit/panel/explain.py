"""The rules of a round in plain sentences, for those who are scored by them."""

from __future__ import annotations

from evalkit.base.terms import instant
from evalkit.base.text import Text, _
from evalkit.base.wanted import asked
from evalkit.panel.explain_conduct import conduct
from evalkit.panel.explain_points import aggregated, converted, measured
from evalkit.panel.model import Panel, Schedule
from evalkit.panel.profiles import departures
from evalkit.panel.rules import Placings, Rounding, Selection
from evalkit.panel.units import by_scores, expert_range, measured_points
from evalkit.rubric import Rubric


def rules(rubric: Rubric, panel: Panel, *, named: bool = True) -> list[Text]:
    """One sentence for each declared rule of scoring, in the order in which the rules act; how the
    panel itself goes about it is `explain_conduct.conduct`.

    ``named`` says whether experts may be named, for those who run the round.
    """
    r, sentences = panel.rules, list[Text]()
    procedure = panel.procedure_of(rubric)
    if panel.table is not None and procedure is not None:
        text = _(
            "原文（{article}）没有指标表，本轮的指标表由评审组给出。", article=procedure.article
        )
        sentences.append(text)
    if r.gates is not None:
        sentences.append(_GATES[r.gates.unknown])
    sentences += _scale(rubric, panel)
    sentences += converted(panel)
    sentences += aggregated(panel, named=named)
    sentences += [_MISSING[r.missing], _RECUSAL[r.recusal]]
    sentences += measured(rubric, panel)
    sentences += _bonus(rubric, panel)
    if r.deductions is not None:
        sentences.append(_DEDUCTIONS[r.deductions.floor])
    sentences += _rounding(panel)
    sentences += _ties(rubric, panel)
    sentences += _outcome(rubric, panel)
    return sentences


_GATES = {
    "refuse": _("不满足准入条件的不参加排名；有条件是否满足尚不清楚时，不出结果。"),
    "exclude": _("不满足准入条件、或条件是否满足尚不清楚的，不参加排名。"),
}
_MISSING = {
    "refuse": _("有漏评时不出结果；专家注明理由不评的，该评分不计入，也不按 0 分计。"),
    "exclude": _("漏评和注明理由不评的评分不计入，也不按 0 分计。"),
}
_RECUSAL = {
    "exclude_indicator": _("专家对某项指标回避的，只是该项不计入其评分。"),
    "exclude_expert": _("专家对某项指标回避的，其对该对象的评分全部不计入。"),
}
_DEDUCTIONS = {
    "zero": _("扣分由专家组统一认定一次，从总分中减去，扣到 0 分为止；没有记录的不扣分。"),
    "none": _("扣分由专家组统一认定一次，从总分中减去，总分可以为负；没有记录的不扣分。"),
}
_BONUS = {
    "panel": _("加分限{scope}，由专家组统一认定，每项 {low} 至 {high} 分，累计不超过 {cap} 分。"),
    "aggregate": _(
        "加分限{scope}，由各专家分别计分，每项 0 分或 {low} 至 {high} 分，汇总后不超过 {cap} 分。"
    ),
    "expert": _(
        "加分限{scope}，由各专家分别计分，每项 0 分或 {low} 至 {high} 分，"
        "每位专家先以 {cap} 分封顶，再汇总。"
    ),
}
"""By whom bonus is recognised, or else where it is capped."""


def _scale(rubric: Rubric, panel: Panel) -> list[Text]:
    """On which scale experts score; nothing where measured values decide everything."""
    r, step = panel.rules, panel.rules.step
    scored = [i for i in rubric.indicators if expert_range(r, i)]
    sentences = []
    if any(i.scored is None for i in scored):
        sentences.append(
            _("每位专家在每项指标 0 分至满分之间打分，最小单位 {step} 分。", step=step)
            if not any(measured_points(r, i) for i in rubric.indicators)
            else _(
                "由专家打分的指标，每位专家在 0 分至满分（有定量部分的，减去其分值）之间打分，"
                "最小单位 {step} 分。",
                step=step,
            )
        )
    if own := [i.range for i in scored if i.scored is not None]:
        scales = list(dict.fromkeys(f"{x.min}–{x.max}" for x in own))
        text = _(
            "按规定的尺度（{scales}）打分的指标，最小单位 {step}，汇总后乘以该项指标的系数。",
            scales=scales,
            step=step,
        )
        sentences.append(text)
    return sentences


def _bonus(rubric: Rubric, panel: Panel) -> list[Text]:
    rule = panel.rules.bonus
    if rule is None:
        return []
    scope = {"national": _("国家级成果"), "national_or_provincial": _("国家级和省级成果")}
    text = _BONUS["panel" if rule.recognised_by == "panel" else rule.cap_stage]
    return [
        text.filled(low=b.item.min, high=b.item.max, cap=b.points, scope=scope[rule.scope])
        for b in rubric.bonus
    ]


def _rounding(panel: Panel) -> list[Text]:
    rule = panel.rules.rounding
    how, again = _rounded(rule)
    plain = rule.mode == "half_up" and rule.step is None
    gap = _("相加可能与合计差一个末位") if plain else _("相加不一定等于合计")
    said = {
        "score": _("每项评分汇总后{how}，乘以系数后相加，总分再{again}。", how=how, again=again),
        "score_indicator": _(
            "每项评分汇总后{how}，乘以系数后再{again}，然后相加得总分。", how=how, again=again
        ),
        "score_dimension": _(
            "每项评分汇总后{how}，乘以系数后，每个一级指标合计再{again}，然后相加得总分。",
            how=how,
            again=again,
        ),
        "indicator": _("每项指标汇总后{how}，再相加得总分。", how=how),
        "dimension": _(
            "每个一级指标合计后{how}，再相加得总分；所列各项指标得分仅为显示而取整，{gap}。",
            how=how,
            gap=gap,
        ),
        "total": _(
            "各项保持精确值，总分合计后{how}；所列分项得分仅为显示而取整，{gap}。",
            how=how,
            gap=_("相加可能与总分差一个末位") if plain else _("相加不一定等于总分"),
        ),
    }
    return [said[rule.stage]]


def _rounded(rule: Rounding) -> tuple[Text, Text]:
    """The declared rounding in words: the first time, and once more."""
    modes = {
        "half_up": (_("四舍五入"), _("四舍五入到同样位数")),
        "half_even": (_("四舍六入五成双"), _("四舍六入五成双到同样位数")),
        "down": (_("去尾"), _("去尾到同样位数")),
        "up": (_("进一"), _("进一到同样位数")),
    }
    mode, again = modes[rule.mode]
    if rule.step is not None:
        how = _("按{mode}取整到 {step} 的倍数", mode=mode, step=rule.step)
        return how, _("取整到同样的倍数")
    return _("{mode}到小数点后 {places} 位", mode=mode, places=rule.places), again


_RANKED = {
    ("placings", False): _("名次之和相同的并列。"),
    ("placings", True): _("名次之和相同时依次比较{keys}，仍相同的并列。"),
    ("lower", False): _("按公布的总分从低到高排名，总分相同的并列。"),
    ("lower", True): _(
        "按公布的总分从低到高排名；总分相同时依次比较{keys}，也以低者为先，仍相同的并列。"
    ),
    ("higher", False): _("按公布的总分排名，总分相同的并列。"),
    ("higher", True): _("按公布的总分排名；总分相同时依次比较{keys}，仍相同的并列。"),
}
"""By what applicants are ranked, and whether anything separates equal ones."""


def _ties(rubric: Rubric, panel: Panel) -> list[Text]:
    rule = panel.rules
    keys = [_key(rubric, key) for key in rule.ties]
    order = "placings" if rule.placings is not None else rubric.better
    said = _placings(rule.placings) if rule.placings is not None else []
    said.append(_RANKED[order, bool(keys)].filled(keys=keys))
    if any(not by_scores(key) for key in rule.ties):
        said.append(_("比较的是公布的、已经取整的数。"))
    if any(key.startswith("unrounded:") for key in rule.ties):
        said.append(_("注明“取整前”的按精确值比较，不论其间相差多少。"))
    if any(by_scores(key) and not key.startswith("unrounded:") for key in rule.ties):
        said.append(_("比较各位专家的评分时，去掉的评分也在内；没有评分可比的排在有的之后。"))
    return said


def _key(rubric: Rubric, key: str) -> Text | str:
    """What one key of a chain of ties compares, in words."""
    kind, _colon, rest = key.partition(":")
    if kind == "unrounded":
        return _("取整前的{what}", what=_key(rubric, rest))
    names = {f"dimension:{d.id}": d.name for d in rubric.dimensions}
    names |= {f"indicator:{i.id}": i.name for i in rubric.indicators}
    if key in names:
        return f"“{names[key]}”"
    lower = rubric.better == "lower"
    values = {"name": names.get(f"indicator:{rest}", "")}
    return {
        "total": _("公布的总分"),
        "base": _("不含加分的得分"),
        "bonus": _("所得加分"),
        "best_sheet": _("最好的一张评分表的总分（不含加分）"),
        "worst_sheet": _("最差的一张评分表的总分（不含加分）"),
        "best_score": _("“{name}”最好的一个评分", **values),
        "worst_score": _("“{name}”最差的一个评分", **values),
        "top_scores": _("各项指标得最低分的评分个数（多者为先）")
        if lower
        else _("各项指标得满分的评分个数（多者为先）"),
    }[kind]


def _placings(rule: Placings) -> list[Text]:
    what = {"base": _("不含加分"), "base_and_bonus": _("含加分")}[rule.of]
    tied = {
        "least": _("总分相同的都取靠前的名次（1、2、2、4）"),
        "mean": _("总分相同的取名次的平均（1、2.5、2.5、4）"),
    }[rule.tied]
    incomplete = {
        "refuse": _("有专家没有给每个参加排名的对象都打齐的，不出结果。"),
        "exclude_expert": _("没有给每个参加排名的对象都打齐的专家，其名次不计入。"),
    }[rule.incomplete]
    text = _(
        "不按总分排名：各位专家按自己给出的总分（{what}）给各对象排名次，{tied}；"
        "名次相加，和小者在前。",
        what=what,
        tied=tied,
    )
    return [text, incomplete]


@asked
def whole(rubric: Rubric, panel: Panel) -> list[Text]:
    """The times of a round, the set of rules that it took, and all its rules, a sentence each."""
    said = [times(panel.schedule), *departures(panel), *rules(rubric, panel)]
    return [*said, *conduct(panel)]


def times(schedule: Schedule) -> Text:
    """When experts may score, and whether anything sees to it."""
    text = _("打分时间：{opens}至{lock}，只作公告，到时不自动开关。")
    if schedule.enforced:
        text = _("打分时间：{opens}至{lock}，此外不收专家的评分和提交。")
    return text.filled(opens=instant(schedule.opens), lock=instant(schedule.lock))


def _outcome(rubric: Rubric, panel: Panel) -> list[Text]:
    """Groups, grades and places."""
    r, sentences = panel.rules, list[Text]()
    if r.ranking is not None:
        by_group = r.ranking == "by_group"
        apart = _("各组分别排名，给出的全体统计也只在本组之内。")
        sentences.append(apart if by_group else _("各组统一排名。"))
    if r.minimums:
        sign = "≤" if rubric.better == "lower" else "≥"
        said = [
            _("{what} {bound}", what=_key(rubric, m.of), bound=f"{sign} {m.bound}")
            for m in r.minimums
        ]
        text = _("公布的数没有达到最低分（{bounds}）的，不参加排名，不评等次。", bounds=said)
        sentences.append(text)
    procedure = panel.procedure_of(rubric)
    grades = procedure.grades if procedure else ()
    if r.grades is not None and grades:
        names = {g.id: g.name for g in grades}
        sign = "≤" if rubric.better == "lower" else "≥"
        cuts = [f"{names[cut.grade]} {sign} {cut.bound}" for cut in r.grades]
        text = _("按公布的总分分等次：{cuts}，其余{last}。", cuts=cuts, last=grades[-1].name)
        sentences.append(text)
    if r.selecting is not None:
        sentences.append(_places(r.selecting))
        if failing := [g.name for g in grades if not g.passes]:
            sentences.append(_("等次为{grades}的不列入拟选。", grades=failing))
    return sentences


def _places(chosen: Selection) -> Text:
    places = chosen.places
    tie = {"all": _("都列入"), "none": _("都不列入，由评审组织单位决定")}
    return _(
        "拟选名额 {places} 个；最后一个名额有并列的，{tie}。",
        places=[f"{g} {n}" for g, n in places.items()] if isinstance(places, dict) else places,
        tie=tie[chosen.tie_at_cut],
    )
