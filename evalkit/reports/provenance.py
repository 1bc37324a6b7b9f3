"""What is known of a run and stands in no report: when, where, with which versions."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evalkit.base.files import place
from evalkit.base.version import VERSION
from evalkit.reports import journal

if TYPE_CHECKING:
    from evalkit.evaluation import Results

FORMAT, FILE = "evalkit-provenance/1", "provenance.json"

PACKAGES = ("papermill", "nbclient", "nbformat", "nbconvert", "ipykernel", "ipython", "jinja2")


def now() -> str:
    """This moment, as ISO 8601 in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def record(
    folder: Path, results: Results, notebook: Path, began: str, **facts: Any
) -> Mapping[str, Any]:
    """Write ``provenance.json`` into ``folder``, over that of an earlier run; its content."""
    content = {
        "format": FORMAT,
        "began": began,
        "ended": now(),
        **facts,
        "results": results.digest,
        "panel": {"id": results.panel.id, "digest": results.panel.digest},
        "rubric": {"id": results.rubric.id, "digest": results.rubric.digest},
        "paper": [
            {"typed_by": who, "source": where, "sheets": n}
            for who, where, n in results.facts.basis.paper
        ],
        "notebook": {"name": notebook.name, "program": journal.program()},
        "versions": {
            "evalkit": VERSION,
            "python": platform.python_version(),
            **{name: metadata.version(name) for name in PACKAGES},
        },
        "machine": {"name": platform.node(), "system": platform.platform()},
    }
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    place({folder / FILE: text.encode()})
    return content
