"""Other programs that tests need: skipped without them on a user's machine, failed in CI."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import pytest

QUIET = ("background-networking", "component-update", "sync", "gpu", "quic")
ARGUMENTS = ["--no-sandbox", "--no-first-run", *(f"--disable-{name}" for name in QUIET)]
"""How Chromium is started: it asks nobody for anything."""


def lacking(reason: str) -> NoReturn:
    """End the test because something is not installed: a skip, but a failure in CI."""
    if os.environ.get("CI"):
        pytest.fail(f"{reason} (CI installs it: see .ci/run)", pytrace=False)
    pytest.skip(reason)


def program(*names: str, package: str) -> str:
    """Where the first of ``names`` that is installed lies; ``package`` is Debian's name for it."""
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        lacking(f"{names[0]} is not installed; on Debian: apt-get install {package}")
    return found


def chromium() -> str:
    """Where Chromium lies: without its windows, if there is that, which takes half of the time."""
    names = "chromium-headless-shell", "chromium", "chromium-browser"
    return program(*names, package=names[0])


def postgres() -> Path:
    """The folder of a PostgreSQL server's programs, of the newest that is installed."""
    places = [Path(file).parent for file in filter(None, [shutil.which("initdb")])]
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    found = [place for place in places if (place / "initdb").exists()]
    if not found:
        lacking("PostgreSQL is not installed; on Debian: apt-get install postgresql")
    return found[-1]


def soffice(source: Path, kind: str, profile: Path, *options: str) -> Path:
    """``source`` as LibreOffice writes it beside it as a ``kind``, under settings of its own."""
    return soffices([source], kind, profile, *options)[0]


def soffices(sources: Sequence[Path], kind: str, profile: Path, *options: str) -> list[Path]:
    """All ``sources``, of one folder; they share the start, which takes longer than a file."""
    found = program("soffice", package="libreoffice-writer libreoffice-calc")
    own = ["--headless", "--norestore", f"-env:UserInstallation={profile.as_uri()}", *options]
    command = [found, *own, "--convert-to", kind, "--outdir", sources[0].parent, *sources]
    subprocess.run(command, check=True, capture_output=True, timeout=200)
    return [source.with_suffix("." + kind.partition(":")[0]) for source in sources]
