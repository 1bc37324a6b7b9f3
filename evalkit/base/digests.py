"""SHA-256 in hexadecimal, of bytes and of files."""

from __future__ import annotations

import hashlib
from pathlib import Path


def sha256(content: bytes) -> str:
    """The digest of ``content``."""
    return hashlib.sha256(content).hexdigest()


def sha256_of_file(file: Path) -> str | None:
    """The digest of a file; None where it is not there or cannot be read."""
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError:
        return None
