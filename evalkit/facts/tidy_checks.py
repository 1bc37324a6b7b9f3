"""What is wrong in a tidy table: every check is a mask over all its rows."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import numpy as np

from evalkit.base.errors import Problem
from evalkit.base.text import Text, _, bad_character
from evalkit.base.tidy_words import COLUMNS, FINE_DEDUCTION
from evalkit.base.typed import invisible
from evalkit.facts.columns import MISSING, RECUSED, SCORED, UNSCORED
from evalkit.facts.rows import Rows
from evalkit.panel.units import expert_range
from evalkit.scoring.points import text as points_text

MAX_REASON = 4000
MOST_SHOWN = 60
"""So much of a cell is quoted where it is wrong."""


def problems(rows: Rows) -> Iterator[Problem]:
    """Every problem of ``rows`` with its line, check by check."""
    known = (rows.applicant >= 0) & (rows.column >= 0) & ((rows.expert >= 0) | rows.by_panel)
    yield from _labels(rows)
    yield from _places(rows, known)
    yield from _measured(rows, known & ~rows.by_panel)
    yield from _points(rows, known & (rows.state == SCORED) & ~rows.fine)
    yield from _bonus(rows, known)
    yield from _reasons(rows, known)


def _labels(rows: Rows) -> Iterator[Problem]:
    unknown = {
        "applicant": (rows.applicant < 0, _("没有评审对象“{applicant}”，请核对名单")),
        "expert": ((rows.expert < 0) & ~rows.by_panel, _("没有专家“{expert}”，请核对名单")),
        "indicator": (rows.column < 0, _("没有指标“{indicator}”，请核对指标体系")),
    }
    blanks = {name: rows.each(name, lambda text: not text, bool) for name in unknown}
    for row in np.flatnonzero(np.logical_or.reduce(list(blanks.values()))):
        names = [name for name, blank in blanks.items() if blank[row]]
        yield _problem(rows, row, _("这一行没有填 {names}", names=names))
    for name, (mask, text) in unknown.items():
        for row in np.flatnonzero(mask & ~blanks[name]):
            hidden = invisible(rows.table.text(name, int(row)))
            yield _problem(rows, row, hidden or text)
    for row in np.flatnonzero(rows.fault.astype(bool)):
        text = _("{why}；不打分的写 unscored 或 recused")
        yield _problem(rows, row, text, why=rows.fault[row])


def _places(rows: Rows, known: np.ndarray) -> Iterator[Problem]:
    person = known & ~rows.by_panel
    text = _("专家 {expert} 没有被分配评 {applicant}，不能打分")
    yield from _at(rows, person & (rows.seat < 0), text)
    text = _("专家 {expert} 与 {applicant} 有利益冲突，不能打分")
    yield from _at(rows, person & (rows.seat >= 0) & ~rows.free, text)
    place = rows.applicant.astype(np.int64)
    for name in ("expert", "indicator"):
        texts, codes = rows.table[name]
        place = place * len(texts) + codes
    again = np.ones(len(place), bool)
    again[np.unique(place, return_index=True)[1]] = False
    text = _("{applicant}、{expert}、{indicator} 已在前面出现过，请只留一行")
    yield from _at(rows, known & again, text)


def _measured(rows: Rows, known: np.ndarray) -> Iterator[Problem]:
    decided = [expert_range(rows.panel.rules, i) is None for i in rows.rubric.indicators]
    column = np.isin(rows.column, np.flatnonzero(decided))
    text = _("“{indicator}”由测量值计分，专家不打分；测量值的 expert 一栏写 measured")
    yield from _at(rows, known & column & (rows.state != MISSING), text)


def _points(rows: Rows, scored: np.ndarray) -> Iterator[Problem]:
    step, indicators = rows.panel.rules.step, rows.rubric.indicators
    ends = [expert_range(rows.panel.rules, i) for i in indicators]
    least = np.zeros(len(rows.rubric.columns), dtype=np.int64)
    most = np.full(len(rows.rubric.columns), np.iinfo(np.int64).max)
    least[: len(ends)] = [_units(e[0], rows.unit) if e else 0 for e in ends]
    most[: len(ends)] = [_units(e[1], rows.unit) if e else 0 for e in ends]
    most[len(rows.rubric.columns) - len(rows.rubric.deductions) :] = [
        _units(d.points, rows.unit) for d in rows.rubric.deductions
    ]
    low, high = (
        scored & (rows.points < least[rows.column]),
        scored & (rows.points > most[rows.column]),
    )
    for row in np.flatnonzero(low):
        bound = points_text(int(least[rows.column[row]]), rows.unit)
        yield _problem(rows, row, _("“{points}”小于 {least}，不能打分"), least=bound)
    text = _("“{points}”超过“{name}”的满分 {most}")
    parts = (*indicators, *rows.rubric.bonus, *rows.rubric.deductions)
    for row in np.flatnonzero(high):
        bound = points_text(int(most[rows.column[row]]), rows.unit)
        name = parts[rows.column[row]].name
        yield _problem(rows, row, text, name=name, most=bound)
    deducted = rows.column >= len(rows.rubric.columns) - len(rows.rubric.deductions)
    off = ~deducted & (rows.fine | (scored & (rows.points % _units(step, rows.unit) != 0)))
    yield from _at(rows, off, _("“{points}”不是最小单位 {step} 的整数倍"), step=step)
    yield from _at(rows, deducted & rows.fine, FINE_DEDUCTION, step=points_text(1, rows.unit))


def _bonus(rows: Rows, known: np.ndarray) -> Iterator[Problem]:
    offset, end = len(rows.rubric.indicators), len(rows.rubric.indicators) + len(rows.rubric.bonus)
    bonus, item = known & (rows.column >= offset) & (rows.column < end), rows.item != ""
    taken = known & (rows.column >= end)
    rule = rows.panel.rules.bonus
    yield from _at(rows, known & ~bonus & item, _("没有指标“{indicator}”，请核对指标体系"))
    text = _("只有加分项和扣分项可以由专家组统一认定")
    yield from _at(rows, known & ~bonus & ~taken & rows.by_panel, text)
    text = _("扣分项由专家组统一认定一次，expert 一栏写 panel")
    yield from _at(rows, taken & ~rows.by_panel, text)
    text = _("“{points}”不能用于扣分项，请写扣几分，不扣的写 0")
    yield from _at(rows, taken & np.isin(rows.state, (UNSCORED, RECUSED)), text)
    if rule is not None and rule.recognised_by == "panel":
        text = _("本轮加分项由专家组统一认定，专家不单独打分")
        yield from _at(rows, bonus & ~rows.by_panel, text)
    else:
        text = _("本轮加分项由专家各自评分，不统一认定")
        yield from _at(rows, bonus & rows.by_panel, text)
    claimed = np.array([bool(a.claims) for a in rows.panel.applicants])[rows.applicant]
    text = _("{applicant} 申报了成果，请逐项写 {indicator}.<成果标识>，不能只写合计")
    scored = rows.state == SCORED
    yield from _at(rows, bonus & ~item & claimed & scored & ~rows.by_panel, text)
    text = _("由专家组认定的加分须逐项写 {indicator}.<成果标识>")
    yield from _at(rows, bonus & ~item & rows.by_panel, text)
    for row in np.flatnonzero(bonus & item):
        group = rows.rubric.bonus[rows.column[row] - offset]
        claims = rows.panel.claims(rows.panel.applicants[rows.applicant[row]])
        if rows.item[row] not in [claim.id for claim in claims]:
            text = _("{applicant} 没有申报在计分范围内的成果“{item}”")
            yield _problem(rows, row, text, item=rows.item[row])
        low, high = group.item.min, group.item.max
        value = Decimal(int(rows.points[row])) / rows.unit
        if rows.state[row] == SCORED and value != 0 and not low <= value <= high:
            text = _("每项加分只能是 0 或 {low} 至 {high} 分，不能是 {points}")
            yield _problem(rows, row, text, low=low, high=high)


def _reasons(rows: Rows, known: np.ndarray) -> Iterator[Problem]:
    blank = rows.each("reason", lambda text: not text.strip(), bool)
    no_score = np.isin(rows.state, (UNSCORED, RECUSED))
    yield from _at(rows, no_score & blank, _("不打分须在 reason 写明理由"))
    digits = rows.each("reason", lambda text: text.isdecimal() and len(text) < 3, bool)
    spilt = known & digits & (rows.state == SCORED) & rows.each("points", str.isdecimal, bool)
    text = _(
        "reason 只有数字“{reason}”：若本是 {points}.{reason} 分，请用小数点；若是理由，请写成文字"
    )
    yield from _at(rows, spilt, text)
    long = rows.each("reason", len) > MAX_REASON
    yield from _at(rows, long, _("reason 超过 {n} 字，请缩短"), n=MAX_REASON)
    places = rows.each("reason", lambda text: -1 if (n := bad_character(text)) is None else n)
    for row in np.flatnonzero(~long & (places >= 0)):
        yield _problem(rows, row, _("reason 第 {n} 个字符不可显示，请删去"), n=int(places[row]) + 1)


def _at(rows: Rows, mask: np.ndarray, text: Text, **values: Any) -> Iterator[Problem]:
    return (_problem(rows, row, text, **values) for row in np.flatnonzero(mask))


def _problem(rows: Rows, row: Any, text: Text, **values: Any) -> Problem:
    own = {name: rows.table.text(name, int(row))[:MOST_SHOWN] for name in COLUMNS}
    said = Text(text.message, own | text.values | values)
    return Problem(said, rows.source, rows.line(int(row)))


def _units(number: Decimal, unit: int) -> int:
    return int(number * unit)
