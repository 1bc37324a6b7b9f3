"""Experts who score at once, each in a browser of their own, at one server."""

from __future__ import annotations

import asyncio
from pathlib import Path
from threading import Thread
from typing import Any

from playwright.async_api import Page as AsyncPage
from playwright.async_api import async_playwright

from evalkit.round import Round
from evalkit.serving.invitations import Invitations
from tests.support import programs
from tests.support.builders import panel_data, rubric_data, write
from tests.support.served import PATIENCE

ITEMS = [f"i{n}" for n in range(1, 14)]

WATCH = """
window.acknowledged = [];
const Bare = window.WebSocket, sent = new Map();
const text = (data) => (typeof data === "string" ? data : new TextDecoder().decode(data));
window.WebSocket = class extends Bare {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", ({ data }) => {
      const found = /"type": ?"saved", ?"event_id": ?"([^"]+)"/.exec(text(data));
      if (found && sent.has(found[1])) acknowledged.push(performance.now() - sent.get(found[1]));
    });
  }
  send(data) {
    const found = /"type": ?"save", ?"event_id": ?"([^"]+)"/.exec(text(data));
    if (found && !sent.has(found[1])) sent.set(found[1], performance.now());
    super.send(data);
  }
};
"""
"""Notes how long each save waits for its answer, in milliseconds, as the page sees it."""


def points(expert: str, applicant: str, item: str) -> str:
    """What an expert gives: tells all three apart, within 0 … 10 in steps of a half."""
    number = 7 * int(expert[1:]) + 3 * int(applicant[1:]) + int(item[1:])
    return format(number % 21 / 2, "g")


def room(folder: Path, experts: int, applicants: int) -> dict[str, str]:
    """A round of thirteen items with an invite for everybody; the codes."""
    folder.mkdir()
    ids = [f"a{n}" for n in range(1, applicants + 1)]
    file = write(folder, rubric_data([10] * 13), panel_data(experts, ids, {"step": "0.5"}))
    Round.create(folder / "round", file).log.close()
    with Invitations.open(folder / "round") as invitations:
        made = invitations.make(invitations.place.people)
    return {invitation.person.id: invitation.code for invitation in made}


async def score(
    page: AsyncPage, url: str, code: str, expert: str, applicants: int, pause: float
) -> list[float]:
    """Enter and submit all sheets by keyboard, with a ``pause`` (seconds) before each value; how
    many milliseconds the answers took.
    """
    page.set_default_timeout(3 * PATIENCE)  # all kernels start at once
    await page.add_init_script(WATCH)
    await page.goto(f"{url}login#code={code}")
    for applicant in (f"a{n}" for n in range(1, applicants + 1)):
        await page.locator(f'button[data-applicant="{applicant}"]').click()
        await page.locator(f'input[data-indicator="{ITEMS[0]}"]').focus()
        for item in ITEMS:
            await asyncio.sleep(pause)
            await page.keyboard.type(points(expert, applicant, item))
            await page.keyboard.press("Enter")
        rows = page.locator('.ek-row[data-state="saved"]')
        await rows.nth(len(ITEMS) - 1).wait_for()
        await page.locator(".ek-submit").click()
        await page.locator(".ek-confirm").click()
        done = f'button[data-applicant="{applicant}"][data-kind="submitted"]'
        await page.locator(done).wait_for()
    return await page.evaluate("acknowledged")


def together(
    url: str, codes: dict[str, str], experts: int, applicants: int, pause: float
) -> list[float]:
    """All experts at once, each in a browser of their own; what all answers took, sorted."""
    found: list[Any] = []

    async def run() -> None:
        program = programs.chromium()
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=program, args=programs.ARGUMENTS
            )
            pages = [await (await browser.new_context()).new_page() for _ in range(experts)]
            people = [f"e{n}" for n in range(1, experts + 1)]
            entering = [
                score(page, url, codes[person], person, applicants, pause)
                for page, person in zip(pages, people, strict=True)
            ]
            found.extend(await asyncio.gather(*entering))
            await browser.close()

    thread = Thread(target=lambda: asyncio.run(run()))  # the fixture's browser has a loop in this
    thread.start()
    thread.join()
    assert len(found) == experts
    return sorted(ms for one in found for ms in one)


def private(pid: int) -> int:
    """Megabytes that a process shares with no other."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    kilobytes = [int(line.split()[1]) for line in lines if line.startswith("Private_")]
    return sum(kilobytes) // 1024
