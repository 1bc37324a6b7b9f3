"""Small figures from numbers: decimal strings in, SVG text out, the same bytes each time.

Positions are percentages and text is real text, so a figure fills the width it is given without
its letters growing or shrinking. Nothing in a figure carries an id, a style or a link: any number
of them can stand on one page under a strict content security policy. Shapes differ as well as
tones, so that all can be read in black and white.
"""

from evalkit.figures.heat import heat_names, heat_row, heat_tone
from evalkit.figures.profile import profile
from evalkit.figures.ranks import left_out, rank_axis, rank_range, rank_sign
from evalkit.figures.scores import bar, dots, legend
from evalkit.figures.standing import standing

DRAWN = (bar, dots, heat_names, heat_row, left_out, profile, rank_axis, rank_range, standing)
"""Figures with texts, in the language given as ``language``."""

SIGNS = (heat_tone, legend, rank_sign)
"""What stands in legends: one name in, no text out."""

__all__ = [
    "DRAWN", "SIGNS", "bar", "dots", "heat_names", "heat_row", "heat_tone", "left_out", "legend",
    "profile", "rank_axis", "rank_range", "rank_sign", "standing",
]  # fmt: skip
