"""ipykernel without its sockets: the same application, kernel and shell; messages are captured.

A notebook can look at them, so classes have the names of those they derive from.
"""

# mypy: disable-error-code="no-untyped-call,assignment"

from __future__ import annotations

import json
import os
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from types import SimpleNamespace
from typing import Any

from ipykernel import ipkernel, kernelapp
from ipykernel.compiler import XCachingCompiler, get_tmp_hash_seed, murmur2_x86
from ipykernel.displayhook import ZMQDisplayHook
from jupyter_client import session
from jupyter_client.jsonutil import json_default
from tornado.ioloop import IOLoop

from evalkit.engine.streams import OutStream
from evalkit.engine.wire import Wire

OPTIONS = ["--HistoryManager.hist_file=:memory:", "--Kernel._execute_sleep=0"]
"""History as nbclient has it, and no pause after each cell for a socket that is not there."""

LATER = frozenset(["execute_result", "execute_reply"])
"""Messages that others of the same cell follow at once; all go together."""

MENDED = frozenset(["stream", "part", "error", "execute_reply"])
"""Messages whose text a kernel would lose, and their reader wait without end, where UTF-8 has no
character for it. The sender of any other gets the error, as in a kernel."""


HALF = re.compile("[\ud800-\udfff]")
"""Half of a surrogate pair, for which UTF-8 has no bytes."""


class Session(session.Session):
    """A session that hands every message to the engine instead of to a ZeroMQ socket."""

    wire: Wire | None = None

    def msg_header(self, msg_type: str) -> dict[str, Any]:
        """A header without a clock and random ids: the engine needs neither."""
        return {"msg_id": "", "msg_type": msg_type, "username": self.username, "session": ""}

    def send(  # the signature is that of jupyter_client
        self,
        stream: Any,  # noqa: ARG002
        msg_or_type: Any,
        content: Any = None,
        parent: Any = None,
        ident: Any = None,  # noqa: ARG002
        buffers: Any = None,
        track: bool = False,  # noqa: ARG002, FBT001, FBT002
        header: Any = None,
        metadata: Any = None,
    ) -> dict[str, Any]:
        """Send a message as a frame; a process forked by the notebook sends none."""
        if isinstance(msg_or_type, dict):
            msg = msg_or_type
        else:
            msg = self.msg(msg_or_type, content, parent, header, metadata)
        if self.wire is None or os.getpid() != self.pid:
            return msg
        head = {"type": msg["header"]["msg_type"], "parent": msg["parent_header"].get("msg_id")}
        later = head["type"] in LATER or msg["content"].get("execution_state") == "busy"
        views = [memoryview(b).cast("B") for b in buffers or msg.get("buffers") or ()]
        self.wire.send(head, self._packed(head["type"], msg["content"]), *views, later=later)
        return msg

    def _packed(self, kind: str, content: Any) -> bytes:
        """The content as bytes; half of a surrogate pair is replaced where a kernel would lose it.

        A byte of a name of a file that is no text (PEP 383) goes as it is, and the engine replaces
        it, as nbclient does.
        """
        try:
            return self.pack(content)
        except UnicodeEncodeError:
            if kind not in MENDED:
                raise
            text = json.dumps(content, ensure_ascii=False, default=json_default)
            return HALF.sub("\N{REPLACEMENT CHARACTER}", text).encode()


class Compiler(XCachingCompiler):
    """Names cells as ipykernel does, in a folder that names neither user nor process.

    The name is seen in warnings. The hash, in plain Python, costs too much for a long plain cell.
    """

    plain = ""

    def get_code_name(self, raw_code: str, code: str, number: int) -> str:  # noqa: ARG002
        """The name of a cell as if it were a file."""
        plain = raw_code == self.plain
        name = "parameters" if plain else murmur2_x86(raw_code, get_tmp_hash_seed())
        return f"/tmp/ipykernel_0/{name}.py"  # noqa: S108  (a name, not a file)


class IPythonKernel(ipkernel.IPythonKernel):
    """ipykernel's kernel, to which requests are handed one by one."""

    compiler_class = Compiler

    stopped = False
    """Whether a cell has failed after which no other is to run."""

    @property
    def io_loop(self) -> IOLoop:  # type: ignore[override]
        """Tornado's view of the loop that runs cells, made when it is first asked for."""
        return IOLoop.current()

    def _abort_queues(self, subshell_id: str | None = None) -> None:  # noqa: ARG002
        """Cells that were sent ahead do not run; one that the engine still sends does."""
        self.stopped = True


class IPKernelApp(kernelapp.IPKernelApp):
    """ipykernel's application without transport; configuration, shell and magics are its own."""

    def _nothing(self) -> None:
        """Open no socket, start no thread, write no connection file."""

    init_connection_file = init_poller = init_sockets = init_heartbeat = _nothing
    write_connection_file = log_connection_info = _nothing

    def init_io(self) -> None:
        """Streams and display hook over the capturing session."""
        self.session = Session(parent=self)
        sys.stdout, sys.stderr = (OutStream(self.session, name) for name in ("stdout", "stderr"))
        self.displayhook = sys.displayhook = ZMQDisplayHook(self.session, None)
        self.patch_io()

    def init_kernel(self) -> None:
        """The kernel, which takes its main thread for the one that runs cells.

        It has no debugger: nothing can connect to one, and it is a third of the memory.
        """
        modules: dict[str, Any] = sys.modules
        modules["debugpy"] = None  # so that its import is refused
        self.kernel = IPythonKernel.instance(
            parent=self,
            session=self.session,
            shell_channel_thread=SimpleNamespace(parent_thread=threading.main_thread()),
            log=self.log,
            profile_dir=self.profile_dir,
            user_ns=self.user_ns,
        )
        del modules["debugpy"]
        self.displayhook.get_execution_count = lambda: self.kernel.execution_count


def create() -> Any:
    """The application, initialised as ``python -m ipykernel_launcher`` would be."""
    app: Any = IPKernelApp.instance()
    app.initialize(OPTIONS)
    if find_spec("debugpy") is not None:
        sys.breakpointhook = debugpy_breakpointhook
    return app


def debugpy_breakpointhook() -> None:
    """What becomes of ``breakpoint()`` where ipykernel finds debugpy, and nobody is connected."""


def kernel_environment(app: Any) -> None:
    """Set the variables that ipykernel adds to those of the process that starts it."""
    app.shell.init_environment()
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")


def transform_once(shell: Any, code: str, *, plain: bool) -> None:
    """Let the shell transform the next cell, ``code``, once; ipykernel asks for it twice.

    A ``plain`` cell is Python already. That saves much where it is one long string, on which the
    tokenizer of the standard library spends as much as on all other cells.
    """
    shell.compile.plain = code if plain else ""
    known = {code: code} if plain else {}

    def transform_cell(raw_cell: str) -> Any:
        if raw_cell not in known:
            known[raw_cell] = type(shell).transform_cell(shell, raw_cell)
        return known[raw_cell]

    shell.transform_cell = transform_cell


@contextmanager
def forgetting(app: Any) -> Iterator[None]:
    """Whatever cells are run inside, the shell is as new after it."""
    shell = app.shell
    spaces = shell.user_ns, shell.user_ns_hidden
    new = [dict(space) for space in spaces]
    yield
    shell.reset(new_session=True)
    shell.history_manager.db.close()
    shell.history_manager.init_db()
    shell.history_manager.new_session()
    shell.displayhook.exec_result = None
    for space, before in zip(spaces, new, strict=True):  # what a startup file of the user defined
        space.update({k: v for k, v in before.items() if k not in space})
