"""Who waits longest writes next; nobody waits for ever."""

from __future__ import annotations

import fcntl
import os
import threading
from pathlib import Path

from evalkit.log.turns import turn
from tests.support.load import forked


def held(folder: Path) -> bool:
    """Whether somebody has the turn in ``folder``."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(handle)


def waiting(folder: Path) -> int:
    """How many stand in the queue of ``folder``, by the system's table of locks."""
    inode = f":{folder.stat().st_ino} "
    lines = Path("/proc/locks").read_text("utf-8").splitlines()
    return sum("->" in line and inode in line for line in lines)


def test_turns_are_given_in_the_order_of_arrival(tmp_path: Path) -> None:
    """Ten come while one writes, each after the one before it stands in the queue."""
    order: list[int] = []

    def write(n: int) -> None:
        with turn(tmp_path, 60):
            order.append(n)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(10)]
    with turn(tmp_path, 60):
        for n, thread in enumerate(threads, start=1):
            thread.start()
            while waiting(tmp_path) < n:
                assert thread.is_alive()
    for thread in threads:
        thread.join()
    assert order == list(range(10))
    assert not held(tmp_path)


def test_who_gets_no_turn_goes_on_and_leaves_the_queue(tmp_path: Path) -> None:
    """Nothing stays behind that would keep others waiting."""
    with turn(tmp_path, 60):
        with turn(tmp_path, 0.01):
            while waiting(tmp_path) < 1:
                pass
        with turn(tmp_path, 0.01):
            pass
    while held(tmp_path):  # the late ones come to the front, and leave at once
        pass
    with turn(tmp_path, 60):
        assert held(tmp_path)


def test_a_fork_does_not_keep_the_turn(tmp_path: Path) -> None:
    """A process that was forked in the middle of a turn has its handle, not the turn."""
    stop, end = os.pipe()
    with turn(tmp_path, 60):
        pid, pipe = forked(lambda _out: (os.close(end), os.read(stop, 1)))
    assert not held(tmp_path)
    os.close(end)
    assert os.waitpid(pid, 0)[1] == 0
    pipe.close()


def test_a_dead_writer_ends_its_turn(tmp_path: Path) -> None:
    """The system gives it to the next one."""

    def die(out: int) -> None:
        with turn(tmp_path, 60):
            os.write(out, b"!")
            os.kill(os.getpid(), 9)

    pid, pipe = forked(die)
    assert pipe.read(1) == b"!"
    os.waitpid(pid, 0)
    pipe.close()
    assert not held(tmp_path)


def test_a_folder_that_cannot_be_locked_does_no_harm(tmp_path: Path) -> None:
    """The turn only orders; what keeps writers apart is SQLite's lock."""
    with turn(tmp_path / "nothing", 60):
        pass
