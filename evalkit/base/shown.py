"""How an object is shown in a notebook: it offers HTML that a room further out draws."""

from __future__ import annotations

from collections.abc import Callable

_drawing: list[Callable[[object], str]] = []


def drawn_by(draw: Callable[[object], str]) -> None:
    """Let ``draw`` give the HTML of everything that is `Shown`."""
    _drawing[:] = [draw]


class Shown:
    """Something worth looking at in a notebook, beside its short ``repr``."""

    def __str__(self) -> str:
        return repr(self)

    def _repr_html_(self) -> str | None:
        return _drawing[0](self) if _drawing else None
