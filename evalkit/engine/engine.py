"""Papermill's engine and notebook client, with a fork of a warm process in place of a kernel."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache, cached_property
from time import monotonic
from typing import Any

from jupyter_client.session import Session, json_unpacker
from nbclient.client import timestamp
from nbclient.exceptions import CellExecutionComplete, CellTimeoutError, DeadKernelError
from nbclient.util import run_sync
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine
from papermill.log import logger

from evalkit.engine import checking, pool
from evalkit.engine.profile import without_profile
from evalkit.engine.wire import left
from evalkit.engine.zygote import Kind, Request

STOCK_ONLY = frozenset(
    "km kernel_manager_class interrupt_on_timeout error_on_timeout coalesce_streams "  # noqa: SIM905
    "extra_arguments timeout_func ipython_hist_file".split()
)
"""Options of nbclient that need a real kernel, and hooks besides (their names begin with on_)."""

INTERRUPTED = 2.5
"""Seconds that a cell may take to end once it is interrupted at its time limit."""


class Engine(NBClientEngine):
    """Papermill's own engine, except that each notebook runs in a fork instead of a new kernel."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        *,
        warm_imports: tuple[str, ...] = (),
        profile: bool = True,
        seed: int | None = None,
        memory_limit: int | None = None,
        ahead: bool = False,
        **options: Any,
    ) -> Any:
        """Run the notebook of ``nb_man``; `papermill.execute_notebook` hands on its options.

        ``warm_imports`` are modules that are imported once for all notebooks. Without ``profile``
        the user's IPython profile does not count, as it does in a kernel. ``seed`` starts
        `random`, and numpy's where it is among them; None leaves that to chance, as a new kernel
        does. ``memory_limit`` is in bytes. ``ahead`` sends all cells at once, see
        docs/warm-engine.md. What cannot run warm runs on papermill's own engine, and the log says
        why.
        """
        given = {name for name, value in options.items() if value is not None}
        needs = sorted(n for n in given if n in STOCK_ONLY or n.startswith("on_"))
        client = _client_options(kernel_name, options)
        kind = Kind(tuple(warm_imports), profile)
        reason = pool.unfit(kernel_name, needs, kind, client["startup_timeout"])
        if reason is not None:
            _say(str(reason))
            if profile:
                return super().execute_managed_notebook(nb_man, kernel_name, **options)
            with without_profile() as arguments:
                options["extra_arguments"] = [*options.get("extra_arguments", []), *arguments]
                return super().execute_managed_notebook(nb_man, kernel_name, **options)
        checking.install()
        start = {"kind": kind, "seed": seed, "memory": memory_limit}
        return Client(nb_man, start, ahead, **client).execute()


@cache
def _say(reason: str) -> None:
    """Log why notebooks do not run warm, once for all of them."""
    logger.warning(reason)


def _client_options(kernel_name: str, options: dict[str, Any]) -> dict[str, Any]:
    """What `NBClientEngine` makes of papermill's options for its client."""
    rest = dict(options)
    rest.pop("input_path", None)
    startup = rest.pop("start_timeout", 60)
    timeout = rest.pop("execution_timeout", None) or rest.pop("timeout", None)
    return {
        **rest,
        "timeout": timeout,
        "startup_timeout": startup,
        "kernel_name": kernel_name,
        "log": logger,
    }


class Client(PapermillNotebookClient):
    """Papermill's client; only how a notebook and a cell are run differs."""

    def __init__(self, nb_man: Any, start: dict[str, Any], ahead: bool, **options: Any) -> None:  # noqa: FBT001
        super().__init__(nb_man, **options)
        self._start, self._ahead = start, ahead
        self._sent: dict[int, str] = {}
        self._requests = 0

    def execute(self, **_options: Any) -> Any:
        """Run all cells in one fork; the executed notebook."""
        self.reset_execution_trackers()
        self._fork = pool.fork(timeout=self.startup_timeout, **self._start)
        self.kc = FrontEnd(self)
        try:
            if self._ahead and not self.allow_error_names:
                self._send_all()
            self.papermill_execute_cells()
            self._fork.finish()
        finally:
            self._fork.kill()
        self.nb.metadata["language_info"] = self._fork.language
        self.set_widgets_metadata()
        return self.nb

    def execute_cell(
        self,
        cell: Any,
        cell_index: int,
        execution_count: int | None = None,
        store_history: bool = True,  # noqa: FBT001, FBT002  (nbclient's signature)
    ) -> Any:
        """Run a cell as `nbclient.NotebookClient.async_execute_cell` does.

        Raises CellExecutionError, CellTimeoutError and DeadKernelError where nbclient does.
        """
        if not self._runs(cell):
            return cell
        if self.record_timing:
            cell["metadata"]["execution"] = {}
        parent = self._sent.get(cell_index)
        if parent is None:
            head, content = self._request(cell, store_history=store_history)
            self._fork.request(head, content)
            parent = head["id"]
        self.code_cells_executed += 1
        cell.outputs = []
        self.clear_before_next_output = False
        reply = self._receive(parent, cell, cell_index)
        if execution_count:
            cell["execution_count"] = execution_count
        if reply["content"]["status"] == "error":
            run_sync(self._check_raise_for_error)(cell, cell_index, reply)
        self.nb["cells"][cell_index] = cell
        return cell

    def _runs(self, cell: Any) -> bool:
        skipped = self.skip_cells_with_tag in cell.metadata.get("tags", [])
        return cell.cell_type == "code" and bool(cell.source.strip()) and not skipped

    def _request(self, cell: Any, *, store_history: bool = True) -> Request:
        """What asks the fork to run ``cell``. For ``plain`` see `kernel.transform_once`."""
        tags = cell.metadata.get("tags", [])
        content = {
            "code": cell.source,
            "silent": False,
            "store_history": store_history,
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": not (self.allow_errors or "raises-exception" in tags),
        }
        plain = "injected-parameters" in tags and bool(self.nb.metadata.papermill.parameters)
        return self._head("execute_request", plain=plain), content

    def _head(self, type: str, **more: Any) -> dict[str, Any]:
        self._requests += 1
        return {"type": type, "id": f"{self._requests}", **more}

    def _send_all(self) -> None:
        """Ask the fork to run all cells and then to end."""
        requests = {n: self._request(c) for n, c in enumerate(self.nb.cells) if self._runs(c)}
        self._sent = {n: head["id"] for n, (head, _content) in requests.items()}
        self._fork.request_all(list(requests.values()))

    def send(self, type: str, content: dict[str, Any]) -> None:
        """Send a message that is no cell to the fork."""
        self._fork.request(self._head(type), content)

    def _receive(self, parent: str, cell: Any, cell_index: int) -> dict[str, Any]:
        """Take in all messages of the request ``parent``; the reply to it.

        At the time limit the cell is interrupted, as by nbclient, and says where it was.
        """
        timeout = self._get_timeout(cell)
        self._unflushed: dict[str, str] = {}
        try:
            try:
                return self._take_in(parent, cell, cell_index, timeout)
            except TimeoutError:
                self._fork.interrupt()
                with suppress(TimeoutError, DeadKernelError):
                    self._take_in(parent, cell, cell_index, INTERRUPTED)
                raise CellTimeoutError.error_from_timeout_and_cell(
                    "Cell execution timed out", timeout, cell
                ) from None
        except (CellTimeoutError, DeadKernelError):
            for name, text in self._unflushed.items():
                msg = _message("stream", parent, {"name": name, "text": text})
                self.process_message(msg, cell, cell_index)
            raise

    def _take_in(
        self, parent: str, cell: Any, cell_index: int, timeout: float | None
    ) -> dict[str, Any]:
        """Do as `_receive` says. Raises TimeoutError after ``timeout`` seconds."""
        reply: dict[str, Any] = {}
        deadline = None if timeout is None else monotonic() + timeout
        while True:
            head, parts = self._fork.receive(left(deadline))
            if head["type"] == "ending":
                raise DeadKernelError("Kernel died")
            if head["parent"] != parent:
                continue
            content, *buffers = parts
            msg = _message(head["type"], parent, json_unpacker(content), buffers)
            name = msg["content"].get("name")
            if msg["msg_type"] == "execute_reply":
                reply = msg
                if self.record_timing:
                    cell["metadata"]["execution"]["shell.execute_reply"] = timestamp(msg)
            elif msg["msg_type"] == "part":
                self._unflushed[name] = self._unflushed.get(name, "") + msg["content"]["text"]
            else:
                if msg["msg_type"] == "stream":  # it has the parts in it
                    self._unflushed.pop(name, None)
                try:
                    self.process_message(msg, cell, cell_index)
                except CellExecutionComplete:
                    return reply


class FrontEnd:
    """The little that nbclient's output widget asks of a kernel client: to send a message."""

    def __init__(self, client: Client) -> None:
        self._client = client

    @cached_property
    def session(self) -> Session:
        """What builds messages."""
        return Session()

    @property
    def shell_channel(self) -> FrontEnd:
        """What sends messages."""
        return self

    def send(self, msg: dict[str, Any]) -> None:
        """Send ``msg`` to the notebook; it is handled before the next cell."""
        self._client.send(msg["header"]["msg_type"], msg["content"])


def _message(
    type: str, parent: str, content: dict[str, Any], buffers: Sequence[bytes] = ()
) -> dict[str, Any]:
    """A message as nbclient processes it."""
    return {
        "header": {"msg_type": type, "date": datetime.now(UTC)},
        "msg_type": type,
        "parent_header": {"msg_id": parent},
        "content": content,
        "buffers": buffers,
    }
