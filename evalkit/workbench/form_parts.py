"""The files of the form as anywidget wants them: one ES module and one style sheet."""

from __future__ import annotations

from pathlib import Path

_FORM = Path(__file__).parent / "form"
_FIRST, _LAST = "registry.js", "widget.js"
_EXPORT = "export default"
"""A script with one of its own is a widget of its own (`entry_form`, `board`), with its looks."""


def module() -> str:
    """All scripts of the form; their top level only defines, so the order hardly matters.

    What a script enters itself in stands in the first, what anywidget calls in the last. Views and
    sections lie in folders of their own; a new file there is part of the form.
    """
    files = [file for file in _files("js") if file.name != _FIRST]
    return _joined([_FORM / _FIRST, *files, _FORM / _LAST])


def looks() -> str:
    """All style sheets of the form, those of its frame before those of views and sections."""
    return _joined(_files("css"))


def _files(suffix: str) -> list[Path]:
    others = {f.stem for f in _FORM.glob("*.js") if _EXPORT in f.read_text("utf-8")}
    found = (file for file in _FORM.rglob(f"*.{suffix}") if file.stem not in others)
    return sorted(found, key=lambda file: (len(file.relative_to(_FORM).parts), str(file)))


def _joined(files: list[Path]) -> str:
    return "\n".join(file.read_text("utf-8") for file in files)
