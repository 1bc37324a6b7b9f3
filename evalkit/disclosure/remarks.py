"""Everything out of the ordinary in a round, for those who run it."""

from __future__ import annotations

from typing import Any

import numpy as np

from evalkit.evaluation import Results
from evalkit.facts.verified import gate_results


def of(results: Results, language: str) -> list[dict[str, Any]]:
    """One dictionary each, by applicant and indicator, in the words of those who entered it."""
    facts = results.facts
    notes: list[dict[str, Any]] = []
    for n, c in np.ndindex(results.points.shape):
        place = {"applicant": facts.applicants[n], "column": facts.columns[c]}
        for s, use in results.uses(n, c):
            if use in {"unscored", "recused", "missing"}:
                reason = facts.reason(n, s, facts.columns[c])
                expert = facts.experts[facts.seats[n, s]]
                notes.append({**place, "expert": expert, "use": use, "reason": reason})
        flags = [flag for flag in results.flags(n, c) if flag != "experts_excluded"]
        notes += [{**place, "flag": flag} for flag in flags]
    notes += [
        {
            "applicant": facts.applicants[n],
            "column": d.id,
            "use": "deducted",
            "reason": facts.texts.get((n, -1, d.id), ""),
        }
        for c, d in enumerate(results.rubric.deductions, -len(results.rubric.deductions))
        for n in np.flatnonzero(results.points[:, c]).tolist()
    ]
    notes += [
        {"applicant": a, "gate": gate.article, "use": f"gate_{result}", "reason": reason}
        for a in (facts.applicants if results.panel.rules.gates else ())
        for gate, result in gate_results(results.rubric, facts.verified, a)
        if result != "pass"
        for reason in (facts.verified.texts.get((a, gate.id), ""),)
    ]
    notes += [
        {"applicant": a, "expert": e, "use": "conflict", "reason": reason.render(language)}
        for (a, e), reason in sorted(results.panel.recused.items())
    ]
    return notes
