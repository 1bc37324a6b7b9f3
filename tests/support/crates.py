"""The validator of RO-Crates, which has an environment of its own, without a network."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.support import programs
from tests.support.builders import ROOT

CRATE = ROOT / ".venv" / "crate" / "bin"


def fill(cache: Path) -> None:
    """Put what rocrate-validator would fetch into a new ``cache``."""
    if not (CRATE / "rocrate-validator").exists():
        programs.lacking("rocrate-validator is not installed; make .venv/development does it")
    context = ROOT / "tests" / "support" / "crate_context.py"
    subprocess.run([CRATE / "python", context, cache], check=True)


def shell() -> dict[str, str]:
    """The variables of a shell in which the tools of others are found, and no network is: whoever
    asks for one meets a closed port.
    """
    paths = [str(CRATE), str(ROOT / ".venv" / "bin"), os.environ["PATH"]]
    closed = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), "http://127.0.0.1:9")
    return {**os.environ, **closed, "PATH": os.pathsep.join(paths), "LC_ALL": "C.UTF-8"}
