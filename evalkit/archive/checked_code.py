"""The program in a bag held against itself: wheel, table of files, lock, wheels of the lock."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from evalkit.archive import installed
from evalkit.archive.layout import CODE, ENVIRONMENT, INSTALLED, LOCK, WHEELHOUSE
from evalkit.archive.opened import Opened
from evalkit.base.text import Text, _
from evalkit.record.compared import Findings

MOST_SHOWN = 5


def check_code(bag: Opened, found: Findings) -> None:
    """Find what of the program does not agree with what was noted of it when the bag was made."""
    folder, before = bag.payload / CODE, len(found.wrong)
    try:
        noted = json.loads((folder / ENVIRONMENT).read_bytes())
        expected = _noted(noted)
    except (OSError, ValueError, KeyError, TypeError):
        found.wrong.append(_("{name} 读不懂，被改过", name=f"{CODE}/{ENVIRONMENT}"))
        return
    for name, digest in expected.items():
        now = bag.digest(folder / name)
        if now is not None and now != digest:
            text = _("{name} 的摘要值与 {list} 登记的不符：换过，或重新做过")
            found.wrong.append(text.filled(name=f"{CODE}/{name}", list=ENVIRONMENT))
        elif now is None:
            found.wrong.append(_("{name} 不见了", name=f"{CODE}/{name}"))
    wheel = noted["evalkit"]["wheel"]["name"]
    inside, faults = _unpacked(folder / wheel)
    found.wrong += faults
    found.wrong += [*_against_table(bag, inside), *_wheelhouse(bag)]
    if len(found.wrong) == before:
        text = _("evalkit {version} 的程序包、所装文件的摘要值、锁定的依赖，彼此相符")
        found.holds.append(text.filled(version=noted["evalkit"]["version"]))


def _noted(noted: dict[str, Any]) -> dict[str, str]:
    """The digests that the environment notes, by file."""
    wheel = noted["evalkit"]["wheel"]
    return {
        str(wheel["name"]): str(wheel["sha256"]),
        INSTALLED: str(noted["installed"]["sha256"]),
        LOCK: str(noted["lock"]["sha256"]),
    }


def _unpacked(wheel: Any) -> tuple[dict[str, str], list[Text]]:
    """The digest of each file in a wheel, and what does not agree with the wheel's own list."""
    try:
        with zipfile.ZipFile(wheel) as package:
            names = package.namelist()
            digests = {name: hashlib.sha256(package.read(name)).digest() for name in names}
            record = next(name for name in names if name.endswith(".dist-info/RECORD"))
            rows = csv.reader(io.StringIO(package.read(record).decode()))
            own = {row[0]: row[1] for row in rows}
    except (OSError, zipfile.BadZipFile, StopIteration, ValueError, IndexError):
        return {}, [_("evalkit 的程序包打不开，被改过")]
    del digests[record]
    faults = [
        _("evalkit 的程序包里 {name} 与它自己的清单不符", name=name)
        for name, digest in digests.items()
        if own.get(name) != f"sha256={base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"
    ]
    return {name: digest.hex() for name, digest in digests.items()}, faults[:MOST_SHOWN]


def _against_table(bag: Opened, inside: dict[str, str]) -> Iterator[Text]:
    """What the table of installed files says otherwise than the wheel, and of altered files."""
    try:
        rows = installed.read((bag.payload / CODE / INSTALLED).read_bytes())
    except (OSError, ValueError, TypeError):
        yield _("{name} 读不懂，被改过", name=f"{CODE}/{INSTALLED}")
        return
    own = {row.path: row.sha256 for row in rows if row.distribution == "evalkit"}
    names = sorted(name for name in own.keys() | inside if own.get(name) != inside.get(name))
    if inside and names:
        text = _("evalkit 的程序包与存档时所装的不同：{names}")
        yield text.filled(names=names[:MOST_SHOWN])
    for row in [row for row in rows if row.altered][:MOST_SHOWN]:
        text = _("存档时所装的 {distribution} {version} 被人改过：{path} 与安装时登记的不同")
        yield text.filled(**row._asdict())


def _wheelhouse(bag: Opened) -> Iterator[Text]:
    """Wheels that the lock does not name."""
    try:
        lock = (bag.payload / CODE / LOCK).read_text("utf-8", "replace")
    except OSError:
        return
    pinned = set(re.findall(r"sha256:([0-9a-f]{64})", lock))
    for file in sorted((bag.payload / WHEELHOUSE).glob("*")):
        if bag.digest(file) not in pinned:
            yield _("{name} 不是锁定的依赖里的那一个", name=f"{WHEELHOUSE}/{file.name}")
