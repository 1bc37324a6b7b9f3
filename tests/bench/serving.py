"""What a room costs: a page against a bare one of Voilà, answers to saves, memory of a kernel.

python -m tests.bench.serving
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Self

from playwright.sync_api import Browser, Page, sync_playwright
from rich.console import Console
from rich.table import Table

from tests.support import programs
from tests.support.rooms import private, room, together
from tests.support.served import free_port, running
from tests.support.visits import serving

EXPERTS, APPLICANTS = 7, 4
PAUSE = 1.0
"""Seconds before each value: without, seven browsers on the server's cores measure themselves."""
REPEATS = 9


@dataclass
class Visited:
    """A page that is opened again and again, the sign that it is ready, and what that took."""

    page: Page
    url: str
    sign: str
    took: list[float] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    @classmethod
    def first(cls, browser: Browser, url: str, then: str, sign: str) -> Self:
        """``then``, once ``url`` was opened in a window of its own."""
        page = browser.new_context().new_page()
        page.set_default_timeout(120_000)
        page.goto(url)
        page.locator(sign).first.wait_for()
        visited = cls(page, then, sign)
        page.on("request", lambda request: visited.requests.append(request.url))
        return visited

    def again(self) -> None:
        """Open it and wait."""
        begun = time.perf_counter()
        self.page.goto(self.url)
        self.page.locator(self.sign).first.wait_for()
        self.took.append(time.perf_counter() - begun)

    def __str__(self) -> str:
        return f"{median(self.took):.2f} s, {len(self.requests) // len(self.took)} requests"


@contextmanager
def bare(folder: Path) -> Iterator[str]:
    """The address of a notebook that shows one slider, in Voilà as it is."""
    cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    source = "import ipywidgets\nipywidgets.IntSlider()"
    kernel = {"kernelspec": {"name": "python3", "display_name": "", "language": "python"}}
    book = {"cells": [{**cell, "source": source}], "metadata": kernel}
    (folder / "bare.ipynb").write_text(json.dumps({**book, "nbformat": 4, "nbformat_minor": 4}))
    command = [sys.executable, "-m", "voila", str(folder / "bare.ipynb"), "--no-browser"]
    command += [f"--port={free_port()}", "--Voila.ip=127.0.0.1"]
    with running(command, folder, r"http://127\.0\.0\.1:\d+/") as server:
        yield server.url


def opened(link: str, form: str, voila: str) -> tuple[Visited, Visited]:
    """The form and the bare page, in turns: what else the machine does meets both."""
    program = programs.chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=programs.ARGUMENTS)
        ours = Visited.first(browser, link, form, "input[data-indicator]")
        theirs = Visited.first(browser, voila, voila, ".widget-slider")
        for _ in range(REPEATS):
            ours.again()
            theirs.again()
        browser.close()
    return ours, theirs


def main() -> None:
    """Measure and print."""
    folder = Path(tempfile.mkdtemp())
    codes = room(folder / "room", EXPERTS, APPLICANTS)
    table = Table("what", "figure")
    with serving(folder / "room" / "round") as server:
        with bare(folder) as voila:
            ours, theirs = opened(f"{server.url}login#code={codes['e1']}", server.url, voila)
        alone = max(private(pid) for pid in server.kernels())
        took = together(server.url, codes, EXPERTS, APPLICANTS, PAUSE)
        kernels = [private(pid) for pid in server.kernels()]
        process = private(server.process.pid)
    table.add_row("form ready", str(ours))
    table.add_row("bare Voilà ready", str(theirs))
    ratios = [a / b for a, b in zip(ours.took, theirs.took, strict=True)]
    table.add_row("form ÷ bare, median of the pairs", f"{median(ratios):.2f}")
    table.add_row(f"answers to {len(took)} saves, {EXPERTS} experts at once", "")
    for name, share in (("median", 50), ("p95", 95), ("p99", 99)):
        table.add_row(f"  {name}", f"{took[len(took) * share // 100]:.0f} ms")
    table.add_row("memory of a kernel, not shared", f"{alone} MB; after the round {max(kernels)}")
    table.add_row("memory of the server", f"{process} MB")
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
