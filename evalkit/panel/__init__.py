"""What a panel declares: its experts and applicants, and every rule that the text leaves open."""

from evalkit.panel.load import MAX_BYTES, find_rubric, load_panel, tables_beside
from evalkit.panel.model import Panel
from evalkit.panel.people import Applicant, Conflict, Expert, Person

__all__ = [
    "MAX_BYTES",
    "Applicant",
    "Conflict",
    "Expert",
    "Panel",
    "Person",
    "find_rubric",
    "load_panel",
    "tables_beside",
]
