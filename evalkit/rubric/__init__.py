"""What a published text declares: its table, articles, procedures, targets and tasks."""

from evalkit.rubric.indicators import Dimension, Indicator
from evalkit.rubric.load import load_rubric
from evalkit.rubric.model import FORMAT, Rubric

__all__ = ["FORMAT", "Dimension", "Indicator", "Rubric", "load_rubric"]
