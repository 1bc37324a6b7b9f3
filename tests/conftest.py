"""What several test files share: one real browser, and one real office program."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

QUIET = ("background-networking", "component-update", "sync", "gpu", "quic")
ARGUMENTS = ["--no-sandbox", "--no-first-run", *(f"--disable-{name}" for name in QUIET)]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium. Where there is none the tests are skipped, except in CI."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None and not os.environ.get("CI"):
        pytest.skip("Chromium is not installed; on Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def as_pdf(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """What LibreOffice prints of an Office file. Where there is none the tests are skipped, except
    in CI.
    """
    found = shutil.which("soffice")
    if found is None and not os.environ.get("CI"):
        pytest.skip("LibreOffice is not installed; on Debian: apt-get install libreoffice-writer")
    profile = tmp_path_factory.mktemp("libreoffice")

    def convert(file: Path) -> Path:
        options = ["--headless", "--norestore", f"-env:UserInstallation={profile.as_uri()}"]
        target = ["--convert-to", "pdf", "--outdir", str(file.parent), str(file)]
        subprocess.run([str(found), *options, *target], capture_output=True, check=True)
        return file.with_suffix(".pdf")

    return convert
