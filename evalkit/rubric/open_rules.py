"""What a text leaves open and somebody else has to declare: which rules, how called."""

from __future__ import annotations

from collections.abc import Iterator

from evalkit.base.text import Text, _
from evalkit.base.wanted import asked
from evalkit.rubric.indicators import Indicator
from evalkit.rubric.measures import left_open
from evalkit.rubric.model import Rubric
from evalkit.rubric.provisions import Procedure, Stage, StandingRule

RULE_NAMES: dict[str, Text] = {
    "step": _("打分的最小单位"),
    "aggregation": _("多位专家评分的汇总方法"),
    "missing": _("漏评的处理"),
    "recusal": _("回避的处理"),
    "rounding": _("四舍五入的环节和位数"),
    "bonus": _("加分项的认定与封顶"),
    "deductions": _("扣分的下限"),
    "measures": _("定量指标由测量值计分的方法"),
    "gates": _("准入条件不清楚时的处理"),
    "grades": _("各等次的分数线"),
    "ranking": _("分组的排名"),
    "selection": _("拟选名额"),
    "ties": _("总分相同的排序"),
    "standardise": _("各专家评分尺度的换算"),
    "minimums": _("参加排名的最低分"),
    "placings": _("按各专家名次之和排名"),
    "discussion": _("锁定之前的讨论"),
    "disclosure": _("向被评单位反馈的程度"),
    "commitment": _("专家的保密和回避承诺"),
    "withdrawal": _("提交后专家可否自己收回"),
}
"""What a panel declares under ``rules``."""

OWN_AFFAIRS = ("withdrawal", "commitment")
"""How the panel goes about its work, which no text speaks of. A draft asks; a file may leave it."""

DECLARED: dict[str, Text] = {
    "actors": _("由谁办理或决定"),
    "judges": _("由谁判断"),
    "days": _("天数"),
    "objections": _("异议不成立后公示是否重新计期"),
    "repeat_from": _("整改后从哪一环节重新评估"),
    "meanwhile": _("重新认定期间原资格是否保留"),
    "titles": _("授予的名称"),
    "due": _("截止日期"),
    "reapplication": _("撤销后隔多久可以重新申报"),
}
"""What an office declares, by the key under ``rules`` (``due``: in each round)."""

SILENCES: dict[str, Text] = {
    "about": _("左右一词的允许范围"),
    "range": _("区间目标超过上限算不算完成"),
    "by": _("没有写明日期的目标何时到期"),
    "judges": _("没有数量的目标由谁认定"),
    "assessed": _("评估并通报的日期"),
    "units": _("责任单位的全称和原文写法"),
    "milestones": _("年度时间节点"),
}
"""What no plan says and its office has to, each under the name by which it is declared."""


def required(rubric: Rubric, procedure: Procedure | None, *, grouped: bool) -> set[str]:
    """The rules that a panel on ``rubric`` must declare for ``procedure``."""
    needed = {"step", "aggregation", "missing", "recusal", "rounding", "ties", "disclosure"}
    recognising = procedure.kind == "recognition" if procedure else True
    optional = {
        "bonus": bool(rubric.bonus),
        "deductions": bool(rubric.deductions),
        "measures": any(i.kind != "qualitative" for i in rubric.indicators),
        "gates": bool(rubric.gates) and recognising,
        "grades": bool(procedure and procedure.grades),
        "ranking": grouped,
        "selection": rubric.silence("selection", procedure) is not None,
    }
    return needed | {name for name, wanted in optional.items() if wanted}


def rule_name(rubric: Rubric, rule: str) -> Text:
    """What ``rule`` is about; where every method is published, only what a missing value means."""
    if rule == "measures" and not open_measures(rubric):
        return _("没有测量值时的处理")
    return RULE_NAMES[rule]


def open_measures(rubric: Rubric) -> list[Indicator]:
    """The indicators on which the text leaves open how a measured value counts, or part of it."""
    return [
        i
        for i in rubric.indicators
        if i.kind != "qualitative" and (i.measure is None or left_open(i.measure, i.kind))
    ]


def silent_article(rubric: Rubric, rule: str, procedure: Procedure | None = None) -> Text | str:
    """The article that leaves ``rule`` open, in the words of the rubric file."""
    if rule in OWN_AFFAIRS:
        return _("怎样办理由本轮自定，原文不涉及")
    if silence := rubric.silence(rule, procedure):
        return silence.article
    if procedure and procedure.table == "panel":
        return _("{article}没有指标表，表由评审组给出", article=procedure.article)
    return _("指标体系文件没有注明出处")


def by_office(rubric: Rubric, name: str, what: Text) -> Text:
    """That the text is silent about ``what`` and the office must declare it, with the article."""
    return _(
        "没有声明“{name}”。原文对此未作规定（{article}），须由办公室声明",
        name=what,
        article=silent_article(rubric, name),
    )


def needed(rubric: Rubric) -> Iterator[str]:
    """Every rule on procedure and standing that the text leaves open, as ``group.element``."""
    for procedure in rubric.procedures:
        if procedure.kind == "recognition" and len(procedure.titles) != 1:
            yield f"titles.{procedure.id}"
        if procedure.interval_open:
            yield f"days.{procedure.id}"
        for stage in procedure.stages:
            yield from _needed_for_stage(stage)
    for rule in rubric.standing:
        yield from _needed_for_rule(rule)
    if any(rule.then == "revoke" for rule in rubric.standing):
        yield "reapplication"


def _needed_for_stage(stage: Stage) -> Iterator[str]:
    if stage.actor is None:
        yield f"actors.{stage.id}"
    if stage.optional or stage.period == "publicity":
        yield f"judges.{stage.id}"
    if stage.period == "publicity":
        yield from (f"days.{stage.id}", f"objections.{stage.id}")
    if stage.period == "deadline":
        yield f"due.{stage.id}"


def _needed_for_rule(rule: StandingRule) -> Iterator[str]:
    if rule.actor is None:
        yield f"actors.{rule.id}"
    if rule.on_ground and rule.judge is None:
        yield f"judges.{rule.id}"
    if rule.days_open:
        yield f"days.{rule.id}"
    if rule.then == "rectify":
        yield f"repeat_from.{rule.id}"
    if rule.then == "restart":
        yield f"meanwhile.{rule.id}"


def concerns(name: str, rubric: Rubric) -> bool:
    """Whether the plan has anything that this silence is about."""
    if name == "by":
        return any(target.by is None for target in rubric.targets)
    term = {"about": "about", "range": "range", "judges": "unquantified"}.get(name)
    return term is None or any(target.term == term for target in rubric.targets)


@asked
def findings(rubric: Rubric) -> Iterator[Text]:
    """A sentence for each silence that nobody asks for, and each rule without an article.

    A rule whose article is missing is refused without one when a round does not declare it; a
    silence under an unknown name is never found.
    """
    open_rules = dict(_asked(rubric))
    known = [*open_rules, *RULE_NAMES] if rubric.dimensions or rubric.procedures else [*open_rules]
    for n, silence in enumerate(rubric.silences):
        if silence.rule not in known:
            yield _(
                "silences[{n}]：没有名为“{rule}”的规则须由人声明，请检查拼写，可选：{known}",
                n=n,
                rule=silence.rule,
                known=list(dict.fromkeys(known)),
            )
    for rule, what in open_rules.items():
        if not any(silence.rule == rule for silence in rubric.silences):
            yield _(
                "silences 里没有“{rule}”（{what}）：请写明原文哪一条对此没有规定，"
                "没有声明时才能说出条款",
                rule=rule,
                what=what,
            )


def _asked(rubric: Rubric) -> Iterator[tuple[str, Text]]:
    """Each rule that a panel, an office or a ledger on this text has to declare, with its name."""
    for procedure in rubric.procedures or ([None] if rubric.dimensions else []):
        if procedure is None or procedure.table == "rubric":
            for rule in sorted(required(rubric, procedure, grouped=False)):
                yield rule, rule_name(rubric, rule)
    for rule in needed(rubric):
        yield rule, DECLARED[rule.partition(".")[0]]
    if rubric.tasks:
        for rule, what in SILENCES.items():
            if concerns(rule, rubric):
                yield rule, what
