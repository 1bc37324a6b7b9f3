"""What the nbconvert template ``evalkit`` needs: its style sheet with the hash, and an exporter."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbconvert.preprocessors import Preprocessor
from traitlets.config import Config

TEMPLATES = Path(__file__).parent / "templates"

CLASSES = re.compile(r'class="([^"]*)"')


class Style(Preprocessor):
    """Gives the template the style sheet and the hash that its security policy allows."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """The notebook as it is; ``css`` and ``hash`` in ``resources["evalkit"]``."""
        outputs = (o for cell in nb.cells for o in cell.get("outputs", ()))
        html = "".join("".join(o.get("data", {}).get("text/html", "")) for o in outputs)
        css = sheet(frozenset(name for found in CLASSES.findall(html) for name in found.split()))
        digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
        resources["evalkit"] = {"css": css, "hash": digest}
        return nb, resources


@lru_cache
def sheet(classes: frozenset[str]) -> str:
    """The rules of the style sheet for elements and for these ``classes``; the others are left out.

    In ``style.css`` each rule has a line of its own.
    """
    lines = (TEMPLATES / "evalkit" / "style.css").read_text(encoding="utf-8").splitlines(True)
    return "".join(line for line in lines if _matches(line, classes))


def _matches(rule: str, classes: frozenset[str]) -> bool:
    selectors = re.split(r",(?![^(]*\))", rule.partition("{")[0])
    return any(classes.issuperset(re.findall(r"\.([a-z]+)", s)) for s in selectors)


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
        """The defaults of nbconvert without preprocessors."""
        config = super().default_config
        for name in ("RegexRemove", "TagRemove", "HighlightMagics"):
            config[f"{name}Preprocessor"].enabled = False
        return config

    def _preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Run the preprocessors, without copies and checks of the notebook for each of them."""
        for preprocessor in self._preprocessors:
            nb, resources = preprocessor(nb, resources)
        return nb, resources

    def from_notebook_node(self, nb: Any, resources: Any = None, **options: Any) -> tuple[Any, Any]:
        """The page of an executed notebook."""
        return TemplateExporter.from_notebook_node(self, nb, resources, **options)
