"""The code and the machine that an archive was made with, beside those of now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from evalkit.archive import environment, installed, layout, surroundings, wheel
from evalkit.archive.installed import Installed
from evalkit.archive.rerun_bag import Bag
from evalkit.archive.surroundings import Changes
from evalkit.base.digests import sha256_of_file
from evalkit.base.errors import InputError
from evalkit.base.text import Text, _


@dataclass(frozen=True)
class MadeWith:
    """What is another one now (None where the archive does not say), and files of the code in the
    archive that are not those that were put there, by name, each with a sentence.
    """

    changes: Changes | None = None
    altered: Mapping[str, Text] = field(default_factory=dict)


UNREADABLE = (InputError, OSError, ValueError, TypeError, AttributeError, KeyError)
"""What comes of a record that is not there, or not in the form that it was written in."""


def compared_with_now(bag: Bag) -> MadeWith:
    """What the archive says of its code and machine, held against today's and against itself."""
    altered: dict[str, Text] = {}
    try:
        record = bag.document("evalkit-environment", layout.CODE, layout.ENVIRONMENT)
        altered |= _registered(bag, record)
        were = installed.read(bag.path(layout.CODE, layout.INSTALLED).read_bytes())
        now, are = environment.environment(wheel.wheel()), installed.installed()
        changes = surroundings.between(record, now, were, are)
        if _wheel_of_others(record, now, were, are):
            name = bag.named(bag.path(layout.CODE, record["evalkit"]["wheel"]["name"]))
            values = {"name": name, "list": layout.INSTALLED}
            altered[name] = _("{name} 不是由 {list} 所列的文件做成的：换过，或重新做过", **values)
    except UNREADABLE:
        return MadeWith(None, altered)
    return MadeWith(changes, altered)


def _registered(bag: Bag, record: Mapping[str, Any]) -> Iterator[tuple[str, Text]]:
    """Files of the code that are not those that the environment record names."""
    own = _wheel(record)
    files = {
        str(own.get("name")): own.get("sha256"),
        layout.LOCK: record.get("lock", {}).get("sha256"),
        layout.INSTALLED: record.get("installed", {}).get("sha256"),
    }
    for name, digest in files.items():
        file = bag.path(layout.CODE, name)
        if digest and file.is_file() and sha256_of_file(file) != digest:
            values = {"name": bag.named(file), "record": layout.ENVIRONMENT}
            text = _("{name} 不是 {record} 登记的那一份：换过，或重新做过", **values)
            yield bag.named(file), text


def _wheel_of_others(
    record: Mapping[str, Any],
    now: Mapping[str, Any],
    were: tuple[Installed, ...],
    are: tuple[Installed, ...],
) -> bool:
    """Whether the wheel is another one than today's although all files of evalkit are the same:
    a wheel depends on nothing else.
    """
    then, today = (
        {row.path: row.sha256 for row in rows if row.distribution == surroundings.OWN}
        for rows in (were, are)
    )
    digests = [_wheel(side).get("sha256") for side in (record, now)]
    return bool(digests[0]) and then == today and digests[0] != digests[1]


def _wheel(record: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = record.get("evalkit", {}).get("wheel", {})
    return found
