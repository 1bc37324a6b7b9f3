"""How a report says things: its status, times, and how each number came about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from evalkit.text import Text, _

_BEIJING = timezone(timedelta(hours=8))


def mark(status: str) -> Text | None:
    """What every section of a report says about its standing; None for an official one."""
    return {
        "official": None,
        "table": _("依据评分表计算，未经本系统锁定"),
        "trial": _("试算，不作为正式结果"),
    }[status]


def instant(iso: str) -> Text:
    """An ISO 8601 time with its offset as Beijing time, whatever zone this machine is in."""
    at = datetime.fromisoformat(iso).astimezone(_BEIJING)
    return _(
        "{year}年{month}月{day}日 {time}（北京时间）",
        year=at.year,
        month=at.month,
        day=at.day,
        time=f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}",
    )


def without_points(names: list[str]) -> Text:
    """Why an applicant has no total: the columns without points."""
    return _("“{names}”没有得分，因此没有总分和名次；没有得分不等于 0 分。", names=names)


def scores(cell: Mapping[str, Any]) -> list[Mapping[str, str]]:
    """The scores of a cell by value; of equal ones the lowest first and the highest last."""

    def place(score: Mapping[str, str]) -> tuple[Decimal, int]:
        use = score["use"]
        return Decimal(score["points"]), use.endswith("_highest") - use.endswith("_lowest")

    return sorted(cell["scores"] or (), key=place)


def notes(cell: Mapping[str, Any], declared: Mapping[str, Any]) -> Iterator[Text]:
    """What else a reader must know about a number. A conflict concerns all and is said once."""
    said = {
        "recused": _("{n} 位专家回避本项。", n=cell["left_out"].count("recused")),
        "unscored": _("{n} 位专家注明理由不评本项。", n=cell["left_out"].count("unscored")),
        "missing": _("{n} 位专家漏评本项。", n=cell["left_out"].count("missing")),
    }
    yield from (text for use, text in said.items() if use in cell["left_out"])
    rule = declared["aggregation"]
    if "not_trimmed" in cell["flags"]:
        yield _("有效评分不足 {n} 个，按规则不去掉最高分和最低分。", n=rule["min_n"])
    if "experts_excluded" in cell["flags"]:
        yield (
            _("所在评分表不齐全的评分不计入。")
            if rule["level"] == "total"
            else _("对本单位其他指标回避的专家，其评分按规则全部不计入。")
        )
    if "no_value_zero" in cell["flags"]:
        yield _("没有测量值的按 0 分计是本轮声明的规则，不是测量结果。")
    if _capped_first(cell, declared):
        yield _("每位专家的加分先以 {max} 分封顶，再汇总。", max=cell["max"])
    if cell["scores"] is None and cell["n"]:
        yield hidden(declared)


def hidden(declared: Mapping[str, Any]) -> Text:
    """Why single scores are not listed."""
    return _(
        "计入的评分不足 {n} 个，按规则不列出各评分和评语。", n=declared["disclosure"]["min_experts"]
    )


def decided_once(cell: Mapping[str, Any], declared: Mapping[str, Any]) -> bool:
    """Whether the panel as a whole decides on the column, and experts give no scores."""
    return "items" in cell and declared["bonus"]["recognised_by"] == "panel"


def _capped_first(cell: Mapping[str, Any], declared: Mapping[str, Any]) -> bool:
    each = "items" in cell and declared["bonus"]["cap_stage"] == "expert"
    return each and any(Decimal(s["points"]) > Decimal(cell["max"]) for s in scores(cell))


def conflicts(cells: list[Mapping[str, Any]]) -> int:
    """How many experts were kept apart from the applicant."""
    return max((cell["left_out"].count("conflict") for cell in cells), default=0)
