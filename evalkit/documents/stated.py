"""The root hashes that papers state which were made from a lock."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from evalkit.base.errors import InputError
from evalkit.base.packages import MAX_FILE, MAX_TREE, xml_parts
from evalkit.base.text import LANGUAGES, _

_SAID = "|".join(re.escape(_("评分记录根哈希").render(language)) for language in LANGUAGES)
_ROOT = re.compile(rf"(?:{_SAID})\s*([0-9a-f]{{64}})")


def roots(folders: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """Each Word paper in ``folders`` that states the root of the scores it rests on, and that root.

    What cannot be read is passed over: it states nothing.
    """
    for folder in folders:
        for file in sorted(folder.glob("*.docx")):
            for root in dict.fromkeys(_ROOT.findall(_text(file))):
                yield str(file), root


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > MAX_FILE:
            return ""
        with zipfile.ZipFile(xml_parts(file.read_bytes(), str(file), MAX_TREE)) as package:
            content = package.read("word/document.xml").decode("utf-8", "replace")
    except (OSError, KeyError, InputError):
        return ""
    return re.sub(r"<[^>]*>", "", content)
