"""How far totals and ranks rest on who the experts were."""

from __future__ import annotations

from math import ceil
from typing import Any

import numpy as np

from evalkit.analysis import scales
from evalkit.analysis.line import Line, fields, places_of
from evalkit.analysis.numbers import PROBABILITY, number, places_by
from evalkit.analysis.samples import Resampled
from evalkit.base.text import Text, _
from evalkit.evaluation import Results
from evalkit.facts.columns import NOT_ASKED
from evalkit.panel.rules import Rules
from evalkit.panel.units import by_scores
from evalkit.scoring import uncertainty


def intervals(results: Results) -> tuple[list[dict[str, str] | None], Text | None]:
    """The 95 % t interval of every total by the declared rule, and why there is none anywhere.

    Within the totals that least and greatest scores would give, if the total is; None for an
    applicant without one.
    """
    rule = results.panel.rules.aggregation
    none: list[dict[str, str] | None] = [None] * len(results.rank)
    if rule.method not in {"mean", "trimmed_mean"} or rule.weights:
        return none, _("所声明的汇总方法没有现成的区间公式，请看名次的变动范围")
    found = uncertainty.interval(*_moving(results))
    unit = 10**results.panel.rules.rounding.places
    total, limits = results.total / unit, scales.limits(results).T
    rows: list[dict[str, str] | None] = []
    for t, half, rank, (least, most) in zip(total, found.half, results.rank, limits, strict=True):
        if rank == 0 or np.isnan(half):
            rows.append(None)
            continue
        ends = max(t - half, min(t, least)), min(t + half, max(t, most))
        low, high = (number(end, results.panel.rules.rounding.places) or "" for end in ends)
        rows.append({"low": low, "high": high})
    few = sum(r > 0 and row is None for r, row in zip(results.rank, rows, strict=True))
    return rows, _("{n} 个对象计入的评分太少，不能估计总分的区间", n=few) if few else None


def _moving(results: Results) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Scores that the totals move with, and how many of them the rule drops at either end."""
    facts, rules = results.used, results.panel.rules
    valid = results.counted | (results.dropped != 0)
    factor, unit = scales.factors(results)
    points = np.where(valid, facts.points * factor / (facts.scale * unit), np.nan)
    for c, top in scales.caps(results):
        if scales.each_capped(results):
            points[:, :, c] = np.minimum(points[:, :, c], top)
        # at the cap the bonus does not move
        fixed = results.points[:, c] >= int(top * 10**rules.rounding.places)
        points[:, :, c] = np.where(fixed[:, None] & valid[:, :, c], 0.0, points[:, :, c])
    dropped = [(results.dropped == side).sum(1) for side in (-1, 1)]
    if rules.aggregation.level != "total":
        return points, dropped[0], dropped[1]
    whole = (valid | (facts.state == NOT_ASKED)).all(-1) & valid.any(-1)
    sheets = np.where(whole, np.nansum(points, -1), np.nan)[..., None]
    return sheets, *(side.max(-1, keepdims=True) for side in dropped)


def how(resampled: Resampled, seed: int, rules: Rules) -> dict[str, Any]:
    """How the samples came about, in numbers and in words."""
    n, ties = len(resampled.ways), _compared(rules)
    if resampled.exact:
        text = _(
            "把专家组看作从同类专家中抽取的样本，有放回地重新抽取同样人数，"
            "逐一算完全部 {n} 种组合，每种组合都按本轮声明的规则重新汇总、取整和排名；{ties}",
            n=n,
            ties=ties,
        )
    else:
        text = _(
            "组合太多，或各对象的专家不同，不能逐一算完；以随机数种子 {seed} 抽取 {n} 组："
            "专家相同的对象同抽一组专家，专家不同的对象各抽各的，"
            "每组都按本轮声明的规则重新汇总、取整和排名；{ties}",
            n=n,
            seed=seed,
            ties=ties,
        )
    return {
        "exact": resampled.exact,
        "samples": n,
        "seed": None if resampled.exact else seed,
        "blocks": resampled.blocks,
        "how": text,
    }


def _compared(rules: Rules) -> Text:
    """What samples compare, as far as they keep to the declared order."""
    if rules.standardise is not None:
        return _("换算评分所用的平均和标准差是全体专家的；{ties}", ties=_order(rules))
    return _order(rules)


def _order(rules: Rules) -> Text:
    if rules.placings is not None:
        return _(
            "名次按抽到的专家在正式结果里所排名次之和，和相同的再按并列规则比较，仍相同的各占一半"
        )
    if any(by_scores(key) for key in rules.ties):
        return _("总分相同的再按并列规则比较到取整前的数或各位专家的评分之前，仍相同的各占一半")
    return _("总分相同的再按并列规则比较，仍相同的各占一半")


def stability(results: Results, resampled: Resampled, line: Line) -> list[dict[str, Any]]:
    """For every applicant: range of the rank, P(inside), P(ahead of the next), P(other grade)."""
    total, known, ways = resampled.totals.total, resampled.totals.known, resampled.ways
    field, better = fields(results), resampled.totals.order
    found = places_by(field, better, known)
    ends = uncertainty.rank_range(found, ways)
    k = places_of(line, results)
    inside = uncertainty.top(found, ways, k)
    behind = _next(results, field)
    ahead = _ahead(better, known, behind, ways)
    unit, up = 10**results.panel.rules.rounding.places, results.rubric.direction
    marks = np.sort(np.array([ceil(mark * up * unit) for mark in line.marks], dtype=np.int64))
    if len(marks):
        moves = uncertainty.moves(total * up, known, ways, marks, results.total * up)
    return [
        {
            "ranks": ends[n].tolist() if results.rank[n] else None,
            "inside": number(inside[n], PROBABILITY) if k[n] and results.rank[n] else None,
            "ahead": number(ahead[n], PROBABILITY) if behind[n] != n else None,
            "next": results.facts.applicants[behind[n]] if behind[n] != n else None,
            "other_grade": number(moves[n], PROBABILITY)
            if len(marks) and results.rank[n]
            else None,
        }
        for n in range(len(results.rank))
    ]


def _ahead(
    order: np.ndarray, known: np.ndarray, behind: np.ndarray, ways: np.ndarray
) -> np.ndarray:
    """(applicants,): P(ahead of the one ``behind``), of some at a time: copies take memory."""
    found = np.empty(len(behind))
    for own in uncertainty.blocks(len(behind), len(ways)):
        other = behind[own]
        both = known[:, own] & known[:, other]
        found[own] = uncertainty.beats(order[:, own], order[:, other], both, ways)
    return found


def _next(results: Results, field: np.ndarray) -> np.ndarray:
    """(applicants,): who stands behind each in its group; itself for the last and the unranked."""
    found = np.arange(len(results.rank))
    for name in np.unique(field):
        own = np.flatnonzero((field == name) & (results.rank > 0))
        order = own[np.argsort(results.rank[own], kind="stable")]
        found[order[:-1]] = order[1:]
    return found
