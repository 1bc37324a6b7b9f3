"""Small rubrics, panels and tables for tests: everything stands in the test that uses it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from evalkit.base.tidy_words import COLUMNS
from evalkit.evaluation import Results
from evalkit.facts.columns import Facts
from evalkit.facts.tidy import from_frame
from evalkit.panel import Panel, load_panel
from evalkit.rubric import Rubric, load_rubric

ROOT = Path(__file__).parent.parent.parent
RUBRIC_FILE = ROOT / "rubrics" / "henan-centre-2025.yaml"
DEMO = ROOT / "panels" / "demo"

RULES: dict[str, Any] = {
    "step": "0.5",
    "aggregation": {"method": "mean", "level": "indicator"},
    "missing": "refuse",
    "recusal": "exclude_indicator",
    "rounding": {"mode": "half_up", "stage": "indicator", "places": 2},
    "ties": [],
    "disclosure": {"min_experts": 1, "min_applicants": 1},
    "commitment": "none",
}

TRIMMED = {
    "method": "trimmed_mean",
    "level": "indicator",
    "drop_highest": 1,
    "drop_lowest": 1,
    "min_n": 3,
    "below_min_n": "mean",
}


def rubric_data(points: Sequence[int | str], *, bonus: bool = False) -> dict[str, Any]:
    """A rubric with one dimension of indicators i1, i2 … worth ``points``."""
    indicators = [
        {
            "id": f"i{n}",
            "number": f"1.{n}",
            "name": f"指标{n}",
            "points": str(p),
            "kind": "qualitative",
            "guidance": "综合评分。",
        }
        for n, p in enumerate(points, 1)
    ]
    total = str(sum(int(p) for p in points))
    data: dict[str, Any] = {
        "format": "evalkit-rubric/1",
        "id": "small",
        "version": "1",
        "title": "小指标体系",
        "source": {"title": "通知", "issuer": "某部门", "table": "附件1"},
        "points": total,
        "dimensions": [
            {"id": "d1", "number": "1.", "name": "维度", "points": total, "indicators": indicators}
        ],
    }
    if bonus:
        data["bonus"] = [
            {
                "id": "bonus",
                "name": "加分",
                "points": "10",
                "guidance": "每项计2—3分，累计最高不超过10分。",
                "item": {"min": "2", "max": "3"},
            }
        ]
    return data


def panel_data(
    experts: int, applicants: Sequence[Any], rules: Mapping[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    """A panel of experts e1, e2 … over ``applicants`` (ids, or whole applicants)."""
    return {
        "format": "evalkit-panel/1",
        "id": "round",
        "title": "评审",
        "rubric": "small",
        "secretary": {"id": "secretary", "name": "秘书示例"},
        "schedule": {"opens": "2026-01-19T09:00:00+08:00", "lock": "2026-01-26T17:30:00+08:00"},
        "rules": {**RULES, **(rules or {})},
        "experts": [
            {
                "id": f"e{n}",
                "name": f"专家{n}",
                "role": "chair" if n == 1 else "member",
                "employer": f"示例单位{n}",
            }
            for n in range(1, experts + 1)
        ],
        "applicants": [
            a if isinstance(a, dict) else {"id": a, "name": f"对象{a}", "lead": f"示例牵头{a}"}
            for a in applicants
        ],
        "assignment": "all",
        **more,
    }


def write(folder: Path, rubric: Any, panel: Any = None) -> Path:
    """Write the files of a round into ``folder``; returns the panel's file."""
    (folder / "small.yaml").write_text(
        yaml.dump(rubric, allow_unicode=True, Dumper=yaml.CSafeDumper), "utf-8"
    )
    if panel is not None:
        (folder / "panel.yaml").write_text(
            yaml.dump(panel, allow_unicode=True, Dumper=yaml.CSafeDumper), "utf-8"
        )
    return folder / "panel.yaml"


def load(folder: Path, rubric: Any, panel: Any) -> tuple[Rubric, Panel]:
    """Write and load a round."""
    file = write(folder, rubric, panel)
    loaded = load_rubric(folder / "small.yaml")
    return loaded, load_panel(file, loaded)


def table(scores: Mapping[str, Sequence[Sequence[Any]]]) -> pd.DataFrame:
    """A tidy table from matrices (experts x indicators) by applicant; None stands for recused."""
    rows = [
        (
            applicant,
            f"e{e}",
            f"i{i}",
            "recused" if p is None else str(p),
            "回避" if p is None else "",
        )
        for applicant, matrix in scores.items()
        for e, row in enumerate(matrix, 1)
        for i, p in enumerate(row, 1)
    ]
    return frame(rows)


def frame(rows: Sequence[Sequence[str]]) -> pd.DataFrame:
    """A tidy table from rows."""
    return pd.DataFrame(list(rows), columns=list(COLUMNS), dtype=str)


def demo() -> tuple[Rubric, Panel, Facts]:
    """The demo panel and the facts of its table."""
    from evalkit.base.tables import read_table

    rubric = load_rubric(RUBRIC_FILE)
    panel = load_panel(DEMO / "panel.yaml", rubric)
    return rubric, panel, from_frame(read_table(DEMO / "scores.csv"), rubric, panel)


def few(applicants: int = 4) -> tuple[Rubric, Panel, Facts]:
    """The demo with its first ``applicants`` only."""
    from evalkit.base.tables import read_table

    rubric = load_rubric(RUBRIC_FILE)
    panel = load_panel(DEMO / "panel.yaml", rubric)
    kept = panel.applicants[:applicants]
    ids = {a.id for a in kept}
    conflicts = tuple(c for c in panel.conflicts if c.applicant in ids)
    panel = panel.model_copy(update={"applicants": kept, "conflicts": conflicts})
    table = read_table(DEMO / "scores.csv")
    return rubric, panel, from_frame(table[table["applicant"].isin(ids)], rubric, panel)


def grouped(folder: Path, *, lacking: bool = False, public: Sequence[str] = ()) -> Results:
    """Groups east and west, ranked apart: A 9 and B 5 in the east, C 8 and D 7 in the west.

    E, in the west, has 10 points and fails a condition of entry; with ``lacking``, B has no points.
    """
    from evalkit.evaluation import evaluate

    groups = {"A": "东部组", "B": "东部组", "C": "西部组", "D": "西部组", "E": "西部组"}
    applicants = [
        {"id": a, "name": f"对象{a}", "lead": f"示例{a}", "group": g} for a, g in groups.items()
    ]
    rules = {
        "gates": {"unknown": "exclude"},
        "ranking": "by_group",
        "disclosure": {"min_experts": 1, "min_applicants": 1, "public": list(public)},
    }
    bound = {"measure": {"name": "量", "unit": "家"}, "at_least": "10"}
    gate = {"id": "g1", "article": "第九条（一）", "text": "条件示例", "bound": bound}
    rubric, panel = load(
        folder, rubric_data((10,)) | {"gates": [gate]}, panel_data(1, applicants, rules)
    )
    scores = {"A": "9", "B": "5", "C": "8", "D": "7", "E": "10"}
    if lacking:
        scores["B"] = "unscored"
    rows = [(a, "e1", "i1", p, "缺页" if p == "unscored" else "") for a, p in scores.items()]
    rows += [(a, "gate", "g1", "fail" if a == "E" else "pass", "证明") for a in groups]
    return evaluate(rubric, panel, from_frame(frame(rows), rubric, panel))


def many(n: int) -> tuple[Rubric, Panel, Facts]:
    """The demo round with its applicants repeated until there are ``n``: c01, …, c24, c01-1, …."""
    rubric, panel, facts = demo()
    size = len(facts.applicants)
    place = [
        (k % size, f"{panel.applicants[k % size].id}{f'-{k // size}' * (k >= size)}")
        for k in range(n)
    ]
    index = [k for k, _id in place]
    applicants = tuple(panel.applicants[k].model_copy(update={"id": id}) for k, id in place)
    entries: dict[int, list[Any]] = {k: [] for k in range(size)}
    for (a, seat, name), words in facts.texts.items():
        entries[a].append((seat, name, words))
    items: dict[int, list[Any]] = {k: [] for k in range(size)}
    for (a, seat, name), points in facts.items.items():
        items[a].append((seat, name, points))
    repeated = Facts(
        scale=facts.scale,
        applicants=tuple(id for _k, id in place),
        experts=facts.experts,
        columns=facts.columns,
        seats=facts.seats[index],
        points=facts.points[index],
        state=facts.state[index],
        recognised=facts.recognised[index],
        texts={(r, s, m): w for r, k in enumerate(index) for s, m, w in entries[k]},
        items={(r, s, m): p for r, k in enumerate(index) for s, m, p in items[k]},
        basis=facts.basis,
    )
    ids = {a.id for a in applicants}
    conflicts = tuple(c for c in panel.conflicts if c.applicant in ids)
    panel = panel.model_copy(update={"applicants": applicants, "conflicts": conflicts})
    return rubric, panel, repeated
