"""A notebook in JupyterLab, as somebody opens and runs it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.support.builders import ROOT
from tests.support.served import Server, free_port, running


@contextmanager
def sheet_in_lab(
    folder: Path, workspace: str, expert: str, settings: Path, page: Page
) -> Iterator[Server]:
    """JupyterLab on ``folder`` with the notebook of ``expert``'s sheet, which ``page`` opens."""
    notebook = json.loads((ROOT / "notebooks" / "score_sheet.ipynb").read_text("utf-8"))
    given = f"workspace, expert, language = {workspace!r}, {expert!r}, 'zh'\n"
    notebook["cells"][1]["source"] = [given]
    (folder / "sheet.ipynb").write_text(json.dumps(notebook), "utf-8")
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    options = [f"--port={free_port()}", "--ServerApp.token=t", "--ip=127.0.0.1"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTERLAB_SETTINGS_DIR", str(settings / "settings"))
        patch.setenv("JUPYTERLAB_WORKSPACES_DIR", str(settings / "workspaces"))
        with running([*command, *options], folder, r"http://127\.0\.0\.1:\d+/lab") as lab:
            page.goto(f"{lab.url}/tree/sheet.ipynb?token=t")
            yield lab


def run_all(page: Page) -> None:
    """Restart the kernel and run all cells, through JupyterLab's menu.

    The command does nothing, without a word, as long as the notebook has no kernel. The status bar
    tells of the kernel itself; the notebook's own indicator is idle before there is one.
    """
    page.locator(".jp-NotebookPanel .jp-Cell").first.wait_for()
    page.locator("#jp-main-statusbar").get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_role("menuitem", name="Restart Kernel and Run All Cells…").click()
    page.get_by_role("button", name="Confirm Kernel Restart").click()
