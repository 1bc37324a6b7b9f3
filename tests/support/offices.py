"""Registers for tests, and locked results to take from."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

import evalkit as ek
from evalkit.evaluation import Results
from evalkit.facts.columns import Basis
from evalkit.office.register import Register
from tests.support.builders import ROOT

PANELS = ROOT / "panels"
CLOCK = datetime(2027, 12, 31, 4, 0, tzinfo=UTC)
"""When the tests put something on record: at noon in Beijing."""


def decided(text: str, choices: Mapping[str, str]) -> str:
    """A draft with each 待定 replaced as a person does in an editor, by the key before it."""

    def choice(found: re.Match[str]) -> str:
        return f"{found[1]}: {choices[found[1]]}"

    return re.sub(r"([\w-]+): 待定", choice, text)


def register(
    folder: Path, demo: str, clock: Callable[[], datetime] = lambda: CLOCK, **changes: Any
) -> Register:
    """A register begun from the file of a demo office; ``changes`` are of its top level."""
    data = yaml.load((PANELS / demo / "standing.yaml").read_text("utf-8"), yaml.CBaseLoader)
    folder.mkdir(exist_ok=True)
    whole = json.loads(json.dumps({**data, **changes}))  # nothing twice: YAML would name it
    text = yaml.dump(whole, allow_unicode=True, sort_keys=False, Dumper=yaml.CSafeDumper)
    (folder / "standing.yaml").write_text(text, "utf-8")
    return Register.open(folder, clock)


@cache
def locked(demo: str, root: str = "a" * 64) -> Results:
    """The results of a demo panel, as if its table had been locked under ``root``."""
    rubric = ek.find_rubric(PANELS / demo / "panel.yaml")
    panel = ek.load_panel(PANELS / demo / "panel.yaml", rubric)
    facts = ek.read_scores(PANELS / demo / "scores.csv", rubric, panel)
    basis = Basis("log", "2026-06-01T00:00:00.000Z", "secretary", root)
    return ek.evaluate(rubric, panel, replace(facts, basis=basis))


def applicants_of(results: Results, persons: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The applicants of a panel, as an office's file lists them."""
    return [
        {"id": a.id, "name": a.name, "persons": persons, "records": []}
        for a in results.panel.applicants
    ]
