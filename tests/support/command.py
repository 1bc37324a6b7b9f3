"""The command line, run in this process: an interpreter of its own would cost a second a time."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path
from typing import Any, NamedTuple

from evalkit.cli import main
from tests.support.builders import ROOT


class Run(NamedTuple):
    """What a command ended with: its exit code, and what it wrote to both streams."""

    returncode: int
    stdout: str
    stderr: str


def evalkit(*arguments: Any, lang: str = "", cwd: Path = ROOT) -> Run:
    """Run the command in the folder ``cwd``, as a user does."""
    given = [*(["--lang", lang] if lang else []), *map(str, arguments)]
    out, err = io.StringIO(), io.StringIO()
    code: Any = 0
    with (
        contextlib.chdir(cwd),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main(given)
        except SystemExit as ended:
            code = ended.code
    return Run(code or 0, out.getvalue(), err.getvalue())
