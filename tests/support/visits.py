"""The other side of `evalkit serve`, without a browser: requests, cookies and websockets."""

from __future__ import annotations

import json
import re
import sqlite3
import ssl
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPMessage, HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from jupyter_server.services.kernels.connection.base import (
    deserialize_msg_from_ws_v1,
    serialize_msg_to_ws_v1,
)
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from evalkit.round import Round
from evalkit.serving.access import FILE
from evalkit.serving.invitations import Invitations
from tests.support.builders import DEMO
from tests.support.served import Server, free_port, running

PROTOCOL = "v1.kernel.websocket.jupyter.org"
SECRET = "乙的秘密评语"
"""Stands in a comment of e2, and in no answer to anybody else."""


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")


@dataclass
class Visit:
    """One visitor: what a browser keeps, and what it sends along."""

    url: str
    cookies: dict[str, str] = field(default_factory=dict)
    kernel: str = ""

    @property
    def host(self) -> str:
        """Host and port."""
        return urlsplit(self.url).netloc

    def request(
        self,
        method: str,
        path: str,
        body: bytes | str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request, with the cookies; those of the answer are kept."""
        place = urlsplit(self.url)
        if place.scheme == "https":
            trusting = ssl._create_unverified_context()
            made: HTTPConnection = HTTPSConnection(place.netloc, timeout=60, context=trusting)
        else:
            made = HTTPConnection(place.netloc, timeout=60)
        sent = dict(headers or {})
        if self.cookies and "Cookie" not in sent:
            sent["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        try:
            made.request(method, path, body=body, headers=sent)
            found = made.getresponse()
            answer = Answer(found.status, found.headers, found.read())
        finally:
            made.close()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value.strip('"')
            if not self.cookies[name]:
                del self.cookies[name]
        return answer

    def post(self, path: str, headers: Mapping[str, str] | None = None, **values: str) -> Answer:
        """Send a form as the page of ``path`` would."""
        page = self.request("GET", path).text
        found = re.search(r'name="_xsrf" value="([^"]+)"', page)
        values |= {"_xsrf": found[1]} if found else {}
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.request("POST", path, urlencode(values), {**kind, **(headers or {})})

    def log_in(self, code: str) -> Answer:
        """Type a code."""
        return self.post("/login", code=code)

    def open(self, path: str = "/") -> str:
        """Open a notebook's page; the id of its kernel."""
        page = self.request("GET", path)
        assert page.status == 200, page.text
        found = re.search(r'"kernelId": ?"([0-9a-f-]{36})"', page.text)
        assert found, page.text[-3000:]
        self.kernel = found[1]
        return self.kernel

    def channel(self, kernel: str = "", headers: Any = None, **options: Any) -> ClientConnection:
        """The websocket of the kernel, as the page opens it."""
        place = urlsplit(self.url)
        scheme = "wss" if place.scheme == "https" else "ws"
        cookies = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        given = {"origin": f"{place.scheme}://{place.netloc}", "subprotocols": [PROTOCOL]}
        return connect(
            f"{scheme}://{place.netloc}/api/kernels/{kernel or self.kernel}/channels?session_id=s",
            additional_headers={"Cookie": cookies, **(headers or {})},
            max_size=None,
            **{**given, **options},
        )


def connects(visit: Visit, kernel: str = "", **options: Any) -> bool:
    """Whether a websocket opens."""
    try:
        with visit.channel(kernel, **options):
            return True
    except (WebSocketException, OSError):
        return False


def message(kind: str, content: Any, channel: str = "shell", metadata: Any = None) -> bytes:
    """A message as the page sends it."""
    header = {
        "msg_id": uuid4().hex,
        "msg_type": kind,
        "username": "",
        "session": "s",
        "date": "2026-01-20T09:00:00Z",
        "version": "5.4",
    }
    parts = [json.dumps(part).encode() for part in (header, {}, metadata or {}, content)]
    return serialize_msg_to_ws_v1(parts, channel)


def read(frame: Any) -> tuple[str, Any]:
    """Kind and content of a message to the page."""
    _channel, parts = deserialize_msg_from_ws_v1(frame)
    return json.loads(parts[0])["msg_type"], json.loads(parts[3])


def asked(socket: ClientConnection, *sent: bytes) -> list[tuple[str, Any]]:
    """Send messages, then two questions that every page may ask: everything that comes until both
    are answered and the kernel says that it is done with the last.

    A kernel takes the messages of each channel in their order, so that whatever the first ones do
    has been done and said by then.
    """
    last = message("comm_info_request", {})
    _channel, parts = deserialize_msg_from_ws_v1(last)
    id, found = json.loads(parts[0])["msg_id"], []
    for frame in (*sent, message("kernel_info_request", {}, "control"), last):
        socket.send(frame)
    awaited = {"comm_info_reply", "kernel_info_reply", "idle"}
    while awaited:
        _channel, parts = deserialize_msg_from_ws_v1(socket.recv(timeout=60))
        kind, content = json.loads(parts[0])["msg_type"], json.loads(parts[3])
        found.append((kind, content))
        own = kind == "status" and json.loads(parts[1]).get("msg_id") == id
        awaited.discard(content["execution_state"] if own else kind)
    return found


@dataclass
class World:
    """A server, two experts who have opened their sheets, and everybody's codes."""

    server: Server
    codes: dict[str, str]
    a: Visit
    b: Visit

    @property
    def folder(self) -> Path:
        """The round."""
        return self.server.folder

    def nobody(self) -> Visit:
        """Somebody without a login."""
        return Visit(self.server.url)

    def visitor(self, person: str) -> Visit:
        """Another browser of somebody with an invite."""
        visit = self.nobody()
        assert visit.log_in(self.codes[person]).status == 303
        return visit

    def forgive(self) -> None:
        """Let no attempt count any more."""
        with sqlite3.connect(self.folder / FILE) as db:
            db.execute("DELETE FROM attempt")


def new_round(folder: Path) -> dict[str, str]:
    """A round of the demo with an invite for everybody; the codes."""
    Round.create(folder, DEMO / "panel.yaml").log.close()
    with Invitations.open(folder) as invitations:
        made = invitations.make(invitations.place.people)
    return {invitation.person.id: invitation.code for invitation in made}


@contextmanager
def serving(folder: Path, *options: str, code: str = "") -> Iterator[Server]:
    """``evalkit serve``; ``code`` is Python that is run before it."""
    begin = f"{code}\nimport sys; from evalkit.cli import main; main(sys.argv[1:])"
    start = ["-c", begin] if code else ["-m", "evalkit"]
    command = [sys.executable, *start, "serve", str(folder), "--port", free_port(), *options]
    with running(command, folder, r"https?://[^/\s]+/") as server:
        yield server
