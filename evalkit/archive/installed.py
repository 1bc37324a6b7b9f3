"""Which files a result was computed with: those of evalkit, and of every distribution in its lock.

Each stands with its digest as it lies there, beside the one that its installer recorded: a file
that somebody edited afterwards has the right version and another digest.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from evalkit.archive import wheel
from evalkit.base import resources
from evalkit.base.version import VERSION


class Installed(NamedTuple):
    """A file of an installed distribution; ``path`` is that of its own list of files.

    ``sha256`` is that of its bytes, empty where it is gone; ``recorded`` is what its installer
    wrote down, empty for evalkit itself, whose files are those of its `wheel`.
    """

    distribution: str
    version: str
    path: str
    sha256: str
    recorded: str

    @property
    def altered(self) -> bool:
        """Whether it is not what was installed."""
        return bool(self.recorded) and self.sha256 != self.recorded


def lock() -> bytes:
    """The lock that evalkit is installed from, ``requirements.lock``."""
    return resources.path("requirements.lock").read_bytes()


@cache
def installed() -> tuple[Installed, ...]:
    """Every file of evalkit and of the installed distributions that its lock names, by their names.

    Compiled modules are left out: each Python writes its own.
    """
    own = [
        Installed("evalkit", VERSION, path, hashlib.sha256(data).hexdigest(), "")
        for path, data in wheel.files().items()
    ]
    return (*own, *(row for one in _others() for row in sorted(_of(one))))


def versions() -> dict[str, str]:
    """The version of every installed distribution that the lock names."""
    return {_plain(one.name): one.version for one in _others()}


def _others() -> list[metadata.Distribution]:
    pinned = {_plain(name) for name in re.findall(r"(?m)^([\w.-]+)==", lock().decode())}
    found = {_plain(one.name): one for one in metadata.distributions()}
    return [one for name, one in sorted(found.items()) if name in pinned]


def _of(one: metadata.Distribution) -> Iterator[Installed]:
    name = _plain(one.name)
    for file in one.files or ():
        if file.hash is None or file.suffix == ".pyc":
            continue
        try:
            with Path(str(one.locate_file(file))).open("rb") as content:
                found = hashlib.file_digest(content, "sha256").hexdigest()
        except OSError:
            found = ""
        padded = file.hash.value + "=" * (-len(file.hash.value) % 4)
        recorded = base64.urlsafe_b64decode(padded).hex() if file.hash.mode == "sha256" else ""
        yield Installed(name, one.version, file.as_posix(), found, recorded)


def _plain(name: str) -> str:
    """The one spelling of a distribution's name [PEP503]_."""
    return re.sub(r"[-_.]+", "-", name).lower()


def written(rows: Iterable[Installed]) -> bytes:
    """``rows`` as a table."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([Installed._fields, *rows])
    return out.getvalue().encode()


def read(data: bytes) -> tuple[Installed, ...]:
    """The rows of such a table. Raises ValueError or TypeError for what is none."""
    rows = list(csv.reader(io.StringIO(data.decode())))
    if not rows or tuple(rows[0]) != Installed._fields:
        raise ValueError("no table of installed files")
    return tuple(Installed(*row) for row in rows[1:])


def digests(rows: Iterable[Installed]) -> Mapping[tuple[str, str], str]:
    """The digest of each file, by distribution and path."""
    return {(row.distribution, row.path): row.sha256 for row in rows}
