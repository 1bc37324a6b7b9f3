"""Case files of appeals, as commands make them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.support.command import Run, evalkit

PUBLIC = ("--published", "2026-03-02", "--days", "5")
"""In time up to 7 March."""

BY = ("--by", "周主任")
REVIEWERS = ("--reviewer", "王复核:示例大学", "--reviewer", "赵复核:示例研究院")


def open_case(source: Path, case: Path, *more: Any, applicant: str = "C", lang: str = "") -> Run:
    """The objection of a third party on the first day of publicity, unless ``more`` says else."""
    given = {
        "--objector": "李示例",
        "--objector-is": "第三方",
        "--ground": "有专家受聘于该单位",
        "--received": "2026-03-03",
        "--number": "第1号",
    }
    given |= dict(zip(more[::2], more[1::2], strict=True))
    words = [word for pair in given.items() for word in pair]
    about = ("--out", case, "--applicant", applicant, *PUBLIC, *BY)
    return evalkit("appeal", "open", source, *about, *words, lang=lang)


def accept(case: Path, *more: Any, lang: str = "") -> Run:
    """Taken up, with two reviewers."""
    return evalkit("appeal", "accept", case, *BY, *REVIEWERS, *more, lang=lang)


def amend(case: Path, *reopened: Any, lang: str = "", **words: str) -> Run:
    """Found justified; the reason names an expert."""
    reason = words.get("reason", "经核查，专家3受聘于丙公司。")
    why = ("--by", "领导小组", "--reason", reason)
    return evalkit("appeal", "amend", case, *why, *reopened, lang=lang)


def case_of(source: Path, case: Path, *, applicant: str = "C", lang: str = "") -> Path:
    """A case that was opened and taken up; where the round will be that takes the place."""
    for run in (open_case(source, case, applicant=applicant, lang=lang), accept(case, lang=lang)):
        assert run.returncode == 0, run.stderr
    return case / "round"
