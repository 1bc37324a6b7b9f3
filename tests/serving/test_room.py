"""A whole room at once, and everything that can end in the middle: nothing acknowledged is lost.

Samples run always; the full figures with ``make soak``.
"""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from evalkit.round import Round
from tests.support.rooms import ITEMS, points, private, room, together
from tests.support.served import PATIENCE, Server
from tests.support.visits import serving


@pytest.mark.browser
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    ("experts", "applicants", "pause"),
    [(2, 1, 0.0), pytest.param(7, 30, 1.0, marks=pytest.mark.soak)],
)
def test_a_room_full_of_experts(
    tmp_path: Path, experts: int, applicants: int, pause: float
) -> None:
    """Every value is right in the log, none is lost; then the lock, the results and the reports.

    A value a second is faster than anybody reads; without a pause the browsers, which are on this
    machine here, take all of it.
    """
    codes = room(tmp_path / "room", experts, applicants)
    folder = tmp_path / "room" / "round"
    with serving(folder) as server:
        took = together(server.url, codes, experts, applicants, pause)
        memory = {pid: private(pid) for pid in server.kernels()}
    assert len(took) == experts * applicants * len(ITEMS)
    print(
        f"\n{len(took)} answers: median {took[len(took) // 2]:.0f} ms, "
        f"p95 {took[len(took) * 95 // 100]:.0f} ms, most {took[-1]:.0f} ms; "
        f"{len(memory)} kernels of {max(memory.values())} MB at most"
    )
    with Round.open(folder) as workspace:
        history = workspace.history()
        for expert in (f"e{n}" for n in range(1, experts + 1)):
            for applicant in (f"a{n}" for n in range(1, applicants + 1)):
                cells = {i: history.cell(expert, applicant, i) for i in ITEMS}
                given = {i: c and c.payload["points"] for i, c in cells.items()}
                assert given == {i: points(expert, applicant, i) for i in ITEMS}
        workspace.lock()
        assert len(workspace.results().ranking) == applicants
        assert workspace.report(tmp_path / "reports").made == applicants


class Ending:
    """A room with one expert, in which something is killed now and then."""

    def __init__(self, folder: Path, code: str, browser: Browser) -> None:
        self.folder, self.code, self.browser = folder, code, browser
        self.stack = ExitStack()
        self.server: Server = self.stack.enter_context(serving(folder))
        self.page = self.opened()

    def opened(self) -> Page:
        """A new browser in which the expert logs in."""
        self.context = self.browser.new_context()
        page = self.context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(f"{self.server.url}login#code={self.code}")
        page.locator("input[data-indicator]").first.wait_for()
        return page

    def kill_kernel(self) -> None:
        """The expert's kernel."""
        for pid in self.server.kernels():
            os.kill(pid, signal.SIGKILL)

    def kill_server(self) -> None:
        """The server, which is started again by the same command."""
        port = urlsplit(self.server.url).port
        os.kill(self.server.process.pid, signal.SIGKILL)
        self.stack.close()
        self.server = self.stack.enter_context(serving(self.folder, "--port", str(port)))

    def kill_browser(self) -> None:
        """The browser, with all that it kept: only what was acknowledged is promised."""
        self.context.close()
        self.page = self.opened()


@pytest.fixture(name="ending")
def _ending(tmp_path: Path, browser: Browser) -> Iterator[Ending]:
    codes = room(tmp_path / "room", 1, 1)
    ending = Ending(tmp_path / "room" / "round", codes["e1"], browser)
    yield ending
    ending.context.close()
    ending.stack.close()


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("times", [3, pytest.param(200, marks=pytest.mark.soak)])
def test_whatever_ends_nothing_acknowledged_is_lost(ending: Ending, times: int) -> None:
    """And what was typed is stored without a hand, unless the browser itself is gone."""
    draw = random.Random(1)
    kinds: list[Callable[[], None]] = [
        *(ending.kill_kernel, ending.kill_browser, ending.kill_server)
    ]
    acknowledged: dict[str, str] = {}
    for turn in range(times):
        item, value = ITEMS[turn % 13], format(draw.randrange(1, 20) / 2, "g")
        box = ending.page.locator(f'input[data-indicator="{item}"]')
        row = ending.page.locator(".ek-row", has=box)
        box.fill(value)
        kill = kinds[turn] if turn < len(kinds) else draw.choice(kinds)
        before = draw.random() < 0.5
        if before:
            box.press("Enter")
            if kill == ending.kill_browser and row.get_attribute("data-state") == "saved":
                acknowledged[item] = value
        kill()
        if kill != ending.kill_browser:
            if not before:
                ending.page.keyboard.press("Enter")
            expect_saved(ending.page, item)
            acknowledged[item] = value
        stored = ending.server.cells("e1", "a1", ITEMS)
        assert {i: stored.get(i) for i in acknowledged if i != item} == {
            i: v for i, v in acknowledged.items() if i != item
        }
        if acknowledged.get(item) == value:
            assert stored[item] == value
        elif item in stored:
            acknowledged[item] = stored[item]


def expect_saved(page: Page, item: str) -> None:
    """Wait until the page says that an item is stored and nothing is on its way."""
    row = f'.ek-row[data-state="saved"]:has(input[data-indicator="{item}"])'
    page.locator(row).wait_for()
