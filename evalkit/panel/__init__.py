"""What a panel declares: its experts and applicants, and every rule that the text leaves open."""

from evalkit.panel.model import (
    MAX_BYTES,
    Applicant,
    Expert,
    Panel,
    Person,
    find_rubric,
    load_panel,
)

__all__ = ["MAX_BYTES", "Applicant", "Expert", "Panel", "Person", "find_rubric", "load_panel"]
