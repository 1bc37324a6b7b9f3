"""Finished files, put in place whole: nobody ever sees half of one."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

MAKING = ".making-"
"""How the names of half-made files begin; none outlives what makes it."""


def place(files: Mapping[Path, bytes]) -> None:
    """Write ``files``: each beside its place first, then, when all are whole, into its place.

    Folders are made as needed. Raises OSError as the system does, with the name of the file; then
    nothing is half-written.
    """
    half = {file: file.with_name(f"{MAKING}{os.getpid()}-{file.name}") for file in files}
    try:
        for file, content in files.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            with naming(file):
                half[file].write_bytes(content)
        for file in files:
            with naming(file):
                half[file].replace(file)
    finally:
        for file in half.values():
            with suppress(OSError):
                file.unlink()


def place_private(file: Path, content: bytes) -> None:
    """Write ``file`` whole, and never readable by anybody but its owner. Errors as of `place`."""
    half = file.with_name(f"{MAKING}{os.getpid()}-{file.name}")
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with naming(file):
            descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as out:
                out.write(content)
            half.replace(file)
    finally:
        with suppress(OSError):
            half.unlink()


@contextmanager
def naming(file: Path) -> Iterator[None]:
    """Let an OSError say that it is about ``file``: a full disk does not say what it is full of."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(file)) from error
