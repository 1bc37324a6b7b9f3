"""Rounds with names that would do harm in a paper, and results as from a locked log."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from evalkit.evaluation import Results, evaluate
from evalkit.facts.columns import Basis
from evalkit.facts.tidy import from_frame
from tests.support.builders import frame, load, panel_data, rubric_data

HOSTILE = [
    '=HYPERLINK("http://example.com","点我")',
    "<script>alert(1)</script>",
    "+86-示例",
    "-示例",
    "@SUM(A1)",
    "名" * 400,
    "W" * 300,
    "示例\n换行\t制表",
    'a&b<c>"d"',
    "{{ x }} {% y %} PAGE",
]


def official(results: Results) -> Results:
    """The same results as from a log that was locked."""
    basis = Basis("log", "2026-01-26T09:30:00.000Z", "secretary", "ab" * 32)
    facts = replace(results.facts, basis=basis)
    return evaluate(results.rubric, results.panel, facts)


def hostile(folder: Path, n: int, *, experts: int = 2) -> Results:
    """``n`` applicants with names that would do harm; the fourth has no rank."""
    applicants = [
        {"id": f"c{k:03d}", "name": HOSTILE[k % 10], "lead": HOSTILE[(k + 3) % 10]}
        for k in range(n)
    ]
    rules = {"disclosure": {"min_experts": 1, "min_applicants": 1, "public": ["rank", "total"]}}
    rubric, panel = load(folder, rubric_data((10, 5)), panel_data(experts, applicants, rules))
    rows = [
        (a["id"], f"e{e}", f"i{i}", "unscored" if k == 3 else str((k + i + e) % 6), HOSTILE[k % 10])
        for k, a in enumerate(applicants)
        for e in range(1, experts + 1)
        for i in (1, 2)
    ]
    return evaluate(rubric, panel, from_frame(frame(rows), rubric, panel))
