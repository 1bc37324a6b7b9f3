"""How far experts lie apart before the lock, for chair and secretary: never before the time that
the panel declared, never of an applicant that the reader is kept apart from, by name only if
declared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import Any

from evalkit.analysis import advise
from evalkit.base.errors import EvalkitError, Refused
from evalkit.base.text import _, render
from evalkit.evaluation import Results, evaluate
from evalkit.facts.columns import SCORED, Facts
from evalkit.panel import Panel
from evalkit.panel.units import expert_range
from evalkit.record import discussion
from evalkit.record.discussion import HEADINGS
from evalkit.record.entered import basis_of, facts_of
from evalkit.record.history import History
from evalkit.rubric import Rubric
from evalkit.scoring.points import text

FORMAT = "evalkit-discussion/1"

FAR = Decimal("0.2")
"""As far from the middle of all, as a share of the item's range, is far from the others."""


@dataclass(frozen=True)
class _Reader:
    """Who reads, and what follows for the view."""

    id: str
    language: str
    named: bool
    seen: tuple[int, ...]
    """Indices of the applicants that may be seen."""


def discussion_view(
    rubric: Rubric, panel: Panel, history: History, reader: str, language: str = "zh"
) -> dict[str, Any]:
    """The spread of submitted scores by item and applicant, who is far from the others and what
    they said of it, agreement, rank ranges, and what was changed in discussions.

    While a discussion is open, scores are those of before it (``before`` says so); after one, each
    item also has the scores from before where they differ. Raises Refused for a reader who does not
    run the round, where the panel declared no discussion, and before its time.
    """
    if reader not in discussion.runs(panel):
        raise Refused(_("只有组长和评审秘书可以看各专家的分歧"))
    if history.lock is None:
        discussion.require_declared(panel)
        if problem := discussion.too_early(rubric, panel, history, reader):
            raise Refused(problem)
    rule = panel.rules.discussion
    named = rule is not None and rule.experts == "named"
    seen = [n for n, a in enumerate(panel.applicants) if (a.id, reader) not in panel.recused]
    who = _Reader(reader, language, named, tuple(seen))
    held = discussion.discussions(history)
    opened = history.discussion is not None
    earlier = discussion.before(history, len(held) - 1) if held else None
    shown = earlier if opened and earlier is not None else history
    facts = _facts(rubric, panel, shown)
    old = _facts(rubric, panel, earlier) if earlier is not None and not opened else None
    return {
        "format": FORMAT,
        "language": language,
        "status": "official" if history.lock else "trial",
        "before": opened,
        "named": named,
        "apart": [a.name for n, a in enumerate(panel.applicants) if n not in seen],
        "applicants": [_applicant(rubric, panel, facts, old, n, who) for n in seen],
        "far": sorted(_far(rubric, panel, facts, who), key=lambda row: -Decimal(row["share"])),
        "discussions": [_told(one, n, rubric, panel, history, who) for n, one in enumerate(held)],
        **_advice(rubric, panel, facts, who),
    }


def _facts(rubric: Rubric, panel: Panel, history: History) -> Facts:
    basis = basis_of(panel, history)
    return facts_of(rubric, panel, history, submitted_only=True, basis=basis)


def _columns(rubric: Rubric, panel: Panel) -> Iterator[tuple[int, str, Decimal, Decimal]]:
    """The columns that experts score: index, name, least and greatest score."""
    for c, i in enumerate(rubric.indicators):
        if (ends := expert_range(panel.rules, i)) is not None:
            yield c, i.name, *ends


def _scores(facts: Facts, n: int, c: int) -> list[tuple[int, str]]:
    """Seat and points of each score, in the order of the seats."""
    return [
        (s, text(int(facts.points[n, s, c]), facts.scale))
        for s in (facts.state[n, :, c] == SCORED).nonzero()[0].tolist()
    ]


def _applicant(
    rubric: Rubric, panel: Panel, facts: Facts, old: Facts | None, n: int, who: _Reader
) -> dict[str, Any]:
    items = []
    for c, name, low, high in _columns(rubric, panel):
        given = dict(_scores(facts, n, c))
        was = dict(_scores(old, n, c)) if old is not None else {}
        moved = sorted([was[s], p] for s, p in given.items() if s in was and was[s] != p)
        dots = [
            {"points": p, "expert": _name(panel, facts, n, s) if who.named else None}
            for s, p in sorted(given.items(), key=lambda pair: Decimal(pair[1]))
        ]
        items.append(
            {
                "id": rubric.indicators[c].id,
                "number": rubric.indicators[c].number or str(c + 1),
                "name": name,
                "low": format(low, "f"),
                "high": format(high, "f"),
                "scores": dots,
                "median": _middle(given.values()),
                "moved": moved,
            }
        )
    applicant = panel.applicants[n]
    return {"id": applicant.id, "name": applicant.name, "items": items}


def _middle(points: Any) -> str | None:
    """The middle of decimal strings, halfway between two; None of none."""
    numbers = [Decimal(p) for p in points]
    return f"{Decimal(median(numbers)).normalize():f}" if numbers else None


def _name(panel: Panel, facts: Facts, n: int, s: int) -> str:
    return panel.expert(facts.experts[facts.seats[n, s]]).name


def _far(rubric: Rubric, panel: Panel, facts: Facts, who: _Reader) -> Iterator[dict[str, Any]]:
    """Scores far from the middle of all, with the comment."""
    for n in who.seen:
        for c, name, low, high in _columns(rubric, panel):
            given = [(s, Decimal(p)) for s, p in _scores(facts, n, c)]
            if len(given) < 2 or high == low:
                continue
            middle = median(p for _s, p in given)
            for s, points in given:
                share = abs(points - middle) / (high - low)
                if share >= FAR:
                    expert = _name(panel, facts, n, s) if who.named else None
                    yield {
                        "applicant": panel.applicants[n].name,
                        "item": name,
                        "expert": expert,
                        "points": f"{points.normalize():f}",
                        "middle": f"{Decimal(middle).normalize():f}",
                        "share": f"{share:.3f}",
                        "high": points > middle,
                        "words": facts.reason(n, s, facts.columns[c]),
                    }


def _told(
    one: discussion.Discussion,
    number: int,
    rubric: Rubric,
    panel: Panel,
    history: History,
    who: _Reader,
) -> dict[str, Any]:
    """A discussion and its changes on sheets that are submitted again."""
    ids = {panel.applicants[n].id for n in who.seen}
    named = who.named or history.lock is not None
    shown = [c for c in one.submitted_only(history) if c.applicant in ids]
    return {
        "number": number + 1,
        "opened": one.opened.at,
        "why": one.opened.payload["text"],
        "by": one.opened.author,
        "closed": one.closed.at if one.closed else None,
        "outcome": one.closed.payload["text"] if one.closed else None,
        "waiting": len(discussion.not_back(panel, history)) if one.closed is None else 0,
        "headings": [render(heading, who.language) for heading in HEADINGS],
        "changes": [
            [render(cell, who.language) for cell in change.row(rubric, panel, named=named)]
            for change in shown
        ],
    }


def _advice(rubric: Rubric, panel: Panel, facts: Facts, who: _Reader) -> dict[str, Any]:
    """Agreement and rank ranges of a trial, or why there are none."""
    try:
        results = evaluate(rubric, panel, facts, trial=True)
        whole = advise(results).to_dict(who.language)
    except EvalkitError as error:
        return {"agreement": [], "ranks": [], "no_advice": error.render(who.language)}
    names = {i.id: i.name for i in rubric.indicators} | {b.id: b.name for b in rubric.bonus}
    rows = [{**row, "name": names.get(row["column"], "")} for row in whole["agreement"]]
    return {"agreement": rows, "ranks": _ranks(results, whole, who), "no_advice": None}


def _ranks(results: Results, whole: Mapping[str, Any], who: _Reader) -> list[dict[str, Any]]:
    panel, rows = results.panel, []
    for n in who.seen:
        row = whole["applicants"][n]
        if row["rank"] is not None:
            low, high = row["ranks"]
            rows.append(
                {
                    "name": panel.applicants[n].name,
                    "rank": row["rank"],
                    "total": row["total"],
                    "low": low,
                    "high": high,
                }
            )
    return sorted(rows, key=lambda row: row["rank"])
