"""How severe each expert was, told apart from the merit of the applicants they saw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from evalkit.analysis.numbers import ITERATED, number
from evalkit.analysis.sheets import NO_WHOLE_SHEET, Sheets
from evalkit.base.text import Text, _
from evalkit.evaluation import Results
from evalkit.scoring.agreement import against_others
from evalkit.scoring.severity import Crossed, additive, components, crossed

NORMAL = 1.959963984540054
"""97.5 % point of the normal distribution."""

ALIKE = _("从评分看不出专家之间的宽严差别，混合模型估计的宽严都是 0，没有区间")
"""The variance of the experts is at its bound; an interval of no width would claim certainty."""


@dataclass(frozen=True, eq=False)
class Severity:
    """The two models on the totals of whole sheets; absent ones leave a reason."""

    model: Crossed | None
    least_squares: np.ndarray | None
    applicants: np.ndarray
    """Indices of the applicants with a whole sheet, in the order of the effects."""
    experts: np.ndarray
    sheets: np.ndarray
    """How many whole sheets each of the experts has."""
    reason: Text | None

    def adjusted(self, n: int) -> np.ndarray:
        """(n,): mean plus predicted effect of every applicant; nan where there is none."""
        found = np.full(n, np.nan)
        if self.model is not None:
            found[self.applicants] = self.model.mean + self.model.applicants
        return found


def severity(sheets: Sheets) -> Severity:
    """REML with BLUP, and least squares beside it."""
    a, s = np.nonzero(~np.isnan(sheets.totals))
    y, e = sheets.totals[a, s], sheets.seats[a, s]
    applicants, ai = np.unique(a, return_inverse=True)
    experts, ei = np.unique(e, return_inverse=True)
    number_of = np.bincount(ei, minlength=len(experts))
    if len(y) == 0:
        reason: Text | None = NO_WHOLE_SHEET
    elif components(ai, ei).max() > 0:
        reason = _("专家和对象分成互不相连的几组，组间的宽严无法比较")
    else:
        reason = None
    if reason is not None:
        return Severity(None, None, applicants, experts, number_of, reason)
    effects = additive(y, ai, ei).experts if len(experts) > 1 else None
    try:
        return Severity(crossed(y, ai, ei), effects, applicants, experts, number_of, None)
    except ValueError as error:
        return Severity(None, effects, applicants, experts, number_of, error.args[0])


def described(results: Results, sheets: Sheets, found: Severity) -> dict[str, Any]:
    """Components of variance and one row for each expert.

    Effects are in points: above 0 the expert gives more than the others, which is lenient, or
    severe where a lower total is better.
    """
    digits, model = results.panel.rules.rounding.places, found.model
    alike = model is not None and model.var_expert == 0
    row: dict[str, Any] = {"reason": found.reason, "no_intervals": ALIKE if alike else None}
    row["components"] = None if model is None else _components(model)
    effects = None if model is None else model.experts
    low, high = (None, None) if model is None or alike else _ends(model)
    alone, ranks = _raw(sheets, found.experts), _ranks(sheets, found.experts)
    row["no_ranks"] = _no_ranks(sheets) or _no_order(ranks)
    row["experts"] = [
        {
            "expert": results.facts.experts[e],
            "sheets": int(found.sheets[n]),
            "raw": number(alone[n], digits),
            "least_squares": _one(found.least_squares, n, digits),
            "effect": _one(effects, n, digits),
            "low": _one(low, n, digits),
            "high": _one(high, n, digits),
            "against_others": number(ranks[n], 3),
        }
        for n, e in enumerate(found.experts.tolist())
    ]
    return row


def _components(model: Crossed) -> dict[str, dict[str, str | None]]:
    """The variances, and what share of their sum each is."""
    parts = {
        "applicant": model.var_applicant,
        "expert": model.var_expert,
        "residual": model.var_residual,
    }
    whole = sum(parts.values())
    return {
        name: {"variance": number(v, 3, ITERATED), "share": number(v / whole, 3, ITERATED)}
        for name, v in parts.items()
    }


def _ends(model: Crossed) -> tuple[np.ndarray, np.ndarray]:
    """The 95 % intervals of the experts' effects."""
    half = NORMAL * model.expert_se
    return model.experts - half, model.experts + half


def _one(values: np.ndarray | None, n: int, digits: int) -> str | None:
    return None if values is None else number(values[n], digits, ITERATED)


def _raw(sheets: Sheets, experts: np.ndarray) -> np.ndarray:
    """Mean difference of each expert's totals to the mean of the others on the same applicant."""
    there = ~np.isnan(sheets.totals)
    n = there.sum(1, keepdims=True)
    total = np.nansum(sheets.totals, 1, keepdims=True)
    own = np.where(there, sheets.totals, 0)
    gap = np.where(there & (n > 1), own - (total - own) / np.maximum(n - 1, 1), np.nan)
    gaps = [gap[(sheets.seats == e) & ~np.isnan(gap)] for e in experts]
    return np.array([g.mean() if g.size else np.nan for g in gaps])


def _no_ranks(sheets: Sheets) -> Text | None:
    """Why the order of one expert cannot be held against that of the others."""
    if not sheets.crossed:
        return _("各对象的专家不同，不比较各专家的排序")
    if (~np.isnan(sheets.totals)).all(1).sum() < 3 or sheets.totals.shape[1] < 2:
        return _("全部专家都评了的对象不足三个，或专家不足两位，不比较各专家的排序")
    return None


def _no_order(ranks: np.ndarray) -> Text | None:
    """Why single experts have no correlation although the orders can be compared."""
    if not np.isnan(ranks).any():
        return None
    return _("一位专家给各对象的总分都相同，或其他专家的平均都相同的，没有先后可比")


def _ranks(sheets: Sheets, experts: np.ndarray) -> np.ndarray:
    """Correlation of ranks with the mean of the others; nan for `_no_ranks` or `_no_order`."""
    whole = ~np.isnan(sheets.totals).any(1)
    if _no_ranks(sheets) is not None:
        return np.full(len(experts), np.nan)
    found = against_others(sheets.totals[whole].T)
    by_expert = dict(zip(sheets.seats[0].tolist(), found.tolist(), strict=True))
    return np.array([by_expert.get(e, np.nan) for e in experts.tolist()])
