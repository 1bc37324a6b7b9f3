"""Every text of the score sheet's form, by the name under which the form asks for it."""

from __future__ import annotations

from evalkit.base.text import Text, _, translations
from evalkit.workbench.contents_texts import CONTENTS

FORM: dict[str, Text] = {
    "views": _("怎样看"),
    "view_sheet": _("评分表"),
    "sheet": _("评分表：{title}"),
    "expert": _("{name}（{role}）"),
    "chair": _("组长"),
    "member": _("成员"),
    "applicants": _("评审对象"),
    "no_applicants": _("没有分配给您的评审对象"),
    "menu": _("名单"),
    "submitted_count": _("已提交 {n}/{total}"),
    "next_unfinished": _("下一个未完成"),
    "fraction": _("{n}/{total}"),
    "item_submitted": _("已提交"),
    "item_conflict": _("回避"),
    "item_unsaved": _("{n} 项未保存"),
    "lead": _("牵头单位"),
    "partners": _("共建单位"),
    "industry": _("行业"),
    "city": _("城市"),
    "comma": _("、"),
    "dot": _(" · "),
    "total": _("合计 {n} 分"),
    "base": _("基础分 {n}/{points}"),
    "bonus": _("加分 {n}"),
    "scored": _("已评 {n}/{total}"),
    "declared": _("不评或回避 {n}"),
    "of": _("{n} / {points} 分"),
    "of_at_most": _("{n} 分，最高 {points} 分"),
    "capped": _("{sum} 分，以 {points} 分封顶"),
    "points_label": _("{name}，分数 {range}"),
    "comment_label": _("{name}，评语"),
    "reason_label": _("{name}，理由"),
    "comment": _("评语（可不填）"),
    "reason": _("请写明理由（必填）"),
    "unscored": _("不评"),
    "recused": _("回避"),
    "unscored_label": _("不评：{name}"),
    "recused_label": _("回避：{name}"),
    "saving": _("保存中…"),
    "saved": _("已保存"),
    "unsaved": _("未保存"),
    "cleared": _("已清空"),
    "comment_saved": _("评语已保存"),
    "all_saved": _("全部已保存"),
    "unsaved_count": _("{n} 项未保存"),
    "not_a_number": _("请填数字，如 8 或 8.5"),
    "below_zero": _("不能小于 0"),
    "above_maximum": _("不能超过 {max} 分"),
    "outside_claim": _("只能填 0，或 {min} 至 {max} 分"),
    "outside_range": _("须在 {min} 至 {max} 之间"),
    "off_step": _("须是 {step} 的整数倍"),
    "reason_missing": _("请写明理由"),
    "lapsed": _("现在不能再改，这里填的没有保存"),
    "log_holds": _("已存的是：{value}"),
    "value_with_text": _("{value}（{text}）"),
    "blank": _("空白"),
    "take_theirs": _("用已存的"),
    "take_theirs_label": _("用已存的：{name}"),
    "keep_mine": _("改成我填的"),
    "keep_mine_label": _("改成我填的：{name}"),
    "try_again": _("再保存一次"),
    "try_again_label": _("再保存一次：{name}"),
    "not_stored": _(
        "有 {n} 项还没有存入评分记录，暂时保存在这台电脑的浏览器里。"
        "请不要关闭本页；连接恢复后会自动补存，也可以刷新页面再试。"
    ),
    "not_kept": _(
        "有 {n} 项还没有存入评分记录，浏览器也不允许暂存。请不要关闭或刷新本页，并联系评审秘书。"
    ),
    "level_national": _("国家级"),
    "level_provincial": _("省级"),
    "not_eligible": _("不在本轮加分范围内"),
    "panel_decides": _("加分由专家组统一认定，这里不打分。"),
    "no_claims": _("没有申报加分成果。"),
    "locked": _("评分已锁定，只能查看。"),
    "conflict": _("您回避评审这个对象：{reason}。"),
    "submitted": _("这份评分表已提交，不能再改。如有问题，请联系评审秘书。"),
    "all_submitted": _("分配给您的评审对象都已提交，谢谢。"),
    "submit": _("提交评分表"),
    "submission": _("提交前的核对"),
    "submitting": _("正在提交…"),
    "not_yet": _("还不能提交"),
    "issue_missing": _("{n} 项没有评分（可以评分，也可以注明不评或回避的理由）："),
    "issue_invalid": _("{n} 项没有保存，请改正："),
    "issue_waiting": _("{n} 项正在保存，存好后才能提交："),
    "ask_submit": _("提交对“{name}”的评分？{total}"),
    "final": _("提交后不能再改。"),
    "confirm_submit": _("确认提交"),
    "go_on": _("继续评分"),
}


PARTS: tuple[dict[str, Text], ...] = (FORM, CONTENTS)
"""The texts of the frame, and of what is entered in it; no two have a name in common."""


def form_texts(language: str) -> dict[str, str]:
    """The texts in ``language``; their ``{n}`` and the like are filled in by the form."""
    gettext = translations(language).gettext
    return {name: gettext(text.message) for part in PARTS for name, text in part.items()}
