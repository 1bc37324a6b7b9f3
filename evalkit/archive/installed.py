"""Which files a result was computed with: those of evalkit, and of every distribution in its lock.

Each stands with its digest as it lies there, beside the one that its installer recorded: a file
that somebody edited afterwards has the right version and another digest.
"""

from __future__ import annotations

import base64
import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement

from evalkit.archive import wheel
from evalkit.base import resources
from evalkit.base.digests import sha256, sha256_of_file
from evalkit.base.version import PACKAGE, VERSION


class Installed(NamedTuple):
    """A file of an installed distribution; ``path`` is that of its own list of files.

    ``sha256`` is that of its bytes, empty where it is gone; ``recorded`` is what its installer
    wrote down, empty for files that none wrote, as those of a checkout.
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


def installed() -> tuple[Installed, ...]:
    """Every file of evalkit and of the installed distributions that its lock names, by their names.

    Compiled modules are left out: each Python writes its own.
    """
    recorded = _recorded_of_evalkit()
    own = [
        Installed("evalkit", VERSION, path, sha256(data), recorded.get(path, ""))
        for path, data in wheel.files().items()
    ]
    return (*own, *of_others())


@cache
def of_others() -> tuple[Installed, ...]:
    """Those of the other distributions, read once: what is imported stays what it was then."""
    return tuple(row for one in _others() for row in sorted(_of(one)))


@cache
def versions() -> Mapping[str, str]:
    """The version of every installed distribution that the lock names, read once like the rest."""
    return {_plain(one.name): one.version for one in _others()}


def _others() -> list[metadata.Distribution]:
    """The installed distributions that the lock names for this Python, each the one that an import
    finds.
    """
    lines = re.findall(r"(?m)^[\w.-]+==[^\\\n]*", lock().decode())
    pinned = {_plain(one.name) for one in map(Requirement, lines) if _is_for_here(one)}
    found: dict[str, metadata.Distribution] = {}
    for one in metadata.distributions():  # in the order of the path
        found.setdefault(_plain(one.name), one)
    return [found[name] for name in sorted(pinned & found.keys())]


def _is_for_here(one: Requirement) -> bool:
    return one.marker is None or one.marker.evaluate()


def _of(one: metadata.Distribution) -> Iterator[Installed]:
    name, version = _plain(one.name), one.version  # each is read from a file
    for file in one.files or ():
        if file.hash is None or file.suffix == ".pyc":
            continue
        found = sha256_of_file(Path(str(one.locate_file(file)))) or ""
        yield Installed(name, version, file.as_posix(), found, _recorded(file))


def _recorded_of_evalkit() -> dict[str, str]:
    """What the installer of evalkit wrote down; nothing of a checkout, which changes as it may."""
    one = metadata.distribution("evalkit")
    if Path(str(one.locate_file("evalkit"))).resolve() != PACKAGE.resolve():
        return {}
    return {file.as_posix(): _recorded(file) for file in one.files or ()}


def _recorded(file: metadata.PackagePath) -> str:
    if file.hash is None or file.hash.mode != "sha256":
        return ""
    padded = file.hash.value + "=" * (-len(file.hash.value) % 4)
    return base64.urlsafe_b64decode(padded).hex()


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
