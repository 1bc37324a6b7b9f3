"""Advisory statistics of a round. They never enter the results or their digest."""

from evalkit.analysis.analyse import Analysis, analyse
from evalkit.analysis.findings import Finding, Thresholds
from evalkit.analysis.line import Line

__all__ = ["Analysis", "Finding", "Line", "Thresholds", "analyse"]
