"""evalkit itself as one wheel: the same bytes from a checkout and from an installed wheel.

A wheel is a zip of files with their digests [PEP427]_. Packed without compression and times, it
depends on nothing but the files, so the wheel in a bag is the wheel of the release.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import zipfile
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path

from evalkit.base import resources
from evalkit.base.packages import EARLIEST
from evalkit.base.version import COMMIT_FILE, PACKAGE, VERSION, commit

BESIDE = ("rubrics", "panels", "notebooks", "requirements.lock")
"""What lies beside the package in a checkout, and in its ``data`` when it is installed."""

SHARED = {
    "pages/templates/evalkit": "share/jupyter/nbconvert/templates/evalkit",
    "workbench/voila": "share/jupyter/voila/templates/evalkit",
}
"""Folders of the package that an installation also puts where Jupyter looks for them."""

INFO = f"evalkit-{VERSION}.dist-info"
KEPT = ("METADATA", "entry_points.txt", "licenses/LICENSE")
"""What is taken from the description of the installed distribution, as it is."""

WHEEL = (
    f"Wheel-Version: 1.0\nGenerator: evalkit {VERSION}\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
)


def name() -> str:
    """The file name of the wheel."""
    return f"evalkit-{VERSION}-py3-none-any.whl"


def wheel() -> bytes:
    """The wheel of the evalkit that is running.

    Raises PackageNotFoundError where evalkit is not installed, in a checkout or otherwise.
    """
    content = files()
    rows = [(path, f"sha256={_digest(data)}", str(len(data))) for path, data in content.items()]
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([*rows, (f"{INFO}/RECORD", "", "")])
    content[f"{INFO}/RECORD"] = written.getvalue().encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as target:
        for path, data in content.items():
            part = zipfile.ZipInfo(path, EARLIEST)
            part.create_system, part.external_attr = 3, 0o100644 << 16
            target.writestr(part, data)
    return packed.getvalue()


def files() -> dict[str, bytes]:
    """Every file of the wheel but its list of them, by its path, in the order of the paths."""
    found = {f"evalkit/{path}": file.read_bytes() for path, file in _below(PACKAGE)}
    found = {path: data for path, data in found.items() if not path.startswith("evalkit/data/")}
    for kind in BESIDE:
        source = resources.path(kind)
        inside = {"": source} if source.is_file() else dict(_below(source))
        for path, file in inside.items():
            found["/".join(filter(None, ("evalkit/data", kind, path)))] = file.read_bytes()
    for folder, shared in SHARED.items():
        for path, file in _below(PACKAGE / folder):
            found[f"evalkit-{VERSION}.data/data/{shared}/{path}"] = file.read_bytes()
    if commit():
        found[f"evalkit/{COMMIT_FILE}"] = f"{commit()}\n".encode()
    return dict(sorted({**found, **_info()}.items()))


def _info() -> Mapping[str, bytes]:
    installed = metadata.distribution("evalkit")
    found = {name: installed.read_text(name) or "" for name in KEPT}
    return {f"{INFO}/{n}": text.encode() for n, text in {**found, "WHEEL": WHEEL}.items()}


def _below(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every file below ``folder`` by its path in it, without what programs leave behind."""
    for file in folder.rglob("*"):
        path = file.relative_to(folder)
        left = any(part.startswith(".") or part == "__pycache__" for part in path.parts)
        if file.is_file() and not left and file.suffix != ".pyc":
            yield path.as_posix(), file


def _digest(data: bytes) -> str:
    """SHA-256 as a list of files writes it."""
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
