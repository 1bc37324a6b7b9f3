"""An archive made again by an evalkit, or with a library, that somebody edited after installing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

pytestmark = pytest.mark.processes

UV = Path(sys.executable).with_name("uv")


@pytest.fixture(scope="module")
def site(small_bag: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The evalkit in the archive, and one library beside it, installed where they may be edited."""
    folder = tmp_path_factory.mktemp("site") / "site"
    (wheel,) = (small_bag / "data/code").glob("*.whl")
    options = ["--quiet", "--no-deps", "--offline", "--no-index", "--target", folder]
    command = [UV, "pip", "install", "--python", sys.executable, *options, wheel]
    subprocess.run(command, check=True)
    import jinja2

    library = Path(jinja2.__file__).parent
    shutil.copytree(library, folder / library.name)
    (about,) = library.parent.glob("jinja2-*.dist-info")
    shutil.copytree(about, folder / about.name)
    return folder


def again(bag: Path, site: Path) -> tuple[int, dict[str, Any]]:
    """What a process says that finds evalkit in ``site`` first."""
    command = [sys.executable, "-P", "-m", "evalkit", "rerun", bag, "--applicant", "A", "--json"]
    environment = {**os.environ, "PYTHONPATH": str(site)}
    run = subprocess.run(
        command, env=environment, cwd=site.parent, capture_output=True, check=False
    )
    assert run.stdout, run.stderr.decode()
    return run.returncode, json.loads(run.stdout)


def edit(path: str, old: str, new: str) -> Callable[[Path], None]:
    """Change a text in an installed file."""

    def alter(site: Path) -> None:
        text = (site / path).read_text("utf-8")
        assert old in text
        (site / path).unlink()  # it may be a link to what is installed elsewhere
        (site / path).write_text(text.replace(old, new), "utf-8")

    return alter


def another_jinja(site: Path) -> None:
    """Another version of a library, which lays out pages otherwise."""
    (about,) = site.glob("jinja2-*.dist-info")
    text = (about / "METADATA").read_text("utf-8")
    version = about.name.split("-")[1].removesuffix(".dist")
    (about / "METADATA").unlink()
    (about / "METADATA").write_text(text.replace(f"Version: {version}", "Version: 9.9"), "utf-8")
    trailing(site)


trailing = edit(
    "jinja2/environment.py",
    "return self.environment.concat(self.root_render_func(ctx))",
    'return self.environment.concat(self.root_render_func(ctx)) + " "',
)


class Edited(NamedTuple):
    """A deed in an installation, the cause that is named, and what stands in its sentence."""

    name: str
    alter: Callable[[Path], object]
    kind: str
    said: str


ROUNDING = "up = _more(self.mode, whole, magnitude - whole * bottom, bottom)", "up = 1"
"""What is said in `Rounder.__call__`, and what would raise every number by a unit."""

EDITED = [
    Edited(
        "a part of the page",
        edit("evalkit/pages/parts/outcome.html.j2", "</table>", "</table><hr>"),
        "template",
        "装好之后被改过：evalkit/pages/parts/outcome.html.j2",
    ),
    Edited(
        "the notebook of the report",
        edit(
            "evalkit/data/notebooks/applicant_report.ipynb",
            "dimensions(report)",
            "dimensions(report)  #",
        ),
        "template",
        "装好之后被改过：evalkit/data/notebooks/applicant_report.ipynb",
    ),
    Edited(
        "how points are rounded",
        edit("evalkit/scoring/points.py", *ROUNDING),
        "environment",
        "evalkit 的程序装好之后被改过：evalkit/scoring/points.py",
    ),
    Edited(
        "a file of a library",
        trailing,
        "environment",
        "装好之后却有文件被改过：jinja2: jinja2/environment.py",
    ),
    Edited("another version of a library", another_jinja, "environment", "→ 9.9"),
]


def test_the_installed_wheel_gives_the_same(small_bag: Path, site: Path) -> None:
    """What the others start from."""
    code, told = again(small_bag, site)
    assert (code, told["verdict"]) == (0, "identical")
    assert not [note for note in told["notes"] if "没有影响" in note]


@pytest.mark.parametrize(
    "one",
    [pytest.param(one, marks=pytest.mark.soak if n % 3 else ()) for n, one in enumerate(EDITED)],
    ids=lambda one: one.name.replace(" ", "-"),
)
def test_an_edited_file_is_named(small_bag: Path, site: Path, tmp_path: Path, one: Edited) -> None:
    """As the cause of other pages, or of other results."""
    own = tmp_path / "site"
    shutil.copytree(site, own, copy_function=os.link)
    one.alter(own)
    code, told = again(small_bag, own)
    assert (code, told["verdict"]) == (1, "explained")
    assert {cause["kind"] for cause in told["causes"]} == {one.kind}, told["causes"]
    assert one.said in told["causes"][0]["text"]
