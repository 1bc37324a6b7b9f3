"""The official function and its results: exact points, totals, ranks, grades and places."""

from evalkit.evaluation.cells import Status
from evalkit.evaluation.evaluate import evaluate
from evalkit.evaluation.results import Results

__all__ = ["Results", "Status", "evaluate"]
