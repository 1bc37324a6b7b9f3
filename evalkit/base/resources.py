"""Where the rubrics, panels and notebooks that come with evalkit are."""

from __future__ import annotations

from pathlib import Path

from evalkit.base.errors import InputError
from evalkit.base.text import _

_PACKAGE = Path(__file__).parent.parent


def path(kind: str, name: str = "") -> Path:
    """The file or folder ``name`` of ``kind`` (rubrics, panels, notebooks).

    An installed package carries them inside; in a checkout they lie beside the package.
    Raises InputError when there is none.
    """
    for base in (_PACKAGE / "data", _PACKAGE.parent):
        found = base / kind / name
        if found.exists():
            return found
    raise InputError(_("evalkit 没有附带 {kind}/{name}，请检查名称", kind=kind, name=name))
