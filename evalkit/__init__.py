"""evalkit: expert panels score applicants against a published rubric, exactly and defensibly."""

__version__ = "0.1.0"
