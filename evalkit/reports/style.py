"""What the nbconvert template ``evalkit`` needs: its style sheet with the hash, and an exporter."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbconvert.preprocessors import Preprocessor
from traitlets.config import Config

TEMPLATES = Path(__file__).parent / "templates"


class Style(Preprocessor):
    """Gives the template the style sheet and the hash that its security policy allows."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """The notebook as it is; ``css`` and ``hash`` in ``resources["evalkit"]``."""
        css = (TEMPLATES / "evalkit" / "style.css").read_text(encoding="utf-8")
        digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
        resources["evalkit"] = {"css": css, "hash": digest}
        return nb, resources


class LeanExporter(HTMLExporter):
    """nbconvert's HTMLExporter with evalkit's template, also where the template is not installed.

    Leaves out what the template has no use for: the default preprocessors, and parsing the finished
    page once more to add ``alt`` and ``tabindex``, which takes four times as long as all the rest.
    """

    def __init__(self, **options: Any) -> None:
        options |= {"template_name": "evalkit", "extra_template_basedirs": [str(TEMPLATES)]}
        super().__init__(**options)  # type: ignore[no-untyped-call]

    @property
    def default_config(self) -> Config:
        """The defaults of nbconvert without preprocessors; one validation, after all of them."""
        config = super().default_config
        config.Exporter.optimistic_validation = True
        for name in ("RegexRemove", "TagRemove", "HighlightMagics"):
            config[f"{name}Preprocessor"].enabled = False
        return config

    def from_notebook_node(self, nb: Any, resources: Any = None, **options: Any) -> tuple[Any, Any]:
        """The page of an executed notebook."""
        return TemplateExporter.from_notebook_node(self, nb, resources, **options)
