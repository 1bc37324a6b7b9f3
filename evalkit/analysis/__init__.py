"""Advisory statistics of a round. They never enter the results or their digest."""

from evalkit.analysis.analyse import Analysis, advise, analyse, seed_of
from evalkit.analysis.findings import Finding, Thresholds
from evalkit.analysis.line import Line
from evalkit.analysis.recompute import leave_one_out

__all__ = [
    "Analysis",
    "Finding",
    "Line",
    "Thresholds",
    "advise",
    "analyse",
    "leave_one_out",
    "seed_of",
]
