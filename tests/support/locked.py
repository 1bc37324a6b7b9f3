"""A small locked round with one of everything that is entered, and what an objection changes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

from evalkit.log.events import Entry
from evalkit.record.objection import UpheldObjection
from evalkit.round import Round
from tests.support.builders import frame, panel_data, rubric_data, write

CLAIM = {"id": "n1", "title": "成果一", "level": "national", "evidence": "1"}
NAMES = {"A": "甲", "B": "乙", "C": "丙", "D": "丁"}
PUBLIC = {"min_experts": 1, "min_applicants": 1, "public": ["rank", "total"]}

RULES: dict[str, Any] = {
    "measures": {
        "missing": "refuse",
        "indicators": {"i2": {"method": "target_ratio", "better": "higher", "target": "10"}},
    },
    "gates": {"unknown": "refuse"},
    "bonus": {"recognised_by": "panel", "scope": "national", "cap_stage": "aggregate"},
    "deductions": {"floor": "zero"},
    "disclosure": PUBLIC,
}


def rubric() -> dict[str, Any]:
    """i1 is scored to 10, i2 is measured to 5; a condition, a bonus, a deduction."""
    data = rubric_data((10, 5), bonus=True)
    data["dimensions"][0]["indicators"][1] |= {"kind": "quantitative", "unit": "家"}
    bound = {"measure": {"name": "面积", "unit": "亩"}, "at_least": "10"}
    data["gates"] = [{"id": "g1", "article": "第九条（一）", "text": "面积条件", "bound": bound}]
    data["deductions"] = [{"id": "late", "name": "逾期", "points": "5"}]
    return data


def panel(**more: Any) -> dict[str, Any]:
    """Three experts, four applicants; A claims a bonus item."""
    applicants = [
        {"id": a, "name": name, "lead": f"{name}公司", **({"claims": [CLAIM]} if a == "A" else {})}
        for a, name in NAMES.items()
    ]
    rules = {**RULES, **more.pop("rules", {})}
    return panel_data(3, applicants, rules, **more)


def rows(scores: Mapping[str, str] | None = None) -> list[tuple[str, str, str, str, str]]:
    """i1 by all three experts (A 9, B 8, C 8, D 5), i2 measured (10, D 6): totals 16, 13, 13, 8
    with a bonus of 2 for A; all meet the condition.
    """
    found = []
    for applicant, points in (scores or {"A": "9", "B": "8", "C": "8", "D": "5"}).items():
        found += [(applicant, f"e{n}", "i1", points, "") for n in (1, 2, 3)]
        found.append((applicant, "measured", "i2", "6" if applicant == "D" else "10", "报表"))
        found.append((applicant, "gate", "g1", "12", "测绘"))
        found.append((applicant, "panel", "late", "0", ""))
    return [*found, ("A", "panel", "bonus.n1", "2", "证书")]


def locked(folder: Path, **more: Any) -> Round:
    """The round in ``folder``/old, locked; its declared files stand beside it."""
    folder.mkdir(exist_ok=True)
    workspace = Round.create(folder / "old", write(folder, rubric(), panel(**more)))
    workspace.import_scores(frame(rows()))
    workspace.lock()
    return workspace


def upheld(**reopened: Any) -> UpheldObjection:
    """An objection that was upheld, and what it reopens."""
    return UpheldObjection("经核查，异议属实。", "异议第1号", "领导小组", **reopened)


def score(expert: str, applicant: str, points: str) -> Entry:
    """A score on i1."""
    return Entry(expert, uuid4().hex, "score", applicant, "i1", {"points": points, "text": ""})


def submit(expert: str, applicant: str) -> Entry:
    """That expert's sheet."""
    return Entry(expert, uuid4().hex, "submit", applicant)


def record(kind: str, applicant: str, name: str, points: str) -> Entry:
    """A value that the secretary records."""
    payload = {"points": points, "text": "复核"}
    return Entry("secretary", uuid4().hex, kind, applicant, name, payload)
