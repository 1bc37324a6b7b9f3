"""What assigning experts costs: a whole round, and the seats that late conflicts leave.

python -m tests.bench.assigning
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from rich.console import Console
from rich.table import Table

from evalkit.assignment.answer import assign
from evalkit.panel import Conflict, Panel
from tests.support.builders import load, panel_data, rubric_data

SIZES = ((30, 7, 3), (300, 60, 5), (1000, 100, 5))
"""Applicants, experts, and experts an applicant."""


def panel_of(folder: Path, applicants: int, experts: int, each: int, **asked: Any) -> Panel:
    """A panel with ten fields, two kinds, and a tenth of all pairs in conflict."""
    random = Random(7)
    data = panel_data(experts, [f"a{n}" for n in range(applicants)])
    fields = [f"f{n}" for n in range(10)]
    for one in data["applicants"]:
        one["field"] = random.choice(fields)
    for n, one in enumerate(data["experts"]):
        one |= {"fields": random.sample(fields, 2), "kind": ["技术", "财务"][n % 2]}
    data["conflicts"] = [
        {"expert": e["id"], "applicant": a["id"], "reason": "有关系"}
        for a in data["applicants"]
        for e in data["experts"]
        if random.random() < 0.1
    ]
    load_most = -(-applicants * each // experts) + 3
    data["assigning"] = {"experts": each, "load": {"at_most": load_most}} | asked
    return load(folder, rubric_data((10,)), data)[1]


def assigning(table: Table, folder: Path) -> None:
    """Rows for whole rounds and for twenty conflicts that turn up late in the one of 300."""
    for applicants, experts, each in SIZES:
        panel = panel_of(folder, applicants, experts, each, expertise=1, first="balance")
        kinds = panel_of(
            folder, applicants, experts, each, expertise=1, first="balance", minimums={"财务": 2}
        )
        wall, answer = timed(lambda panel=panel: assign(panel, 1))
        table.add_row(f"{applicants} × {experts}, {each} each", f"{wall:.1f} s", "")
        wall, _answer = timed(lambda panel=kinds: assign(panel, 1))
        table.add_row("  and two of a kind", f"{wall:.1f} s", "")
        seats = [(a, e) for a, own in answer.seats.items() for e in own]
        late = [Conflict(applicant=a, expert=e, reason="x") for a, e in Random(1).sample(seats, 20)]
        held = panel.model_copy(update={"assignment": answer.seats})
        again = held.amended(tuple(late), {})
        wall, new = timed(lambda panel=again: assign(panel, 2))
        n = sum(map(len, new.added.values()))
        table.add_row("  20 late conflicts", f"{wall:.1f} s", f"{n} new seats")


def timed(action: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds on the clock, and what came of it."""
    begun = time.perf_counter()
    found = action()
    return time.perf_counter() - begun, found


if __name__ == "__main__":
    shown = Table("assignment", "time", "")
    with tempfile.TemporaryDirectory() as made:
        assigning(shown, Path(made))
    Console().print(shown)
