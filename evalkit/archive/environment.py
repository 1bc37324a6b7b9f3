"""The environment in which results and reports are made, as one table of plain texts.

What decides bytes stands here: Python, SQLite, the lock and what is installed of it, templates,
fonts. Neither paths nor the name of the machine do.
"""

from __future__ import annotations

import locale
import os
import platform
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from evalkit.archive import installed, wheel
from evalkit.base import resources
from evalkit.base.digests import sha256
from evalkit.base.version import PACKAGE, VERSION, commit
from evalkit.reports import journal

FORMAT = "evalkit-environment/1"

FONTS = ("Noto Sans CJK SC", "Source Han Sans SC", "sans-serif")
"""Families that PDFs ask for; what answers to each is said with its version."""


def environment(packed: bytes) -> dict[str, Any]:
    """What is known of this environment; ``packed`` is the `wheel` of evalkit."""
    rows = installed.installed()
    return {
        "format": FORMAT,
        "evalkit": {
            "version": VERSION,
            "commit": commit(),
            "wheel": {"name": wheel.name(), "sha256": sha256(packed)},
            "program": journal.program(),
        },
        "templates": templates(),
        "lock": {"sha256": sha256(installed.lock())},
        "installed": {
            "sha256": sha256(installed.written(rows)),
            "versions": installed.versions(),
            "altered": [f"{row.distribution}: {row.path}" for row in rows if row.altered],
        },
        **machine(),
        "locale": {
            "current": locale.setlocale(locale.LC_ALL, None),
            "encoding": locale.getpreferredencoding(do_setlocale=False),
            "file_names": sys.getfilesystemencoding(),
        },
        "time_zone": list(time.tzname),
        "fonts": fonts(),
    }


def machine() -> dict[str, Any]:
    """Python, SQLite and the system."""
    return {
        "python": {
            "implementation": platform.python_implementation(),
            "version": platform.python_version(),
            "compiler": platform.python_compiler(),
            "hash_seed": os.environ.get("PYTHONHASHSEED", ""),
        },
        "sqlite": sqlite3.sqlite_version,
        "system": {
            "name": platform.system(),
            "release": platform.release(),
            "machine": platform.machine(),
            "processor": processor(),
            "byte_order": sys.byteorder,
            "c_library": "-".join(platform.libc_ver()),
        },
    }


def templates() -> dict[str, str]:
    """The digest of each notebook that reports are made with, and of what lays out their pages."""
    found = {
        file.name: sha256(file.read_bytes())
        for file in sorted(resources.path("notebooks").glob("*.ipynb"))
    }
    parts = (PACKAGE / "pages").glob("parts/*"), (PACKAGE / "pages" / "templates").rglob("*")
    files = sorted(file for some in parts for file in some if file.is_file())
    page = "".join(f"{file.name} {sha256(file.read_bytes())}\n" for file in files)
    return {**found, "page": sha256(page.encode())}


def fonts() -> dict[str, str]:
    """The font that answers to each family that PDFs ask for, and its version; none without
    fontconfig.
    """
    if (program := shutil.which("fc-match")) is None:
        return {}
    found = {}
    for family in FONTS:
        command = [program, "-f", "%{family[0]} %{style[0]}, version %{fontversion}", family]
        said = subprocess.run(command, capture_output=True, check=False)  # noqa: S603
        found[family] = said.stdout.decode("utf-8", "replace").strip()
    return found


def processor() -> str:
    """The model of the processor, which decides the last digits of statistics."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines()
    except OSError:
        return platform.processor()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor())
