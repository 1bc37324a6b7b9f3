"""Three readers of one applicant's result: those who run the round, the applicant, the public.

``applicant``: no expert can be told from another, nobody else's rank. ``internal`` adds who gave
which score and why not, who said what, and the neighbours in the ranking. ``public`` leaves the
name and, of rank, total, dimensions, bonus and deductions, what the panel declared. What a
level does not show is not in its view, so that it is not in the executed notebook either.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from decimal import Decimal
from typing import Any, Literal

from evalkit.base.text import render
from evalkit.disclosure.applicant import APPLICANT_FORMAT
from evalkit.disclosure.field import Fields
from evalkit.disclosure.heading import heading, outcome
from evalkit.evaluation import Results
from evalkit.facts.columns import SCORED
from evalkit.scoring.points import text

Level = Literal["internal", "applicant", "public"]

LEVELS: tuple[Level, ...] = ("internal", "applicant", "public")

FORMATS = {
    "internal": "evalkit-applicant-internal/1",
    "applicant": APPLICANT_FORMAT,
    "public": "evalkit-applicant-public/1",
}

BESIDE = 2
"""Neighbours in the ranking that are shown above and below."""


_ROUND = {"language", "status", "digest", "rubric", "basis", "rules", "declared"}
_RANK = {"rank", "ranked", "group"}
_PARTS = {"id", "number", "name", "max", "least", "points"}
_WORDS = {"dimensions": "dimensions", "bonuses": "bonus", "deductions": "deductions"}
"""Parts of a view that make the total, and what declares them to be public."""


def public(own: dict[str, Any], shown: tuple[str, ...]) -> dict[str, Any]:
    """Of an applicant's view, what the panel declared to be public."""
    kept = _ROUND | (_RANK if "rank" in shown else set()) | ({"total", "grade"} & set(shown))
    return {
        "format": FORMATS["public"],
        **_only(kept, own),
        "panel": _only({"id", "title", "digest", "experts"}, own["panel"]),
        "applicant": _only({"id", "name", "lead"}, own["applicant"]),
        **{
            name: [_only(_PARTS, part) for part in own[name]] if word in shown else []
            for name, word in _WORDS.items()
        },
    }


def _only(kept: set[str], whole: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in whole.items() if key in kept}


def internal(fields: Fields, own: dict[str, Any]) -> dict[str, Any]:
    """An applicant's view with the names of those who scored, the neighbours in the ranking, and
    exact statistics of the field.
    """
    results, n = fields.results, fields.index[own["applicant"]["id"]]
    columns = [i for d in own["dimensions"] for i in d["indicators"]] + own["bonuses"]
    around = fields.whole(n)
    own["field"] = copy(around.total)
    for dimension, statistics in zip(own["dimensions"], around.dimensions, strict=True):
        dimension["field"] = copy(statistics)
    for c, column in enumerate(columns):
        column["field"] = copy(around.columns[c])
        column["experts"] = list(_named(results, n, c, own["language"]))
        column |= {"scores": _scores(column["experts"]), "hidden": None}
        column |= {"sum": results.sum_text(n, c), **results.extras(n, c)}
        for item in column.get("items", ()):
            item["experts"] = list(_named_item(results, n, f"{column['id']}.{item['id']}"))
    own |= heading(results, own["language"], named=True) | {"tie": fields.tie(n)}
    own |= outcome(results, results.applicant(n))
    return {**own, "format": FORMATS["internal"], "neighbours": _neighbours(fields, n)}


def _named(results: Results, n: int, c: int, language: str) -> Iterator[dict[str, Any]]:
    """Every expert on a column, in the order of the panel: points, use, and what was said."""
    facts = results.facts
    for s, use in results.uses(n, c):
        expert = results.panel.expert(facts.experts[facts.seats[n, s]])
        scored = facts.state[n, s, c] == SCORED
        apart = results.panel.recused.get((facts.applicants[n], expert.id), "")
        yield {
            "name": expert.name,
            "points": text(int(results.used.points[n, s, c]), facts.scale) if scored else None,
            "use": use,
            "words": render(apart, language) or facts.reason(n, s, facts.columns[c]),
        }


def _scores(experts: list[dict[str, Any]]) -> list[dict[str, str]]:
    """The scores by value, as in the applicant's view, however few they are."""
    scored = [{"points": e["points"], "use": e["use"]} for e in experts if e["points"] is not None]
    return sorted(scored, key=lambda score: (Decimal(score["points"]), score["use"]))


def _named_item(results: Results, n: int, name: str) -> Iterator[dict[str, Any]]:
    """Every expert who gave points for a bonus item, with what was said."""
    facts = results.facts
    for s, seat in enumerate(facts.seats[n].tolist()):
        if (n, s, name) in facts.items:
            yield {
                "name": results.panel.expert(facts.experts[seat]).name,
                "points": text(facts.items[n, s, name], facts.scale),
                "words": facts.texts.get((n, s, name), ""),
            }


def _neighbours(fields: Fields, n: int) -> list[dict[str, Any]]:
    """The applicants next to ``n`` in its ranking, itself among them; none if it has no rank."""
    results, at = fields.results, fields.place.get(n)
    if at is None:
        return []
    return [
        {
            "rank": int(results.rank[k]),
            "name": results.panel.applicants[k].name,
            "total": results.number_text(results.total[k]),
            "own": k == n,
        }
        for k in fields.order[max(at - BESIDE, 0) : at + BESIDE + 1]
        if fields.groups[k] == fields.groups[n]
    ]
