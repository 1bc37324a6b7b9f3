"""Texts imported as drafts, what is left to decide in them, and drafts with it decided."""

from __future__ import annotations

import re
from pathlib import Path

from evalkit.drafting.rubric_import import File, drafts
from evalkit.rubric import Rubric, load_rubric


def completed(file: File, folder: Path) -> Rubric:
    """The draft after a person has written what no table says: id, version, source, kinds."""
    text = re.sub(r"(?m)^id: .*", "id: named", file.draft.text)
    text = text.replace("kind: 待定", "kind: qualitative").replace("status: 待定", "status: draft")
    text = text.replace(": 待定", ": 已照原文填写")
    (folder / "named.yaml").write_text(text, "utf-8")
    return load_rubric(folder / "named.yaml")


def import_text(text: str, folder: Path, name: str = "table.txt") -> list[File]:
    """The drafts of a text."""
    (folder / name).write_text(text, "utf-8")
    return drafts(folder / name, folder / "out")


def pending(file: File) -> set[tuple[str, str]]:
    """Key and words of everything that is to be decided, without what no table can say."""
    never = "指标表里没有，请照原文填写"
    found = ((key, str(remark)) for _line, key, remark in file.draft.pending)
    return {(k, r) for k, r in found if k not in {"id", "version", "kind", "status"} and r != never}
