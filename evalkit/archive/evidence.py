"""Evidence that stays where it is: a bag has its names, sizes and digests, and not the files.

The list is one that ``sha256sum --check`` reads in the folder of the round.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from evalkit.archive.layout import ABOUT, EVIDENCE
from evalkit.archive.opened import Opened, listed
from evalkit.base.digests import sha256_of_file
from evalkit.base.errors import InputError, Problem
from evalkit.base.text import Text, _
from evalkit.panel.statements import MATERIAL, belonging
from evalkit.record.compared import Findings

MOST_SHOWN = 5


class Piece(NamedTuple):
    """A file of evidence: its path in the folder of the round, its size in bytes, its digest."""

    name: str
    size: int
    sha256: str


def is_evidence(name: str) -> bool:
    """Whether a file of a round's folder is evidence, by its path there."""
    return name.startswith(f"{MATERIAL}/")


def pieces(round: Path) -> Iterator[Piece]:
    """The evidence of the round in a folder.

    Raises InputError for a link, and for a name that a list of digests cannot hold.
    """
    for name, file in belonging(round).items():
        if not is_evidence(name):
            continue
        if set(name) & set("\\\n\r"):
            text = _("文件名里有换行或反斜杠，请改名")
            raise InputError(Problem(text, repr(str(file))))
        yield Piece(name, file.stat().st_size, str(sha256_of_file(file)))


def written(found: Iterable[Piece]) -> bytes:
    """The list of their digests."""
    return "".join(f"{one.sha256}  {one.name}\n" for one in found).encode()


def check(bag: Opened, about: Mapping[str, Any], folder: Path | None, found: Findings) -> None:
    """Say which evidence the bag refers to; hold what lies in ``folder`` (None: nothing) against
    it: the folder of the round, or that of its material.
    """
    file, told = bag.payload / EVIDENCE, about.get("evidence")
    if bag.digest(file) != (told and told["sha256"]):
        text = _("{name} 的摘要值与 {list} 登记的不符：改过，或不见了", name=EVIDENCE, list=ABOUT)
        found.wrong.append(text)
        return
    if told is None:
        if folder is not None:
            found.unknown.append(_("佐证材料就在档案里，没有只登记摘要值的"))
        return
    names = listed(file, found)
    if folder is None:
        text = _("{n} 份佐证材料只登记了摘要值，没有装进来，也就没有核对：{names}")
        found.unknown.append(text.filled(n=len(names), names=_some([*names])))
        return
    before = len(found.wrong)
    found.wrong += _unlike(names, folder)
    if len(found.wrong) == before:
        text = _("{n} 份没有装进来的佐证材料与登记的摘要值逐字节相符（{folder}）")
        found.holds.append(text.filled(n=len(names), folder=folder))


def _unlike(names: Mapping[str, str], folder: Path) -> Iterator[Text]:
    for name, digest in names.items():
        inside = folder / name if folder.name != MATERIAL else folder.parent / name
        now = sha256_of_file(inside)
        if now is None:
            yield _("佐证材料 {name} 不在 {folder} 里", name=name, folder=folder)
        elif now != digest:
            yield _("佐证材料 {name} 与登记的摘要值不符：存档之后改过", name=name)


def _some(names: list[str]) -> Text | list[str]:
    if len(names) <= MOST_SHOWN:
        return names
    return _("{names} 等 {n} 个", names=names[:MOST_SHOWN], n=len(names))
