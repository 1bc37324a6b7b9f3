"""What a person should look at on the score sheets: each finding says who, where and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from evalkit.analysis import scales
from evalkit.base.text import Text, _
from evalkit.evaluation import Results
from evalkit.facts.columns import SCORED
from evalkit.scoring import checks
from evalkit.scoring.points import text

KINDS = ("outlier_high", "outlier_low", "undistinguished", "objective", "range", "sum")


@dataclass(frozen=True)
class Thresholds:
    """From where on something is shown. They are recorded with the analysis."""

    z: Decimal = Decimal("3.5")
    """Modified z-score of a score among its experts, as in [IH93]_."""
    share: Decimal = Decimal("0.2")
    """And how far it lies from their median, as a share of the indicator's points."""
    spread: Decimal = Decimal("0.03")
    """Standard deviation of all shares that an expert gave, below which nothing is told apart."""
    cells: int = 10
    """How many scores an expert must have given before that is asked."""


@dataclass(frozen=True)
class Finding:
    """Something to look at; no verdict."""

    kind: str
    text: Text
    expert: str | None = None
    applicant: str | None = None
    column: str | None = None


def findings(
    results: Results,
    thresholds: Thresholds,
    stated: Mapping[tuple[str, str], Decimal] | None = None,
) -> list[Finding]:
    """All findings, by kind, then applicant, indicator and expert in the order of the panel.

    ``stated`` are sums of whole sheets as written on paper, by applicant and expert.
    """
    return [
        *_outliers(results, thresholds),
        *_undistinguished(results, thresholds),
        *_objective(results),
        *_out_of_range(results),
        *_wrong_sums(results, stated or {}),
    ]


def _outliers(results: Results, limits: Thresholds) -> Iterator[Finding]:
    """畸高畸低: far from the other experts in their own spread, and far on the scale."""
    facts = results.facts
    points, valid = (np.moveaxis(x, 1, 2) for x in (facts.points, facts.state == SCORED))
    z = checks.robust_z(points, valid, float(results.panel.rules.step * facts.scale))
    away = checks.from_median(points, valid)
    share = away / (_widths(results) * facts.scale)[:, None]
    # fewer than three experts have no middle to be far from
    enough = (valid.sum(-1) > 2)[..., None]
    found = (np.abs(z) >= float(limits.z)) & (np.abs(share) >= float(limits.share)) & enough
    for a, c, s in np.argwhere(found & valid).tolist():
        high = away[a, c, s] > 0
        median = points[a, c, s] - away[a, c, s]
        yield _at(
            results,
            "outlier_high" if high else "outlier_low",
            _(
                "给 {points} 分，各专家的中位数是 {median} 分，明显偏高，请核对",
                points=_points(results, points[a, c, s]),
                median=_points(results, median),
            )
            if high
            else _(
                "给 {points} 分，各专家的中位数是 {median} 分，明显偏低，请核对",
                points=_points(results, points[a, c, s]),
                median=_points(results, median),
            ),
            (a, s, c),
        )


def _undistinguished(results: Results, limits: Thresholds) -> Iterator[Finding]:
    """An expert who gives almost the same share everywhere."""
    facts, n = results.facts, len(results.rubric.indicators)
    valid = facts.state[:, :, :n] == SCORED
    low = scales.ends(results)[:n, 0]
    shares = (facts.points[:, :, :n] / facts.scale - low) / _widths(results)[:n]
    for e, name in enumerate(facts.experts):
        own = valid & (facts.seats == e)[:, :, None]
        cells = int(own.sum())
        given = checks.spread(shares.reshape(1, 1, -1), own.reshape(1, 1, -1))[0]
        if cells >= limits.cells and given <= float(limits.spread):
            mean = f"{shares[own].mean():.0%}"
            words = _("{n} 个评分几乎都是分值的 {share}，分不出高低，请核对", n=cells, share=mean)
            yield Finding("undistinguished", words, name)


def _objective(results: Results) -> Iterator[Finding]:
    """Experts who differ on what is a fact."""
    facts = results.facts
    for c, indicator in enumerate(results.rubric.indicators):
        if indicator.kind != "quantitative":
            continue
        valid = facts.state[:, :, c] == SCORED
        for a in np.flatnonzero(checks.disagree(facts.points[:, :, c], valid)).tolist():
            given = sorted(set(facts.points[a, valid[a], c].tolist()))
            words = _(
                "定量指标只应有一个得分，各专家给了 {points} 分，请核对",
                points=[text(p, facts.scale) for p in given],
            )
            yield _at(results, "objective", words, (a, None, c))


def _out_of_range(results: Results) -> Iterator[Finding]:
    """Scores that no sheet should hold; tables and sheets refuse them before."""
    facts, n = results.facts, len(results.rubric.indicators)
    valid, points = facts.state[:, :, :n] == SCORED, facts.points[:, :, :n]
    step = int(results.panel.rules.step * facts.scale)
    least, most = np.rint(scales.ends(results)[:n].T * facts.scale).astype(np.int64)
    for a, s, c in np.argwhere(checks.outside(points, valid, (least, most), step)).tolist():
        words = _(
            "{points} 分不在 {least} 到 {most} 分之间，或不是 {step} 分的倍数",
            points=text(int(points[a, s, c]), facts.scale),
            least=text(int(least[c]), facts.scale),
            most=text(int(most[c]), facts.scale),
            step=results.panel.rules.step,
        )
        yield _at(results, "range", words, (a, s, c))


def _wrong_sums(results: Results, stated: Mapping[tuple[str, str], Decimal]) -> Iterator[Finding]:
    """Sheets whose written sum is not that of their indicators."""
    facts, n = results.facts, len(results.rubric.indicators)
    for a, s in np.argwhere(facts.seats >= 0).tolist():
        said = stated.get((facts.applicants[a], facts.experts[facts.seats[a, s]]))
        valid = facts.state[a, s, :n] == SCORED
        if said is None:
            continue
        total = int(np.where(valid, facts.points[a, s, :n], 0).sum())
        if checks.wrong_sums(facts.points[a, s, :n], valid, np.asarray(said * facts.scale)):
            words = _(
                "评分表写的合计是 {said} 分，各项相加是 {total} 分，请核对",
                said=said,
                total=text(total, facts.scale),
            )
            yield _at(results, "sum", words, (a, s, None))


def _widths(results: Results) -> np.ndarray:
    """(columns,): from the least to the greatest score; 1 where no expert scores."""
    low, high = scales.ends(results).T
    return np.where(high > low, high - low, 1.0)


def _points(results: Results, value: float) -> str:
    """A score, or a median that may lie halfway between two."""
    return f"{Decimal(str(value / results.facts.scale)).normalize():f}"


def _at(
    results: Results, kind: str, words: Text, place: tuple[int, int | None, int | None]
) -> Finding:
    facts, (a, s, c) = results.facts, place
    return Finding(
        kind,
        words,
        facts.experts[facts.seats[a, s]] if s is not None else None,
        facts.applicants[a],
        facts.columns[c] if c is not None else None,
    )
