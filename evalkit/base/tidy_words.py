"""The words of the tidy table (applicant, expert, indicator, points, reason), one row a cell."""

from __future__ import annotations

from evalkit.base.text import _

COLUMNS = ("applicant", "expert", "indicator", "points", "reason")
"""Columns of the tidy table; a bonus item is named ``<bonus>.<claim>``."""

HEADINGS = {
    "applicant": ("评审对象标识", "参评对象标识", "对象标识", "评审对象", "参评对象", "对象"),
    "expert": ("专家标识", "评审专家", "专家"),
    "indicator": ("指标标识", "指标"),
    "points": ("分数", "得分", "评分", "打分"),
    "reason": ("理由", "评语", "说明", "备注"),
}
"""What people write above the columns instead; of several, the first counts."""

UNSCORED_WORD, RECUSED_WORD = "unscored", "recused"
"""Stand in the points column where there is no number."""

PANEL_WORD, MEASURED_WORD, GATE_WORD = "panel", "measured", "gate"
"""Stand in the expert column: the panel as a whole decided, a value was measured, a condition of
entry was judged."""

EXPERT_WORDS = {
    PANEL_WORD: ("专家组",),
    MEASURED_WORD: ("测量值",),
    GATE_WORD: ("准入条件",),
}
POINTS_WORDS = {UNSCORED_WORD: ("不评", "未评"), RECUSED_WORD: ("回避",)}
"""What people write for these words."""

FINE_DEDUCTION = _("扣分“{points}”过细，最细到 {step} 分")
"""A deduction keeps to no declared step, but numbers end somewhere (`panel.units.scale`)."""
