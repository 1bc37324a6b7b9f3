"""The kernels under their standard names, for lists, arrays, Series and DataFrames: `ek.kernels`.

A row of scores is what several experts gave one applicant; a table has **a row for each expert and
a column for each applicant** (raters × units). None, NaN and pandas' NA are missing scores, never
0. Text, whole numbers, Decimal and Fraction are exact, a binary float counts as its shortest
decimal; what is official comes out exact (`Exact`), statistics come out as floats, nan where a
number does not exist. What does not fit raises InputError, in one line that says what is wanted.
"""

from __future__ import annotations

from evalkit.scoring.advisory import (
    agreement_with_others,
    bootstrap,
    gwet_ac,
    icc,
    icc_one_way,
    kendall_w,
    krippendorff_alpha,
    robust_z,
    severity,
    smaa,
    t_interval,
)
from evalkit.scoring.given import Exact
from evalkit.scoring.official import (
    best_ratio,
    efficacy,
    five_tier,
    log_saturating,
    mean,
    median,
    min_max,
    per_unit,
    percentile,
    piecewise,
    rank,
    round_half_up,
    target_ratio,
    tier_table,
    trimmed_mean,
    winsorised_mean,
)

__all__ = [
    "Exact",
    "agreement_with_others",
    "best_ratio",
    "bootstrap",
    "efficacy",
    "five_tier",
    "gwet_ac",
    "icc",
    "icc_one_way",
    "kendall_w",
    "krippendorff_alpha",
    "log_saturating",
    "mean",
    "median",
    "min_max",
    "per_unit",
    "percentile",
    "piecewise",
    "rank",
    "robust_z",
    "round_half_up",
    "severity",
    "smaa",
    "t_interval",
    "target_ratio",
    "tier_table",
    "trimmed_mean",
    "winsorised_mean",
]
