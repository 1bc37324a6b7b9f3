"""Zip packages (docx, xlsx): those from outside unpack safely, ours are always the same bytes."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from evalkit.base.errors import InputError, Problem
from evalkit.base.text import _

MOST_UNPACKED = 100 * 2**20
"""Bytes; half a million scores take 85 MB."""

MOST_RATIO = 100
"""Unpacked to packed; tables of scores come to about 10."""

FREE_OF_RATIO = 10 * 2**20
"""Bytes below which the ratio does not matter: a small form is mostly repetition."""

MOST_PARTS = 10_000

EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip file can carry; stands for none."""


def require_harmless(path: Path) -> None:
    """Pass a zip file that may be unpacked.

    Looks at its directory only; the unpacked size stated there cannot be exceeded, because reading
    a part ends at it. Raises InputError for what is no zip file (an Office file with a password is
    none), and for one that is too large or too dense. Raises OSError for one that cannot be opened.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        text = _("不是完整的 Office 文件；如果设了打开密码，请去掉密码再存")
        raise InputError(Problem(text, str(path))) from error
    unpacked = sum(part.file_size for part in parts)
    packed = max(path.stat().st_size, 1)
    dense = unpacked > FREE_OF_RATIO and unpacked / packed > MOST_RATIO
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or dense:
        text = _(
            "解开后有 {n} MB，超出可以接受的大小，没有解开；请核对来源，或改用 CSV",
            n=-(-unpacked // 2**20),
        )
        raise InputError(Problem(text, str(path)))


def settled(package: bytes) -> bytes:
    """A package without the time at which, and the system on which, it was written."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as source,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            part = zipfile.ZipInfo(name, EARLIEST)
            part.create_system, part.compress_type = 0, zipfile.ZIP_DEFLATED
            target.writestr(part, source.read(name))
    return written.getvalue()
