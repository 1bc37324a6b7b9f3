"""A rubric from its YAML file, checked as a whole."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from evalkit.base import resources, yamltext
from evalkit.base.build import build, require
from evalkit.base.errors import InputError, Problem
from evalkit.base.text import _
from evalkit.base.wanted import asked
from evalkit.rubric import checks
from evalkit.rubric.model import FORMAT, Rubric


@asked
def load_rubric(path: Path | str) -> Rubric:
    """The rubric in the YAML file at ``path``, or the one of that id that comes with evalkit.

    Raises InputError with file, line, field and remedy for each problem; points that do not total
    what the text states are one.
    """
    file = Path(path)
    if not file.is_file() and file.name == str(path) and not file.suffix:
        try:
            file = resources.path("rubrics", f"{path}.yaml")
        except InputError:
            if not file.exists():  # a folder of that name is said to be one
                raise
    return _read(yamltext.text_of(file), str(file))


@lru_cache(maxsize=16)
def _read(text: str, source: str) -> Rubric:
    """The rubric in ``text``, once for all who ask for it: a rubric is frozen."""
    tree = yamltext.parse(text, source)
    declared = tree.value.get("format") if isinstance(tree.value, dict) else None
    if isinstance(declared, str) and declared != FORMAT:
        raise InputError(
            Problem(
                _(
                    "这里写的是“{found}”，这个版本的 evalkit 读“{expected}”",
                    found=declared,
                    expected=FORMAT,
                ),
                tree.source,
                tree.line(("format",)),
                "format",
            )
        )
    rubric = build(Rubric, tree)
    require(tree, checks.problems(rubric))
    return rubric
