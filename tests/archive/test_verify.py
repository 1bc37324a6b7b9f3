"""One question for whatever lies there: is it as it was? Nothing is written to answer it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from evalkit.archive import signature
from evalkit.archive.rerun import rerun
from evalkit.archive.verify import verify
from evalkit.base.errors import InputError
from tests.support import bags
from tests.support.alterations import another_key, dated, signed
from tests.support.bags import copied, put
from tests.support.command import evalkit
from tests.support.folders import content


@pytest.fixture(name="files")
def _files(small: Path, tmp_path: Path) -> Path:
    """A copy of the small round and its reports."""
    shutil.copytree(small, tmp_path / "files")
    return tmp_path / "files"


def said(texts: tuple) -> str:
    """All of the texts."""
    return "\n".join(text.render() for text in texts)


def test_a_folder_of_reports(files: Path) -> None:
    """Each page and notebook against the record of what was issued."""
    found = verify(files / "applicant")
    assert found.ok
    assert "4 份报告与出具时登记的摘要值逐字节相符（给参评对象）" in said(found.holds)
    assert "这里只核对了没有改过" in said(found.unknown)


HARM = {
    "a page changed": (
        lambda folder: (folder / "A.html").write_text("<p>"),
        "A.html：A 的报告页面与出具时登记的摘要值不符，出具之后被改过",
    ),
    "a notebook gone": (
        lambda folder: (folder / "B.ipynb").unlink(),
        "B.ipynb：B 的报告笔记本不见了",
    ),
    "a page more": (
        lambda folder: (folder / "Z.html").write_text("<p>"),
        "Z.html：不在 reports.jsonl 登记的报告之中",
    ),
    "a line garbled": (
        lambda folder: (folder / "reports.jsonl").write_text(
            (folder / "reports.jsonl").read_text("utf-8") + "{\n", "utf-8"
        ),
        "reports.jsonl 第 6 行读不懂，被改过",
    ),
    "no head": (
        lambda folder: (folder / "reports.jsonl").write_text(""),
        "reports.jsonl 没有写明是哪一轮的报告",
    ),
}


@pytest.mark.parametrize("what", HARM)
def test_reports_that_were_harmed(files: Path, what: str) -> None:
    """Named, and left as they are."""
    harm, sentence = HARM[what]
    harm(files / "applicant")
    before = content(files / "applicant")
    assert sentence in said(verify(files / "applicant").wrong)
    done = evalkit("verify", files / "applicant")
    assert done.returncode == 1
    assert done.stdout.startswith("有问题的")
    assert content(files / "applicant") == before


def test_a_round_and_the_reports_beside_it(files: Path) -> None:
    """The record first, then each folder of reports by its place."""
    found = verify(files / "round")
    assert found.ok
    for sentence in (
        *("条条前后相接，内容与哈希相符", "锁定时登记的根哈希与锁定前的全部记录相符"),
        *("applicant：4 份报告与", "internal：4 份报告与"),
    ):
        assert sentence in said(found.holds)
    (files / "internal" / "A.html").write_text("<p>")
    assert "internal：A.html：A 的报告页面" in said(verify(files / "round").wrong)


def test_the_status_of_a_round_says_that_its_chains_hold(files: Path) -> None:
    """Or which does not."""
    assert "各人的哈希链相符" in evalkit("panel", "status", files / "round").stdout


def test_damage_ends_in_what_to_do(small_bag: Path, tmp_path: Path) -> None:
    """Not to use it; a signature of the lists is no praise for a file that no longer fits them, and
    a blank in the panel's file is not said to be both changed and as it was.
    """
    bag = copied(small_bag, tmp_path / "bag")
    put(bag / "data/round/panel.yaml", (bag / "data/round/panel.yaml").read_bytes() + b"\n")
    done = evalkit("verify", bag)
    assert done.returncode == 1
    assert "panel.yaml（评审组和规则）与清单不符：存档之后改过" in done.stdout
    assert "评审组文件和指标体系的内容与登记的摘要值相符" in done.stdout
    assert "签名相符" not in done.stdout
    assert "签的是清单；上面所列的文件已经与签过的清单不符" in done.stdout
    last = done.stdout.splitlines()[-1]
    assert last.startswith("不要用这一份答复；取另一处保管的复制件核对")


LEFT_BEHIND = (".DS_Store", "._.DS_Store", "._bagit.txt", "Thumbs.db", "desktop.ini")


def test_what_a_computer_leaves_behind_is_harmless(small_bag: Path, tmp_path: Path) -> None:
    """Named wherever it lies, with an exit status, and with nothing else said of it."""
    bag = copied(small_bag, tmp_path / "bag")
    folders = [bag, *sorted(place for place in bag.rglob("*") if place.is_dir())]
    for name in LEFT_BEHIND:
        for folder in folders:
            (folder / name).write_bytes(b"x")
    found = verify(bag)
    assert found.wrong == found.harmless
    assert len(found.wrong) == len(LEFT_BEHIND) * len(folders)
    assert "data/reports/.DS_Store 不是档案里的" in said(found.wrong)
    assert "签名相符" in said(found.holds)
    assert "齐全，逐字节与清单相符" in said(found.holds)
    assert "没有多出来的" not in said(found.holds)
    assert rerun(bag, "A").identical
    done = evalkit("verify", bag)
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1].startswith("其余能核对的都相符；删去")
    for file in bag.rglob("*"):
        if file.name in LEFT_BEHIND:
            file.unlink()
    assert verify(bag).ok


def test_a_folder_that_is_none_of_these(tmp_path: Path) -> None:
    """It says what can be verified."""
    with pytest.raises(InputError, match="既不是档案，也不是评审工作文件夹或报告文件夹"):
        verify(tmp_path)


def test_another_root_than_that_on_the_minutes(small_bag: Path) -> None:
    """What others keep of the record is held against a bag as well."""
    assert verify(small_bag, root="0" * 64).wrong != ()


def test_signers_that_do_not_come_from_the_bag(small_bag: Path, tmp_path: Path) -> None:
    """A list of one's own says whose the key is, and a key that it does not have is found."""
    own = tmp_path / "allowed"
    shutil.copyfile(small_bag / "allowed_signers", own)
    found = verify(small_bag, signers=own)
    assert found.ok
    assert "请与签名人另行公布的核对" not in said(found.unknown)
    other = signature.signer(bags.key(tmp_path / "keys", "other"), "secretary@round")
    own.write_text(other.line(), "utf-8")
    assert "不在签名人名单 allowed 中" in said(verify(small_bag, signers=own).wrong)


def test_a_key_that_expired_since(small_bag: Path, tmp_path: Path) -> None:
    """It was valid on the day that the bag names; that nobody else says so is said."""
    bag = copied(small_bag, tmp_path / "bag")
    dated('valid-before="20260601"')(bag)
    found = verify(bag)
    assert found.wrong == ()
    assert "这把密钥现在已经过期；它在档案写明的日期 2026-01-20 还有效" in said(found.unknown)


def test_without_openssh_the_signature_is_left_open(
    small_bag: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not called right."""
    monkeypatch.setattr(signature.shutil, "which", lambda _name: None)
    found = verify(small_bag)
    assert found.wrong == ()
    assert "有签名，但这里没有 ssh-keygen，核对不了" in said(found.unknown)
    assert "签名相符" not in said(found.holds)


def test_a_signature_for_another_purpose(small_bag: Path, tmp_path: Path) -> None:
    """A key may be listed for one thing and not for another."""
    bag = copied(small_bag, tmp_path / "bag")
    signed(bag, another_key(bag), "file")
    assert "签名与 tagmanifest-sha256.txt 不符" in said(verify(bag).wrong)


def test_a_bag_of_a_later_evalkit(small_bag: Path, tmp_path: Path) -> None:
    """Its manifests are checked; what it holds is for a later version to say."""
    bag = copied(small_bag, tmp_path / "bag")
    about = (bag / "data/archive.json").read_text("utf-8")
    put(bag / "data/archive.json", about.replace("evalkit-archive/1", "evalkit-archive/2"))
    bags.resealed(bag)
    found = verify(bag)
    assert "齐全，逐字节与清单相符" in said(found.holds)
    assert "evalkit-archive/2 这个版本的 evalkit 不认得" in said(found.unknown)
