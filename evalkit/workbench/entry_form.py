"""A small form of labelled fields: what a person typed arrives whole, in one message."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import anywidget
import traitlets

_FORM = Path(__file__).parent / "form"


class Field(NamedTuple):
    """A field: its name, what stands beside it, and what may be chosen (None: any text)."""

    name: str
    label: str
    options: Mapping[str, str] | None = None


class EntryForm(anywidget.AnyWidget):
    """A form with one button. Pressing it calls ``enter`` with what the fields are about and the
    text of each; what was typed stays until the form is shown anew.

    Nothing that it sends is trusted: only texts of the fields it was given are handed on, and only
    for what it shows now: a form that was drawn before, or sent twice, stores nothing.
    """

    _esm = (_FORM / "entry.js").read_text("utf-8")
    _css = (_FORM / "entry.css").read_text("utf-8")
    fields: Any = traitlets.List().tag(sync=True)
    button = traitlets.Unicode().tag(sync=True)
    drawn = traitlets.Int(0).tag(sync=True)
    """Changes last, when all the others have arrived."""

    def __init__(self, button: str, enter: Callable[[str, dict[str, str]], None]) -> None:
        self._enter = enter
        self.about = ""
        super().__init__(button=button)
        self.on_msg(self._receive)

    def show(self, about: str, fields: Sequence[Field]) -> None:
        """Show empty ``fields``; ``about`` names what they are for."""
        self.about = about
        self.fields = [
            {
                "name": field.name,
                "label": field.label,
                "options": None if field.options is None else list(field.options.items()),
            }
            for field in fields
        ]
        self.drawn += 1

    def enter(self, **values: str) -> None:
        """What pressing the button with these ``values`` does."""
        self._receive(self, {"type": "enter", "drawn": self.drawn, "values": values}, [])

    def _receive(self, _widget: Any, content: Any, _buffers: Any) -> None:
        match content:
            case {"type": "enter", "drawn": int(drawn), "values": dict(values)}:
                names = {field["name"] for field in self.fields}
                texts = {k: v for k, v in values.items() if k in names and isinstance(v, str)}
                if names and drawn == self.drawn:
                    self._enter(self.about, {name: texts.get(name, "").strip() for name in names})
