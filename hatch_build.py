"""The English catalogue is compiled whenever evalkit is built or installed, and is not in git; a
built package knows the commit that it was built from.
"""

from __future__ import annotations

import runpy
import tempfile
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Catalogue(BuildHookInterface):
    """Hatch calls it before it makes a wheel, an editable one too."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write each catalogue beside its source, and the commit into a package that is built.

        A checkout is asked for its commit when somebody wants to know.
        """
        for source in sorted(Path(self.root, "evalkit", "locale").rglob("*.po")):
            with source.open("rb") as file, source.with_suffix(".mo").open("wb") as compiled:
                write_mo(compiled, read_po(file, locale=source.parts[-3]))
        known = runpy.run_path(str(Path(self.root, "evalkit", "base", "version.py")))
        if version != "editable" and (commit := known["of_checkout"](Path(self.root))):
            file = Path(tempfile.mkdtemp(), known["COMMIT_FILE"])
            file.write_text(f"{commit}\n", "utf-8")
            build_data["force_include"][str(file)] = f"evalkit/{known['COMMIT_FILE']}"
