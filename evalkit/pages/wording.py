"""How each number came about, in the words of a report."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from evalkit.base.text import Text, _

REMARKS = {
    "opinion": _("专家的评审意见："),
    "problems": _("专家指出的问题："),
    "advice": _("专家的建议："),
}
"""Over what experts wrote of an applicant as a whole, by kind."""


def scores(cell: Mapping[str, Any]) -> list[Mapping[str, str]]:
    """The scores of a cell by value; of equal ones the lowest first and the highest last."""

    def place(score: Mapping[str, str]) -> tuple[Decimal, int]:
        use = score["use"]
        return Decimal(score["points"]), use.endswith("_highest") - use.endswith("_lowest")

    return sorted(cell["scores"] or (), key=place)


def notes(cell: Mapping[str, Any], declared: Mapping[str, Any]) -> Iterator[Text]:
    """What else a reader must know about a number. What concerns all is said once, elsewhere."""
    said = {
        "recused": _("{n} 位专家回避本项。", n=cell["left_out"].count("recused")),
        "unscored": _("{n} 位专家注明理由不评本项。", n=cell["left_out"].count("unscored")),
        "missing": _("{n} 位专家漏评本项。", n=cell["left_out"].count("missing")),
    }
    yield from (text for use, text in said.items() if use in cell["left_out"])
    rule = declared["aggregation"]
    if "not_trimmed" in cell["flags"]:
        yield (
            _("有效评分不足 {n} 个，按规则不替换最高分和最低分。", n=rule["min_n"])
            if rule.get("method") == "winsorised_mean"
            else _("有效评分不足 {n} 个，按规则不去掉最高分和最低分。", n=rule["min_n"])
        )
    if "too_few_left" in cell["flags"]:
        n = rule["min_left"]
        yield _("去掉与平均相差过大的评分后不足 {n} 个，按规则全部计入。", n=n)
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
    if cell["hidden"] == "few" and cell["n"]:
        yield hidden("few", declared)


def hidden(reason: str, declared: Mapping[str, Any]) -> Text:
    """Why single scores are not listed, by the name that `disclosure` gives the reason."""
    n = declared["disclosure"]["min_experts"]
    return {
        "few": _("评分不足 {n} 个，按规则不列出各评分和评语。", n=n),
        "weights": _("各专家权重不同，为不显示各评分出自谁，不列出各评分。"),
        "sheets": _("按总分取舍整张评分表，为不显示各评分出自谁，不列出各评分。"),
    }[reason]


def unlisted(cells: list[Mapping[str, Any]], declared: Mapping[str, Any]) -> Text | None:
    """Why the rules of the round let no single score be listed; None if they do."""
    found = {cell["hidden"] for cell in cells} & {"weights", "sheets"}
    return hidden(min(found), declared) if found else None


def marks(cells: Iterable[Mapping[str, Any]]) -> set[str]:
    """What happened to the scores that are listed: ``counted``, ``dropped`` and so on."""
    listed = (score["use"] for cell in cells for score in scores(cell))
    return {use.partition("_")[0] for use in listed}


def decided_once(cell: Mapping[str, Any], declared: Mapping[str, Any]) -> bool:
    """Whether the panel as a whole decides on the column, and experts give no scores."""
    return "items" in cell and declared["bonus"]["recognised_by"] == "panel"


def _capped_first(cell: Mapping[str, Any], declared: Mapping[str, Any]) -> bool:
    each = "items" in cell and declared["bonus"]["cap_stage"] == "expert"
    return each and any(Decimal(s["points"]) > Decimal(cell["max"]) for s in scores(cell))


def unmet(results: Collection[str]) -> Text:
    """What stands over the conditions of entry that are not met, or not known to be."""
    if set(results) == {"fail"}:
        return _("不满足下列准入条件，因此没有名次：")
    if set(results) == {"unknown"}:
        return _("是否满足下列准入条件尚不清楚，因此没有名次：")
    return _("不满足下列准入条件，或是否满足尚不清楚，因此没有名次：")


def apart(cells: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Who was kept apart from the applicant, and why, each once, where experts are named."""
    found = (one for cell in cells for one in cell.get("experts", ()) if one["use"] == "conflict")
    return list(dict.fromkeys((one["name"], one["words"]) for one in found))


def conflicts(cells: list[Mapping[str, Any]]) -> int:
    """How many experts were kept apart from the applicant."""
    return max((cell["left_out"].count("conflict") for cell in cells), default=0)
