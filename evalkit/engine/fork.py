"""What a fork does: become a clean process, run the cells it is given, and end."""

from __future__ import annotations

import asyncio
import atexit
import json
import os
import random
import resource
import signal
import socket
import sys
import tempfile
import time
import traceback
from collections.abc import AsyncIterator
from typing import Any

from jupyter_client.session import json_unpacker, msg_header

from evalkit.engine.kernel import kernel_environment, transform_once
from evalkit.engine.streams import pump
from evalkit.engine.wire import Frame, Wire


def run(app: Any, descriptor: int) -> None:
    """Serve one notebook over the socket ``descriptor``. Does not return."""
    status = 1
    try:
        wire = Wire(socket.socket(fileno=descriptor))
        start, _ = wire.receive()
        _clean(app, start)
        _connect(app, wire)
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        serving = loop.create_task(_serve(app.kernel, wire))
        serving.add_done_callback(lambda _: loop.stop())
        loop.run_forever()  # also the notebook may stop it, as the shell does after an exit
        if serving.done():
            serving.result()
        _finish(app)
        status = 0
    except (EOFError, BrokenPipeError):
        pass  # the engine is gone, and nobody waits for an answer
    except BaseException:  # noqa: BLE001  (whatever it was, this process must not go on)
        if os.getpid() == app.kernel.session.pid:  # and not one that the notebook forked
            traceback.print_exc(file=sys.__stderr__)
    finally:
        os._exit(status)


def _clean(app: Any, start: dict[str, Any]) -> None:
    """A new session, and the environment, folder, limits and random numbers that were asked for."""
    os.setsid()
    atexit._clear()  # noqa: SLF001  (what the zygote registered is not for this process)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _environment(start["environ"])
    kernel_environment(app)
    time.tzset()
    tempfile.tempdir = None
    os.chdir(start["cwd"])
    if start["memory"] is not None:
        resource.setrlimit(resource.RLIMIT_DATA, (start["memory"], start["memory"]))
    random.seed(start["seed"])
    if (numpy := sys.modules.get("numpy")) is not None:
        seed = None if start["seed"] is None else start["seed"] % 2**32
        numpy.random.seed(seed)


def _environment(asked: dict[str, str]) -> None:
    """Make the environment what was asked for; most of it is so already."""
    for name in os.environ.keys() - asked.keys():
        del os.environ[name]
    for name, value in asked.items():
        if os.environ.get(name) != value:
            os.environ[name] = value


def _connect(app: Any, wire: Wire) -> None:
    session = app.kernel.session
    session.pid, session.wire = os.getpid(), wire
    os.register_at_fork(after_in_child=wire.socket.close)
    streams: Any = (sys.stdout, sys.stderr)
    for stream in streams:
        stream.attach()
    pump(streams)
    language = json.dumps(app.kernel.language_info).encode()
    wire.send({"type": "ready", "pid": os.getpid()}, language)


async def _serve(kernel: Any, wire: Wire) -> None:
    """Run cells and hand on comm messages until the engine has no more."""
    async for head, parts in _frames(wire):
        if head["type"] == "all":
            kernel.stopped = False
            for one, part in zip(head["all"], parts, strict=True):
                if not kernel.stopped:
                    await _handle(kernel, one, json_unpacker(part), [])
        if head["type"] in {"all", "end"}:
            wire.send({"type": "ending"})
            return
        await _handle(kernel, head, json_unpacker(parts[0]), parts[1:])


async def _frames(wire: Wire) -> AsyncIterator[Frame]:
    """What the engine sends. While there is nothing, what the notebook left in the loop runs."""
    loop, arrived = asyncio.get_running_loop(), asyncio.Event()

    def fill() -> None:
        try:
            wire.fill()
        except EOFError:
            loop.remove_reader(wire.socket)
            ended.append(True)
        arrived.set()

    ended: list[bool] = []
    loop.add_reader(wire.socket, fill)
    while True:
        while (frame := wire.take()) is None:
            if ended:
                raise EOFError
            arrived.clear()
            await arrived.wait()
        yield frame


async def execute(kernel: Any, id: str, code: str) -> None:
    """Run a cell as the engine asks for it."""
    content = {"code": code, "silent": False, "store_history": True}
    await _handle(kernel, {"type": "execute_request", "id": id}, content, [])


async def _handle(
    kernel: Any, head: dict[str, Any], content: dict[str, Any], buffers: list[bytes]
) -> None:
    """What `ipykernel.kernelbase.Kernel.dispatch_shell` does around a request."""
    session = kernel.session
    header = msg_header(head["id"], head["type"], session.username, session.session)
    same = {"parent_header": {}, "metadata": {}, "content": content, "buffers": buffers}
    message = {"header": header, "msg_id": head["id"], "msg_type": head["type"], **same}
    kernel.set_parent([], message)
    kernel._publish_status("busy", "shell")  # noqa: SLF001
    kernel.pre_handler_hook()
    try:
        if head["type"] == "execute_request":
            transform_once(kernel.shell, content["code"], plain=head.get("plain", False))
            await kernel.execute_request(None, [], message)
        else:
            kernel.comm_manager.comm_msg(None, [], message)
    except KeyboardInterrupt:
        pass  # it came too late for the cell, and nobody waits for it
    finally:
        kernel.post_handler_hook()
    for stream in (sys.stdout, sys.stderr, kernel._stdout, kernel._stderr):  # noqa: SLF001
        if stream is not None:  # as a notebook may have made it
            stream.flush()
    kernel._publish_status("idle", "shell")  # noqa: SLF001


def _finish(app: Any) -> None:
    """End as an interpreter does: exit functions, then objects, so that files are whole."""
    atexit._run_exitfuncs()  # noqa: SLF001  (as multiprocessing ends its forks)
    app.shell.user_ns.clear()
    app.shell.history_manager.output_hist.clear()
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream is not None:
            stream.flush()
