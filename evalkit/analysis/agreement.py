"""How far the experts agree, on every indicator and on the totals of their sheets."""

from __future__ import annotations

from typing import Any

import numpy as np

from evalkit.analysis.numbers import COEFFICIENT, PROBABILITY, number
from evalkit.analysis.sheets import NO_WHOLE_SHEET, Sheets
from evalkit.base.text import Text, _
from evalkit.evaluation import Results
from evalkit.scoring.agreement import alpha, gwet, kendall_w
from evalkit.scoring.icc import FORMS, ONE_WAY, POLE, Icc, icc, one_way

TOTAL = "total"
"""The column of the totals of whole sheets."""

MOST_LEVELS = 200
"""Above this many steps a scale is no list of categories, and Gwet's coefficient says little."""


def agreement(results: Results, sheets: Sheets) -> list[dict[str, Any]]:
    """One row for each indicator and one for the totals, with the reason for each missing number.

    Six ICC and W need applicants that all their experts scored, and the same experts throughout;
    elsewhere the two of the one-way model stand in. The other coefficients use every score.
    """
    totals = sheets.totals[None]
    tables = np.concatenate([np.moveaxis(sheets.points, -1, 0), totals])
    two_way, any_way = icc(tables), one_way(tables)
    interval, ordinal = alpha(tables, "interval"), alpha(tables, "ordinal")
    ids = [*(results.facts.columns[c] for c in sheets.columns), TOTAL]
    rows = []
    for t, (id, table) in enumerate(zip(ids, tables, strict=True)):
        crossed = sheets.crossed and two_way.n[t] > 1
        found = Icc(*(part[t] for part in (two_way if crossed else any_way)))
        row: dict[str, Any] = {
            "column": id,
            "applicants": int((~np.isnan(table)).any(1).sum()),
            "whole": int(two_way.n[t]),
            "experts": _experts(sheets, table),
            "alpha": number(interval[t], COEFFICIENT),
            "alpha_ordinal": number(ordinal[t], COEFFICIENT),
            "model": "two_way" if crossed else "one_way",
        }
        reasons = _lacking(sheets, row, table)
        row |= _without() if reasons else _coefficients(found, table, crossed=crossed)
        row["ac2"], row["no_ac2"] = _gwet(results, sheets, t, table)
        own = [row["no_ac2"]] if row["no_ac2"] and id != TOTAL else []
        row["reasons"] = [*reasons, *_undefined(sheets, row, found.value), *own]
        rows.append(row)
    return rows


def _without() -> dict[str, Any]:
    return {"k": None, "icc": [], "w": None, "p": None}


def _coefficients(found: Icc, table: np.ndarray, *, crossed: bool) -> dict[str, Any]:
    """The coefficients of one table; W only where every expert scored the same applicants."""
    forms = FORMS if crossed else ONE_WAY
    parts = zip(forms, found.value, found.low, found.high, strict=True)
    rows = [
        {"form": form, **{k: number(x, COEFFICIENT) for k, x in zip(_ENDS, numbers, strict=True)}}
        for form, *numbers in parts
    ]
    row = _without() | {"k": number(found.k, COEFFICIENT), "icc": rows}
    if crossed:
        w = kendall_w(table[~np.isnan(table).any(1)].T)
        row |= {"w": number(w.w, COEFFICIENT), "p": number(w.p, PROBABILITY + 1)}
    return row


_ENDS = ("value", "low", "high")


def _undefined(sheets: Sheets, row: dict[str, Any], values: np.ndarray) -> list[Text]:
    """What to know of the coefficients of a row, and why single ones are missing, or not above 0.

    ``values`` (forms,): one expert's forms, then as many of the mean.
    """
    if not row["icc"]:
        return []
    found = [] if row["model"] == "two_way" else [_one_way(sheets)]
    single, mean = values[len(values) // 2 - 1], values[-1]
    lacking = any(one["value"] is None for one in row["icc"])
    if lacking and np.isnan(mean):
        found.append(_("各对象的平均分都相同，平均分的组内相关系数没有定义"))
    elif single <= POLE:
        found.append(
            _("对象之间的差异不大于专家之间的分歧，有的组内相关系数没有定义")
            if lacking
            else _("对象之间的差异不大于专家之间的分歧")
        )
    known = [one for one in row["icc"] if one["value"] is not None]
    if any(one[end] is None for one in known for end in _ENDS):
        found.append(_("专家分歧太大或对象太少，有的组内相关系数算不出区间"))
    if row["model"] == "two_way" and row["w"] is None:
        found.append(_("每位专家给各对象的评分都相同，肯德尔 W 没有定义"))
    return found


def _one_way(sheets: Sheets) -> Text:
    """Why W and four forms of the ICC are not there, and what the other two mean."""
    if sheets.crossed:
        return _(
            "全部专家都评了的对象不足两个，ICC 用单向模型：ICC(1,1) 说一位专家的评分，"
            "ICC(1,k) 说每个对象各评分的平均，专家的宽严都算作误差；不计算肯德尔 W"
        )
    return _(
        "各对象的专家不同，ICC 用单向模型：ICC(1,1) 说一位专家的评分，"
        "ICC(1,k) 说每个对象各评分的平均，专家的宽严都算作误差；不计算肯德尔 W"
    )


def _experts(sheets: Sheets, table: np.ndarray) -> int:
    return len(np.unique(sheets.seats[~np.isnan(table)]))


def _lacking(sheets: Sheets, row: dict[str, Any], table: np.ndarray) -> list[Text]:
    """Why a column has no ICC and no W; empty if it has them."""
    if row["alpha"] is None:
        return [_few_sheets(sheets, row, table) or _nothing_to_compare(row, table)]
    if row["applicants"] < 2:
        return [_("有评分的对象不足两个，不能计算组内相关系数和肯德尔 W")]
    if row["model"] == "one_way":
        return []
    whole = table[~np.isnan(table).any(1)]
    if not (whole != whole[:1, :1]).any():
        return [_("全部专家都评了的对象，评分都相同，一致性系数没有定义")]
    return []


def _few_sheets(sheets: Sheets, row: dict[str, Any], table: np.ndarray) -> Text | None:
    """Why totals cannot be compared although several experts scored; None for another reason."""
    scored = ~np.isnan(sheets.points).all(-1)
    if row["column"] != TOTAL or len(np.unique(sheets.seats[scored])) < 2:
        return None
    if row["experts"] == 0:
        return NO_WHOLE_SHEET
    if row["experts"] == 1:
        return _("只有一位专家的评分表各项齐全，总分谈不上一致性")
    both = (~np.isnan(table)).sum(1) > 1
    if not both.any() and (scored.sum(1) > 1).any():
        return _("没有两位专家的评分表都各项齐全的对象，总分谈不上一致性")
    return None


def _nothing_to_compare(row: dict[str, Any], table: np.ndarray) -> Text:
    """Why a column has not even an alpha."""
    there = ~np.isnan(table)
    if row["experts"] < 2:
        return _("有评分的专家不足两位，谈不上一致性")
    if len(np.unique(table[there])) == 1:
        return _("所有评分都相同，一致性系数没有定义")
    if not (there.sum(1) > 1).any():
        return _("没有两位专家都评的对象，谈不上一致性")
    return _("两位以上专家都评的对象，评分都相同，一致性系数没有定义")


def _gwet(
    results: Results, sheets: Sheets, t: int, table: np.ndarray
) -> tuple[str | None, Text | None]:
    """AC2 with quadratic weights over the steps of the declared scale, or why there is none."""
    if t == len(sheets.columns):
        return None, _("总分不是逐档打出的，不计算 AC2")
    step = float(results.panel.rules.step)
    least, most = sheets.ends[t]
    levels = round((most - least) / step) + 1
    if levels > MOST_LEVELS:
        return None, _("打分的档数超过 {n}，不计算 AC2", n=MOST_LEVELS)
    found = gwet(np.round((table - least) / step), np.arange(levels), "quadratic")
    value = number(found.value, COEFFICIENT)
    return value, None if value is not None else _("没有两位专家都评的对象，不能计算 AC2")
