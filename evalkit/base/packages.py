"""Zip packages (docx, xlsx): those from outside unpack safely, ours are always the same bytes.

A package is a zip of XML parts [ECMA376]_. Sizes and ratios are checked in its directory before
anything is unpacked, and again while unpacking, since a directory can lie. No part may define
entities or be in another encoding than UTF-8 or UTF-16.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Sequence

from evalkit.base.errors import InputError, Problem
from evalkit.base.text import _

MAX_FILE = 32_000_000
"""Bytes of the file itself, pictures included."""
MAX_PARTS = 10_000
MAX_XML = 100_000_000
"""Bytes of all XML parts together; half a million scores take 85 MB."""
MAX_TREE = 8_000_000
"""The same where they are read as one tree, which takes 30 times that: a hundred pages."""
MAX_RATIO = 100
"""Unpacked to packed; tables of scores come to about 10."""
FREE_OF_RATIO = 10_000_000
"""Bytes below which the ratio does not matter: a small form is mostly repetition."""

EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip file can carry; stands for none."""

_ENCODING = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([^"']{0,40})""")


def directory(data: bytes, source: str, most: int = MAX_XML) -> list[str]:
    """Names of the parts of the package ``data``, after a look at its directory alone.

    Raises InputError, naming ``source``, for what is no zip file or a damaged one, for one that is
    encrypted, and for one whose XML is more than ``most`` bytes or too dense.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        text = _("文件已损坏，不是完整的 Office 文件；请用原来的软件打开后另存")
        raise InputError(Problem(text, source)) from error
    _check(parts, len(data), most, source)
    return [part.filename for part in parts]


def xml_parts(data: bytes, source: str, most: int = MAX_XML) -> io.BytesIO:
    """The package ``data`` again, with its XML parts checked and everything else emptied.

    Raises InputError as `directory` does, and for parts that define entities.
    """
    directory(data, source, most)
    kept, left = io.BytesIO(), most
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(kept, "w") as checked:
            for part in package.infolist():
                content = _unpacked(package, part, left, source) if _is_xml(part) else b""
                left -= len(content)
                checked.writestr(part.filename, content)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        text = _("文件已损坏，不是完整的 Office 文件；请用原来的软件打开后另存")
        raise InputError(Problem(text, source)) from error
    except (NotImplementedError, RuntimeError) as error:  # another method of packing
        raise InputError(Problem(_LOCKED, source)) from error
    return kept


_LOCKED = _("文件有密码或压缩方式少见，请去掉密码后另存")


def _is_xml(part: zipfile.ZipInfo) -> bool:
    return part.filename.lower().endswith((".xml", ".rels"))


def _check(parts: Sequence[zipfile.ZipInfo], packed: int, most: int, source: str) -> None:
    names = {part.filename for part in parts}
    if len(parts) > MAX_PARTS or len(names) < len(parts):
        raise InputError(Problem(_("压缩包的目录不正常，不能读取"), source))
    if any(part.flag_bits & 1 for part in parts):
        raise InputError(Problem(_LOCKED, source))
    whole = sum(part.file_size for part in parts)
    dense = whole > FREE_OF_RATIO and whole > MAX_RATIO * packed
    if dense or sum(part.file_size for part in parts if _is_xml(part)) > most:
        raise _too_large(whole, source)


def _unpacked(package: zipfile.ZipFile, part: zipfile.ZipInfo, most: int, source: str) -> bytes:
    with package.open(part) as stream:
        content = stream.read(most + 1)
    if len(content) > most:
        raise _too_large(len(content), source)
    bare = content.replace(b"\0", b"")  # also finds what is written in UTF-16
    declared = _ENCODING.match(bare[:400].lstrip(b"\xef\xbb\xbf\xff\xfe"))
    foreign = declared and declared[1].lower() not in (b"utf-8", b"utf-16")
    if foreign or b"<!DOCTYPE" in bare:
        text = _("“{part}”里有实体定义或少见的编码，为安全起见不能读取", part=part.filename)
        raise InputError(Problem(text, source))
    return content


def _too_large(size: int, source: str) -> InputError:
    text = _(
        "解开后有 {n} MB，过大或压缩比异常，疑似压缩炸弹，没有解开；请核对来源", n=-(-size // 10**6)
    )
    return InputError(Problem(text, source))


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
