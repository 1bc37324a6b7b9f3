"""What several test files share: one real browser, one office program, and what runs when."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from playwright.sync_api import Browser, sync_playwright

from evalkit.base.errors import InputError
from evalkit.documents import pdf
from tests.support import programs

QUIET = ("background-networking", "component-update", "sync", "gpu", "quic")
ARGUMENTS = ["--no-sandbox", "--no-first-run", *(f"--disable-{name}" for name in QUIET)]

MARKED = {"browser": "browser", "as_pdf": "office"}
"""Fixtures that are other programs, and the marker of the tests that use them."""

# A slow machine is no failure. ``make soak`` asks for the second profile.
hypothesis.settings.register_profile("sample", deadline=None, max_examples=50)
hypothesis.settings.register_profile("full", deadline=None, max_examples=1000)
hypothesis.settings.load_profile("sample")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need another program, before some of them are chosen by markers."""
    for item in items:
        for fixture in MARKED.keys() & getattr(item, "fixturenames", []):
            item.add_marker(MARKED[fixture])


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    found = programs.program("chromium", "chromium-browser", package="chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def as_pdf(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """What LibreOffice prints of an Office file."""
    profile = tmp_path_factory.mktemp("libreoffice")
    return lambda file: programs.soffice(file, "pdf", profile)


@pytest.fixture(scope="session")
def pango() -> None:
    """The libraries that print a page as PDF."""
    try:
        pdf.require()
    except InputError as error:
        programs.lacking(error.render("en"))
