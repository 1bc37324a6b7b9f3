"""How many examples a property is tried on: what the profile of hypothesis says, times a factor."""

from __future__ import annotations

from hypothesis import settings


def examples(factor: float) -> settings:
    """More of the profile's examples where one costs little, fewer where it costs much."""
    return settings(max_examples=round(settings.default.max_examples * factor))
