"""The same bytes wherever, whenever and by whomever reports are made."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.builders import DEMO, ROOT
from tests.support.elsewhere import clock, other_user
from tests.support.folders import content

pytestmark = pytest.mark.processes

PLACES = {
    "zone": {"TZ": "Asia/Kolkata"},
    "language": {"LANG": "de_DE.UTF-8", "LC_ALL": "C", "LANGUAGE": "de"},
    "hash seed": {"PYTHONHASHSEED": "7"},
    "home": {"HOME": "{folder}/home", "USER": "somebody", "LOGNAME": "somebody"},
    "temporary files": {"TMPDIR": "{folder}/tmp"},
    "terminal": {"COLUMNS": "40", "NO_COLOR": "1", "TERM": "dumb"},
    "profile": {"IPYTHONDIR": "{folder}/ipython", "PYTHONSTARTUP": "{folder}/ipython/startup.py"},
    "clock": {},
    "user": {},
}
"""What differs from place to place; the last two need a compiler and user namespaces."""


PROFILE = {
    "profile_default/ipython_config.py": """
c = get_config()
c.InteractiveShell.ast_node_interactivity = "none"
c.InteractiveShellApp.exec_lines = ["raise SystemExit"]
""",
    "profile_default/startup/first.py": "print('hello'); len = None",
    "startup.py": "print('hello'); str = None",
}
"""An IPython profile in which no cell shows anything, and files that run before the first."""


@pytest.fixture
def here(whole: Path) -> dict[str, bytes]:
    """All 24 reports of the demo, made in this process."""
    return content(whole)


def make_elsewhere(places: list[str], folder: Path, *options: str) -> Path:
    """The same reports under the conditions of ``places``; their folder."""
    elsewhere = folder / "far" / "away"
    for name in ("home", "tmp"):
        (elsewhere / name).mkdir(parents=True)
    for name, text in PROFILE.items():
        (elsewhere / "ipython" / name).parent.mkdir(parents=True, exist_ok=True)
        (elsewhere / "ipython" / name).write_text(text)
    changes = {k: v for place in places for k, v in PLACES[place].items()}
    changes = {k: v.format(folder=elsewhere) for k, v in changes.items()}
    if "clock" in places:
        changes |= clock(folder)
    prefix = other_user() if "user" in places else []
    command = [*prefix, sys.executable, "-m", "evalkit", "report", str(DEMO), *options]
    environment = os.environ | changes | {"PYTHONPATH": str(ROOT)}
    subprocess.run([*command, "--out", "out"], cwd=elsewhere, env=environment, check=True)
    facts = json.loads((elsewhere / "out" / "provenance.json").read_text("utf-8"))
    if "LD_PRELOAD" in changes:  # the other clock did act
        assert int(facts["began"][:4]) >= int(os.popen("date +%Y").read()) + 4
    return elsewhere / "out"


def test_reports_made_elsewhere_are_the_same(here: dict[str, bytes], tmp_path: Path) -> None:
    """All at once: zone, language, seed, home, folder, profile, user, date, two workers.

    0 bytes differ.
    """
    assert content(make_elsewhere(list(PLACES), tmp_path, "--workers", "2")) == here


@pytest.mark.soak
@pytest.mark.parametrize("place", PLACES)
def test_each_difference_alone(here: dict[str, bytes], tmp_path: Path, place: str) -> None:
    """One by one, on one worker."""
    if place == "clock" and not clock(tmp_path):
        pytest.skip("no C compiler to build another clock with")
    if place == "user" and not other_user():
        pytest.skip("this machine allows no user namespaces")
    assert content(make_elsewhere([place], tmp_path, "--workers", "1")) == here


def test_a_profile_changes_nothing_on_papermills_own_engine(
    here: dict[str, bytes], tmp_path: Path
) -> None:
    """A real kernel would read it: one report, since each takes seconds."""
    made = make_elsewhere(["profile"], tmp_path, "--engine", "stock", "--applicant", "c03")
    assert {n: data for n, data in content(made).items() if n != "reports.jsonl"} == {
        name: here[name] for name in ("c03.html", "c03.ipynb")
    }


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_papermills_own_engine_makes_the_same(here: dict[str, bytes], tmp_path: Path) -> None:
    """All 24 reports on real kernels, elsewhere."""
    places = ["zone", "language", "hash seed", "home", "profile"]
    assert content(make_elsewhere(places, tmp_path, "--engine", "stock")) == here


def test_all_reports_were_compared(here: dict[str, bytes]) -> None:
    """Twenty-four pages, their notebooks and the journal."""
    assert len(here) == 2 * 24 + 1
