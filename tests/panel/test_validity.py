"""Rounds on days on which the text does not hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.builders import ROOT
from tests.support.command import evalkit

PANEL = ROOT / "panels" / "zhongshan-recognition-demo" / "panel.yaml"


@pytest.mark.parametrize(
    ("opens", "lock", "said"),
    [
        ("2026-01-04", "2027-12-31", []),
        ("2026-01-03", "2026-02-01", ["开评：2026-01-03 在原文施行（2026-01-04）之前，须另有依据"]),
        (
            "2027-12-31",
            "2028-01-01",
            ["锁定：2028-01-01 在原文有效期（至 2027-12-31）之后，须另有依据"],
        ),
    ],
)
def test_a_round_outside_of_the_texts_time(
    tmp_path: Path, opens: str, lock: str, said: list[str]
) -> None:
    """The day of effect and the last day belong to it; a round outside is only pointed out."""
    text = PANEL.read_text("utf-8")
    for name, day in (("opens", opens), ("lock", lock)):
        text = re.sub(rf"({name}): \d{{4}}-\d\d-\d\d", rf"\1: {day}", text)
    (tmp_path / "panel.yaml").write_text(text, "utf-8")
    run = evalkit("panel", "check", tmp_path)
    assert run.returncode == (1 if said else 0)
    assert [line for line in run.stdout.splitlines() if "须另有依据" in line] == said
