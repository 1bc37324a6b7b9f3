"""Frames on the socket between the engine and a fork: a JSON head and any number of byte parts."""

from __future__ import annotations

import json
import signal
import socket
import struct
import threading
import time
from collections.abc import Callable
from typing import Any

Frame = tuple[dict[str, Any], list[bytes]]

LASTS: Any = getattr(signal, "SIGURG", None)  # not on Windows
"""Tells a fork that got all its cells at once, and lasts, to read what others write to its pipes.

By itself the signal does nothing.
"""


class Wire:
    """One end of a connected stream socket that carries whole frames in both directions.

    A frame is the number of its parts and the length of each, as unsigned 64-bit numbers in network
    order, then the parts; the first part is the head. Sending is safe from several threads.
    ``waits`` is called before there are more bytes to be had.
    """

    def __init__(self, sock: socket.socket) -> None:
        self.socket = sock
        self.waits: Callable[[], object] = lambda: None
        self._received = bytearray()
        self._kept: list[bytes | memoryview] = []
        self._sending = threading.Lock()

    def send(self, head: dict[str, Any], *parts: bytes | memoryview, later: bool = False) -> None:
        """Send one frame, or keep it to go ``later``, with the next that is sent.

        Raises OSError when the other end is gone.
        """
        frame = [json.dumps(head).encode(), *parts]
        lengths = struct.pack(f">{len(frame) + 1}Q", len(frame), *(_length(p) for p in frame))
        with self._sending:
            self._kept += [lengths, *frame]
            if not later:
                data = b"".join(self._kept)
                self._kept.clear()
                self.socket.sendall(data)

    def receive(self, timeout: float | None = None) -> Frame:
        """The next frame.

        Raises EOFError when the other end is gone, TimeoutError after ``timeout`` seconds.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        while (frame := self.take()) is None:
            self.waits()
            self.socket.settimeout(left(deadline))
            try:
                self.fill()
            finally:
                self.socket.settimeout(None)
        return frame

    def fill(self) -> None:
        """Wait for bytes and keep them. Raises EOFError when the other end is gone."""
        try:
            data = self.socket.recv(2**18)
        except ConnectionResetError:
            data = b""
        if not data:
            raise EOFError
        self._received += data

    def take(self) -> Frame | None:
        """The next frame, if all of it is here."""
        data = self._received
        if len(data) < 8:
            return None
        (count,) = struct.unpack_from(">Q", data)
        start = 8 * (count + 1)
        if len(data) < start:
            return None
        lengths = struct.unpack_from(f">{count}Q", data, 8)
        if len(data) < start + sum(lengths):
            return None
        parts = []
        for length in lengths:
            parts.append(bytes(data[start : start + length]))
            start += length
        del data[:start]
        return json.loads(parts[0]), parts[1:]


def left(deadline: float | None) -> float | None:
    """Seconds until ``deadline``. Raises TimeoutError when it has passed, whatever still comes."""
    seconds = None if deadline is None else deadline - time.monotonic()
    if seconds is not None and seconds <= 0:
        raise TimeoutError
    return seconds


def _length(part: bytes | memoryview) -> int:
    return part.nbytes if isinstance(part, memoryview) else len(part)
