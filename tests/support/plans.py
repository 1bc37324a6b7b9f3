"""The demo ledgers of both plans, to be changed and loaded again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from evalkit.plan.folder import LEDGER_FILE, TABLE_FILE, read_ledger
from evalkit.plan.ledger import Ledger
from evalkit.plan.progress import Progress, assess
from evalkit.rubric import Rubric
from tests.support.builders import ROOT

PLUS = ROOT / "panels" / "henan-ai-plus-demo"
INDUSTRY = ROOT / "panels" / "henan-ai-industry-demo"
PLANS = {"henan-ai-plus-2024": PLUS, "henan-ai-industry-2025": INDUSTRY}

Change = Callable[[dict[str, Any]], Any]


def changed(folder: Path, demo: Path, change: Change) -> Path:
    """A copy of a demo ledger in ``folder`` with ``change`` made to its file."""
    data = yaml.load((demo / LEDGER_FILE).read_text("utf-8"), yaml.CBaseLoader)
    change(data)
    (folder / LEDGER_FILE).write_text(
        yaml.dump(data, allow_unicode=True, Dumper=yaml.CSafeDumper), "utf-8"
    )
    if (demo / TABLE_FILE).exists():
        shutil.copyfile(demo / TABLE_FILE, folder / TABLE_FILE)
    return folder


def load(folder: Path, demo: Path, change: Change) -> tuple[Rubric, Ledger]:
    """Such a copy, loaded."""
    return read_ledger(changed(folder, demo, change))


def progress(demo: Path, day: str) -> Progress:
    """A demo ledger assessed on a day."""
    return assess(*read_ledger(demo), date.fromisoformat(day))
