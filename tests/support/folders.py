"""Folders of reports."""

from __future__ import annotations

from pathlib import Path


def content(folder: Path) -> dict[str, bytes]:
    """Every file of a folder of reports but the one about the run and the lock."""
    beside = ("provenance.json", ".reports.lock")
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.name not in beside}
