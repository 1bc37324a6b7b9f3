"""Reading the files of a large round against the official function on the same data."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random
from typing import Any

import yaml
from rich.table import Table

from evalkit.evaluation import evaluate
from evalkit.facts.tidy import read_scores
from evalkit.panel import load_panel
from evalkit.rubric import load_rubric
from tests.bench.analysis import cpu
from tests.support.builders import panel_data, rubric_data, write

POINTS = (40, 30, 30)


def files(folder: Path, n: int) -> tuple[Path, Path]:
    """A panel of ``n`` applicants in a table beside it, three experts, and three scores of each."""
    random = Random(1)
    data = panel_data(3, ["a0"]) | {"applicants": "applicants.csv"}
    panel_file = write(folder, rubric_data(POINTS), data)
    people = ((f"a{k}", f"对象{k}", f"示例牵头{k}") for k in range(n))
    _write(folder / "applicants.csv", ("id", "name", "lead"), people)
    scores = (
        (f"a{k}", f"e{e}", f"i{i}", random.randint(0, 2 * p) / 2, "评语")
        for k in range(n)
        for e in range(1, 4)
        for i, p in enumerate(POINTS, 1)
    )
    head = ("applicant", "expert", "indicator", "points", "reason")
    _write(folder / "scores.csv", head, scores)
    return panel_file, folder / "scores.csv"


def loading(table: Table, folder: Path) -> None:
    """100,000 applicants beside the panel's file, three experts, three indicators; and in YAML."""
    n = 100_000
    panel_file, scores = files(folder, n)
    whole = folder / "whole.yaml"
    few = panel_data(3, [f"a{k}" for k in range(n // 2)])
    whole.write_text(yaml.dump(few, Dumper=yaml.CSafeDumper, allow_unicode=True), "utf-8")
    rubric = load_rubric(folder / "small.yaml")
    panel = load_panel(panel_file, rubric)
    facts = read_scores(scores, rubric, panel)
    official = cpu(lambda: evaluate(rubric, panel, facts), 3)
    steps: dict[str, Callable[[], Any]] = {
        f"panel of {n:,} from a table": lambda: load_panel(panel_file, rubric),
        f"panel of {n // 2:,} from YAML": lambda: load_panel(whole, rubric),
        f"{9 * n:,} rows of scores": lambda: read_scores(scores, rubric, panel),
    }
    for what, step in steps.items():
        taken = cpu(step, 3)
        table.add_row(what, f"{taken:.2f} s CPU", f"{taken / official:.0f} × evaluate")


def _write(file: Path, head: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    with file.open("w", newline="", encoding="utf-8") as opened:
        table = csv.writer(opened)
        table.writerow(head)
        table.writerows(rows)
