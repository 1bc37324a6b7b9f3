"""A bag on the disk, held against its own lists: what is changed, gone, or was not there."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path, PurePosixPath

from evalkit.archive.layout import (
    DECLARATION,
    INFO,
    MANIFEST,
    PAYLOAD,
    SIGNATURE,
    TAGMANIFEST,
)
from evalkit.archive.said import called
from evalkit.base.digests import sha256_of_file
from evalkit.base.text import Text, _
from evalkit.record.compared import Findings

_LINE = re.compile(r"([0-9a-fA-F]{64})[ \t]+\*?(.+)")

LISTS = (DECLARATION, INFO, MANIFEST, TAGMANIFEST)
LEFT = re.compile(r"\.DS_Store|\._.+|Thumbs\.db|desktop\.ini", re.IGNORECASE)
"""Files that macOS and Windows leave in folders that somebody looks into, or copies."""

AT_ONCE = max(2, os.cpu_count() or 1)
"""Files that are read at a time: OpenSSL lets other threads run meanwhile."""


@dataclass(frozen=True)
class Opened:
    """A bag: the digest of every file that lies in it, by its path, what its two manifests list,
    and what ``bag-info.txt`` says.
    """

    folder: Path
    digests: Mapping[str, str | None]
    listed: Mapping[str, str]
    tags: Mapping[str, str]
    info: Mapping[str, str]

    @property
    def payload(self) -> Path:
        """The folder of the payload."""
        return self.folder / PAYLOAD

    def digest(self, file: Path) -> str | None:
        """The digest of a file in the bag; None where it is not there."""
        return self.digests.get(file.relative_to(self.folder).as_posix())

    @cached_property
    def left(self) -> list[str]:
        """Files that nobody made and nothing reads: an operating system left them behind."""
        named = self.listed.keys() | self.tags.keys()
        others = sorted(self.digests.keys() - named)
        return [path for path in others if LEFT.fullmatch(PurePosixPath(path).name)]

    @property
    def made_on(self) -> date | None:
        """The day that the bag itself names."""
        try:
            return date.fromisoformat(self.info.get("Bagging-Date", ""))
        except ValueError:
            return None


def is_bag(folder: Path) -> bool:
    """Whether ``folder`` is a bag, or what is left of one."""
    return any((folder / name).exists() for name in LISTS)


def open_bag(folder: Path, found: Findings) -> Opened:
    """Read the whole bag once, and find what is not as its lists say."""
    paths = sorted(_files(folder))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        digests = dict(
            zip(paths, pool.map(lambda p: sha256_of_file(folder / p), paths), strict=True)
        )
    unread = len(found.wrong)
    bag = Opened(
        folder,
        digests,
        listed(folder / MANIFEST, found),
        listed(folder / TAGMANIFEST, found),
        _information(folder / INFO),
    )
    found.harmless += _left_behind(bag)
    found.wrong += [*_tag_faults(bag), *_payload_faults(bag)]
    if len(found.wrong) == unread:
        size = sum((folder / path).stat().st_size for path in bag.listed)
        text = _("清单上的 {n} 个文件（{size} MB）齐全，逐字节与清单相符，没有多出来的")
        if found.harmless:
            text = _("清单上的 {n} 个文件（{size} MB）齐全，逐字节与清单相符")
        found.holds.append(text.filled(n=len(bag.listed), size=f"{size / 1e6:.1f}"))
    found.wrong += found.harmless
    return bag


def _files(folder: Path) -> Iterator[str]:
    for place, _folders, names in os.walk(folder):
        for name in names:
            yield (Path(place) / name).relative_to(folder).as_posix()


def listed(file: Path, found: Findings) -> dict[str, str]:
    """What a list of digests says: digests by path."""
    try:
        lines = file.read_bytes().decode("utf-8-sig", "replace").splitlines()
    except OSError:
        found.wrong.append(_("{name} 不见了：不是完整的档案", name=file.name))
        return {}
    listed = {}
    for number, line in enumerate(lines, start=1):
        fits = _LINE.fullmatch(line)
        path = PurePosixPath(fits[2].replace("%0A", "\n").replace("%0D", "\r")) if fits else None
        if fits is None or path is None or path.is_absolute() or ".." in path.parts:
            found.wrong.append(_("{name} 第 {n} 行读不懂，被改过", name=file.name, n=number))
        else:
            listed[path.as_posix()] = fits[1].lower()
    return listed


def _information(file: Path) -> dict[str, str]:
    try:
        lines = file.read_bytes().decode("utf-8-sig", "replace").splitlines()
    except OSError:
        return {}
    pairs = (line.partition(":") for line in lines)
    return {name.strip(): value.strip() for name, _colon, value in pairs}


def _left_behind(bag: Opened) -> Iterator[Text]:
    text = _("{path} 不是档案里的：看文件夹时电脑自己放进去的，没有害处，可以删去")
    yield from (text.filled(path=path) for path in bag.left)


def _tag_faults(bag: Opened) -> Iterator[Text]:
    """What is wrong beside the payload."""
    for name in sorted({*bag.tags, DECLARATION, INFO, MANIFEST} - bag.digests.keys()):
        if name != MANIFEST:  # that is said already
            yield _("{name} 不见了", name=name)
    for name, digest in sorted(bag.tags.items()):
        if (now := bag.digests.get(name)) is not None and now != digest:
            yield _("{name} 与 {list} 不符：存档之后改过", name=name, list=TAGMANIFEST)
    beside = {path for path in bag.digests if not path.startswith(f"{PAYLOAD}/")}
    for name in sorted(beside - bag.tags.keys() - {TAGMANIFEST, SIGNATURE, *bag.left}):
        yield _("{name} 不在 {list} 里：是后来放进去的", name=name, list=TAGMANIFEST)


def not_as_listed(bag: Opened) -> Iterator[tuple[str, Text]]:
    """Files of the payload that are changed, gone, or were not there, each with a sentence."""
    inside = _inside(bag)
    for path, digest in sorted(bag.listed.items()):
        now, what = inside.get(path), called(path)
        if path not in inside:
            yield path, _("{path}（{what}）不见了", path=path, what=what)
        elif now != digest:
            yield path, _("{path}（{what}）与清单不符：存档之后改过", path=path, what=what)
    for path in sorted(inside.keys() - bag.listed.keys()):
        text = _("{path}（{what}）不在清单里：是后来放进去的", path=path, what=called(path))
        yield path, text


def _inside(bag: Opened) -> dict[str, str | None]:
    inside = (path for path in bag.digests if path.startswith(f"{PAYLOAD}/"))
    return {path: bag.digests[path] for path in inside if path not in bag.left}


def _payload_faults(bag: Opened) -> Iterator[Text]:
    """What is wrong with the payload."""
    inside = _inside(bag)
    yield from (text for _path, text in not_as_listed(bag))
    for path in sorted(path for path in inside if (bag.folder / path).is_symlink()):
        yield _("{path}（{what}）是一个链接，不是文件本身", path=path, what=called(path))
    size = sum((bag.folder / path).stat().st_size for path in inside)
    said = bag.info.get("Payload-Oxum")
    if bag.info and said != f"{size}.{len(inside)}":
        text = _("{name} 写的总字节数和文件数（{said}）与现有的不符")
        yield text.filled(name=INFO, said=said or "—")
