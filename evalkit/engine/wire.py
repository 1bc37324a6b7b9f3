"""Frames on the socket between the engine and a fork: a JSON head and any number of byte parts."""

from __future__ import annotations

import json
import select
import socket
import struct
import threading
import time
from typing import Any

Frame = tuple[dict[str, Any], list[bytes]]

PAUSE = 0.05
"""Seconds in which a socket takes in more than most notebooks say, and nobody misses a message."""


class Wire:
    """One end of a connected stream socket that carries whole frames in both directions.

    A frame is the number of its parts and the length of each, as unsigned 64-bit numbers in network
    order, then the parts; the first part is the head. Sending is safe from several threads. One who
    is ``patient`` is not woken for each frame, but at the end of the other side or after `PAUSE`.
    """

    def __init__(self, sock: socket.socket) -> None:
        self.socket, self.patient = sock, False
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
            if self.patient:
                self._pause()
            self.socket.settimeout(left(deadline))
            try:
                self.fill()
            finally:
                self.socket.settimeout(None)
        return frame

    def _pause(self) -> None:
        """Wait until the other end is gone, a little while at most; what it has sent is kept."""
        poll = select.poll()
        poll.register(self.socket, 0)  # no event but the end, which need not be asked for
        poll.poll(1000 * PAUSE)

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
