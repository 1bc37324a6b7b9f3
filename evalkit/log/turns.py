"""Turns: who waits longest to write into a folder writes next.

SQLite lets whoever asks at the right moment write, and who was unlucky asks ever more seldom: of
fifty writers at once some wait for seconds. The system's lock on the folder keeps a queue. It only
orders those who come. What keeps writers apart is SQLite's own lock, so whoever gets no turn, or is
on a system that has no such lock, goes on without one.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def turn(folder: Path, seconds: float) -> Iterator[None]:
    """Wait for a turn in ``folder``, at most so many ``seconds``, and keep it to the end."""
    leave = _queued(folder, seconds)
    try:
        yield
    finally:
        leave()


def _queued(folder: Path, seconds: float) -> Callable[[], None]:
    """Stand in the queue of ``folder`` until it is one's turn or too late; how to leave it."""
    try:
        import fcntl

        handle = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):  # Windows, or a folder that may not be read
        return lambda: None

    def done() -> None:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_UN)  # a process forked meanwhile has this handle too
        os.close(handle)

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return _waited(lambda: fcntl.flock(handle, fcntl.LOCK_EX), done, seconds)
    except OSError:  # a file system that locks no folders
        pass
    return done


def _waited(
    wait: Callable[[], None], done: Callable[[], None], seconds: float
) -> Callable[[], None]:
    """``wait`` has no end of its own, so a thread does it; coming too late, it leaves again."""
    moment, there, gone = threading.Lock(), threading.Event(), threading.Event()

    def stand() -> None:
        with suppress(OSError):
            wait()
        with moment:
            there.set()
            if gone.is_set():
                done()

    def leave() -> None:
        with moment:
            gone.set()
            if there.is_set():
                done()

    threading.Thread(target=stand, daemon=True).start()
    there.wait(seconds)
    return leave
