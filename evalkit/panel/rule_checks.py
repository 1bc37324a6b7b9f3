"""Whether declared rules fit their rubric: what must be declared, and what contradicts it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from evalkit.base.declared import Place
from evalkit.base.text import Text, _
from evalkit.panel.aggregation import ByTotal
from evalkit.panel.rules import GradeCut, Minimum, Rules
from evalkit.panel.units import (
    expert_range,
    factors,
    measured_points,
    published_keys,
    rule_of,
    scale,
    tie_keys,
    weight_unit,
)
from evalkit.rubric import Rubric, measures
from evalkit.rubric.checks import BETTER_LOWER, misfit, needs_split
from evalkit.rubric.indicators import Bonus, Indicator
from evalkit.rubric.measure_words import in_words
from evalkit.rubric.open_rules import required, silent_article
from evalkit.rubric.provisions import Procedure

MOST_UNITS = 10**15
"""The largest sum over indicators and experts in units of the smallest score, weight and factor,
so that it has room in 64 bits whatever is done with it."""


def problems(
    rules: Rules, rubric: Rubric, procedure: Procedure | None, *, grouped: bool
) -> Iterator[tuple[Place, Text]]:
    """What in ``rules`` does not fit ``rubric``: the path below ``rules`` and the reason."""
    yield from _steps(rules, rubric)
    if isinstance(rules.aggregation, ByTotal):
        rule = rules.aggregation
        if rule.level == "total" and rubric.bonus and rule.total_of is None:
            yield ("aggregation",), _("level 为 total 时须声明 total_of：总分是否含加分")
    for name in sorted(required(rubric, procedure, grouped=grouped)):
        if getattr(rules, name) is None:
            yield (name,), _("本轮用到这条规则，不能留空")
    yield from _places(rules, rubric)
    yield from _room(rules, rubric)
    yield from _direction(rules, rubric)
    yield from _measures(rules, rubric, procedure)
    yield from _grades(rules, rubric, procedure)
    yield from _minimums(rules, rubric)
    if rules.placings is not None and rules.aggregation.weights:
        text = _("名次之和里各位专家的名次一样重，不能与 aggregation.weights 同时声明")
        yield ("placings",), text
    if rules.placings is not None and not rubric.bonus and rules.placings.of != "base":
        yield ("placings", "of"), _("没有加分项，请写 base")
    if "grade" in (rules.disclosure.public or ()) and rules.grades is None:
        yield ("disclosure", "public"), _("本轮不评等次，没有等次可以公开，请删去 grade")
    keys = tie_keys(rubric, placings=rules.placings is not None)
    for n, key in enumerate(rules.ties):
        if key not in keys:
            yield ("ties", n), _("“{key}”不可用，可选：{keys}", key=key, keys=list(keys))


def _steps(rules: Rules, rubric: Rubric) -> Iterator[tuple[Place, Text]]:
    if rules.step <= 0:
        yield ("step",), _("打分的最小单位须大于 0")
        return
    scored = [i for i in rubric.indicators if expert_range(rules, i)]
    ends = [(i.name, end) for i in scored for end in expert_range(rules, i) or ()]
    if off := list(dict.fromkeys(name for name, end in ends if end % rules.step)):
        text = _("最小单位 {step} 除不尽这些指标的分值：{names}", step=rules.step, names=off)
        yield ("step",), text


def _places(rules: Rules, rubric: Rubric) -> Iterator[tuple[Place, Text]]:
    """Full points that no published number can be would be exceeded by rounding them."""
    rule = rules.rounding
    unit = Decimal(1).scaleb(-rule.places)
    if rule.step is not None and (rule.step <= 0 or rule.step % unit):
        text = _("须大于 0，且用 {n} 位小数写得出；小数位数由 places 声明", n=rule.places)
        yield ("rounding", "step"), text
        return
    parts: tuple[Indicator | Bonus, ...] = (*rubric.indicators, *rubric.bonus)
    if short := [part.name for part in parts if part.points % unit]:
        text = _("小数位数 {n} 写不出这些项目的分值：{names}", n=rule.places, names=short)
        yield ("rounding", "places"), text
    elif rule.step and (off := [part.name for part in parts if part.points % rule.step]):
        text = _("这些项目的分值不是 {step} 的倍数：{names}", step=rule.step, names=off)
        yield ("rounding", "step"), text


def _room(rules: Rules, rubric: Rubric) -> Iterator[tuple[Place, Text]]:
    """Whether sums over indicators and experts fit into 64 bits."""
    weights = rules.aggregation.weights or {}
    people = sum(weights.values()) * weight_unit(weights.values()) or 1000
    ends = [max(map(abs, expert_range(rules, i) or (Decimal(0),))) for i in rubric.indicators]
    whole = sum((end * n for end, n in zip(ends, factors(rubric), strict=True)), Decimal(0))
    published = (rubric.points or 0) * 10**rules.rounding.places
    if max(whole * scale(rubric, rules) * people, published) > MOST_UNITS:
        yield ("step",), _("分值过大或小数位数过多，无法精确计算")


def _direction(rules: Rules, rubric: Rubric) -> Iterator[tuple[Place, Text]]:
    """What presumes that more points are better, in a rubric where fewer are."""
    if rubric.better == "higher":
        return
    for i in rubric.indicators:
        if measured_points(rules, i):
            yield ("measures", "indicators", i.id), BETTER_LOWER


def _measures(
    rules: Rules, rubric: Rubric, procedure: Procedure | None
) -> Iterator[tuple[Place, Text]]:
    if rules.measures is None:
        return
    declared = rules.measures.indicators
    measured = {i.id: i for i in rubric.indicators if i.kind != "qualitative"}
    for id in declared:
        if id not in measured:
            yield ("measures", "indicators", id), _("没有这个定量指标，请核对标识")
    for i in measured.values():
        place = ("measures", "indicators", i.id)
        rule = rule_of(rules, i)
        if rule is None:
            text = _(
                "没有声明“{name}”如何由测量值计分。原文对此未作规定（{article}），须由评审组声明",
                name=i.name,
                article=silent_article(rubric, "measures", procedure),
            )
            yield place, text
        elif i.measure is not None and measures.contradicts(rule, i.measure):
            yield place, _contradicted(rubric, i, i.measure)
        elif missing := measures.left_open(rule, i.kind):
            yield from _unsaid(i, missing, place, declared=i.id in declared)
        elif problem := misfit(rule, i):
            yield place, problem


def _contradicted(rubric: Rubric, indicator: Indicator, published: measures.MeasureRule) -> Text:
    words = [w for w in (indicator.guidance, in_words(published)) if w]
    return _(
        "与原文不同：{table}“{name}”写明 {words}。评审组不能另定，请删去这一项或照原文写",
        table=rubric.source.table,
        name=indicator.name,
        words=words,
    )


def _unsaid(
    indicator: Indicator, missing: list[str], place: Place, *, declared: bool
) -> Iterator[tuple[Place, Text]]:
    """What a method does not say, published or declared, and the panel has to."""
    if not declared:
        text = _(
            "“{name}”的计分方法原文没有写全，须由评审组在这里照原文写出并声明 {missing}",
            name=indicator.name,
            missing=missing,
        )
        yield place, text
        return
    for name in missing:
        if name == "points":
            yield place, needs_split(indicator)
        else:
            yield (*place, name), _("缺少这一项，请补上")


def _turned(
    name: str, bounds: Sequence[GradeCut | Minimum], *, lower: bool
) -> Iterator[tuple[Place, Text]]:
    """Bounds that are drawn for the other direction."""
    for n, cut in enumerate(bounds):
        if lower and cut.at_most is None:
            yield (name, n), _("总分越低越好的，分数线写 at_most（总分不高于此数）")
        if not lower and cut.at_least is None:
            yield (name, n), _("总分越高越好的，分数线写 at_least（总分不低于此数）")


def _minimums(rules: Rules, rubric: Rubric) -> Iterator[tuple[Place, Text]]:
    """Conditions of rank on numbers that are not there, or that nobody could meet."""
    bounds, most = rules.minimums or (), published_keys(rubric)
    yield from _turned("minimums", bounds, lower=rubric.better == "lower")
    for n, rule in enumerate(bounds):
        if rule.of not in most:
            text = _("“{key}”不可用，可选：{keys}", key=rule.of, keys=list(most))
            yield ("minimums", n, "of"), text
        elif rule.at_least is not None and rule.at_least > most[rule.of]:
            values = {"bound": rule.at_least, "most": most[rule.of]}
            yield ("minimums", n), _("{bound} 高过满分 {most}，没有对象能达到", **values)
    if len({rule.of for rule in bounds}) < len(bounds):
        yield ("minimums",), _("同一个数写了两次，请只留一个")


def _grades(
    rules: Rules, rubric: Rubric, procedure: Procedure | None
) -> Iterator[tuple[Place, Text]]:
    if rules.grades is None:
        return
    lower = rubric.better == "lower"
    yield from _turned("grades", rules.grades, lower=lower)
    names = [g.id for g in procedure.grades] if procedure else []
    if [cut.grade for cut in rules.grades] != names[:-1]:
        text = _("等次须依次写 {names}，最后一个等次不写分数线", names=names[:-1])
        yield ("grades",), text if names else _("本轮的程序不分等次，请删去 grades")
        return
    heights = [cut.bound * rubric.direction for cut in rules.grades]
    if any(a <= b for a, b in pairwise(heights)):
        rising = _("总分越低越好的，分数线须从低到高、互不相同")
        yield ("grades",), rising if lower else _("分数线须从高到低、互不相同")
