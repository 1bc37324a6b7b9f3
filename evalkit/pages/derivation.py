"""How the points of a column came about, as arithmetic in words."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from evalkit.base.text import Text, _
from evalkit.pages.wording import decided_once, scores
from evalkit.scoring.methods import NAMES
from evalkit.scoring.points import Rounder, fixed

Cell = Mapping[str, Any]
"""One indicator, bonus or deduction of an applicant's result."""


def derivation(cell: Cell, declared: Mapping[str, Any]) -> Text:
    """The arithmetic behind ``cell`` under the ``declared`` rules of the round."""
    if cell["points"] is None:
        return _lacking(cell, declared)
    measured = cell.get("measured")
    if measured and cell["n"] == 0:
        return _("{measured}。", measured=_measured(cell, declared))
    if cell["n"] == 0:
        return _("由专家组统一认定，计 {points} 分。", points=cell["points"])
    if cell["sum"] is None:
        experts = _("计入的 {n} 个评分按专家权重平均", n=cell["n"])
        plain = _("{experts}，得 {points} 分。", experts=experts, points=cell["points"])
    else:
        experts = _experts(cell, declared)
        plain = _("{experts}。", experts=experts)
    if measured:
        return _(
            "专家部分：{experts}；定量部分：{measured}；合计 {points} 分。",
            experts=experts,
            measured=_measured(cell, declared),
            points=cell["points"],
        )
    if "capped" in cell["flags"]:
        return _("{experts}，超过上限，按 {points} 分计。", experts=experts, points=cell["points"])
    return plain


def _lacking(cell: Cell, declared: Mapping[str, Any]) -> Text:
    if decided_once(cell, declared):
        return _("专家组尚未认定。")
    if "measured" in cell and cell["measured"]["points"] is None:
        if cell["measured"]["value"] is not None:
            return _("本项按与全体参评对象的比较计分，未满足准入条件的不参加比较，没有得分。")
        return _("没有测量值，本项没有得分；没有得分不等于 0 分。")
    if cell["n"]:
        return _("各专家的计分不一致，核对之前本项没有得分。")
    return _("没有可计入的评分，本项没有得分；没有得分不等于 0 分。")


def _measured(cell: Cell, declared: Mapping[str, Any]) -> Text:
    """What a value gave, and out of how many points where experts give the rest of all."""
    measured = cell["measured"]
    of = _("（满分 {of} 分）", of=measured["of"]) if measured["of"] != cell["max"] else ""
    if measured["value"] is None:
        return _("没有测量值，按规则计 0 分{of}", of=of)
    return _(
        "测量值 {value}，按{method}得 {points} 分{of}",
        value=" ".join(filter(None, (measured["value"], measured["unit"]))),
        method=NAMES[measured["method"]],
        points=_rounded(Fraction(measured["points"]), cell["points"], declared["rounding"]),
        of=of,
    )


def _experts(cell: Cell, declared: Mapping[str, Any]) -> Text:
    """The sum of the scores that count, divided, and times the factor of their scale."""
    total, weight = cell["sum"], cell.get("weight") or str(cell["n"])
    mean, like = Fraction(total) / Fraction(weight), cell["points"]
    shown = _rounded(mean, like, declared["rounding"])
    said = _(
        "{scores} {formula}",
        scores=_counted(cell, declared),
        formula=_formula(total, weight, mean, shown),
    )
    if _middle(declared) and cell["n"] == 1:
        said = _("{all} 个评分，居中的是 {total}", all=cell["given"], total=total)
        if shown != total:
            said = _("{median}，计 {shown}", median=said, shown=shown)
    if "factor" not in cell:
        return said
    base = Fraction(shown) if declared["rounding"]["stage"].startswith("score") else mean
    value = _rounded(base * Fraction(cell["factor"]), like, declared["rounding"])
    return _("{mean}，乘以系数 {factor} 得 {value}", mean=said, factor=cell["factor"], value=value)


def _rounded(value: Fraction, like: str, rule: Mapping[str, Any]) -> str:
    """``value`` with as many places as ``like``, by the declared ``rule`` of rounding."""
    places = -int(Decimal(like).as_tuple().exponent)
    step = int(Decimal(rule["step"]).scaleb(places)) if "step" in rule else 1
    return fixed(Rounder(rule["mode"], step).of(value * 10**places), places)


def _formula(total: str, weight: str, mean: Fraction, shown: str) -> str:
    sign = "=" if Fraction(shown) == mean else "≈"
    return f"{total} ÷ {weight} {sign} {shown}".replace(" ", "\N{NO-BREAK SPACE}")


def _counted(cell: Cell, declared: Mapping[str, Any]) -> Text:
    """The words before the sum: how many scores there are, and which do not count as they are."""
    n, weighted = cell["n"], "weight" in cell
    if _middle(declared):
        return _("{all} 个评分，居中的 {n} 个之和", all=cell["given"], n=n)
    if cell["scores"] is None:
        return _("计入的 {n} 个评分之和", n=n)
    listed = scores(cell)
    apart = list(_apart(listed, declared["aggregation"]["level"]))
    if weighted:
        apart.append(_("按专家权重"))
    if not apart:
        return _("{n} 个评分之和", n=n)
    if n == len(listed):
        return _("{all} 个评分，{apart}，之和", all=n, apart=_join(apart))
    return _("{all} 个评分，{dropped}，其余 {n} 个之和", all=len(listed), dropped=_join(apart), n=n)


def _middle(declared: Mapping[str, Any]) -> bool:
    """Whether the middle scores of each indicator count; of totals the middle sheets do."""
    rule = declared["aggregation"]
    return bool(rule["method"] == "median" and rule["level"] == "indicator")


def _apart(listed: list[Mapping[str, str]], level: str) -> list[Text]:
    """What was dropped, replaced or left out, in words."""
    by_use: dict[str, list[str]] = {}
    for score in listed:
        by_use.setdefault(score["use"], []).append(score["points"])
    found = []
    high, low = by_use.get("dropped_highest", []), by_use.get("dropped_lowest", [])
    if high or low:
        found.append(_dropped(high, low, level))
    if far := [*by_use.get("dropped_below", []), *by_use.get("dropped_above", [])]:
        text = _("不计与平均相差过大的 {scores}", scores=far)
        if level == "total":
            text = _("不计总分与平均相差过大的评分表（本项为 {scores}）", scores=far)
        found.append(text)
    above, below = by_use.get("replaced_highest", []), by_use.get("replaced_lowest", [])
    if above or below:
        text = _("最高 {high}、最低 {low} 按相邻的评分计", high=above, low=below)
        found.append(text)
    if "excluded" in by_use:
        found.append(_("不计 {scores}", scores=by_use["excluded"]))
    return found


def _join(parts: list[Text]) -> Text:
    if len(parts) == 1:
        return parts[0]
    return _("{first}，{second}", first=parts[0], second=_join(parts[1:]))


def _dropped(high: list[str], low: list[str], level: str) -> Text:
    if level == "total":
        return _("不计总分最高、最低的评分表（本项为 {scores}）", scores=[*high, *low])
    if high and low:
        return _("去掉最高 {high} 和最低 {low}", high=high, low=low)
    return _("去掉最高 {high}", high=high) if high else _("去掉最低 {low}", low=low)
