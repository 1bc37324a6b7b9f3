"""What the nbconvert template ``evalkit`` needs: style sheet with hash, cells, an exporter."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import lru_cache, partial
from typing import Any

from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbconvert.preprocessors import Preprocessor
from traitlets.config import Config

from evalkit.pages.cells import outputs, words
from evalkit.pages.looks import TEMPLATES
from evalkit.pages.markup import has_pictures

CLASSES = re.compile(r'class="([^"]*)"')


class Style(Preprocessor):
    """Gives the template the style sheet and the hash that its security policy allows."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """The notebook as it is; ``css``, its ``hash`` and functions for cells in resources.

        They are under ``evalkit``.
        """
        data = [o.get("data", {}) for cell in nb.cells for o in cell.get("outputs", ())]
        pages = "".join("".join(one.get("text/html", "")) for one in data)
        classes = {name for found in CLASSES.findall(pages) for name in found.split()}
        texts = [cell.source for cell in nb.cells if cell.cell_type != "code"]
        texts += [one.get("text/markdown", "") for one in data]
        if any(k.startswith("image/") for one in data for k in one) or any(
            has_pictures(text) for text in texts
        ):
            classes.add("picture")
        css = sheet(frozenset(classes))
        digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
        folder = resources.get("metadata", {}).get("path", "")
        resources["evalkit"] = {
            "css": css,
            "hash": digest,
            "words": partial(words, folder=folder),
            "outputs": partial(outputs, folder=folder),
        }
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
