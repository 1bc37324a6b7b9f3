"""What a text leaves open and somebody else has to declare: how these rules are called."""

from __future__ import annotations

from evalkit.text import Text, _

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
    "disclosure": _("向被评单位反馈的程度"),
}
"""What a panel declares under ``rules``."""

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
