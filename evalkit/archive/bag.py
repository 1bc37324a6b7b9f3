"""A BagIt bag [RFC8493]_ around a payload, written by the Library of Congress's bagit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from evalkit.archive.layout import PAYLOAD, PREDECESSOR, TAGMANIFEST
from evalkit.base.digests import sha256
from evalkit.base.errors import InputError
from evalkit.base.text import _
from evalkit.base.version import VERSION, commit


def require() -> None:
    """Pass where bagit and rocrate are there. Raises InputError elsewhere."""
    try:
        import bagit  # noqa: F401
        import rocrate  # noqa: F401
    except ImportError as error:
        text = _("存档需要 bagit 和 rocrate：pip install 'evalkit[archive]'")
        raise InputError(text) from error


def seal(folder: Path, info: Mapping[str, str], beside: Mapping[str, bytes]) -> None:
    """Make ``folder``, which holds the payload, a bag with ``info`` and the files ``beside`` it."""
    import bagit

    bagit.make_bag(str(folder), dict(info), checksums=["sha256"])
    for name, content in beside.items():
        (folder / name).write_bytes(content)
    list_tags(folder)


def list_tags(folder: Path) -> None:
    """The manifest of everything but the payload: bagit's, in a fixed order."""
    tags = (file for file in folder.iterdir() if file.name not in (PAYLOAD, TAGMANIFEST))
    digests = {file.name: sha256(file.read_bytes()) for file in tags}
    lines = [f"{digest}  {name}\n" for name, digest in sorted(digests.items())]
    (folder / TAGMANIFEST).write_text("".join(lines), "utf-8")


def predecessor(about: Mapping[str, Any]) -> str | None:
    """The digest of the bag before this one: the one that was objected to, or that of the round
    which is superseded; None without one.
    """
    told = (about.get("appeal"), about.get("supersedes"))
    return next((one["bag"] for one in told if one and one.get("bag")), None)


def information(about: Mapping[str, Any], on: date) -> dict[str, str]:
    """What ``bag-info.txt`` says of a bag that is made on a day."""
    import bagit

    program = " ".join(filter(None, (f"evalkit {VERSION}", commit())))
    before = predecessor(about)
    return {
        "Bagging-Date": on.isoformat(),
        "Bag-Software-Agent": f"{program}; bagit {bagit.VERSION}",
        "Bag-Group-Identifier": about["panel"]["id"],
        "External-Identifier": about["root"],
        "External-Description": about["description"],
        **({PREDECESSOR: before} if before else {}),
    }
