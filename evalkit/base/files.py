"""Finished files, put in place whole."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

MAKING = ".making-"
"""How the names of half-made files begin; none outlives its making."""


def place(path: Path, data: bytes) -> Path:
    """Write ``data`` to the file ``path``, as `place_all` does."""
    place_all({path: data})
    return path


def place_all(files: Mapping[Path, bytes]) -> None:
    """Write each of ``files`` beside its place first and, when all are whole, into its place.

    Nobody sees half a file. Raises OSError, which names the file, not the one beside it.
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


@contextmanager
def naming(file: Path) -> Iterator[None]:
    """Let an OSError say that it is about ``file``: a full disk does not know of what it is full."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(file)) from error
