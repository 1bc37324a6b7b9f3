"""What a secretary calls the parts of a rubric, and the words for the values that a key stands for.

A field goes by its name alone, or by its class and name where one name means two things.
"""

from __future__ import annotations

from collections.abc import Mapping

from evalkit.base.text import Text, _

OF_CLASS: dict[tuple[str, str], Text] = {
    ("Rubric", "points"): _("总分"),
    ("Bonus", "points"): _("累计上限"),
    ("Deduction", "points"): _("最多扣几分"),
    ("Source", "title"): _("文件标题"),
    ("Source", "table"): _("指标表"),
    ("Procedure", "kind"): _("程序的类别"),
    ("Procedure", "table"): _("所用的指标表"),
    ("StandingRule", "grades"): _("适用的等次"),
    ("Note", "indicators"): _("所说明的指标"),
    ("Silence", "procedure"): _("所涉及的程序"),
    ("Silence", "article"): _("条款和原文的说法"),
    ("ScoreRange", "min"): _("打分的最低"),
    ("ScoreRange", "max"): _("打分的最高"),
    ("BonusItem", "min"): _("每项最低"),
    ("BonusItem", "max"): _("每项最高"),
    ("Indicator", "measure"): _("由测量值计分的方法"),
    ("Measure", "name"): _("量的名称"),
    ("TimeNode", "due"): _("完成时限"),
}
"""Where the name of the field alone would say something else."""

FIELDS: dict[str, Text] = {
    "format": _("文件格式"),
    "id": _("标识"),
    "version": _("版本"),
    "title": _("标题"),
    "source": _("来源"),
    "points": _("分值"),
    "dimensions": _("维度"),
    "indicators": _("指标"),
    "bonus": _("加分项"),
    "deductions": _("扣分项"),
    "better": _("总分的方向"),
    "notes": _("注"),
    "scope": _("总则和职责"),
    "gates": _("准入条件"),
    "materials": _("须提交的材料"),
    "procedures": _("程序"),
    "duties": _("认定后的义务"),
    "standing": _("资格的变动"),
    "targets": _("目标"),
    "tasks": _("任务"),
    "silences": _("原文没有规定的事项"),
    "issuer": _("发文或组织单位"),
    "basis": _("依据"),
    "numbers": _("文号"),
    "status": _("状态"),
    "valid_until": _("有效期至"),
    "rule": _("事项"),
    "number": _("编号"),
    "name": _("名称"),
    "kind": _("定性或定量"),
    "guidance": _("说明与评分标准"),
    "unit": _("单位"),
    "scored": _("打分的尺度"),
    "factor": _("换算系数"),
    "item": _("每项计分的范围"),
    "article": _("条款"),
    "text": _("原文"),
    "measure": _("所指的量"),
    "at_least": _("不少于"),
    "above": _("超过"),
    "at_most": _("不多于"),
    "below": _("低于"),
    "bound": _("数量要求"),
    "yearly": _("频次"),
    "most_characters": _("字数上限"),
    "strict": _("字数上限的约束"),
    "due": _("截止日期"),
    "stages": _("环节"),
    "actor": _("办理或决定的单位"),
    "needs": _("所需的材料和条件"),
    "period": _("没有写明的期限"),
    "optional": _("办理与否"),
    "grades": _("等次"),
    "passes": _("是否算合格"),
    "interval_open": _("间隔"),
    "titles": _("授予的名称"),
    "when": _("适用情形"),
    "rounds": _("连续的年度数"),
    "judge": _("认定或提出这一情形的单位"),
    "then": _("后果"),
    "days_open": _("天数"),
    "term": _("目标的说法"),
    "value": _("目标值"),
    "upper": _("目标值的上限"),
    "by": _("到期日"),
    "units": _("责任单位"),
    "nodes": _("时间节点"),
}
"""What each field is called."""

PROPOSED: Mapping[str | bool, Text] = {
    "recommend": _("优先推荐"),
    "favour": _("倾斜支持"),
    "support": _("作为支持的依据"),
    "rectify": _("给予一定期限整改"),
    "revoke": _("撤销"),
    "counts_as_failed": _("视为不合格"),
    "restart": _("重新启动认定"),
    "consent": _("同意变更"),
    "notify": _("登记告知"),
}
"""What a rule proposes, in the words of the texts."""

CHOICES: dict[str, Mapping[str | bool, Text]] = {
    "format": {"evalkit-rubric/1": _("指标体系文件格式第 1 版")},
    "status": {"in_force": _("现行"), "draft": _("征求意见稿")},
    "better": {"higher": _("总分越高越好"), "lower": _("总分越低越好")},
    "kind": {
        "qualitative": _("定性"),
        "quantitative": _("定量"),
        "mixed": _("定性+定量"),
        "recognition": _("认定"),
        "evaluation": _("认定后的评估"),
    },
    "table": {
        "rubric": _("本文件的指标表"),
        "panel": _("原文没有，由评审组声明"),
    },
    "period": {
        "publicity": _("公示，天数没有写明"),
        "deadline": _("须在规定的日期前完成，日期没有写明"),
    },
    "when": {
        "graded": _("评定为下列等次"),
        "failed": _("评估不合格"),
        "failed_consecutively": _("连续评估不合格"),
        "failed_after_rectification": _("整改后仍不合格"),
        "absent_unjustified": _("无故不参加评估"),
        "report_overdue": _("逾期未报送材料"),
        "false_material": _("材料弄虚作假"),
        "entity_ended": _("单位终止经营活动"),
        "serious_breach": _("严重违法失信"),
        "other": _("其他情形"),
        "unfit": _("违规或不能胜任"),
        "changed": _("主体、内容或任务变更"),
        "reorganised": _("更名、重组等重大调整"),
    },
    "strict": {True: _("不得超过"), False: _("原则上，超出只提醒")},
    "optional": {True: _("由人决定"), False: _("必须办理")},
    "yearly": {True: _("每年"), False: _("不按年")},
    "interval_open": {True: _("“定期”，没有写明多久一次"), False: _("不涉及")},
    "days_open": {True: _("没有写明"), False: _("不涉及")},
    "then": PROPOSED,
    "term": {
        "at_least": _("不少于"),
        "above": _("超过"),
        "range": _("区间"),
        "about": _("左右"),
        "unquantified": _("没有数量"),
    },
}
"""The words for the values of a field that has a few to choose from."""


def field_name(owner: type, name: str) -> Text:
    """What the field ``name`` of a model is called; its key where nobody gave it a name."""
    return OF_CLASS.get((owner.__name__, name)) or FIELDS.get(name) or Text(name)
