"""The official function and its results: exact points, totals, ranks, grades and places."""

from evalkit.evaluation.evaluate import evaluate
from evalkit.evaluation.results import Results, Status

__all__ = ["Results", "Status", "evaluate"]
