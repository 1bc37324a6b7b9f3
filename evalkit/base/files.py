"""Finished files, put in place whole."""

from __future__ import annotations

from pathlib import Path


def place(path: Path, data: bytes) -> Path:
    """Write ``data`` beside ``path`` and then rename, so that nobody sees half a file."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path
