"""What experts wrote of an applicant as a whole, as far as its reader may know it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from evalkit.evaluation import Results
from evalkit.facts.columns import SCORED

Remarks = Mapping[str, Mapping[str, Mapping[str, str]]]
"""The words by applicant, kind of remark, and expert (ids)."""


def anonymous(results: Results, n: int, remarks: Remarks) -> list[dict[str, Any]]:
    """``kind`` and ``texts``, sorted by the text itself, each once, of applicant ``n``.

    Nothing where fewer experts scored than the panel declared for listing single scores, and
    nothing from one whose whole sheet is excluded: as for the comments on single indicators.
    """
    own, experts = remarks.get(results.facts.applicants[n], {}), set(_heard(results, n))
    if len(experts) < results.panel.rules.disclosure.min_experts:
        return []
    told = {kind: {t for e, t in words.items() if e in experts} for kind, words in own.items()}
    return [{"kind": kind, "texts": sorted(texts)} for kind, texts in told.items() if texts]


def named(results: Results, n: int, remarks: Remarks) -> list[dict[str, Any]]:
    """``kind`` and ``experts`` (``name`` and ``words``), in the order of the panel."""
    own = remarks.get(results.facts.applicants[n], {})
    return [
        {
            "kind": kind,
            "experts": [
                {"name": expert.name, "words": words[expert.id]}
                for expert in results.panel.experts
                if expert.id in words
            ],
        }
        for kind, words in own.items()
    ]


def _heard(results: Results, n: int) -> Iterator[str]:
    """Experts with a score for applicant ``n`` that is not excluded."""
    facts = results.facts
    for s, use in results.uses(n, 0):
        if use != "excluded" and (facts.state[n, s] == SCORED).any():
            yield facts.experts[facts.seats[n, s]]
