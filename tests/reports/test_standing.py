"""Issued reports stay whoever makes reports, and many of them are named in a line."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalkit.base.errors import ReportError
from evalkit.reports.standing import Standing
from tests.support import bags
from tests.support.command import evalkit


@pytest.mark.processes
def test_workers_keep_what_nobody_noted_too(tmp_path: Path) -> None:
    """Processes of their own write over no page either."""
    with bags.issued(tmp_path / "files", "applicant") as workspace:
        round_, folder = workspace.folder, tmp_path / "files" / "applicant"
    lines = (folder / "reports.jsonl").read_text("utf-8").splitlines(keepends=True)
    (folder / "reports.jsonl").write_text(lines[0], "utf-8")
    (folder / "A.html").write_text("another", "utf-8")
    done = evalkit("report", round_, "--out", folder, "--workers", "2")
    assert done.returncode == 1
    assert "A.html 没有登记过，与现在做出的不同，没有动它" in done.stderr
    assert (folder / "A.html").read_text("utf-8") == "another"


def test_many_are_named_in_a_line(tmp_path: Path) -> None:
    """The first of them, and how many there are."""
    many = Standing(locked=True, others=[f"a{n}" for n in range(300)])
    (problem,) = many.problems(tmp_path)
    assert isinstance(problem, ReportError)
    assert "a9 等 300 个" in problem.render()
    assert "a10" not in problem.render()
