"""The words of the tidy table (applicant, expert, indicator, points, reason), one row a cell."""

from __future__ import annotations

from evalkit.base.text import _

COLUMNS = ("applicant", "expert", "indicator", "points", "reason")
"""Columns of the tidy table; a bonus item is named ``<bonus>.<claim>``."""

UNSCORED_WORD, RECUSED_WORD = "unscored", "recused"
"""Stand in the points column where there is no number."""

PANEL_WORD, MEASURED_WORD, GATE_WORD = "panel", "measured", "gate"
"""Stand in the expert column: the panel as a whole decided, a value was measured, a condition of
entry was judged."""

FINE_DEDUCTION = _("扣分“{points}”过细，最细到 {step} 分")
"""A deduction keeps to no declared step, but numbers end somewhere (`panel.units.scale`)."""
