"""Both results of a case beside each other, before anything is decided."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest

from tests.support.appeals import amend, case_of
from tests.support.command import evalkit
from tests.support.locked import locked

pytestmark = pytest.mark.processes

MARK = "试算，不作为正式结果"


@pytest.fixture(name="case")
def _case(tmp_path: Path) -> Path:
    """A case that was taken up."""
    with locked(tmp_path / "files") as old:
        case_of(old.folder, tmp_path / "case")
    return tmp_path / "case"


def test_nothing_reopened_is_nothing_to_compare(case: Path) -> None:
    """It is said, not which file is not there."""
    done = evalkit("appeal", "compare", case)
    assert (done.returncode, "没有重开任何内容，没有可对照的" in done.stderr) == (1, True)
    assert "sqlite" not in done.stderr


def test_a_trial_says_so_everywhere(case: Path, tmp_path: Path) -> None:
    """On the screen above and below, on paper under the title and at the foot of each page; and
    nobody says that anything was decided.
    """
    assert amend(case, "--recuse", "e3:C").returncode == 0
    paper = tmp_path / "trial.docx"
    done = evalkit("appeal", "compare", case, "--trial", "--out", paper)
    first, *_rest, last, written = done.stdout.splitlines()
    assert (first, last) == (MARK, MARK)
    assert "trial.docx" in written
    document = docx.Document(str(paper))
    texts = [p.text for p in document.paragraphs]
    assert MARK in texts[1]
    section = document.sections[0]
    assert MARK in section.footer.paragraphs[0].text
    if document.settings.odd_and_even_pages_header_footer:
        assert MARK in section.even_page_footer.paragraphs[0].text
    assert "异议：第1号。经领导小组查实，重开有关内容。" in "".join(texts)
    assert not [text for text in texts if "异议成立" in text or "决定" in text]


def test_what_is_locked_is_no_trial(case: Path, tmp_path: Path) -> None:
    """Nothing of it is marked."""
    assert amend(case, "--recuse", "e3:C").returncode == 0
    assert evalkit("panel", "lock", case / "round", "--yes").returncode == 0
    paper = tmp_path / "locked.docx"
    done = evalkit("appeal", "compare", case, "--out", paper)
    document = docx.Document(str(paper))
    texts = [p.text for p in (*document.paragraphs, *document.sections[0].footer.paragraphs)]
    assert MARK not in "".join([done.stdout, *texts])


def test_a_report_says_once_what_it_takes_the_place_of(case: Path, tmp_path: Path) -> None:
    """At its head, not above every part of it."""
    assert amend(case, "--recuse", "e3:C").returncode == 0
    assert evalkit("panel", "lock", case / "round", "--yes").returncode == 0
    done = evalkit("report", case / "round", "--applicant", "D", "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "out" / "D.html").read_text("utf-8")
    assert page.count("复核后的结果，取代原结果（摘要值") == 1
