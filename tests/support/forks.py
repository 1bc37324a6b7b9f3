"""Commands in processes of their own, forked from one that has evalkit loaded.

Streams, environment and end are those of a process; only its start, which takes longer than most
commands, is shared. What depends on the start itself, such as a stream that is closed already,
needs an interpreter of its own.
"""

from __future__ import annotations

import base64
import gc
import json
import os
import pty
import resource
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]  # and not that of the builders, which load too much
LOADED = (
    *("evalkit.cli", "evalkit.evaluation", "evalkit.round", "evalkit.office.register"),
    *("evalkit.facts.tidy", "evalkit.rubric.wording", "rich.console", "rich.table"),
    *("rich.markdown", "typer.rich_utils", "email.message"),
)
"""What most commands load."""

TERMINAL, PIPE = "tty", "|"


class Command(NamedTuple):
    """The arguments of a command, and what is particular to its process.

    ``out`` and ``err`` are where a stream goes instead: a file, `TERMINAL`, or a reader in the
    shell's words after a `PIPE`. No file may become larger than ``limit`` bytes.
    """

    arguments: Sequence[str]
    out: str = ""
    err: str = ""
    environment: Mapping[str, str] = {}
    limit: int = 0


class Ended(NamedTuple):
    """How a command ended, and what it wrote."""

    returncode: int
    stdout: bytes
    stderr: bytes


def forked(commands: Sequence[Command], **environment: str) -> list[Ended]:
    """Run commands one after the other, forked from a process with this ``environment``."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.forks"],
        input=json.dumps(commands).encode(),
        stdout=subprocess.PIPE,
        env={**os.environ, **environment},
        cwd=ROOT,
        check=True,
    )
    ended = [(code, *map(base64.b64decode, texts)) for code, *texts in json.loads(done.stdout)]
    return [Ended(*one) for one in ended]


def _reading(descriptor: int) -> bytes:
    """All that is shown on a terminal, until the other end is closed."""
    shown = b""
    with suppress(OSError):
        while part := os.read(descriptor, 65536):
            shown += part
    os.close(descriptor)
    return shown


def _child(command: Command, own: Sequence[int]) -> None:
    """Be the process of ``command``, until it ends; it writes to its ``own`` two pipes."""
    from evalkit.cli import main

    for number, pipe, given in ((1, own[0], command.out), (2, own[1], command.err)):
        if given == TERMINAL:
            continue
        if given.startswith(PIPE):
            words = shlex.split(given.removeprefix(PIPE))
            reader = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
            assert reader.stdin is not None
            os.dup2(reader.stdin.fileno(), number)
            reader.stdin.close()
        else:
            os.dup2(os.open(given, os.O_WRONLY) if given else pipe, number)
    os.environ.update(command.environment)
    if command.limit:
        sys.dont_write_bytecode = True
        resource.setrlimit(resource.RLIMIT_FSIZE, (command.limit, command.limit))
    main(list(command.arguments))


def _ended(command: Command) -> list[Any]:
    """What becomes of a command; the process of the command ends here."""
    pipes = [os.pipe(), os.pipe()]
    on_terminal = command.out == TERMINAL
    pid, terminal = pty.fork() if on_terminal else (os.fork(), -1)
    if pid == 0:
        _child(command, [write for _read, write in pipes])
    for _read, write in pipes:
        os.close(write)
    with ThreadPoolExecutor() as pool:
        ends = [read for read, _write in pipes] + [terminal] * on_terminal
        out, err, *shown = pool.map(_reading, ends)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return [code, *(base64.b64encode(text).decode() for text in (*(shown or [out]), err))]


def _main() -> None:
    """Do what `forked` asks for."""
    for name in LOADED:
        import_module(name)
    gc.freeze()  # so that no process goes through it once more at its end
    print(json.dumps([_ended(Command(*one)) for one in json.load(sys.stdin)]))


if __name__ == "__main__":
    _main()
