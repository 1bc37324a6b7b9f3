"""What is not archived, and why; nothing is left behind then."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evalkit.archive.placing import staging_of, whole
from evalkit.archive.write import archive_round
from evalkit.base.errors import EvalkitError, InputError, Refused
from evalkit.round import Round
from tests.support.builders import write
from tests.support.locked import panel, rubric
from tests.support.tampering import unguarded


@pytest.fixture(name="files")
def _files(small: Path, tmp_path: Path) -> Path:
    """A copy of the small round and its reports."""
    shutil.copytree(small, tmp_path / "files")
    return tmp_path / "files"


def refused(files: Path, **options: Any) -> str:
    """What is said when the round is not archived; nothing is there afterwards."""
    before = sorted(files.parent.rglob("*"))
    with Round.open(files / "round") as workspace, pytest.raises(EvalkitError) as error:
        archive_round(workspace, files.parent / "bag", **options)
    assert sorted(files.parent.rglob("*")) == before
    return error.value.render()


def score_changed(files: Path) -> None:
    """Behind the guards of the log."""
    with unguarded(files / "round") as db:
        db.execute("UPDATE event SET applicant = 'D' WHERE author = 'e1' AND seq = 1")


def second_folder(files: Path) -> None:
    """The same reports twice."""
    shutil.copytree(files / "applicant", files / "again")


def two_papers(files: Path) -> None:
    """Of one name."""
    for name in ("one", "two"):
        (files / name).mkdir()
        (files / name / "minutes.txt").write_text(name, "utf-8")


def linked_paper(files: Path) -> None:
    """What lies elsewhere may be another thing tomorrow."""
    (files / "one").mkdir()
    (files / "one" / "link").symlink_to(files / "round")


NOTHING: Callable[[Path], object] = lambda _files: None  # noqa: E731

REFUSED: dict[str, tuple[Callable[[Path], object], dict[str, Any], str]] = {
    "a score that was changed": (
        score_changed,
        {},
        "e1 的第 1 条记录（score D i1）：内容与它的哈希不符",
    ),
    "a page that was changed": (
        lambda files: (files / "internal/A.html").write_text("<p>"),
        {},
        "A.html：A 的报告页面与出具时登记的摘要值不符",
    ),
    "reports that are there twice": (second_folder, {}, "是同一种报告，请用 --reports 指明"),
    "a folder without reports": (NOTHING, {"reports": ["round"]}, "这里没有这一次锁定的报告"),
    "papers that are not there": (NOTHING, {"papers": ["none.pdf"]}, "没有这个文件或文件夹"),
    "two papers of one name": (
        two_papers,
        {"papers": ["one", "two"]},
        "有两份文件都叫 minutes.txt",
    ),
    "a paper that is a link": (
        linked_paper,
        {"papers": ["one"]},
        "是一个链接，请换成文件本身",
    ),
    "a key that is not there": (NOTHING, {"key": "none"}, "没有这个密钥文件"),
    "a key that is none": (
        lambda files: (files / "key").write_text("no key"),
        {"key": "key"},
        "ssh-keygen 不能用这个密钥",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_archived(files: Path, what: str) -> None:
    """Named, with the remedy."""
    prepare, given, said = REFUSED[what]
    prepare(files)
    places = {
        name: [files / one for one in value] if isinstance(value, list) else files / value
        for name, value in given.items()
    }
    assert said in refused(files, **places)


def test_a_signer_is_one_word(files: Path, key: Path) -> None:
    """OpenSSH's list has a line for each."""
    assert "须是一个词" in refused(files, key=key, signer="张 三")


def test_a_round_is_archived_after_its_lock(tmp_path: Path) -> None:
    """Before, there is more to come."""
    files = tmp_path / "files"
    files.mkdir()
    Round.create(files / "round", write(files, rubric(), panel())).log.close()
    assert "锁定之后才能存档" in refused(files)


def test_what_is_there_stays(files: Path) -> None:
    """An archive is never written over."""
    out = files.parent / "bag"
    out.mkdir()
    (out / "note").write_text("mine")
    with Round.open(files / "round") as workspace, pytest.raises(InputError, match="已经存在"):
        archive_round(workspace, out)
    assert [one.name for one in out.iterdir()] == ["note"]


def test_two_do_not_make_one_folder(tmp_path: Path) -> None:
    """The second is told; the first goes on."""
    out = tmp_path / "bag"
    with whole(out) as staging:
        (staging / "file").write_text("first")
        with pytest.raises(Refused, match="另一个进程正在做这个档案"), whole(out):
            pass
        assert (staging / "file").exists()
    assert (out / "file").read_text() == "first"


def test_what_an_interrupted_attempt_left_goes(tmp_path: Path) -> None:
    """Links in it are not followed."""
    out, mine = tmp_path / "bag", tmp_path / "mine"
    mine.mkdir()
    (mine / "file").write_text("mine")
    staging_of(out).mkdir()
    (staging_of(out) / "link").symlink_to(mine)
    with whole(out) as staging:
        (staging / "new").write_text("new")
    assert [one.name for one in out.iterdir()] == ["new"]
    assert (mine / "file").exists()


def test_a_round_that_replaced_another_has_it_inside(tmp_path: Path) -> None:
    """With the text of its log, and both are verified."""
    from evalkit.archive.verify import verify
    from evalkit.succession import succeed
    from tests.support.bags import resealed
    from tests.support.locked import locked, submit, upheld

    with locked(tmp_path / "files") as old:
        new = succeed(old, tmp_path / "new", upheld(sheets=["e3:C"]))
    new.append(submit("e3", "C"))
    new.lock()
    with new:
        archive_round(new, tmp_path / "bag")
    before = tmp_path / "bag/data/round/predecessor"
    assert json.loads((before / "log.jsonl").read_text("utf-8").splitlines()[-1])["kind"] == "lock"
    about = json.loads((tmp_path / "bag/data/archive.json").read_bytes())
    assert about["supersedes"]["root"] != about["root"]
    found = verify(tmp_path / "bag")
    assert found.wrong == ()
    assert any("前一轮（predecessor）" in text.render() for text in found.holds)
    text = before / "log.jsonl"
    text.write_text(text.read_text("utf-8").replace('"points":"9"', '"points":"8"', 1), "utf-8")
    resealed(tmp_path / "bag")
    wrong = [text.render() for text in verify(tmp_path / "bag").wrong]
    assert wrong == ["round/predecessor/log.jsonl 与评分日志不是一回事：改过，或不见了"]
