"""The panel's opinion on an applicant: by whom, when, and who reads it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evalkit.base import canonical
from evalkit.base.errors import EvalkitError
from evalkit.disclosure import Views
from evalkit.evaluation import evaluate
from evalkit.log.events import Entry
from evalkit.pages import applicant
from evalkit.record.opinion import MOST
from evalkit.round import Round
from tests.support.builders import demo, panel_data, rubric_data, write
from tests.support.command import evalkit


def make(folder: Path) -> Round:
    """A round of two experts, the first of them its chair, and two applicants."""
    folder.mkdir()
    applicants = [{"id": "A", "name": "甲", "lead": "某"}, {"id": "B", "name": "乙", "lead": "某"}]
    panel = write(folder, rubric_data((10, 5)), panel_data(2, applicants))
    return Round.create(folder / "round", panel)


def opinion(author: str = "secretary", *, id: str = "1", **more: Any) -> Entry:
    """An opinion on A."""
    given = {"applicant": "A", "payload": {"text": "同意推荐"}, **more}
    return Entry(author=author, event_id=id, kind="opinion", **given)


def test_the_last_opinion_holds(tmp_path: Path) -> None:
    """By the chair or the secretary; the earlier one stays in the log."""
    with make(tmp_path / "files") as workspace:
        workspace.append(opinion("e1"))
        workspace.record_opinion("A", " 同意推荐，数据基础还要加强。\n")
        assert workspace.opinions() == {"A": "同意推荐，数据基础还要加强。"}
        assert [e.kind for e in workspace.history().events] == ["opinion", "opinion"]
        assert workspace.facts().to_frame().empty


WRONG = [
    (opinion("e2"), "组长或评审秘书"),
    (opinion(applicant="Z"), "没有评审对象 Z"),
    (opinion(payload={"text": "  "}), "请写明专家组"),
    (opinion(payload={"text": "长" * (MOST + 1)}), "文字超过 4000 字"),
    (opinion(payload={"text": "坏\x00"}), "第 2 个字符"),
    (opinion(payload={"points": "1"}), "text"),
    (opinion(indicator="i1"), "text"),
]


@pytest.mark.parametrize(("entry", "said"), WRONG)
def test_what_is_no_opinion_is_refused(tmp_path: Path, entry: Entry, said: str) -> None:
    """With the reason, and nothing stored."""
    with make(tmp_path / "files") as workspace:
        with pytest.raises(EvalkitError, match=said):
            workspace.append(entry)
        assert not workspace.history().events


def test_the_applicant_and_those_who_run_the_round_read_it() -> None:
    """Not the public, and not another applicant; the digest is that of the results alone."""
    results = evaluate(*demo())
    views = Views(results, opinions={"c11": "同意推荐"})
    for level, seen in (("internal", True), ("applicant", True), ("public", False)):
        text = canonical.dumps(views.report("c11", level))  # type: ignore[arg-type]
        assert ("同意推荐" in text) == seen
        page = applicant.outcome(applicant.read(text)).html
        assert ("专家组意见：同意推荐" in page) == seen
    assert "同意推荐" not in canonical.dumps(views.report("c05"))
    assert views.minutes()["digest"] == results.digest


def test_by_command(tmp_path: Path) -> None:
    """Recorded from text or file, listed, and refused with a line where something is missing."""
    make(tmp_path / "files").log.close()
    folder = tmp_path / "files" / "round"
    (tmp_path / "words.txt").write_text("\ufeff同意推荐", "utf-8")
    run = evalkit("panel", "opinion", folder, "--applicant", "A", "--file", tmp_path / "words.txt")
    assert run.returncode == 0, run.stderr
    listed = evalkit("panel", "opinion", folder)
    assert listed.stdout.splitlines() == ["甲（A）：同意推荐", "乙（B）：尚未登记意见"]
    for arguments in (("--applicant", "A"), ("--text", "好")):
        wrong = evalkit("panel", "opinion", folder, *arguments)
        assert wrong.returncode == 2
        assert "--applicant" in wrong.stderr
    with Round.open(folder) as workspace:
        assert workspace.opinions() == {"A": "同意推荐"}
