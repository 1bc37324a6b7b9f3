"""How a report says things: its status, times, and how each number came about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from evalkit.text import Text, _

_BEIJING = timezone(timedelta(hours=8))


USES = {
    "counted": _("计入"),
    "dropped_highest": _("去掉的最高分"),
    "dropped_lowest": _("去掉的最低分"),
    "excluded": _("不计入"),
    "unscored": _("不评"),
    "recused": _("回避"),
    "conflict": _("利益冲突，不评"),
    "missing": _("漏评"),
}
"""What became of an expert's score, for those who may know whose it is."""


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
    """The scores of a cell by value, the dropped lowest first and the dropped highest last."""
    order = {"dropped_lowest": 0, "counted": 1, "excluded": 1, "dropped_highest": 2}
    return sorted(
        cell["scores"] or (), key=lambda score: (Decimal(score["points"]), order[score["use"]])
    )


def derivation(cell: Mapping[str, Any], declared: Mapping[str, Any]) -> Text:
    """How the points of a column came about, as arithmetic in words.

    ``cell`` is one indicator or bonus of an applicant's result, ``declared`` the rules of the
    round.
    """
    if cell["points"] is None and _decided_once(cell, declared):
        return _("专家组尚未认定。")
    if cell["points"] is None:
        return _("没有可计入的评分，本项没有得分；没有得分不等于 0 分。")
    if cell["n"] == 0:
        return _("由专家组统一认定，计 {points} 分。", points=cell["points"])
    total = _sum(cell, declared)
    mean = (Decimal(total) / cell["n"]).quantize(Decimal(cell["points"]), ROUND_HALF_UP)
    values = {"scores": _counted(cell, declared), "formula": _formula(total, cell["n"], mean)}
    if mean > Decimal(cell["points"]):
        return _(
            "{scores} {formula}，超过上限，按 {points} 分计。", points=cell["points"], **values
        )
    return _("{scores} {formula}。", **values)


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
    if _capped_first(cell, declared):
        yield _("每位专家的加分先以 {max} 分封顶，再汇总。", max=cell["max"])
    if cell["scores"] is None and cell["n"]:
        yield hidden(declared)


def hidden(declared: Mapping[str, Any]) -> Text:
    """Why single scores are not listed."""
    return _(
        "计入的评分不足 {n} 个，按规则不列出各评分和评语。", n=declared["disclosure"]["min_experts"]
    )


def _decided_once(cell: Mapping[str, Any], declared: Mapping[str, Any]) -> bool:
    return "items" in cell and declared["bonus"]["recognised_by"] == "panel"


def _capped_first(cell: Mapping[str, Any], declared: Mapping[str, Any]) -> bool:
    each = "items" in cell and declared["bonus"]["cap_stage"] == "expert"
    return each and any(Decimal(s["points"]) > Decimal(cell["max"]) for s in scores(cell))


def conflicts(cells: list[Mapping[str, Any]]) -> int:
    """How many experts were kept apart from the applicant."""
    return max((cell["left_out"].count("conflict") for cell in cells), default=0)


def _counted(cell: Mapping[str, Any], declared: Mapping[str, Any]) -> Text:
    """The words before the sum: how many scores there are and which were dropped."""
    n = cell["n"]
    if cell["scores"] is None:
        return _("计入的 {n} 个评分之和", n=n)
    listed = scores(cell)
    by_use = {
        use: [s["points"] for s in listed if s["use"] == use]
        for use in ("dropped_highest", "dropped_lowest", "excluded")
    }
    high, low, excluded = by_use.values()
    dropped = [_dropped(high, low, declared["aggregation"]["level"])] if high or low else []
    dropped += [_("不计 {scores}", scores=excluded)] if excluded else []
    if not dropped:
        return _("{n} 个评分之和", n=n)
    return _(
        "{all} 个评分，{dropped}，其余 {n} 个之和", all=len(listed), dropped=_join(dropped), n=n
    )


def _join(parts: list[Text]) -> Text:
    return parts[0] if len(parts) == 1 else _("{first}，{second}", first=parts[0], second=parts[1])


def _dropped(high: list[str], low: list[str], level: str) -> Text:
    if level == "total":
        return _("不计总分最高、最低的评分表（本项为 {scores}）", scores=[*high, *low])
    if high and low:
        return _("去掉最高 {high} 和最低 {low}", high=high, low=low)
    return _("去掉最高 {high}", high=high) if high else _("去掉最低 {low}", low=low)


def _sum(cell: Mapping[str, Any], declared: Mapping[str, Any]) -> str:
    """The sum of the scores that count, before a cap on their mean."""
    if "capped" in cell["flags"] and declared["bonus"]["cap_stage"] == "aggregate":
        counted = [Decimal(s["points"]) for s in scores(cell) if s["use"] == "counted"]
        return f"{sum(counted, Decimal(0)).normalize():f}" if counted else cell["sum"]
    return str(cell["sum"])


def _formula(total: str, n: int, mean: Decimal) -> str:
    sign = "=" if mean * n == Decimal(total) else "≈"
    return f"{total} ÷ {n} {sign} {mean}".replace(" ", "\N{NO-BREAK SPACE}")
