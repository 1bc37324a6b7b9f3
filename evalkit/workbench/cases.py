"""The case file of an appeal to practise on."""

from __future__ import annotations

import atexit
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from evalkit.appeal.case import Appeal
from evalkit.appeal.objection import Objection, Publicity
from evalkit.base import resources
from evalkit.base.tables import read_table
from evalkit.round import Round

DEMO, APPLICANT, EXPERT = "demo", "c16", "e1"
"""The round that is objected to, whose result, and who turns out to have had a conflict."""


def practice() -> Appeal:
    """An appeal about the demo: taken up, found true, evaluated anew, not decided. Its folder is
    removed when this process ends.
    """
    kept = TemporaryDirectory(prefix="evalkit-practice-", ignore_cleanup_errors=True)
    atexit.register(kept.cleanup)
    folder, panel = Path(kept.name), resources.path("panels", f"{DEMO}/panel.yaml")
    with Round.create(folder / "round", panel) as workspace:
        workspace.import_scores(read_table(panel.with_name("scores.csv")))
        workspace.lock()
    objection = Objection(
        "异议第1号（演示）",
        APPLICANT,
        "示例医联科技（虚构）",
        "third_party",
        "一位专家与该单位有利害关系，没有回避",
        date(2026, 2, 3),
        Publicity(date(2026, 2, 2), 5),
    )
    appeal = Appeal.begin(folder / "case", folder / "round", objection, "经办人示例")
    appeal.accept("复核组组长示例", ["复核员示例:示例审计所（虚构）"])
    reason = "经核查，异议所说的利害关系属实"
    with appeal.amend("领导小组", reason, recusals=[f"{EXPERT}:{APPLICANT}"]) as anew:
        anew.lock()
    return appeal
