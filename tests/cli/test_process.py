"""The command as a process of its own; what it says and does is tested without one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.builders import DEMO, ROOT
from tests.support.command import evalkit

COMMANDS = {
    "a module": [sys.executable, "-m", "evalkit"],
    "a script": [str(Path(sys.executable).with_name("evalkit"))],
}


@pytest.mark.parametrize(
    ("command", "arguments"),
    [("a module", ("evaluate", str(DEMO), "--json")), ("a script", ("evaluate", "nowhere"))],
)
def test_a_process_says_what_the_function_does(command: str, arguments: list[str]) -> None:
    """Its exit code and every byte of both streams, when it goes well and when it does not."""
    run = subprocess.run(
        [*COMMANDS[command], *arguments], capture_output=True, cwd=ROOT, check=False
    )
    here = evalkit(*arguments)
    said = (run.returncode, run.stdout.decode(), run.stderr.decode())
    assert said == (here.returncode, here.stdout, here.stderr)
