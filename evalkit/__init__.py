"""evalkit: expert panels score applicants against a published rubric, exactly and defensibly.

    import evalkit as ek

    rubric = ek.load_rubric("henan-centre-2025")     # or the path of a YAML file
    panel = ek.load_panel("panel.yaml", rubric)
    facts = ek.read_scores("scores.csv", rubric, panel)   # or a DataFrame
    results = ek.evaluate(rubric, panel, facts)      # official: exact
    analysis = ek.advise(results)                    # advisory: statistics
    round = ek.open("demo")                          # all of it, from a round's folder

Every name is imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from evalkit.base.shown import drawn_by
from evalkit.base.version import VERSION

if TYPE_CHECKING:
    from evalkit.analysis import Analysis, Line, advise, analyse
    from evalkit.base.errors import EvalkitError, InputError, Refused, ReportError
    from evalkit.disclosure import Views
    from evalkit.evaluation import Results, evaluate
    from evalkit.facts.columns import Facts
    from evalkit.facts.tables import read_scores
    from evalkit.panel import Panel, find_rubric, load_panel
    from evalkit.round import Round
    from evalkit.round import open_round as open  # noqa: A004  (`ek.open` is what a user types)
    from evalkit.rubric import Rubric, load_rubric
    from evalkit.scoring import kernels

_ROOMS = {
    "kernels": "scoring.kernels",
    **dict.fromkeys(("Analysis", "Line", "advise", "analyse"), "analysis"),
    **dict.fromkeys(("EvalkitError", "InputError", "Refused", "ReportError"), "base.errors"),
    "Views": "disclosure",
    **dict.fromkeys(("Results", "evaluate"), "evaluation"),
    "Facts": "facts.columns",
    "read_scores": "facts.tables",
    **dict.fromkeys(("Panel", "find_rubric", "load_panel"), "panel"),
    "Round": "round",
    "open": "round",
    **dict.fromkeys(("Rubric", "load_rubric"), "rubric"),
}
"""Where each public name is defined; a test compares this with the imports above."""

__version__ = VERSION

__all__ = [
    "Analysis",
    "EvalkitError",
    "Facts",
    "InputError",
    "Line",
    "Panel",
    "Refused",
    "ReportError",
    "Results",
    "Round",
    "Rubric",
    "Views",
    "advise",
    "analyse",
    "evaluate",
    "find_rubric",
    "kernels",
    "load_panel",
    "load_rubric",
    "open",
    "read_scores",
]


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = import_module(f"evalkit.{_ROOMS[name]}")
    if name != "kernels":
        found = getattr(found, {"open": "open_round"}.get(name, name))
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


def _draw(thing: object) -> str:
    from evalkit.pages.cards import card

    return card(thing)


drawn_by(_draw)
