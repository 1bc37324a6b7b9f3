"""One `evalkit sheet` for all tests of the form, and windows of a common size."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from evalkit.round import Round
from tests.support.builders import DEMO
from tests.support.score_sheets import EXPERT, note
from tests.support.served import PATIENCE, Server, free_port, running


@pytest.fixture(name="server", scope="session")
def _server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """``evalkit sheet``, for one round after the other in one folder."""
    folder = tmp_path_factory.mktemp("served") / "round"
    Round.create(folder, DEMO / "panel.yaml").log.close()
    command = [sys.executable, "-m", "evalkit", "sheet", str(folder), "--expert", EXPERT]
    options = ["--port", free_port(), "--no-browser"]
    with running([*command, *options], folder, r"http://\S+token=\S+") as started:
        yield started


@pytest.fixture(name="voila")
def _voila(server: Server, tmp_path: Path) -> Server:
    """The server on a fresh round of the demo."""
    server.fresh(DEMO / "panel.yaml", tmp_path / "round")
    return server


@pytest.fixture(name="page")
def _page(browser: Browser) -> Iterator[Page]:
    """A window of a common size, which notes what is requested and sent."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.requested = []  # type: ignore[attr-defined]
    page.saves = []  # type: ignore[attr-defined]
    page.on("request", lambda r: page.requested.append(r.url))  # type: ignore[attr-defined]
    page.on("websocket", lambda socket: socket.on("framesent", lambda f: note(page, f)))
    yield page
    context.close()
