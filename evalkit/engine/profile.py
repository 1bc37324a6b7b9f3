"""A kernel without the user's IPython profile, for notebooks that must not depend on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory


@contextmanager
def without_profile() -> Iterator[list[str]]:
    """Arguments with which a kernel reads no configuration and runs no startup file of the user.

    It has an empty folder in the place of IPython's, for as long as it runs.
    """
    with TemporaryDirectory(ignore_cleanup_errors=True) as empty:
        yield [f"--ipython-dir={empty}", "--InteractiveShellApp.exec_PYTHONSTARTUP=False"]
