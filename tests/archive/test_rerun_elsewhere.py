"""Made again by what the archive itself holds: elsewhere, later, by others, the same bytes; or
other ones, where somebody edited that environment after it was installed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.support import programs
from tests.support.command import evalkit
from tests.support.elsewhere import clock, nobody, other_user, python_for_all

pytestmark = [pytest.mark.processes, pytest.mark.timeout(900)]

UV = Path(sys.executable).with_name("uv")

WHEELS = Path(sys.prefix) / "wheels"
"""The wheels of the lock from an earlier run. The lock has their digests, so pip may take them from
there; asking an index for each takes longer than all else that makes the archive.
"""


@pytest.fixture(name="place", scope="module")
def _place() -> Iterator[Path]:
    """A folder that every user may enter."""
    with tempfile.TemporaryDirectory(prefix="archived") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(name="archived", scope="module")
def _archived(demo: Path, place: Path) -> Path:
    """The archive of the demo's round with all its reports and its wheels."""
    out = place / "bag"
    words = ("archive", demo / "panel", "--out", out, "--papers", demo / "summary", "--wheelhouse")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PIP_NO_INDEX", "1")
        patch.setenv("PIP_FIND_LINKS", str(WHEELS))
        made = evalkit(*words)
    if "没有取全轮子" in made.stderr:  # the first time, or with another lock
        made = evalkit(*words)
        if "没有取全轮子" in made.stderr:
            programs.lacking(f"the wheels of the lock cannot be fetched: {made.stderr}")
        shutil.rmtree(WHEELS, ignore_errors=True)
        shutil.copytree(out / "data" / "wheelhouse", WHEELS)
    assert made.returncode == 0, made.stderr
    return out


@pytest.fixture(name="fresh", scope="module")
def _fresh(archived: Path, place: Path) -> Path:
    """The Python of an environment that holds the archive's own lock and wheel, and no more; its
    packages come from the wheels in the archive, without a network.
    """
    code, folder = archived / "data" / "code", place / "again"
    base = python_for_all(place)
    subprocess.run([UV, "venv", "--quiet", "--python", base, folder], check=True)
    python = folder / "bin" / "python"
    wheels = ["--no-index", "--find-links", archived / "data" / "wheelhouse", "--offline"]
    wheels += ["--cache-dir", place / "uv"]  # what uv unpacks here is of no use to anybody else
    install = [UV, "pip", "install", "--quiet", "--python", python, *wheels]
    lock = ["--require-hashes", "--requirement", code / "requirements.lock"]
    subprocess.run([*install, *lock], check=True)
    subprocess.run([*install, "--no-deps", *code.glob("evalkit-*.whl")], check=True)
    return python


def again(python: Path, archived: Path, place: Path, *options: str) -> dict[str, Any]:
    """What ``evalkit rerun`` says in another folder, time zone and language, five years later and
    as another user, who has nothing but this folder.
    """
    own = place / "far" / "away"
    shutil.rmtree(own, ignore_errors=True)
    (own / "tmp").mkdir(parents=True)
    for folder in (own, own / "tmp"):
        folder.chmod(0o777)
    kept = {name: os.environ[name] for name in ("PATH",)}
    places = {"HOME": str(own), "TMPDIR": str(own / "tmp"), "USER": "nobody"}
    language = {"TZ": "America/St_Johns", "LANG": "de_DE.UTF-8", "LC_ALL": "C"}
    compiled = place / "compiled"  # what nobody compiled stays for the next run
    compiled.mkdir(exist_ok=True)
    compiled.chmod(0o777)
    libraries = {"LD_LIBRARY_PATH": str(place / "python" / "lib")}  # of a Python that was copied
    python_sets = {"PYTHONHASHSEED": "11", "PYTHONPYCACHEPREFIX": str(compiled)}
    environment = kept | places | language | libraries | python_sets | clock(place)
    user = nobody(python) or other_user()
    command = [*user, python, "-m", "evalkit", "rerun", archived, "--json", *options]
    made = subprocess.run(command, cwd=own, env=environment, capture_output=True, check=False)
    assert made.stdout, made.stderr.decode()
    told: dict[str, Any] = json.loads(made.stdout)
    seen = "import evalkit, os, time; print(evalkit.__file__, os.getuid(), time.gmtime().tm_year)"
    asked = [*user, python, "-c", seen]
    here = subprocess.run(
        asked, cwd=own, env=environment, capture_output=True, text=True, check=True
    )
    file, uid, year = here.stdout.split()
    assert Path(file).is_relative_to(python.parent.parent)
    if user:
        assert int(uid) != os.getuid()
    if "LD_PRELOAD" in environment:
        assert int(year) >= datetime.now(UTC).year + 4
    return told | {"status": made.returncode}


def marks(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and time of everything in a folder."""
    found = ((path, path.lstat()) for path in folder.rglob("*"))
    return {str(path): (stat.st_size, stat.st_mtime_ns) for path, stat in found}


class Edit(NamedTuple):
    """Something that somebody may do to an installed file (a pattern for its path): a text becomes
    another one. ``said`` stands in the sentence on the cause.
    """

    name: str
    files: dict[str, tuple[str, str]]
    kind: str
    said: str


TRAILING = {
    "jinja2/environment.py": (
        "return self.environment.concat(self.root_render_func(ctx))",
        'return self.environment.concat(self.root_render_func(ctx)) + " "',
    )
}
"""Pages end with a blank more."""

EDITS = [
    Edit(
        "a part of the page",
        {"evalkit/pages/parts/outcome.html.j2": ("总分", "总得分")},
        "template",
        "装好之后被改过：evalkit/pages/parts/outcome.html.j2",
    ),
    Edit(
        "a file of a library",
        TRAILING,
        "environment",
        "装好之后却有文件被改过：jinja2: jinja2/environment.py",
    ),
    Edit(
        "the notebook of the report",
        {
            "evalkit/data/notebooks/applicant_report.ipynb": (
                "dimensions(report)",
                "dimensions(report)  #",
            )
        },
        "template",
        "装好之后被改过：evalkit/data/notebooks/applicant_report.ipynb",
    ),
    Edit(  # in `Rounder.__call__`: every number is raised by a unit
        "how points are rounded",
        {
            "evalkit/scoring/points.py": (
                "up = _more(self.mode, whole, magnitude - whole * bottom, bottom)",
                "up = 1",
            )
        },
        "environment",
        "evalkit 的程序装好之后被改过：evalkit/scoring/points.py",
    ),
    Edit(
        "another version of a library",
        {"jinja2-*.dist-info/METADATA": ("\nVersion: 3", "\nVersion: 9.3"), **TRAILING},
        "environment",
        "→ 9.3",
    ),
]

SAMPLE = EDITS[:2]
"""They are tried each time, at once: a file of evalkit, and one of a library."""


@contextmanager
def edited(python: Path, one: Edit) -> Iterator[None]:
    """An environment in which somebody did so, until it is as it was again."""
    (site,) = python.parent.parent.glob("lib/python*/site-packages")
    kept = []
    try:
        for pattern, (old, new) in one.files.items():
            (file,) = site.glob(pattern)
            whole = file.read_text("utf-8")
            assert old in whole
            # moved and not written to: it may be a link to another one
            kept.append((file, file.rename(python.parent / f"kept-{file.name}")))
            file.write_text(whole.replace(old, new), "utf-8")
        yield
    finally:
        for file, before in kept:
            before.replace(file)


def edits_are_named(fresh: Path, archived: Path, place: Path, edits: Sequence[Edit]) -> None:
    """As the causes of another report, or of other results, and nothing else is."""
    with ExitStack() as stack:
        for one in edits:
            stack.enter_context(edited(fresh, one))
        told = again(fresh, archived, place, "--applicant", "c03")
    assert (told["status"], told["verdict"]) == (1, "explained"), told
    texts = {cause["kind"]: cause["text"] for cause in told["causes"]}
    assert texts.keys() == {one.kind for one in edits}, told["causes"]
    for one in edits:
        assert one.said in texts[one.kind]
    assert {one["file"].rpartition(".")[2] for one in told["differences"]} & {"html", "ipynb"}


def test_all_reports_are_the_same_bytes(fresh: Path, archived: Path, place: Path) -> None:
    """Results, statistics, 24 reports and the summary; and nothing in the archive was touched.

    Files of that environment that somebody edited are named. It is one test, since two workers
    would make two such environments.
    """
    before = marks(archived)
    told = again(fresh, archived, place)
    assert (told["status"], told["verdict"]) == (0, "identical"), told
    assert told["compared"] == {"results": 1, "statistics": 1, "pages": 25, "notebooks": 25}
    assert told["differences"] == told["causes"] == []
    assert not [note for note in told["notes"] if "程序文件" in note or "软件包" in note]
    edits_are_named(fresh, archived, place, SAMPLE)
    assert marks(archived) == before
    assert list((place / "far" / "away" / "tmp").glob("evalkit-rerun-*")) == []


@pytest.mark.soak
@pytest.mark.parametrize("one", EDITS, ids=lambda one: one.name.replace(" ", "-"))
def test_an_edited_file_of_that_environment_is_named(
    fresh: Path, archived: Path, place: Path, one: Edit
) -> None:
    """Each of them."""
    edits_are_named(fresh, archived, place, [one])
