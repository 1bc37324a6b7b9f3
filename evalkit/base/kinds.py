"""What a file is by its content, whatever it is called."""

from __future__ import annotations

import io
import zipfile

from evalkit.base.text import Text, _

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How an old .doc or .xls begins, and also an encrypted .docx or .xlsx."""
ZIP = b"PK"

_HEAD = 4_096
"""Bytes at the front that say what a text is."""

_MARKS = (
    (b"%PDF", "pdf"),
    (b"PAR1", "parquet"),
    (b"ARROW1", "feather"),
    (b"{\\rtf", "rtf"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"Rar!", "archive"),
    (b"\x28\xb5\x2f\xfd", "archive"),
    (b"SQLite format 3\0", "database"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"\x09\x08", "xls"),
    (b"ID;P", "xls"),
)

_STREAMS = (("EncryptedPackage", "locked"), ("Workbook", "xls"), ("Book", "xls"))
"""Names of streams in an OLE file; the first that is there says what it is."""

_PARTS = (
    ("xl/workbook.xml", "xlsx"),
    ("xl/workbook.bin", "xlsb"),
    ("word/", "docx"),
    ("ppt/", "pptx"),
    ("Index/", "numbers"),
    ("index.apxl", "numbers"),
    ("content.xml", "ods"),
    ("xl/", "xlsx"),
)

_TEXTS = (
    ("urn:schemas-microsoft-com:office:spreadsheet", "xml2003"),
    ("<!doctype html", "html"),
    ("<html", "html"),
    ("<table", "html"),
    ("mime-version:", "html"),
    ("<?xml", "xml"),
)

_EXCEL = _("请用 Excel 或 WPS 打开后另存为 .xlsx 或 CSV")
_WHAT: dict[str, tuple[Text | str, Text]] = {
    "xlsx": (_("Excel 工作簿"), _("请把文件名的结尾改成 .xlsx")),
    "parquet": (_("Parquet 文件"), _("请把文件名的结尾改成 .parquet")),
    "feather": (_("Arrow（Feather）文件"), _("请存为 Parquet 或 CSV")),
    "text": (_("文本表格（CSV）"), _("请把文件名的结尾改成 .csv")),
    "locked": (_("设了打开密码的 Office 文件"), _("请去掉密码再存")),
    "xls": (_("旧版 Excel 文件（.xls）"), _EXCEL),
    "ole": (_("旧版或加了密码的 Office 文件"), _("请去掉密码，另存为 .xlsx")),
    "xlsb": (_("Excel 二进制工作簿（.xlsb）"), _EXCEL),
    "xml2003": (_("XML 电子表格 2003"), _EXCEL),
    "html": (_("网页（HTML）"), _EXCEL),
    "ods": (_("OpenDocument 文件（.ods）"), _EXCEL),
    "numbers": (_("Numbers 表格"), _("请在 Numbers 里导出为 Excel 或 CSV")),
    "docx": (_("Word 文档"), _("请把表格复制到 Excel 里，存为 .xlsx 或 CSV")),
    "pptx": (_("PowerPoint 文件"), _("请把表格复制到 Excel 里，存为 .xlsx 或 CSV")),
    "rtf": (_("RTF 文档"), _("请把表格复制到 Excel 里，存为 .xlsx 或 CSV")),
    "pdf": (_("PDF 文件"), _("请用原来的表格，存为 .xlsx 或 CSV")),
    "picture": (_("图片"), _("请用原来的表格，存为 .xlsx 或 CSV")),
    "zip": (_("压缩包（ZIP）"), _("请先解压")),
    "archive": (_("压缩文件"), _("请先解压")),
    "database": (_("SQLite 数据库"), _("请把表导出为 CSV")),
    "json": (_("JSON 文件"), _("请导出为 .xlsx 或 CSV")),
    "xml": (_("XML 文件"), _("请导出为 .xlsx 或 CSV")),
}


def kind_of(data: bytes) -> str:
    """One word for what ``data`` is: a key of what `other_than` can say, or ``text``."""
    if data.startswith(OLE):
        named = (kind for name, kind in _STREAMS if name.encode("utf-16-le") in data)
        return next(named, "ole")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _package(data)
    if found := next((kind for mark, kind in _MARKS if data.startswith(mark)), None):
        return found
    head = data[:_HEAD].replace(b"\0", b"").decode("latin-1").lower().lstrip("ï»¿þÿ \t\r\n")
    if found := next((kind for mark, kind in _TEXTS if _begins(head, mark)), None):
        return found
    return "json" if head.startswith(("{", "[{", "[[")) else "text"


def other_than(expected: str, data: bytes) -> Text | None:
    """What ``data`` is and what to do, where it is not of the ``expected`` kind; else None."""
    found = kind_of(data)
    if found == expected:
        return None
    what, remedy = _WHAT[found]
    return _("这是{what}，{remedy}", what=what, remedy=remedy)


def _begins(head: str, mark: str) -> bool:
    return mark in head if mark.startswith("urn:") else head.startswith(mark)


def _package(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = package.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return "xlsx"  # who reads it says that it is damaged
    starts = (kind for name, kind in _PARTS if any(n.startswith(name) for n in names))
    return next(starts, "zip")
