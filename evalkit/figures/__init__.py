"""Small figures from numbers: decimal strings in, SVG text out, the same bytes each time.

Where there is text, positions are percentages and it is real text, so that a figure fills the
width it is given without its letters growing or shrinking. Nothing in a figure carries an id, a
style or a link: any number of them can stand on one page under a strict content security policy.
Shapes differ as well as tones, so that all can be read in black and white.
"""

from evalkit.figures.heat import heat_names, heat_row, heat_tone
from evalkit.figures.milestones import sign, tally, timeline
from evalkit.figures.profile import profile
from evalkit.figures.ranks import left_out, rank_axis, rank_range, rank_sign
from evalkit.figures.reach import reach
from evalkit.figures.scores import bar, dots, legend
from evalkit.figures.spread import sheet_sign, spread
from evalkit.figures.standing import standing

WORDED = (
    *(profile, standing, reach, tally, timeline),
    spread,
    *(heat_names, heat_row, left_out, rank_axis, rank_range),
)
"""Figures with words in them: each takes a ``language``."""

SIGNS = (bar, dots, legend, heat_tone, rank_sign, sheet_sign, sign)
"""Figures without a word in them."""
