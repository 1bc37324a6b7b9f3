"""Servers of notebooks as people start them, and the rounds behind them."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest

from evalkit.round import Round

KERNEL = re.compile(rb"ipykernel|serving\.kernel")
PATIENCE = 60_000  # milliseconds for a server or a kernel on a busy machine


@dataclass
class Server:
    """A running server and the round behind it."""

    url: str
    folder: Path
    process: subprocess.Popen[str]
    earlier: set[int] = field(default_factory=set)

    def cells(self, expert: str, applicant: str, names: Iterable[str]) -> dict[str, str]:
        """Points in the log by item: what is stored, whatever the page may show."""
        with Round.open(self.folder) as workspace:
            history = workspace.history()
            events = {name: history.cell(expert, applicant, name) for name in names}
        return {name: e.payload.get("points", e.kind) for name, e in events.items() if e}

    def fresh(self, panel_file: Path, beside: Path) -> None:
        """Put a new round in the place of the last one; kernels of its pages count no more."""
        self.earlier |= set(self.kernels())
        Round.create(beside, panel_file).log.close()
        for file in self.folder.iterdir():
            if not file.name.startswith("access."):  # who is logged in
                file.unlink()
        shutil.copytree(beside, self.folder, dirs_exist_ok=True)

    def kernels(self) -> list[int]:
        """Process ids of the kernels below the server, for pages of this round."""
        found, open_ = [], [self.process.pid]
        while open_:
            pid = open_.pop()
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split()
            open_ += map(int, children)
            found += [int(c) for c in children if KERNEL.search(_command(int(c)))]
        return [pid for pid in found if pid not in self.earlier]


def _command(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


@contextmanager
def running(command: list[str], folder: Path, address: str) -> Iterator[Server]:
    """Start a server and wait until it listens at the address that it prints, by ``address``."""
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        cwd=folder,
    )
    try:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if found := re.search(address, line):
                listening(found[0], process)
                Thread(target=process.stdout.read, daemon=True).start()  # a full pipe would stop it
                yield Server(found[0], folder, process)
                return
        pytest.fail("the server ended: " + "".join(said))
    finally:
        with suppress(ProcessLookupError):  # a test may have ended it
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def listening(url: str, process: subprocess.Popen[str]) -> None:
    """Wait until the server takes connections: JupyterLab prints its address before it does."""
    place = urlsplit(url)
    while process.poll() is None:
        with suppress(ConnectionRefusedError):
            socket.create_connection((str(place.hostname), place.port or 80), timeout=30).close()
            return
        time.sleep(0.05)


def free_port() -> str:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])
