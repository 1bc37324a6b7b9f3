"""What the guides show: their blocks of code."""

from __future__ import annotations

import re

from tests.support.builders import ROOT

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(file: str, kind: str) -> list[str]:
    """The blocks of code of one kind in ``file``, in order."""
    return [text for name, text in _BLOCK.findall((ROOT / file).read_text("utf-8")) if name == kind]
