"""Standard output and error of a fork: what Python writes, and what others write to 1 and 2."""

# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import codecs
import fcntl
import os
import select
import sys
import threading
from collections.abc import Iterable
from typing import Any

from ipykernel import iostream

PIPE = 2**20
"""Bytes that a pipe holds before somebody has to read it, where that can be said."""


class _NoThread(iostream.IOPubThread):
    """Stands where ipykernel has its sending thread. Nothing is flushed by a clock.

    So a stream is cut where the notebook flushes, shows something or ends a cell, and nowhere else.
    """

    thread: Any = None
    io_loop: Any = None

    def __init__(self) -> None:
        """Open no socket and start no thread."""

    def schedule(self, f: Any) -> None:
        """Drop what ipykernel wants to do a little later."""


class OutStream(iostream.OutStream):
    """ipykernel's stream, which also takes in what is written to its file descriptor.

    A subprocess or a library in C writes to the descriptor; that is taken in before anything that
    Python writes later, so that the order is the order of writing.
    """

    def __init__(self, session: Any, name: str) -> None:
        super().__init__(session, _NoThread(), name, watchfd=False)
        self.descriptor = {"stdout": 1, "stderr": 2}[name]
        self.pipe = -1
        self._parted: dict[Any, int] = {}
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def attach(self) -> None:
        """Put a pipe in the place of the descriptor. Called once in a fork."""
        self._original_stdstream_copy = os.dup(self.descriptor)
        self.pipe, end = os.pipe()
        if sys.platform == "linux":
            fcntl.fcntl(end, fcntl.F_SETPIPE_SZ, PIPE)
        os.set_blocking(self.pipe, False)
        os.dup2(end, self.descriptor)
        os.close(end)
        self._master_pid = os.getpid()

    def write(self, string: str) -> Any:
        """Write to the stream; in a process forked by the notebook, to the descriptor."""
        if not self._is_master_process() and isinstance(string, str):
            os.write(self.descriptor, string.encode(errors="replace"))
            return len(string)
        with self._buffer_lock:
            self.collect()
            return super().write(string)

    def flush(self) -> None:
        """Send everything written so far."""
        if self._is_master_process():
            with self._buffer_lock:
                self.collect()
                self._parted.clear()
                super().flush()

    def part(self) -> None:
        """Send what was written since the last part, so that a cell that is killed has said it.

        It stays in the stream as well, which is still cut by the notebook and not by a clock.
        """
        with self._buffer_lock:
            self.collect()
            for parent, buffer in self._buffers.items():
                buffer.seek(self._parted.get(parent, 0))
                content = {"name": self.name, "text": buffer.read()}
                self._parted[parent] = buffer.tell()
                if content["text"]:
                    self.session.send(None, "part", content, dict(parent))

    def collect(self) -> bool:
        """Take in what others have written to the descriptor; whether more may come."""
        with self._buffer_lock:
            while self.pipe >= 0:
                try:
                    data = os.read(self.pipe, 2**16)
                except BlockingIOError:
                    return True
                if not data:  # nobody has the other end, as after os.close(1)
                    break
                super().write(self._decoder.decode(data))
            return False


def pump(streams: Iterable[OutStream]) -> None:
    """Keep the pipes of ``streams`` from filling up while the main thread waits for others.

    As often as a kernel would flush them, their text so far goes to the engine.
    """
    poll, every = select.poll(), 1000 * iostream.OutStream.flush_interval
    by_pipe = {stream.pipe: stream for stream in streams}
    for pipe in by_pipe:
        poll.register(pipe, select.POLLIN)

    def watch() -> None:
        while True:
            found = poll.poll(every)
            for pipe, _event in found:
                if not by_pipe[pipe].collect():
                    poll.unregister(pipe)  # it would be reported for ever
            if not found:
                for stream in by_pipe.values():
                    stream.part()

    threading.Thread(target=watch, name="output", daemon=True).start()
