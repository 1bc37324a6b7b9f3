"""Processes in another time, and of another user."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.support.programs import program

CLOCK = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>
#include <sys/time.h>
#define AHEAD 150000000
int clock_gettime(clockid_t id, struct timespec *t) {
    int (*real)(clockid_t, struct timespec *) = dlsym(RTLD_NEXT, "clock_gettime");
    int result = real(id, t);
    if (id == CLOCK_REALTIME) t->tv_sec += AHEAD;
    return result;
}
time_t time(time_t *t) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (t) *t = now.tv_sec;
    return now.tv_sec;
}
"""
"""A C library's clock that is nearly five years ahead."""


def clock(folder: Path) -> dict[str, str]:
    """The variables that put a process into another time; nothing without a compiler."""
    if shutil.which("cc") is None and not os.environ.get("CI"):
        return {}
    compiler = program("cc", package="gcc libc6-dev")
    source, library = folder / "clock.c", folder / "clock.so"
    source.write_text(CLOCK)
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    return {"LD_PRELOAD": str(library)}


def other_user() -> list[str]:
    """What runs a command under another user id; nothing where that is not allowed."""
    wrapped = ["unshare", "--user", "--map-user=4321", "--map-group=4321"]
    tried = subprocess.run([*wrapped, "true"], check=False, capture_output=True)
    return wrapped if shutil.which("unshare") and tried.returncode == 0 else []


CHILD = "import subprocess, sys; subprocess.run([sys.executable, '-c', ''], check=True)"
"""What a Python can do only where its user may read and run all of it."""


def nobody(python: str | Path) -> list[str]:
    """What runs a command as ``nobody``, who may write nothing that is not given away; nothing
    where that is not allowed, or nobody may use this ``python``.
    """
    wrapped = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        return []
    tried = subprocess.run([*wrapped, python, "-c", CHILD], check=False, capture_output=True)
    return wrapped if tried.returncode == 0 else []


def python_for_all(place: Path) -> Path:
    """This Python, where every user may run it: as it is, or as links in the folder ``place`` where
    it lies in somebody's home.
    """
    own = Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info.minor}"
    if nobody(own) or os.geteuid() != 0 or sys.base_prefix.startswith("/usr"):
        return own
    left = shutil.ignore_patterns("site-packages", "test", "idlelib", "__pycache__", "share")
    copy = {"symlinks": True, "ignore": left, "copy_function": os.link}
    return Path(shutil.copytree(sys.base_prefix, place / "python", **copy)) / "bin" / own.name
