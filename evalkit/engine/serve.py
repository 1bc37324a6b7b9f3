"""The zygote: a process that warms up once and then gives a fork of itself to each notebook.

``python -m evalkit.engine.serve DESCRIPTOR NAME…`` imports or calls what is named and serves
on the socket DESCRIPTOR until the other end closes it.
"""

from __future__ import annotations

import asyncio
import gc
import os
import pkgutil
import signal
import socket
import struct
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from evalkit.base.memory import keeping

ORDER = struct.Struct(">cI")
"""What the engine asks of the zygote: a letter and a process id."""

FORK, END = b"F", b"E"
"""A new fork, for the socket that comes with the order; the end of a fork and its group."""

READY = b"R"
"""What the zygote says once it can be forked."""

WARM_UP = ("None", "1", "print(1)", "display(1)", "1 / 0", "%who")
"""Cells that import and cache what every cell needs, tracebacks and magics too."""


def main(descriptor: int, names: list[str]) -> None:
    """Warm up and serve."""
    if sys.path[0] == "" or Path(sys.path[0]) == Path.cwd():
        del sys.path[0]  # as ipykernel_launcher does; the application puts "" in its place
    control = socket.socket(fileno=descriptor)
    app = _warm(names)
    if (n := threads()) > 1:
        words = f"{n} threads after {names}: not safe to fork"
        print(words, file=sys.__stderr__, flush=True)
        os._exit(1)  # without waiting for them
    gc.collect()
    gc.freeze()
    control.sendall(READY)
    _serve(app, control)


def threads() -> int:
    """The number of threads of this process, those of C libraries included where Linux tells."""
    tasks = Path("/proc/self/task")
    return len(list(tasks.iterdir())) if tasks.exists() else threading.active_count()


@keeping
def _warm(names: list[str]) -> Any:
    """ipykernel's application, ``names`` imported (a module) or called (module:function)."""  # noqa: D403
    import ipykernel_launcher  # type: ignore[import-untyped]

    from evalkit.engine import fork, kernel

    sys.argv = [ipykernel_launcher.__file__]
    app = kernel.create()
    for name in names:
        found = pkgutil.resolve_name(name)
        if callable(found):
            found()
    with kernel.forgetting(app):
        for code in WARM_UP:
            asyncio.run(fork.execute(app.kernel, "", code))
    return app


def _serve(app: Any, control: socket.socket) -> None:
    from evalkit.engine import fork

    alive: set[int] = set()
    while True:
        order, sockets, _flags, _address = socket.recv_fds(control, ORDER.size, 1)
        if not order:
            break
        letter, pid = ORDER.unpack(order)
        if letter == END:
            _end(pid, alive)
            continue
        if (pid := os.fork()) == 0:
            control.close()
            fork.run(app, sockets[0])
        os.close(sockets[0])
        alive.add(pid)
    for pid in set(alive):
        _end(pid, alive)


def _end(pid: int, alive: set[int]) -> None:
    """Kill a fork with all that it started, and let the system forget it."""
    if pid not in alive:
        return
    alive.remove(pid)
    for kill in (os.killpg, os.kill):  # before it has a group of its own there is only itself
        with suppress(ProcessLookupError):
            kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
