"""The program in a bag: what goes into the wheel, from which commit, and the wheels of its lock."""

from __future__ import annotations

import hashlib
import io
import subprocess
import tomllib
import zipfile
from pathlib import Path

import pytest

from evalkit.archive import code, wheel
from evalkit.base import version
from evalkit.base.errors import InputError
from tests.support import programs
from tests.support.builders import ROOT


def test_the_wheel_has_what_a_build_has() -> None:
    """Its files are those that pyproject.toml puts into the package, and where Jupyter looks."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    target = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    beside = {
        source: place.removeprefix("evalkit/data/")
        for source, place in target["force-include"].items()
    }
    assert beside == {name: name for name in wheel.BESIDE}
    shared = {
        source.removeprefix("evalkit/"): place for source, place in target["shared-data"].items()
    }
    assert shared == wheel.SHARED
    with zipfile.ZipFile(io.BytesIO(wheel.wheel())) as package:
        names = package.namelist()
        assert package.testzip() is None
    for name in (
        "evalkit/__init__.py",
        "evalkit/data/requirements.lock",
        "evalkit/locale/en/LC_MESSAGES/evalkit.mo",
        "evalkit/data/notebooks/applicant_report.ipynb",
    ):
        assert name in names
    assert not [name for name in names if "__pycache__" in name or "/." in name]


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder, as nobody in particular."""
    program = programs.program("git", package="git")
    who = ["-c", "user.name=n", "-c", "user.email=n@example.org", "-c", "commit.gpgsign=false"]
    command = [program, "-C", folder, *who, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def test_the_commit_of_a_checkout(tmp_path: Path) -> None:
    """That of git, with a mark where a file differs; nothing where there is no checkout."""
    assert version.of_checkout(tmp_path) == ""
    git(tmp_path, "init", "--quiet")
    (tmp_path / "file").write_text("1")
    git(tmp_path, "add", "file")
    git(tmp_path, "commit", "--quiet", "--message", "one")
    head = git(tmp_path, "rev-parse", "HEAD")
    assert version.of_checkout(tmp_path) == head
    (tmp_path / "file").write_text("2")
    assert version.of_checkout(tmp_path) == f"{head}+changed"


def test_wheels_that_cannot_be_fetched_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reason is pip's, in a line."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "requirements.lock").write_text(
        f"no-such-thing-at-all==1 --hash=sha256:{'0' * 64}\n"
    )
    with pytest.raises(InputError, match="没有取全轮子") as caught:
        code.fetch_wheels(tmp_path)
    assert "\n" not in str(caught.value)


@pytest.mark.processes
def test_wheels_of_the_lock_are_fetched_by_their_digests(tmp_path: Path) -> None:
    """A lock of one distribution, the smallest that the real one has."""
    blocks = (ROOT / "requirements.lock").read_text("utf-8").split("\n")
    at = next(n for n, line in enumerate(blocks) if line.startswith("markupsafe=="))
    end = next(n for n in range(at + 1, len(blocks)) if not blocks[n].strip().startswith("--hash"))
    lock = "\n".join(blocks[at:end]) + "\n"
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "requirements.lock").write_text(lock)
    try:
        code.fetch_wheels(tmp_path)
    except InputError as error:
        programs.lacking(error.render("en"))
    (file,) = (tmp_path / "wheelhouse").iterdir()
    assert hashlib.sha256(file.read_bytes()).hexdigest() in lock
