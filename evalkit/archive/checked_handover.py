"""A bag that was handed over to an applicant: its report is made from what lies beside it."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

from evalkit.archive.layout import REPORTS, RESULT
from evalkit.archive.opened import Opened
from evalkit.base.text import _
from evalkit.record.compared import Findings


def check_handover(bag: Opened, about: Any, found: Findings) -> None:
    """Find what in the hand-over bag is not about one and the same report."""
    id, before = str(about["applicant"]["id"]), len(found.wrong)
    try:
        text = (bag.payload / RESULT).read_text("utf-8")
        own = json.loads(text)
        named = own["applicant"]["id"], own["digest"], own["basis"]["root"]
    except (OSError, ValueError, KeyError, TypeError):
        found.wrong.append(_("{name} 读不懂，被改过", name=RESULT))
        return
    if named != (id, about["results"], about["root"]):
        found.wrong.append(_("{name} 不是这一次锁定的、这一单位的内容", name=RESULT))
    for name in sorted(about["reports"]):
        notebook = bag.payload / REPORTS / name / f"{id}.ipynb"
        if _parameter(notebook) != text:
            said = _("{id} 的报告笔记本用的不是 {name} 的内容：其中一个改过", id=id, name=RESULT)
            found.wrong.append(said)
    if len(found.wrong) == before:
        found.holds.append(_("本单位的报告就是由 {name} 的内容出的", name=RESULT))
    found.unknown.append(_("名次和总体统计照原样采用：算它们要用到其他单位的得分，这份档案里没有"))


def _parameter(notebook: Path) -> str | None:
    """The result that was handed to an executed notebook; None where it cannot be read."""
    try:
        cells = json.loads(notebook.read_bytes())["cells"]
        (cell,) = (c for c in cells if "injected-parameters" in c["metadata"].get("tags", []))
        for node in ast.parse("".join(cell["source"])).body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                return str(ast.literal_eval(node.value))
    except (OSError, ValueError, KeyError, TypeError, SyntaxError):
        return None
    return None
