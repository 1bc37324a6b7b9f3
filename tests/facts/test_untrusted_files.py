"""Files that want too much, are something else, or are broken: one line, nothing unpacked."""

from __future__ import annotations

import io
import random
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import docx
import openpyxl
import pytest

from evalkit.base import kinds, packages
from evalkit.base.errors import InputError
from evalkit.drafting.docx_tables import tables_in
from evalkit.drafting.rubric_import import MAX_ROWS, MAX_TEXT, drafts

BOMB = "疑似压缩炸弹，没有解开"
DOCUMENT = "word/document.xml"
HEAD = '<?xml version="1.0" encoding="{}"?>'


def word(*paragraphs: str) -> bytes:
    """A Word file without a table."""
    document, out = docx.Document(), io.BytesIO()
    for text in paragraphs:
        document.add_paragraph(text)
    document.save(out)
    return out.getvalue()


def packed(parts: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A Word file in which ``parts`` stand instead of those of their name, or beside the others."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(word())) as old,
        zipfile.ZipFile(out, "w", method, compresslevel=1) as new,
    ):
        for name in old.namelist():
            new.writestr(name, parts.get(name, old.read(name)))
        for name in parts.keys() - set(old.namelist()):
            method = zipfile.ZIP_STORED if name.endswith(".bin") else zipfile.ZIP_DEFLATED
            new.writestr(name, parts[name], compress_type=method)
    return out.getvalue()


@cache
def small_bomb() -> bytes:
    """100 MB of blanks in half a megabyte."""
    return packed({DOCUMENT: b" " * 100_000_000})


@cache
def large_bomb() -> bytes:
    """The same beside 20 MB that do not shrink: the file as a whole has a harmless ratio."""
    return packed(
        {DOCUMENT: b" " * 100_000_000, "word/media/a.bin": random.Random(1).randbytes(20_000_000)}
    )


def many_small_bombs() -> bytes:
    """Parts that are each below the size from which the ratio counts."""
    return packed({f"word/part{n}.xml": b" " * 900_000 for n in range(20)})


@cache
def many_parts() -> bytes:
    """More parts than any document has."""
    return packed({f"word/part{n}.xml": b"" for n in range(packages.MAX_PARTS)})


def lying_bomb() -> bytes:
    """The bomb with a directory that claims 1,000 bytes, and the checksum of these."""
    data = small_bomb()
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        part = package.getinfo(DOCUMENT)
    true = struct.pack("<LLL", part.CRC, part.compress_size, part.file_size)
    claim = struct.pack("<LLL", zipfile.crc32(b" " * 1_000), part.compress_size, 1_000)
    assert data.count(true) == 2  # before the part and in the directory
    return data.replace(true, claim)


def locked() -> bytes:
    """The bit that says encrypted, in every header."""
    data = bytearray(word())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.find(mark)
        while start >= 0:
            data[start + at] |= 1
            start = data.find(mark, start + 1)
    return bytes(data)


def entities(encoding: str = "UTF-8") -> bytes:
    """A document that defines entities, one of them a file of the machine."""
    text = (
        HEAD.format(encoding) + '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/hostname">]><d>&a;</d>'
    )
    return packed({DOCUMENT: text.encode(encoding)})


def workbook() -> bytes:
    """An Excel file."""
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()


def table(rows: int) -> bytes:
    """Pasted text with an indicator table of many rows."""
    return ("指标\t分值\n" + "投入\t1\n" * rows).encode()


CASES: dict[str, tuple[Callable[[], bytes], str]] = {
    "a bomb of 100 KB": (small_bomb, BOMB),
    "a bomb of 20 MB": (large_bomb, BOMB),
    "many small bombs": (many_small_bombs, BOMB),
    "a bomb whose directory lies": (lying_bomb, "不是可以读取的 Word 文档"),
    "too many parts": (many_parts, "压缩包的目录不正常"),
    "a file of 33 MB": (lambda: b"PK" + bytes(33_000_000), "文件超过 32000000 字节"),
    "a Word file with a password": (lambda: kinds.OLE + bytes(5_000), "旧版 .doc 或加了密码"),
    "a zip with a password": (locked, "有密码或压缩方式少见"),
    "entities": (entities, "有实体定义或少见的编码"),
    "entities in UTF-16": (lambda: entities("UTF-16"), "有实体定义或少见的编码"),
    "entities in an encoding that hides them": (
        lambda: entities("UTF-7"),
        "有实体定义或少见的编码",
    ),
    "half a Word file": (lambda: word("一")[:9_000], "已损坏"),
    "garbage that begins as a zip": (lambda: b"PK\x03\x04" + bytes(range(256)), "已损坏"),
    "XML that is none": (lambda: packed({DOCUMENT: b"<w:document"}), "不是可以读取的 Word 文档"),
    "an Excel file": (workbook, "不是可以读取的 Word 文档"),
    "a Word file without a table": (lambda: word("第一条", "第二条"), "没有找到指标表"),
    "a text without a table": ("第一条\n第二条\n".encode, "没有找到指标表"),
    "a table about something else": ("姓名\t电话\n示例\t1\n".encode, "没有找到指标表"),
    "an empty file": (lambda: b"", "没有找到指标表"),
    "a PDF": (lambda: b"%PDF-1.7\n", "是 PDF"),
    "another encoding": (lambda: "指标\t分值\n".encode("gbk"), "--encoding gbk"),
    "a character that is none": (lambda: b"\n\x00", "第 2 行：有不可显示的字符"),
    "a long text": (lambda: b"a" * (MAX_TEXT + 1), "文本超过 1000000 字节"),
    "a long table": (lambda: table(MAX_ROWS + 1), "指标表超过 2000 行"),
}


@pytest.mark.parametrize("name", CASES)
def test_refused_in_one_line_and_little_memory(name: str, tmp_path: Path) -> None:
    """The error names the file and the remedy; at no time is more than 64 MB in hand."""
    build, message = CASES[name]
    source = tmp_path / "given.docx"
    source.write_bytes(build())
    tracemalloc.start()
    with pytest.raises(InputError) as caught:
        drafts(source, tmp_path / "out")
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    (line,) = caught.value.render().splitlines()
    assert line.startswith(f"{source}")
    assert message in line
    assert peak < 64_000_000
    assert list(tmp_path.iterdir()) == [source]


@pytest.mark.parametrize("name", ["given.docx", "given.doc", "given.txt"])
@pytest.mark.parametrize("content", [b"rubbish", b"\x00\xff\xfe rubbish \x81", b""])
def test_what_is_called_a_word_file_and_is_none(content: bytes, name: str, tmp_path: Path) -> None:
    """Said first, with what to do; nothing of it about a text that is called a text."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        drafts(tmp_path / name, tmp_path / "out")
    said = f"{tmp_path / name}：不是 Word 文件，或已损坏：请用 Word 或 WPS 打开后另存为 .docx"
    assert caught.value.render().startswith(said) == (name != "given.txt")


@pytest.mark.parametrize("build", [small_bomb, large_bomb, many_small_bombs, many_parts])
def test_bombs_are_refused_before_anything_is_unpacked(
    build: Callable[[], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The directory alone decides."""
    data = build()
    opened: list[str] = []
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda _zip, part, *_: opened.append(part))
    with pytest.raises(InputError):
        packages.xml_parts(data, "given.docx", packages.MAX_TREE)
    assert opened == []


def test_pictures_are_not_unpacked() -> None:
    """A document full of photographs is read; its pictures stay where they are."""
    picture = random.Random(1).randbytes(12_000_000)
    package = packages.xml_parts(packed({"word/media/a.bin": picture}), "given.docx")
    with zipfile.ZipFile(package) as parts:
        assert parts.read("word/media/a.bin") == b""
        assert b"<w:body>" in parts.read(DOCUMENT)


@pytest.mark.parametrize("name", ["none.docx", ""])
def test_files_that_are_not_there(name: str, tmp_path: Path) -> None:
    """A missing file and a folder."""
    with pytest.raises(InputError, match="无法读取"):
        drafts(tmp_path / name, tmp_path / "out")


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        (DOCUMENT, b"w:document", b"w:documents"),
        ("[Content_Types].xml", b"styles+xml", b"stile+xml"),
    ],
)
def test_a_part_that_is_not_what_its_name_promises(part: str, old: bytes, new: bytes) -> None:
    """Found by mutating files: the root has another name, or the styles are declared as nothing."""
    with zipfile.ZipFile(io.BytesIO(word("文字"))) as package:
        changed = package.read(part).replace(old, new)
    with pytest.raises(InputError, match="文件已损坏"):
        tables_in(packed({part: changed}), "附件.docx")
