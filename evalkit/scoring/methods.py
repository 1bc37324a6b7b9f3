"""How the methods from measured values to points are called."""

from __future__ import annotations

from evalkit.base.text import _

NAMES = {
    "agreed": _("专家按客观标准分别计分，必须一致"),
    "experts": _("全部由专家打分"),
    "tier_table": _("分档计分"),
    "efficacy": _("功效系数法"),
    "five_tier": _("五档功效系数法"),
    "piecewise": _("分段直线"),
    "per_unit": _("逐份加减分法"),
    "target_ratio": _("与目标值之比（封顶）"),
    "log_saturating": _("对数法（封顶）"),
    "best_ratio": _("与全体最好值之比"),
    "min_max": _("在全体最差值与最好值之间的位置"),
    "percentile": _("在全体中的百分位"),
}
"""How the methods are called."""
