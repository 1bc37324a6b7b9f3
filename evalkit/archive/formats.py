"""The formats of what an archive holds, and the way from an earlier one to the newest.

A step leads from a version to the next and only ever adds: what an archive says stays in it, under
its name, so that an archive of any earlier version is read for as long as there is an evalkit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from evalkit.base.errors import InputError, Problem
from evalkit.base.text import _

Document = dict[str, Any]
Step = Callable[[Document], Document]
"""From a document of a version to the same in the next version."""

STEPS: Mapping[str, Sequence[Step]] = {
    "evalkit-archive": (),
    "evalkit-environment": (),
    "evalkit-results": (),
    "evalkit-analysis": (),
    "evalkit-reports": (),
    "evalkit-provenance": (),
}
"""By format, the steps from version 1 on: one fewer than there are versions."""


def newest(name: str) -> str:
    """The format ``name`` as it is written today, such as ``evalkit-results/1``."""
    return f"{name}/{len(STEPS[name]) + 1}"


def upgraded(
    document: Any, name: str, source: str, steps: Sequence[Step] | None = None
) -> Document:
    """``document`` of the format ``name`` in its newest version; ``steps`` are those of `STEPS`.

    Raises InputError, with ``source``, for another format and for a version that is not known yet;
    ValueError for a step that takes away or changes what was there.
    """
    chain = STEPS[name] if steps is None else steps
    declared = document.get("format") if isinstance(document, dict) else None
    found = re.fullmatch(rf"{re.escape(name)}/([1-9]\d{{0,3}})", str(declared))
    if found is None:
        text = _("不是 {name} 格式的文件（format 是“{found}”）", name=name, found=declared)
        raise InputError(Problem(text, source))
    version = int(found[1])
    if version > len(chain) + 1:
        text = _(
            "格式 {found} 比这个版本的 evalkit 新（它读到 {known}），请用做出它的版本或更新的版本",
            found=declared,
            known=f"{name}/{len(chain) + 1}",
        )
        raise InputError(Problem(text, source))
    current: Document = document
    for number, step in enumerate(chain[version - 1 :], start=version + 1):
        later = {**step(current), "format": f"{name}/{number}"}
        if not _holds(later, {**current, "format": later["format"]}):
            raise ValueError(f"the step to {name}/{number} takes away or changes what was there")
        current = later
    return current


def _holds(later: Any, earlier: Any) -> bool:
    """Whether everything in ``earlier`` stands in ``later``, and at its place."""
    if isinstance(earlier, dict):
        same = isinstance(later, dict) and earlier.keys() <= later.keys()
        return same and all(_holds(later[key], earlier[key]) for key in earlier)
    if isinstance(earlier, list):
        same = isinstance(later, list) and len(later) == len(earlier)
        return same and all(map(_holds, later, earlier))
    return bool(later == earlier)
