"""A second saved at the start of everything that reads notebooks."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from types import ModuleType
from typing import Any

_NAME = "rfc3987_syntax"


def later() -> None:
    """Let jsonschema compile the grammar of IRIs when it is asked about one, not when imported.

    nbformat imports jsonschema; no notebook has an IRI, and the grammar takes a second.
    """
    if _NAME not in sys.modules and find_spec(_NAME):
        waiting: Any = ModuleType(_NAME)
        waiting.is_valid_syntax = _is_valid
        sys.modules[_NAME] = waiting


def _is_valid(term: str, value: str) -> bool:
    if getattr(sys.modules.get(_NAME), "is_valid_syntax", None) is _is_valid:
        del sys.modules[_NAME]
    from rfc3987_syntax import is_valid_syntax  # type: ignore[import-untyped]

    return is_valid_syntax(term, value)
