"""Packages of Word and Excel (Open Packaging Conventions), opened without trusting them.

A package is a zip of XML parts. Its sizes and ratios are checked in the directory before anything
is unpacked, and again while unpacking, since a directory can lie. Only XML parts are unpacked;
none may define entities or be in another encoding than UTF-8 or UTF-16 [ECMA376]_.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from evalkit.base.errors import InputError, Problem
from evalkit.base.text import Text, _

MAX_FILE = 32_000_000
"""Bytes of the file itself, pictures included."""
MAX_PARTS = 2_000
MAX_XML = 8_000_000
"""Bytes of all XML parts together: a hundred pages of tables; a parsed tree takes 30 times that."""
MAX_RATIO = 100
"""How much larger than its packed form a part of `FROM_SIZE` bytes or more may be."""
FROM_SIZE = 1_000_000

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How an old .doc or .xls begins, and also an encrypted .docx or .xlsx."""
ZIP = b"PK"

_ENCODING = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([^"']{0,40})""")


def xml_parts(data: bytes, source: str) -> io.BytesIO:
    """The package ``data`` again, with its XML parts checked and everything else emptied.

    Raises InputError, naming ``source``, for what is no package, is encrypted, is larger than the
    limits of this module, or defines entities.
    """
    kept = io.BytesIO()
    left = MAX_XML
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(kept, "w") as checked:
            parts = package.infolist()
            _check_directory(parts, source)
            for part in parts:
                content = _unpacked(package, part, left, source) if _is_xml(part) else b""
                left -= len(content)
                checked.writestr(part.filename, content)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise InputError(Problem(_("文件已损坏，请用 Word 或 WPS 打开后另存"), source)) from error
    except (NotImplementedError, RuntimeError) as error:  # another method, or a password
        text = _("文件有密码或压缩方式少见，请去掉密码后另存为 .docx")
        raise InputError(Problem(text, source)) from error
    return kept


def _is_xml(part: zipfile.ZipInfo) -> bool:
    return part.filename.lower().endswith((".xml", ".rels"))


def _check_directory(parts: list[zipfile.ZipInfo], source: str) -> None:
    names = [part.filename for part in parts]
    if len(parts) > MAX_PARTS or len(set(names)) < len(names):
        raise InputError(Problem(_("压缩包的目录不正常，不能读取"), source))
    for part in parts:
        if part.file_size >= FROM_SIZE and part.file_size > MAX_RATIO * part.compress_size:
            raise InputError(Problem(_too_large(), source))
    if sum(part.file_size for part in parts if _is_xml(part)) > MAX_XML:
        raise InputError(Problem(_too_large(), source))


def _unpacked(package: zipfile.ZipFile, part: zipfile.ZipInfo, most: int, source: str) -> bytes:
    with package.open(part) as stream:
        content = stream.read(most + 1)
    if len(content) > most:
        raise InputError(Problem(_too_large(), source))
    bare = content.replace(b"\0", b"")  # also finds what is written in UTF-16
    declared = _ENCODING.match(bare[:400].lstrip(b"\xef\xbb\xbf\xff\xfe"))
    foreign = declared and declared[1].lower() not in (b"utf-8", b"utf-16")
    if foreign or b"<!DOCTYPE" in bare:
        text = _("“{part}”里有实体定义或少见的编码，为安全起见不能读取", part=part.filename)
        raise InputError(Problem(text, source))
    return content


def _too_large() -> Text:
    return _("解开后过大或压缩比异常，疑似压缩炸弹，没有解开")
