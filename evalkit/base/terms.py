"""The words that every paper uses for the same thing: its standing, a time, why a score is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Any

from evalkit.base.text import Text, _

BEIJING = timezone(timedelta(hours=8))

NONE = "—"
"""Stands where a number does not exist, which is not zero."""

HAPPENED: Mapping[str, Text] = {
    "counted": _("计入"),
    "dropped_highest": _("作为最高分去掉"),
    "dropped_lowest": _("作为最低分去掉"),
    "dropped_above": _("高出平均过多，不计"),
    "dropped_below": _("低于平均过多，不计"),
    "replaced_highest": _("作为最高分换成相邻的评分"),
    "replaced_lowest": _("作为最低分换成相邻的评分"),
    "excluded": _("不计入"),
    "conflict": _("利益冲突，不评"),
    "recused": _("回避"),
    "unscored": _("不评"),
    "missing": _("漏评"),
    "not_trimmed": _("有效评分不足，未去掉最高分和最低分"),
    "too_few_left": _("剩下的评分不足，与平均相差过大的也计入"),
    "capped": _("超过上限，按上限计"),
    "no_value_zero": _("没有测量值，按规则计 0 分"),
    "deducted": _("扣分"),
    "gate_fail": _("不满足准入条件，不参加排名"),
    "gate_unknown": _("是否满足准入条件不清楚，不参加排名"),
}
"""What became of a score, a cell or a number, by the name that results give it."""


CHOICES: Mapping[str, Text] = {
    "qualitative": _("qualitative（定性）"),
    "quantitative": _("quantitative（定量）"),
    "mixed": _("mixed（定性+定量）"),
    "in_force": _("in_force（已施行）"),
    "draft": _("draft（征求意见稿）"),
    "chair": _("chair（组长）"),
    "member": _("member（成员）"),
    "national": _("national（国家级）"),
    "provincial": _("provincial（省级）"),
    "done": _("done（已完成）"),
    "ongoing": _("ongoing（进行中）"),
    "not_started": _("not_started（未开始）"),
}
"""What a word of a declared file means; only where it means the same wherever it may stand."""


def one_of(choices: Sequence[str]) -> Text | str:
    """The ``choices`` as a sentence lists them, each with its meaning in the reader's language."""
    named = [CHOICES.get(choice, choice) for choice in choices]
    if len(named) < 2:
        return named[0] if named else ""
    *some, last = named
    if str(some[-1]).isascii():
        return _("{some} 或 {last}", some=some, last=last)
    return _("{some}或 {last}", some=some, last=last)


SELECTED: Mapping[str, Text | str] = {
    "yes": _("拟选"),
    "no": "",
    "tied_at_cut": _("并列待定"),
}
"""What is proposed for an applicant, by the name that results give it."""


CHECK: Mapping[str, Text] = {
    "official": _(
        "在锁定的评审工作文件夹上运行 evalkit evaluate，会核验评分记录，重新计算并显示这四个值，"
        "应与此相同。"
    ),
    "table": _("对同一张评分表运行 evalkit evaluate，会重新计算并显示这三个摘要值，应与此相同。"),
    "trial": _("锁定之前评分还会变，摘要值也会变。"),
    "what_if": _("改动了登记的内容或规则，没有可以核对的正式结果。"),
}
"""How to check the digests that a paper shows, by its status."""


def mark(status: str) -> Text | None:
    """What every section of a paper says about its standing; None where nothing need be said."""
    return {
        "official": None,
        "table": _("依据评分表计算，未经本系统锁定"),
        "trial": _("试算，不作为正式结果"),
        "what_if": _("非正式试算，改动了登记的内容或规则"),
        "in_force": None,
        "draft": _("依据征求意见稿"),
    }[status]


def supersedes(basis: Mapping[str, Any]) -> Text | None:
    """What every paper of a successor round says about the results whose place it takes; None for
    any other round.
    """
    before = basis.get("supersedes")
    return before and _(
        "复核后的结果，取代原结果（摘要值 {digest}…）", digest=before["results"][:16]
    )


def superseded(basis: Mapping[str, Any]) -> list[tuple[Text, Text | str]]:
    """What a successor round supersedes, under its names, and why, where the reader's view of the
    ``basis`` has that; nothing for any other round.
    """
    before = basis.get("supersedes")
    if before is None:
        return []
    found: list[tuple[Text, Text | str]] = [
        (_("取代的结果摘要值"), before["results"]),
        (_("取代的根哈希"), before["root"]),
    ]
    if "reason" in before:
        names = ("objection", "decided_by", "reason")
        words = {name: before[name].rstrip("。") for name in names}
        why = _("异议：{objection}；决定：{decided_by}；理由：{reason}。", **words)
        found.append((_("复核的理由"), why))
    return found


def day(iso: str) -> Text:
    """A day (ISO 8601) as it is written in a document."""
    found = date.fromisoformat(iso)
    return _("{year}年{month}月{day}日", year=found.year, month=found.month, day=found.day)


def instant(iso: str) -> Text:
    """An ISO 8601 time with its offset as Beijing time, whatever zone this machine is in."""
    at = datetime.fromisoformat(iso).astimezone(BEIJING)
    return _(
        "{year}年{month}月{day}日 {time}（北京时间）",
        year=at.year,
        month=at.month,
        day=at.day,
        time=f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}",
    )


def locked(status: str, locked_at: str | None) -> Text:
    """When the scores were locked, or that they were not."""
    if locked_at is not None:
        return instant(locked_at)
    unlocked = {"trial": _("尚未锁定"), "what_if": _("非正式试算")}
    return unlocked.get(status, _("未经本系统锁定"))


def dashes(reasons: Iterable[str], columns: Iterable[str]) -> list[Text]:
    """What `NONE` stands for, by each of the ``reasons`` why somebody has no rank.

    ``columns`` are those of rank, total and grade that the paper has.
    """
    names = {"rank": _("名次"), "total": _("总分"), "grade": _("等次")}
    shown = [names[column] for column in columns]
    unranked = [name for name in shown if name != names["total"]]
    said = {
        "condition": _(
            "准入条件不满足或是否满足不清楚的，没有{columns}，记为“{none}”。",
            columns=unranked,
            none=NONE,
        ),
        "total": _(
            "有的分数没有得出的，没有{columns}；“{none}”不等于 0 分。", columns=shown, none=NONE
        ),
        "minimum": _(
            "没有达到参加排名的最低分的，没有{columns}，记为“{none}”。", columns=unranked, none=NONE
        ),
    }
    return [said[reason] for reason in reasons]


def below_minimum(missed: Iterable[str], names: Mapping[str, str]) -> Text:
    """Why an applicant with a total has no rank: which published numbers were too low.

    ``names`` of dimensions and indicators by their key.
    """
    plain = {"total": _("总分"), "base": _("不含加分的得分"), "bonus": _("所得加分")}
    what = [plain.get(key) or names[key.partition(":")[2]] for key in missed]
    return _("没有达到参加排名的最低分（{what}），不参加排名。", what=what)


def without_points(names: list[str]) -> Text:
    """Why an applicant has no total: the columns without points."""
    return _("“{names}”没有得分，因此没有总分和名次；没有得分不等于 0 分。", names=names)
