"""In plain sentences how a panel goes about its work: what is no rule of scoring."""

from __future__ import annotations

from evalkit.base.text import Text, _
from evalkit.panel.assigning import Assigning
from evalkit.panel.model import Panel
from evalkit.panel.rules import Rules

ROLES = {"chair": _("组长"), "member": _("成员")}


def conduct(panel: Panel) -> list[Text]:
    """What experts commit to, how they are assigned, what may happen to submitted sheets before the
    lock; of a discussion nothing where it is not declared.
    """
    rule = panel.rules.discussion
    discussed = [] if rule is None else [_DISCUSSION[rule.opens].filled(named=_NAMED[rule.experts])]
    back = _WITHDRAWAL[panel.rules.withdrawal]
    return [*committed(panel.rules), *discussed, back, *assigned(panel)]


_DISCUSSION = {
    "after_all_submitted": _(
        "应交的评分表全部提交之后、锁定之前，组长和评审秘书可以看各专家的分歧（{named}）并组织讨论，"
        "讨论中改分须写明理由。"
    ),
    "after_own_submitted": _(
        "锁定之前，组长在自己的评分表提交之后，评审秘书随时，可以看已提交的评分表之间的分歧"
        "（{named}）并组织讨论，讨论中改分须写明理由。"
    ),
    "never": _("锁定之前谁也不看各专家的分歧，也不讨论改分。"),
}
_NAMED = {"named": _("写明姓名"), "anonymous": _("不写姓名")}

_WITHDRAWAL = {
    "until_lock": _("提交了的评分表，锁定之前专家可以自己收回，改了再交；收回和再交都有记录。"),
    "never": _("提交了的评分表，专家自己不能收回；确须修改的，由评审秘书写明理由退回。"),
    None: _("没有声明提交后可否收回：专家自己不能收回，由评审秘书写明理由退回。"),
}


def committed(rules: Rules) -> list[Text]:
    """Whether and by when experts commit to confidence and to keeping apart."""
    asked = rules.committing
    if asked is None:
        return [_("本轮不在系统里登记专家的保密和回避承诺。")]
    if asked.before == "lock":
        return [_("每位专家须作出保密和回避承诺，锁定之前补齐。")]
    return [_("每位专家作出保密和回避承诺之后，才能打分。")]


def assigned(panel: Panel) -> list[Text]:
    """What the assignment keeps to; nothing where the panel declares nothing."""
    asked = panel.assigning
    if asked is None:
        return []
    low, high = asked.number
    many = _("每个对象由 {n} 位专家评。", n=low)
    if high != low:
        many = _("每个对象由 {bounds} 位专家评。", bounds=_bounds(low, high))
    sentences = [many, *_more(asked)]
    if asked.seed is not None:
        sentences.append(_("同样好的分配由抽签决定，种子 {seed}。", seed=asked.seed))
    return sentences


def _more(asked: Assigning) -> list[Text]:
    found = [_("各位专家评的对象数尽量均衡。")]
    if asked.load is not None:
        bounds = _bounds(asked.load.at_least, asked.load.at_most)
        found = [_("每位专家评 {bounds} 个对象，尽量均衡。", bounds=bounds)]
    if asked.groups is not None:
        same = _("对象只由同组的专家评。")
        found.append(same if asked.groups == "same" else _("对象只由指定的专家组评。"))
    for name, n in (asked.minimums or {}).items():
        found.append(_("每个对象至少 {n} 位{kind}专家。", n=n, kind=ROLES.get(name, name)))
    if asked.expertise is not None:
        least = _("每个对象至少 {n} 位专家熟悉其领域，此外尽量多。", n=asked.expertise)
        found.append(least if asked.expertise else _("尽量由熟悉其领域的专家评。"))
        balance_first = _("先求负荷均衡，再求领域相符。")
        known_first = _("先求领域相符，再求负荷均衡。")
        found.append(balance_first if asked.first == "balance" else known_first)
    return found


def _bounds(low: int, high: int | None) -> Text | str:
    return _("至少 {n}", n=low) if high is None else f"{low}–{high}"
