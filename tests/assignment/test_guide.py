"""docs/assignment.md as somebody follows it on the demo panel."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

from evalkit.round import Round
from tests.support.builders import DEMO
from tests.support.command import evalkit
from tests.support.guides import blocks


def test_every_command_of_the_guide_works(tmp_path: Path) -> None:
    """In its order, as written."""
    shutil.copy(DEMO / "panel.yaml", tmp_path)
    text = "".join(blocks("docs/assignment.md", "sh")).replace("\\\n", " ")
    said = {}
    for line in text.splitlines():
        program, *words = shlex.split(line, comments=True)
        assert program == "evalkit"
        run = evalkit(*words, cwd=tmp_path)
        assert run.returncode == 0, (words, run.stdout, run.stderr)
        said[" ".join(words[:3])] = run.stdout
    assert "示例轴承公司" in said["panel conflicts panel.yaml"]
    assert "新分配 1 个席位" in said["panel assign 评审"]
    with Round.open(tmp_path / "评审") as round_:
        assert all(
            sum(round_.panel.may_score(a.id, e) for e in round_.panel.seats(a.id)) == 5
            for a in round_.panel.applicants
        )
