"""The experts' form in a browser: its fields, and what tests do with it by keyboard."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.support.served import PATIENCE, Server

EXPERT = "e3"

FIELDS = (
    *("major-projects", "core-technology", "talent-team", "dataset-quality", "data-sharing"),
    *("benchmark-solutions", "enterprise-service", "compute-service", "tools-models"),
    *("matchmaking", "collaboration", "training", "bonus.n1"),
)
SCORES = ("4.5", "8.5", "4", "8", "9", "12", "13", "6", "7", "4", "4", "5", "2.5")
"""The thirteen items of the first applicant, and points for each."""


def cells(server: Server, applicant: str) -> dict[str, str]:
    """Points of the expert in the log by item."""
    return server.cells(EXPERT, applicant, FIELDS)


def note(page: Any, frame: str | bytes) -> None:
    """Keep the save messages that the page sends."""
    data = frame if isinstance(frame, bytes) else frame.encode()
    if b'"type":"save"' in data.replace(b" ", b""):
        page.saves.append(data)


def ready(page: Page) -> None:
    """Wait for the form."""
    page.locator("section.evalkit-sheet input[data-indicator]").first.wait_for()


def field(page: Page, name: str) -> Any:
    """The points of an item."""
    return page.locator(f'input[data-indicator="{name}"]')


def row(page: Page, name: str) -> Any:
    """The row of an item."""
    return page.locator(".ek-row", has=field(page, name))


def type_scores(page: Page) -> int:
    """Enter all scores from the first field on, by keyboard alone; returns the keystrokes."""
    field(page, FIELDS[0]).focus()
    keys = 0
    for points in SCORES:
        for key in (*points, "Enter"):
            page.keyboard.press(key)
            keys += 1
    return keys


def all_saved(page: Page) -> None:
    """Wait until the page says that every item of the applicant is stored."""
    for name in FIELDS:
        expect(row(page, name)).to_have_attribute("data-state", "saved", timeout=PATIENCE)


def picture(page: Page, name: str) -> None:
    """Keep a picture where EVALKIT_PICTURES names a folder."""
    if folder := os.environ.get("EVALKIT_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png")


def printed(page: Page, file: Path) -> list[str]:
    """The text of each page of what the browser prints, without blanks and in plain characters."""
    page.pdf(path=file, prefer_css_page_size=True)
    return [squeezed(p.extract_text()) for p in PdfReader(file).pages]


def squeezed(text: str) -> str:
    """``text`` without blanks, its look-alikes (Kangxi radicals, full-width signs) made plain."""
    return unicodedata.normalize("NFKC", "".join(text.split()))
