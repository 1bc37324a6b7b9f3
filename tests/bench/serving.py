"""What a room costs: a page against a bare one of Voilà, answers to saves, memory of a kernel.

python -m tests.bench.serving
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright
from rich.console import Console
from rich.table import Table

from tests.support import programs
from tests.support.rooms import private, room, together
from tests.support.served import free_port, running
from tests.support.visits import serving

EXPERTS, APPLICANTS = 7, 4
PAUSE = 1.0
"""Seconds before each value: without one, seven browsers on the server's own cores measure themselves."""
REPEATS = 5


def ready(browser: Browser, first: str, url: str, sign: str) -> tuple[float, int]:
    """Median seconds until ``sign`` is on the page, and the requests that it takes, after the page
    was opened once by ``first``.
    """
    page = browser.new_context().new_page()
    page.set_default_timeout(120_000)
    page.goto(first)
    page.locator(sign).first.wait_for()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    took = []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        page.goto(url)
        page.locator(sign).first.wait_for()
        took.append(time.perf_counter() - begun)
    page.context.close()
    return median(took), len(requests) // REPEATS


def bare(browser: Browser, folder: Path) -> tuple[float, int]:
    """The same for a notebook that shows one slider, in Voilà as it is."""
    cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    source = "import ipywidgets\nipywidgets.IntSlider()"
    kernel = {"kernelspec": {"name": "python3", "display_name": "", "language": "python"}}
    book = {"cells": [{**cell, "source": source}], "metadata": kernel}
    (folder / "bare.ipynb").write_text(json.dumps({**book, "nbformat": 4, "nbformat_minor": 4}))
    command = [sys.executable, "-m", "voila", str(folder / "bare.ipynb"), "--no-browser"]
    command += [f"--port={free_port()}", "--Voila.ip=127.0.0.1"]
    with running(command, folder, r"http://127\.0\.0\.1:\d+/") as server:
        return ready(browser, server.url, server.url, ".widget-slider")


def main() -> None:
    """Measure and print."""
    folder = Path(tempfile.mkdtemp())
    codes = room(folder / "room", EXPERTS, APPLICANTS)
    table = Table("what", "figure")
    program = programs.program("chromium", "chromium-browser", package="chromium")
    with serving(folder / "room" / "round") as server:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=programs.ARGUMENTS)
            link = f"{server.url}login#code={codes['e1']}"
            ours = ready(browser, link, server.url, "input[data-indicator]")
            voila = bare(browser, folder)
            browser.close()
        alone = max(private(pid) for pid in server.kernels())
        took = together(server.url, codes, EXPERTS, APPLICANTS, PAUSE)
        kernels = [private(pid) for pid in server.kernels()]
        process = private(server.process.pid)
    table.add_row("form ready", f"{ours[0]:.2f} s, {ours[1]} requests")
    table.add_row("bare Voilà ready", f"{voila[0]:.2f} s, {voila[1]} requests")
    table.add_row("form ÷ bare", f"{ours[0] / voila[0]:.2f}")
    table.add_row(f"answers to {len(took)} saves, {EXPERTS} experts at once", "")
    for name, share in (("median", 50), ("p95", 95), ("p99", 99)):
        table.add_row(f"  {name}", f"{took[len(took) * share // 100]:.0f} ms")
    table.add_row("memory of a kernel, not shared", f"{alone} MB; after the round {max(kernels)}")
    table.add_row("memory of the server", f"{process} MB")
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
