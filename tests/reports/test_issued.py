"""Issued is issued: what lies there of a locked round stays, unless a person says why not."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from evalkit.engine import pool
from evalkit.reports import journal
from evalkit.round import Round
from tests.support import bags
from tests.support.command import evalkit
from tests.support.folders import content

pytestmark = pytest.mark.processes


@pytest.fixture(autouse=True, scope="module")
def _zygote() -> Iterator[None]:
    """One for all of these tests; starting it takes longer than their reports."""
    yield
    pool.close()


@pytest.fixture(name="original", scope="module")
def _original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a locked round with its reports, to be copied only."""
    folder = tmp_path_factory.mktemp("issued") / "files"
    bags.issued(folder, "applicant").log.close()
    return folder


@pytest.fixture(name="issued")
def _issued(original: Path, tmp_path: Path) -> Iterator[Round]:
    """A copy of a test's own."""
    copy = shutil.copytree(original, tmp_path / "files")
    with Round.open(copy / "round", bags.ticking()) as workspace:
        yield workspace


def out_of(issued: Round) -> Path:
    """The folder of the reports."""
    return issued.folder.parent / "applicant"


def test_what_was_issued_is_left_alone(issued: Round) -> None:
    """Asked again, nothing is made."""
    before = content(out_of(issued))
    again = issued.report(out_of(issued))
    assert (again.made, again.kept, again.failures) == (0, 4, [])
    assert content(out_of(issued)) == before


@pytest.mark.parametrize("name", ["A.html", "A.ipynb"])
def test_a_page_that_was_altered_is_named_and_kept(issued: Round, name: str) -> None:
    """It may be evidence; nobody repairs it in silence."""
    (out_of(issued) / name).write_text("altered", "utf-8")
    before = content(out_of(issued))
    done = evalkit("report", issued.folder, "--out", out_of(issued))
    assert done.returncode == 1
    said = done.stderr.replace("\n", "")
    assert f"与出具时登记的不同，没有动它：{name}" in said
    assert "evalkit verify" in said
    assert content(out_of(issued)) == before


def test_a_page_that_is_gone_is_named(issued: Round) -> None:
    """And not made anew as if nothing had been."""
    (out_of(issued) / "A.html").unlink()
    again = issued.report(out_of(issued))
    assert (again.made, again.kept, len(again.failures)) == (0, 3, 1)
    assert not (out_of(issued) / "A.html").exists()


def test_another_program_issues_elsewhere(
    issued: Round, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A new version does not write over what the old one issued, and says where to go."""
    before = content(out_of(issued))
    monkeypatch.setattr(journal, "program", lambda: "another version")
    done = evalkit("report", issued.folder, "--out", out_of(issued))
    assert done.returncode == 1
    said = done.stderr.replace("\n", "")
    assert "已经由另一版本的程序或模板出具，没有重做：A、B、C、D" in said
    assert "--reissue" in said
    assert content(out_of(issued)) == before
    elsewhere = issued.report(tmp_path / "elsewhere")
    assert (elsewhere.made, elsewhere.failures) == (4, [])


def test_a_person_says_why_and_it_stays_on_record(issued: Round) -> None:
    """What was there before, when and why; also after later runs."""
    out = out_of(issued)
    page = (out / "A.html").read_bytes()
    (out / "A.html").write_text("altered", "utf-8")
    done = evalkit("report", issued.folder, "--out", out, "--reissue", "原页面损坏")
    assert done.returncode == 0, done.stderr
    assert (out / "A.html").read_bytes() == page
    lines = [json.loads(line) for line in (out / "reports.jsonl").read_bytes().splitlines()]
    (one,) = [line for line in lines if "reason" in line]
    assert (one["id"], one["reason"]) == ("A", "原页面损坏")
    issued.report(out)
    assert one in [json.loads(line) for line in (out / "reports.jsonl").read_bytes().splitlines()]
    said = evalkit("verify", out).stdout.replace("\n", "")
    assert "A 的报告重新出具过" in said
    assert "原页面损坏" in said


def test_a_page_that_nobody_noted_is_not_written_over(tmp_path: Path) -> None:
    """Whose it is is not known here."""
    with bags.issued(tmp_path / "files") as workspace:
        out = tmp_path / "files" / "applicant"
        out.mkdir()
        (out / "A.html").write_text("mine", "utf-8")
        made = workspace.report(out)
    assert (made.made, len(made.failures)) == (3, 1)
    assert (out / "A.html").read_text("utf-8") == "mine"
    assert "A.html 没有登记过" in made.failures[0].render()


def test_before_the_lock_pages_follow_the_scores(tmp_path: Path) -> None:
    """A trial is no issue: it is made anew as often as scores change."""
    files = tmp_path / "files"
    with bags.issued(files, lock=False) as workspace:
        assert workspace.report(files / "trial", trial=True).made == 4
        (files / "trial" / "A.html").write_text("altered", "utf-8")
        again = workspace.report(files / "trial", trial=True)
    assert (again.made, again.kept, again.failures) == (1, 3, [])
