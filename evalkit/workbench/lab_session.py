"""What JupyterLab needs to open in Chinese with a card for each notebook: files of one session."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from evalkit.base import resources
from evalkit.base.text import Text, _, render
from evalkit.record.begin import LOG_FILE

EXTENSIONS = Path(__file__).parent / "lab"

FOLDER = "notebooks"

CARDS: dict[str, tuple[Text, Text]] = {
    "score_sheet": (_("专家评分表"), _("评")),
    "panel_board": (_("评审进度板"), _("板")),
    "explore": (_("逐步看一轮评审"), _("探")),
    "panel_summary": (_("评分汇总表"), _("汇")),
    "applicant_report": (_("评审结果报告"), _("报")),
    "progress_report": (_("规划进展报告"), _("规")),
    "appeal": (_("申诉：复核一轮评审"), _("申")),
}
"""By notebook, in the order of the cards: the title, and the letter on the card."""


def place_notebooks(folder: Path) -> list[Path]:
    """Copy the notebooks into ``folder``, those that are there stay as they are; which were new."""
    made = []
    for name in CARDS:
        target = folder / FOLDER / f"{name}.ipynb"
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(resources.path("notebooks", target.name), target)
            made.append(target)
    return made


def settings(folder: Path, language: str) -> None:
    """Write into ``folder`` what JupyterLab reads as its defaults: language, no news, the cards.

    What its user has set goes before.
    """
    locale = {"zh": "zh_CN"}.get(language, language)
    overrides = {
        "@jupyterlab/translation-extension:plugin": {"locale": locale},
        "@jupyterlab/apputils-extension:notification": {
            "fetchNews": "false",
            "checkForUpdates": False,
        },
    }
    cards = [
        {
            "path": f"{FOLDER}/{name}.ipynb",
            "title": render(title, language),
            "caption": f"{FOLDER}/{name}.ipynb",
            "sign": render(sign, language),
        }
        for name, (title, sign) in CARDS.items()
    ]
    told = json.dumps({"category": render(_("评审"), language), "cards": cards})
    (folder / "overrides.json").write_text(json.dumps(overrides), "utf-8")
    (folder / "page_config.json").write_text(json.dumps({"evalkitCards": told}), "utf-8")


def options(session: Path, folder: Path, port: int) -> list[str]:
    """The options of ``jupyter lab`` on ``folder`` with the settings in ``session``: only this
    machine is listened to, with a token made for the occasion, and nothing is asked of the network.
    """
    return [
        *("--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", "--ServerApp.port_retries=0"),
        f"--ServerApp.root_dir={folder}",
        f"--LabApp.app_settings_dir={session}",
        f"--LabApp.extra_labextensions_path={EXTENSIONS}",
        "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
        "--LabApp.news_url=None",
        "--LabApp.extension_manager=readonly",
    ]


def run_lab(
    folder: Path,
    port: int,
    language: str = "zh",
    *,
    browser: bool = True,
    said: Callable[[Text], None] = print,
) -> int:
    """Run JupyterLab on ``folder`` until it ends or is interrupted; its exit status. The notebooks
    are put there first, which ``said`` tells; the board opens the round in ``folder``, if any.
    """
    if made := place_notebooks(folder):
        said(_("笔记本已放在 {folder}，以后改的都留在那里", folder=made[0].parent))
    said(_("打开 JupyterLab；按 Ctrl+C 结束"))
    environment = {**os.environ, "EVALKIT_LANGUAGE": language}
    if (folder / LOG_FILE).exists():
        environment["EVALKIT_ROUND"] = str(folder)
    with TemporaryDirectory(prefix="evalkit-lab-") as session:
        settings(Path(session), language)
        given = options(Path(session), folder, port)
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            given.append("--allow-root")  # as in a container; only this machine is listened to
        if not browser:
            given.append("--no-browser")
        command = [sys.executable, "-m", "jupyterlab", *given]
        return subprocess.run(command, env=environment, check=False).returncode
