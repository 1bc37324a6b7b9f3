"""In plain sentences what may happen to submitted sheets before the lock."""

from __future__ import annotations

from evalkit.base.text import Text, _
from evalkit.panel.model import Panel


def discussed(panel: Panel) -> list[Text]:
    """When those who run the round may see how far experts lie apart; nothing undeclared."""
    rule = panel.rules.discussion
    return [] if rule is None else [_DISCUSSION[rule.opens].filled(named=_NAMED[rule.experts])]


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


def withdrawn(panel: Panel) -> Text:
    """Whether an expert may take a submitted sheet back."""
    return _WITHDRAWAL[panel.rules.withdrawal]


_WITHDRAWAL = {
    "until_lock": _("提交了的评分表，锁定之前专家可以自己收回，改了再交；收回和再交都有记录。"),
    "never": _("提交了的评分表，专家自己不能收回；确须修改的，由评审秘书写明理由退回。"),
    None: _("没有声明提交后可否收回：专家自己不能收回，由评审秘书写明理由退回。"),
}
