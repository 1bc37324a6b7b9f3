"""docs/panel-files.md as somebody follows it: from a notice in Word to a locked round."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from evalkit.round import Round
from tests.support.builders import ROOT
from tests.support.command import evalkit
from tests.support.guides import blocks
from tests.support.newcomer import PARKS, fill_office, fill_scores, write_lists, write_notice

pytestmark = pytest.mark.lives

GUIDE = "docs/panel-files.md"
ONE = (["rubric", "import"], ["rubric", "check"])
"""Commands that end with 1: something is left to a person."""


def commands() -> Iterator[list[str]]:
    """Every command of the guide as words; one may stand on several lines."""
    open_ = ""
    for line in "".join(blocks(GUIDE, "sh")).replace("\\\n", " ").splitlines(keepends=True):
        open_ += line
        try:
            words = shlex.split(open_, comments=True)
        except ValueError:  # a quotation that goes on
            continue
        open_ = ""
        if words:
            yield words
    assert not open_


def test_the_guide_leads_from_the_notice_to_the_papers(tmp_path: Path) -> None:
    """Every command works as written, in its order, and nothing else is needed but Excel."""
    write_notice(tmp_path / "评价通知.docx")
    write_lists(tmp_path)
    for program, *words in commands():
        assert program == "evalkit"
        if words[:2] == ["record", "scores"]:
            fill_scores(tmp_path / words[3])
        if words[:2] == ["record", "table"]:
            fill_office(tmp_path / words[3])
        run = evalkit(*words, cwd=tmp_path)
        assert run.returncode == (words[:2] in ONE), (words, run.stdout, run.stderr)
        if words[:2] == ["panel", "check"] and "--for-lock" not in words:
            assert "东泽" not in run.stdout, "the conflict is declared"
    with Round.open(tmp_path / "评审") as workspace:
        results = workspace.results().to_dict()
    grades = {one["id"]: one["grade"] for one in results["applicants"]}
    assert grades == {"a1": "good", "a2": "pass", "a3": "pass", "a4": "fail", "a5": "fail"} | {
        "a6": "fail"
    }
    first = results["applicants"][0]
    assert (first["id"], first["bonus"]) == ("a1", "3.00")
    assert len(list((tmp_path / "报告").glob("*.html"))) == len(PARKS)
    assert {"summary.docx", "minutes.docx", "publicity.docx"} < {
        file.name for file in (tmp_path / "文件").iterdir()
    }


def test_the_guide_is_linked_and_names_what_is_there() -> None:
    """The README leads to it; every option and rule that it names in prose is one."""
    text = (ROOT / GUIDE).read_text("utf-8")
    readme = (ROOT / "README.md").read_text("utf-8")
    assert GUIDE in readme
    for command in re.findall(r"`evalkit ([a-z]+(?: [a-z-]+)?)[ `]", text):
        assert evalkit(*command.split(), "--help").returncode == 0, command


def test_each_way_to_write_a_printed_method_is_taken(tmp_path: Path) -> None:
    """Those of the guide's table, on an indicator of ten points."""
    methods = re.findall(r"\| `(\{method: .*\})` \|", (ROOT / GUIDE).read_text("utf-8"))
    assert len(methods) == 4
    file = tmp_path / "own-2026.yaml"
    write_notice(tmp_path / "n.docx")
    assert evalkit("rubric", "import", tmp_path / "n.docx", "--out", file).returncode == 1
    source = [f"source.{key}=示例" for key in ("title", "issuer", "table")]
    evalkit("declare", file, "version=2026", "source.status=in_force", *source)
    for method in methods:
        assert evalkit("declare", file, f"集聚企业.measure={method}").returncode == 0
        checked = evalkit("rubric", "check", file)
        assert (checked.returncode, checked.stderr) == (1, ""), method
