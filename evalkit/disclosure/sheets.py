"""The score sheets of one expert as they are signed: what was entered, and nothing from others."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from evalkit.base import canonical
from evalkit.base.tidy_words import RECUSED_WORD, UNSCORED_WORD
from evalkit.disclosure.heading import basis_view, heading
from evalkit.evaluation import Results
from evalkit.facts.columns import CONFLICT, MISSING, NOT_ASKED, RECUSED, SCORED, STATES, UNSCORED
from evalkit.panel.units import expert_most, expert_range, factor_unit, factors
from evalkit.scoring.points import exact_text, text

FORMAT = "evalkit-sheets/1"

_WORDS = {UNSCORED: UNSCORED_WORD, RECUSED: RECUSED_WORD}


def expert_view(results: Results, id: str, language: str) -> dict[str, Any]:
    """See `views.Views.expert`.

    ``sheets`` holds one sheet for each applicant assigned and free of conflict, ``conflicts`` the
    applicants that the expert was kept apart from. A sheet has ``indicators`` and the ``items`` of
    the bonus that the expert was asked about; each has ``points`` (None where there is no
    score), its ``state`` and the ``reason`` or comment. ``base`` and ``bonus`` are sums of what was
    entered, each score of an indicator times the ``factor`` of its scale (``min`` to ``max``); None
    where a score is missing, for the sum of nothing known is not zero. ``most`` is what ``base``
    comes to where the expert gives the greatest scores.
    """
    expert = results.panel.expert(id)
    number = results.facts.experts.index(id)
    sheets, conflicts = [], []
    for n, s in np.argwhere(results.facts.seats == number).tolist():
        applicant = results.panel.applicants[n]
        person = {"id": applicant.id, "name": applicant.name, "lead": applicant.lead}
        if (results.facts.state[n, s] == CONFLICT).any():
            reason = results.panel.recused[applicant.id, id].render(language)
            conflicts.append({**person, "reason": reason})
        else:
            sheets.append({**person, **_sheet(results, n, s)})
    return {
        **heading(results, language, named=True),
        "basis": basis_view(results),
        "format": FORMAT,
        "expert": expert.model_dump(mode="json"),
        "entered": canonical.digest(entered(results, id, sheets)),
        "most": format(expert_most(results.panel.rules, results.rubric.indicators), "f"),
        "sheets": sheets,
        "conflicts": conflicts,
    }


def entered(results: Results, id: str, sheets: list[dict[str, Any]]) -> dict[str, Any]:
    """What the digest on a signed sheet is over: the expert's rows of the tidy table, sorted."""
    rows = [
        [sheet["id"], row["id"], row["points"] or _word(row["state"]), row["reason"]]
        for sheet in sheets
        for row in (*sheet["indicators"], *sheet["items"])
        if row["state"] != STATES[MISSING]
    ]
    return {"format": FORMAT, "panel": results.panel.id, "expert": id, "rows": sorted(rows)}


def _word(state: str) -> str:
    return _WORDS[STATES.index(state)]


def _sheet(results: Results, n: int, s: int) -> dict[str, Any]:
    facts, indicators = results.facts, results.rubric.indicators
    rows = [
        {
            "id": i.id,
            "number": i.number,
            "name": i.name,
            "min": format(ends[0], "f"),
            "max": format(ends[1], "f"),
            "factor": format(i.range.factor, "f"),
            **_cell(results, n, s, c),
        }
        for c, i in enumerate(indicators)
        if (ends := expert_range(results.panel.rules, i))
    ]
    state, points = facts.state[n, s], facts.points[n, s]
    k = len(indicators)
    done = (state == SCORED) | (state == NOT_ASKED)
    base = Fraction(int(points[:k] @ factors(results.rubric)), factor_unit(results.rubric))
    return {
        "indicators": rows,
        "items": list(_bonus_rows(results, n, s)),
        "base": exact_text(base / facts.scale) if done[:k].all() else None,
        "bonus": text(int(points[k:].sum()), facts.scale) if done[k:].all() else None,
    }


def _cell(results: Results, n: int, s: int, c: int) -> dict[str, Any]:
    facts = results.facts
    state, name = int(facts.state[n, s, c]), facts.columns[c]
    points = text(int(facts.points[n, s, c]), facts.scale) if state == SCORED else None
    return {"points": points, "state": STATES[state], "reason": facts.reason(n, s, name)}


def _bonus_rows(results: Results, n: int, s: int) -> Iterator[dict[str, Any]]:
    """Each claim in scope, and what was said of the group as a whole, where anybody was asked."""
    facts, claims = results.facts, results.panel.claims(results.panel.applicants[n])
    for c, group in enumerate(results.rubric.bonus, start=len(results.rubric.indicators)):
        state = int(facts.state[n, s, c])
        if state == NOT_ASKED:
            continue
        head = {"number": None, "max": format(group.item.max, "f")}
        whole = not claims or (n, s, group.id) in facts.texts
        if whole:
            yield {**head, "id": group.id, "name": group.name, **_cell(results, n, s, c)}
        for claim in claims:
            name = f"{group.id}.{claim.id}"
            words, points = facts.texts.get((n, s, name), ""), facts.items.get((n, s, name))
            if whole and points is None and not words:
                continue
            # an item without points and without a reason was left out, whatever the group became
            known = SCORED if points is not None else state if words else MISSING
            yield {
                **head,
                "id": name,
                "name": claim.title,
                "points": text(points, facts.scale) if points is not None else None,
                "state": STATES[known],
                "reason": words,
            }
