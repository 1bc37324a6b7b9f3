"""Papers that were given out after a lock: they stay, unless a person says why not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evalkit.base.digests import sha256_of_file
from evalkit.engine import pool
from evalkit.reports import papers, produce
from evalkit.reports.make import Made
from evalkit.round import Round
from tests.support import bags
from tests.support.command import Run, evalkit
from tests.support.folders import content


@pytest.fixture(name="locked")
def _locked(tmp_path: Path) -> Iterator[Round]:
    """A locked round."""
    with bags.issued(tmp_path / "files") as workspace:
        yield workspace


@pytest.fixture(name="out")
def _out(locked: Round) -> Path:
    """A folder in which its minutes were given out."""
    out = locked.folder.parent / "papers"
    assert minutes(locked, out).returncode == 0
    return out


def minutes(round: Round, out: Path, *more: str, lang: str = "") -> Run:
    """The command that gives them out."""
    return evalkit("export", round.folder, "--out", out, "--format", "minutes", *more, lang=lang)


def lines(out: Path) -> list[dict[str, Any]]:
    """What the list says."""
    return [json.loads(line) for line in (out / papers.FILE).read_bytes().splitlines()]


def one_line(text: str) -> str:
    """What was said, wherever the lines end."""
    return text.replace("\n", "")


def test_what_was_given_out_is_noted(locked: Round, out: Path) -> None:
    """By name and digest, with the lock; asked again, nothing is written."""
    root = locked.results().facts.basis.root
    assert lines(out) == [
        {"format": "evalkit-papers/1", "name": "minutes.docx", "panel": locked.panel.id,
         "root": root, "sha256": sha256_of_file(out / "minutes.docx")}
    ]  # fmt: skip
    before = {file: file.stat().st_mtime_ns for file in out.iterdir()}
    assert minutes(locked, out).returncode == 0
    assert {file: file.stat().st_mtime_ns for file in out.iterdir()} == before


def test_other_bytes_go_elsewhere(locked: Round, out: Path, tmp_path: Path) -> None:
    """Here in another language: it says why, and where to go."""
    before = content(out)
    done = minutes(locked, out, lang="en")
    assert (done.returncode, content(out)) == (1, before)
    assert "minutes.docx" in one_line(done.stderr)
    done = minutes(locked, tmp_path / "english", lang="en")
    assert done.returncode == 0
    assert content(out) == before
    (tmp_path / "english" / "minutes.docx").replace(out / "minutes.docx")
    said = one_line(minutes(locked, out).stderr)
    assert "与出具时登记的不同，或不见了，没有动它" in said
    assert "evalkit verify" in said


def test_a_person_says_why_and_it_stays_on_record(locked: Round, out: Path) -> None:
    """What was there before, when and why."""
    first = sha256_of_file(out / "minutes.docx")
    refused = one_line(minutes(locked, out, lang="en").stderr)
    assert "--reissue" in refused
    assert minutes(locked, out, "--reissue", "另需英文本", lang="en").returncode == 0
    _given, again, now = lines(out)
    assert (again["sha256"], again["reason"]) == (first, "另需英文本")
    assert now["sha256"] == sha256_of_file(out / "minutes.docx") != first
    said = one_line(evalkit("verify", out).stdout)
    assert "minutes.docx 重新出具过" in said
    assert "另需英文本" in said
    assert "1 份文件与出具时登记的摘要值逐字节相符：minutes.docx" in said


def test_a_paper_that_was_altered_is_named_and_kept(locked: Round, out: Path) -> None:
    """By whoever verifies the folder, the round beside it, or archives it."""
    (out / "minutes.docx").write_bytes(b"altered")
    before = content(out)
    for folder in (out, locked.folder):
        done = evalkit("verify", folder)
        assert done.returncode == 1
        assert "minutes.docx 与出具时登记的摘要值不符" in one_line(done.stdout)
    assert minutes(locked, out).returncode == 1
    assert content(out) == before
    done = evalkit("archive", locked.folder, "--out", out.parent / "bag", "--papers", out)
    assert done.returncode == 1
    assert "minutes.docx 与出具时登记的摘要值不符" in one_line(done.stderr)
    assert not (out.parent / "bag").exists()


def test_a_paper_that_is_gone_is_put_back(locked: Round, out: Path) -> None:
    """With the bytes that it had; those who verify are told that it is not there."""
    before = content(out)
    (out / "minutes.docx").unlink()
    found = evalkit("verify", out)
    assert found.returncode == 0
    assert "不在这个文件夹里的：minutes.docx" in one_line(found.stdout)
    assert minutes(locked, out, lang="en").returncode == 1
    assert minutes(locked, out).returncode == 0
    assert content(out) == before


def test_what_nobody_noted_is_not_written_over(locked: Round, tmp_path: Path) -> None:
    """Whose it is is not known here."""
    (tmp_path / "minutes.docx").write_bytes(b"mine")
    done = minutes(locked, tmp_path)
    assert done.returncode == 1
    assert "没有登记过" in one_line(done.stderr)
    assert (tmp_path / "minutes.docx").read_bytes() == b"mine"


def test_a_trial_writes_over_nothing_that_was_given_out(locked: Round, out: Path) -> None:
    """Whatever reason is given; elsewhere it follows the scores."""
    before = content(out)
    for more in ((), ("--reissue", "试算")):
        done = minutes(locked, out, "--trial", *more)
        assert done.returncode == 1
        assert "请写到另一个文件夹" in one_line(done.stderr)
        assert content(out) == before


def test_before_the_lock_papers_follow_the_scores(tmp_path: Path) -> None:
    """And are on no list."""
    with bags.issued(tmp_path / "files", lock=False) as workspace:
        for lang in ("", "en"):
            assert minutes(workspace, tmp_path / "out", "--trial", lang=lang).returncode == 0
    assert {file.name for file in (tmp_path / "out").iterdir()} == {"minutes.docx"}


@pytest.mark.parametrize("harm", ["{", '{"format": "evalkit-papers/1"}', "[]", "\x00"])
def test_a_list_that_was_changed_is_named(out: Path, harm: str) -> None:
    """Line by line."""
    with (out / papers.FILE).open("a", encoding="utf-8") as file:
        file.write(harm + "\n")
    assert "papers.jsonl 第 2 行读不懂，被改过" in one_line(evalkit("verify", out).stdout)


def test_the_summary_stays_even_where_its_notebook_fails(
    locked: Round, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As any paper; the page that was given out is not removed."""
    out = tmp_path / "summary"
    assert evalkit("summary", locked.folder, "--out", out).returncode == 0
    pool.close()
    assert [line["name"] for line in lines(out)] == ["summary.ipynb", "summary.html"]
    before = content(out)
    for made, said in (
        (Made(b"{}", b"<p>another"), "已经出具，现在做出的与它不同"),
        (Made(b"{}", None, "Error: none"), "已经出具的没有动"),
    ):
        monkeypatch.setattr(produce, "make", lambda *_given, made=made: made)
        done = evalkit("summary", locked.folder, "--out", out)
        assert (done.returncode, content(out)) == (1, before)
        assert said in one_line(done.stderr)
    monkeypatch.setattr(produce, "make", lambda *_given: Made(b"{}", b"<p>another"))
    done = evalkit("summary", locked.folder, "--out", out, "--reissue", "换了模板")
    assert done.returncode == 0, done.stderr
    assert (out / "summary.html").read_bytes() == b"<p>another"
    assert [line["reason"] for line in lines(out) if "reason" in line] == ["换了模板"] * 2
