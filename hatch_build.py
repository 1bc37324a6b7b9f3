"""The English catalogue is compiled whenever evalkit is built or installed, and is not in git."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Catalogue(BuildHookInterface):
    """Hatch calls it before it makes a wheel, an editable one too."""

    def initialize(self, _version: str, _build_data: dict[str, Any]) -> None:
        """Write each catalogue beside its source."""
        for source in sorted(Path(self.root, "evalkit", "locale").rglob("*.po")):
            with source.open("rb") as file, source.with_suffix(".mo").open("wb") as compiled:
                write_mo(compiled, read_po(file, locale=source.parts[-3]))
