"""The program in a bag: evalkit itself, the files it ran with, its lock, and wheels on request."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from evalkit.archive import installed, wheel
from evalkit.archive.environment import environment
from evalkit.archive.layout import CODE, ENVIRONMENT, INSTALLED, LOCK, WHEELHOUSE
from evalkit.base.errors import InputError
from evalkit.base.text import _


def write_code(payload: Path) -> None:
    """Write the wheel, the table of installed files, the lock and the environment."""
    folder, packed = payload / CODE, wheel.wheel()
    folder.mkdir(parents=True)
    (folder / wheel.name()).write_bytes(packed)
    (folder / INSTALLED).write_bytes(installed.written(installed.installed()))
    (folder / LOCK).write_bytes(installed.lock())
    text = json.dumps(environment(packed), ensure_ascii=False, indent=1, sort_keys=True)
    (folder / ENVIRONMENT).write_text(text + "\n", "utf-8")


def fetch_wheels(payload: Path) -> None:
    """Fetch the wheels of the lock for this Python and system, so that a re-run needs no network.

    Raises InputError where pip is missing or fetches not all.
    """
    if find_spec("pip") is None:
        raise InputError(_("取轮子要用 pip，这里没有；请先运行 python -m ensurepip"))
    lock = payload / CODE / LOCK
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    options = ["--require-hashes", "--only-binary=:all:", "--no-deps", "--requirement", str(lock)]
    target = ["--dest", str(payload / WHEELHOUSE)]
    done = subprocess.run([*command, *options, *target], capture_output=True, check=False)  # noqa: S603
    if done.returncode != 0:
        why = done.stderr.decode("utf-8", "replace").strip().splitlines()
        text = _("没有取全轮子（{why}），请检查网络", why=why[-1] if why else "?")
        raise InputError(text)
