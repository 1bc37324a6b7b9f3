"""The official function and its results: exact points, totals, ranks, grades and places."""

from evalkit.evaluation.evaluate import evaluate, published
from evalkit.evaluation.results import Results, Status

__all__ = ["Results", "Status", "evaluate", "published"]
