"""Whatever is handed in, the readers take it or say in a line why not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from evalkit.base import yamltext
from evalkit.base.errors import Problem
from evalkit.base.text import Text
from evalkit.drafting.draft import draft_of
from evalkit.drafting.lines import Said, lines_of, scalar
from evalkit.drafting.pasted import tables_in
from tests.support.builders import ROOT
from tests.support.examples import examples
from tests.support.fuzzing import check_draft

CELLS = st.sampled_from(
    [
        "一级指标",
        "二级指标",
        "分值",
        "说明",
        "序号",
        "研发（30分）",
        "投入(个)",
        "10",
        "1.1 产出",
        "定量",
        "注：1.一。",
        "",
    ]
)
TEXTS = st.lists(
    st.lists(CELLS | st.text(max_size=8), max_size=6).map(" | ".join)
    | st.lists(CELLS | st.text(max_size=8), max_size=6).map("\t".join),
    max_size=12,
).map(lambda lines: "\n".join(["| 一级指标 | 二级指标 | 分值 |", *lines]))


@given(TEXTS)
@examples(2)
def test_any_text_gives_drafts_in_which_every_doubt_is_marked(text: str) -> None:
    """Each draft is YAML, and the loader refuses no line of it that is not marked."""
    for grid in tables_in(text):
        draft = draft_of(grid, "draft", Text("某文件"), named=False)
        if draft is not None:
            check_draft(draft.text, {line for line, _key, _remark in draft.pending})


@given(st.text(max_size=40))
@example("待定")
@example("1:30")
@example("- a: b # c")
@example("\xa0")  # found by hypothesis: a blank that YAML does not count as one
@example("一\u2028二\x85三\ufeff")
@examples(2)
def test_what_is_written_is_read_back(text: str) -> None:
    """Any cell becomes one line of YAML and the same text again; so does any remark."""
    assert len(scalar(text).splitlines()) == 1
    node = {"a": [{"b": Said(text, Text("{x}", {"x": text})), "c": Said(None, Text("x"))}]}
    written = "".join(line.render() + "\n" for line in lines_of(node))
    assert yamltext.parse(written, "").value == {"a": [{"b": text}]}


@given(st.text(max_size=40))
@examples(2)
def test_an_error_is_one_line(value: str) -> None:
    """Found by fuzzing: a quoted value may hold line breaks of all kinds."""
    assert len(Problem(Text("“{value}”", {"value": value})).render().splitlines()) <= 1


def test_the_check_of_drafts_can_fail() -> None:
    """A control: what the loader refuses without a mark is found."""
    with pytest.raises(AssertionError, match=r"not marked: \{1\}"):
        check_draft("format: evalkit-rubric/1\n", {2})


def fuzz(seconds: float, seed: int, folder: Path) -> str:
    """Run `tests.support.fuzzing` in a process of its own; what it prints."""
    command = [sys.executable, "-m", "tests.support.fuzzing", str(seconds), str(seed), str(folder)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    print(run.stdout, run.stderr)
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-4000:]
    return run.stdout


@pytest.mark.processes
def test_mutated_files_a_sample(tmp_path: Path) -> None:
    """The trial below, for five seconds."""
    assert "0 finds" in fuzz(5, 1, tmp_path)


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_mutated_files(tmp_path: Path) -> None:
    """Rubrics, panels, texts and Word files, mutated and enormous, in 512 MB of address space."""
    seconds = float(os.environ.get("EVALKIT_FUZZ_SECONDS", "600"))
    said = fuzz(seconds, int.from_bytes(os.urandom(4)), tmp_path)
    assert "0 finds" in said
    assert all(f"{name} taken" in said for name in ("rubric", "panel", "text", "xml"))
