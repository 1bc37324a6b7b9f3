"""The websocket between a page and its kernel: what may pass in each direction."""

from __future__ import annotations

import json
import logging
from typing import Any
from urllib.parse import urlsplit

from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from tornado.web import HTTPError
from voila.tornado.kernel_websocket_handler import (
    VoilaKernelWebsocketHandler,
    read_header_from_binary_message,
)

from evalkit.serving.identity import Known, Visitor

MAX_MESSAGE = 1 << 20
"""Bytes of a message from a page; the longest that the form sends is some kilobytes."""

MAX_PARTS = 64

INWARD = {"comm_open", "comm_close", "comm_msg", "comm_info_request", "kernel_info_request"}
CONTROL = "jupyter.widget.control"
"""The one comm that a page opens: it asks for the widgets that the notebook has made."""

OUTWARD = {
    *("status", "iopub_welcome", "kernel_info_reply", "comm_info_reply"),
    *("comm_open", "comm_close", "comm_msg"),
}
"""What goes to the page: no outputs of code, no code, and no errors with their tracebacks."""

LOGIN_LOST, ENDED = 4401, 4410
"""Codes with which a websocket is closed: the login is not good any more; the kernel is gone."""

_log = logging.getLogger(__name__)


class Refusal(Exception):  # noqa: N818  (not an error of ours)
    """A message that no page of ours sends."""


def admitted(message: bytes | str, protocol: str | None) -> bool:
    """Whether a message from a page goes on to its kernel. Raises Refusal for what is no message of
    the websocket's ``protocol`` v1.kernel.websocket.jupyter.org, the one that pages speak.
    """
    if not protocol or not isinstance(message, bytes):
        raise Refusal
    _counted(message)
    try:
        channel, parts = deserialize_msg_from_ws_v1(message)  # type: ignore[no-untyped-call]
        header, content = json.loads(parts[0]), json.loads(parts[3])
        kind, target = header["msg_type"], content.get("target_name")
    except Exception as error:
        raise Refusal from error
    if channel not in {"shell", "control"} or kind not in INWARD:
        return False
    return kind != "comm_open" or target == CONTROL


def _counted(message: bytes) -> None:
    """Refuse a number of parts that no message has: whoever reads it would count that far."""
    parts = int.from_bytes(message[:8], "little")
    if not 6 <= parts <= MAX_PARTS or len(message) < 8 * (parts + 1):
        raise Refusal


class Connection(ZMQChannelsWebsocketConnection):
    """Passes on what `admitted` lets through, and ends with its kernel."""

    def handle_incoming_message(self, incoming_msg: str) -> None:
        """Pass a message on to the kernel, drop it, or close where it is none."""
        try:
            passes = admitted(incoming_msg, self.subprotocol)
        except Refusal:
            self.websocket_handler.close(1003)
            return
        if passes:
            super().handle_incoming_message(incoming_msg)

    def on_restart_failed(self) -> None:
        """The kernel has died: let the page know."""
        super().on_restart_failed()  # type: ignore[no-untyped-call]
        self.websocket_handler.close(ENDED)


class Channels(VoilaKernelWebsocketHandler):
    """A page's connection: only from pages of this server, only while the login is good."""

    @property
    def known(self) -> Known:
        """Who is who."""
        return self.settings["identity_provider"]

    def check_origin(self, origin: str | None = None) -> bool:
        """Whether the page that connects is of this very server."""
        given = urlsplit(origin or self.get_origin() or "")
        here = self.known.scheme(self), self.request.host
        return (given.scheme, given.netloc.lower()) == (here[0], here[1].lower())

    async def prepare(self) -> Any:
        """Refuse other origins, and requests that do not say where they come from."""
        if not self.check_origin():
            raise HTTPError(403)
        return await super().prepare()

    async def open(self, kernel_id: str) -> None:
        """Connect, known to the server, which closes it when the login ends."""
        self.settings["connected"].add(self)
        await super().open(kernel_id)

    def on_close(self) -> None:
        """Forget the connection."""
        self.settings["connected"].discard(self)
        if getattr(self, "connection", None) is not None:
            super().on_close()

    def write_error(self, status_code: int, **_info: Any) -> None:  # noqa: ARG002
        """Refuse without a word."""
        self.finish()

    def on_message(self, ws_message: Any) -> None:
        """Take a message, unless the login has ended meanwhile."""
        if not self.good():
            self.close(LOGIN_LOST)
        elif self.connection is not None:
            super().on_message(ws_message)

    def good(self) -> bool:
        """Whether the login of this connection still holds, as far as it is known."""
        visitor = self.current_user
        return isinstance(visitor, Visitor) and self.known.still(visitor)

    async def renewed(self) -> bool:
        """Whether the login of this connection still holds, after asking."""
        if isinstance(self.current_user, Visitor):
            await self.known.renew(self.current_user)
        return self.good()

    def write_message(self, message: Any, binary: bool = False) -> Any:  # noqa: FBT001, FBT002
        """Send to the page what `OUTWARD` names; what went wrong in the kernel is the server's."""
        header = read_header_from_binary_message(message) if isinstance(message, bytes) else None
        header = header or {}
        if header.get("msg_type") in OUTWARD:
            return super().write_message(message, binary)
        if header.get("msg_type") in {"stream", "error"}:
            _log.warning("kernel %s: %s", self.kernel_id, message.decode("utf-8", "replace"))
        return None
