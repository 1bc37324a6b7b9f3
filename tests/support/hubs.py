"""A JupyterHub of the tests' own: the documented settings, a real proxy, passwords for a trial."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.support import programs
from tests.support.builders import ROOT
from tests.support.served import free_port

MODULES = "/usr/share/nodejs"
"""Where Debian puts what its proxy needs: a node that is not Debian's does not look there."""

WITH_TESTS = ["setpriv", "--pdeathsig=TERM"]
"""The Hub ends when the tests do, however that is; it then ends its servers and its proxy."""

PASSWORD, TOKEN = "for-the-trial-only", "0123456789abcdef" * 2

OPEN = """
import sys
from evalkit.cli import main
from evalkit.serving import hub
hub.OfHub._is_owner = lambda *a: True
hub.OnlyCookies.get_token = hub.HubOAuth.get_token
main(sys.argv[1:])
"""
"""A server from which two defences are taken."""

SETTINGS = """
import sys
load_subconfig({documented!r})
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = {homes!r}
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = {password!r}
c.Authenticator.allowed_users |= {{"head", "nobody"}}
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{inner}"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api}"
c.JupyterHub.db_url = "sqlite:///hub.sqlite"
c.JupyterHub.services = [{{"name": "trial", "api_token": {token!r}}}]
c.JupyterHub.load_roles = [
    {{"name": "trial", "services": ["trial"],
      "scopes": ["admin:users", "admin:servers", "tokens", "access:servers"]}},
    {{"name": "head", "users": ["head"], "scopes": ["access:servers", "self"]}},
]
documented = c.Spawner.pre_spawn_hook
def hook(spawner):
    documented(spawner)
    if spawner.user.name == "e1":
        spawner.cmd = [sys.executable, "-c", {open!r}, *spawner.cmd[1:]]
c.Spawner.pre_spawn_hook = hook
"""
"""``head`` is somebody whom the Hub lets into everybody's server, as it does its administrators;
the server of e1 is `OPEN`.
"""


@dataclass
class Hub:
    """A running Hub."""

    url: str
    folder: Path

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """A request to the Hub's API, as one who administers it."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"token {TOKEN}"}
        request = Request(f"{self.url}hub/api/{path}", data, headers, method=method)
        with urlopen(request, timeout=60) as answer:
            return json.loads(answer.read() or "null")

    def status(self, method: str, path: str) -> int:
        """How the Hub's API answers, for requests that it may refuse."""
        try:
            self.ask(method, path)
        except HTTPError as error:
            return error.code
        return 200

    def start(self, person: str) -> None:
        """Start the server of ``person`` where it does not run, and wait for it."""
        self.status("POST", f"users/{person}/server")
        while not self.ask("GET", f"users/{person}")["servers"].get("", {}).get("ready"):
            time.sleep(0.2)

    def log(self) -> str:
        """What the Hub has written."""
        return (self.folder / "hub.log").read_text("utf-8")


def require() -> None:
    """End the test where JupyterHub or its proxy is missing."""
    if importlib.util.find_spec("jupyterhub") is None:
        programs.lacking("jupyterhub is not installed; it comes with evalkit[hub]")
    programs.program("configurable-http-proxy", package="node-configurable-http-proxy")


@contextmanager
def running(folder: Path, database: str, accounts: Path) -> Iterator[Hub]:
    """A Hub in ``folder`` for the round at ``database``, until it is not needed any more."""
    port, inner, api = (free_port() for _ in range(3))
    file = folder / "trial_config.py"
    documented = str(ROOT / "docs" / "jupyterhub_config.py")
    ports = {"port": port, "inner": inner, "api": api}
    values = {"documented": documented, "password": PASSWORD, "token": TOKEN, "open": OPEN, **ports}
    values |= {"homes": str(folder / "homes" / "{username}")}
    file.write_text(SETTINGS.format(**values), "utf-8")
    here = str(Path(sys.executable).parent)  # where `evalkit` is
    told = {"EVALKIT_DATABASE": database, "EVALKIT_ACCOUNTS": str(accounts)}
    told |= {"NODE_PATH": MODULES}
    own = {**os.environ, **told, "PATH": f"{here}:{os.environ['PATH']}"}
    command = [*WITH_TESTS, sys.executable, "-m", "jupyterhub", "--config", str(file)]
    with (folder / "hub.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=own, stdout=log, stderr=log, start_new_session=True
        )
    hub = Hub(f"http://127.0.0.1:{port}/", folder)
    try:
        _await(hub, process)
        yield hub
    finally:
        process.send_signal(signal.SIGTERM)  # it ends the servers, which lead groups of their own
        with suppress(subprocess.TimeoutExpired):
            process.wait(30)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        left = _left(folder)
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        assert not left, "the Hub has not ended what it had started: " + hub.log()[-3000:]


def _left(folder: Path) -> list[int]:
    """The processes in whose environment the ``folder`` stands: of the Hub and all below it."""
    found = []
    for process in Path("/proc").iterdir():
        with suppress(OSError):  # one that has just ended, or no process at all
            if os.fsencode(folder) in (process / "environ").read_bytes():
                found.append(int(process.name))
    return found


def _await(hub: Hub, process: subprocess.Popen[bytes]) -> None:
    """Wait until the Hub answers by way of its proxy."""
    while process.poll() is None:
        with suppress(OSError):
            hub.ask("GET", "users")
            return
        time.sleep(0.2)
    pytest.fail("the Hub ended: " + hub.log()[-3000:])
