"""What each reader may see: an applicant, those who run the round, an expert, the public."""

from evalkit.disclosure.levels import LEVELS, Level
from evalkit.disclosure.views import Views

__all__ = ["LEVELS", "Level", "Views"]
