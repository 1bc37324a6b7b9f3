"""The engine's side of a zygote: start it, take forks from it, end them."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Any

from jupyter_client.session import json_packer
from nbclient.exceptions import DeadKernelError

from evalkit.engine.serve import END, FORK, ORDER, READY
from evalkit.engine.wire import Frame, Wire, left

ONE_THREAD = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}
"""Keeps libraries from starting threads, after which a process cannot be forked safely."""

GRACE = 10.0
"""Seconds that a notebook may take for its exit functions."""


Request = tuple[dict[str, Any], dict[str, Any]]
"""The head of a frame and the content of its message."""


@dataclass(frozen=True)
class Kind:
    """What a zygote is to be like: what it imports, and whether it heeds the user's profile.

    The profile is IPython's configuration, its startup files and PYTHONSTARTUP.
    """

    modules: tuple[str, ...] = ()
    profile: bool = True


class Zygote:
    """A warm process. Each `fork` of it runs one notebook; nothing that one does reaches another.

    It is a subprocess of its own, so that the caller may have threads. Raises RuntimeError when it
    cannot be started or could not fork safely.
    """

    def __init__(self, kind: Kind, timeout: float = 60) -> None:
        self._control, theirs = socket.socketpair()
        self._ordering = threading.Lock()
        command = [sys.executable, "-m", "evalkit.engine.serve", str(theirs.fileno())]
        environment = os.environ | ONE_THREAD | {"PYTHONHASHSEED": "0"}
        with tempfile.TemporaryFile() as errors, tempfile.TemporaryDirectory() as empty, theirs:
            if not kind.profile:  # it is read before the zygote is ready, and not again
                environment["IPYTHONDIR"] = empty
                environment.pop("PYTHONSTARTUP", None)
            self._process = subprocess.Popen(  # noqa: S603  (our own interpreter and module)
                [*command, *kind.modules],
                pass_fds=[theirs.fileno()],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                start_new_session=True,
            )
            theirs.close()
            self._control.settimeout(timeout)
            try:
                said = self._control.recv(1)
            except (TimeoutError, ConnectionResetError):
                said = b""
            self._control.settimeout(None)
            if said != READY:
                self._process.kill()
                self._process.wait()
                errors.seek(0)
                raise RuntimeError(_last(errors.read()) or str(said))

    def fork(self, **start: Any) -> Fork:
        """A fresh process for one notebook.

        ``start`` is what it starts with: ``cwd``, ``environ``, ``seed`` (None for chance) and
        ``memory`` (a limit in bytes, or None). Raises OSError when the zygote is gone.
        """
        ours, theirs = socket.socketpair()
        with theirs, self._ordering:
            socket.send_fds(self._control, [ORDER.pack(FORK, 0)], [theirs.fileno()])
        return Fork(self, Wire(ours), start)

    def end(self, pid: int) -> None:
        """Kill the fork ``pid`` and everything in its process group."""
        with self._ordering, suppress(OSError):
            self._control.sendall(ORDER.pack(END, pid))

    def close(self) -> None:
        """End the zygote and all its forks."""
        self._control.close()
        self._process.wait()


def _last(text: bytes) -> str:
    """The last line of what a process said, which names its error."""
    return text.decode(errors="replace").strip().rpartition("\n")[2]


class Fork:
    """A process that has nothing but the notebook it is given."""

    def __init__(self, zygote: Zygote, wire: Wire, start: dict[str, Any]) -> None:
        self._zygote, self._wire = zygote, wire
        self._asked_to_end = False
        wire.send(start)
        head, parts = self.receive(None)
        self.pid: int = head["pid"]
        self.language: dict[str, Any] = json.loads(parts[0])

    def request(self, head: dict[str, Any], *contents: dict[str, Any]) -> None:
        """Send a request. Raises DeadKernelError when the process is gone."""
        try:
            self._wire.send(head, *map(json_packer, contents))
        except OSError:
            raise DeadKernelError("Kernel died") from None

    def request_all(self, requests: list[Request]) -> None:
        """Send all ``requests`` and the one to end, in one frame, before any is answered.

        So neither side can wait for the other to read. Nobody is in a hurry for the answers then.
        Raises DeadKernelError when the process is gone.
        """
        heads = [head for head, _content in requests]
        self.request({"type": "all", "all": heads}, *(content for _head, content in requests))
        self._asked_to_end = self._wire.patient = True

    def receive(self, timeout: float | None) -> Frame:
        """The next message.

        Raises DeadKernelError when the process is gone, TimeoutError after ``timeout`` seconds.
        """
        try:
            return self._wire.receive(timeout)
        except EOFError:
            raise DeadKernelError("Kernel died") from None

    def interrupt(self) -> None:
        """Interrupt the cell that is running, as a kernel is interrupted."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGINT)

    def finish(self) -> None:
        """Let the notebook's exit functions run for a while.

        Raises DeadKernelError when it ended before it was asked to.
        """
        deadline = monotonic() + GRACE
        with suppress(TimeoutError):
            if not self._asked_to_end:
                self.request({"type": "end"}, {})
            while self.receive(left(deadline))[0]["type"] != "ending":
                pass
            with suppress(DeadKernelError):
                while True:
                    self.receive(left(deadline))

    def kill(self) -> None:
        """End the process and all that it started."""
        self._wire.socket.close()
        self._zygote.end(self.pid)
