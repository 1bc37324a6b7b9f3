"""Which evalkit this is."""

from __future__ import annotations

from functools import cache
from pathlib import Path

VERSION = "0.1.0"

COMMIT_FILE = "commit.txt"
"""In an installed package: the commit that it was built from, see ``hatch_build.py``."""

PACKAGE = Path(__file__).parent.parent


@cache
def commit() -> str:
    """The commit of this evalkit: as built into an installed package, or as git says of a checkout,
    with ``+changed`` where files differ from it. Empty where nobody knows.
    """
    built_in = PACKAGE / COMMIT_FILE
    if built_in.exists():
        return built_in.read_text("utf-8").strip()
    return of_checkout(PACKAGE.parent)


def called() -> str:
    """Version and commit as people read them; the commit in short, and only where it is known."""
    head, plus, changed = commit().partition("+")
    short = f"{head[:12]}{plus}{changed}"
    return f"{VERSION} ({short})" if head else VERSION


def of_checkout(folder: Path) -> str:
    """The commit that the git checkout ``folder`` has, as in `commit`; empty for no checkout."""
    import shutil

    if not (folder / ".git").exists() or (git := shutil.which("git")) is None:
        return ""
    head = _git(git, folder, "rev-parse", "HEAD")
    changed = _git(git, folder, "status", "--porcelain", "--untracked-files=no")
    return head + ("+changed" if head and changed else "")


def _git(git: str, folder: Path, *arguments: str) -> str:
    """What git says; nothing where it does not know the folder."""
    import subprocess

    command = [git, "-C", str(folder), *arguments]
    found = subprocess.run(command, capture_output=True, check=False)  # noqa: S603  (fixed words)
    return found.stdout.decode("utf-8", "replace").strip()
